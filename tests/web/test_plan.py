"""A day as a table of rooms and times: every session in its place, and nothing twice."""

from collections import Counter

import pytest
import pytz
from agendas import agenda_of
from conftest import client_of, schedule_of
from hypothesis import given
from hypothesis import strategies as st

from calsvc.schedule.entries import Schedule
from calsvc.web.grid import days
from calsvc.web.plan import MOST_ABREAST, Plan, plan

BERLIN = pytz.timezone("Europe/Berlin")


def plan_of(schedule: Schedule, *listed: str) -> Plan:
    """Return the table of the only day of a schedule."""
    events = {entry.uid: schedule.event for entry in schedule.entries}
    (day,) = days(schedule.entries, BERLIN, listed, events)
    return plan(day, listed)


def drawn(plan: Plan) -> list[str]:
    """Return a table as it is seen: a line a row, a word a column, ``.`` where nothing is."""
    columns = max(plan.columns, 1)
    seen = [["?"] * columns for _ in plan.rows]
    for number, row in enumerate(plan.rows):
        for cell in row.cells:
            first = seen[number].index("?")
            for line in seen[number : number + cell.rows]:
                assert set(line[first : first + cell.columns]) == {"?"}
                words = str(cell.placed.entry.session) if cell.placed else "."
                line[first : first + cell.columns] = [words] * cell.columns
    return [
        f"{row.start:%H:%M} {' '.join(line)}" for row, line in zip(plan.rows, seen, strict=True)
    ]


def test_rooms_are_columns_and_starts_are_rows() -> None:
    schedule = agenda_of(
        "talk 09:00-10:00 Room 10",
        "workshop 09:00-12:00 Room 2",
        "next 10:00-11:00 Room 10",
        "third 10:30-11:30 Attic",
    )

    table = plan_of(schedule, "Room 2")

    assert [room.name for room in table.rooms] == ["Room 2", "Attic", "Room 10"]
    assert drawn(table) == [
        "09:00 workshop . talk",
        "10:00 workshop . next",
        "10:30 workshop third next",
        "11:00 workshop third .",
        "11:30 workshop . .",
    ]


def test_heights_go_by_duration() -> None:
    schedule = agenda_of("a 09:00-09:20 A", "b 09:20-11:00 A", "c 09:20-17:00 B")

    assert [row.minutes for row in plan_of(schedule).rows] == [20, 100, 180]


def test_overlaps_in_a_room_stand_beside_each_other_below_its_name() -> None:
    schedule = agenda_of("a 09:00-10:00 A", "b 09:00-10:00 B", "c 09:30-10:30 A")

    table = plan_of(schedule)

    assert [(room.name, room.lanes) for room in table.rooms] == [("A", 2), ("B", 1)]
    assert drawn(table) == ["09:00 a . b", "09:30 a c b", "10:00 . c ."]


EVENT = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: a, title: A, when: 09:00-10:00, room: A}
  - {id: b, title: B, when: 09:00-10:00, room: B}
"""


OVERLAPPING = ["09:00 a b .", "09:30 a b x", "10:00 . . x"]


@pytest.mark.parametrize(
    ("row", "lines"),
    [
        ("{id: x, title: X, kind: break, when: 10:00-10:30}", ["09:00 a b", "10:00 x x"]),
        ("{id: x, title: X, kind: meal, room: C, when: 10:00-10:30}", ["09:00 a b", "10:00 x x"]),
        ("{id: x, title: X, when: 10:00-10:30}", ["09:00 a b", "10:00 x x"]),
        ("{id: x, title: X, when: 10:00-10:30, room: B}", ["09:00 a b", "10:00 . x"]),
        ("{id: x, title: X, kind: break, when: 09:30-10:30}", OVERLAPPING),
    ],
)
def test_what_is_for_everybody_and_alone_spans_all_rooms(row: str, lines: list[str]) -> None:
    seen = drawn(plan_of(schedule_of(f"{EVENT}  - {row}\n")))

    assert [line for line in seen if line.split()[1:] != ["."] * len(line.split()[1:])] == lines


def test_desk_that_is_open_all_day_is_a_line_above_the_others() -> None:
    desk = "{id: desk, title: Desk, kind: registration, room: Hall, when: 09:00-18:00}"
    lunch = "{id: lunch, title: Lunch, kind: meal, when: 12:00-13:00}"

    table = plan_of(schedule_of(f"{EVENT}  - {desk}\n  - {lunch}\n"))

    assert drawn(table) == ["09:00 desk desk", "09:00 a b", "10:00 . .", "12:00 lunch lunch"]
    assert [row.is_headed for row in table.rows] == [False, True, True, True]


TIMES = st.tuples(
    st.integers(0, 40), st.integers(1, 12), st.sampled_from(["A", "B", "C", "D"])
)  # ten minutes, from eight o'clock


@given(st.lists(TIMES, min_size=1, max_size=30))
def test_every_session_is_there_once_for_as_long_as_it_lasts(
    times: list[tuple[int, int, str]],
) -> None:
    def clock(tens: int) -> str:
        return f"{8 + tens // 6:02}:{tens % 6 * 10:02}"

    rows = [
        f"s{number} {clock(start)}-{clock(start + length)} {room}"
        for number, (start, length, room) in enumerate(times)
    ]

    table = plan_of(agenda_of(*rows))
    seen = drawn(table)

    assert not [line for line in seen if "?" in line]
    counts = Counter(str(each.entry.session) for row in table.rows for each in row.placed)
    assert counts == Counter({row.split()[0]: 1 for row in rows})
    for number, row in enumerate(table.rows):
        names = seen[number].split()[1:]
        for each in rows:
            name, when, _ = each.split()
            start, end = when.split("-")
            if start <= f"{row.start:%H:%M}" < end:
                assert name in names
            elif f"{row.start:%H:%M}" < start:
                assert name not in names


def test_more_rooms_than_fit_are_scrolled_by_a_region_that_the_keyboard_reaches() -> None:
    many = agenda_of(*(f"s{number} 09:00-10:00 R{number}" for number in range(MOST_ABREAST + 1)))
    few = agenda_of("a 09:00-10:00 A", "b 09:00-10:00 B")

    pages = [client_of(schedule).get("/events/conf/").text for schedule in (many, few)]

    region = 'tabindex="0" aria-label="Plan by room, Wednesday, June 25, 2025">'
    assert f'<section class="plan by-room many" {region}' in pages[0]
    assert f'<section class="plan by-room fits-2" {region}' in pages[1]


def test_list_and_single_room_are_no_table() -> None:
    two = client_of(agenda_of("a 09:00-10:00 A", "b 09:00-10:00 B"))
    one = client_of(agenda_of("a 09:00-10:00 A", "b 11:00-12:00 A"))

    pages = [
        two.get("/events/conf/?view=list").text,
        two.get("/events/conf/?q=a").text,
        one.get("/events/conf/").text,
    ]

    for page in pages:
        assert '<div class="plan">' in page and "by-room" not in page
        assert "rowspan" not in page
    assert 'href="/events/conf/?view=list">List</a>' in two.get("/events/conf/").text
    assert 'href="/events/conf/">Plan by room</a>' in pages[0]
