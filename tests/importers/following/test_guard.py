"""How much of an agenda may change at once before a person has to look."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from origins import Agenda, agenda_of

from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.guard import doubts
from calsvc.importers.reading import read
from calsvc.importers.updating.snapshots import known_snapshot
from calsvc.importers.updating.updating import Import, planned, write

NOW = datetime(2027, 6, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def plan(path: Path, agenda: Agenda) -> Import:
    source = Source("schedule.json", agenda.octets())
    draft, reader = read(source, Wishes())
    return planned(path, draw(draft, Wishes(), source.name), source.name, reader.name)


def reasons(folder: Path, before: Agenda, after: Agenda, now: datetime = NOW) -> list[str]:
    path = folder / "conf.yaml"
    write(plan(path, before))
    return doubts(plan(path, after), known_snapshot(path), now)


def without(agenda: Agenda, number: int) -> Agenda:
    return replace(agenda, sessions=agenda.sessions[number:])


def moved(agenda: Agenda, number: int) -> Agenda:
    for place in range(number):
        agenda = agenda.changed(place, start=agenda.sessions[place].start + HOUR)
    return agenda


def retitled(agenda: Agenda, number: int) -> Agenda:
    for place in range(number):
        agenda = agenda.changed(place, title=f"New title {place}")
    return agenda


@pytest.mark.parametrize(
    ("size", "change", "number", "doubt"),
    [
        (20, without, 4, None),  # a fifth
        (20, without, 5, "5 of 20 coming sessions are gone"),
        (3, without, 1, None),  # of a small event, one is nothing yet
        (3, without, 2, "2 of 3 coming sessions are gone"),
        (18, moved, 5, None),
        (18, moved, 6, "6 of 18 coming sessions have another time"),  # a third
        (2, moved, 1, None),
        (18, retitled, 5, None),
        (18, retitled, 6, "6 of 18 coming sessions have another title"),
    ],
)
def test_share_that_may_change(
    tmp_path: Path, size: int, change: object, number: int, doubt: str | None
) -> None:
    before = agenda_of(size)

    found = reasons(tmp_path, before, change(before, number))  # type: ignore[operator]

    assert found[:1] == ([doubt] if doubt else [])


def test_what_is_over_is_not_missed(tmp_path: Path) -> None:
    before = agenda_of(10)
    after = replace(before, sessions=before.sessions[1::2])  # of the second day

    assert reasons(tmp_path, before, after, datetime(2027, 6, 15, 22, tzinfo=UTC)) == []


def test_loss_of_most_is_doubted_even_when_all_is_over(tmp_path: Path) -> None:
    before = agenda_of(10)

    found = reasons(tmp_path, before, without(before, 6), datetime(2027, 7, 1, tzinfo=UTC))

    assert found == ["6 of all 10 sessions are gone"]


@pytest.mark.parametrize("after", [agenda_of(10), replace(agenda_of(10), name="Another")])
def test_what_hardly_changes_is_not_doubted(tmp_path: Path, after: Agenda) -> None:
    assert reasons(tmp_path, agenda_of(10), after) == []


def test_agenda_may_grow(tmp_path: Path) -> None:
    assert reasons(tmp_path, agenda_of(3), agenda_of(40)) == []


def test_new_file_is_not_doubted(tmp_path: Path) -> None:
    assert doubts(plan(tmp_path / "conf.yaml", agenda_of(3)), None, NOW) == []


def test_breaks_of_one_title_are_not_taken_for_swapped_ids(tmp_path: Path) -> None:
    before = agenda_of(10)
    for place in (0, 1, 2):
        before = before.changed(place, title="Break", person="")
    after = before.changed(0, title="Talk 0", person="Person 0").changed(
        5, title="Break", person=""
    )

    assert reasons(tmp_path, before, after) == []


def test_event_whose_ids_never_lasted_may_have_new_ones(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    states = []
    for number in range(4):
        sessions = (replace(each, key=f"{number}-{each.key}") for each in agenda_of(10).sessions)
        state = replace(agenda_of(10), sessions=tuple(sessions))
        done = plan(path, state)
        states.append(doubts(done, known_snapshot(path), NOW))
        write(done)

    assert states == [[], ["only 0 of its 10 ids of sessions are as before"], [], []]
