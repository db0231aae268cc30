"""What is probably a mistake in an agenda, but may be meant: ``calsvc check`` warns of it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations, islice

from calsvc import timezones
from calsvc.agenda.model import Event, Session, Status
from calsvc.agenda.outline import Fault
from calsvc.agenda.people import Person
from calsvc.agenda.slots import Slot
from calsvc.agenda.titles import says_cancelled
from calsvc.errors import Where, nearest

MOST_CLASHES = 50  # clashes that are told of for one room, or one person
LONG_SLOT = timedelta(hours=12)
Use = tuple[Slot, Session, Where]
"""A slot that needs a room or a person, its session, and its place in the agenda."""


def doubts(event: Event) -> Iterator[Fault]:
    """Yield each doubtful thing of an event that is right by the rules."""
    yield from _doubtful_zone(event, event.timezone, ("timezone",))
    yield from _says_cancelled(event.name, event.status, ("name",))
    yield from _taken_for_people(event)
    by_room: dict[str, list[Use]] = defaultdict(list)
    by_person: dict[str, list[Use]] = defaultdict(list)
    for index, session in enumerate(event.sessions):
        where: Where = ("sessions", index)
        yield from _unlisted(event, session, where)
        yield from _says_cancelled(session.title, session.status, (*where, "title"))
        for place, slot in enumerate(session.when):
            if slot.timezone != event.timezone:
                at = (*where, "when", place, "timezone")
                yield from _doubtful_zone(event, slot.timezone, at)
            if slot.end - slot.start > LONG_SLOT:
                hours = (slot.end - slot.start) / timedelta(hours=1)
                yield Fault((*where, "when", place), f"lasts {hours:g} hours", "check its end")
        # Posters of one session share its room, and are on at once.
        if session.part_of or session.status == "cancelled":
            continue
        for slot in event.slots(session):
            if slot.room:
                by_room[slot.room].append((slot, session, (*where, "when")))
            for person in session.people:
                by_person[person.name].append((slot, session, (*where, "people")))
    for room, uses in by_room.items():
        yield from _clashes(uses, f"is in {room} at the same time as", "move one of them")
    for name, uses in by_person.items():
        yield from _clashes(uses, f"has {name} at the same time as", "check the times")


def copies(events: Iterable[Event]) -> Iterator[tuple[Event, Event]]:
    """Yield each event that has the name and the dates of an earlier one, with that one."""
    first: dict[object, Event] = {}
    for event in events:
        same = first.setdefault((event.name.casefold(), event.first_day, event.last_day), event)
        if same.id != event.id:
            yield event, same


def _doubtful_zone(event: Event, name: str, where: Where) -> Iterator[Fault]:
    years = event.first_day.year, event.last_day.year
    if meant := timezones.FIXED_ABBREVIATIONS.get(name):
        yield Fault(where, f"{name} never changes to summer time", f"did you mean {meant}?")
    elif fixed := re.fullmatch(r"Etc/GMT([+-])([1-9]\d?)", name):
        sign, number = fixed.groups()
        side, other = ("behind", "-") if sign == "+" else ("ahead of", "+")
        hours = f"{number} hour{'s' if number != '1' else ''}"
        yield Fault(
            where,
            f"{name} is {hours} {side} UTC: its sign is the other way round",
            f"write Etc/GMT{other}{number} for the other, or an Area/City name",
        )
    elif not timezones.is_utc(name) and not timezones.vtimezone(name, *years):
        yield Fault(
            where,
            f"the clocks of {name} follow no yearly rule then",
            "nothing to mend: its times go out in UTC, which every calendar understands",
        )


def _says_cancelled(title: str, status: Status, where: Where) -> Iterator[Fault]:
    if status != "cancelled" and says_cancelled(title):
        yield Fault(
            where,
            f"says that it is cancelled ({title!r}), and is {status}",
            "add status: cancelled",
        )


def _taken_for_people(event: Event) -> Iterator[Fault]:
    """Yield each person who is one twice, or is called as an organization is."""
    organizations = {person.organization for session in event.sessions for person in session.people}
    advice = 'put a person and the organization in one pair of quotes: "Ada Example, Acme"'
    for index, session in enumerate(event.sessions):
        seen: set[Person] = set()
        for place, person in enumerate(session.people):
            where: Where = ("sessions", index, "people", place)
            if person in seen:
                yield Fault(where, f"names {person.name!r} twice", advice)
            elif person.name in organizations:
                yield Fault(where, f"names {person.name!r}, which is an organization too", advice)
            seen.add(person)


def _unlisted(event: Event, session: Session, where: Where) -> Iterator[Fault]:
    named: list[tuple[Where, str | None]] = [(("track",), session.track), (("room",), session.room)]
    named += [(("when", place, "room"), slot.room) for place, slot in enumerate(session.when)]
    for keys, name in named:
        listed = f"{keys[-1]}s"
        names = [each.name for each in (event.tracks if listed == "tracks" else event.rooms)]
        if name and names and name not in names:
            match = nearest(name, names)
            advice = f"did you mean {match!r}?" if match else f"add it to {listed}"
            yield Fault((*where, *keys), f"{name!r} is not among the event's {listed}", advice)


def _clashes(uses: list[Use], words: str, advice: str) -> Iterator[Fault]:
    clashes = (
        Fault(where, f"{words} {one.id} ({second.local_start:%Y-%m-%d %H:%M})", advice)
        for (first, one, _), (second, other, where) in combinations(uses, 2)
        if one.id != other.id and first.start < second.end and second.start < first.end
    )
    yield from islice(clashes, MOST_CLASHES)  # where all are at once, a few tell as much
