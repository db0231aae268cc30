"""Indico's exports: contributions of an event, of its blocks, and of a timetable."""

from typing import Any

import pytest
from readings import json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.tools import indico

ZONE = "Europe/Zurich"


def moment(time: str, zone: str = ZONE) -> dict[str, str]:
    return {"date": "2027-06-15", "time": time, "tz": zone}


CONTRIBUTION = {
    "_type": "Contribution",
    "id": "12",
    "title": "Engines",
    "startDate": moment("09:00:00"),
    "endDate": moment("09:30:00"),
    "duration": 30,
    "room": "Hall A",
    "type": "Invited talk",
    "track": "Machines",
    "session": "Morning",
    "speakers": [
        {"first_name": "Ada", "last_name": "Example", "affiliation": "Analytical Engines"},
        {"fullName": "Sample, Bo"},
    ],
    "primaryauthors": [{"first_name": "Cy", "last_name": "Other"}],
    "description": "<p>About engines.</p>",
    "keywords": ["steam"],
    "url": "https://example.org/event/1/contributions/12/",
    "folders": [{"title": "Slides"}],
}
EVENT = {
    "_type": "Conference",
    "id": "1",
    "title": "Example Workshop",
    "timezone": ZONE,
    "startDate": moment("08:00:00"),
    "endDate": moment("18:00:00"),
    "location": "Old Hall",
    "address": "Street 1, Geneva",
    "url": "https://example.org/event/1/",
    "contributions": [CONTRIBUTION],
}


def read(results: Any) -> Draft:
    source = json_source({"count": 1, "_type": "HTTPAPIResult", "results": results})
    assert indico.recognises(source)
    return indico.read(source, Wishes())


def test_event_with_contributions_is_read_whole() -> None:
    draft = read([EVENT])
    (talk,) = draft.sessions

    assert times(draft) == [("Engines", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A")]
    assert (talk.key, talk.timezone, talk.kind) == ("12", None, "Invited talk")
    assert (talk.track, talk.tags) == ("Machines", ["Morning", "steam"])
    assert talk.people == [
        DraftPerson("Ada Example", organization="Analytical Engines"),
        DraftPerson("Bo Sample"),
    ]
    assert talk.description == "About engines."
    assert (draft.name, draft.timezone) == ("Example Workshop", ZONE)
    assert (draft.venue, draft.address) == ("Old Hall", "Street 1, Geneva")
    assert (str(draft.first_day), str(draft.last_day)) == ("2027-06-15", "2027-06-15")
    assert draft.left_out == ["files and folders (1)"]


def test_times_in_utc_are_instants() -> None:
    times_in_utc = {"startDate": moment("07:00:00", "UTC"), "endDate": moment("07:30:00", "UTC")}
    draft = read([{**EVENT, "contributions": [{**CONTRIBUTION, **times_in_utc}]}])

    assert times(draft)[0][1:3] == ("2027-06-15 07:00+00:00", "2027-06-15 07:30+00:00")
    assert draft.timezone == ZONE


def test_days_of_the_event_are_those_of_its_clocks() -> None:
    end = {"date": "2027-06-16", "time": "01:00:00", "tz": "UTC"}
    draft = read([{**EVENT, "endDate": end, "timezone": "America/Los_Angeles"}])

    assert str(draft.last_day) == "2027-06-15"


def test_times_on_other_clocks_keep_their_zone() -> None:
    abroad = {"startDate": moment("07:00:00", "Asia/Tokyo"), "endDate": None}
    draft = read([{**EVENT, "contributions": [{**CONTRIBUTION, **abroad}]}])

    assert times(draft)[0][1:3] == ("2027-06-15 07:00", "2027-06-15 07:30")
    assert draft.sessions[0].timezone == "Asia/Tokyo"


def test_blocks_give_their_contributions_or_themselves() -> None:
    def block(**more: Any) -> dict[str, Any]:
        start, end = moment("09:00:00"), moment("10:00:00")
        return {
            "_type": "SessionSlot",
            "startDate": start,
            "endDate": end,
            "room": "Hall B",
            "session": {"isPoster": False},
            **more,
        }

    talk = {key: CONTRIBUTION[key] for key in ("id", "title", "startDate", "endDate")}
    blocks = [
        block(title="Morning", contributions=[talk], id="1"),
        block(title="Round table", contributions=[], id="2"),
    ]
    draft = read([{**EVENT, "contributions": [], "sessions": blocks}])

    assert times(draft) == [
        ("Engines", "2027-06-15 09:00", "2027-06-15 09:30", "Hall B"),
        ("Round table", "2027-06-15 09:00", "2027-06-15 10:00", "Hall B"),
    ]
    assert draft.sessions[0].track == "Morning"


def test_timetable_gives_contributions_breaks_and_empty_blocks() -> None:
    entries = {
        "s1": {
            "entryType": "Session",
            "id": "s1",
            "title": "Morning",
            "startDate": moment("09:00:00"),
            "endDate": moment("10:00:00"),
            "room": "Hall A",
            "isPoster": True,
            "entries": {
                "c12": {
                    "entryType": "Contribution",
                    "id": "c12",
                    "title": "Engines",
                    "startDate": moment("09:00:00"),
                    "endDate": moment("09:30:00"),
                    "presenters": [{"name": "Example, Ada", "affiliation": "Engines"}],
                }
            },
        },
        "b2": {
            "entryType": "Break",
            "id": "b2",
            "title": "Coffee",
            "startDate": moment("10:00:00"),
            "endDate": moment("10:30:00"),
        },
        "s3": {
            "entryType": "Session",
            "id": "s3",
            "title": "Round table",
            "startDate": moment("10:30:00"),
            "endDate": moment("11:00:00"),
            "entries": {},
        },
    }
    draft = read({"1": {"20270615": entries}})

    assert times(draft) == [
        ("Engines", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A"),
        ("Coffee", "2027-06-15 10:00", "2027-06-15 10:30", None),
        ("Round table", "2027-06-15 10:30", "2027-06-15 11:00", None),
    ]
    assert [each.kind for each in draft.sessions] == ["Poster", "Break", None]
    assert draft.sessions[0].people == [DraftPerson("Ada Example", organization="Engines")]
    assert draft.timezone == ZONE


def test_time_that_cannot_be_read_is_told() -> None:
    wrong = {**CONTRIBUTION, "startDate": {"date": "soon", "time": "09:00"}, "folders": []}
    draft = read([{**EVENT, "contributions": [wrong]}])

    assert times(draft)[0][1] == ""
    assert [line.partition(",")[0] for line in draft.left_out] == ["times that cannot be read"]


@pytest.mark.parametrize("results", [None, [], [{"a": 1}], {}, {"1": {"day": {"x": {}}}}])
def test_other_json_is_refused(results: Any) -> None:
    source = json_source({"results": results})

    assert not indico.recognises(source)
    with pytest.raises(SourceError, match="is no event or timetable as Indico exports it"):
        indico.read(source, Wishes())
