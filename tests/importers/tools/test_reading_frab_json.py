"""Schedules of frab and its likes in JSON: both versions, in each way to write them."""

from typing import Any

import pytest
from readings import json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.tools import frab_json

EVENT = {
    "id": 25,
    "guid": "8079-25",
    "date": "2027-06-15T09:00:00+02:00",
    "start": "09:00",
    "duration": "00:30",
    "room": "Gray Room",
    "title": "Engines",
    "track": "Machines",
    "type": "Talk",
    "language": "en",
    "abstract": "Short.",
    "description": "Short.\r\n\r\nAnd long.",
    "persons": [{"id": 1, "public_name": "Ada Example", "biography": "…"}, {"id": 2}],
    "links": [{"url": "https://example.org/x", "title": "X"}, "https://example.org/y", {}],
    "attachments": [],
}
TIMES = [("Engines", "2027-06-15 09:00+02:00", "2027-06-15 09:30+02:00", "Gray Room")]


def read(tree: Any) -> Draft:
    source = json_source(tree)
    assert frab_json.recognises(source)
    return frab_json.read(source, Wishes())


def version_1(days: Any, **conference: Any) -> dict[str, Any]:
    return {
        "schedule": {
            "version": "1",
            "base_url": "https://example.org/",
            "conference": {"title": "Example Conf", "days": days, **conference},
        }
    }


@pytest.mark.parametrize(
    "rooms",
    [
        {"Gray Room": [EVENT]},
        {"Gray Room": {"events": [EVENT]}},
        [{"name": "Gray Room", "events": [EVENT]}],
        [[EVENT]],
    ],
    ids=["object", "objects", "list", "lists"],
)
@pytest.mark.parametrize("is_list", [True, False])
def test_days_and_rooms_are_lists_or_objects(rooms: Any, is_list: bool) -> None:
    day = {"index": 1, "date": "2027-06-15", "rooms": rooms}

    draft = read(version_1([day] if is_list else {"1": day}))

    assert times(draft) == TIMES


def test_event_of_version_1_is_read_whole() -> None:
    day = {"date": "2027-06-15", "rooms": {"Gray Room": [EVENT], "Tan Room": []}}
    draft = read(version_1([day], time_zone_name="Europe/Berlin"))
    (talk,) = draft.sessions

    assert (draft.name, draft.timezone, draft.url) == (
        "Example Conf",
        "Europe/Berlin",
        "https://example.org/",
    )
    assert (talk.key, talk.kind, talk.track, talk.language) == ("8079-25", "Talk", "Machines", "en")
    assert talk.description == "Short.\n\nAnd long."
    assert talk.people == [DraftPerson("Ada Example")]
    assert talk.links == [("https://example.org/x", "X"), ("https://example.org/y", "")]


def test_rooms_and_tracks_are_in_the_order_of_the_conference() -> None:
    day = {"date": "2027-06-15", "rooms": {"Gray Room": [EVENT]}}
    rooms = [{"name": "Tan Room"}, {"name": "Gray Room"}]
    tracks = [
        {"name": "Machines", "color": "#ff0000"},
        {"name": "Art", "colors": {"light": "#0f0"}},
    ]
    draft = read(version_1([day], rooms=rooms, tracks=tracks))

    assert draft.rooms == [DraftRoom("Tan Room"), DraftRoom("Gray Room")]
    assert draft.tracks == [("Machines", "#ff0000"), ("Art", "#0f0")]


def test_version_2_has_events_with_references() -> None:
    draft = read(
        {
            "schedule": {
                "conference": {
                    "title": "Example Conf",
                    "start": "2027-06-15T09:30:00+00:00",
                    "end": "2027-06-16T17:45:00+00:00",
                    "time_zone_name": "Europe/Berlin",
                    "url": "https://example.org/2027/",
                    "tracks": [{"name": "Art & Beauty", "slug": "art"}],
                    "rooms": [{"name": "Saal 1", "guid": "ba69"}],
                    "days": [{"index": 1, "date": "2027-06-15", "start": "2027-06-15T06:00:00Z"}],
                },
                "events": [
                    {
                        "guid": "270f",
                        "type": "TALK",
                        "start": "2027-06-15T10:30:00+02:00",
                        "end": "2027-06-15T11:15:00+02:00",
                        "room": {"name": "Saal 1", "guid": "ba69"},
                        "track": {"slug": "art"},
                        "title": "Opening",
                        "abstract": {"de": "Kurz.", "en": "Short."},
                        "description": None,
                        "participants": [{"name": "Ada Example", "role": "MODERATOR"}],
                    },
                    {"title": "Lost", "state": "CANCELED", "start": "2027-06-15T12:00:00+02:00"},
                    {"title": "Never", "state": "REJECTED"},
                ],
            }
        }
    )
    opening, lost = draft.sessions

    assert times(draft) == [
        ("Opening", "2027-06-15 10:30+02:00", "2027-06-15 11:15+02:00", "Saal 1"),
        ("Lost", "2027-06-15 12:00+02:00", "", None),
    ]
    assert (opening.track, opening.description) == ("Art & Beauty", "Short.")
    assert opening.people == [DraftPerson("Ada Example", role="MODERATOR")]
    assert (opening.is_cancelled, lost.is_cancelled) == (False, True)
    assert draft.url == "https://example.org/2027/"
    assert draft.left_out == ["events that are rejected, such as Never (1)"]


def test_list_of_frab_itself_is_read() -> None:
    event = {
        "id": 3,
        "guid": "33-3",
        "title": "Engines",
        "start_time": "2027-06-15T09:00:00+02:00",
        "end_time": "2027-06-15T10:00:00+02:00",
        "speakers": [{"id": 1, "full_public_name": "Ada Example"}],
    }
    draft = read({"conference_events": {"version": "x", "events": [event]}})

    assert times(draft) == [("Engines", "2027-06-15 09:00+02:00", "2027-06-15 10:00+02:00", None)]
    assert draft.sessions[0].people == [DraftPerson("Ada Example")]


@pytest.mark.parametrize("tree", [{}, [], {"schedule": []}, {"schedule": {"conference": {}}}])
def test_other_json_is_refused(tree: Any) -> None:
    source = json_source(tree)

    assert not frab_json.recognises(source)
    with pytest.raises(SourceError, match="is no frab schedule in JSON"):
        frab_json.read(source, Wishes())
