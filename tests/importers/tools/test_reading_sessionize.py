"""Sessionize's views: All, GridSmart and Sessions give the same sessions."""

from typing import Any

import pytest
from readings import json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.tools import sessionize

PLAIN = {
    "id": "101",
    "title": "Engines",
    "description": "One.\r\n\r\nTwo.",
    "startsAt": "2027-06-15T09:00:00",
    "endsAt": "2027-06-15T09:45:00",
    "isServiceSession": False,
    "isPlenumSession": False,
    "liveUrl": "https://example.org/live",
    "recordingUrl": "https://example.org/video",
    "status": "Accepted",
}
BREAK = {
    "id": "f00d",
    "title": "Coffee",
    "startsAt": "2027-06-15T09:45:00",
    "endsAt": None,
    "isServiceSession": True,
    "isPlenumSession": True,
    "speakers": [],
    "roomId": None,
    "room": None,
}
WHOLE = {
    **PLAIN,
    "speakers": [{"id": "s1", "name": "Ada Example"}],
    "categories": [
        {"id": 1, "name": "Session format", "categoryItems": [{"id": 11, "name": "Talk"}]},
        {"id": 2, "name": "Level", "categoryItems": [{"id": 21, "name": "Advanced"}]},
        {"id": 3, "name": "Sprache", "categoryItems": [{"id": 31, "name": "Deutsch"}]},
        {"id": 4, "name": "Track", "categoryItems": [{"id": 41, "name": "Machines"}]},
        {"id": 5, "name": "Tags", "categoryItems": [{"id": 51, "name": "Steam"}, {"id": 52}]},
    ],
    "roomId": 7,
    "room": "Hall A",
}
VIEW_ALL = {
    "sessions": [
        {
            **PLAIN,
            "speakers": ["s1"],
            "categoryItems": [11, 21, 31, 41, 51],
            "roomId": 7,
            "questionAnswers": [{"questionId": 1, "answerValue": "yes"}],
        },
        BREAK,
    ],
    "speakers": [{"id": "s1", "firstName": "Ada", "lastName": "Example", "tagLine": "Writes"}],
    "categories": [
        {"id": 1, "title": "Session format", "items": [{"id": 11, "name": "Talk"}]},
        {"id": 2, "title": "Level", "items": [{"id": 21, "name": "Advanced"}]},
        {"id": 3, "title": "Sprache", "items": [{"id": 31, "name": "Deutsch"}]},
        {"id": 4, "title": "Track", "items": [{"id": 41, "name": "Machines"}]},
        {"id": 5, "title": "Tags", "items": [{"id": 51, "name": "Steam"}]},
    ],
    "rooms": [{"id": 8, "name": "Hall B", "sort": 0}, {"id": 7, "name": "Hall A", "sort": 1}],
}
GRID = [
    {
        "date": "2027-06-15T00:00:00",
        "rooms": [
            {"id": 7, "name": "Hall A", "sessions": [WHOLE, BREAK]},
            {"id": 8, "name": "Hall B", "sessions": []},
        ],
        "timeSlots": [
            {"slotStart": "09:00:00", "rooms": [{"id": 7, "name": "Hall A", "session": WHOLE}]}
        ],
    }
]
GROUPS = [{"groupId": None, "groupName": "All", "sessions": [WHOLE, BREAK], "isDefault": True}]
TALK = ("Engines", "2027-06-15 09:00", "2027-06-15 09:45", "Hall A")


def read(tree: Any) -> Draft:
    source = json_source(tree)
    assert sessionize.recognises(source)
    return sessionize.read(source, Wishes())


@pytest.mark.parametrize("tree", [VIEW_ALL, GRID, GROUPS, [WHOLE, BREAK], {"101": WHOLE}])
def test_session_of_each_view_is_read_whole(tree: Any) -> None:
    draft = read(tree)
    talk = draft.sessions[0]

    assert times(draft)[0] == TALK
    assert (talk.key, talk.kind, talk.level, talk.language) == (
        "101",
        "Talk",
        "Advanced",
        "Deutsch",
    )
    assert (talk.track, talk.tags) == ("Machines", ["Steam"])
    assert talk.people == [DraftPerson("Ada Example")]
    assert talk.description == "One.\n\nTwo."
    assert talk.stream == "https://example.org/live"
    assert talk.links == [("https://example.org/video", "Recording")]
    assert not talk.is_tentative


@pytest.mark.parametrize(
    ("tree", "room"), [(VIEW_ALL, None), (GRID, "Hall A"), (GROUPS, None)], ids=["a", "g", "s"]
)
def test_break_is_read_once_and_without_an_end(tree: Any, room: str | None) -> None:
    draft = read(tree)

    assert times(draft)[1:] == [("Coffee", "2027-06-15 09:45", "", room)]
    assert draft.sessions[1].kind == "Service session"


def test_rooms_are_in_their_order() -> None:
    assert read(VIEW_ALL).rooms == [DraftRoom("Hall B"), DraftRoom("Hall A")]
    assert read(GRID).rooms == [DraftRoom("Hall A"), DraftRoom("Hall B")]


def test_answers_are_told_as_left_out() -> None:
    assert read(VIEW_ALL).left_out == ["answers to questions of the organizer (1)"]


def test_status_says_what_is_on_the_agenda() -> None:
    states = ["Declined", "Waitlisted", "Accepted", None]
    draft = read(
        [{**PLAIN, "id": str(place), "status": state} for place, state in enumerate(states)]
    )

    assert [(each.key, each.is_tentative) for each in draft.sessions] == [
        ("1", True),
        ("2", False),
        ("3", False),
    ]
    assert draft.left_out == ["sessions that were declined, such as Engines (1)"]


def test_session_without_a_time_stays() -> None:
    lost = {**PLAIN, "startsAt": None, "endsAt": None}
    wrong = {**PLAIN, "id": "102", "startsAt": "soon"}
    draft = read([lost, wrong])

    assert [each[1] for each in times(draft)] == ["", ""]
    assert draft.left_out == ["times that cannot be read, such as 'soon' of Engines (1)"]


def test_times_in_utc_are_instants() -> None:
    draft = read([{**PLAIN, "startsAt": "2027-06-15T07:00:00Z", "endsAt": "2027-06-15T08:00:00Z"}])

    assert times(draft)[0][1] == "2027-06-15 07:00+00:00"


def test_one_session_at_two_times_is_two_showings_of_one_key() -> None:
    again = {**PLAIN, "startsAt": "2027-06-16T09:00:00", "endsAt": "2027-06-16T09:45:00"}
    draft = read([PLAIN, again, PLAIN])

    assert [
        (each.key, start)
        for each, (_, start, _, _) in zip(draft.sessions, times(draft), strict=True)
    ] == [("101", "2027-06-15 09:00"), ("101", "2027-06-16 09:00")]


@pytest.mark.parametrize("tree", [{}, [], [{"title": "x", "startsAt": "2027-06-15"}], {"a": 1}])
def test_other_json_is_refused(tree: Any) -> None:
    source = json_source(tree)

    assert not sessionize.recognises(source)


def test_empty_json_is_no_view() -> None:
    with pytest.raises(SourceError, match="has no sessions as Sessionize writes them"):
        sessionize.read(json_source({}), Wishes())
