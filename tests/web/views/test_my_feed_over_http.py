"""The personal feed over HTTP: headers, names, conditions, and when it is new."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import event_of
from pages import headers_of
from people import AGENDA, Browser, MySite, settled
from readers import read_vobject

from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import new_edit_key
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.web.app import create_app


def test_feed_has_these_headers(person: Browser) -> None:
    person.choose("talk")

    response = person.get(person.address)

    assert headers_of(response) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Content-Disposition": 'inline; filename="my-calendar.ics"',
        "Cache-Control": "private, max-age=30",
        "ETag": response.headers["ETag"],
        "Last-Modified": response.headers["Last-Modified"],
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])


def test_feed_depends_on_nothing_but_its_address(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    expected = settled(person, address)
    stranger = my_site.browser()
    stranger.choose("closing")

    answers = [
        my_site.browser().get(address),
        stranger.get(address),
        my_site.browser().get(address, headers={"Accept": "text/html", "User-Agent": "Outlook"}),
        my_site.browser().get(
            address, headers={"Accept-Encoding": "gzip", "Host": "other.example"}
        ),
    ]

    for response in answers:
        assert (response.data, headers_of(response)) == (expected.data, headers_of(expected))


def test_feed_as_a_file(person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="Дни Ann")
    address = person.address

    download = person.get(f"{address}?download=1")

    assert download.data == person.get(address).data
    assert download.headers["Content-Disposition"] == (
        "attachment; filename=\"ann.ics\"; filename*=UTF-8''%D0%B4%D0%BD%D0%B8-ann.ics"
    )
    for query in ("?download=0", "?utm_source=x&v=2", "?v=3&fbclid=1"):
        plain = person.get(f"{address}{query}")
        assert plain.headers["Content-Disposition"].startswith("inline; ")
        assert plain.data == download.data


@pytest.mark.parametrize("name", ["x", "my-calendar", "%D0%B4", "a%20b", "..", "x" * 200])
def test_feed_answers_by_any_name(person: Browser, name: str) -> None:
    person.choose("talk")
    address = person.address

    response = person.get(f"{address.rpartition('/')[0]}/{name}.ics")

    assert response.status_code == 200
    assert response.data == person.get(address).data


@pytest.mark.parametrize("query", ["?alarm=10", "?busy=no", "?kind=talk", "?dwonload=1", "?=1"])
def test_feed_with_an_unknown_parameter_names_the_known_ones(person: Browser, query: str) -> None:
    person.choose("talk")

    response = person.get(f"{person.address}{query}")

    assert (response.status_code, response.content_type) == (400, "text/plain; charset=utf-8")
    assert response.text.startswith("Unknown parameter ")
    assert response.text.endswith(" The parameters are: download.\n")


def test_feed_that_a_client_has_is_not_sent_again(person: Browser) -> None:
    person.choose("talk")
    address = person.address
    first = settled(person, address)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}

    answers = [person.get(address, headers=headers) for headers in (by_tag, by_date)]
    head = person.client.head(address)

    for response in answers:
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == first.headers["ETag"]
        assert response.headers["Cache-Control"] == "private, max-age=30"
    assert (head.status_code, head.data) == (200, b"")
    assert headers_of(head) == headers_of(first)


def test_feed_is_new_when_the_choice_or_the_schedule_is(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    acts: dict[str, Callable[[], object]] = {
        "choice": lambda: person.choose("keynote", event="other"),
        "name": lambda: person.send(person.page().form("/my/options"), name="Ann"),
        "alarm": lambda: person.send(person.page().form("/my/options"), alarm="5"),
        "schedule": lambda: my_site.publish(AGENDA.replace("Hall B", "Hall C")),
        "cancelled": lambda: my_site.publish(
            AGENDA.replace("title: Talk", "title: Talk, status: cancelled")
        ),
        "removed": lambda: person.post("/my/remove", [("event", "conf"), ("session", "talk")]),
    }

    for name, act in acts.items():
        before = person.get(address)
        act()
        stale = {
            "If-None-Match": before.headers["ETag"],
            "If-Modified-Since": before.headers["Last-Modified"],
        }
        after = person.get(address)
        asked = [person.get(address, headers={key: value}) for key, value in stale.items()]

        assert after.headers["ETag"] != before.headers["ETag"], name
        assert after.data != before.data, name
        assert [each.status_code for each in asked] == [200, 200], name
        assert before.last_modified <= after.last_modified < datetime.now(UTC), name


def test_feed_is_as_new_as_the_newer_of_choice_and_schedule(
    my_site: MySite, person: Browser
) -> None:
    person.choose("talk")
    address = person.address
    chosen = person.get(address).last_modified
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    event = event_of(AGENDA.replace("Hall B", "Hall C"))
    my_site.storage.append("conf", lambda _, previous: Draft(publish(event, previous, ahead), ""))
    my_site.follow()

    response = person.get(address)
    asked = person.get(address, headers={"If-Modified-Since": str(chosen)})

    assert chosen < ahead
    assert response.last_modified < datetime.now(UTC)
    assert f"LAST-MODIFIED:{ahead:%Y%m%dT%H%M%SZ}".encode() in response.data
    assert asked.status_code == 200


def test_feed_stays_when_nothing_in_it_changes(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    before = settled(person, address)

    person.choose("talk")
    person.post("/my/remove", [("event", "conf"), ("session", "closing")])
    person.send(person.page().form("/my/options"))
    my_site.publish(
        """
        name: Other
        timezone: America/Los_Angeles
        date: 2028-01-10
        sessions: [{id: keynote, title: Keynote, when: 09:30-10:00}]
        """,
        "other",
    )

    after = person.get(address)
    assert (after.data, headers_of(after)) == (before.data, headers_of(before))


def test_feed_without_a_withdrawn_event_is_new(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    person.choose("keynote", event="other")
    address = person.address
    before = person.get(address)
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)

    def withdraw(version: object, previous: Schedule | None) -> Draft:
        assert previous
        update = {"version": previous.version + 1, "published": ahead}
        return Draft(previous.model_copy(update=update), "", is_withdrawn=True)

    my_site.storage.append("other", withdraw)
    my_site.follow()

    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    after = person.get(address, headers=since)
    assert after.status_code == 200
    assert [entry.summary for entry in read_vobject(after.data)] == ["Talk"]
    assert before.last_modified <= after.last_modified < datetime.now(UTC)
    assert "Keynote" not in person.page().words


def test_feed_of_keys_that_never_were_is_not_found(person: Browser) -> None:
    person.choose("talk")

    answers = [person.get(f"/my/{key}/x.ics") for key in (new_edit_key(), "x", "%FF")]

    for response in answers:
        assert (response.status_code, response.text) == (404, "There is no such calendar.\n")
        assert response.content_type == "text/plain; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"


def test_feed_is_not_for_sending(person: Browser) -> None:
    person.choose("talk")

    response = person.post(person.address, [])

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_fetch_is_noted_by_day(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    calendars = Calendars(my_site.storage.database)
    shared = create_app(my_site.live, calendars, my_site.settings).test_client()

    shared.get(person.address)
    calendars.flush(date(2099, 1, 1))

    assert calendars.used_by_day() == {"2099-01-01": 1}
