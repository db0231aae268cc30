"""The site through the proxies of ``deploy/``: what they pass on, keep and hide."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import TOKEN, tool
from proxies import DEPLOY, caddy_of, proxying, running
from servers import Call, caller, free_port
from waiting import eventually

FEED = "/events/conf.ics"
CONF = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
venue: Old Hall
sessions:
  - {id: a, title: First, when: 09:00-10:00}
  - {id: b, title: Second, when: 10:00-11:00}
"""
CALENDARS = "/api/calendars"
MOST_NEW = 20
SAME = ("Content-Type", "Content-Length", "ETag", "Last-Modified", "Cache-Control", "Vary")
SAME += ("Content-Disposition", "Access-Control-Allow-Origin", "Content-Encoding")


class Proxied(NamedTuple):
    """A site, asked directly and through a proxy."""

    address: str
    direct: Call
    call: Call
    log: Path
    """What the proxy logs of requests, if it does."""


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    """A site behind each proxy in turn."""
    home = tmp_path_factory.mktemp(request.param)
    port, site_port = free_port(), free_port()
    address = f"http://127.0.0.1:{port}"
    (home / "events").mkdir()
    (home / "events" / "conf.yaml").write_text(CONF)
    settings = {
        "CALSVC_BASE_URL": address,
        "CALSVC_PROXIES": "1",
        "CALSVC_OPERATOR_TOKEN": TOKEN,
        "CALSVC_NEW_CALENDARS": str(MOST_NEW),
    }
    serve = [sys.executable, "-m", "calsvc", "serve", "events", "--port", str(site_port)]
    folder = home / "proxy"
    direct = caller(site_port)
    with running([*serve, "--workers", "1"], home, site_port, FEED, settings):
        eventually(lambda: is_settled(direct))
        if request.param == "nginx":
            words, more = proxying(folder, port, site_port), {}
        else:
            words, more = caddy_of(folder, port, site_port)
        with running(words, folder, port, FEED, more):
            yield Proxied(address, direct, caller(port), folder / "access.log")


def is_settled(direct: Call) -> bool:
    """Tell whether the second is over in which the feed was published: its date stays from then."""
    headers = direct("GET", FEED).headers
    return headers["Last-Modified"] != headers["Date"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [FEED, "/events.ics", "/events/conf.jcal", "/events/conf/", "/embed.js", "/robots.txt"]
)
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_answer_comes_through_as_it_is(site: Proxied, path: str, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}

    direct = site.direct("GET", path, headers=headers)
    answers = [site.call("GET", path, headers=headers) for _ in range(2)]  # the second may be kept

    assert direct.status == 200
    for answer in answers:
        assert (answer.status, answer.body) == (200, direct.body)
        assert [answer.headers.get(name) for name in SAME] == [
            direct.headers.get(name) for name in SAME
        ]
    assert path != FEED or direct.headers.get("Content-Encoding") is None


@pytest.mark.slow
def test_who_has_a_feed_is_told_so(site: Proxied) -> None:
    whole = site.call("GET", FEED)

    for name, sent in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        told = site.call("GET", FEED, headers={name: whole.headers[sent]})

        assert (told.status, told.body) == (304, b""), (name, whole.headers)
        assert told.headers["ETag"] == whole.headers["ETag"]
    assert site.call("GET", FEED, headers={"If-None-Match": '"other"'}).status == 200
    assert site.call("HEAD", FEED).headers["Content-Length"] == str(len(whole.body))


@pytest.mark.slow
def test_what_is_private_is_never_kept(site: Proxied) -> None:
    made = site.call("POST", CALENDARS, body={"sessions": [{"event": "conf", "session": "a"}]})
    assert made.status == 201, made.body
    key, path = made.json["edit_key"], made.json["feed"].removeprefix(site.address)

    first, second = (site.call("GET", path) for _ in range(2))
    assert first.body == second.body == site.direct("GET", path).body
    assert "private" in first.headers["Cache-Control"]
    assert "HIT" not in (first.headers.get("X-Cache"), second.headers.get("X-Cache"))

    cookie = {"Cookie": f"calsvc_key={key}"}
    anonymous = site.call("GET", "/events/conf/")
    own = site.call("GET", "/events/conf/", headers=cookie)
    again = site.call("GET", "/events/conf/")
    assert own.body != anonymous.body == again.body
    assert "no-store" in own.headers["Cache-Control"]

    assert site.call("DELETE", f"{CALENDARS}/me", key).status == 204
    assert site.call("GET", path).status == 410
    log = site.log.read_text() if site.log.exists() else ""
    assert path.split("/")[2] not in log
    assert not log or ' /my/-"' in log


@pytest.mark.slow
def test_addresses_are_those_of_the_proxy(site: Proxied) -> None:
    feed = site.call("GET", FEED).body.decode().replace("\r\n ", "")
    page = site.call("GET", "/events/conf/subscribe/").body.decode()
    redirected = site.call("GET", "/events/conf")

    assert f"{site.address}{FEED}" in feed
    assert set(re.findall(r"https?://[^/\s\"]+", feed)) == {site.address}
    assert f"{site.address}{FEED}" in page
    assert redirected.status == 308
    assert redirected.headers["Location"] == "/events/conf/"


@pytest.mark.slow
def test_form_of_the_site_itself_is_taken(site: Proxied) -> None:
    """Its origin is the one of the proxy, whatever the proxy calls calsvc."""
    made = site.call("POST", CALENDARS).json
    cookie = {"Cookie": f"calsvc_key={made['edit_key']}"}

    def put(origin: str) -> int:
        path = f"{CALENDARS}/me/sessions/conf/a"
        return site.call("PUT", path, headers={**cookie, "Origin": origin}).status

    assert put("https://other.example.org") == 403
    assert put(site.address) in (200, 201, 204)


@pytest.mark.slow
def test_nobody_is_an_operator_for_coming_from_this_machine(site: Proxied) -> None:
    (told,) = {site.call("GET", "/readyz").body for _ in range(2)}
    operator = site.call("GET", "/readyz", TOKEN)

    assert told == b"ok\n" == operator.body
    assert "no-store" in operator.headers["Cache-Control"]


@pytest.mark.slow
def test_long_address_comes_through(site: Proxied) -> None:
    path = f"{FEED}?utm_source={'x' * 15_000}"

    answers = [site.call("GET", path) for _ in range(2)]

    assert {(each.status, each.body) for each in answers} == {(200, site.direct("GET", FEED).body)}
    assert answers[1].headers.get("X-Cache") in ("HIT", None)


@pytest.mark.slow
def test_caller_is_who_the_proxy_says_and_is_told_when_to_come_again(site: Proxied) -> None:
    """The last test on each site: it uses up what one address may make."""

    def make(number: int) -> tuple[int, str | None]:
        claimed = {"X-Forwarded-For": f"198.51.100.{number}"}
        answer = site.call("POST", CALENDARS, headers=claimed)
        return answer.status, answer.headers.get("Retry-After")

    answers = [make(number) for number in range(MOST_NEW + 1)]

    assert answers[0] == (201, None)
    assert answers[-1] == (429, "600")


@pytest.mark.slow
def test_caddyfile_is_right_as_it_is(tmp_path: Path) -> None:
    """With the address and the port that it has where nothing else is said."""
    for words in (["validate", "--config"], ["fmt"]):
        file = DEPLOY / "Caddyfile"
        adapted = ["--adapter", "caddyfile"] if words[0] == "validate" else []
        result = subprocess.run(
            [tool("caddy"), *words, str(file), *adapted],
            env={**os.environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert result.returncode == 0, result.stderr
    assert result.stdout == file.read_text("utf-8")
