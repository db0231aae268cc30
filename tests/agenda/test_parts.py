"""Parts of parts: one entry for each time and place, and no file that makes too many."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import pytest
from conftest import NOW, event_of, schedule_of

from calsvc.agenda.model import MAX_ENTRIES, Event, Session
from calsvc.agenda.outline import MAX_DEPTH, MOST_SEARCHED
from calsvc.errors import EventFileError
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

HEAD = """name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
"""


class Part(NamedTuple):
    """A line of an agenda."""

    id: str
    rest: str

    def __str__(self) -> str:
        return f"  - {{id: {self.id}, title: {self.id}, {self.rest}}}"


def agenda(*parts: tuple[str, str]) -> str:
    return HEAD + "\n".join(str(Part(*part)) for part in parts)


def layers(number: int) -> str:
    """Return two sessions a level, each a part of both of the level above."""
    parts = [("top-a", "when: 09:00-10:00"), ("top-b", "when: 10:00-11:00")]
    above = "top-a, top-b"
    for level in range(1, number):
        parts += [(f"l{level}-{side}", f"part_of: [{above}]") for side in "ab"]
        above = f"l{level}-a, l{level}-b"
    return agenda(*parts)


def errors_of(text: str) -> list[str]:
    with pytest.raises(EventFileError) as refused:
        event_of(text)
    return [str(problem) for problem in refused.value.problems]


def times(schedule: Schedule, session: str) -> list[tuple[datetime, str | None, str]]:
    return [
        (entry.content.slot.start, entry.content.room, entry.content.status)
        for entry in schedule.of_session(session)
        if entry.content.slot
    ]


DIAMOND = agenda(
    ("whole", "when: [09:00-10:00, 14:00-15:00], room: Hall"),
    ("left", "part_of: whole"),
    ("right", "part_of: whole"),
    ("both", "part_of: [left, right]"),
)


def test_part_of_two_parts_of_one_whole_has_one_entry_for_each_time() -> None:
    schedule = schedule_of(DIAMOND)

    assert times(schedule, "both") == times(schedule, "whole")
    assert len(times(schedule, "both")) == 2
    assert [len(entry.content.parents) for entry in schedule.of_session("both")] == [2, 2]
    event = schedule.event
    assert len(event.slots(event.session("both") or pytest.fail())) == 2


def test_part_in_two_rooms_at_once_keeps_both() -> None:
    text = DIAMOND.replace("id: left,", "id: left, room: Foyer,")
    schedule = schedule_of(text)

    assert [room for _, room, _ in times(schedule, "both")] == ["Foyer", "Hall"] * 2


def test_part_stays_on_while_one_of_its_wholes_is() -> None:
    text = DIAMOND.replace("id: left,", "id: left, status: cancelled,")
    schedule = schedule_of(text)

    assert {status for *_, status in times(schedule, "both")} == {"confirmed"}
    both = text.replace("id: right,", "id: right, status: cancelled,")
    assert {status for *_, status in times(schedule_of(both), "both")} == {"cancelled"}


def test_part_keeps_its_uid_when_one_of_its_wholes_goes() -> None:
    first = schedule_of(DIAMOND)
    second = publish(event_of(DIAMOND.replace("[left, right]", "[right]")), first, NOW)

    assert {entry.uid for entry in second.of_session("both")} == {
        entry.uid for entry in first.of_session("both")
    }


def test_many_ways_to_a_whole_make_no_more_entries() -> None:
    schedule = schedule_of(layers(MAX_DEPTH + 1))

    # A banner, two wholes, and on each level two parts of both.
    assert len(schedule.entries) == 1 + 2 + 2 * 2 * MAX_DEPTH


def test_parts_nested_too_deep_are_told_of_once_a_chain() -> None:
    assert errors_of(layers(14)) == [
        f"conf.yaml:{4 + 2 * (MAX_DEPTH + 1) + row}:38: session l9-{side}, part_of: l9-{side} is a"
        " part of parts, more than 8 deep; name what they all belong to"
        for row, side in ((1, "a"), (2, "b"))
    ]


def chain(number: int) -> list[tuple[str, str]]:
    return [(f"s{place}", f"part_of: s{place - 1}") for place in range(1, number)]


def test_long_chain_is_an_error_and_not_the_end() -> None:
    text = agenda(("s0", "when: 09:00-10:00"), *chain(1200))

    assert [line.split(": ")[1] for line in errors_of(text)] == ["session s9, part_of"]


def test_long_circle_is_told_of() -> None:
    text = agenda(("s0", "part_of: s1199"), *chain(1200))

    lines = errors_of(text)

    assert len(lines) == 1200
    assert all("is a part of itself" in line for line in lines)


def test_likely_names_are_looked_for_only_so_often() -> None:
    parts = [(f"talk{place}", f"part_of: tolk{place}") for place in range(MOST_SEARCHED + 1)]

    *told, last = errors_of(agenda(*parts))

    assert told[0].endswith("no session 'tolk0' in this event; did you mean 'talk0'?")
    assert len(told) == MOST_SEARCHED
    assert all("; did you mean 'talk" in line for line in told)
    assert last.endswith(f"no session 'tolk{MOST_SEARCHED}' in this event; correct it")


def test_part_of_a_circle_is_no_circle() -> None:
    text = agenda(("s0", "part_of: s1"), *chain(4), ("s1", "part_of: s0"))

    assert sorted({line.split(": ")[1] for line in errors_of(text)}) == [
        "session s0, part_of",
        "session s1, id",
        "session s1, part_of",
    ]


def test_too_many_entries_are_told_of_where_they_become_too_many() -> None:
    slots = ", ".join(f"{{start: 09:00, duration: {minutes}}}" for minutes in range(1, 101))
    number = MAX_ENTRIES // 100
    parts = [(f"p{place}", "part_of: whole") for place in range(1, number + 1)]

    assert errors_of(agenda(("whole", f"when: [{slots}]"), *parts)) == [
        f"conf.yaml:{5 + number}:5: session p{number}: is on so often that the event has more"
        " than 20000 entries; give it a when of its own, or split the event"
    ]
    assert len(event_of(agenda(("whole", f"when: [{slots}]"), *parts[:-1])).sessions) == number


def test_copy_of_an_event_knows_its_own_sessions() -> None:
    event = event_of(DIAMOND)
    slots = event.slots(event.sessions[3])
    assert event.session("both") and event.parts(event.sessions[0])

    def without(sessions: Sequence[Session]) -> Event:
        return event.model_copy(update={"sessions": tuple(sessions)})

    later = tuple(slot for slot in event.sessions[0].when[1:])
    copy = without([event.sessions[0].model_copy(update={"when": later}), *event.sessions[2:]])

    assert [each.id for each in copy.parts(copy.sessions[0])] == ["right"]
    assert copy.session("left") is None
    assert copy.slots(copy.sessions[2]) == slots[1:]
