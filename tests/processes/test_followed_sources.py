"""A server whose event file follows a source: what changes there, calendars have."""

from dataclasses import replace
from pathlib import Path

import pytest
from origins import Origin, agenda_of
from servers import free_port, get, serving
from waiting import eventually

TEN = agenda_of(10)
RENAMED = TEN.changed(3, title="Renamed")


@pytest.fixture
def events(tmp_path: Path, origin: Origin) -> Path:
    """A folder with an event file that follows a source, and has nothing of it yet."""
    origin.give(TEN)
    events = tmp_path / "events"
    events.mkdir()
    (events / "conf.yaml").write_text(
        "name: Conf\n"
        "timezone: Europe/Berlin\n"
        "dates: {from: 2027-06-15, to: 2027-06-16}\n"
        f"follow: {{url: {origin.url}, every: 1m, private: true}}\n"
    )
    return events


def feed(address: str) -> str:
    return get(f"{address}/events/conf.ics")[1].decode()


def ready(address: str) -> str:
    return get(f"{address}/readyz")[1].decode()


def test_source_is_published_and_what_is_doubtful_is_told(events: Path, origin: Origin) -> None:
    with serving(events, free_port()) as address:
        eventually(lambda: feed(address).count("SUMMARY:Talk") == 10)
        assert "warning" not in ready(address)

    origin.give(replace(RENAMED, sessions=RENAMED.sessions[:4]))
    with serving(events, free_port()) as address:  # which looks at once
        eventually(lambda: "waits for you" in ready(address))
        assert "6 of 10 coming sessions are gone" in ready(address)
        assert str(events) not in ready(address)
        assert feed(address).count("SUMMARY:Talk") == 10


@pytest.mark.slow  # a source is looked at once a minute at most
def test_change_of_a_source_reaches_calendars_while_it_is_served(
    events: Path, origin: Origin
) -> None:
    with serving(events, free_port()) as address:
        eventually(lambda: feed(address).count("SUMMARY:Talk") == 10)
        origin.give(replace(RENAMED, sessions=RENAMED.sessions[:4]))
        eventually(lambda: "waits for you" in ready(address), within=120)
        origin.give(RENAMED)
        eventually(lambda: "SUMMARY:Renamed" in feed(address), within=120)
        eventually(lambda: "waits for you" not in ready(address))
        assert feed(address).count("SUMMARY:Talk") == 9
