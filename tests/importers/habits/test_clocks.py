"""Clock times in every habit, and what only looks like one."""

import pytest

from calsvc.importers.habits import clocks, halves


def at(hour: int, minute: int = 0) -> int:
    """Return a time in minutes since midnight."""
    return hour * 60 + minute


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("9:00-9:45", at(9), at(9, 45)),
        ("9:00 – 9:45", at(9), at(9, 45)),
        ("09:30--10:00", at(9, 30), at(10)),
        ("9.00 — 9.45", at(9), at(9, 45)),
        ("09:00:00", at(9), None),
        ("0900-1030", at(9), at(10, 30)),
        ("0900", at(9), None),
        ("1900-2030", at(19), at(20, 30)),
        ("1030a", at(10, 30), None),
        ("2:15p-3p", at(14, 15), at(15)),
        ("1030a-noon", at(10, 30), at(12)),
        ("9–9:45 am", at(9), at(9, 45)),
        ("10:45-11:45am", at(10, 45), at(11, 45)),
        ("11:15-1:15pm", at(11, 15), at(13, 15)),
        ("12:15-1:15pm", at(12, 15), at(13, 15)),
        ("8-9:30pm", at(20), at(21, 30)),
        ("9am-5", at(9), at(17)),
        ("9-10", at(9), at(10)),
        ("12 noon - 1 p.m.", at(12), at(13)),
        ("noon", at(12), None),
        ("11 pm to midnight", at(23), at(24)),
        ("10pm - 2am", at(22), at(26)),
        ("22:00-01:30", at(22), at(25, 30)),
        ("10h30", at(10, 30), None),
        ("de 9h à 10h30", at(9), at(10, 30)),
        ("10 Uhr", at(10), None),
        ("von 9.30 bis 11 Uhr", at(9, 30), at(11)),
        ("9 bis 10 Uhr", at(9), at(10)),
        ("from 2pm until 3:30 pm", at(14), at(15, 30)),
        ("18:30-", at(18, 30), None),
        ("18:30 – late", at(18, 30), None),
        ("18:30+", at(18, 30), None),
        ("until 5pm", None, at(17)),
        ("bis 17 Uhr", None, at(17)),
        ("(14:00 - 15:00)", at(14), at(15)),
        ("**14:00**", at(14), None),
        ("08:00 am", at(8), None),
        ("02:00Après-midi", at(14), None),
        ("10:00 Matin", at(10), None),
        ("3 Uhr nachmittags", at(15), None),
        ("9:00 de la mañana", at(9), None),
        ("12:30 PM", at(12, 30), None),
        ("13:30 PM", at(13, 30), None),
        ("9:00 a.m. – 10:00 a.m.", at(9), at(10)),
    ],
)
def test_hours_are_read(text: str, start: int | None, end: int | None) -> None:
    hours = clocks.whole(text)

    assert hours is not None
    assert halves.settled([hours])[0][:2] == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "78701",
        "500 E",
        "Room 1130",
        "2017",
        "2018-2019",
        "9",
        "1.10.2",
        "12.02.2025",
        "25:00",
        "9:75",
        "2025-02-12",
        "10%",
        "1999",
        "3-5 topics",
        "5 Minutes (Max)",
        "+1 (817) 919-5583",
        "",
        "6a6a",
        "1A Short papers",
        "4x",
    ],
)
def test_what_only_looks_like_a_time_is_none(text: str) -> None:
    assert clocks.whole(text) is None
    assert clocks.leading(text) is None
    assert clocks.trailing(f"Somewhere at {text}") is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("9:00 AM PT", "PT"),
        ("9:00 AM - 5:00PM (CEST)", "CEST"),
        ("14:00 (UTC+2)", "UTC+2"),
        ("14:00-15:00 UTC", "UTC"),
        ("9am PDT / 12pm EDT / 18:00 CEST", "PDT"),
        ("9:00am Pacific Time", "Pacific Time"),
        ("14:00", None),
    ],
)
def test_zone_behind_is_kept(text: str, zone: str | None) -> None:
    hours = clocks.whole(text)

    assert hours is not None
    assert hours.zone == zone


@pytest.mark.parametrize(
    ("text", "start", "rest"),
    [
        ("08:00 am - Registration and light breakfast", at(8), "Registration and light breakfast"),
        ("9:00am - 9:15am: Meeting Introduction", at(9), "Meeting Introduction"),
        ("2pm - 6pm - Registration + Badges", at(14), "Registration + Badges"),
        ("4:30 - 5:30 Prepare posters", at(16, 30), "Prepare posters"),
        ("~12:00-ish - Lunch (with the others)", at(12), "Lunch (with the others)"),
        ("10:30 - 3D printing", at(10, 30), "3D printing"),
        ("13:00 | Talk", at(13), "Talk"),
        ("[13:00] Talk", at(13), "Talk"),
        ("0930 Coffee", at(9, 30), "Coffee"),
        ("9:00 A new beginning", at(9), "A new beginning"),
        ("10:00 - 3 ways to begin", at(10), "3 ways to begin"),
        ("10:00 - 2025 in numbers", at(10), "2025 in numbers"),
        ("9am-5: Registration", at(9), "Registration"),
        ("9:00a A new beginning", at(9), "A new beginning"),
        ("8:30-9:15: Bus to the hall", at(8, 30), "Bus to the hall"),
        ("10 - 10:30am. People arrive", at(10), "People arrive"),
    ],
)
def test_line_begins_with_hours(text: str, start: int, rest: str) -> None:
    found = clocks.leading(text)

    assert found is not None
    assert (halves.settled([found[0]])[0].start, found[1]) == (start, rest)


@pytest.mark.parametrize(
    ("text", "start", "end", "before"),
    [
        ("Welcome (9:00 - 9:30)", at(9), at(9, 30), "Welcome"),
        ("Lunch – 12pm", at(12), None, "Lunch"),
        ("Talks, 14:00-15:00", at(14), at(15), "Talks"),
        ("Dinner @ 19:00", at(19), None, "Dinner"),
    ],
)
def test_line_ends_with_hours(text: str, start: int, end: int | None, before: str) -> None:
    found = clocks.trailing(text)

    assert found is not None
    assert (*halves.settled([found[0]])[0][:2], found[1]) == (start, end, before)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1h 30m", 90),
        ("1h", 60),
        ("45 min", 45),
        ("60 minutes", 60),
        ("1.5 hours", 90),
        ("0:20", 20),
        ("PT1H30M", 90),
        ("90", 90),
        ("1 Stunde", 60),
        ("", None),
        ("long", None),
        ("0 min", None),
    ],
)
def test_durations_are_read(text: str, minutes: int | None) -> None:
    assert clocks.duration(text) == minutes


def test_hours_behind_very_many_brackets_leave_what_is_before_them() -> None:
    """Such a text took minutes: each bracket was tried as the first of those at the end."""
    brackets = " ([*" * 20_000

    found = clocks.trailing(f"Engines{brackets} – {brackets}9:00-9:30")

    assert found
    assert found[1] == "Engines"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(0, "0:00"), (545, "9:05"), (1439, "23:59"), (1440, "0:00"), (2 * 1440 + 61, "1:01")],
)
def test_time_is_shown_without_its_day(minutes: int, shown: str) -> None:
    assert clocks.shown(minutes) == shown
