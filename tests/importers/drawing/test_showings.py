"""When sessions of a draft are, and how an event file says so."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from foreign import INSTANTS, LOCAL_TIMES, ZONES, draft_of, drawn, event_of_drawing, talk
from hypothesis import given
from hypothesis import strategies as st

from calsvc.importers.drafts import DraftSession, Wishes
from calsvc.importers.drawing.drawing import draw

JUNE = {"first_day": date(2027, 6, 15), "last_day": date(2027, 6, 17)}


def when_of(*sessions: DraftSession, **fields: Any) -> Any:
    """Return the ``when`` of the first session of an event on three days in June."""
    return drawn(*sessions, **{**JUNE, **fields}).sessions[0].get("when")


@pytest.mark.parametrize(
    ("start", "end", "when"),
    [
        ("2027-06-15 09:00", "2027-06-15 09:45", "2027-06-15 09:00-09:45"),
        ("2027-06-15 07:00+00:00", "2027-06-15 07:45+00:00", "2027-06-15 09:00-09:45"),
        ("2027-06-15 09:00:20", "2027-06-15 09:45:59", "2027-06-15 09:00-09:45"),
        ("2027-06-15 22:00", "2027-06-16 01:30", "2027-06-15 22:00-01:30+1"),
        ("2027-06-15 22:00", "2027-06-16 00:00", "2027-06-15 22:00-00:00+1"),
        ("2027-06-15 09:00", "2027-06-17 18:00", "2027-06-15 09:00-18:00+2"),
        # the night after a day
        ("2027-06-16 00:30", "2027-06-16 02:00", "2027-06-15 24:30-26:00"),
        ("2027-06-16 00:00", "2027-06-16 06:00", "2027-06-15 24:00-30:00"),
        ("2027-06-16 05:59", "2027-06-16 06:01", "2027-06-15 05:59+1-06:01+1"),
        ("2027-06-16 00:30", "2027-06-17 09:00", "2027-06-15 00:30+1-09:00+2"),
        ("2027-06-16 06:00", "2027-06-16 07:00", "2027-06-16 06:00-07:00"),
        ("2027-06-18 01:00", "2027-06-18 02:00", "2027-06-17 25:00-26:00"),
        # the early morning before the first day is of no evening
        ("2027-06-15 05:00", "2027-06-15 05:30", "2027-06-15 05:00-05:30"),
        # long ones
        ("2027-06-15 09:00", "2027-06-23 18:00", "2027-06-15 09:00-18:00+8"),
        (
            "2027-06-15 09:00",
            "2027-06-24 18:00",
            {"start": "2027-06-15 09:00", "end": "2027-06-24 18:00"},
        ),
    ],
)
def test_time_is_written_in_the_shortest_form(start: str, end: str, when: Any) -> None:
    assert when_of(talk("One", start, end)) == when


def test_time_that_happens_twice_is_written_with_its_offset() -> None:
    autumn = {"first_day": date(2027, 10, 31), "last_day": date(2027, 10, 31)}
    second = talk("One", "2027-10-31 01:30+00:00", "2027-10-31 02:30+00:00")

    assert when_of(second, **autumn) == {
        "start": "2027-10-31T02:30+01:00",
        "end": "2027-10-31T03:30+01:00",
    }


def test_local_time_that_happens_twice_is_the_first_one_and_told() -> None:
    drawing = drawn(talk("One", "2027-10-31 02:30", "2027-10-31 04:00"))

    (slot,) = event_of_drawing(drawing).sessions[0].when
    assert slot.start == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert drawing.guesses == {"one": ["02:30 happens twice on 2027-10-31: the first is taken"]}


def test_local_time_that_clocks_skip_is_left_out_and_told() -> None:
    drawing = drawn(talk("One", "2027-03-28 02:30", "2027-03-28 03:30"), **JUNE)

    assert drawing.sessions == [{"id": "one", "title": "One"}]
    assert drawing.left_out == {
        "one": [
            "its time cannot be: 02:30 does not exist on 2027-03-28 in Europe/Berlin:"
            " clocks go forward over it"
        ]
    }


def test_end_that_clocks_skip_is_guessed_and_told() -> None:
    drawing = drawn(talk("One", "2027-03-28 01:30", "2027-03-28 02:30"))

    (slot,) = event_of_drawing(drawing).sessions[0].when
    assert slot.end - slot.start == timedelta(minutes=30)
    first, second = drawing.guesses["one"]
    assert first.startswith("its end cannot be: 02:30 does not exist")
    assert second.startswith("no end is given")


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("2027-06-15 09:00", "which is not after its start"),
        ("2027-06-14 10:00", "which is not after its start"),
        ("2027-08-15 10:00", "which is far off"),
    ],
)
def test_end_that_cannot_be_is_guessed_and_told(end: str, told: str) -> None:
    drawing = drawn(talk("One", "2027-06-15 09:00", end))

    assert drawing.sessions[0]["when"] == "2027-06-15 09:00-09:30"
    assert drawing.guesses["one"] == [
        f"the source has an end at {end}, {told}",
        "no end is given: it lasts as long as is usual",
    ]


def test_end_without_a_start_is_told() -> None:
    drawing = drawn(talk("One", None, "2027-06-15 09:00"), **JUNE)

    assert drawing.left_out == {"one": ["it has an end and no start"]}


def test_last_hour_of_the_last_year_is_left_out() -> None:
    drawing = drawn(talk("One", "2036-12-31 23:50"), talk("Two", "2036-12-31 09:00"))

    assert "when" not in drawing.sessions[0]
    assert drawing.left_out["one"][0].startswith("its time cannot be: 2037-01-01")


@pytest.mark.parametrize(
    ("zone", "when", "start"),
    [
        (
            "Asia/Tokyo",
            {"start": "2027-06-15 09:00", "end": "10:00", "timezone": "Asia/Tokyo"},
            datetime(2027, 6, 15, 0, tzinfo=UTC),
        ),
        ("asia/tokyo", None, datetime(2027, 6, 15, 0, tzinfo=UTC)),
        ("Europe/Berlin", "2027-06-15 09:00-10:00", datetime(2027, 6, 15, 7, tzinfo=UTC)),
        ("Nowhere", "2027-06-15 09:00-10:00", datetime(2027, 6, 15, 7, tzinfo=UTC)),
    ],
)
def test_zone_of_a_showing_is_kept(zone: str, when: Any, start: datetime) -> None:
    drawing = drawn(talk("One", "2027-06-15 09:00", "2027-06-15 10:00", timezone=zone))

    assert when is None or drawing.sessions[0]["when"] == when
    assert event_of_drawing(drawing).sessions[0].when[0].start == start
    told = ["the zone Nowhere is unknown: its times are taken for Europe/Berlin"]
    assert drawing.guesses.get("one") == (told if zone == "Nowhere" else None)


def test_day_counts_in_the_zone_of_the_event() -> None:
    """Half past eleven in Honolulu is the next morning in Tokyo."""
    late = talk("One", "2027-06-15 23:30", "2027-06-15 23:45", timezone="Pacific/Honolulu")

    drawing = drawn(late, timezone="Asia/Tokyo")

    assert drawing.mapping["date"] == "2027-06-16"
    assert event_of_drawing(drawing).sessions[0].when[0].start == datetime(
        2027, 6, 16, 9, 30, tzinfo=UTC
    )


# --- several showings ---------------------------------------------------------------------


def test_showings_of_one_key_and_title_are_one_session() -> None:
    shown = [
        talk("Poster", f"2027-06-{day} 09:00", f"2027-06-{day} 10:00", key="7", room=room)
        for day, room in (("15", "A"), ("16", "B"), ("15", "A"))
    ]

    assert drawn(*shown, talk("Other", key="7")).sessions == [
        {
            "id": "poster",
            "title": "Poster",
            "when": [
                {"start": "2027-06-15 09:00", "end": "10:00", "room": "A"},
                {"start": "2027-06-16 09:00", "end": "10:00", "room": "B"},
            ],
        },
        {"id": "other", "title": "Other"},
    ]


def test_showings_without_a_key_stay_apart() -> None:
    lunch = [talk("Lunch", f"2027-06-{day} 12:00") for day in (15, 16)]

    assert [each["id"] for each in drawn(*lunch).sessions] == ["lunch", "lunch-2"]


def test_cancelled_time_among_others_is_left_out_and_told() -> None:
    on = talk("One", "2027-06-15 09:00", "2027-06-15 10:00", key="1")
    off = talk("One", "2027-06-16 09:00", "2027-06-16 10:00", key="1", is_cancelled=True)

    drawing = drawn(on, off)

    assert drawing.sessions == [{"id": "one", "title": "One", "when": "2027-06-15 09:00-10:00"}]
    assert drawing.left_out == {"one": ["1 of its times, which are cancelled"]}


def test_session_is_cancelled_if_all_its_times_are() -> None:
    off = talk("One", "2027-06-15 09:00", "2027-06-15 10:00", is_cancelled=True)

    assert drawn(off).sessions[0]["status"] == "cancelled"
    assert drawn(off).sessions[0]["when"] == "2027-06-15 09:00-10:00"


def test_uid_goes_on_with_its_showing_and_once() -> None:
    times = "2027-06-15 09:00", "2027-06-15 10:00"
    drawing = drawn(talk("One", *times, uid="a@b"), talk("Two", *times, uid="a@b"))

    assert [each["when"] for each in drawing.sessions] == [
        {"start": "2027-06-15 09:00", "end": "10:00", "uid": "a@b"},
        "2027-06-15 09:00-10:00",
    ]
    assert drawing.left_out == {"two": ["its uid, which no calendar could know it by"]}


# --- by chance ----------------------------------------------------------------------------


def known(time: datetime, zone: str) -> datetime | None:
    """Return the instant of a time by the standard library; None for one that clocks skip."""
    time = time.replace(second=0, microsecond=0)
    if time.tzinfo:
        return time.astimezone(UTC)
    instant = time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    is_there = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == time
    return instant if is_there else None


@given(
    zone=ZONES,
    times=st.lists(
        st.tuples(LOCAL_TIMES | INSTANTS, st.none() | LOCAL_TIMES | INSTANTS),
        min_size=1,
        max_size=5,
    ),
)
def test_event_file_has_the_instants_of_the_source(
    zone: str, times: list[tuple[datetime, datetime | None]]
) -> None:
    sessions = [DraftSession(f"Talk {n}", start=one, end=two) for n, (one, two) in enumerate(times)]
    draft = draft_of(*sessions, first_day=date(2027, 6, 15))

    drawing = draw(draft, Wishes(timezone=zone), "agenda")

    event = event_of_drawing(drawing)
    for session, (start, end) in zip(event.sessions, times, strict=True):
        first, last = known(start, zone), end and known(end, zone)
        if first is None:
            assert session.when == ()
            assert drawing.left_out[session.id]
            continue
        (slot,) = session.when
        assert slot.start == first
        if last and first < last <= first + timedelta(days=30):
            assert slot.end == last
            assert all("no end" not in told for told in drawing.guesses.get(session.id, ()))
        else:
            assert drawing.guesses[session.id][-1].startswith("no end is given")
