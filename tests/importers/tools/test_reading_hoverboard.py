"""Hoverboard's schedule: cells of timeslots, by room, with the sessions that they name."""

from typing import Any

import pytest
from readings import folder_source, json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import DraftPerson, DraftRoom, Wishes
from calsvc.importers.tools import hoverboard

SESSIONS = {
    "coffee": {"title": "Coffee"},
    "101": {
        "title": "Engines",
        "description": "About *engines*.",
        "speakers": ["ada", "nobody"],
        "tags": ["Machines"],
        "complexity": "Beginner",
        "language": "English",
        "videoId": "x1y2",
        "presentation": "https://example.org/slides",
    },
    "102": {"title": "Looms"},
    "103": {"title": "A long workshop"},
    "104": {"title": "Never shown"},
}
SPEAKERS = {"ada": {"name": "Ada Example", "company": "Analytical Engines"}}
SCHEDULE = {
    "2027-06-15": {
        "date": "2027-06-15",
        "dateReadable": "June 15",
        "tracks": [{"title": "Hall A"}, {"title": "Hall B"}],
        "timeslots": [
            {"startTime": "09:00", "endTime": "09:30", "sessions": [{"items": ["coffee"]}]},
            {
                "startTime": "09:30",
                "endTime": "10:30",
                "sessions": [{"items": ["101", "102"]}, {"items": ["103"], "extend": 2}],
            },
            {"startTime": "10:30", "endTime": "11:01", "sessions": [{"items": []}]},
            {"startTime": "22:00", "endTime": "01:00", "sessions": [{"items": [7]}]},
        ],
    }
}
WHOLE = {"schedule": SCHEDULE, "sessions": SESSIONS, "speakers": SPEAKERS, "team": []}
TIMES = [
    ("Coffee", "2027-06-15 09:00", "2027-06-15 09:30", None),
    ("Engines", "2027-06-15 09:30", "2027-06-15 10:00", "Hall A"),
    ("Looms", "2027-06-15 10:00", "2027-06-15 10:30", "Hall A"),
    ("A long workshop", "2027-06-15 09:30", "2027-06-15 11:01", "Hall B"),
    ("7", "2027-06-15 22:00", "2027-06-16 01:00", None),
    ("Never shown", "", "", None),
]


@pytest.mark.parametrize(
    "source",
    [
        json_source(WHOLE),
        folder_source(schedule=SCHEDULE, sessions=SESSIONS, speakers=SPEAKERS),
        folder_source(
            schedule=[*SCHEDULE.values()],
            sessions=[{"id": name, **each} for name, each in SESSIONS.items()],
            speakers=[{"id": "ada", **SPEAKERS["ada"]}],
        ),
    ],
    ids=["file", "folder", "lists"],
)
def test_schedule_is_read_whole(source: Any) -> None:
    assert hoverboard.recognises(source)
    draft = hoverboard.read(source, Wishes())
    talk = draft.sessions[1]

    assert times(draft) == TIMES
    assert (talk.key, talk.level, talk.language, talk.tags) == (
        "101",
        "Beginner",
        "English",
        ["Machines"],
    )
    assert talk.people == [DraftPerson("Ada Example", organization="Analytical Engines")]
    assert talk.links == [
        ("https://example.org/slides", "Slides"),
        ("https://www.youtube.com/watch?v=x1y2", "Video"),
    ]
    assert talk.guessed == ["one of 2 that share a time in equal parts"]
    assert draft.sessions[3].guessed == []
    assert draft.rooms == [DraftRoom("Hall A"), DraftRoom("Hall B")]
    assert draft.left_out == [
        "speakers who are not listed, such as 'nobody' (1)",
        "sessions that are in the schedule alone, such as '7' (1)",
    ]


def test_cells_of_earlier_sites_are_lists_or_ids() -> None:
    day = {
        "date": "2027-06-15",
        "tracks": [{"title": "Hall A"}, {"title": "Hall B"}],
        "timeslots": [
            {"startTime": "09:00", "endTime": "09:30", "sessions": [["101"], ["102"]]},
            {"startTime": "09:30", "endTime": "10:00", "sessionIds": [103, 104]},
        ],
    }
    draft = hoverboard.read(json_source({**WHOLE, "schedule": [day]}), Wishes())

    assert times(draft)[:4] == [
        ("Engines", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A"),
        ("Looms", "2027-06-15 09:00", "2027-06-15 09:30", "Hall B"),
        ("A long workshop", "2027-06-15 09:30", "2027-06-15 10:00", "Hall A"),
        ("Never shown", "2027-06-15 09:30", "2027-06-15 10:00", "Hall B"),
    ]


def test_what_cannot_be_dated_is_told_and_stays() -> None:
    day = {
        "dateReadable": "some day",
        "timeslots": [{"startTime": "nine", "endTime": "10:00", "sessions": [{"items": ["101"]}]}],
    }
    draft = hoverboard.read(json_source({**WHOLE, "schedule": {"day1": day}}), Wishes())

    assert times(draft)[0] == ("Engines", "", "", None)
    assert draft.left_out[:2] == [
        "days without a date, such as 'some day' (1)",
        "times that cannot be read, such as 'nine' (1)",
    ]


@pytest.mark.parametrize("tree", [{}, {"schedule": {}}, {"schedule": {"a": {"b": 1}}}, []])
def test_other_json_is_refused(tree: Any) -> None:
    source = json_source(tree)

    assert not hoverboard.recognises(source)
    with pytest.raises(SourceError, match="has no schedule of days with timeslots"):
        hoverboard.read(source, Wishes())
