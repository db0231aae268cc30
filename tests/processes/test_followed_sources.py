"""A server whose event file follows a source: what changes there, calendars have."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from origins import Origin, agenda_of
from servers import free_port, get, serving
from waiting import eventually

from calsvc.importers.following.following import Following

TEN = agenda_of(10)
HEAD = "name: Conf\ntimezone: Europe/Berlin\ndates: {from: 2027-06-15, to: 2027-06-16}\n"
RENAMED = TEN.changed(3, title="Renamed")


@pytest.fixture
def events(tmp_path: Path, origin: Origin) -> Path:
    """A folder with an event file that follows a source, and has nothing of it yet."""
    origin.give(TEN)
    events = tmp_path / "events"
    events.mkdir()
    follow = f"follow: {{url: {origin.url}, every: 1m, private: true}}\n"
    (events / "conf.yaml").write_text(HEAD + follow)
    return events


def feed(address: str, name: str = "conf") -> str:
    return get(f"{address}/events/{name}.ics")[1].decode()


def ready(address: str) -> str:
    return get(f"{address}/readyz")[1].decode()


@pytest.mark.slow
def test_server_follows_sources_and_tells_what_is_doubtful(events: Path, origin: Origin) -> None:
    Following(events).look(datetime.now(UTC))
    other = events / "other.yaml"  # of which nothing is known yet
    other.write_text(HEAD + f"follow: {{url: '{origin.url}?other', every: 1m, private: true}}\n")
    origin.give(replace(RENAMED, sessions=RENAMED.sessions[:4]))

    with serving(events, free_port()) as address:
        eventually(lambda: feed(address, "other").count("SUMMARY:Talk") == 3)
        eventually(lambda: "6 of 10 coming sessions are gone" in ready(address))
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
