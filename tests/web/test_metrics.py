"""``/metrics``: figures for operators alone, without anything about anybody."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import BASE_URL, TOKEN, operator_of, schedule_of
from exposed import families, value
from people import CONF as AGENDA
from people import MySite, my_site_of
from prometheus_client.core import Metric
from waiting import PATIENCE, eventually

from calsvc import __version__
from calsvc.config import Settings
from calsvc.errors import StorageError
from calsvc.live.events import Live
from calsvc.web import census as census_module
from calsvc.web.app import create_app
from calsvc.web.census import Census

CONF = schedule_of("{name: Conf, timezone: UTC, date: 2027-06-15}")
HERE = "http://127.0.0.1:8000"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.parametrize(
    ("base_url", "headers", "settings", "status"),
    [
        (HERE, {"Host": "127.0.0.1:8000"}, {}, 200),
        (HERE, {"Host": "127.0.0.1:8000", "X-Forwarded-For": "192.0.2.7"}, {}, 401),
        (BASE_URL, {"Host": "127.0.0.1:8000"}, {}, 401),
        (BASE_URL, {}, {"operator_token": TOKEN}, 401),
        (BASE_URL, {"Authorization": f"Bearer {TOKEN}x"}, {"operator_token": TOKEN}, 401),
        (BASE_URL, BEARER, {"operator_token": TOKEN}, 200),
        (BASE_URL, BEARER, {}, 401),
    ],
)
def test_figures_are_for_those_who_are_told_details(
    base_url: str, headers: dict[str, str], settings: dict[str, Any], status: int
) -> None:
    client = create_app(Live([CONF], base_url), settings=Settings(**settings)).test_client()

    answer = client.get("/metrics", headers=headers)

    assert answer.status_code == status
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("calsvc_" in answer.text) is (status == 200)
    if status == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert "CALSVC_OPERATOR_TOKEN" in answer.text
        assert answer.content_type.startswith("text/plain")
    else:
        assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"


def test_figures_are_told_while_nothing_is_published_and_while_storage_is_away() -> None:
    empty, away = Live((), BASE_URL), Live([CONF], BASE_URL)
    away.fault = "The database does not answer."

    told = [operator_of(each).get("/metrics") for each in (empty, away, Live([CONF], BASE_URL))]

    assert [each.status_code for each in told] == [200] * 3
    assert [value(each.text, "calsvc_ready") for each in told] == [0, 0, 1]
    assert [value(each.text, "calsvc_events") for each in told] == [0, 1, 1]
    assert value(told[2].text, "calsvc_versions") == 1
    assert value(told[2].text, "calsvc_build_info", version=__version__) == 1


def test_site_without_calendars_tells_no_number_of_them() -> None:
    text = operator_of(Live([CONF], BASE_URL)).get("/metrics").text

    assert value(text, "calsvc_calendars") is None
    assert value(text, "calsvc_stars") is None
    assert value(text, "calsvc_followed_sources") is None


def figures_of(site: MySite) -> str:
    """Return what a site tells operators, counted anew."""
    return site.browser().client.get("/metrics", headers=BEARER).text


def test_stars_are_counted_in_total_and_by_nothing_else(tmp_path: Any) -> None:
    site = my_site_of(tmp_path, AGENDA, operator_token=TOKEN)
    before = figures_of(site)
    ann, ben = site.browser(), site.browser()
    ann.choose("talk")
    ann.choose("opening")
    ann.send(ann.page().form("/my/options"), name='"event":"event":')
    ben.choose("talk")

    text = figures_of(site)

    numbers = ("calsvc_calendars", "calsvc_stars")
    assert [value(before, name) for name in numbers] == [0, 0]
    assert [value(text, name) for name in numbers] == [2, 3]
    for key in (ann.key, ben.key):
        assert key not in text
    of_people = {name for each in families(text) for name in labels(each) if each.name in numbers}
    assert of_people == set()


def labels(family: Metric) -> Iterator[str]:
    """Yield the names of a family's labels."""
    for sample in family.samples:
        yield from sample.labels


# --- counting what takes a while ----------------------------------------------------------


def test_census_is_taken_seldom_and_nobody_waits_for_a_long_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(census_module, "BRIEFLY", 0.01)
    taken = iter([(1, 2), (3, 4)])
    may_end, threads = threading.Event(), set()

    def count() -> tuple[int, int]:
        threads.add(threading.current_thread().name)
        assert may_end.wait(PATIENCE)
        return next(taken)

    census = Census(count)
    first = [census.latest() for _ in range(3)]
    may_end.set()
    eventually(lambda: census.latest() is not None)
    again = [census.latest() for _ in range(3)]
    monkeypatch.setattr(census, "_due", 0.0)
    eventually(lambda: census.latest() == (3, 4))

    assert first == [None] * 3
    assert again == [(1, 2)] * 3
    assert threads == {"census"}


def test_census_that_storage_does_not_answer_is_taken_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = iter([StorageError("away"), (5, 6)])

    def count() -> tuple[int, int]:
        answer = next(answers)
        if isinstance(answer, StorageError):
            raise answer
        return answer

    census = Census(count)
    first = census.latest()
    monkeypatch.setattr(census, "_due", 0.0)

    assert first is None
    assert census.latest() == (5, 6)
