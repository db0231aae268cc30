"""What a calendar says that no event file can hold: told, so that nothing is lost in silence.

Some of it is wrong in a calendar that many subscribe to: people who were invited, reminders
that ring for all.  The rest is what few programs show.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from calsvc.importers.ics import entries
from calsvc.importers.ics.components import Component, Property

KEPT = frozenset(
    """
    ATTACH CATEGORIES CLASS CONFERENCE DESCRIPTION DTEND DTSTART DURATION EXDATE EXRULE GEO LOCATION
    RDATE RECURRENCE-ID RRULE STATUS STYLED-DESCRIPTION SUMMARY TRANSP TZID UID URL X-ALT-DESC
    X-GOOGLE-CONFERENCE X-MICROSOFT-SKYPETEAMSMEETINGURL
    """.split()
)
"""Properties of entries that are read, or told of below."""
MADE_ANEW = frozenset(
    """
    CREATED DTSTAMP LAST-MODIFIED SEQUENCE X-APPLE-STRUCTURED-LOCATION
    X-MICROSOFT-CDO-BUSYSTATUS
    """.split()
)
"""Those that are written from what is known here."""
OF_CALENDARS = frozenset(
    """
    CALSCALE DESCRIPTION LAST-MODIFIED METHOD NAME PRODID REFRESH-INTERVAL SOURCE UID URL VERSION
    X-PUBLISHED-TTL X-WR-CALDESC X-WR-CALNAME X-WR-TIMEZONE
    """.split()
)
OF_THE_FIRST = ("DESCRIPTION", "NAME", "URL", "X-WR-CALDESC", "X-WR-CALNAME")
"""What the first calendar of a file says for all of them."""
LEADING = ("URL", "ATTACH", *entries.STREAMS)
"""Properties whose values are kept if they lead somewhere on the web."""
ONCE = ("DESCRIPTION", "LOCATION", "SUMMARY", "URL")
TAKEN_OUT = ("ATTENDEE", "ORGANIZER", "RELATED-TO")
STYLED = ("X-ALT-DESC", "STYLED-DESCRIPTION")
"""What says again, with marks, what most programs show of DESCRIPTION."""


def taken_out(heads: Sequence[Component], events: Iterable[Component]) -> Iterator[str]:
    """Take out of entries what says more of them than when and what they are; yield what is lost.

    ``heads`` are the calendars that they are in.  Who was invited is nobody's speaker, and a
    part would have no entry of its own.  What says a description again is taken out, too, and
    nothing is lost by it.
    """
    events = list(events)
    lost = Counter(name for each in events for name in each.properties if not _is_known(name))
    lost.update(name for each in events for name in LEADING if not _all_lead(each, name))
    for each in events:
        for name in (*TAKEN_OUT, *(STYLED if each.text("DESCRIPTION") else ())):
            each.properties.pop(name, None)
    if lost:
        yield f"properties that entries do not have here: {_counted(lost)}"
    if more := Counter(name for each in events for name in ONCE for _ in _further(each, name)):
        yield f"further values of what entries have once: {_counted(more)}"
    if odd := {name for each in heads for name in each.properties} - OF_CALENDARS:
        yield f"properties that calendars do not have here: {', '.join(sorted(odd))}"
    if others := [name for name in OF_THE_FIRST if _is_said_otherwise(name, heads)]:
        yield f"what calendars behind the first say of themselves: {', '.join(others)}"
    if alarms := sum(len([*each.inner("VALARM")]) for each in events):
        yield f"reminders, which whoever subscribes can ask for by alarm=15: {alarms}"
    if secret := sum(_says(each, "CLASS", "PRIVATE", "CONFIDENTIAL") for each in events):
        yield f"that entries are private or confidential, which all can read here: {secret}"
    if parts := sum(map(_has_parts_of_minutes, events)):
        yield f"seconds of times: {parts}"
    if ranges := sum(_changes_what_follows(each) for each in events):
        yield f"that changes of a series count from there on, and not for that time alone: {ranges}"
    if lengths := sum("/" in each.value for entry in events for each in entry.all("RDATE")):
        yield f"lengths of single times of a series: {lengths}"
    if nowhere := sum(_has_geo(each) and not each.text("LOCATION") for each in events):
        yield f"coordinates of entries without a place: {nowhere}"


def _is_known(name: str) -> bool:
    return name in KEPT or name in MADE_ANEW


def _counted(names: Counter[str]) -> str:
    return ", ".join(f"{name} ({number})" for name, number in sorted(names.items()))


def _further(entry: Component, name: str) -> list[str]:
    """Return the texts of a property that are others than its first."""
    return sorted({each.text for each in entry.all(name)} - {"", entry.text(name)})


def _is_said_otherwise(name: str, heads: Sequence[Component]) -> bool:
    return bool({each.text(name) for each in heads[1:]} - {"", heads[0].text(name)})


def _has_geo(entry: Component) -> bool:
    return bool(entry.text("GEO")) or entries.geo(entry) is not None


def _says(entry: Component, name: str, *values: str) -> bool:
    return entry.text(name).upper() in values


def _has_parts_of_minutes(entry: Component) -> bool:
    times = (each.value for name in ("DTSTART", "DTEND") for each in entry.all(name))
    return any(re.search(r"T\d{4}(?!00)\d\d", each) for each in times)


def _changes_what_follows(entry: Component) -> bool:
    return any("RANGE" in each.parameters for each in entry.all("RECURRENCE-ID"))


def _all_lead(entry: Component, name: str) -> bool:
    """Tell whether all values of a property lead somewhere on the web."""
    return all(map(_leads, entry.all(name)))


def _leads(each: Property) -> bool:
    return not each.value.strip() or entries.link(each.value) is not None
