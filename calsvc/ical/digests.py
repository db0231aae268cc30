"""What tells that the bytes of a calendar changed, and what besides the agenda may change them."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib import metadata, resources

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, site_feed
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry
from calsvc.schedule.itineraries import Itinerary
from calsvc.schedule.renditions import Renderer
from calsvc.schedule.selection import Selection
from calsvc.timezones import TZ_DATABASE

LIBRARIES = ("babel", "icalendar", "markdown-it-py")  # that have a part in what is written
STAMPS = re.compile(rb"^(?:DTSTAMP|SEQUENCE|CREATED|LAST-MODIFIED):.*\r\n", re.MULTILINE)
PLAIN = Display()
SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def renderer(base_url: str, started: datetime) -> Renderer:
    """Return this copy of calsvc by all that its bytes are made of, besides schedules."""
    parts = (base_url, TZ_DATABASE, _code(), *map(metadata.version, LIBRARIES))
    return Renderer(_digest("\n".join(parts).encode()), started)


@cache
def _code() -> str:
    """Return what tells the code and the catalogs of this calsvc."""
    folder = resources.files("calsvc")
    with resources.as_file(folder) as path:
        files = sorted(each for each in path.rglob("*") if each.suffix in {".py", ".po"})
        return _digest(*(each.read_bytes() for each in files))


def entry_digests(blocks: Blocks) -> dict[str, str]:
    """Return what tells the entries of a schedule, apart from their stamps.

    An entry's instant belongs to it: where clients read one from a changed VTIMEZONE, the
    bytes of the entry itself may be the same.
    """
    return {entry.uid: _digest(*_parts(blocks, entry)) for entry in blocks.schedule.entries}


def _parts(blocks: Blocks, entry: Entry) -> Iterable[bytes]:
    yield STAMPS.sub(b"", blocks.of(entry, PLAIN).body)
    if slot := entry.content.timed:
        yield f"{slot.start.isoformat()}/{slot.end.isoformat()}".encode()


def site_digest(addresses: Addresses) -> str:
    """Return what tells the feeds of a site, apart from its events."""
    empty = Itinerary(created=SOME_DAY.date(), revised=SOME_DAY).wanted
    feeds = (
        site_feed((), Selection(), addresses, SOME_DAY),
        personal_feed((), empty, SOME_DAY, addresses),
    )
    return _digest(*(feed.body for feed in feeds))


def _digest(*parts: bytes) -> str:
    found = sha256()
    for part in parts:
        found.update(sha256(part).digest())
    return found.hexdigest()[:32]
