"""Drafts of foreign agendas become event files: which fields, ids and days they get."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from foreign import DRAFTS, SOURCE, draft_of, drawn, event_of_drawing, talk
from hypothesis import given, settings

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.drawing.drawing import draw

FIRST, LAST = date(2027, 6, 14), date(2027, 6, 16)
TIMES = "2027-06-15 09:00", "2027-06-15 10:00"


def test_whole_draft_becomes_an_event_file() -> None:
    draft = Draft(
        name="Conf  2027",
        timezone="Europe/Berlin",
        venue="Zentrum",
        address="Street 1, Berlin",
        geo=(52.5, 13.4),
        url="example.org",
        description="All *of* it.",
        organizer="Example e.V.",
        language="Deutsch",
        series="Conf",
        stream="https://live.example.org",
        registration="https://tickets.example.org",
        rooms=[DraftRoom("A"), DraftRoom("B", (52.6, 13.5)), DraftRoom("a")],
        tracks=[("Data", "#ff0000"), ("Web", None)],
        sessions=[
            talk(
                "On Engines",
                *TIMES,
                key="17",
                room="A",
                kind="Keynote",
                track="Data",
                people=[
                    DraftPerson("Ada Example", "Engines"),
                    DraftPerson("Bo Example", role="Moderator"),
                    DraftPerson("Ada Example", "Engines"),
                ],
                description="One.\nTwo.",
                tags=["x", "y", "x"],
                language="en",
                level="Beginner",
                url="https://example.org/17",
                links=[("https://example.org/slides", "Slides"), ("https://example.org/v", "")],
                stream="https://live.example.org/a",
                is_tentative=True,
            ),
            talk("Demo of Engines", *TIMES, part_of=["17", "18"]),
        ],
    )

    drawing = draw(draft, Wishes(), SOURCE)

    assert drawing.mapping == {
        "name": "Conf 2027",
        "timezone": "Europe/Berlin",
        "date": "2027-06-15",
        "venue": {"name": "Zentrum", "address": "Street 1, Berlin", "geo": [52.5, 13.4]},
        "url": "https://example.org",
        "description": "All *of* it.",
        "organizer": "Example e.V.",
        "language": "de",
        "series": "Conf",
        "stream": "https://live.example.org",
        "registration": "https://tickets.example.org",
        "tracks": [{"name": "Data", "color": "red"}],
        "rooms": ["A", {"name": "B", "geo": [52.6, 13.5]}],
        "sessions": [
            {
                "id": "on-engines",
                "title": "On Engines",
                "kind": "keynote",
                "when": "2027-06-15 09:00-10:00",
                "room": "A",
                "track": "Data",
                "people": ["Ada Example, Engines", {"name": "Bo Example", "role": "moderator"}],
                "description": "One.\nTwo.",
                "tags": ["x", "y"],
                "language": "en",
                "level": "Beginner",
                "url": "https://example.org/17",
                "links": [
                    {"url": "https://example.org/slides", "title": "Slides"},
                    "https://example.org/v",
                ],
                "stream": "https://live.example.org/a",
                "status": "tentative",
            },
            {
                "id": "demo-of-engines",
                "title": "Demo of Engines",
                "when": "2027-06-15 09:00-10:00",
                "part_of": "on-engines",
            },
        ],
    }
    assert drawing.keys == {"on-engines": "17"}
    assert (drawing.guesses, drawing.left_out) == ({}, {})
    assert len(event_of_drawing(drawing).sessions) == 2


# --- ids ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "key", "name"),
    [
        ("Zero-Copy Cloning", None, "zero-copy-cloning"),
        ("One Two Three Four Five Six", None, "one-two-three-four-five"),
        ("Café: Über Straße", None, "cafe-uber-strasse"),
        ("日本語", "a1b2", "a1b2"),
        ("日本語", None, "session"),
        ("日 本 語 の 話 by Ada", None, "by-ada"),
        ("!!!", None, "session"),
        ("x" * 200, None, "x" * 74),
    ],
)
def test_id_is_made_of_the_title(title: str, key: str | None, name: str) -> None:
    assert drawn(talk(title, *TIMES, key=key)).sessions[0]["id"] == name


def test_thousand_sessions_of_one_title_have_ids_of_their_own() -> None:
    drawing = drawn(*(talk("Break", *TIMES) for _ in range(1000)), talk("Break 7", *TIMES))

    ids = [each["id"] for each in drawing.sessions]
    assert ids[:3] == ["break", "break-2", "break-3"]
    assert len(set(ids)) == len(ids) == 1001
    assert len(event_of_drawing(drawing).sessions) == 1001


# --- days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "said", "days"),
    [
        (["2027-06-15 09:00", "2027-06-16 09:00"], (), ("2027-06-15", "2027-06-16")),
        (["2027-06-15 22:00", "2027-06-16 01:00"], (), ("2027-06-15", "2027-06-15")),
        (["2027-06-16 01:00"], (), ("2027-06-16", "2027-06-16")),
        (
            ["2027-06-15 09:00"],
            (date(2027, 6, 14), date(2027, 6, 16)),
            ("2027-06-14", "2027-06-16"),
        ),
        (
            ["2027-06-15 09:00"],
            (date(2027, 6, 16), date(2027, 6, 14)),
            ("2027-06-14", "2027-06-16"),
        ),
        (["2027-06-15 09:00"], (date(1, 1, 1), None), ("2027-06-15", "2027-06-15")),
        ([None], (date(2027, 6, 14), None), ("2027-06-14", "2027-06-14")),
    ],
)
def test_days_are_those_of_the_sessions_and_of_the_source(
    starts: list[str | None], said: tuple[date | None, ...], days: tuple[str, str]
) -> None:
    given_days = dict(zip(("first_day", "last_day"), said, strict=False))

    drawing = drawn(*(talk("One", start) for start in starts), **given_days)

    first, last = days
    expected = {"date": first} if first == last else {"dates": {"from": first, "to": last}}
    assert {key: drawing.mapping[key] for key in ("date", "dates") if key in drawing.mapping} == (
        expected
    )
    assert event_of_drawing(drawing).sessions


def test_day_that_is_asked_for_is_that_of_an_agenda_without_one() -> None:
    drawing = draw(draft_of(talk("One")), Wishes(date=date(2027, 6, 15)), SOURCE)

    assert drawing.mapping["date"] == "2027-06-15"


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (draft_of(), "has no sessions that can be read"),
        (draft_of(talk("One")), "has no date; give --date"),
        (draft_of(talk("One", *TIMES), name=" "), "what the event is called; give --name"),
    ],
)
def test_what_cannot_be_guessed_is_asked_for(draft: Draft, told: str) -> None:
    with pytest.raises(SourceError, match=told):
        draw(draft, Wishes(), SOURCE)


def test_name_that_is_asked_for_wins() -> None:
    drawing = draw(draft_of(talk("One", *TIMES)), Wishes(name="Mine"), SOURCE)

    assert drawing.mapping["name"] == "Mine"


# --- what is told -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"url": "tba"}, "its url is none: tba"),
        ({"stream": "x"}, "its stream is none: x"),
        ({"language": "Klingon"}, "its language is none: Klingon"),
        ({"links": [("x", "Slides")]}, "a link is none: x"),
        ({"people": [DraftPerson("ada@example.org")]}, "a person without a name"),
        ({"description": "x" * 20_001}, "the end of its description, which is too long"),
    ],
)
def test_what_an_event_file_cannot_say_is_told(fields: dict[str, Any], told: str) -> None:
    assert drawn(talk("One", *TIMES, **fields)).left_out == {"one": [told]}


def test_long_title_and_missing_title_are_told() -> None:
    drawing = drawn(talk("x" * 501, *TIMES), talk("\u200b", *TIMES))

    assert drawing.left_out == {"x" * 74: ["the end of its title, which is too long"]}
    assert drawing.sessions[1]["title"] == "Untitled"
    assert drawing.guesses == {"session": ["it has no title"]}


def test_what_the_reader_tells_is_told_once() -> None:
    drawing = drawn(
        talk("One", *TIMES, guessed=["1:00 is 13:00", "1:00 is 13:00"]),
        guessed=["the year"],
        left_out=["2 notes"],
    )

    assert drawing.guesses == {"": ["the year"], "one": ["1:00 is 13:00"]}
    assert drawing.left_out == {"": ["2 notes"]}


def test_what_is_told_is_a_short_line_whatever_the_source_holds() -> None:
    drawing = drawn(
        talk("One", *TIMES, guessed=["it begins at \x1b[31m9:00\nall is well"]),
        left_out=["columns \x9b\u202eId", f"columns {'x' * 5000}", "\x00"],
    )

    assert drawing.guesses == {"one": ["it begins at [31m9:00 all is well"]}
    assert drawing.left_out == {"": ["columns Id", f"columns {'x' * 491}…"]}


# --- parts --------------------------------------------------------------------------------


def test_sessions_that_are_parts_of_each_other_stand_alone() -> None:
    drawing = drawn(
        talk("One", *TIMES, key="1", part_of=["2"]),
        talk("Two", *TIMES, key="2", part_of=["1"]),
        talk("Three", *TIMES, key="3", part_of=["3"]),
        talk("Four", *TIMES, key="4", part_of=["3"]),
    )

    assert [each.get("part_of") for each in drawing.sessions] == [None, None, None, "three"]
    assert drawing.left_out == {
        "one": ["what it belongs to: one is a part of itself"],
        "two": ["what it belongs to: two is a part of itself"],
    }


def test_chain_of_parts_ends_where_it_is_too_deep() -> None:
    sessions = [talk(f"T{n}", *TIMES, key=str(n), part_of=[str(n + 1)]) for n in range(30)]

    assert len(event_of_drawing(drawn(*sessions)).sessions) == 30


# --- people -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "written"),
    [
        (DraftPerson("Ada"), "Ada"),
        (DraftPerson("Ada", "Engines, Inc."), "Ada, Engines, Inc."),
        (DraftPerson("Ada, Countess"), {"name": "Ada, Countess"}),
        (DraftPerson("Ada, PhD"), "Ada, PhD"),
        (DraftPerson("Ada", "PhD"), {"name": "Ada", "organization": "PhD"}),
        (DraftPerson(", Ada"), {"name": ", Ada"}),
        (DraftPerson("Ada (ada@example.org)"), "Ada"),
        (DraftPerson("Ada", "x@example.org"), "Ada"),
        (DraftPerson("Ada", role="Speaker"), "Ada"),
        (DraftPerson("Ada", role="Host"), {"name": "Ada", "role": "host"}),
        (
            DraftPerson("Ada", url="ada.example.org"),
            {"name": "Ada", "url": "https://ada.example.org"},
        ),
    ],
)
def test_person_is_written_in_short_where_that_says_all(person: DraftPerson, written: Any) -> None:
    drawing = drawn(talk("One", *TIMES, people=[person]))

    assert drawing.sessions[0]["people"] == [written]
    (found,) = event_of_drawing(drawing).sessions[0].people
    assert found.name == re.sub(r" \(.*", "", person.name)


# --- by chance ----------------------------------------------------------------------------


@settings(max_examples=60)
@given(draft=DRAFTS)
def test_any_draft_is_an_event_file_with_its_sessions_or_refused(draft: Draft) -> None:
    try:
        drawing = draw(draft, Wishes(), SOURCE)
    except SourceError:
        return

    event = event_of_drawing(drawing)

    assert [session.id for session in event.sessions] == [each["id"] for each in drawing.sessions]


def test_session_that_stands_twice_is_one_and_told() -> None:
    showing = talk("One", "2027-06-15 09:00", "2027-06-15 10:00", key="1", room="A")

    drawing = drawn(showing, replace(showing), talk("One", "2027-06-16 09:00", key="1", room="A"))

    (session,) = drawing.sessions
    assert len(session["when"]) == 2
    assert drawing.left_out[session["id"]] == [
        "it stands in the source again, at the same time and place"
    ]
