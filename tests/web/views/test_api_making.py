"""A personal calendar that is made: its whole answer, and bodies that cannot be."""

import pytest
from api import KEY, UIDS, Api, answered, calendar, chosen, path_of, shown
from conftest import BASE_URL

from calsvc.schedule.itineraries import derived


@pytest.mark.parametrize("body", [b"", b"{}", b'{"sessions": []}'])
def test_calendar_made_of_nothing_is_empty(api: Api, body: bytes) -> None:
    response = api.client.post("/api/calendars", data=body)

    made = response.json
    key = made["edit_key"]
    assert KEY.fullmatch(key)
    assert answered(response) == (
        201,
        "application/json",
        {**calendar(key), "edit_key": key},
    )


def test_calendar_made_with_a_choice_has_its_times_and_overlaps(api: Api) -> None:
    made = api.make(
        name="  Ann's choice ",
        alarm=10,
        busy=False,
        cancelled="mark",
        sessions=[
            {"event": "conf", "session": "talk"},
            {"event": "conf", "session": "opening", "slot": None},
            {"event": "conf", "session": "posters", "slot": UIDS["posters"][1]},
            {"event": "conf", "session": "later"},
            {"event": "conf", "session": "gone"},
            {"event": "conf", "session": "talk"},
        ],
    )

    feed = f"{BASE_URL}/my/{derived(made['edit_key'], 'feed', 1)}/ann-s-choice.ics"
    posters = {"event": "conf", "session": "posters", "slot": UIDS["posters"][1]}
    assert made == {
        **calendar(made["edit_key"]),
        "edit_key": made["edit_key"],
        "name": "Ann's choice",
        "alarm": 10,
        "busy": False,
        "cancelled": "mark",
        "feed": feed,
        "links": made["links"],
        "choices": [*chosen("talk", "opening"), posters, *chosen("later", "gone")],
        "sessions": [
            shown("opening"),
            shown("talk"),
            shown("posters", 1),
            shown("gone"),
            shown("later"),
        ],
        "overlaps": [
            {"first": UIDS["opening"][0], "second": UIDS["talk"][0], "minutes": 10},
        ],
    }
    assert made["links"]["copy"] == feed


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("Café & Ümläute", "cafe-umlaute"),
        ("東京 2027", "2027"),
        ("東京", "my-calendar"),
        ("!!!", "my-calendar"),
        ("../../etc/passwd", "etc-passwd"),
        ("x" * 100, "x" * 60),
        ("é" * 100, "e" * 60),
        (f"{'x' * 59} yy", "x" * 59),
    ],
)
def test_calendar_has_an_address_that_programs_can_take(api: Api, name: str, end: str) -> None:
    made = api.make(name=name)

    response = api.client.get(path_of(made["feed"]))

    assert made["name"] == name
    assert made["feed"] == f"{BASE_URL}/my/{derived(made['edit_key'], 'feed', 1)}/{end}.ics"
    assert len(made["feed"]) < 200
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"[", "body: Invalid JSON: EOF while parsing a list at line 1 column 1"),
        (b"[]", "body: Input should be an object"),
        (b'"x"', "body: Input should be an object"),
        (b'{"nmae": "x"}', "nmae: Extra inputs are not permitted"),
        (b'{"edit_key": "x"}', "edit_key: Extra inputs are not permitted"),
        (b'{"name": ""}', "name: is empty; write something, or take the key out"),
        (b'{"name": "a\\nb"}', "name: has U+000A (a line break) at character 2; write it on one"),
        (b'{"name": null}', "name: Input should be a valid string"),
        (b'{"alarm": -1}', "alarm: Input should be greater than or equal to 0"),
        (b'{"alarm": 40321}', "alarm: Input should be less than or equal to 40320"),
        (b'{"alarm": "soon"}', "alarm: Input should be a valid integer"),
        (b'{"busy": null}', "busy: Input should be a valid boolean"),
        (b'{"cancelled": "hide"}', "cancelled: Input should be 'status', 'mark' or 'drop'"),
        (b'{"sessions": [{"event": "conf"}]}', "sessions.0.session: Field required"),
        (
            b'{"sessions": [{"event": "conf", "session": "A b"}]}',
            "sessions.0.session: 'A b' cannot stand in an address; write a-b",
        ),
        (
            b'{"sessions": [{"event": "conf", "session": "talk", "slot": "a b"}]}',
            "sessions.0.slot: String should match pattern",
        ),
        (b'{"name": "\xff"}', "body: Invalid JSON"),
        (b'{"name": "\\ud800"}', "body: Invalid JSON"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_body_that_cannot_be_is_told_of(
    api: Api, key: str, method: str, body: bytes, detail: str
) -> None:
    before = api.calendars.count()

    if method == "POST":
        response = api.client.post("/api/calendars", data=body)
    else:
        response = api.call(key, "PATCH", data=body)

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    told = content.pop("detail")
    assert (status, content_type) == (400, "application/problem+json")
    assert content == {"type": "about:blank", "title": "Bad Request", "status": 400}
    if method == "PATCH" and b"sessions" in body:
        detail = "sessions: Extra inputs are not permitted"
    assert told.startswith(detail)
    assert api.calendars.count() == before
    assert api.call(key, "GET").json == calendar(key)
