"""Addresses that are nearly right: a slash is added, all else is said, and nothing misleads."""

from itertools import product
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from conftest import BASE_URL, client_of, schedule_of
from flask.testing import FlaskClient
from pages import Page
from people import AGENDA, CONF, my_site_of, shared_by
from werkzeug.test import TestResponse

from calsvc.releases import withdraw

EVENT = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
    """
ADDRESSES = [
    *("/", "/events.ics", "/events/conf/", "/events/conf.ics", "/events/conf.atom"),
    *("/events/conf/subscribe/", "/events/conf/changes/", "/events/conf/sessions/talk/"),
    *("/events/conf/sessions/talk.ics", "/events/conf/embed/", "/events/conf/embed/subscribe/"),
    *("/events/conf/embed/sessions/talk/", "/events/conf/embed/help", "/my/", "/embed.js"),
    *("/api/events/conf", "/api/openapi.json", "/readyz", "/robots.txt", "/static/calsvc.css"),
]
NOT_QUITE = [
    *("{}%20", "{} %20", "{}.", "{},", "{})", "{}%0A", "{}%C2%A0", "{}>", "{}/.", "{}/..", "{};"),
    *("{}!", "{}%00", "{}%E2%80%8B", "{}%E2%80%9D", "{}.html", "{}/index.html", "{}//", "/{}"),
    *("{}%2F", "{}%3Fkind=talk", "{}&kind=talk", "{}x", "{}/x/", "{}.ics", "{}ICS"),
]


@pytest.fixture(scope="module")
def site() -> FlaskClient:
    """A site with one event, ``conf``."""
    return client_of(schedule_of(EVENT))


def ask(client: FlaskClient, address: str) -> TestResponse:
    """Return the answer at an address whose path may begin with two slashes."""
    path, _, query = address.partition("?")
    octets = unquote_to_bytes(path).decode("latin-1")
    return client.open("/", query_string=query, environ_overrides={"PATH_INFO": octets})


def near(address: str) -> list[str]:
    """Return addresses that are not quite this one."""
    bare = address.rstrip("/")
    written = {each.format(form) for each, form in product(NOT_QUITE, (address, bare))}
    capitals = {address.upper(), address.title(), bare.upper(), address.replace("conf", "Conf")}
    others = {bare, f"{bare}/", address.replace("conf", "cnof"), address.replace("talk", "tlak")}
    return sorted((written | capitals | others) - {address, ""})


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_near_miss_is_a_plain_404_or_leads_straight_to_what_there_is(
    site: FlaskClient, address: str
) -> None:
    assert ask(site, address).status_code == 200
    for each in near(address):
        answer = ask(site, each)

        if answer.status_code == 308:
            answer = ask(site, answer.headers["Location"])
            assert answer.status_code == 200, each
        assert answer.status_code in {200, 404, 503}, each  # 503: it keeps no personal calendars


@pytest.mark.parametrize(
    ("missed", "meant"),
    [
        ("/events/conf.ICS", "/events/conf.ics"),
        ("/events/conf.ics%20", "/events/conf.ics"),
        ("/events/conf%20.ics", "/events/conf.ics"),
        ("/events/conf.ics;jsessionid=1", "/events/conf.ics"),
        ("/events/conf.ics.", "/events/conf.ics"),
        ("/events/conf.ics.ics", "/events/conf.ics"),
        ("/events/Conf.ics", "/events/conf.ics"),
        ("/events//conf.ical", "/events/conf.ics"),
        ("/events/conf.ics%3Fkind=talk", "/events/conf.ics"),
        ("/Events.ICS", "/events.ics"),
        ("/event/conf.ics", "/events/conf.ics"),
        ("/events/conf/sessions/Talk.ics", "/events/conf/sessions/talk.ics"),
        ("/events/conf/sessions/talk.ICS%E2%80%9D", "/events/conf/sessions/talk.ics"),
        ("/events/conf.Atom", "/events/conf.atom"),
        ("/events/conf.html", "/events/conf/"),
    ],
)
def test_programs_are_told_what_is_meant(site: FlaskClient, missed: str, meant: str) -> None:
    answer = ask(site, missed)

    assert (answer.status_code, answer.mimetype) == (404, "text/plain")
    assert answer.text == f"There is nothing at this address. Did you mean {BASE_URL}{meant}?\n"


@pytest.mark.parametrize(
    ("missed", "meant"),
    [
        ("/events/conf.ics/", "/events/conf.ics"),
        ("/events/Conf/", "/events/conf/"),
        ("/EVENTS/CONF", "/events/conf/"),
        ("/events/conf%20", "/events/conf/"),
        ("/events/conf,", "/events/conf/"),
        ("/events/conf/Sessions/talk", "/events/conf/sessions/talk/"),
        ("/events/conf/changes/index.html/", "/events/conf/changes/"),
        ("/My", "/my/"),
    ],
)
def test_people_are_led_to_what_is_meant(site: FlaskClient, missed: str, meant: str) -> None:
    answer = ask(site, missed)
    german = ask(site, f"{missed}?lang=de")

    assert answer.status_code == 404
    assert "Did you mean" in answer.text
    assert meant in Page(answer).links
    title = {"/events/conf/": "Conf", "/events/conf/sessions/talk/": "Talk"}.get(meant, meant)
    assert f'<a href="{meant}">{title}</a>' in german.text


def test_api_tells_what_is_meant(site: FlaskClient) -> None:
    answer = ask(site, "/api/events/CONF")

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json
    assert answer.json["detail"].endswith(f"Did you mean {BASE_URL}/api/events/conf?")


@pytest.mark.parametrize("missed", ["/events/other", "/x", "/events/conf/sessions/other/", "/%"])
def test_what_is_like_nothing_is_not_guessed(site: FlaskClient, missed: str) -> None:
    answer = ask(site, missed)

    assert answer.status_code == 404
    if "sessions" in missed:  # there is that event
        assert "Did you mean" not in answer.text
    else:
        assert "/events/conf" not in answer.text


def test_address_of_another_name_says_which(site: FlaskClient) -> None:
    answer = ask(site, "/events/cnof.ics")

    assert answer.status_code == 404
    assert answer.text.startswith("There is no event 'cnof'. Did you mean conf?")


def test_event_that_is_withdrawn_is_gone_without_a_redirect(tmp_path: Path) -> None:
    my_site = my_site_of(tmp_path, CONF)
    withdraw(my_site.storage, "conf")
    my_site.follow()

    answers = [
        ask(my_site.browser().client, path) for path in ("/events/conf", "/events/conf/changes")
    ]

    assert [each.status_code for each in answers] == [410, 410]


def test_redirect_to_a_person_s_page_is_kept_by_no_cache(tmp_path: Path) -> None:
    my_site = my_site_of(tmp_path, CONF)
    person = my_site.browser()
    person.choose("talk")
    path = shared_by(person)

    answer = ask(my_site.browser().client, path.removesuffix("/"))
    page = ask(my_site.browser().client, "/events/conf")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (308, "no-store")
    assert page.headers["Cache-Control"].startswith("public")


def test_page_of_friends_that_is_not_there_is_not_found_without_a_redirect(
    tmp_path: Path,
) -> None:
    answer = ask(my_site_of(tmp_path, CONF).browser().client, "/my/shared/nobody")

    assert answer.status_code == 404


def test_former_address_without_its_slash_leads_straight_to_the_page() -> None:
    client = client_of(schedule_of(f"    formerly: [old]\n{AGENDA}", "conf"))

    answer = ask(client, "/events/old?kind=talk")

    assert answer.headers["Location"] == "/events/conf/?kind=talk"


def test_nothing_is_known_of_any_address_while_nothing_was_published() -> None:
    client = client_of()

    moved = ask(client, "/events/conf")
    answer = ask(client, moved.headers["Location"])

    assert (moved.status_code, answer.status_code) == (308, 503)
    assert answer.headers["Retry-After"]


@pytest.mark.parametrize("host", ["a..b", ".", "x" * 70 + ".example"])
def test_host_that_cannot_be_is_refused_in_words(site: FlaskClient, host: str) -> None:
    answer = site.get("/events/conf/", headers={"Host": host})

    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
