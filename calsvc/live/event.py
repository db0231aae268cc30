"""One event as requests read it: its newest schedule, its feeds and its history."""

from collections.abc import Callable, Iterable, Sequence

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.answers import Feed
from calsvc.errors import UnknownNameError
from calsvc.exporters.context import Context
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import session_feed
from calsvc.live.memory import MEBIBYTE, Memory
from calsvc.schedule.differences import Change, moved
from calsvc.schedule.entries import Schedule
from calsvc.schedule.renditions import Rendition, dated, stamped
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Version, told_on_the_site

FEED_MEMORY = 32  # MiB of feeds of all events that a process remembers


def feed_memory(mebibytes: int = FEED_MEMORY) -> Memory[Feed]:
    """Return a memory of feeds."""
    return Memory(mebibytes * MEBIBYTE, lambda feed: feed.content.size)


class LiveEvent:
    """The newest schedule of one event, its feeds and its history."""

    def __init__(
        self,
        schedule: Schedule,
        addresses: Addresses,
        history: Sequence[Version] = (),
        rendition: Rendition | None = None,
        memory: Memory[Feed] | None = None,
        before: Blocks | None = None,
        version: object = None,
    ) -> None:
        """``memory`` is what remembers feeds, of all events together.

        ``before`` are blocks made before, of which those that did not change are kept.
        ``version`` is what tells this version from any other, so that its feeds are known again
        when it is made again.
        """
        self.schedule = stamped(schedule, rendition)
        self.history = told_on_the_site(history, schedule.event)
        """The versions of which the site tells, the newest first."""
        self.is_withdrawn = bool(history) and history[0].is_withdrawn
        self.moved = moved(schedule, _changes(history), _changes(self.history))
        """When and where entries were before they moved, by uid."""
        self.revised = schedule.published if self.is_withdrawn else self.schedule.revised
        """UTC instant of the last change that people see, withdrawal included."""
        modified = dated(schedule, rendition) if rendition else None
        self.modified = modified or self.revised
        """UTC instant at which the bytes of its feeds changed last."""
        self.blocks = Blocks(self.schedule, addresses, modified, before)
        self._context = Context(addresses, self.blocks, self.history)
        self.octets = 0
        """About how much memory it takes."""
        self.own = version or object()
        """What tells this version from any other that is or was served."""
        self._feeds = memory or feed_memory()

    @property
    def event(self) -> Event:
        """Return the event as it is published."""
        return self.schedule.event

    def feed(self, selection: Selection, suffix: str = "ics") -> Feed:
        """Return the event, or the selected part of it, in the format of a suffix."""
        export = EXPORTERS[suffix].export
        return self._remembered(
            (f".{suffix}", selection.query),
            lambda: export(self.schedule, selection, self._context),
        )

    def session_feed(self, session_id: str, selection: Selection) -> Feed:
        """Return one session as a download.  Raises ``UnknownNameError``."""
        known = {entry.session for entry in self.schedule.entries if entry.session}
        if session_id not in known:
            raise UnknownNameError("session", session_id, sorted(known))
        return self._remembered(
            (f"/{session_id}", selection.query),
            lambda: session_feed(self.blocks, session_id, selection),
        )

    def _remembered(self, key: tuple[str, str], make: Callable[[], Feed]) -> Feed:
        own = self.own, *key
        return self._feeds.get(own) or self._feeds.keep(own, make())


def _changes(history: Iterable[Version]) -> list[Change]:
    """Return the changes of versions, of which the newest comes first; the oldest change first."""
    return [change for version in reversed([*history]) for change in version.changes]
