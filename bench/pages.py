"""How long an agenda page takes, and how large it is, compared with a plain list of sessions.

Run it with ``python -m bench.pages``.  The plain list has only titles and times: no
zones, filters, stars, people, marks, other languages, or words for search engines.
"""

import gzip
from collections.abc import Callable
from dataclasses import replace
from html import escape
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

from bench.feeds import AI_DATA, BASE_URL, NOW, large, measured
from calsvc.agenda import eventfile
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import Choice, Options
from calsvc.schedule.publishing import publish
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE
from calsvc.web.caching import Pages
from calsvc.web.personal import new_calendar
from calsvc.web.site import EXTENSION, Site


def main() -> None:
    """Print a table for each event."""
    for text in (AI_DATA.read_text("utf-8"), large(days=3, hours=8, rooms=21)):
        event, _ = eventfile.parse(text, "conf", "conf.yaml")
        schedule = publish(event, None, NOW)
        print(f"{f'{event.name}, {len(event.sessions)} sessions':40}{'ms':>12}{'bytes':>12}")
        with TemporaryDirectory() as folder:
            for name, step in steps(schedule, f"sqlite:///{folder}/calsvc.db").items():
                milliseconds, size = measured(step)
                print(f"  {name:38}{milliseconds:12.3f}{size:>12}")


def steps(schedule: Schedule, database: str) -> dict[str, Callable[[], object]]:
    """Return the steps to measure, by name; each returns compressed bytes."""
    storage = Storage(database)
    storage.migrate()
    app = create_app(Live([schedule], BASE_URL), Calendars(storage.database))
    site: Site = app.extensions[EXTENSION]
    with app.test_request_context():
        choice = Choice(event="conf", session=schedule.event.sessions[0].id)
        key, _ = new_calendar(Options(), [choice])
    everybody, somebody = app.test_client(), app.test_client()
    somebody.set_cookie(COOKIE, key, domain="localhost")
    headers = {"Accept-Encoding": "gzip"}

    def agenda(client: FlaskClient) -> bytes:
        return bytes(client.get("/events/conf/", headers=headers).data)

    def cold() -> bytes:
        app.extensions[EXTENSION] = replace(site, memory=Pages())
        return agenda(everybody)

    return {
        "calsvc: agenda, cold": cold,
        "calsvc: agenda, asked for again": lambda: agenda(everybody),
        "calsvc: agenda with one's own stars": lambda: agenda(somebody),
        "a plain list": lambda: plain(schedule),
    }


def plain(schedule: Schedule) -> bytes:
    """Return a page of the same sessions, made by a loop and compressed."""
    rows = [
        f"<li>{slot.local_start:%H:%M} {escape(entry.content.title)}</li>"
        for entry in schedule.entries
        if (slot := entry.content.slot)
    ]
    return gzip.compress(f"<!doctype html><title>Agenda</title><ul>{''.join(rows)}</ul>".encode())


if __name__ == "__main__":
    main()
