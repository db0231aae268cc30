"""Open Event: a folder of JSON files with keys in any of their ways, and JSON:API."""

from typing import Any

import pytest
from readings import folder_source, json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.tools import open_event

EVENT = {
    "id": 1,
    "name": "Example Summit",
    "starts-at": "2027-06-15T09:00:00+02:00",
    "ends-at": "2027-06-16T18:00:00+02:00",
    "timezone": "Europe / Berlin",
    "location-name": "Old Hall, Berlin",
    "latitude": 52.5,
    "longitude": "13.4",
    "description": "<p>On <i>engines</i></p>",
    "organizer-name": "Example Org",
    "ticket-url": "https://example.org/tickets",
    "social-links": [
        {"name": "Twitter", "link": "https://example.com/t"},
        {"name": "External Event URL", "link": "https://example.org/"},
    ],
}
SESSION = {
    "id": 5,
    "title": " Engines\n",
    "subtitle": "A history",
    "short-abstract": "Short.",
    "long-abstract": "Long.",
    "starts-at": "2027-06-15T09:30:00+02:00",
    "ends-at": "2027-06-15T10:00:00+02:00",
    "session-type": {"id": 2, "name": "Talk", "length": 0.3},
    "microlocation": {"id": "3", "name": "Hall A  "},
    "track": {"id": 4, "name": "Machines"},
    "speakers": [{"id": 6, "name": "Ada Example", "organisation": "Analytical Engines"}],
    "language": "English",
    "level": "Beginner",
    "state": "accepted",
    "slides-url": "https://example.org/slides",
    "video-url": "",
    "comments": "",
}
PARTS = {
    "event": EVENT,
    "sessions": [SESSION],
    "speakers": [{"id": 6, "name": "Ada Example", "organisation": "Analytical Engines"}],
    "microlocations": [
        {"id": 3, "name": "Hall A", "latitude": 52.5, "longitude": 13.4},
        {"id": 9, "name": "Hall B", "latitude": 0, "longitude": 0.0},
    ],
    "tracks": [{"id": 4, "name": "Machines", "color": "#ff0000"}],
    "session_types": [{"id": 2, "name": "Talk"}],
}
TIMES = [("Engines", "2027-06-15 09:30+02:00", "2027-06-15 10:00+02:00", "Hall A")]


def read(**parts: Any) -> Draft:
    source = folder_source(**{**PARTS, **parts})
    assert open_event.recognises(source)
    return open_event.read(source, Wishes())


def test_folder_is_read_whole() -> None:
    draft = read()
    (talk,) = draft.sessions

    assert times(draft) == TIMES
    assert (talk.key, talk.kind, talk.track, talk.level) == ("5", "Talk", "Machines", "Beginner")
    assert talk.people == [DraftPerson("Ada Example", organization="Analytical Engines")]
    assert talk.description == "A history\n\nShort.\n\nLong."
    assert talk.links == [("https://example.org/slides", "Slides")]
    assert (draft.name, draft.timezone, draft.geo) == (
        "Example Summit",
        "Europe/Berlin",
        (52.5, 13.4),
    )
    assert (str(draft.first_day), str(draft.last_day)) == ("2027-06-15", "2027-06-16")
    assert (draft.venue, draft.organizer) == ("Old Hall, Berlin", "Example Org")
    assert (draft.url, draft.registration) == (
        "https://example.org/",
        "https://example.org/tickets",
    )
    assert draft.description == "On *engines*"
    assert draft.rooms == [DraftRoom("Hall A", (52.5, 13.4)), DraftRoom("Hall B")]
    assert draft.tracks == [("Machines", "#ff0000")]
    assert draft.left_out == []


@pytest.mark.parametrize("names", [("start_time", "end_time"), ("starts_at", "ends_at")])
def test_keys_of_other_versions_say_the_same(names: tuple[str, str]) -> None:
    old = {
        key.replace("-", "_"): value
        for key, value in SESSION.items()
        if key not in {"starts-at", "ends-at"}
    }
    times_of = dict(zip(names, (SESSION["starts-at"], SESSION["ends-at"]), strict=True))

    assert times(read(sessions=[{**old, **times_of}])) == TIMES


def test_files_may_have_no_ending_and_be_in_a_folder_within() -> None:
    members = {
        f"export/{name}": Source(name, json_source(tree).octets) for name, tree in PARTS.items()
    }
    source = Source("export.zip", members={**members, "export/logo.png": Source("l", b"\x89")})

    assert open_event.recognises(source)
    assert times(open_event.read(source, Wishes())) == TIMES


def test_references_by_id_alone_are_looked_up() -> None:
    session = {
        **SESSION,
        "microlocation": 3,
        "track": {"id": "4"},
        "session-type": {"id": 2},
        "speakers": [{"id": 6}, {"id": 77}, {"id": None, "name": None}],
    }
    draft = read(sessions=[session])
    (talk,) = draft.sessions

    assert times(draft) == TIMES
    assert (talk.track, talk.kind, len(talk.people)) == ("Machines", "Talk", 1)
    assert draft.left_out == ["speakers who are not listed, such as {'id': 77} (1)"]


def test_states_say_what_is_on_the_agenda() -> None:
    states = ["accepted", "confirmed", "rejected", "draft", "canceled", None]
    draft = read(sessions=[{**SESSION, "id": str(state), "state": state} for state in states])

    assert [(each.key, each.is_cancelled) for each in draft.sessions] == [
        ("accepted", False),
        ("confirmed", False),
        ("canceled", True),
        ("None", False),
    ]
    assert draft.left_out == [
        "sessions that are rejected, such as Engines (1)",
        "sessions that are draft, such as Engines (1)",
    ]


def test_an_end_before_the_start_is_given_as_it_is() -> None:
    draft = read(sessions=[{**SESSION, "ends-at": "2017-01-01T00:00:00+02:00"}])

    assert times(draft)[0][1:3] == ("2027-06-15 09:30+02:00", "2017-01-01 00:00+02:00")


def test_a_broken_list_beside_the_sessions_is_told() -> None:
    source = folder_source(**PARTS)
    members = {**source.members, "tracks.json": Source("tracks.json", b'[{"id": 4,')}
    draft = open_event.read(Source("folder", members=members), Wishes())

    assert times(draft) == TIMES
    assert [line.partition(":")[0] for line in draft.left_out] == [
        "what is in tracks, which is broken JSON"
    ]


def test_broken_sessions_are_an_error() -> None:
    members = {**folder_source(**PARTS).members, "sessions.json": Source("sessions.json", b"[{")}

    with pytest.raises(SourceError, match=r"sessions\.json: is broken JSON"):
        open_event.read(Source("folder", members=members), Wishes())


def test_json_api_is_read() -> None:
    def resource(kind: str, known: str, **attributes: Any) -> dict[str, Any]:
        return {"type": kind, "id": known, "attributes": attributes}

    session = resource(
        "session",
        "5",
        **{
            "title": "Engines",
            "starts-at": SESSION["starts-at"],
            "ends-at": SESSION["ends-at"],
            "state": "confirmed",
        },
    )
    session["relationships"] = {
        "microlocation": {"data": {"type": "microlocation", "id": "3"}},
        "track": {"data": {"type": "track", "id": "4"}},
        "speakers": {"data": [{"type": "speaker", "id": "6"}]},
        "session-type": {"links": {"self": "/x"}},
    }
    document = {
        "data": [session],
        "included": [
            resource("microlocation", "3", name="Hall A"),
            resource("track", "4", name="Machines", color="#ff0000"),
            resource("speaker", "6", name="Ada Example"),
            resource("event", "1", name="Example Summit", timezone="Europe/Berlin"),
        ],
    }
    source = json_source(document)
    assert open_event.recognises(source)
    draft = open_event.read(source, Wishes())

    assert times(draft) == TIMES
    assert (draft.name, draft.timezone) == ("Example Summit", "Europe/Berlin")
    assert draft.sessions[0].track == "Machines"
    assert draft.sessions[0].people == [DraftPerson("Ada Example")]


@pytest.mark.parametrize("source", [folder_source(event=EVENT), json_source({"data": []})])
def test_other_sources_are_refused(source: Source) -> None:
    assert not open_event.recognises(source)
    with pytest.raises(SourceError, match="has no sessions in the format Open Event"):
        open_event.read(source, Wishes())
