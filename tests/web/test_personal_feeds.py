"""Personal feeds in front of Flask: Flask's own answers, and never an outdated one."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from people import AGENDA, CONF, OTHER, Browser, MySite, my_site_of
from test_finished import answered, answered_by_flask

from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database

CONDITIONS = [
    [],
    [("If-None-Match", "*")],
    [("If-None-Match", '"other"')],
    [("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")],
    [("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")],
    [("If-Match", '"other"')],
]


def changed_long_ago(site: MySite) -> None:
    """Set back when calendars changed: a date of this very second grows with the answer's own."""
    rewind = "UPDATE calendars SET itinerary = json_set(itinerary, '$.revised', ?)"
    with closing(sqlite3.connect(site.path)) as database, database:
        database.execute(rewind, ["2026-01-02T03:04:05Z"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize(
    "change",
    [
        lambda path: path,
        lambda path: f"{path}?download=1",
        lambda path: f"{path}?download=0",
        lambda path: f"{path}?utm_source=x",
        lambda path: f"{path}?bad=1",
        lambda path: path.replace(".ics", "-other.ics"),
        lambda path: path.replace("/my/", "/my/x"),
        lambda path: f"{path}/",
    ],
)
def test_answers_are_those_of_flask(
    person: Browser, my_site: MySite, method: str, change: Callable[[str], str]
) -> None:
    person.choose("talk", "posters")
    changed_long_ago(my_site)
    address = change(person.address)
    app = person.client.application

    for headers in CONDITIONS:
        expected = answered_by_flask(app, address, method, headers)
        answers = {str(answered(app, address, method, headers)) for _ in range(2)}

        assert answers == {str(expected)}, headers


def test_who_was_told_that_nothing_changed_is_told_again_without_the_feed_being_made(
    person: Browser, my_site: MySite, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.choose("talk")
    address, app = person.address, person.client.application
    has = [("If-None-Match", person.get(address).headers["ETag"])]
    told = answered(app, address, headers=has)
    monkeypatch.setattr(my_site.live, "personal_feed", None)  # what would make it

    assert told.status == "304"
    assert answered(app, address, headers=has) == told


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("query", ["", "?download=1"])
def test_answers_to_who_has_the_feed_are_those_of_flask(
    person: Browser, my_site: MySite, method: str, query: str
) -> None:
    person.choose("talk", "posters")
    changed_long_ago(my_site)
    address, app = person.address + query, person.client.application
    etag = person.get(address).headers["ETag"]
    asked = [
        [("If-None-Match", etag)],
        [("If-None-Match", f'"other", {etag}')],
        [("If-None-Match", f"W/{etag}")],
        [("If-None-Match", etag), ("If-Match", etag)],
        [("If-None-Match", etag), ("If-Match", '"other"')],
        [("If-None-Match", etag), ("If-Modified-Since", "Sat, 01 Jan 2000 00:00:00 GMT")],
    ]

    for headers in asked:
        expected = answered_by_flask(app, address, method, headers)
        answers = [answered(app, address, method, headers) for _ in range(3)]

        assert answers == [expected] * 3, headers


def test_who_was_told_that_nothing_changed_gets_what_changed_then(
    person: Browser, my_site: MySite
) -> None:
    person.choose("talk")
    address, app = person.address, person.client.application

    def told(etag: str) -> str:
        return answered(app, address, headers=[("If-None-Match", etag)]).status

    first = person.get(address).headers["ETag"]
    unchanged = [told(first) for _ in range(2)]
    person.choose("closing")
    chosen = [told(first) for _ in range(2)]
    second = person.get(address).headers["ETag"]
    unchanged += [told(second) for _ in range(2)]
    my_site.publish(AGENDA.replace("title: Talk,", "title: Renamed,"))

    assert unchanged == ["304"] * 4
    assert chosen == ["200"] * 2
    assert told(second) == "200"


def test_change_is_seen_at_once_whoever_makes_it(person: Browser, my_site: MySite) -> None:
    person.choose("talk")
    address, key = person.address, person.key
    before = person.get(address).data
    elsewhere = Calendars(Database(f"sqlite:///{my_site.path}"))  # as another worker has it

    elsewhere.change(key, lambda itinerary: itinerary.model_copy(update={"choices": ()}))

    assert b"SUMMARY:Talk" in before
    assert b"SUMMARY:Talk" not in person.get(address).data


def test_change_of_the_agenda_is_seen_at_once(person: Browser, my_site: MySite) -> None:
    person.choose("talk")
    person.choose("keynote", event="other")
    before = person.feed()

    my_site.publish(AGENDA.replace("title: Talk,", "title: Renamed,"))

    assert b"SUMMARY:Talk" in before
    assert b"SUMMARY:Renamed" in person.feed()


@pytest.mark.parametrize(("act", "status"), [("rotate", 410), ("delete", 410)])
def test_address_that_is_no_longer_in_use_says_so(person: Browser, act: str, status: int) -> None:
    person.choose("talk")
    address = person.address
    assert person.get(address).status_code == 200

    assert person.post(f"/my/{act}", []).status_code == 303

    assert person.get(address).status_code == status


def test_database_that_is_away_is_told_and_comes_back(person: Browser, my_site: MySite) -> None:
    person.choose("talk")
    address = person.address
    before = person.get(address)

    with my_site.away():
        while_away = person.get(address)
    after = person.get(address)

    assert (before.status_code, while_away.status_code, after.status_code) == (200, 503, 200)
    assert after.data == before.data


def test_another_database_in_the_same_place_is_noticed(tmp_path: Path) -> None:
    one, other = (tmp_path / name for name in ("one", "other"))
    one.mkdir()
    other.mkdir()
    site, new = my_site_of(one, CONF, OTHER), my_site_of(other, CONF, OTHER)
    person = site.browser()
    person.choose("talk")
    address = person.address
    assert person.get(address).status_code == 200

    new.storage.close()
    new.path.replace(site.path)
    for suffix in ("-wal", "-shm"):  # SQLite would take those of the old one for the new one's
        site.path.with_name(site.path.name + suffix).unlink(missing_ok=True)

    assert person.get(address).status_code == 404
