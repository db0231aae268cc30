"""What differs between two schedules of an event, in words for people."""

from collections.abc import Callable, Iterator

from calsvc.schedule import Content, Entry, Schedule
from calsvc.slots import Slot


def changes(before: Schedule | None, after: Schedule) -> tuple[str, ...]:
    """Return a line for each entry that people will see changed, in the agenda's order."""
    if before is None:
        sessions = {entry.session for entry in after.entries if entry.session}
        return (f"First published, with {len(sessions)} sessions",)
    past = {entry.uid: entry for entry in before.entries}
    lines = [line for entry in after.entries for line in _lines(past.get(entry.uid), entry)]
    now = {entry.uid for entry in after.entries}
    lines += [
        f"{entry.content.title}: "
        + ("no longer listed as cancelled" if entry.is_cancelled else "removed")
        for entry in before.entries
        if entry.uid not in now
    ]
    # A session on at three times that is renamed is one change, not three.
    return tuple(dict.fromkeys(lines))


def _lines(past: Entry | None, entry: Entry) -> Iterator[str]:
    if past is None:
        yield f"{entry.content.title}: added{_when(entry.content)}"
    elif past.content != entry.content:
        told = [words for tell in TOLD for words in [tell(past.content, entry.content)] if words]
        yield f"{entry.content.title}: {', '.join(told) or 'details changed'}"


def _when(content: Content) -> str:
    if not content.slot:
        return "" if content.kind is None else ", with a time to come"
    room = f", {content.room}" if content.room else ""
    return f", {_time(content.slot)}{room}"


def _time(slot: Slot) -> str:
    return f"{slot.local_start:%Y-%m-%d %H:%M}–{slot.local_end:%H:%M}"


def _status(before: Content, after: Content) -> str:
    if before.status == after.status:
        return ""
    if after.status == "cancelled":
        return "postponed, with a time to come" if after.note else "cancelled"
    if before.status == "cancelled":
        return "restored"
    return after.status


def _moved(before: Content, after: Content) -> str:
    old, new = before.slot, after.slot
    if old is None and new is None:
        days = (before.day, before.last_day), (after.day, after.last_day)
        return "" if days[0] == days[1] else f"moved {days[0][0]} → {days[1][0]}"
    if old is None or new is None:
        return f"scheduled, {_time(new)}" if new else ""
    if (old.start, old.end) == (new.start, new.end):
        return "" if old.timezone == new.timezone else f"shown in {new.timezone}"
    if old.start == new.start:
        return f"ends {old.local_end:%H:%M} → {new.local_end:%H:%M}"
    if old.local_start.date() == new.local_start.date() and old.timezone == new.timezone:
        return f"moved {old.local_start:%H:%M} → {new.local_start:%H:%M}"
    return f"moved {old.local_start:%Y-%m-%d %H:%M} → {new.local_start:%Y-%m-%d %H:%M}"


def _renamed(before: Content, after: Content) -> str:
    return f"renamed, was {before.title}" if before.title != after.title else ""


def _room(before: Content, after: Content) -> str:
    if before.room == after.room:
        return ""
    return f"room {before.room or 'none'} → {after.room or 'none'}"


def _place(before: Content, after: Content) -> str:
    if before.place == after.place:
        return ""
    names = [content.place.name if content.place else "none" for content in (before, after)]
    return f"place {names[0]} → {names[1]}" if names[0] != names[1] else "place changed"


def _people(before: Content, after: Content) -> str:
    if before.people == after.people:
        return ""
    old, new = ([person.name for person in content.people] for content in (before, after))
    told = [f"without {name}" for name in old if name not in new]
    told += [f"with {name}" for name in new if name not in old]
    return ", ".join(told) or "people changed"


def _text(before: Content, after: Content) -> str:
    return "text changed" if before.description != after.description else ""


TOLD: tuple[Callable[[Content, Content], str], ...] = (
    _status,
    _moved,
    _room,
    _renamed,
    _place,
    _people,
    _text,
)
