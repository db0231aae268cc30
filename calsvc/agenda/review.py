"""Probable mistakes in an agenda, which may be intended: ``calsvc check`` warns of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import accumulate, combinations, islice

from calsvc import timezones
from calsvc.agenda.model import Event, Session, Status
from calsvc.agenda.names import hidden_difference, in_address, one_value, spelling_key
from calsvc.agenda.organizations import taken_apart
from calsvc.agenda.outline import MOST_SEARCHED, Fault
from calsvc.agenda.people import Person
from calsvc.agenda.slots import Slot
from calsvc.agenda.titles import says_cancelled
from calsvc.errors import Where, nearest

MOST_CLASHES = 50  # clashes reported for one room or one person
LONG_SLOT = timedelta(hours=12)
Use = tuple[Slot, Session, Where]
"""A slot that occupies a room or a person, its session, and its place in the agenda."""


def doubts(event: Event) -> Iterator[Fault]:
    """Yield each probable mistake in an event that breaks no rule."""
    yield from _doubtful_zone(event, event.timezone, ("timezone",))
    yield from _listed_twice(event)
    yield from _one_filter(event)
    yield from _one_person_or_two(event)
    yield from _spelled_otherwise(event)
    yield from _says_cancelled(event.name, event.status, ("name",))
    yield from _taken_for_people(event)
    yield from _unlisted(event)
    organizations = _organizations(event)
    by_room: dict[str, list[Use]] = defaultdict(list)
    by_person: dict[str, list[Use]] = defaultdict(list)
    spellings: dict[str, str] = {}
    for index, session in enumerate(event.sessions):
        where: Where = ("sessions", index)
        yield from _says_cancelled(session.title, session.status, (*where, "title"))
        for place, slot in enumerate(session.when):
            if slot.timezone != event.timezone:
                at = (*where, "when", place, "timezone")
                yield from _doubtful_zone(event, slot.timezone, at)
            if slot.end - slot.start > LONG_SLOT and not slot.is_all_day:
                hours = (slot.end - slot.start) / timedelta(hours=1)
                yield Fault((*where, "when", place), f"lasts {hours:g} hours", "check its end")
        # The parts of one session, such as posters, share its room and its time.
        if session.part_of or session.status == "cancelled":
            continue
        for slot in event.slots(session):
            if slot.is_all_day:
                continue  # it leaves room and time for others
            if slot.room:
                by_room[slot.room].append((slot, session, (*where, "when")))
            for person in session.people:
                is_one = len(organizations[spelling_key(person.name)]) < 2
                name = person.name if is_one else person.full_name
                name = spellings.setdefault(spelling_key(name), name)
                by_person[name].append((slot, session, (*where, "people")))
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
        apart = taken_apart(session.people)
        before: dict[str, list[Person]] = defaultdict(list)
        for place, person in enumerate(session.people):
            where: Where = ("sessions", index, "people", place)
            namesakes = before[spelling_key(person.name)]
            again = next((each for each in namesakes if _is_again(person, each)), None)
            if len(namesakes) < MOST_CLASHES:
                namesakes.append(person)
            if again:
                as_what = "" if again.name == person.name else f", at first as {again.name!r}"
                yield Fault(where, f"names {person.name!r} twice{as_what}", advice)
            elif person.name in organizations:
                yield Fault(where, f"names {person.name!r}, which is an organization too", advice)
            elif place in apart:
                what = f"names {person.name!r}, which may be an organization"
                yield Fault(where, what, advice)


def _is_again(person: Person, other: Person) -> bool:
    """Tell whether a session names one person twice, by two names that are spelled alike.

    Who has two roles may stand there twice.
    """
    one, two = (spelling_key(each.organization or "") for each in (person, other))
    is_one = one == two or not (one and two)
    return is_one and (person.role == other.role or person.name != other.name)


def _spelled_otherwise(event: Event) -> Iterator[Fault]:
    """Yield persons of several sessions who are not spelled alike, each once."""
    first: dict[str, tuple[str, int]] = {}
    told: set[str] = set()
    for index, session in enumerate(event.sessions):
        for place, person in enumerate(session.people):
            name, key = person.name, spelling_key(person.name)
            other, at = first.setdefault(key, (name, index))
            if name == other or key in told or at == index:
                continue
            told.add(key)
            hidden = hidden_difference(name, other) or hidden_difference(other, name)
            what = f"is {name!r} here, and {other!r} in session {event.sessions[at].id}"
            what += f"; they differ by {hidden}" if hidden else ""
            yield Fault(("sessions", index, "people", place), what, "write one of them")


def _unlisted(event: Event) -> Iterator[Fault]:
    """Yield each track and room that the event does not list, with the likely one."""
    listed = {
        "track": [track.name for track in event.tracks],
        "room": [room.name for room in event.rooms],
    }
    known = {key: {*names} for key, names in listed.items()}
    likely: dict[tuple[str, str], str | None] = {}
    for where, name in _tracks_and_rooms(event):
        key = str(where[-1])
        if not known[key] or name in known[key]:
            continue
        if (key, name) not in likely and len(likely) < MOST_SEARCHED:
            likely[key, name] = nearest(name, listed[key])
        match = likely.get((key, name))
        hidden = hidden_difference(name, match) if match else None
        advice = f"did you mean {match!r}?" if match else f"add it to {key}s"
        if hidden:
            advice = f"did you mean {match!r}? It looks the same, but this one has {hidden}"
        yield Fault(where, f"{name!r} is not among the event's {key}s", advice)


def _tracks_and_rooms(event: Event) -> Iterator[tuple[Where, str]]:
    """Yield the track and the rooms of each session, with their places."""
    for index, session in enumerate(event.sessions):
        where: Where = ("sessions", index)
        if session.track:
            yield (*where, "track"), session.track
        if session.room:
            yield (*where, "room"), session.room
        for place, slot in enumerate(session.when):
            if slot.room:
                yield (*where, "when", place, "room"), slot.room


def _listed_twice(event: Event) -> Iterator[Fault]:
    for listed, names in (
        ("tracks", [track.name for track in event.tracks]),
        ("rooms", [room.name for room in event.rooms]),
    ):
        first: dict[str, str] = {}
        for place, name in enumerate(names):
            other = first.setdefault(spelling_key(name), name)
            if names.index(other) != place:
                hidden = hidden_difference(name, other)
                what = f"{name!r} is listed already, as {other!r}"
                what += f"; this one has {hidden}" if hidden else ""
                yield Fault((listed, place), what, "keep one of them")


def _one_filter(event: Event) -> Iterator[Fault]:
    """Yield names that addresses cannot tell apart: ``AI/ML`` and ``AI & ML``."""
    named: dict[str, dict[str, Where]] = {
        "track": {each.name: ("tracks", place) for place, each in enumerate(event.tracks)},
        "room": {each.name: ("rooms", place) for place, each in enumerate(event.rooms)},
        "tag": {},
        "level": {},
        "speaker": {},
    }
    for filter_name, name, where in _names_used(event):
        named[filter_name].setdefault(name, where)
    for filter_name, places in named.items():
        for value, (first, *others) in one_value(places).items():
            for name in others:
                what = f"{name!r} and {first!r} are one filter, {filter_name}={value}"
                advice = "write them alike if they are one, or give one of them another name"
                yield Fault(places[name], what, advice)


def _names_used(event: Event) -> Iterator[tuple[str, str, Where]]:
    """Yield each name that a session has, with its filter before it and its place after it."""
    for index, session in enumerate(event.sessions):
        where: Where = ("sessions", index)
        if session.track:
            yield "track", session.track, (*where, "track")
        if session.level:
            yield "level", session.level, (*where, "level")
        for slot in event.slots(session):
            if slot.room:
                yield "room", slot.room, (*where, "room")
        for place, tag in enumerate(session.tags):
            yield "tag", tag, (*where, "tags", place)
        for place, person in enumerate(session.people):
            yield "speaker", person.name, (*where, "people", place)


def _one_person_or_two(event: Event) -> Iterator[Fault]:
    """Yield persons of one name and several organizations: one filter gives all of them."""
    known = _organizations(event)
    for index, session in enumerate(event.sessions):
        for place, person in enumerate(session.people):
            first, *others = known[spelling_key(person.name)] or [None]
            if person.organization in others:
                others.remove(person.organization)
                known[spelling_key(person.name)] = [first, *others]  # told of once
                both, this = in_address(person.name), in_address(person.full_name)
                yield Fault(
                    ("sessions", index, "people", place),
                    f"{person.name} is of {person.organization!r} here, and of {first!r} elsewhere",
                    "if it is one person, write one organization;"
                    f" if not, speaker={this} gives this one, and speaker={both} both",
                )


def _organizations(event: Event) -> dict[str, list[str | None]]:
    """Return the organizations of each person, one spelling of each, by the name's key."""
    known: dict[str, dict[str, str]] = defaultdict(dict)
    for session in event.sessions:
        for person in session.people:
            named = known[spelling_key(person.name)]
            if person.organization:
                named.setdefault(spelling_key(person.organization), person.organization)
    return {name: list(organizations.values()) for name, organizations in known.items()}


def _clashes(uses: list[Use], words: str, advice: str) -> Iterator[Fault]:
    if not _overlap(uses):
        return
    clashes = (
        Fault(where, f"{words} {one.id} ({second.local_start:%Y-%m-%d %H:%M})", advice)
        for (first, one, _), (second, other, where) in combinations(uses, 2)
        if one.id != other.id and first.start < second.end and second.start < first.end
    )
    yield from islice(clashes, MOST_CLASHES)  # if everything clashes, a few say as much


def _overlap(uses: list[Use]) -> bool:
    """Tell whether any of them overlap, without a look at each pair."""
    times = sorted((slot.start, slot.end) for slot, _, _ in uses)
    latest = accumulate((end for _, end in times), max)
    return any(start < end for (start, _), end in zip(times[1:], latest, strict=False))
