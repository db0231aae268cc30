"""Calendars that are repaired: what readers of all kinds read is what was meant."""

from datetime import UTC, datetime

import pytest
from readers import READERS, Read, faults
from wrongfeeds import FEEDS, Wrong, is_uuid

from calsvc.addresses import NOWHERE
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.repairs import repair_wishes, repaired
from calsvc.schedule.selection import Selection

pytestmark = pytest.mark.usefixtures("reading_here")

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def feed_of(octets: bytes) -> bytes:
    """Return the right calendar that is made of a wrong one."""
    wishes = repair_wishes(None, NOW.date())
    done = repaired("conf", Source("conf.ics", octets), wishes, None, NOW)
    selection = Selection(banner=False)
    return bytes(event_feed(Blocks(done.schedule, NOWHERE), selection).body)


@pytest.mark.parametrize("wrong", FEEDS.values(), ids=FEEDS)
def test_what_was_meant_is_what_readers_read(wrong: Wrong) -> None:
    feed = feed_of(wrong.octets)

    assert faults(feed) == []
    seen: list[list[Read]] = []
    for read in READERS.values():
        entries = sorted(read(feed), key=lambda each: (each.start, each.summary))
        assert len(entries) == len(wrong.meant)
        for each, meant in zip(entries, wrong.meant, strict=True):
            assert meant.is_read(each)
            assert meant.uid or is_uuid(each.uid)
        seen.append(entries)
    assert len({tuple((e.uid, e.start, e.end) for e in entries) for entries in seen}) == 1
