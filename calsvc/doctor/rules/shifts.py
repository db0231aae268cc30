"""What VTIMEZONEs say, beside what the tz database says of the same zones."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from calsvc.doctor import offsets
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import ENTRY, VEVENT, ZONE, Example, Frame
from calsvc.doctor.findings import Find, Found, Rule, Severity, at, within
from calsvc.doctor.judgements import Judgement, Time, is_repeating, judgements
from calsvc.translations import N_


def _told(time: Time, by: timedelta) -> Found:
    written = f"{time.each.name} {time.local:%Y-%m-%d %H:%M}"
    return at(time.each, time.entry, f"{by.total_seconds() / 60:+.0f} min ({written})")


def _entries(
    select: Callable[[Judgement], list[tuple[Time, timedelta]]],
) -> Callable[[Document], Iterator[Found]]:
    """Return what finds the times of entries that are shown at another time."""

    def find(document: Document) -> Iterator[Found]:
        for judgement in judgements(document):
            if not judgement.is_other:
                yield from (_told(time, by) for time, by in select(judgement))

    return find


def _before_end(judgement: Judgement) -> list[tuple[Time, timedelta]]:
    ended = {id(time) for time, _ in judgement.ended}
    return [each for each in judgement.shifted if id(each[0]) not in ended]


def _elsewhere(document: Document) -> Iterator[Found]:
    for each in judgements(document):
        has_cause = each.shifted or each.is_late or each.is_other
        is_half = all(part.name == "DAYLIGHT" for part in offsets.observances_of(each.zone))
        if each.stretches and not has_cause and not is_half:
            yield _stretch(each)


def _stretch(each: Judgement) -> Found:
    first = each.stretches[0]
    when = f"{first.begin:%Y-%m-%d}/{first.end:%Y-%m-%d}"
    minutes = f"{first.by.total_seconds() / 60:+.0f} min"
    return within(each.zone, f"{each.zone.title}, {when}, {minutes}")


def _late(document: Document) -> Iterator[Found]:
    return (_stretch(each) for each in judgements(document) if each.is_late)


def _other(document: Document) -> Iterator[Found]:
    return (within(each.zone) for each in judgements(document) if each.is_other)


def _repeating(*, is_right: bool) -> Find:
    """Return what finds VTIMEZONEs of which Outlook reads a part: the right one for all, or not."""

    def find(document: Document) -> Iterator[Found]:
        judged = judgements(document)
        told = {id(each.zone) for each in judged if each.in_outlook}
        right = {id(each.zone) for each in judged if each.is_right_in_outlook}
        for zone in document.vtimezones:
            if is_repeating(zone) and id(zone) not in told and (id(zone) in right) == is_right:
                yield within(zone)

    return find


_MARCH = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"
_TO_2034 = f"{_MARCH};UNTIL=20340326T010000Z"
_OLD = (
    "BEGIN:STANDARD\nDTSTART:19960929T030000\nTZNAME:CET\n"
    "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nBEGIN:DAYLIGHT"
)
_WITH_OLD = ZONE.replace("BEGIN:DAYLIGHT", _OLD)
_FROM_2035 = (
    "BEGIN:DAYLIGHT\nDTSTART:20350701T020000\nRRULE:FREQ=YEARLY;BYMONTH=7;BYDAY=1SU\n"
    "TZNAME:CEST\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\nEND:VTIMEZONE"
)
_UNTIL_2026 = ZONE.replace("BYDAY=-1SU", "BYDAY=-1SU;UNTIL=20261231T000000Z")
_ENTRY = f"BEGIN:VEVENT\n{ENTRY}END:VEVENT\n"
_GMT = f"{ZONE}{_ENTRY}".replace("Europe/Berlin", "GMT")


def _zone(fails: str) -> Example:
    return Example(Frame.ZONE, fails=fails, holds=ZONE)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "zone-shifts-entries",
        Severity.ERROR,
        N_("The VTIMEZONE makes a time of this entry wrong by {value}."),
        N_("Programs that follow the VTIMEZONE show another time than those that know the zone."),
        (Effect(Client.OUTLOOK, N_("shows the time that the VTIMEZONE says"), Shows.TIME),),
        "RFC 5545, 3.6.5; pretalx/pretalx#2081, euroscipy/www.euroscipy.org#97",
        N_("Write the VTIMEZONE by a tz database of today, or the times in UTC with a Z."),
        _entries(_before_end),
        _zone(ZONE.replace("BYMONTH=3", "BYMONTH=7")),
    ),
    Rule(
        "zone-ends-before-entries",
        Severity.ERROR,
        N_("The VTIMEZONE has ended before this entry, whose time is wrong by {value}."),
        N_("What it lists of changes does not reach that far."),
        (Effect(Client.OUTLOOK, N_("shows the time that the VTIMEZONE says"), Shows.TIME),),
        "RFC 5545, 3.6.5; iCalcreator/iCalcreator#86",
        N_("Write rules without an end."),
        _entries(lambda judgement: judgement.ended),
        _zone(_UNTIL_2026),
    ),
    Rule(
        "zone-shifts-entries-in-outlook",
        Severity.ERROR,
        N_("Outlook does not read all of the VTIMEZONE; a time of this entry is wrong by {value}."),
        N_("Of several STANDARDs or DAYLIGHTs it keeps the one that begins last, for all years."),
        (Effect(Client.OUTLOOK, N_("shows the time an hour off"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#106",
        N_("Keep the ones of the years of the entries; if no yearly rule fits, write UTC."),
        _entries(lambda judgement: judgement.in_outlook),
        _zone(ZONE.replace(_MARCH, _TO_2034).replace("END:VTIMEZONE", _FROM_2035)),
    ),
    Rule(
        "zone-observances-repeated",
        Severity.WARNING,
        N_("The VTIMEZONE {value} has more than one STANDARD or more than one DAYLIGHT."),
        N_("Outlook keeps the one that begins last, for all years, or refuses all of them."),
        (Effect(Client.OUTLOOK, N_("may show times of other years an hour off"), Shows.TIME),),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#106",
        N_("Keep one STANDARD and one DAYLIGHT, those of the years of the entries."),
        _repeating(is_right=False),
        Example(Frame.BODY, fails=f"{_WITH_OLD}{VEVENT}", holds=f"{ZONE}{VEVENT}"),
    ),
    Rule(
        "zone-observances-of-old-times",
        Severity.NOTE,
        N_("The VTIMEZONE {value} has more than one STANDARD or more than one DAYLIGHT."),
        N_("Outlook keeps the one that begins last, which is right for all entries so far."),
        (),
        "MS-OXCICAL, 2.1.3.1.1.19; iCalcreator/iCalcreator#106",
        N_("Keep one STANDARD and one DAYLIGHT, those of the years of the entries."),
        _repeating(is_right=True),
        _zone(_WITH_OLD),
    ),
    Rule(
        "zone-name-of-other-rules",
        Severity.ERROR,
        N_("The clocks of the VTIMEZONE {value} are not those that its name says."),
        N_("The name says an offset, and programs that know it do not look any further."),
        (Effect(Client.OUTLOOK_MAC, N_("shows the time an hour off"), Shows.TIME),),
        "RFC 5545, 3.2.19; pretalx/pretalx#2588",
        N_("Call the zone by its name in the tz database, as Europe/London."),
        _other,
        Example(Frame.BODY, fails=_GMT, holds=f"{ZONE}{_ENTRY}"),
    ),
    Rule(
        "zone-changes-an-hour-off",
        Severity.WARNING,
        N_("The VTIMEZONE lets clocks change at a wrong hour: {value}."),
        N_("A change is written in the local time before it; this one is written in another."),
        (),
        "RFC 5545, 3.6.5",
        N_("Write what clocks show when they change: 02:00, if they go on to 03:00."),
        _late,
        _zone(ZONE.replace("20260329T020000", "20260329T030000")),
    ),
    Rule(
        "zone-differs",
        Severity.WARNING,
        N_("The VTIMEZONE differs from the tz database in the years of the entries: {value}."),
        N_("No time of an entry is wrong so far, but that of a new one may be."),
        (),
        "RFC 5545, 3.6.5; pretalx/pretalx#2081",
        N_("Write the VTIMEZONE by a tz database of today."),
        _elsewhere,
        _zone(ZONE.replace("BYMONTH=10", "BYMONTH=11")),
    ),
)
