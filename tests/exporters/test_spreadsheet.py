"""CSV: what spreadsheets show, and that they run none of it."""

import csv
import io
import re

import pytest
from agendas import ONE_DAY
from conftest import BASE_URL, NOW, schedule_of
from documents import SHORT, document, rows_of
from feeds import feed
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from subscriber import read
from texts import EXPLICIT, abstracts, event_with, lines

from calsvc.exporters.spreadsheet import COLUMNS, guarded
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

HOME = f"{BASE_URL}/events/conf/sessions/"
RUN = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
"""What a cell begins with that spreadsheets run."""


@pytest.fixture(scope="module")
def short() -> Schedule:
    """A small event with something for each rule."""
    return schedule_of(SHORT)


def told(schedule: Schedule, query: str, *columns: str) -> list[tuple[str, ...]]:
    """Return some columns of a table."""
    return [tuple(row[name] for name in columns) for row in rows_of(schedule, query)]


# --- what it says -------------------------------------------------------------------------


def test_file_is_csv_as_excel_takes_it(short: Schedule) -> None:
    found = document(short, "csv")
    lines = found.body.removeprefix(b"\xef\xbb\xbf").split(b"\r\n")

    assert found.body.startswith(b"\xef\xbb\xbf")
    assert lines[0].decode().split(",") == list(COLUMNS)
    assert lines[-1] == b""
    assert (found.filename, found.is_download) == ("conf.csv", True)
    assert found.format.media_type == "text/csv; charset=utf-8; header=present"


def test_rows_are_the_times_of_sessions_in_their_order(short: Schedule) -> None:
    assert told(short, "", "title", "start", "end", "timezone", "room") == [
        ("Early", "2027-06-15 05:30", "2027-06-15 06:30", "Europe/Berlin", ""),
        ("Opening <b> & =1+1", "2027-06-15 09:00", "2027-06-15 09:30", "Europe/Berlin", "Hall A"),
        ("Panel", "2027-06-15 09:00", "2027-06-15 09:30", "Europe/Berlin", "Hall B"),
        ("Party", "2027-06-15 23:00", "2027-06-16 01:30", "Europe/Berlin", ""),
        ("Night", "2027-06-16 00:30", "2027-06-16 01:00", "Europe/Berlin", ""),
        ("Gone", "2027-06-17 09:00", "2027-06-17 10:00", "Europe/Berlin", ""),
        ("Maybe", "2027-06-17 11:00", "2027-06-17 12:00", "Europe/Berlin", ""),
        ("Posters", "2027-06-17 12:00", "2027-06-17 13:00", "Europe/Berlin", "Hall A"),
        ("Far", "2027-06-17 21:00", "2027-06-17 21:45", "Asia/Tokyo", ""),
        ("Posters", "2027-06-17 15:00", "2027-06-17 16:00", "Europe/Berlin", "Hall B"),
        ("Waiting", "", "", "", ""),
    ]


def test_row_says_all_that_is_known(short: Schedule) -> None:
    [row] = [each for each in rows_of(short) if each["id"] == "opening"]

    assert row == {
        "title": "Opening <b> & =1+1",
        "start": "2027-06-15 09:00",
        "end": "2027-06-15 09:30",
        "timezone": "Europe/Berlin",
        "room": "Hall A",
        "kind": "opening",
        "track": "Data",
        "speakers": "Bob Example",
        "moderators": "",
        "panelists": "",
        "authors": "",
        "hosts": "Ada Example, Engines",
        "description": "# Welcome\n\n- to *all*\n- =2+2",
        "tags": "start\nparty",
        "language": "de",
        "level": "Everybody",
        "status": "confirmed",
        "url": "https://conf.example/opening",
        "links": "Paper: https://conf.example/paper\nhttps://conf.example/more",
        "stream": "https://live.example/a",
        "part_of": "",
        "id": "opening",
        "uid": str(short.of_session("opening")[0].uid),
    }


def test_parts_name_their_wholes(short: Schedule) -> None:
    columns = ("part_of", "authors", "start", "room", "url")

    assert told(short, "kind=poster", *columns) == [
        ("posters", "Cy\nDee", "2027-06-17 12:00", "Hall A", f"{HOME}poster/"),
        ("posters", "Cy\nDee", "2027-06-17 15:00", "Hall B", f"{HOME}poster/"),
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", [("Gone", "cancelled"), ("Maybe", "tentative")]),
        ("cancelled=mark", [("Cancelled: Gone", "confirmed"), ("Maybe", "tentative")]),
        ("cancelled=drop", [("Maybe", "tentative")]),
    ],
)
def test_cancelled_sessions_are_marked_as_the_address_says(
    short: Schedule, query: str, shown: list[tuple[str, str]]
) -> None:
    odd = [each for each in told(short, query, "title", "status") if each[1] != "confirmed"]
    marked = [each for each in told(short, query, "title", "status") if ":" in each[0]]

    assert sorted({*odd, *marked}) == shown


def test_postponed_session_says_so(rich: Schedule) -> None:
    [row] = [each for each in rows_of(rich) if each["id"] == "postponed"]

    assert (row["title"], row["status"], row["start"]) == (
        "Postponed",
        "postponed",
        "2026-10-24 14:00",
    )


def test_hour_that_repeats_has_its_offset(rich: Schedule) -> None:
    [row] = [each for each in rows_of(rich) if each["id"] == "repeated"]

    assert (row["start"], row["end"]) == ("2026-10-25T02:15:00+02:00", "2026-10-25T02:15:00+01:00")


def test_end_after_an_hour_that_repeats_has_its_offset_too() -> None:
    when = '{start: "2026-10-25T02:30+01:00", end: "2026-10-25 03:30"}'
    about = "name: Conf\ntimezone: Europe/Berlin\ndate: 2026-10-25\n"
    schedule = schedule_of(f"{about}sessions: [{{id: one, title: One, when: {when}}}]")

    assert told(schedule, "", "start", "end") == [
        ("2026-10-25T02:30:00+01:00", "2026-10-25T03:30:00+01:00")
    ]


def test_seconds_are_there_where_there_are_some() -> None:
    when = '{start: "2025-06-25T09:00:30", end: "2025-06-25T09:30"}'
    schedule = schedule_of(f"{ONE_DAY}sessions: [{{id: one, title: One, when: {when}}}]")

    assert told(schedule, "", "start", "end") == [("2025-06-25 09:00:30", "2025-06-25 09:30")]


@pytest.mark.parametrize("query", ["", "parts=yes", "kind=!panel&room=hall-a", "q=po"])
def test_rows_with_times_have_the_uids_of_the_feed(short: Schedule, query: str) -> None:
    uids = {row["uid"] for row in rows_of(short, query) if row["start"]}

    assert uids == set(read(feed(short, query))) - {str(short.banners[0].uid)}
    assert uids


def test_nothing_that_matches_leaves_the_header(short: Schedule) -> None:
    assert rows_of(short, "tag=none") == []
    assert document(short, "csv", "tag=none").body.count(b"\r\n") == 1


# --- what no spreadsheet runs -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        (" =1+1", "' =1+1"),
        ("'=1+1", "''=1+1"),
        ("＝1", "'＝1"),
        ("＠x", "'＠x"),
        ("- one\n- two", "'- one\n- two"),
        ("one\n=cmd|' /C calc'!A0", "one\n =cmd|' /C calc'!A0"),
        ("one;=1+1", "one; =1+1"),
        ("one;  =1+1", "one;   =1+1"),
        ("one;-1+cmd|x", "one; -1+cmd|x"),
        ("one;- cmd|x", "one; - cmd|x"),
        ("one\t@x", "one\t @x"),
        ("'tis", "'tis"),
        ("one\n- two (2)", "one\n- two (2)"),
        ("a = b; c - d", "a = b; c - d"),
        ("", ""),
    ],
)
def test_formula_gets_an_apostrophe_or_a_space(text: str, cell: str) -> None:
    assert guarded(text) == cell


@given(st.text(st.sampled_from("=+-@\t\r\n;,'\" ＝＠ab|"), max_size=12))
def test_guarded_text_is_run_by_nobody_and_can_be_read_back(text: str) -> None:
    cell = guarded(text)

    assert not cell.startswith(RUN)
    assert not cell.lstrip().startswith(RUN)
    shown = cell[1:] if re.match(r"'+\s*[=+\-@\t\r＝＋－＠]", cell) else cell
    assert "".join(shown.split()) == "".join(text.split())


@given(
    st.lists(lines, min_size=1, max_size=4),
    st.lists(abstracts, min_size=1, max_size=3),
    st.sampled_from([each for each in RUN if not each.isspace()]),
)
@hypothesis_settings(max_examples=25)
def test_no_cell_begins_as_a_formula_does(texts: list[str], about: list[str], mark: str) -> None:
    words = [f"{mark}{text}"[:500] for text in texts]
    schedule = publish(event_with(words, [f"a;{mark}{each}" for each in about]), None, NOW)
    body = document(schedule, "csv").body.decode("utf-8-sig")

    rows = list(csv.reader(io.StringIO(body, newline="")))
    split = [
        cell
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=";")
        for cell in row
        if mark in "=@＝＠"
    ]

    assert all(len(row) == len(COLUMNS) for row in rows)
    assert not [cell for row in rows for cell in row if cell.startswith(RUN)]
    assert not [cell for cell in split if cell.startswith(mark)]


def test_explicit_hostile_texts_stay_as_they_are() -> None:
    event = event_with(list(EXPLICIT), ["a\n\nb", '"', '""', "a,b;c", "\\N"])
    schedule = publish(event, None, NOW)

    rows = rows_of(schedule)

    assert sorted((row["title"], row["description"], row["room"]) for row in rows) == sorted(
        (each.title, each.description, each.when[0].room) for each in event.sessions
    )
