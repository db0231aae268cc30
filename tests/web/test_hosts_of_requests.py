"""A wrong Host does nothing: no link, redirect, cache or form of the site depends on it.

Any host is served all the same, because calendars ask for years by whatever name a proxy or
a network gives; operators hear of one by which people ask (``test_other_host.py``).
"""

from pathlib import Path

import pytest
from conftest import BASE_URL, schedule_of
from pages import headers_of
from people import CONF, Browser, MySite, my_site_of, shared_by
from tiers import slow

from calsvc.live.events import Live
from calsvc.web.app import create_app

EVIL = "evil.example"
HEADERS = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Forwarded-Prefix": f"//{EVIL}",
    "X-Original-Url": f"//{EVIL}/",
    "Forwarded": f"host={EVIL}",
}
PATHS = [
    *("/", "/events.ics", "/events/conf/", "/events/conf.ics", "/events/conf.csv", "/my/"),
    *("/events/conf.xml", "/events/conf.json", "/events/conf.jcal", "/events/conf.atom"),
    *("/events/conf/sessions/talk/", "/events/conf/sessions/talk.ics", "/events/conf/changes/"),
    *("/events/conf/subscribe/", "/events/conf/embed/", "/events/conf/embed/help", "/oembed"),
    *("/api/events", "/api/events/conf", "/api/openapi.json", "/readyz", "/robots.txt"),
    *("/events/conf", "/events//conf/", "/events/conf.ICS", "/nothing", "/events/nothing.ics"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("proxies", [slow(0), 1])
def test_answer_does_not_depend_on_the_host(tmp_path: Path, path: str, proxies: int) -> None:
    client = my_site_of(tmp_path, CONF, proxies=proxies).browser().client

    usual = client.get(path)
    wrong = client.get(path, headers=HEADERS)

    assert (wrong.status_code, wrong.data) == (usual.status_code, usual.data)
    assert headers_of(wrong) == headers_of(usual)
    assert EVIL not in wrong.text


def test_own_pages_and_what_forms_answer_do_not_depend_on_the_host(person: Browser) -> None:
    person.choose("talk")
    shared = shared_by(person)
    client = person.client
    client.environ_base["HTTP_HOST"] = EVIL

    answers = [client.get(path) for path in ("/my/", shared, person.address, "/events/conf/")]
    form = {"event": "conf", "session": "closing", "back": "/events/conf/"}
    answers.append(client.post("/my/add", data=form, headers={"Origin": BASE_URL}))
    answers.append(client.post("/my/rotate", headers={"Origin": BASE_URL}))
    answers.append(client.post("/api/calendars"))

    assert [each.status_code for each in answers] == [200, 200, 200, 200, 303, 303, 201]
    for each in answers:
        assert EVIL not in each.text + str(each.headers)


def test_host_that_a_stranger_made_up_stands_on_no_page() -> None:
    conf = schedule_of("{name: Conf, timezone: UTC, date: 2027-06-15}")
    client = create_app(Live([conf], "http://127.0.0.1:8000")).test_client()
    place = {"REMOTE_ADDR": "192.0.2.1"}

    client.get("/events/conf/", headers={"Host": EVIL}, environ_overrides=place)
    answers = [client.get(path, environ_overrides=place) for path in ("/", "/readyz")]

    assert not any(EVIL in each.text for each in answers)
    assert EVIL in client.get("/readyz", headers={"Host": "127.0.0.1"}).text


# --- which forms are the site's own -------------------------------------------------------


def added(site: MySite, origin: str | None, host: str, referer: str = "") -> int:
    """Return the status of a form for a new calendar that says where it is from."""
    headers = {"Host": host, "Referer": referer} | ({} if origin is None else {"Origin": origin})
    form = {"event": "conf", "session": "talk"}
    return site.browser().client.post("/my/add", data=form, headers=headers).status_code


OWN = "calendar.example.org"


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (BASE_URL, OWN, 303),
        (BASE_URL, "127.0.0.1:8000", 303),  # a proxy that sends its own
        (BASE_URL.upper(), OWN, 303),
        ("http://calendar.example.org", OWN, 403),  # somebody between, without the certificate
        ("https://calendar.example.org:444", OWN, 403),
        ("https://calendar.example.org.evil.example", OWN, 403),
        ("https://calendar.example.org@evil.example", OWN, 403),
        ("ftp://calendar.example.org", OWN, 403),
        ("calendar.example.org", OWN, 403),
        ("http://127.0.0.1:8000", OWN, 403),
        ("http://other.example", "other.example", 303),  # another name of the same site
        ("https://other.example", "other.example", 303),
        ("https://other.example", "another.example", 403),
        ("null", OWN, 403),
        ("", OWN, 403),
        ("https://[", OWN, 403),
    ],
)
def test_form_is_taken_from_the_origin_of_the_site(
    my_site: MySite, origin: str, host: str, expected: int
) -> None:
    assert added(my_site, origin, host) == expected


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        (f"{BASE_URL}/events/conf/", 303),
        ("http://calendar.example.org/events/conf/", 403),
        (f"https://evil.example/?{BASE_URL}/", 403),
        ("", 403),
    ],
)
def test_browser_that_sends_no_origin_says_it_by_its_referer(
    my_site: MySite, referer: str, expected: int
) -> None:
    assert added(my_site, None, OWN, referer) == expected
