"""The site as the application answers, written into a folder."""

from collections.abc import Iterator, Set
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask
from markupsafe import Markup
from werkzeug.http import parse_date
from werkzeug.test import Client, TestResponse

from calsvc.config import Settings
from calsvc.errors import BuildError
from calsvc.live.events import Live
from calsvc.live.served import former_ids
from calsvc.staticsite import headers, inventory
from calsvc.staticsite.folder import Folder
from calsvc.translations import LANGUAGES
from calsvc.web.app import create_app

REDIRECTS = {HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT}
EXPECTED = {
    HTTPStatus.OK,
    HTTPStatus.GONE,  # a session that left the agenda has a page that says so
    *REDIRECTS,
}
ELSEWHERE = Markup(
    """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<title>{address}</title>
<link rel="canonical" href="{address}">
<meta http-equiv="refresh" content="0; url={address}">
<p><a href="{address}">{address}</a></p>
</html>
"""
)
"""A page that leads to another one, as servers of files cannot."""


class Built(NamedTuple):
    """What a build did."""

    events: int
    files: int
    changed: int
    removed: int


def build(live: Live, settings: Settings, out: Path) -> Built:
    """Write the public site of all events that are published into a folder.

    Only files that changed are written anew, and files of a build before that are no longer
    part of the site are removed.  Raises ``BuildError``, and then nothing is changed.
    """
    if not live.events:
        raise BuildError(
            "Nothing is published that could be built;"
            " publish an event first: calsvc publish events"
        )
    app = create_app(live, None, settings, is_static=True)
    client = Client(app, TestResponse)
    with Folder(out) as folder:
        for path, language in _addresses(live, app, folder.before):
            _write(folder, client, path, language)
        logo = client.get(inventory.LOGO).mimetype or ""
        folder.write(PurePosixPath(headers.NAME), headers.text(logo).encode())
        changed, removed = folder.finish()
    return Built(len(live.events), len(folder.files), changed, removed)


def _addresses(live: Live, app: Flask, before: Set[PurePosixPath]) -> Iterator[tuple[str, str]]:
    """Yield each path of the site, with the language of its page.

    ``before`` are the files of the last build.
    """
    names = sorted(path.name for path in Path(str(app.static_folder)).iterdir())
    usual = next(iter(LANGUAGES))
    former: dict[str, list[str]] = {}
    for former_id, present_id in former_ids(live.served()).items():
        former.setdefault(present_id, []).append(former_id)
    languages = set()
    present = {each.event.id for each in live.events}
    known = {each for event_id in present for each in (event_id, *former.get(event_id, ()))}
    for path in inventory.of_former_parts(before, known):
        yield path, usual
    for announced in live.events:
        event_id, language = announced.event.id, announced.event.language or usual
        languages.add(language)
        live_event = live.event(event_id)
        for each in (event_id, *sorted({*former.get(event_id, ())} - present)):
            for path in inventory.of_event(live_event, each):
                yield path, language
    # The page of all events is in their language, where they have one in common.
    common = languages.pop() if len(languages) == 1 else usual
    for path in inventory.of_site(names):
        yield path, common


def _write(folder: Folder, client: Client, path: str, language: str) -> None:
    """Write what the application answers at a path."""
    answer = client.get(path, headers={"Accept": "text/html, */*", "Accept-Language": language})
    status = HTTPStatus(answer.status_code)
    if status not in EXPECTED and path != inventory.MISSING:
        raise BuildError(f"{path}: this cannot be built: {_words(answer)}; nothing was changed.")
    octets, modified = answer.get_data(), parse_date(answer.headers.get("Last-Modified"))
    if status in REDIRECTS:
        address = urlsplit(answer.headers["Location"]).path
        octets = ELSEWHERE.format(address=address, language=language).encode()
    folder.write(inventory.file_of(path, answer.content_type or ""), octets, modified)


def _words(answer: TestResponse) -> str:
    first = answer.get_data(as_text=True).strip().splitlines()[:1]
    return f"{answer.status}, {first[0]}" if first else answer.status
