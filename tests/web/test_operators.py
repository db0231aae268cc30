"""Who may read what operators should know: never a stranger, whatever a stranger says."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from conftest import BASE_URL, TOKEN, event_of, operator_of, schedule_of
from exposed import value
from people import MySite, my_site_of

from calsvc import config
from calsvc.config import Settings
from calsvc.errors import SettingsError
from calsvc.live.bulletin import UNWRITTEN
from calsvc.live.events import Live
from calsvc.schedule.publishing import publish
from calsvc.web import error_handlers
from calsvc.web.app import create_app
from calsvc.web.views.health import TOLD

CONF = schedule_of("{name: Conf, timezone: UTC, date: 2027-06-15}")
NOTICE = "secret-plans.yaml:3:1: session keynote: is broken; mend it"
TROUBLE = "The database does not answer: could not connect to db7.internal.example."
HERE = "http://127.0.0.1:8000"
CALM = "not ready\nThe database does not answer now. Calendars go on from memory.\n"


def live_of(base_url: str, *, is_away: bool = False) -> Live:
    """Return what is served where there is something to tell operators."""
    live = Live([CONF], base_url)
    live.stored_notices = (NOTICE,)
    live.fault = TROUBLE if is_away else None
    return live


def told(
    base_url: str, headers: dict[str, str], address: str = "127.0.0.1", **settings: Any
) -> bool:
    """Tell whether details are told to who asks; assert that the front page has none."""
    app = create_app(live_of(base_url), settings=Settings(**settings))
    client = app.test_client()
    place = {"REMOTE_ADDR": address}
    answers = [
        client.get(path, headers=headers, environ_overrides=place) for path in ("/", "/readyz")
    ]
    assert {each.status_code for each in answers} <= {200, 400}
    front, ready = (NOTICE in each.text for each in answers)
    assert not front
    return ready


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000"])
def test_who_asks_on_this_machine_is_told(host: str) -> None:
    assert told(HERE, {"Host": host})


@pytest.mark.parametrize(
    ("base_url", "headers", "address"),
    [
        (HERE, {"Host": "127.0.0.1:8000"}, "192.0.2.7"),
        (HERE, {"Host": "calendar.example.org"}, "127.0.0.1"),
        (HERE, {"Host": "[::1"}, "127.0.0.1"),
        (HERE, {"Host": "localhost.evil.example"}, "127.0.0.1"),
        (BASE_URL, {"Host": "127.0.0.1:8000"}, "127.0.0.1"),
        *(
            (HERE, {"Host": "127.0.0.1:8000", name: "192.0.2.7"}, "127.0.0.1")
            for name in ("X-Forwarded-For", "X-Real-Ip", "Forwarded", "Via", "X-Forwarded-Host")
        ),
    ],
)
def test_who_asks_from_elsewhere_is_not_told(
    base_url: str, headers: dict[str, str], address: str
) -> None:
    assert not told(base_url, headers, address)


def test_address_that_a_stranger_claims_is_not_believed() -> None:
    claimed = {"Host": "127.0.0.1:8000", "X-Forwarded-For": "127.0.0.1"}

    assert not told(HERE, claimed, "192.0.2.7")
    assert not told(HERE, claimed, "192.0.2.7", proxies=1)


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (f"Bearer {TOKEN}", True),
        (f"bearer  {TOKEN} ", True),
        (f"Bearer {TOKEN}x", False),
        (f"Bearer {TOKEN[:-1]}", False),
        (f"Basic {TOKEN}", False),
        (TOKEN, False),
        ("Bearer ", False),
        ("Bearer \xff", False),
    ],
)
def test_who_has_the_token_is_told(sent: str, expected: bool) -> None:
    found = told(BASE_URL, {"Authorization": sent}, "192.0.2.7", operator_token=TOKEN)

    assert found is expected


def test_nothing_is_a_token_where_none_is_set() -> None:
    for sent in ("Bearer None", "Bearer ", "Bearer"):
        assert not told(BASE_URL, {"Authorization": sent}, "192.0.2.7")


def test_stranger_hears_calm_words_and_where_to_look() -> None:
    stranger = create_app(live_of(BASE_URL, is_away=True)).test_client()
    operator = operator_of(live_of(BASE_URL, is_away=True))

    answers = [each.get("/readyz") for each in (stranger, operator)]

    assert [each.status_code for each in answers] == [503, 503]
    assert answers[0].text == f"{CALM}{TOLD}\n"
    assert answers[1].text == f"not ready\n{TROUBLE} Calendars go on from memory.\n{NOTICE}\n"


def test_front_page_has_no_details_for_anybody() -> None:
    stranger = create_app(live_of(BASE_URL)).test_client()
    operator = operator_of(live_of(BASE_URL))

    pages = [each.get("/") for each in (stranger, operator)]

    assert [each.headers["Cache-Control"] for each in pages] == ["public, max-age=300"] * 2
    assert not any(NOTICE in each.text for each in pages)


@pytest.mark.parametrize(("minutes_apart", "times"), [(0, 1), (1, 3)])
def test_words_of_the_driver_go_to_the_log_once_a_minute_and_to_nobody_else(
    my_site: MySite,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    minutes_apart: int,
    times: int,
) -> None:
    clock = (60.0 * minutes_apart * number for number in count())
    monkeypatch.setattr(error_handlers, "monotonic", clock.__next__)
    browser = my_site.browser()
    browser.choose("talk")
    address = browser.address

    with my_site.away(), caplog.at_level(logging.WARNING):
        answers = [browser.get(each) for each in (address, "/my/", address)]

    assert [each.status_code for each in answers] == [503] * 3
    assert not any("unable to open" in each.text for each in answers)
    words = "The database does not answer: unable to open database file."
    assert [each.getMessage() for each in caplog.records] == [
        f"A request was not answered: {words}"
    ] * times


def test_operator_is_told_the_words_of_the_driver(tmp_path: Any) -> None:
    site = my_site_of(tmp_path, CONF, operator_token=TOKEN)
    client = site.browser().client

    with site.away():
        answer = client.get("/my/shared/x/y.ics", headers={"Authorization": f"Bearer {TOKEN}"})
        personal = client.get("/my/x/y.ics", headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 404
    assert personal.text == "The database does not answer: unable to open database file.\n"


def test_token_that_is_too_short_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALSVC_OPERATOR_TOKEN", "hunter2")

    with pytest.raises(SettingsError) as refused:
        config.load()

    assert "CALSVC_OPERATOR_TOKEN" in str(refused.value)
    assert "hunter2" not in str(refused.value)


# --- what there is to see to --------------------------------------------------------------


def unstorable(live: Live) -> None:
    live.unwritten = "The database does not answer: disk is full."


def unrecorded(live: Live) -> None:
    live.unrecorded = frozenset({"conf", ""})


def unwatched(live: Live) -> None:
    live.bulletin.write("events: its changes are not published now")


def asked_elsewhere(live: Live) -> None:
    live.other_host = "10.0.0.7"


def told_by_publishers(live: Live) -> None:
    live.stored_notices = ("conf.yaml: waits for you, because of its source half is gone",)


def spoilt(live: Live) -> None:
    live.served()[0].fault = "conf version 1 cannot be read; update calsvc."


def published_later(live: Live) -> None:
    text = "{name: Later, timezone: UTC, date: 2027-06-15}"
    live.put(publish(event_of(text, "later"), None, datetime.now(UTC) + timedelta(days=2)), ())


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (unstorable, "The last try to store something failed: The database does not answer: disk"),
        (unrecorded, "Stamps and dates of conf, the site are told that are not recorded yet;"),
        (unwatched, "events: its changes are not published now"),
        (asked_elsewhere, "People ask for 10.0.0.7; set CALSVC_BASE_URL"),
        (told_by_publishers, "waits for you, because of its source"),
        (spoilt, "conf version 1 cannot be read"),
        (published_later, "later: version 1 says that it was published at"),
    ],
)
def test_operators_are_told_each_reason_and_strangers_that_there_is_one(
    spoil: Callable[[Live], None], words: str
) -> None:
    live = Live([CONF], BASE_URL)
    calm = operator_of(live).get("/readyz").text
    spoil(live)

    answers = [each.get("/readyz") for each in (operator_of(live), create_app(live).test_client())]
    figures = operator_of(live).get("/metrics").text

    assert calm == "ok\n"
    assert [each.status_code for each in answers] == [200, 200]
    assert words in answers[0].text
    assert words not in answers[1].text
    assert (TOLD in answers[1].text) is (UNWRITTEN not in answers[1].text)
    assert value(figures, "calsvc_notices") == 1
