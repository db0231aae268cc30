"""A personal calendar that is changed: options, sharing, and what is chosen."""

from pathlib import Path

import pytest
from api import (
    CONF,
    EVENTS,
    MANY,
    SESSIONS,
    UIDS,
    Api,
    answered,
    api_of,
    calendar,
    chosen,
    path_of,
    refused,
    shown,
)
from conftest import BASE_URL

from calsvc.schedule.itineraries import MAX_SESSIONS, derived


def test_calendar_is_shown_without_its_edit_key(api: Api) -> None:
    made = api.make(sessions=chosen("opening"))
    key = made.pop("edit_key")

    response = api.call(key, "GET")

    assert answered(response) == (200, "application/json", made)
    assert key not in response.text


def test_change_leaves_what_is_left_out(api: Api, key: str) -> None:
    steps = [
        {"alarm": 15},
        {"busy": False},
        {"cancelled": "drop"},
        {},
        {"alarm": None},
        {"alarm": 0, "busy": True},
    ]

    answers = [api.call(key, "PATCH", json=step) for step in steps]

    states = [
        {"alarm": 15},
        {"alarm": 15, "busy": False},
        {"alarm": 15, "busy": False, "cancelled": "drop"},
        {"alarm": 15, "busy": False, "cancelled": "drop"},
        {"alarm": None, "busy": False, "cancelled": "drop"},
        {"alarm": 0, "busy": True, "cancelled": "drop"},
    ]
    assert [answered(each) for each in answers] == [
        (200, "application/json", calendar(key, **state)) for state in states
    ]
    assert api.call(key, "GET").json == calendar(key, **states[-1])


def test_change_of_name_keeps_the_old_address_alive(api: Api, key: str) -> None:
    before = api.call(key, "GET").json["feed"]

    after = api.call(key, "PATCH", json={"name": "Other"}).json

    assert after["name"] == "Other"
    assert after["feed"] == before.replace("my-calendar.ics", "other.ics")
    old, new = (api.client.get(path_of(each)) for each in (before, after["feed"]))
    assert old.status_code == new.status_code == 200
    assert old.data == new.data


def test_sharing_is_a_new_address_each_time(api: Api, key: str) -> None:
    steps = [{"shared": on} for on in (True, True, False, False, True)]

    answers = [api.call(key, "PATCH", json=step).json for step in steps]

    first, second = (f"{BASE_URL}/my/shared/{derived(key, 'share', each)}/" for each in (1, 2))
    assert answers == [
        calendar(key, shared=address) for address in (first, first, None, None, second)
    ]
    assert api.client.get(path_of(first)).status_code == 410
    assert api.client.get(path_of(second)).status_code == 200


def test_adding_again_changes_nothing(api: Api, key: str) -> None:
    once = api.call(key, "PUT", "/sessions/conf/opening")
    stored = api.calendars.of_editor(key)
    again = api.call(key, "PUT", "/sessions/conf/opening")

    whole = calendar(key, choices=chosen("opening"), sessions=[shown("opening")])
    assert answered(once) == answered(again) == (200, "application/json", whole)
    assert api.calendars.of_editor(key) == stored


def test_removing_again_changes_nothing(api: Api, key: str) -> None:
    api.call(key, "PUT", "/sessions/conf/opening")
    api.call(key, "PUT", "/sessions/conf/later")

    once = api.call(key, "DELETE", "/sessions/conf/opening")
    stored = api.calendars.of_editor(key)
    again = api.call(key, "DELETE", "/sessions/conf/opening")

    whole = calendar(key, choices=chosen("later"), sessions=[shown("later")])
    assert answered(once) == answered(again) == (200, "application/json", whole)
    assert api.calendars.of_editor(key) == stored


def test_removing_what_is_on_no_agenda_is_fine(api: Api, key: str) -> None:
    response = api.call(key, "DELETE", "/sessions/nothing/nowhere")

    assert answered(response) == (200, "application/json", calendar(key))


def test_session_of_several_times_is_chosen_whole_or_by_slot(api: Api, key: str) -> None:
    first, second = UIDS["posters"]

    answers = [
        api.call(key, method, f"/sessions/conf/posters{query}").json
        for method, query in (
            ("PUT", f"?slot={second}"),
            ("PUT", f"?slot={first}"),
            ("DELETE", f"?slot={second}"),
            ("PUT", ""),
            ("DELETE", f"?slot={first}"),
            ("PUT", f"?slot={first}"),
            ("DELETE", ""),
        )
    ]

    [by_first] = chosen("posters", slot=first)
    [by_second] = chosen("posters", slot=second)
    [whole] = chosen("posters")
    at_first, at_second = shown("posters", 0), shown("posters", 1)
    assert [(each["choices"], each["sessions"]) for each in answers] == [
        ([by_second], [at_second]),
        ([by_second, by_first], [at_first, at_second]),
        ([by_first], [at_first]),
        ([by_first, whole], [at_first, at_second]),
        ([whole], [at_first, at_second]),
        ([whole, by_first], [at_first, at_second]),
        ([], []),
    ]


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("/conf/openign", f"There is no session 'openign'. Did you mean opening? {SESSIONS}"),
        ("/cnof/opening", f"There is no event 'cnof'. Did you mean conf? {EVENTS}"),
        (
            f"/conf/posters?slot={UIDS['opening'][0]}",
            f"There is no slot {UIDS['opening'][0]!r}. ",
        ),
    ],
)
def test_adding_what_is_on_no_agenda_names_what_is(
    api: Api, key: str, address: str, detail: str
) -> None:
    response = api.call(key, "PUT", f"/sessions{address}")

    status, content_type, content = answered(response)
    assert isinstance(content, dict)
    assert (status, content_type, content["title"]) == (
        404,
        "application/problem+json",
        "Not Found",
    )
    assert content["detail"].startswith(detail)
    if "slot" in address:
        assert content["detail"].endswith(f"The slots are: {', '.join(UIDS['posters'])}.")
    assert api.call(key, "GET").json == calendar(key)


@pytest.mark.parametrize("address", ["/conf/A%20b", "/Conf/talk", "/conf/talk?slot=", "/conf/%00"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_name_that_cannot_be_is_refused(api: Api, key: str, method: str, address: str) -> None:
    response = api.call(key, method, f"/sessions{address}")

    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert api.call(key, "GET").json == calendar(key)


def test_whole_choice_is_replaced(api: Api, key: str) -> None:
    for session in ("opening", "later"):
        api.call(key, "PUT", f"/sessions/conf/{session}")
    wanted = [{"event": "conf", "session": each} for each in ("gone", "opening", "gone")]

    response = api.call(key, "PUT", "/sessions", json={"sessions": wanted})

    whole = calendar(
        key, choices=chosen("gone", "opening"), sessions=[shown("opening"), shown("gone")]
    )
    assert answered(response) == (200, "application/json", whole)
    again = api.call(key, "PUT", "/sessions", json={"sessions": wanted})
    assert answered(again) == answered(response)
    assert api.call(key, "GET").json == whole


def test_whole_choice_is_emptied_only_on_purpose(api: Api, key: str) -> None:
    api.call(key, "PUT", "/sessions/conf/later")

    forgotten = [api.call(key, "PUT", "/sessions", data=body) for body in (b"", b"{}")]
    kept = api.call(key, "GET").json
    emptied = api.call(key, "PUT", "/sessions", json={"sessions": []})

    missing = refused(400, "Bad Request", "sessions: Field required")
    assert [answered(each) for each in forgotten] == [missing] * 2
    assert kept == calendar(key, choices=chosen("later"), sessions=[shown("later")])
    assert answered(emptied) == (200, "application/json", calendar(key))


def test_whole_choice_with_one_that_is_on_no_agenda_changes_nothing(api: Api, key: str) -> None:
    api.call(key, "PUT", "/sessions/conf/later")

    response = api.call(
        key, "PUT", "/sessions", json={"sessions": [*chosen("opening"), *chosen("openign")]}
    )

    detail = f"There is no session 'openign'. Did you mean opening? {SESSIONS}"
    assert answered(response) == refused(404, "Not Found", detail)
    assert api.call(key, "GET").json["choices"] == chosen("later")


def test_whole_choice_keeps_what_is_on_no_agenda_any_more(tmp_path: Path) -> None:
    key = api_of(tmp_path, CONF, MANY).make(
        sessions=[*chosen("later"), {"event": "many", "session": "s1"}]
    )["edit_key"]
    api = api_of(tmp_path, CONF)
    kept = api.call(key, "GET").json["choices"]

    response = api.call(key, "PUT", "/sessions", json={"sessions": [*kept, *chosen("opening")]})

    assert response.status_code == 200
    assert response.json["choices"] == [*kept, *chosen("opening")]
    assert response.json["sessions"] == [shown("opening"), shown("later")]


def test_calendar_that_is_full_takes_no_more(api: Api) -> None:
    many = [{"event": "many", "session": f"s{number}"} for number in range(MAX_SESSIONS + 1)]
    key = api.make(sessions=many[:MAX_SESSIONS])["edit_key"]

    one_more = api.call(key, "PUT", f"/sessions/many/s{MAX_SESSIONS}")
    too_many = api.call(key, "PUT", "/sessions", json={"sessions": many})

    assert answered(one_more) == refused(
        409, "Conflict", "My calendar holds 500 sessions at most; remove some first."
    )
    assert (too_many.status_code, too_many.content_type) == (400, "application/problem+json")
    assert too_many.json["detail"].startswith("sessions: Tuple should have at most 500 items")
    assert len(api.call(key, "GET").json["choices"]) == MAX_SESSIONS
    assert api.call(key, "PUT", "/sessions/many/s0").status_code == 200


def test_calendar_tells_of_ways_that_are_too_long(tmp_path: Path) -> None:
    api = api_of(tmp_path, CONF, changeover=5)

    made = api.make(sessions=chosen("talk", "posters"))

    assert made["overlaps"] == [
        {"first": UIDS["talk"][0], "second": UIDS["posters"][0], "minutes": 0}
    ]
