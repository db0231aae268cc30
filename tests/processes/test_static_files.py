"""``deploy/nginx/static.conf``: what nginx says of files is what calsvc says of its answers."""

from collections.abc import Iterator

import pytest
from conftest import schedule_of
from proxies import altered, nginx_of, running
from servers import Answer, caller, free_port
from werkzeug.http import parse_options_header

from calsvc.exporters.table import EXPORTERS
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.web.app import create_app

SITE = "https://calendar.example.org"
CONF = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: a, title: First, when: 09:00-10:00, description: "Long enough to be compressed."}
"""
PAGES = ("/", "/events/conf/", "/events/conf/embed/", "/events/conf/embed/help")
FEEDS = tuple(f"/events/conf.{suffix}" for suffix in EXPORTERS)
OTHERS = ("/events.ics", "/embed.js", "/static/calsvc.css", "/static/site.js", "/robots.txt")
OTHERS += ("/logo", "/api/events/conf", "/events/conf/sessions/a.ics")
SAID = ("Access-Control-Allow-Origin", "Content-Security-Policy", "X-Content-Type-Options")
SAID += ("Referrer-Policy",)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    """A small event."""
    return schedule_of(CONF)


@pytest.fixture(scope="module")
def answers(schedule: Schedule) -> dict[str, Answer]:
    """What calsvc answers at each address."""
    client = create_app(Live([schedule], SITE)).test_client()
    got = {path: client.get(path) for path in (*PAGES, *FEEDS, *OTHERS)}
    return {path: Answer(each.status_code, each.headers, each.data) for path, each in got.items()}


@pytest.fixture(scope="module")
def port(answers: dict[str, Answer], tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of an nginx that serves these answers as files."""
    home = tmp_path_factory.mktemp("static")
    for path, answer in answers.items():
        file = home / "site" / path[1:] / ("index.html" if path in PAGES else "")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(answer.body)
    for name in (".calsvc-files", "_headers"):
        (home / "site" / name).write_text("of the build\n")
    (home / "site" / "404.html").write_text("<p>Nothing is here.</p>")
    number = free_port()
    changes = {"listen 80;": f"listen 127.0.0.1:{number};", "/srv/calsvc": str(home / "site")}
    folder = home / "nginx"
    with running(
        nginx_of(folder, static=altered("static.conf", changes)), folder, number, "/events.ics"
    ):
        yield number


@pytest.mark.slow
@pytest.mark.parametrize("path", [*PAGES, *FEEDS, *OTHERS])
def test_file_is_served_as_calsvc_answers(port: int, answers: dict[str, Answer], path: str) -> None:
    expected = answers[path]

    answer = caller(port)("GET", path if path != "/events/conf/embed/help" else f"{path}/")

    assert (answer.status, answer.body) == (200, expected.body)
    types = [parse_options_header(each.headers["Content-Type"]) for each in (answer, expected)]
    assert types[0][0] == types[1][0]
    assert types[0][1].get("charset", "utf-8").lower() == "utf-8"
    said = [[each.headers.get(name) for name in SAID] for each in (answer, expected)]
    assert said[0] == said[1]


@pytest.mark.slow
@pytest.mark.parametrize("path", [*PAGES[:3], *FEEDS, "/events.ics", "/embed.js"])
def test_files_are_kept_as_long_as_answers(
    port: int, answers: dict[str, Answer], path: str
) -> None:
    assert (
        caller(port)("GET", path).headers["Cache-Control"]
        == (answers[path].headers["Cache-Control"])
    )


@pytest.mark.slow
def test_files_of_a_release_are_kept_by_their_digest_alone(port: int) -> None:
    call = caller(port)

    assert "immutable" in call("GET", "/static/site.js?v=0123456789ab").headers["Cache-Control"]
    assert call("GET", "/static/site.js").headers["Cache-Control"] == "no-cache"


@pytest.mark.slow
def test_calendars_are_not_compressed_and_other_texts_are(port: int) -> None:
    def encoding(path: str) -> str | None:
        answer = caller(port)("GET", path, headers={"Accept-Encoding": "gzip"})
        return answer.headers.get("Content-Encoding")

    assert {path: encoding(path) for path in ("/events/conf.ics", "/events.ics")} == {
        "/events/conf.ics": None,
        "/events.ics": None,
    }
    texts = ("/events/conf/", "/static/calsvc.css", "/events/conf.jcal", "/events/conf.xml")
    assert {encoding(path) for path in texts} == {"gzip"}


@pytest.mark.slow
def test_who_has_a_file_is_told_so(port: int) -> None:
    whole = caller(port)("GET", "/events/conf.ics")

    told = caller(port)("GET", "/events/conf.ics", headers={"If-None-Match": whole.headers["ETag"]})

    assert (told.status, told.body) == (304, b"")
    assert not whole.headers["ETag"].startswith("W/")


@pytest.mark.slow
def test_address_without_its_last_slash_leads_to_the_page(port: int) -> None:
    answer = caller(port)("GET", "/events/conf")

    assert (answer.status, answer.headers["Location"]) == (301, "/events/conf/")


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/events/none.ics", "/none/", "/_headers", "/.calsvc-files"])
def test_what_is_no_part_of_the_site_is_not_there(port: int, path: str) -> None:
    answer = caller(port)("GET", path)

    assert (answer.status, answer.body) == (404, b"<p>Nothing is here.</p>")
    assert answer.headers.get("Cache-Control") is None
