"""What stands around a session: before and after it in its room, and elsewhere meanwhile."""

from typing import NamedTuple

from calsvc.schedule.entries import Entry, Schedule

MOST = 6
"""Entries at the same time that a page names."""


class Neighbours(NamedTuple):
    """The entries around one time of a session."""

    before: Entry | None
    """What begins before it in its room, on its day."""
    after: Entry | None
    meanwhile: list[Entry]
    """What else is on, at most ``MOST``, those that begin with it first."""
    others: int
    """How many more are on."""


def neighbours(schedule: Schedule, session_id: str) -> dict[str, Neighbours]:
    """Return what stands around each time of a session, by its uid."""
    around = [each for each in schedule.entries if _is_shown(each) and each.session != session_id]
    return {
        entry.uid: _of(schedule, entry, around)
        for entry in schedule.of_session(session_id)
        if entry.content.timed and not entry.is_cancelled
    }


def _is_shown(entry: Entry) -> bool:
    is_timed = not entry.is_banner and entry.content.timed is not None
    return is_timed and not entry.is_part and not entry.is_cancelled


def _of(schedule: Schedule, entry: Entry, around: list[Entry]) -> Neighbours:
    slot, room = entry.content.slot, entry.content.room
    assert slot  # only entries with one are asked for
    day = schedule.event.day_of(slot.start)
    before: list[Entry] = []
    after: list[Entry] = []
    meanwhile: list[Entry] = []
    for each in around:
        other = each.content.slot
        assert other
        if each.uid in entry.content.parents:
            continue
        if room and each.content.room == room:
            if schedule.event.day_of(other.start) == day:
                (before if other.start < slot.start else after).append(each)
        elif other.start < slot.end and slot.start < other.end:
            meanwhile.append(each)
    meanwhile.sort(
        key=lambda each: each.content.slot is None or each.content.slot.start != slot.start
    )
    return Neighbours(
        before[-1] if before else None,
        after[0] if after else None,
        meanwhile[:MOST],
        len(meanwhile[MOST:]),
    )
