"""The agenda as a grid: what overlaps stands side by side; and a long one is small."""

import gzip
import re
from itertools import combinations

import pytz
from agendas import agenda_of, long_agenda
from conftest import client_of
from hypothesis import given
from hypothesis import strategies as st
from pages import AgendaPage, agenda_page

from calsvc.web.grid import MOST_LANES, Cluster, days

BERLIN = pytz.timezone("Europe/Berlin")


def places(cluster: Cluster) -> dict[str, tuple[int, int, int]]:
    """Return the row, rows and lane of each session."""
    return {str(each.entry.session): (each.row, each.rows, each.lane) for each in cluster.placed}


def test_what_overlaps_stands_side_by_side() -> None:
    schedule = agenda_of(
        "talk 09:00-10:00 A",
        "workshop 09:00-12:00 B",
        "next 10:00-11:00 A",
        "third 10:30-11:30 C",
        "lunch 12:00-13:00 A",
    )

    ((day),) = days(schedule.entries, BERLIN)

    assert [places(cluster) for cluster in day.clusters] == [
        {"talk": (1, 1, 1), "workshop": (1, 3, 2), "next": (2, 2, 1), "third": (3, 1, 3)},
        {"lunch": (1, 1, 1)},
    ]
    assert [cluster.is_grid for cluster in day.clusters] == [True, False]


def test_lanes_stand_in_the_order_of_rooms() -> None:
    schedule = agenda_of("b 09:00-10:00 B", "a 09:00-10:00 A", "other 09:00-10:00 C")

    ((day),) = days(schedule.entries, BERLIN, ["A", "B", "unused"])

    assert places(day.clusters[0]) == {"a": (1, 1, 1), "b": (1, 1, 2), "other": (1, 1, 3)}


TIMES = st.tuples(
    st.integers(0, 40), st.integers(1, 12), st.sampled_from(["A", "B", "C", "D"])
)  # quarters of an hour, from eight o'clock


@given(st.lists(TIMES, min_size=1, max_size=30))
def test_nothing_covers_anything_else(times: list[tuple[int, int, str]]) -> None:
    def clock(quarters: int) -> str:
        return f"{8 + quarters // 4:02}:{quarters % 4 * 15:02}"

    rows = [
        f"s{number} {clock(start)}-{clock(start + length)} {room}"
        for number, (start, length, room) in enumerate(times)
    ]

    ((day),) = days(agenda_of(*rows).entries, BERLIN)

    placed = [each for cluster in day.clusters for each in cluster.placed]
    assert {each.entry.session for each in placed} == {row.split()[0] for row in rows}
    for cluster in day.clusters:
        for one, other in combinations(cluster.placed, 2):
            overlap = one.start < other.end and other.start < one.end
            share_rows = one.row < other.row + other.rows and other.row < one.row + one.rows
            assert overlap == share_rows
            assert not (overlap and one.lane == other.lane)
        assert {each.lane for each in cluster.placed} == set(range(1, cluster.lanes + 1))
    for earlier, later in zip(day.clusters, day.clusters[1:], strict=False):
        assert max(each.end for each in earlier.placed) <= min(each.start for each in later.placed)


def test_much_at_once_has_no_lanes() -> None:
    many = agenda_of(*(f"s{number} 09:00-10:00 R{number}" for number in range(MOST_LANES + 1)))

    ((day),) = days(many.entries, BERLIN)

    assert (day.clusters[0].is_loose, day.clusters[0].is_grid) == (True, False)


def test_page_has_the_rows_in_the_order_of_time() -> None:
    client = client_of(agenda_of("early 09:00-10:00 A", "late 11:00-12:00 A", "long 09:00-12:00 B"))

    page = agenda_page(client, "/events/conf/")

    assert page.titles == ["early", "long", "late"]


def test_rooms_that_are_not_listed_stand_in_the_order_of_their_names() -> None:
    schedule = agenda_of("a 09:00-10:00 Room 10", "b 09:00-10:00 Room 2", "c 09:00-10:00 Lab")

    ((day),) = days(schedule.entries, BERLIN, ["Room 10"])

    assert [each.entry.session for each in day.placed] == ["a", "c", "b"]


# --- size ---------------------------------------------------------------------------------


def test_agenda_of_500_sessions_is_small_and_paints_with_one_stylesheet() -> None:
    client = client_of(long_agenda(500))

    response = client.get("/events/conf/days/", headers={"Accept-Encoding": "gzip"})

    assert len(response.data) < 60 * 1024
    html = gzip.decompress(response.data).decode()
    assert len(AgendaPage(html).articles) == 500
    head = html[: html.index("</head>")]
    assert len(re.findall(r'<link rel="stylesheet"', html)) == 1
    assert [each for each in re.findall(r"<script ([^>]*)>", head) if "src" in each] == [
        each for each in re.findall(r"<script ([^>]*)>", head) if each.startswith('type="module"')
    ]
