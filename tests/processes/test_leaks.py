"""Copies of all that a server keeps and says give no way into a calendar."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from databases import move
from leaks import forms
from servers import Call, caller, copied_events, free_port, get, serving
from waiting import eventually

from calsvc.schedule.itineraries import derived
from calsvc.web.auth import COOKIE


def use(call: Call, here: str) -> set[str]:
    """Use a site in every way that has a key in it; return all keys."""
    me, secrets = "/api/calendars/me", set()
    form = {"Origin": here, "Content-Type": "application/x-www-form-urlencoded"}
    for shared in (True, False):
        made = call("POST", "/api/calendars").json
        key = made["edit_key"]
        feeds = [derived(key, "feed", number) for number in (1, 2)]
        share = derived(key, "share", 1)
        secrets |= {key, *feeds, share}
        cookie = {"Cookie": f"{COOKIE}={key}"}
        call("PUT", f"{me}/sessions/ai-data-2025/metamate", key)
        call("PUT", f"{me}/sessions/ai-data-2025/nothing", key)
        call("PATCH", me, key, body={"shared": True, "name": "Ann"})
        call("PATCH", me, key, body={"name": None})
        call("PUT", f"{me}/sessions", key, body="[")
        for path in (f"/my/{feeds[0]}/ann.ics", f"/my/shared/{share}/", f"/my/{feeds[0]}/x"):
            for query in ("", "?download=1", "?wrong=1"):
                call("GET", f"{path}{query}", headers={"Referer": f"{here}{path}"})
        call("GET", "/my/", headers=cookie)
        call("GET", f"/my/{key}/x.ics")
        call("GET", f"/api/calendars/{key}")
        call("POST", "/my/open", body=f"key={key}", headers=form)
        call("POST", "/my/open", body=f"key={key}x", headers=form)
        call("POST", "/my/rotate", headers={**form, **cookie})
        call("POST", "/my/add", body=f"event={key}", headers={**form, **cookie})
        call("POST", "/my/rotate", headers={**form, **cookie, "Origin": "https://a.example"})
        call("GET", f"/my/{feeds[0]}/ann.ics")
        call("GET", f"/my/{feeds[1]}/ann.ics")
        if shared:
            call("PATCH", me, key, body={"shared": False})
            call("DELETE", me, key)
    return secrets


@pytest.mark.slow
def test_copies_of_all_that_is_kept_give_no_way_in(tmp_path: Path) -> None:
    events, port = copied_events(tmp_path), free_port()
    call = caller(port)
    database, log = tmp_path / "events.db", tmp_path / "events.log"

    with serving(events, port) as here:
        secrets = use(call, here)
        move(database, tmp_path / "away.db")
        use_without(call, secrets)
        eventually(lambda: b"Calendars go on from memory." in log.read_bytes())
        move(tmp_path / "away.db", database)
        eventually(lambda: b"The database answers again." in log.read_bytes())
        metrics = get(f"{here}/metrics")[1]
        with closing(sqlite3.connect(database)) as reader:
            reader.execute("SELECT count(*) FROM calendars").fetchone()  # so that the log stays
            stolen = tmp_path / "stolen"
            stolen.mkdir()
            for path in tmp_path.glob("events.db*"):
                shutil.copy(path, stolen)
        answers = [
            call(method, path.format(value), value).status
            for value in sorted(texts_of(stolen / "events.db"))
            for method, path in WAYS
        ]

    said = log.read_bytes()
    whole = said + metrics + b"".join(path.read_bytes() for path in stolen.iterdir())
    assert len(secrets) == 8
    assert b"calsvc serves 4 events" in said
    assert [key for key in secrets for form in forms(key) if form in whole] == []
    assert set(answers) == {404}


WAYS = [
    ("GET", "/api/calendars/me"),
    ("PATCH", "/api/calendars/me"),
    ("DELETE", "/api/calendars/me"),
    ("GET", "/my/{}/x.ics"),
    ("GET", "/my/shared/{}/"),
]


def use_without(call: Call, secrets: set[str]) -> None:
    """Use a site whose database is away."""
    for key in secrets:
        assert call("GET", "/api/calendars/me", key).status == 503
        assert call("GET", f"/my/{key}/x.ics").status == 503
        assert call("GET", f"/my/shared/{key}/").status == 503
        assert call("GET", "/my/", headers={"Cookie": f"{COOKIE}={key}"}).status == 503


def texts_of(database: Path) -> set[str]:
    """Return what looks like a key in the tables of calendars."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT edit_hash, feed_hash, share_hash FROM calendars")
        hashes = {value for row in rows for value in row if value}
        return hashes | {each for (each,) in connection.execute("SELECT hash FROM retired_keys")}
