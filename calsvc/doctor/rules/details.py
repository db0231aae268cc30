"""How sure an entry is, whether it takes up time, and who may see it."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from calsvc.agenda.titles import says_cancelled
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame, with_vevent
from calsvc.doctor.findings import Found, Rule, Severity, entries_where, where, within
from calsvc.doctor.values import is_day, moment_of
from calsvc.translations import N_

STATUSES = frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"})
OFF = re.compile(
    r"\b(?:cancel|abgesagt|absage|entfäll|fällt aus|postponed|rescheduled|moved\b|verschoben"
    r"|verlegt|annul(?:at|eret|[éeil])|supprim|report[ée]e?s?\b|anulad|aplazad|pospuest|suspend"
    r"|adiad|rinviat"
    r"|afgelast|geannuleerd|vervallen|uitgesteld|inställ|avlyst|aflyst|udsat|utsatt|peruttu"
    r"|peruutettu|siirretty|odwołan|przełożon|zrušen|odložen|elmarad|törölve|отмен|перенес"
    r"|скасован|ακυρ|iptal|ertelen)|ملغ|בוטל|中止|延期|取消|キャンセル|취소|연기|❌|🚫",
    re.IGNORECASE,
)
"""Words and signs by which a title tells that what it names is off, in many languages."""
SEVERAL = 3  # entries
LONG_OVER = timedelta(days=30)
STAMPS = ("DTSTAMP", "LAST-MODIFIED")
TITLE_LOOKED_AT = 1000  # characters
PRIORITY = re.compile(r"\+?0*[0-9]", re.ASCII)
LONGEST_NUMBER = 10  # characters
FREE = frozenset({"FREE"})
BUSY = frozenset({"BUSY", "OOF", "TENTATIVE"})


def _word(entry: Component, name: str) -> str:
    each = entry.one(name)
    return each.value.strip().upper() if each else ""


def _is_cancelled(entry: Component) -> bool:
    return _word(entry, "STATUS") == "CANCELLED"


def _is_cancelled_and_silent(entry: Component) -> bool:
    if not _is_cancelled(entry):
        return False
    title = entry.text("SUMMARY")[:TITLE_LOOKED_AT]
    return bool(title) and not says_cancelled(title) and OFF.search(title) is None


def _tombstones(document: Document) -> Iterator[Found]:
    """Find cancelled entries that were long over when a newer one changed that is to come.

    What is all over piles up no more.
    """
    cancelled = [entry for entry in document.entries if _is_cancelled(entry)]
    if len(cancelled) < SEVERAL:
        return
    newest = max(_last_day(entry, *STAMPS) for entry in document.entries)
    if all(_last_day(entry, "DTSTART") <= newest for entry in document.entries):
        return
    for entry in cancelled:
        last = _last_day(entry, *STAMPS, "DTSTART", "DTEND")
        if newest - last > LONG_OVER and not entry.all("RRULE"):
            yield within(entry)


def _last_day(entry: Component, *names: str) -> date:
    """Return the last of some days of an entry; the first day of all if it has none."""
    days = (moment_of(entry, name) for name in names)
    return max((date(*each.timetuple()[:3]) for each in days if each), default=date.min)


def _is_busy(entry: Component) -> bool:
    """Tell whether an entry takes up time: in Outlook or, where it says nothing, elsewhere."""
    told = _word(entry, "X-MICROSOFT-CDO-BUSYSTATUS")
    return told not in FREE and _word(entry, "TRANSP") in {"", "OPAQUE"}


def _is_busy_all_day(entry: Component) -> bool:
    return not _is_cancelled(entry) and is_day(moment_of(entry, "DTSTART")) and _is_busy(entry)


def _says_both(entry: Component) -> bool:
    told, other = _word(entry, "X-MICROSOFT-CDO-BUSYSTATUS"), _word(entry, "TRANSP")
    return (other == "OPAQUE" and told in FREE) or (other == "TRANSPARENT" and told in BUSY)


def _is_no_priority(each: Property) -> bool:
    value = each.value.strip()
    return len(value) > LONGEST_NUMBER or PRIORITY.fullmatch(value) is None


def _gone(month: int) -> str:
    """Return three cancelled entries of a month of 2027, and one to come, changed in June."""
    cancelled = (
        f"UID:0b6a1f2e-6e0c-5c58-9d9e-5a3c7d1b2e{day}\nDTSTART:20270{month}{day}T070000Z\n"
        f"DTEND:20270{month}{day}T080000Z\nSUMMARY:Cancelled: Bridges {day}\n"
        "STATUS:CANCELLED\nTRANSP:TRANSPARENT"
        for day in (11, 12, 13)
    )
    changed = "DTSTAMP:20270614T120000Z\nLAST-MODIFIED:20270614T120000Z"
    return "".join(map(with_vevent, (*cancelled, changed)))


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "status-unknown",
        Severity.ERROR,
        N_("{value} is no status of an entry."),
        N_("An entry is TENTATIVE, CONFIRMED or CANCELLED; anything else tells programs nothing."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.1.11; ietf-tools/datatracker#11394, allenporter/ical 14.3.1",
        N_("Write one of the three, and more about it in the title or the description."),
        where(lambda each: each.value.strip().upper() not in STATUSES, "STATUS"),
        Example(Frame.ENTRY, fails="STATUS:RESCHEDULED TO 10:00", holds="STATUS:CONFIRMED"),
    ),
    Rule(
        "cancelled-in-status-alone",
        Severity.WARNING,
        N_("The entry is cancelled, and its title does not say so."),
        N_("Programs hide it, or show it as if it were on."),
        (
            Effect(Client.GOOGLE, N_("takes it away, so that nobody reads why"), Shows.MISSING),
            Effect(Client.OUTLOOK, N_("shows it as if it were on"), Shows.ODD),
        ),
        "RFC 5545, 3.8.1.11; hackgvl/hackgreenville-com#498, w3c/calendar#90,"
        " aluxnimm/outlookcaldavsynchronizer#105",
        N_("Put “Cancelled:” before the title, count SEQUENCE up; for Google, leave STATUS out."),
        entries_where(_is_cancelled_and_silent, "STATUS"),
        Example(
            Frame.ENTRY,
            fails="STATUS:CANCELLED\nTRANSP:TRANSPARENT",
            holds="STATUS:CANCELLED\nTRANSP:TRANSPARENT\nSUMMARY:Cancelled: Bridges that bend",
        ),
    ),
    Rule(
        "cancelled-and-busy",
        Severity.WARNING,
        N_("The entry is cancelled, and still takes up time."),
        N_("Programs that show it as if it were on keep its time from anything else."),
        (),
        "RFC 5545, 3.8.2.7; aluxnimm/outlookcaldavsynchronizer#105",
        N_("Write TRANSP:TRANSPARENT, and X-MICROSOFT-CDO-BUSYSTATUS:FREE for Outlook."),
        entries_where(lambda entry: _is_cancelled(entry) and _is_busy(entry), "STATUS"),
        Example(
            Frame.ENTRY,
            fails="STATUS:CANCELLED\nSUMMARY:Cancelled: Bridges that bend",
            holds="STATUS:CANCELLED\nSUMMARY:Cancelled: Bridges that bend\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "cancelled-long-ago",
        Severity.NOTE,
        N_("The entry is cancelled, and was to end over a month ago: {value}"),
        N_("Nobody needs it any more, and such entries pile up."),
        (Effect(Client.APPLE, N_("shows it for ever, struck through"), Shows.ODD),),
        "w3c/calendar#90, w3c/calendar#60",
        N_("Leave cancelled entries out when they have been over for a month."),
        _tombstones,
        Example(Frame.BODY, fails=_gone(4), holds=_gone(6)),
    ),
    Rule(
        "transparency-unknown",
        Severity.WARNING,
        N_("{value} does not tell whether the entry takes up time."),
        N_("TRANSP is OPAQUE or TRANSPARENT."),
        (),
        "RFC 5545, 3.8.2.7",
        N_("Write TRANSP:OPAQUE for what takes up time, and TRANSP:TRANSPARENT for the rest."),
        where(lambda each: each.value.strip().upper() not in {"OPAQUE", "TRANSPARENT"}, "TRANSP"),
        Example(Frame.ENTRY, fails="TRANSP:FREE", holds="TRANSP:TRANSPARENT"),
    ),
    Rule(
        "all-day-and-busy",
        Severity.WARNING,
        N_("The all-day entry takes up its whole day."),
        N_("Who subscribes to the calendar looks busy all day long."),
        (Effect(Client.OUTLOOK, N_("shows the whole day as taken"), Shows.ODD),),
        "RFC 5545, 3.8.2.7; mobeigi/fb2cal#86",
        N_("Write TRANSP:TRANSPARENT, and X-MICROSOFT-CDO-BUSYSTATUS:FREE for Outlook."),
        entries_where(_is_busy_all_day, "DTSTART"),
        Example(
            Frame.ENTRY,
            fails="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:OPAQUE",
            holds="DTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270616\nTRANSP:TRANSPARENT",
        ),
    ),
    Rule(
        "busy-and-free",
        Severity.WARNING,
        N_("{value} and TRANSP say different things."),
        N_("Outlook reads the one and other programs the other."),
        (Effect(Client.OUTLOOK, N_("goes by BUSYSTATUS, not by TRANSP"), Shows.ODD),),
        "RFC 5545, 3.8.2.7; MS-OXCICAL, 2.1.3.1.1.20.31",
        N_("Write FREE with TRANSPARENT, and BUSY, TENTATIVE or OOF with OPAQUE."),
        entries_where(_says_both, "X-MICROSOFT-CDO-BUSYSTATUS"),
        Example(
            Frame.ENTRY,
            fails="TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:BUSY",
            holds="TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:FREE",
        ),
    ),
    Rule(
        "entry-not-for-all",
        Severity.NOTE,
        N_("{value} says that the entry is not for everybody."),
        N_("Whoever has the address reads it: the word alone hides nothing."),
        (),
        "RFC 5545, 3.8.1.3",
        N_("Leave out what is not for all, or let nobody fetch the calendar without a secret."),
        where(lambda each: each.value.strip().upper() in {"PRIVATE", "CONFIDENTIAL"}, "CLASS"),
        Example(Frame.ENTRY, fails="CLASS:PRIVATE", holds="CLASS:PUBLIC"),
    ),
    Rule(
        "priority-unknown",
        Severity.ERROR,
        N_("{value} is no priority from 0 to 9."),
        N_("1 is the highest, 9 the lowest, and 0 is none."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.1.9; allenporter/ical 14.3.1",
        N_("Write a number from 0 to 9, or leave it out."),
        where(_is_no_priority, "PRIORITY"),
        Example(Frame.ENTRY, fails="PRIORITY:HIGH", holds="PRIORITY:1"),
    ),
    Rule(
        "color-without-a-name",
        Severity.NOTE,
        N_("{value} is no name of a color."),
        N_("The standard has names of CSS; a draft of 2026 would allow #rrggbb too."),
        (),
        "RFC 7986, 5.9; draft-ietf-calext-icalendar-jscalendar-extensions",
        N_("Write the name that is nearest: teal, tomato, gold."),
        where(lambda each: re.fullmatch(r"[A-Za-z]{3,30}", each.value.strip()) is None, "COLOR"),
        Example(Frame.ENTRY, fails="COLOR:#008080", holds="COLOR:teal"),
    ),
)
