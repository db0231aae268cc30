"""What differs between two schedules of an event, in words for people."""

from collections.abc import Callable, Iterator

from calsvc.model import Person
from calsvc.schedule import Content, Entry, Schedule
from calsvc.slots import Slot

UNKNOWN = "to be announced"
FIELDS = {
    "kind": "kind",
    "track": "track",
    "tags": "tags",
    "level": "level",
    "language": "language",
    "description": "description",
    "url": "web page",
    "links": "links",
    "stream": "live stream",
    "image": "picture",
    "color": "colour",
}
"""What people call the parts of a content of which it is enough to say that they changed."""


def changes(before: Schedule | None, after: Schedule) -> tuple[str, ...]:
    """Return a line for each entry that people will see changed, in the agenda's order.

    What changed for the whole event is told once, and not again for each session.
    """
    if before is None:
        number = len({entry.session for entry in after.entries if entry.session})
        sessions = f"with {number} session{'' if number == 1 else 's'}"
        return (f"First published, {sessions if number else 'as save-the-date'}",)
    past = {entry.uid: entry for entry in before.entries}
    told = {entry.uid: _told(past.get(entry.uid), entry) for entry in after.entries}
    banner = [words for entry in after.entries if entry.is_banner for words in told[entry.uid]]
    lines = []
    for entry in after.entries:
        mine = told[entry.uid]
        words = mine if entry.is_banner else [each for each in mine if each not in banner]
        if not words:
            continue
        same = all(told[each.uid] == mine for each in after.of_session(entry.session or ""))
        name = entry.content.title if same else _named_apart(past.get(entry.uid), entry)
        lines.append(f"{name}: {', '.join(words)}")
    now = {entry.uid for entry in after.entries}
    lines += [
        f"{entry.content.title}: "
        + ("no longer listed as cancelled" if entry.is_cancelled else "removed")
        for entry in before.entries
        if entry.uid not in now
    ]
    # A session on at three times that is renamed is one change, not three.
    return tuple(dict.fromkeys(lines))


def _named_apart(past: Entry | None, entry: Entry) -> str:
    """Return the title, with the time that people know the entry by if there are others."""
    slot = past and past.content.slot
    return f"{entry.content.title} ({_time(slot)})" if slot else entry.content.title


def _told(past: Entry | None, entry: Entry) -> list[str]:
    if past is None:
        return [f"added{_when(entry.content)}"]
    if past.is_cancelled and not entry.is_cancelled:
        return [f"back on the agenda{_when(entry.content)}"]
    return [words for tell in TOLD for words in tell(past.content, entry.content) if words]


def _when(content: Content) -> str:
    if not content.slot:
        return "" if content.kind is None else f", with its time {UNKNOWN}"
    room = f", {content.room}" if content.room else ""
    return f", {_time(content.slot)}{room}"


def _time(slot: Slot) -> str:
    return f"{slot.local_start:%Y-%m-%d} {_clock(slot)}"


def _clock(slot: Slot) -> str:
    return f"{slot.local_start:%H:%M}–{slot.local_end:%H:%M}"


def _status(before: Content, after: Content) -> Iterator[str]:
    if (before.status, before.note) == (after.status, after.note):
        return
    if after.status == "cancelled":
        yield f"postponed, with its new time {UNKNOWN}" if after.note else "cancelled"
    else:
        yield f"now {after.status}"


def _moved(before: Content, after: Content) -> Iterator[str]:
    old, new = before.slot, after.slot
    if old and new:
        yield from _slot_moved(old, new)
    elif new:
        yield f"scheduled{_when(after)}"
    elif (before.day, before.last_day) != (after.day, after.last_day) and after.kind is None:
        yield f"moved {_days(before)} → {_days(after)}"


def _days(content: Content) -> str:
    one_day = content.day == content.last_day
    return f"{content.day}" if one_day else f"{content.day} to {content.last_day}"


def _slot_moved(old: Slot, new: Slot) -> Iterator[str]:
    if old.timezone != new.timezone:
        yield f"times given in {new.timezone}"
    if (old.start, old.end) == (new.start, new.end):
        return
    # Seen on the clocks of one zone, or a change of zone would look like one of time.
    old = old.model_copy(update={"timezone": new.timezone})
    if old.local_start.date() != new.local_start.date():
        yield f"moved {_time(old)} → {_time(new)}"
    elif old.start == new.start:
        yield f"ends {old.local_end:%H:%M} → {new.local_end:%H:%M}"
    elif old.end - old.start == new.end - new.start:
        yield f"moved {old.local_start:%H:%M} → {new.local_start:%H:%M}"
    else:
        yield f"moved {_clock(old)} → {_clock(new)}"


def _renamed(before: Content, after: Content) -> Iterator[str]:
    if before.title != after.title:
        yield f"renamed, was {before.title}"


def _room(before: Content, after: Content) -> Iterator[str]:
    if before.room != after.room and (before.slot or not after.slot):
        yield f"room {before.room or UNKNOWN} → {after.room or UNKNOWN}"


def _place(before: Content, after: Content) -> Iterator[str]:
    if before.place == after.place:
        return
    names = [content.place.name if content.place else UNKNOWN for content in (before, after)]
    yield f"place {names[0]} → {names[1]}" if names[0] != names[1] else "address changed"


def _people(before: Content, after: Content) -> Iterator[str]:
    old, new = ({person.name: person for person in each.people} for each in (before, after))
    yield from (f"without {name}" for name in old if name not in new)
    yield from (f"with {name}" for name in new if name not in old)
    for name in old:
        if name in new:
            yield from _person(old[name], new[name])


def _person(before: Person, after: Person) -> Iterator[str]:
    if before.role != after.role:
        yield f"{after.name} is {after.role}"
    if before.organization != after.organization and after.organization:
        yield f"{after.name} is with {after.organization}"


def _fields(before: Content, after: Content) -> Iterator[str]:
    for field, words in FIELDS.items():
        if getattr(before, field) != getattr(after, field):
            yield f"{words} changed"


TOLD: tuple[Callable[[Content, Content], Iterator[str]], ...] = (
    _status,
    _moved,
    _room,
    _renamed,
    _place,
    _people,
    _fields,
)
