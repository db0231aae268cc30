"""A site where nothing was ever published yet: it asks to come back, and says so plainly."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import BASE_URL, client_of, event_of, operator_of, schedule_of
from flask.testing import FlaskClient

from calsvc.exporters.table import EXPORTERS
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, withdraw
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app

HEAD = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"


@pytest.fixture
def site() -> FlaskClient:
    """A site where nothing is published."""
    return client_of()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events.ics",
        *(f"/events/conf.{suffix}" for suffix in EXPORTERS),
        "/events/conf/sessions/one.ics",
        "/events/conf/",
        "/events/conf/embed/",
        "/my/",
        "/my/key/name.ics",
        "/api/events",
    ],
)
def test_address_of_events_asks_to_come_back(site: FlaskClient, path: str) -> None:
    response = site.get(path)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "30")
    assert "no-store" in response.headers["Cache-Control"]
    assert "BEGIN:VCALENDAR" not in response.text


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/robots.txt",
        "/embed.js",
        "/offline.js",
        "/offline/",
        "/site.webmanifest",
        "/api/openapi.json",
    ],
)
def test_address_of_something_else_answers(site: FlaskClient, path: str) -> None:
    assert site.get(path).status_code == 200


def test_address_that_is_none_stays_unknown(site: FlaskClient) -> None:
    assert site.get("/no-such-page").status_code == 404


def test_readyz_tells_why_nothing_is_published_and_the_front_page_no_visitor() -> None:
    live = Live((), BASE_URL)
    live.stored_notices = ("conf.yaml:1:1: is broken; mend it",)
    site = operator_of(live)

    front, ready = site.get("/"), site.get("/readyz")

    assert "There are no events here yet." in front.text
    assert "conf.yaml" not in front.text
    assert (ready.status_code, ready.text) == (
        503,
        "not ready\nNothing is published yet: put an event file into the folder that is"
        " watched, or run calsvc publish.\nconf.yaml:1:1: is broken; mend it\n",
    )


def test_page_says_it_in_the_language_of_its_reader(site: FlaskClient) -> None:
    page = site.get("/events/conf/?lang=de").text

    assert "Hier gibt es noch keine Veranstaltungen." in page


def test_site_serves_as_soon_as_something_is_published() -> None:
    live = Live((), BASE_URL)
    site = create_app(live).test_client()
    before = site.get("/events/conf.ics").status_code

    live.put(schedule_of(HEAD), [])

    assert (before, site.get("/events/conf.ics").status_code) == (503, 200)
    assert site.get("/events/other.ics").status_code == 404
    assert site.get("/readyz").text == "ok\n"


def test_site_whose_events_are_all_withdrawn_is_not_waiting(
    open_storage: Callable[[str], Storage], sqlite_url: str
) -> None:
    storage = open_storage(sqlite_url)
    publish_event(storage, event_of(HEAD), "a file")
    withdraw(storage, "conf")
    live = Live((), BASE_URL)
    Follower(live, storage).step()
    site = create_app(live).test_client()

    answers = [site.get(path).status_code for path in ("/events/conf.ics", "/events.ics", "/")]

    assert answers == [410, 200, 200]  # the site's feed announces that it is cancelled


def test_site_whose_database_is_away_says_that_instead(sqlite_url: str, tmp_path: Path) -> None:
    live = Live((), BASE_URL)
    Follower(live, Storage(sqlite_url)).step()
    site = operator_of(live)

    ready = site.get("/readyz")

    assert ready.status_code == 503
    assert ready.text.startswith("not ready\nThe database does not answer: ")
    assert site.get("/events/conf.ics").status_code == 503


def test_bulletin_of_the_first_process_is_told_before_what_is_stored() -> None:
    live = Live([schedule_of(HEAD)], BASE_URL)
    live.stored_notices = ("conf.yaml: is broken; mend it",)
    site = operator_of(live)

    live.bulletin.write("events: its changes are not published now")
    told = site.get("/readyz").text
    live.bulletin.write("")

    assert told == (
        "ok\nevents: its changes are not published now\nconf.yaml: is broken; mend it\n"
    )
    assert site.get("/readyz").text == "ok\nconf.yaml: is broken; mend it\n"
    live.bulletin.write("é" * 4000 + datetime.now(UTC).isoformat())
    assert site.get("/readyz").text.startswith("ok\né")
