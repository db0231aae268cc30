"""Agendas as JSON, for anybody."""

import pytest
from api import EVENTS, UIDS, Api, answered, refused, shown
from conftest import BASE_URL

SUMMARY = {
    "id": "conf",
    "name": "Conf",
    "series": "Confs",
    "first_day": "2027-06-15",
    "last_day": "2027-06-15",
    "timezone": "Europe/Berlin",
    "venue": {"name": "Old Hall", "address": "Street 1", "geo": None, "url": None},
    "feed": f"{BASE_URL}/events/conf.ics",
    "page": f"{BASE_URL}/events/conf/",
}


def slots_of(session: str) -> list[dict[str, object]]:
    """Return the slots of a session as an agenda shows them."""
    places = range(len(UIDS[session]))
    extra = ("event", "session", "title")
    return [
        {name: value for name, value in shown(session, place).items() if name not in extra}
        for place in places
    ]


def listed(session: str, title: str, kind: str, **said: object) -> dict[str, object]:
    """Return a session as an agenda shows it."""
    return {
        "id": session,
        "title": title,
        "kind": kind,
        "status": "confirmed",
        "track": None,
        "tags": [],
        "language": None,
        "level": None,
        "people": [],
        "description": None,
        "part_of": [],
        "url": f"{BASE_URL}/events/conf/sessions/{session}/",
        "slots": slots_of(session),
        **said,
    }


def test_events_are_listed_by_their_first_day(api: Api) -> None:
    response = api.client.get("/api/events")

    other = {
        "id": "many",
        "name": "Many",
        "series": None,
        "first_day": "2027-06-16",
        "last_day": "2027-06-16",
        "timezone": "UTC",
        "venue": None,
        "feed": f"{BASE_URL}/events/many.ics",
        "page": f"{BASE_URL}/events/many/",
    }
    assert answered(response) == (200, "application/json", {"events": [SUMMARY, other]})


def test_event_is_its_whole_agenda(api: Api) -> None:
    response = api.client.get("/api/events/conf")

    ada = {"name": "Ada Example", "organization": "Engines", "role": "speaker", "url": None}
    assert answered(response) == (
        200,
        "application/json",
        {
            **SUMMARY,
            "description": "Talks.",
            "url": "https://conf.example.org/",
            "version": 1,
            "sessions": [
                listed(
                    "opening",
                    "Opening",
                    "opening",
                    track="Data",
                    tags=["start"],
                    language="en",
                    level="all",
                    people=[ada],
                    description="The *start*.",
                ),
                listed("talk", "A <Talk>", "talk", status="tentative"),
                listed("posters", "Posters", "poster-session"),
                listed("one", "One", "poster", part_of=["posters"], url="https://one.example.org/"),
                listed("later", "Later", "talk"),
                listed("gone", "Gone", "talk", status="cancelled"),
            ],
        },
    )
    assert [len(UIDS[each]) for each in ("opening", "posters", "one", "later")] == [1, 2, 2, 1]


def test_event_unknown_names_the_known_ones(api: Api) -> None:
    response = api.client.get("/api/events/cnof")

    assert answered(response) == refused(
        404, "Not Found", f"There is no event 'cnof'. Did you mean conf? {EVENTS}"
    )


@pytest.mark.parametrize("path", ["/api/events", "/api/events/conf", "/api/openapi.json"])
def test_public_answer_may_be_kept_and_asked_for_again(api: Api, path: str) -> None:
    first = api.client.get(path)
    again = api.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    head = api.client.head(path)

    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert (again.status_code, again.data) == (304, b"")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == first.headers["ETag"]
