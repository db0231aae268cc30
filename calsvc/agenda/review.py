"""Probable mistakes in an agenda, which may be intended: ``calsvc check`` warns of them."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations, islice

from calsvc import timezones
from calsvc.agenda.model import Event, Session
from calsvc.agenda.outline import Fault
from calsvc.agenda.slots import Slot
from calsvc.errors import Where, nearest

MOST_CLASHES = 50  # clashes reported for one room or one person
LONG_SLOT = timedelta(hours=12)
Use = tuple[Slot, Session, Where]
"""A slot that occupies a room or a person, its session, and its place in the agenda."""


def doubts(event: Event) -> Iterator[Fault]:
    """Yield each probable mistake in an event that breaks no rule."""
    yield from _doubtful_zone(event)
    by_room: dict[str, list[Use]] = defaultdict(list)
    by_person: dict[str, list[Use]] = defaultdict(list)
    for index, session in enumerate(event.sessions):
        where: Where = ("sessions", index)
        yield from _unlisted(event, session, where)
        for place, slot in enumerate(session.when):
            if slot.end - slot.start > LONG_SLOT:
                hours = (slot.end - slot.start) / timedelta(hours=1)
                yield Fault((*where, "when", place), f"lasts {hours:g} hours", "check its end")
        # The parts of one session, such as posters, share its room and its time.
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


def _doubtful_zone(event: Event) -> Iterator[Fault]:
    name, years = event.timezone, (event.first_day.year, event.last_day.year)
    if meant := timezones.FIXED_ABBREVIATIONS.get(name):
        yield Fault(("timezone",), f"{name} never changes to summer time", f"did you mean {meant}?")
    elif not timezones.is_utc(name) and not timezones.vtimezone(name, *years):
        yield Fault(
            ("timezone",),
            f"the clocks of {name} follow no yearly rule then",
            "nothing to mend: its times go out in UTC, which every calendar understands",
        )


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
    yield from islice(clashes, MOST_CLASHES)  # if everything clashes, a few say as much
