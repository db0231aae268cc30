"""pretalx's API and widget: one talk, however much of it is given by reference."""

from typing import Any

import pytest
from readings import json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.tools import pretalx

SUBMISSION = {
    "code": "ABCDEF",
    "title": "Engines",
    "speakers": [{"code": "XYZ", "name": "Ada Example", "biography": "…"}],
    "submission_type": {"en": "Talk", "de": "Vortrag"},
    "track": {"en": "Machines", "de": "Maschinen"},
    "state": "confirmed",
    "abstract": "Short.",
    "description": "Long *text*.",
    "duration": 30,
    "content_locale": "de",
    "tags": ["steam"],
    "resources": [{"resource": "https://example.org/slides.pdf", "description": "Slides"}],
    "answers": [{"id": 1}],
    "slot": {
        "room": {"en": "Hall A", "de": "Saal A"},
        "start": "2027-06-15T09:00:00+02:00",
        "end": "2027-06-15T09:30:00+02:00",
    },
}
START, END = "2027-06-15 09:00+02:00", "2027-06-15 09:30+02:00"


def read(tree: Any) -> Draft:
    source = json_source(tree)
    assert pretalx.recognises(source)
    return pretalx.read(source, Wishes())


def page(*results: Any, **more: Any) -> dict[str, Any]:
    return {"count": len(results), "next": None, "previous": None, "results": [*results], **more}


@pytest.mark.parametrize(
    "tree",
    [
        page(SUBMISSION),
        [SUBMISSION],
        SUBMISSION,
        {"schedule": {"2027-06-15": {"540": {"1": SUBMISSION}}}},
    ],
    ids=["page", "list", "one", "own file"],
)
def test_submission_is_read_whole(tree: Any) -> None:
    draft = read(tree)
    (talk,) = draft.sessions

    assert times(draft) == [("Engines", START, END, "Saal A")]
    assert (talk.key, talk.kind, talk.track, talk.language) == (
        "ABCDEF",
        "Vortrag",
        "Maschinen",
        "de",
    )
    assert talk.people == [DraftPerson("Ada Example")]
    assert talk.description == "Short.\n\nLong *text*."
    assert talk.tags == ["steam"]
    assert talk.links == [("https://example.org/slides.pdf", "Slides")]
    assert draft.left_out == ["answers to questions of the organizer (1)"]


def test_sessions_as_europython_publishes_them() -> None:
    session = {
        "code": "ABCDEF",
        "title": "Engines",
        "session_type": "Tutorial",
        "level": "advanced",
        "room": "Hall A",
        "start": "2027-06-15T09:00:00+02:00",
        "end": "2027-06-15T09:30:00+02:00",
    }
    draft = read({"ABCDEF": session})

    assert times(draft) == [("Engines", START, END, "Hall A")]
    assert (draft.sessions[0].kind, draft.sessions[0].level) == ("Tutorial", "advanced")


def test_slots_with_whole_objects_are_showings() -> None:
    """As newer versions answer to ?expand=slots,slots.room,speakers,submission_type,track."""
    slots = [
        {
            "id": 1,
            "room": {"id": 5, "name": {"en": "Hall A"}},
            "start": "2027-06-15T07:00:00Z",
            "end": "2027-06-15T07:30:00Z",
        },
        {
            "id": 2,
            "room": {"id": 6, "name": {"en": "Hall B"}},
            "start": "2027-06-16T07:00:00Z",
            "end": None,
            "duration": 45,
        },
    ]
    submission = {
        "code": "ABCDEF",
        "title": "Engines",
        "state": "confirmed",
        "submission_type": {"id": 3, "name": {"en": "Talk"}},
        "track": {"id": 4, "name": {"en": "Machines"}, "color": "#ff0000"},
        "speakers": [{"code": "XYZ", "name": "Ada Example"}],
        "slots": slots,
    }
    draft = read(page(submission))

    assert times(draft) == [
        ("Engines", "2027-06-15 07:00+00:00", "2027-06-15 07:30+00:00", "Hall A"),
        ("Engines", "2027-06-16 07:00+00:00", "2027-06-16 07:45+00:00", "Hall B"),
    ]
    assert {each.key for each in draft.sessions} == {"ABCDEF"}
    assert {(each.kind, each.track) for each in draft.sessions} == {("Talk", "Machines")}


def test_ids_that_are_not_explained_are_told() -> None:
    slot = {
        "id": 1,
        "submission": "ABCDEF",
        "room": 5,
        "start": "2027-06-15T07:00:00Z",
        "end": "2027-06-15T07:30:00Z",
    }
    submission = {
        "code": "GHIJKL",
        "title": "Engines",
        "submission_type": 3,
        "track": 4,
        "state": "confirmed",
        "speakers": ["XYZ"],
    }
    draft = read([{**slot, "submission": {**submission}}, submission])

    assert [each[:2] for each in times(draft)] == [
        ("Engines", "2027-06-15 07:00+00:00"),
        ("Engines", ""),
    ]
    assert [(each.kind, each.room) for each in draft.sessions] == [(None, None), (None, None)]
    assert draft.left_out == [
        "submission types of which only the number is given, such as 3 (2)",
        "tracks of which only the number is given, such as 4 (2)",
        "speakers of whom only the code is given, such as 'XYZ' (2)",
        "rooms of which only the number is given, such as 5 (1)",
    ]


def test_widget_names_what_its_talks_refer_to() -> None:
    draft = read(
        {
            "talks": [
                {
                    "code": "ABCDEF",
                    "id": 1,
                    "title": "Engines",
                    "abstract": "",
                    "speakers": ["XYZ"],
                    "track": 4,
                    "start": "2027-06-15T09:00:00+02:00",
                    "end": "2027-06-15T09:30:00+02:00",
                    "room": 5,
                    "duration": 30,
                    "state": "confirmed",
                },
                {
                    "code": None,
                    "id": 2,
                    "title": {"en": "Lunch"},
                    "room": 5,
                    "start": "2027-06-15T12:00:00+02:00",
                    "end": "2027-06-15T13:00:00+02:00",
                },
            ],
            "tracks": [{"id": 4, "name": {"en": "Machines"}, "color": "#ff0000"}],
            "rooms": [{"id": 5, "name": {"en": "Hall A"}, "description": {}}],
            "speakers": [{"code": "XYZ", "name": "Ada Example", "avatar": None}],
            "version": "v1",
            "timezone": "Europe/Berlin",
            "event_start": "2027-06-15",
            "event_end": "2027-06-16",
        }
    )

    assert times(draft) == [
        ("Engines", START, END, "Hall A"),
        ("Lunch", "2027-06-15 12:00+02:00", "2027-06-15 13:00+02:00", "Hall A"),
    ]
    assert (draft.timezone, str(draft.first_day)) == ("Europe/Berlin", "2027-06-15")
    assert draft.rooms == [DraftRoom("Hall A")]
    assert draft.tracks == [("Machines", "#ff0000")]
    assert draft.sessions[0].people == [DraftPerson("Ada Example")]
    assert draft.sessions[0].track == "Machines"


def test_break_of_a_schedule_is_called_what_it_is_described_as() -> None:
    lunch = {
        "id": 9,
        "submission": None,
        "room": {"id": 5, "name": {"en": "Hall A"}},
        "start": "2027-06-15T12:00:00+02:00",
        "end": "2027-06-15T13:00:00+02:00",
        "description": {"en": "Lunch", "de": "Mittagessen"},
    }
    draft = read({"id": 1, "version": "v1", "slots": [lunch]})

    assert times(draft) == [("Lunch", "2027-06-15 12:00+02:00", "2027-06-15 13:00+02:00", "Hall A")]
    assert draft.sessions[0].description is None
    assert draft.left_out == []


def test_states_say_what_is_on_the_agenda() -> None:
    states = ["confirmed", "accepted", "submitted", "rejected", "canceled", "withdrawn"]
    timed = [{**SUBMISSION, "code": state, "state": state} for state in states]
    untimed = [{**each, "slot": None} for each in timed]

    draft = read(page(*timed))
    assert [(each.key, each.is_cancelled, each.is_tentative) for each in draft.sessions] == [
        ("confirmed", False, False),
        ("accepted", False, False),
        ("canceled", True, False),
        ("withdrawn", True, False),
    ]
    draft = read(page(*untimed))
    assert [(each.key, each.is_tentative) for each in draft.sessions] == [
        ("confirmed", False),
        ("accepted", True),
    ]
    assert "submissions that are withdrawn, such as Engines (1)" in draft.left_out


def test_a_page_tells_that_others_are_missing() -> None:
    draft = read({**page(SUBMISSION), "count": 60, "next": "https://example.org/?page=2"})

    assert draft.left_out[-1] == "other pages: this one has 1 of 60"


@pytest.mark.parametrize("tree", [{}, [], {"results": []}, [{"code": "A"}], {"talks": [{}]}])
def test_other_json_is_refused(tree: Any) -> None:
    source = json_source(tree)

    assert not pretalx.recognises(source)
    with pytest.raises(SourceError, match="has no submissions, talks or slots"):
        pretalx.read(source, Wishes())
