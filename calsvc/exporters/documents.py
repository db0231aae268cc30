"""What tells that the bytes of an event's formats changed."""

from hashlib import sha256

from calsvc.exporters.context import Context
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.ical.digests import NOTHING, feed_digest
from calsvc.ical.feeds import ICALENDAR
from calsvc.schedule.selection import Selection


def documents_digest(blocks: Blocks) -> str:
    """Return what tells an event's feeds, and its documents in all other formats.

    Those say more than calendars do: the level of a session, the colour of a track.
    """
    found = sha256(feed_digest(blocks).encode())
    context = Context(blocks.addresses, blocks)
    others = (each for each in EXPORTERS.values() if each.format is not ICALENDAR)
    for exporter in others:
        if not exporter.is_history:
            for selection in (Selection(parts=True), NOTHING):
                body = exporter.export(blocks.schedule, selection, context).body
                found.update(sha256(body).digest())
    return found.hexdigest()[:32]
