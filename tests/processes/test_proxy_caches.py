"""The cache of ``deploy/nginx/calsvc.conf``: what it keeps, for how long, and while calsvc is away.

Its clock runs sixty times as fast as ours, so that a minute is a second.
"""

import ssl
import subprocess
import sys
import time
from contextlib import ExitStack
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from conftest import tool
from proxies import altered, nginx_of, proxying, running
from servers import caller, free_port
from waiting import eventually
from workers import FEED, agenda, write

FAST = 60  # times as fast as ours
FAKETIME = ("-f", f"+0 x{FAST}")


@pytest.fixture
def ports() -> tuple[int, int]:
    """The ports of the site and of the proxy."""
    return free_port(), free_port()


def serve(port: int, address: str) -> list[str]:
    """Return the words that serve the event files of the present folder."""
    words = [sys.executable, "-m", "calsvc", "serve", "events", "--port", str(port)]
    return [*words, "--workers", "1", "--base-url", address]


@pytest.mark.slow
def test_change_reaches_a_reader_within_a_minute(
    events: Path, tmp_path: Path, ports: tuple[int, int]
) -> None:
    site, proxy = ports
    folder = tmp_path / "proxy"
    fast = [tool("faketime"), *FAKETIME, *proxying(folder, proxy, site)]

    with running(serve(site, f"http://127.0.0.1:{proxy}"), tmp_path, site, FEED):
        with running(fast, folder, proxy, FEED):
            before = caller(proxy)("GET", FEED)
            kept = caller(proxy)("GET", FEED).headers["X-Cache"]
            for number in range(3):
                write(events / "conf.yaml", agenda(number))
                changed = f"SUMMARY:Changed {number}".encode()
                eventually(lambda changed=changed: changed in caller(site)("GET", FEED).body)
                time.sleep(75 / FAST)  # for max-age, and for stale-while-revalidate
                told = {"If-None-Match": before.headers["ETag"]}
                answer = caller(proxy)("GET", FEED, headers=told)

                assert answer.status == 200
                assert changed in answer.body
                assert answer.body == caller(site)("GET", FEED).body
                before = answer
    assert kept != "MISS"


@pytest.mark.slow
def test_feeds_go_on_while_calsvc_is_away_and_persons_are_told(
    events: Path, tmp_path: Path, ports: tuple[int, int]
) -> None:
    site, proxy = ports
    folder = tmp_path / "proxy"
    fast = [tool("faketime"), *FAKETIME, *proxying(folder, proxy, site)]
    ask = caller(proxy)

    with ExitStack() as proxied:
        with running(serve(site, f"http://127.0.0.1:{proxy}"), tmp_path, site, FEED):
            proxied.enter_context(running(fast, folder, proxy, FEED))
            whole = ask("GET", FEED)
            made = ask("POST", "/api/calendars").json["feed"]
            personal = made.removeprefix(f"http://127.0.0.1:{proxy}")
            before = ask("GET", personal).status
        time.sleep(10)  # ten minutes
        answers = [ask("GET", FEED) for _ in range(3)]
        own = ask("GET", personal)

    assert {(each.status, each.body) for each in answers} == {(200, whole.body)}
    assert {each.headers["ETag"] for each in answers} == {whole.headers["ETag"]}
    assert {each.headers["X-Cache"] for each in answers} <= {"STALE", "UPDATING"}
    assert (before, own.status) == (200, 502)


@pytest.mark.slow
def test_settings_with_a_certificate_answer_by_https(tmp_path: Path) -> None:
    """As the comments of the file say: one line taken out, and each #tls."""
    secure, plain, site = free_port(), free_port(), free_port()
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    words = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    words += ["-subj", "/CN=calendar.example.org", "-keyout", str(key), "-out", str(certificate)]
    words += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([tool("openssl"), *words], check=True, capture_output=True)
    files = "/etc/letsencrypt/live/calendar.example.org"
    changes = {
        "    listen 80;\n    server_name": "    server_name",
        "#tls ": "",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "listen 443 ssl": f"listen 127.0.0.1:{secure} ssl",
        f"{files}/fullchain.pem": str(certificate),
        f"{files}/privkey.pem": str(key),
        "/var/cache/nginx/calsvc": "kept",
        "/var/log/nginx/": "",
    }
    folder = tmp_path / "proxy"
    upstream = altered("upstream.conf", {"127.0.0.1:8000": f"127.0.0.1:{site}"})
    nginx = nginx_of(folder, calsvc=altered("calsvc.conf", changes), upstream=upstream)
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "conf.yaml").write_text(agenda())

    with ExitStack() as stack:
        stack.enter_context(
            running(serve(site, f"https://127.0.0.1:{secure}"), tmp_path, site, FEED)
        )
        stack.enter_context(running(nginx, folder, plain, FEED, status=308))
        led = caller(plain)("GET", FEED, headers={"Host": "calendar.example.org"})
        trusting = ssl.create_default_context(cafile=str(certificate))
        connection = HTTPSConnection("127.0.0.1", secure, context=trusting)
        connection.request("GET", FEED)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        direct = caller(site)("GET", FEED)

    assert led.headers["Location"] == f"https://calendar.example.org{FEED}"
    assert (answer.status, body) == (200, direct.body)
    assert b"https://127.0.0.1:" in body
