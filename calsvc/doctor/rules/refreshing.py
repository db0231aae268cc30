"""How often a calendar is fetched, and how much of it there is."""

from collections.abc import Iterator
from datetime import timedelta

from calsvc.doctor.clients import STRICT, Client, Effect, Shows
from calsvc.doctor.documents import Document, Property, time_of
from calsvc.doctor.examples import CALENDAR, OTHER_VEVENT, VEVENT, Example, Frame, whole, with_lines
from calsvc.doctor.findings import Find, Found, Rule, Severity, at
from calsvc.importers.ics import moments
from calsvc.translations import N_

INTERVALS = ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")
DAY = timedelta(days=1)
SELDOM = DAY
OFTEN = timedelta(minutes=30)  # as often as Outlook looks by itself
MEGABYTE = 1_000_000  # octets that Google reads
NEARLY = 900_000
MANY = 1_111  # entries, behind which some were missing in Google
OLD = 2  # years before the last entry
FEW = 10  # entries that are no history
TWO = VEVENT + OTHER_VEVENT
SLOW = Effect(Client.NEXTCLOUD, N_("looks for changes once a week"), Shows.STALE)
CUT = Effect(Client.GOOGLE, N_("leaves entries out"), Shows.MISSING)


def _intervals(document: Document) -> Iterator[tuple[Property, timedelta | None]]:
    """Yield the intervals of calendars, each with its length; None for what is none."""
    for calendar in document.vcalendars:
        for each in calendar.each(*INTERVALS):
            length = moments.duration(each.value)
            yield each, length.usual if length and length.usual > timedelta(0) else None


def _without_interval(document: Document) -> Iterator[Found]:
    if document.is_feed:
        for calendar in document.vcalendars:
            if calendar.end and not any(calendar.first(name) for name in INTERVALS):
                yield Found(calendar.line)


def _is_colon_form(each: Property) -> bool:
    is_interval = each.name == "REFRESH-INTERVAL"
    return is_interval and each.value.strip().upper().startswith("VALUE=")


def _colon_form(document: Document) -> Iterator[Found]:
    return (at(each) for each, _ in _intervals(document) if _is_colon_form(each))


def _unusable(name: str, *, is_nothing: bool | None = None) -> Find:
    """Return what finds the intervals of a name that are none.

    With ``is_nothing`` only those that are a length, of no time or less, or only all others.
    """

    def find(document: Document) -> Iterator[Found]:
        for each, length in _intervals(document):
            if each.name == name and length is None and not _is_colon_form(each):
                if is_nothing in {None, _is_nothing(each)}:
                    yield at(each)

    return find


def _is_nothing(each: Property) -> bool:
    value = each.value.strip().upper().lstrip("+-")
    return value in {"P", "PT"} or moments.duration(value) is not None


def _untyped(document: Document) -> Iterator[Found]:
    for each, length in _intervals(document):
        is_typed = each.parameters.get("VALUE", "").upper() == "DURATION"
        if length and each.name == "REFRESH-INTERVAL" and not is_typed:
            yield at(each)


def _seldom(name: str) -> Find:
    """Return what finds the intervals of a name that are a day or more."""

    def find(document: Document) -> Iterator[Found]:
        for each, length in _intervals(document):
            if each.name == name and length and length >= SELDOM:
                yield at(each)

    return find


def _held_back(document: Document) -> Iterator[Found]:
    for each, length in _intervals(document):
        if length and OFTEN < length < SELDOM and each.name == "X-PUBLISHED-TTL":
            yield at(each)


def _of_size(least: int, most: float) -> Find:
    """Return what finds calendars of so many octets, without the most."""

    def find(document: Document) -> Iterator[Found]:
        octets = len(document.octets)
        if document.calendars and least <= octets < most:
            yield Found(0, str(octets))

    return find


def _many(document: Document) -> Iterator[Found]:
    if len(document.entries) > MANY and len(document.octets) < NEARLY:
        yield Found(0, str(len(document.entries)))


def _history(document: Document) -> Iterator[Found]:
    years = [
        time.year
        for each in document.entries
        if not each.one("RRULE") and (time := time_of(each.one("DTSTART")))
    ]
    last = max(years, default=0)
    old = sum(year < last - OLD for year in years)
    if old >= FEW and old > len(document.entries) / 2:
        yield Found(0, str(old))


def _past(year: int, number: int) -> str:
    """Return one of many entries, of a year."""
    return VEVENT.replace("2e01", f"{number:04}").replace("20270615", f"{year}06{number + 1:02}")


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "no-refresh-interval",
        Severity.WARNING,
        N_("The calendar does not say how often to look for changes."),
        N_("Programs that go by what the calendar says look as seldom as they please."),
        (SLOW,),
        "RFC 7986, 5.7; nextcloud/calendar#2146, nextcloud/server#46171",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION:PT15M and X-PUBLISHED-TTL:PT15M."),
        _without_interval,
        Example(
            Frame.FILE,
            fails=whole(with_lines(CALENDAR, "-REFRESH-INTERVAL\n-X-PUBLISHED-TTL"), TWO),
            holds=whole(body=TWO),
        ),
    ),
    Rule(
        "interval-with-colon",
        Severity.ERROR,
        N_("{value} has a colon where a semicolon belongs."),
        N_("All behind the first colon is the value, and this one is no length of time."),
        (STRICT, SLOW),
        "RFC 5545, 3.1; RFC 7986, 5.7; home-assistant/core#178736",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION:PT15M."),
        _colon_form,
        Example(
            Frame.CALENDAR,
            fails="REFRESH-INTERVAL:VALUE=DURATION:PT1H",
            holds="REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        ),
    ),
    Rule(
        "interval-without-length",
        Severity.ERROR,
        N_("{value} is no length of time."),
        N_("Hours and minutes stand behind a T: PT1H, not P1H."),
        (STRICT, SLOW),
        "RFC 5545, 3.3.6; help.nextcloud.com/t/120075; allenporter/ical 14.3.1",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION:PT15M and X-PUBLISHED-TTL:PT15M."),
        _unusable("REFRESH-INTERVAL", is_nothing=False),
        Example(
            Frame.CALENDAR,
            fails="REFRESH-INTERVAL;VALUE=DURATION:P1H",
            holds="REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        ),
    ),
    Rule(
        "interval-of-nothing",
        Severity.WARNING,
        N_("{value} is no time to wait."),
        N_("What is not longer than nothing does not say how often to look."),
        (),
        "RFC 7986, 5.7",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION:PT15M and X-PUBLISHED-TTL:PT15M."),
        _unusable("REFRESH-INTERVAL", is_nothing=True),
        Example(
            Frame.CALENDAR,
            fails="REFRESH-INTERVAL;VALUE=DURATION:PT0S",
            holds="REFRESH-INTERVAL;VALUE=DURATION:PT1S",
        ),
    ),
    Rule(
        "ttl-without-length",
        Severity.WARNING,
        N_("{value} is no length of time to wait."),
        N_("Hours and minutes stand behind a T: PT1H, not P1H."),
        (
            Effect(
                Client.NEXTCLOUD,
                N_("looks for changes once a week, if there is no REFRESH-INTERVAL either"),
                Shows.STALE,
            ),
        ),
        "RFC 5545, 3.3.6; help.nextcloud.com/t/120075, grafana/oncall#1277",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION:PT15M and X-PUBLISHED-TTL:PT15M."),
        _unusable("X-PUBLISHED-TTL"),
        Example(Frame.CALENDAR, fails="X-PUBLISHED-TTL:P1H", holds="X-PUBLISHED-TTL:PT15M"),
    ),
    Rule(
        "untyped-interval",
        Severity.WARNING,
        N_("{value} does not say that it is a length of time."),
        N_("The standard has no default here: VALUE=DURATION must be written."),
        (),
        "RFC 7986, 5.7; ical-org/ical.net#234",
        N_("Write REFRESH-INTERVAL;VALUE=DURATION: and the length."),
        _untyped,
        Example(
            Frame.CALENDAR,
            fails="REFRESH-INTERVAL:PT15M",
            holds="REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        ),
    ),
    Rule(
        "seldom-refreshed",
        Severity.WARNING,
        N_("{value} lets programs look for changes once a day at most."),
        N_("Who looks in between sees what is no longer true."),
        (Effect(Client.NEXTCLOUD, N_("looks no more often than that"), Shows.STALE),),
        "RFC 7986, 5.7; nextcloud/server#45841",
        N_("Write PT15M from the start: Nextcloud keeps the first interval that it sees."),
        _seldom("REFRESH-INTERVAL"),
        Example(
            Frame.CALENDAR,
            fails="REFRESH-INTERVAL;VALUE=DURATION:P1W",
            holds="REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        ),
    ),
    Rule(
        "seldom-published",
        Severity.WARNING,
        N_("{value} lets programs look for changes once a day at most."),
        N_("Who looks in between sees what is no longer true."),
        (
            Effect(Client.OUTLOOK, N_("looks no more often than that"), Shows.STALE),
            Effect(
                Client.NEXTCLOUD,
                N_("looks no more often than that, if there is no REFRESH-INTERVAL"),
                Shows.STALE,
            ),
        ),
        "MS-OXCICAL, X-PUBLISHED-TTL; markuspoerschke/iCal#81",
        N_("Write X-PUBLISHED-TTL:PT15M."),
        _seldom("X-PUBLISHED-TTL"),
        Example(Frame.CALENDAR, fails="X-PUBLISHED-TTL:P1W", holds="X-PUBLISHED-TTL:PT15M"),
    ),
    Rule(
        "interval-over-half-an-hour",
        Severity.NOTE,
        N_("{value} is longer than half an hour."),
        N_("It is the least that passes between two looks, not the most."),
        (
            Effect(
                Client.OUTLOOK,
                N_("looks no more often than that; by itself it would every 30 minutes"),
                Shows.STALE,
            ),
        ),
        "MS-OXCICAL, X-PUBLISHED-TTL; markuspoerschke/iCal#81",
        N_("Write X-PUBLISHED-TTL:PT15M."),
        _held_back,
        Example(Frame.CALENDAR, fails="X-PUBLISHED-TTL:PT1H", holds="X-PUBLISHED-TTL:PT30M"),
    ),
    Rule(
        "over-a-megabyte",
        Severity.ERROR,
        N_("The file has {value} octets, more than a megabyte."),
        N_("What comes after the first megabyte is not read by everybody."),
        (CUT,),
        "roed314/seminars#777, ilios/ilios#1229, ilios/ilios#1345, JM-Lemmi/ical-relay#212,"
        " stephenharris/Event-Organiser#452",
        N_("Leave out what is long over, shorten descriptions, or make several calendars."),
        _of_size(MEGABYTE, float("inf")),
        Example(Frame.ENTRIES, fails="3800", holds="1000"),
    ),
    Rule(
        "near-a-megabyte",
        Severity.WARNING,
        N_("The file has {value} octets, and may soon have more than a megabyte."),
        N_("What comes after the first megabyte is not read by everybody."),
        (CUT,),
        "roed314/seminars#777, ilios/ilios#1229",
        N_("Leave out what is long over, shorten descriptions, or make several calendars."),
        _of_size(NEARLY, MEGABYTE),
        Example(Frame.ENTRIES, fails="3500", holds="1000"),
    ),
    Rule(
        "many-entries",
        Severity.NOTE,
        N_("The calendar has {value} entries."),
        N_("Somebody counted 1,111 there, and no more; for others, only the size mattered."),
        (Effect(Client.GOOGLE, N_("may leave entries out"), Shows.MISSING),),
        "roed314/seminars#777",
        N_("See whether the last entries are there; leave out what is long over."),
        _many,
        Example(Frame.ENTRIES, fails="1112", holds="1111"),
    ),
    Rule(
        "mostly-history",
        Severity.NOTE,
        N_("{value} entries, more than half, are years older than the last entry."),
        N_("Each program fetches them again and again, and nobody looks at them."),
        (),
        "roed314/seminars#777",
        N_("Let the calendar hold this event and those to come, the rest another one."),
        _history,
        Example(
            Frame.BODY,
            fails="".join(_past(2020, number) for number in range(FEW)) + VEVENT,
            holds="".join(_past(2026, number) for number in range(FEW)) + VEVENT,
        ),
    ),
)
