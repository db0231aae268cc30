"""Pictures of the main pages for the README, taken of the events of this repository.

``.venv/bin/python docs/screenshots.py`` writes them to ``docs/images/``; it needs Chromium.
"""

import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

PROJECT = Path(__file__).parent.parent
IMAGES = PROJECT / "docs" / "images"
BASE_URL = "https://calendar.example.org"  # as pages show it
PATIENCE = 60  # seconds for the server to start
EVENT = "/events/ai-data-2025/"
CHOSEN = ("breakfast", "welcome", "agentic-evals", "genai-startups")  # two at once


class Picture(NamedTuple):
    """What a picture shows, in pixels."""

    name: str
    path: str
    scheme: Literal["light", "dark"] = "light"
    width: int = 1200
    height: int = 800


PICTURES = [
    Picture("agenda", EVENT, height=1000),
    Picture("agenda-phone", f"{EVENT}#day-2025-06-25", "dark", width=390, height=780),
    Picture("session", f"{EVENT}sessions/genai-startups/"),
    Picture("subscribe", f"{EVENT}subscribe/"),
    Picture("my-calendar", "/my/", height=1000),
    Picture("embed", f"{EVENT}embed/help", height=1200),
]


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serve the events with a database in a folder; yield the address of the server."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = {
        "--port": port,
        "--base-url": BASE_URL,
        "--database": f"sqlite:///{folder}/calsvc.db",
    }
    words = [str(word) for option in options.items() for word in option]
    server = subprocess.Popen(  # noqa: S603 -- words of our own
        [sys.executable, "-m", "calsvc", "serve", str(PROJECT / "events"), *words]
    )
    try:
        _wait_for(port, server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise SystemExit("The server does not answer.")


def choose(page: Page, site: str) -> None:
    """Choose some sessions, as My calendar shows them."""
    page.goto(site + EVENT)
    for session in CHOSEN:
        star = page.locator(f"button[name=session][value={session}]").first
        star.click()
        page.locator(
            f"button[value={session}][aria-pressed=true]:not([aria-busy])"
        ).first.wait_for()


def take(browser: Browser, site: str) -> None:
    """Write all pictures."""
    IMAGES.mkdir(exist_ok=True)
    context = browser.new_context(locale="en-US", timezone_id="America/Los_Angeles")
    page = context.new_page()
    choose(page, site)
    for picture in PICTURES:
        page.set_viewport_size({"width": picture.width, "height": picture.height})
        page.emulate_media(color_scheme=picture.scheme)
        page.goto(site + picture.path)
        page.locator("[aria-busy=true]").first.wait_for(state="hidden")
        path = IMAGES / f"{picture.name}.png"
        page.screenshot(path=path)
        print(f"{path.relative_to(PROJECT)}: {path.stat().st_size // 1024} KB")
    context.close()


def main() -> None:
    """Serve, look, write."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Install chromium first.")
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as site:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            take(browser, site)
            browser.close()


if __name__ == "__main__":
    main()
