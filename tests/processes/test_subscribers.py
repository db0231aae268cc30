"""Real subscriptions: a real server, and programs that people read calendars with.

vdirsyncer fetches the feed as it would from anywhere, and khal shows what it has kept;
ical.js, which Thunderbird and Nextcloud read with, takes every kind of feed.
"""

from pathlib import Path
from typing import NamedTuple

import pytest
from databases import move
from programs import AGENDA, Program, Shown
from readers import faults, read_ical_js
from servers import caller, copied_events, free_port, get, serving
from waiting import eventually


@pytest.mark.slow
def test_subscriber_sees_the_agenda_and_then_what_changed(tmp_path: Path) -> None:
    events = copied_events(tmp_path)
    port = free_port()
    program = Program(tmp_path / "home", f"http://127.0.0.1:{port}/events/ai-data-2025.ics")
    banner = ("", "", "AI & Data @Scale 2025")

    with serving(events, port):
        program.fetch()
    first, first_files = program.shows("2025-06-25"), program.files()

    path = events / "ai-data-2025.yaml"
    source = path.read_text("utf-8")
    changed = source.replace("title: Fireside Chat", "title: Fireside Chat, by the fire").replace(
        "when: 16:25-16:30", "when: 16:20-16:30"
    )
    path.write_text(changed, "utf-8")
    with serving(events, port):
        program.fetch()
    second, second_files = program.shows("2025-06-25"), program.files()

    edited = {
        ("10:10", "10:35", "Fireside Chat"): ("10:10", "10:35", "Fireside Chat, by the fire"),
        ("16:25", "16:30", "Closing Remarks"): ("16:20", "16:30", "Closing Remarks"),
    }
    assert first == sorted([banner, *AGENDA])
    assert second == sorted([banner, *(edited.get(each, each) for each in AGENDA)])
    assert len(first_files) == len(second_files) == 21
    # To the letter the same, but for the two that were edited.
    assert len(first_files.items() & second_files.items()) == 19


@pytest.mark.slow
def test_subscriber_of_posters_sees_each_where_it_is_shown(
    served_site: str, tmp_path: Path
) -> None:
    address = f"{served_site}/events/ai-data-2025.ics?kind=poster&banner=no"
    program = Program(tmp_path / "home", address)

    program.fetch()

    shown = program.shows("2025-06-25")
    assert len(shown) == len(set(shown)) == len(program.files()) == 84
    assert [each for each in shown if each[2] == "Zero-Copy Cloning"] == [
        ("12:20", "13:20", "Zero-Copy Cloning"),
        ("14:40", "15:05", "Zero-Copy Cloning"),
        ("16:30", "18:00", "Zero-Copy Cloning"),
    ]


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/events.ics", 4),
        ("/events.ics?series=scale", 4),
        ("/events.ics?series=none", 1),
        ("/events/ai-data-2025.ics", 21),
        ("/events/ai-data-2025.ics?banner=no", 20),
        ("/events/ai-data-2025.ics?parts=yes", 105),
        ("/events/ai-data-2025.ics?kind=poster&banner=no", 84),
        ("/events/ai-data-2025.ics?kind=panel", 3),
        ("/events/ai-data-2025.ics?kind=workshop", 1),
        ("/events/ai-data-2025.ics?speaker=Jelena+Pje%C5%A1ivac-Grbovi%C4%87&banner=no", 3),
        ("/events/ai-data-2025.ics?alarm=10&busy=yes&cancelled=drop", 21),
        ("/events/ai-data-2025.ics?cancelled=mark&utm_source=x", 21),
        ("/events/ai-data-2025/sessions/fireside-chat.ics", 1),
        ("/events/ai-data-2025/sessions/zero-copy-cloning.ics?alarm=5", 3),
        ("/events/systems-reliability-2026.ics", 1),
        ("/events/systems-reliability-2026/sessions/gb200-clusters.ics", 1),
    ],
)
def test_feed_over_http_is_whole(served_site: str, address: str, number: int) -> None:
    status, body = get(f"{served_site}{address}")

    assert status == 200
    assert len(read_ical_js(body)) == number
    assert faults(body) == []


# --- a personal address -------------------------------------------------------------------

DAY = "2025-06-25"
FIRESIDE = ("10:10", "10:35", "Fireside Chat")
METAMATE = ("10:35", "10:55", "Metamate from Chatbot to Coworker")
CANCELLED = ("10:10", "10:35", "Cancelled: Fireside Chat")
CLOSING = ("16:25", "16:30", "Closing Remarks")
MOVED = ("16:20", "16:30", "Closing Remarks")


class Seen(NamedTuple):
    """What a program has after a look at a feed."""

    shown: list[Shown]
    files: dict[str, str]

    @classmethod
    def by(cls, program: Program) -> "Seen":
        """Return what a program has now."""
        return cls(program.shows(DAY), program.files())


@pytest.mark.slow
def test_subscriber_of_a_personal_address_sees_each_change(tmp_path: Path) -> None:
    events, port = copied_events(tmp_path), free_port()
    call = caller(port)
    database, away = tmp_path / "events.db", tmp_path / "away.db"
    agenda = events / "ai-data-2025.yaml"
    sessions = "/api/calendars/me/sessions/ai-data-2025"
    chosen = [{"event": "ai-data-2025", "session": each} for each in ("fireside-chat", "metamate")]

    with serving(events, port):
        made = call("POST", "/api/calendars", body={"sessions": chosen}).json
        key = made["edit_key"]
        program = Program(tmp_path / "home", made["feed"])

        def look() -> Seen:
            program.fetch()
            return Seen.by(program)

        def edit(old: str, new: str, sign: bytes) -> None:
            source = agenda.read_text("utf-8")
            assert source.count(old) == 1
            agenda.write_text(source.replace(old, new), "utf-8")
            # Every worker must have it, or the next look may be at one that has not yet.
            eventually(lambda: all(sign in get(made["feed"])[1] for _ in range(8)))

        first = look()
        call("DELETE", f"{sessions}/metamate", key)
        call("PUT", f"{sessions}/closing-remarks", key)
        changed = look()
        edit("when: 16:25-16:30", "when: 16:20-16:30", b":20250625T162000")
        moved = look()
        edit("title: Fireside Chat", "status: cancelled\n    title: Fireside Chat", b"CANCELLED")
        cancelled = look()
        move(database, away)
        failed = get(made["feed"])
        with pytest.raises(AssertionError, match="503"):
            program.fetch()
        without = Seen.by(program)
        move(away, database)
        eventually(lambda: get(made["feed"])[0] == 200)
        back = look()

    assert failed == (503, b"The database does not answer: unable to open database file.\n")
    assert first.shown == [FIRESIDE, METAMATE]
    assert changed.shown == [FIRESIDE, CLOSING]
    assert moved.shown == [FIRESIDE, MOVED]
    assert cancelled.shown == [CANCELLED, MOVED]
    assert without == back == cancelled
