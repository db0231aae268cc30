"""The site as files, behind a real web server: what subscribers, programs and browsers get."""

import subprocess
from collections.abc import Iterator
from email.utils import formatdate
from http.client import HTTPConnection
from pathlib import Path

import pytest
from browser import OpenPage, View
from click.testing import CliRunner
from conftest import PROJECT, tool
from playwright.sync_api import expect
from programs import AGENDA, Program
from servers import free_port, get
from waiting import PATIENCE, eventually

from calsvc.cli import main

FEED = "/events/ai-data-2025.ics"
MAIN = """
daemon off; master_process off; pid nginx.pid; error_log stderr warn;
events {{ }}
http {{
  access_log off; client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp;
  uwsgi_temp_path temp; scgi_temp_path temp;
  include static.conf;
}}
"""


class Files:
    """A site of files behind nginx."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.address = f"http://127.0.0.1:{port}"

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers and the body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Files]:
    """The site of ``events/`` as files, served by nginx as the example has it."""
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    words = ["build", str(folder / "site"), str(PROJECT / "events")]
    words += ["--database", f"sqlite:///{folder}/calsvc.db"]
    result = CliRunner().invoke(main, [*words, "--base-url", f"http://127.0.0.1:{port}"])
    assert result.exit_code == 0, result.output
    (folder / "temp").mkdir()
    (folder / "nginx.conf").write_text(MAIN.format())
    examples = PROJECT / "deploy" / "nginx"
    own = (examples / "static.conf").read_text()
    for example, here in (
        ("listen 80", f"listen 127.0.0.1:{port}"),
        ("calendar.example.org", "localhost"),
        ("/srv/calsvc;", f"{folder}/site;"),
    ):
        assert example in own
        own = own.replace(example, here)
    (folder / "static.conf").write_text(own)
    server = subprocess.Popen([tool("nginx"), "-p", str(folder), "-c", "nginx.conf"], cwd=folder)
    try:
        eventually(lambda: server.poll() is None and _answers(f"http://127.0.0.1:{port}{FEED}"))
        yield Files(folder / "site", port)
    finally:
        server.terminate()
        server.wait(PATIENCE)


def _answers(address: str) -> bool:
    try:
        return get(address)[0] == 200
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "media_type", "file"),
    [
        ("/", "text/html; charset=utf-8", "index.html"),
        ("/events/ai-data-2025/", "text/html; charset=utf-8", "events/ai-data-2025/index.html"),
        (FEED, "text/calendar; charset=utf-8", FEED[1:]),
        (f"{FEED}?utm_source=mail", "text/calendar; charset=utf-8", FEED[1:]),
        (
            f"{FEED}?kind=panel",
            "text/calendar; charset=utf-8",
            "events/ai-data-2025/kind/panel.ics",
        ),
        (f"{FEED}?kind=nothing", "text/calendar; charset=utf-8", FEED[1:]),
        ("/events.ics", "text/calendar; charset=utf-8", "events.ics"),
        ("/events/ai-data-2025.jcal", "application/calendar+json", "events/ai-data-2025.jcal"),
        ("/api/events/ai-data-2025", "application/json", "api/events/ai-data-2025"),
        (
            "/events/ai-data-2025.csv",
            "text/csv; charset=utf-8; header=present",
            "events/ai-data-2025.csv",
        ),
        ("/static/calsvc.css?v=1", "text/css; charset=utf-8", "static/calsvc.css"),
    ],
)
def test_address_gives_its_file_with_its_type(
    files: Files, path: str, media_type: str, file: str
) -> None:
    status, headers, body = files.get(path)

    assert (status, headers["content-type"]) == (200, media_type)
    assert body == (files.folder / file).read_bytes()
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.slow
def test_feeds_are_told_to_be_unchanged_and_never_come_compressed(files: Files) -> None:
    _, headers, _ = files.get(FEED, **{"Accept-Encoding": "gzip"})
    by_etag, _, _ = files.get(FEED, **{"If-None-Match": headers["etag"]})
    by_date, _, _ = files.get(FEED, **{"If-Modified-Since": headers["last-modified"]})
    before, _, _ = files.get(FEED, **{"If-Modified-Since": formatdate(0, usegmt=True)})

    assert "content-encoding" not in headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"].startswith("public, max-age=30")
    assert (by_etag, by_date, before) == (304, 304, 200)


@pytest.mark.slow
def test_unknown_address_is_the_page_that_says_so(files: Files) -> None:
    status, headers, body = files.get("/events/nothing/")

    assert (status, headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert body == (files.folder / "404.html").read_bytes()


@pytest.mark.slow
def test_program_reads_the_agenda_from_files(files: Files, tmp_path: Path) -> None:
    program = Program(tmp_path / "home", f"{files.address}{FEED}")

    program.fetch()

    assert set(program.shows("2025-06-25")) >= set(AGENDA)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_work_in_a_browser_without_a_server(
    files: Files, open_page: OpenPage, width: int
) -> None:
    with open_page(f"{files.address}/", View(width=width)) as page:
        page.get_by_role("link", name="AI & Data @Scale 2025").first.click()
        expect(page.get_by_role("heading", name="Agentic Evals")).to_be_visible()
        page.get_by_role("link", name="Agentic Evals").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Agentic Evals")
        page.get_by_role("link", name="AI & Data @Scale 2025").first.click()
        page.get_by_role("link", name="Subscribe").first.click()
        page.get_by_text("Kind", exact=True).click()
        expect(page.get_by_role("link", name="Panel")).to_be_visible()
