"""Real calendars, repaired: three readers read the entries that vobject reads of the source."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from conftest import PROJECT
from readers import READERS, Read, faults, read_vobject, untraced

from calsvc.addresses import NOWHERE
from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.repairs import Memory, Repaired, repair_wishes, repaired
from calsvc.schedule.selection import Selection

pytestmark = pytest.mark.usefixtures("reading_here")

SCHEDULES = PROJECT.parent / "shared" / "schedules"
FILES = sorted(SCHEDULES.rglob("*.ics"))
SERIES = sorted((SCHEDULES / "series" / "pyconuk-2015-ics").glob("*.ics"))
LONDON = "Europe/London"
"""Where the calendars are that do not say it."""
LONGEST = 490  # characters of a title that are compared: no line is longer than 500
NOW = datetime(2015, 9, 1, tzinfo=UTC)

Said = tuple[str, str, datetime, datetime | None]


@untraced()
def said(octets: bytes) -> set[Said]:
    """Return the uids, titles and instants of the source's entries.

    A uid that several have is empty, an end that is not there is None.
    """
    calendar = next(vobject.readComponents(octets.decode("utf-8")))

    def instant(entry: Any, name: str) -> datetime | None:
        if name not in entry.contents:
            return None
        line = entry.contents[name][0]
        if line.value.tzinfo:
            return line.value.astimezone(UTC)
        named = line.params.get("X-VOBJ-ORIGINAL-TZID", line.params.get("TZID", [LONDON]))[0]
        return line.value.replace(tzinfo=ZoneInfo(named)).astimezone(UTC)

    uids = Counter(entry.uid.value for entry in calendar.vevent_list)
    return {
        (
            entry.uid.value if uids[entry.uid.value] == 1 else "",
            " ".join(entry.summary.value.split())[:LONGEST],
            start,
            instant(entry, "dtend"),
        )
        for entry in calendar.vevent_list
        if (start := instant(entry, "dtstart"))
    }


def seen(entries: Iterable[Read], expected: Iterable[Said]) -> set[Said]:
    """Return the same of what a reader read, as far as the source says it."""
    known = {uid: (title, end) for uid, title, _, end in expected}

    def seen_of(each: Read) -> Said:
        assert isinstance(each.start, datetime) and isinstance(each.end, datetime)
        uid = each.uid if each.uid in known else ""
        title, end = known[uid] if uid else (each.summary, each.end)
        return uid, title and each.summary[:LONGEST], each.start, end and each.end

    return {seen_of(each) for each in entries}


def made_of(path: Path, memory: Memory | None = None, now: datetime = NOW) -> Repaired:
    """Return what is made of a calendar."""
    source = Source(path.name, path.read_bytes())
    zone = LONDON if "pyconuk" in str(path) else None
    return repaired("conf", source, repair_wishes(zone, now.date()), memory, now)


def feed_of(done: Repaired) -> bytes:
    """Return the calendar that is made, in which the doctor finds nothing."""
    feed = bytes(event_feed(Blocks(done.schedule, NOWHERE), Selection(banner=False)).body)
    assert examination.of_file(Document(feed)) == []
    return feed


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_readers_read_the_entries_of_the_source(path: Path) -> None:
    expected = said(path.read_bytes())

    feed = feed_of(made_of(path))

    assert faults(feed) == []
    for read in READERS.values():
        assert seen(read(feed), expected) == expected


@pytest.mark.slow
def test_uids_last_where_the_source_makes_new_ones() -> None:
    """PyCon UK's calendar had other uids each time, of the moment at which it was made."""
    done: Repaired | None = None
    uids: dict[tuple[str, datetime], str] = {}
    for number, path in enumerate(SERIES):
        now = NOW + timedelta(days=number)
        done = made_of(path, done and done.memory, now)
        assert done.doubts == []
        on = [each for each in read_vobject(feed_of(done)) if each.status != "CANCELLED"]
        expected = {(title, start) for _, title, start, _ in said(path.read_bytes()) if title}
        found = {(each.summary[:LONGEST], each.start): each.uid for each in on}
        assert expected <= found.keys()
        assert len({*found.values()}) == len(on)
        kept = found.keys() & uids.keys()
        assert not uids or len(kept) > 140
        assert {key: found[key] for key in kept} == {key: uids[key] for key in kept}
        uids = {**uids, **found}
