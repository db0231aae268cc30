"""The cookie of My calendar: what browsers promise of it, and that none is ever lost."""

import re
from pathlib import Path

import pytest
from conftest import BASE_URL
from flask.testing import FlaskClient
from people import CONF, MySite, my_site_of, shared_by

from calsvc.web.auth import COOKIES

HOST, SECURE, PLAIN = COOKIES
SITES = [
    (BASE_URL, HOST, "Secure; HttpOnly; Path=/; SameSite=Lax"),
    (f"{BASE_URL}/cal", SECURE, "Secure; HttpOnly; Path=/cal/; SameSite=Lax"),
    ("http://127.0.0.1:8000", PLAIN, "HttpOnly; Path=/; SameSite=Lax"),
]


def set_by(headers: list[str]) -> dict[str, str]:
    """Return the attributes of the cookies that an answer sets, but for how long, by name."""
    found = {}
    for each in headers:
        pair, *attributes = each.split("; ")
        kept = [it for it in attributes if not it.startswith(("Expires", "Max-Age"))]
        name, _, value = pair.partition("=")
        found[name if value else f"no {name}"] = "; ".join(kept)
    return found


def plain(site: MySite) -> FlaskClient:
    """Return a client that sends the cookies of each request, and keeps none."""
    return site.browser().client.application.test_client(use_cookies=False)


@pytest.mark.parametrize(("base_url", "name", "attributes"), SITES)
def test_cookie_is_as_strict_as_its_site_allows(
    tmp_path: Path, base_url: str, name: str, attributes: str
) -> None:
    site = my_site_of(tmp_path, CONF, base_url=base_url)
    origin = "/".join(base_url.split("/")[:3])

    made = site.browser().post("/my/add", [("event", "conf"), ("session", "talk")], origin)

    assert made.status_code == 303
    assert set_by(made.headers.getlist("Set-Cookie")) == {name: attributes}
    assert "Max-Age=34560000" in made.headers["Set-Cookie"]


@pytest.mark.parametrize(("base_url", "name", "attributes"), SITES)
@pytest.mark.parametrize("earlier", COOKIES)
@pytest.mark.parametrize("path", ["/my/", "/events/conf/"])
def test_cookie_of_another_name_goes_on_and_gets_the_present_one(
    tmp_path: Path, base_url: str, name: str, attributes: str, earlier: str, path: str
) -> None:
    site = my_site_of(tmp_path, CONF, base_url=base_url)
    origin = "/".join(base_url.split("/")[:3])
    made = site.browser().post("/my/add", [("event", "conf"), ("session", "talk")], origin)
    key = re.findall(r"=([^;]+)", made.headers["Set-Cookie"])[0]
    client = plain(site)

    visit = client.get(path, headers={"Cookie": f"{earlier}={key}"})
    again = client.get(path, headers={"Cookie": f"{earlier}={key}; {name}={key}"})

    assert visit.status_code == again.status_code == 200
    assert 'aria-pressed="true"' in visit.text or "Talk" in visit.text
    expected = {} if earlier == name else {name: attributes}
    assert set_by(visit.headers.getlist("Set-Cookie")) == expected
    assert expected == {} or f"{name}={key};" in visit.headers["Set-Cookie"]
    assert "no-store" in visit.headers["Cache-Control"]
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(
    "path", ["/", "/events/conf/embed/", "/events/conf.ics", "/static/site.js", "/readyz", "/nope"]
)
def test_answer_for_everybody_sets_no_cookie(my_site: MySite, path: str) -> None:
    response = plain(my_site).get(path, headers={"Cookie": f"{PLAIN}={'x' * 32}"})

    assert "Set-Cookie" not in response.headers


def test_cookie_that_only_this_host_can_set_wins_over_a_planted_one(my_site: MySite) -> None:
    person, stranger = my_site.browser(), my_site.browser()
    person.choose("talk")
    stranger.choose("closing")
    cookies = f"{PLAIN}={stranger.key}; {HOST}={person.key}"

    page = plain(my_site).get("/my/", headers={"Cookie": cookies})

    assert person.key in page.text
    assert stranger.key not in page.text


def test_another_calendar_and_none_are_known_by_no_earlier_name(my_site: MySite) -> None:
    person, other = my_site.browser(), my_site.browser()
    person.choose("talk")
    other.choose("closing")
    origin = {"Origin": BASE_URL}
    client = plain(my_site)
    both = {"Cookie": f"{PLAIN}={person.key}; {HOST}={person.key}", **origin}

    opened = client.post("/my/open", data={"key": other.key}, headers=both)
    deleted = client.post("/my/delete", headers=both)

    assert set(set_by(opened.headers.getlist("Set-Cookie"))) == {HOST, f"no {PLAIN}"}
    assert set(set_by(deleted.headers.getlist("Set-Cookie"))) == {f"no {HOST}", f"no {PLAIN}"}


def test_page_for_friends_gives_no_cookie_of_its_own(my_site: MySite) -> None:
    person = my_site.browser()
    person.choose("talk")

    response = my_site.browser().get(shared_by(person))

    assert "Set-Cookie" not in response.headers
