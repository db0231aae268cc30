"""What moves around the entries: properties of the calendar, the order, the octets."""

from collections.abc import Callable, Iterator
from itertools import takewhile

from calsvc.doctor.changes import Change
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Property
from calsvc.doctor.examples import OTHER_VEVENT, VEVENT, Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, within
from calsvc.translations import N_

REFRESHING = ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")
NAMES = ("NAME", "X-WR-CALNAME")
TOLD = frozenset({*REFRESHING, *NAMES, "PRODID", "X-WR-TIMEZONE", "METHOD"})
"""Properties of calendars whose changes have rules of their own."""


def _one(calendars: list[Component], name: str) -> Property | None:
    return calendars[0].one(name) if calendars else None


def _property(*names: str) -> Callable[[Change], Iterator[Found]]:
    """Return what finds the properties of calendars that are not what they were."""

    def find(change: Change) -> Iterator[Found]:
        for name in names:
            was, now = (_one(each.calendars, name) for each in (change.before, change.after))
            if was and now and was.value != now.value:
                yield at(now, value=f"{name}: {was.value} → {now.value}")
                return

    return find


def _alone(change: Change) -> Iterator[Found]:
    """Find what differs in a calendar whose entries are all what they were."""
    entries, other = change.after.entries, _property(*TOLD)(change)
    if entries and change.are_entries_same and not change.is_same and not any(other):
        before, after = (
            {str(each): each for calendar in document.calendars for each in calendar.own}
            for document in (change.before, change.after)
        )
        new = [each for text, each in after.items() if text not in before]
        gone = [Found(value=text) for text in before if text not in after]
        zones = [within(each) for each in change.after.vtimezones]
        yield from ([at(new[0])] if new else gone or zones)[:1]


def _order(change: Change) -> Iterator[Found]:
    if change.is_same and not change.is_ordered:
        yield _line(change)


def _form(change: Change) -> Iterator[Found]:
    if change.before.octets != change.after.octets and change.is_ordered:
        if change.before.calendars:
            yield _line(change)


def _line(change: Change) -> Found:
    """Return the first line that is not what it was."""
    former, later = change.before.physical, change.after.physical
    same = takewhile(lambda both: both[0] == both[1], zip(former, later, strict=False))
    number = sum(1 for _ in same)
    text = later[number].decode("utf-8", "replace") if number < len(later) else ""
    return Found(min(number + 1, len(later)), text)


_BOTH = f"{VEVENT}{OTHER_VEVENT}"


def _states(before: str, fails: str, holds: str) -> Example:
    """Return an example: what is there first, and what becomes of it."""
    return Example(Frame.CHANGE, fails=f"{before}---\n{fails}", holds=f"{before}---\n{holds}")


def _renamed(before: str, after: str) -> Example:
    """Return an example in which the calendar has another property."""
    return _states(f"{before}\n{VEVENT}", f"{after}\n{VEVENT}", f"{before}\n{VEVENT}")


RULES: tuple[Rule[Change], ...] = (
    Rule(
        "method-changed",
        Severity.WARNING,
        N_("What the entries are for has changed: {value}."),
        N_("METHOD says that all of them are published, invited to or cancelled."),
        (),
        "RFC 5545, 3.7.2; dotnet-foundation/wg-maintainers#64",
        N_("Keep METHOD:PUBLISH, or none; a cancelled entry says so by its STATUS."),
        _property("METHOD"),
        _renamed("METHOD:PUBLISH", "METHOD:CANCEL"),
    ),
    Rule(
        "calendar-renamed",
        Severity.NOTE,
        N_("The calendar has another name: {value}."),
        N_("Programs ask for the name once, and keep it."),
        (Effect(Client.GOOGLE, N_("keeps the former name"), Shows.STALE),),
        "RFC 7986, 5.1",
        N_("Keep the name of a calendar."),
        _property(*NAMES),
        _renamed("X-WR-CALNAME:River Conference", "X-WR-CALNAME:Lake Conference"),
    ),
    Rule(
        "calendar-zone-changed",
        Severity.NOTE,
        N_("The calendar has another zone: {value}."),
        N_("Times without a zone become other moments."),
        (Effect(Client.GOOGLE, N_("takes times without a zone for other moments"), Shows.TIME),),
        "webuildsg/webuild#26",
        N_("Write the zone at each time, so that nothing depends on the calendar's."),
        _property("X-WR-TIMEZONE"),
        _renamed("X-WR-TIMEZONE:Europe/Berlin", "X-WR-TIMEZONE:Europe/London"),
    ),
    Rule(
        "refreshing-changed",
        Severity.NOTE,
        N_("How often to fetch the calendar has changed: {value}."),
        N_("Programs may keep to what was said first."),
        (Effect(Client.NEXTCLOUD, N_("keeps to the first it saw"), Shows.STALE),),
        "RFC 7986, 5.7; nextcloud/calendar#2146",
        N_("Say the same all the time; a 304 makes each look cheap."),
        _property(*REFRESHING),
        _renamed("X-PUBLISHED-TTL:PT15M", "X-PUBLISHED-TTL:PT12H"),
    ),
    Rule(
        "product-changed",
        Severity.NOTE,
        N_("The calendar is made by another program: {value}."),
        N_("Another program often makes other uids and stamps: see whether they stay."),
        (),
        "RFC 5545, 3.7.3",
        N_("Nothing is to be done if no other rule finds anything."),
        _property("PRODID"),
        _renamed("PRODID:-//Example//Agenda//EN", "PRODID:-//Example//Agenda 2//EN"),
    ),
    Rule(
        "calendar-changed-alone",
        Severity.NOTE,
        N_("No entry has changed, and this has: {value}."),
        N_("ETag and Last-Modified move with it, and all fetch the calendar again for nothing."),
        (),
        "RFC 9110, 8.8; RFC 7986, 5.4",
        N_("Let nothing in the calendar depend on when it is fetched."),
        _alone,
        _renamed("LAST-MODIFIED:20270301T120000Z", "LAST-MODIFIED:20270301T130000Z"),
    ),
    Rule(
        "order-changed",
        Severity.NOTE,
        N_("Everything is the same, and in another order from here on: {value}."),
        N_("ETag and Last-Modified move with it, and all fetch the calendar again for nothing."),
        (),
        "RFC 9110, 8.8",
        N_("Sort the entries, by time and uid."),
        _order,
        _states(_BOTH, f"{OTHER_VEVENT}{VEVENT}", _BOTH),
    ),
    Rule(
        "form-changed",
        Severity.NOTE,
        N_("Everything is the same, and written otherwise from here on: {value}."),
        N_("ETag and Last-Modified move with it, and all fetch the calendar again for nothing."),
        (),
        "RFC 9110, 8.8",
        N_("Write the same entries in the same octets."),
        _form,
        _states(VEVENT, VEVENT.replace("that", "th\n at"), VEVENT),
    ),
)
