"""Whatever changes a byte of any format moves HTTP's Last-Modified, and nothing takes it back."""

from datetime import UTC, datetime

import pytest
from conftest import event_of

from calsvc.answers import Feed
from calsvc.exporters import frab
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event
from calsvc.schedule.query import selection_of
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    tracks: [{name: Data, color: red}, Web]
    rooms: [Hall A]
    sessions:
      - {id: one, title: One, when: 2027-06-15 09:00-10:00, level: Easy, track: Data}
      - {id: waiting, title: Waiting, level: Easy}
"""
FORMATS = [suffix for suffix, exporter in EXPORTERS.items() if not exporter.is_history]
BASE_URL = "https://calendar.example.org"


def documents(storage: Storage, base_url: str = BASE_URL) -> dict[tuple[str, str], Feed]:
    """Return each format of the event, in whole and where nothing matches, as a new copy has it."""
    live = Live((), base_url)
    copy = renderer(base_url, datetime.now(UTC))
    Follower(live, storage, renderer=copy).step()
    assert live.fault is None
    nothing = selection_of([("kind", "demo")])
    return {
        (suffix, selection.query): live.event("conf").feed(selection, suffix)
        for suffix in FORMATS
        for selection in (selection_of([]), nothing)
    }


def changed(
    before: dict[tuple[str, str], Feed], after: dict[tuple[str, str], Feed]
) -> set[tuple[str, str]]:
    """Return what has other bytes; each of it has another validator, and a later date."""
    found = {name for name in before if before[name].body != after[name].body}
    for name in before:
        assert (before[name].etag != after[name].etag) == (name in found)
        assert after[name].last_modified >= before[name].last_modified
    assert all(after[name].last_modified > before[name].last_modified for name in found)
    return found


@pytest.mark.parametrize(
    ("old", "new", "shown_in"),
    [
        ("Easy, track", "Hard, track", {"ics", "csv", "jcal", "json", "xml"}),
        ("Waiting, level: Easy", "Waiting, level: Hard", {"csv"}),
        ("Web]", "Net]", {"json", "xml"}),
        ("[Hall A]", "[Hall A, Hall B]", {"json"}),
        ("name: Conf", "name: Conf\n    day_ends: '05:00'", {"json", "xml"}),
        ("name: Conf", "name: Conf\n    image: https://conf.example/a.png", {"json", "xml"}),
        ("name: Conf", "name: Conf\n    language: fr", {"json", "xml"}),
    ],
)
def test_change_that_a_format_shows_moves_its_date(
    storage: Storage, old: str, new: str, shown_in: set[str]
) -> None:
    assert old in AGENDA
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    before = documents(storage)

    publish_event(storage, event_of(AGENDA.replace(old, new)), "conf.yaml")

    assert {suffix for suffix, _ in changed(before, documents(storage))} >= shown_in


def test_release_that_writes_a_format_otherwise_moves_its_date(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    before = documents(storage)

    monkeypatch.setattr(frab, "GENERATOR", "another")
    monkeypatch.setattr("calsvc.ical.digests.TZ_DATABASE", "2099a")  # as its code would be

    assert {suffix for suffix, _ in changed(before, documents(storage))} == {"json", "xml"}


def test_new_address_moves_the_date_of_every_format(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    before = documents(storage)

    after = documents(storage, "https://elsewhere.example")

    assert {suffix for suffix, _ in changed(before, after)} == set(FORMATS)


def test_same_schedule_has_the_same_bytes_in_every_copy(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")

    assert changed(documents(storage), documents(storage)) == set()
