"""What requests read: the newest schedule of each event, its blocks rendered once.

Requests for events never wait for storage: a follower loads new versions into memory.
While storage is away, they are answered from memory.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from calsvc.addresses import Addresses
from calsvc.answers import Feed
from calsvc.errors import NoEventsError, StorageError, UnknownNameError, WithdrawnEventError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, site_feed
from calsvc.live.bulletin import Bulletin
from calsvc.live.event import FEED_MEMORY, LiveEvent, feed_memory
from calsvc.live.watermarks import Watermarks
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.itineraries import Itinerary, Sessions, Wanted, joined
from calsvc.schedule.publishing import announced_until
from calsvc.schedule.renditions import CLOCK_WAS_AHEAD, Rendition
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Version

UNWRITTEN = (
    "Nothing can be stored now, so people cannot change their calendars; feeds go on."
    " The log says why."  # everybody may read this, and the reason may name a host
)
HUNG = 15  # seconds without an answer after which storage counts as away


def latest(moments: Iterable[datetime | None]) -> datetime:
    """Return when what is made of several parts changed last, for HTTP's Last-Modified.

    It is a second later than the last change: in that second another part may change too, and
    dates of HTTP would not tell the two apart (RFC 9110, 8.8.2.2).
    """
    return max(filter(None, moments)) + timedelta(seconds=1)


def _ahead(schedule: Schedule) -> str:
    return (
        f"{schedule.event.id}: version {schedule.version} says that it was published at"
        f" {schedule.published:%Y-%m-%d %H:%M} UTC, which is still to come: a clock was ahead;"
        " check that of each machine that publishes"
    )


class Live:
    """The events of a site."""

    def __init__(
        self, schedules: Iterable[Schedule], base_url: str, memory: int = FEED_MEMORY
    ) -> None:
        """``memory`` bounds the feeds that are remembered, in MiB."""
        self.addresses = Addresses(base_url)
        self._feeds = feed_memory(memory)
        self.bulletin = Bulletin()
        """What the process that manages the workers has to tell operators."""
        self.stored_notices: tuple[str, ...] = ()
        """The notices of publishers to operators."""
        self.other_host: str | None = None
        """A host by which people ask for the site, while its links lead elsewhere."""
        self.fault: str | None = None
        """Why storage could not be read at the last look; None if it could."""
        self.unwritten: str | None = None
        """Why nothing could be stored when that was tried last, though storage can be read."""
        self.asked: float | None = None
        """When the current look began, in seconds on the monotonic clock; None between looks."""
        self.modified: datetime | None = None
        """UTC instant at which what the site itself says in feeds changed last, if it is known."""
        self.watermarks = Watermarks()
        self.catch_up: Callable[[], None] = lambda: None
        """Brings what another worker of this server has served already.

        Raises ``StorageError`` if storage cannot even be asked for it."""
        self._events = {
            each.event.id: LiveEvent(each, self.addresses, memory=self._feeds) for each in schedules
        }
        self._former = _former_ids(self._events.values())

    @property
    def trouble(self) -> str | None:
        """Return why storage cannot be read now; None if it can."""
        since = self.asked
        if since is not None and time.monotonic() - since > HUNG:
            return f"The database has not answered for {HUNG} seconds."
        return self.fault

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what operators should know."""
        limit = datetime.now(UTC) + CLOCK_WAS_AHEAD
        ahead = (each.schedule for each in self.events if each.schedule.published > limit)
        told = (self.bulletin.read(), *self.stored_notices, *map(_ahead, ahead))
        unwritten = self.unwritten and UNWRITTEN
        return tuple(filter(None, (*told, unwritten, self._of_host())))

    def _of_host(self) -> str | None:
        return self.other_host and (
            f"People ask for {self.other_host}; set CALSVC_BASE_URL to the address that they use,"
            f" because links in calendars lead to {self.addresses.base_url}"
        )

    @property
    def is_waiting(self) -> bool:
        """Tell whether nothing was ever published, so that nothing can be said of any event."""
        return not self._events and not self.trouble

    @property
    def events(self) -> list[LiveEvent]:
        """Return the events that are not withdrawn, the first day first."""
        return [live_event for live_event in self._all() if not live_event.is_withdrawn]

    def _all(self) -> list[LiveEvent]:
        """Return the events under their present ids, withdrawn ones too, the first day first."""
        if self.watermarks.is_behind_anywhere():
            with suppress(StorageError):
                self.catch_up()
        events = self._events
        present = (each for name, each in events.items() if self.present_id(name) == name)
        return sorted(present, key=lambda each: (each.event.first_day, each.event.id))

    def present_id(self, event_id: str) -> str:
        """Return the id under which an event is served, given that or a former one.

        An unknown id is returned unchanged.
        """
        events, passed = self._events, set[str]()
        while event_id not in passed:
            passed.add(event_id)
            known = events.get(event_id)
            successor = known.schedule.successor if known else self._former.get(event_id)
            if successor not in events:
                break
            event_id = successor
        return event_id

    def present(self, itinerary: Itinerary) -> Itinerary:
        """Return an itinerary whose choices have the present ids of their events."""
        return itinerary.renaming(self.present_id)

    def newest(self, event_id: str) -> LiveEvent | None:
        """Return an event by any of its ids, withdrawn or not; None if there is none.

        It is no older than any worker of this server served it.  Raises ``StorageError`` if
        a newer version is known, but cannot be read.
        """
        self._catch_up_with(event_id)
        present_id = self.present_id(event_id)
        if present_id != event_id:
            self._catch_up_with(present_id)
            present_id = self.present_id(event_id)
        return self._events.get(present_id)

    def _catch_up_with(self, event_id: str) -> None:
        if self.watermarks.is_behind(event_id):
            self.catch_up()
            if self.trouble and self.watermarks.is_behind(event_id):
                raise StorageError(self.trouble)

    def event(self, event_id: str) -> LiveEvent:
        """Return one event, by its id or a former one.

        Raises ``UnknownNameError``, ``WithdrawnEventError``, or ``StorageError`` if storage is
        away and may have the event, or a newer version of it.
        """
        live_event = self.newest(event_id)
        if live_event is None:
            if self.trouble:  # the event may well exist
                raise StorageError(self.trouble)
            raise UnknownNameError("event", event_id, [each.event.id for each in self.events])
        if live_event.is_withdrawn:
            raise WithdrawnEventError(event_id)
        return live_event

    def serves(self, live_event: LiveEvent) -> bool:
        """Tell whether an event is served as it is here, and no worker served a newer one."""
        event_id = live_event.event.id
        return self._events.get(event_id) is live_event and not self.watermarks.is_behind(event_id)

    def site_feed(self, selection: Selection) -> Feed:
        """Return the banners of the site's events; those that left are announced for a while.

        Raises ``NoEventsError``, or ``StorageError`` if storage is away and may have events, or
        newer versions of them.
        """
        if self.watermarks.is_behind_anywhere():
            self.catch_up()
            if self.trouble and self.watermarks.is_behind_anywhere():
                raise StorageError(self.trouble)
        known, now = self._all(), datetime.now(UTC)
        leaving = {each: announced_until(each.schedule) for each in known if each.is_withdrawn}
        shown = [each for each in known if each not in leaving or now < leaving[each]]
        if not shown:
            if self.trouble:
                raise StorageError(self.trouble)
            raise NoEventsError
        left = [moment for moment in leaving.values() if moment <= now]
        revised = max([*(each.revised for each in known), *left])
        modified = latest([*(each.modified for each in known), *left, self.modified])
        blocks = [each.announced for each in shown]
        return site_feed(blocks, selection, self.addresses, revised, modified)

    def chosen(self, itinerary: Itinerary) -> list[tuple[LiveEvent, list[Entry]]]:
        """Return the entries that a person chose, by event; withdrawn events have none.

        Raises ``StorageError`` if an event may be missing only because storage is away.
        """
        shown = itinerary.options.shown
        return [
            (live_event, shown(live_event.schedule.chosen(sessions)))
            for live_event, sessions in self._chosen(itinerary.wanted)
        ]

    def _chosen(self, wanted: Wanted) -> list[tuple[LiveEvent, Sessions]]:
        by_present_id: dict[str, Sessions] = {}
        for event_id, sessions in wanted.sessions.items():
            present_id = self.present_id(event_id)
            known = by_present_id.get(present_id)
            by_present_id[present_id] = joined(known, sessions) if known else sessions
        found = []
        for event_id, sessions in by_present_id.items():
            live_event = self.newest(event_id)
            if live_event is None and self.trouble:
                raise StorageError(self.trouble)
            if live_event:
                found.append((live_event, {} if live_event.is_withdrawn else sessions))
        return found

    def personal_feed(self, wanted: Wanted) -> Feed:
        """Return the feed of a person's calendar.  Raises ``StorageError``."""
        found = self._chosen(wanted)
        chosen = [(live_event.blocks, sessions) for live_event, sessions in found]
        revised = max([wanted.revised, *[each.revised for each, _ in found]])
        modified = latest([wanted.revised, self.modified, *[each.modified for each, _ in found]])
        return personal_feed(chosen, wanted, revised, self.addresses, modified)

    def put(
        self,
        schedule: Schedule,
        history: Sequence[Version],
        rendition: Rendition | None = None,
        before: Blocks | None = None,
    ) -> None:
        """Serve a schedule from now on, unless it is no newer than the one served.

        ``before`` are blocks made of it already, or of the version before.
        """
        present = self._events.get(schedule.event.id)
        if present is None or schedule.version > present.schedule.version:
            before = before or (present.blocks if present else None)
            live_event = LiveEvent(
                schedule, self.addresses, history, rendition, self._feeds, before
            )
            self.watermarks.raise_to(schedule.event.id, schedule.version)
            events = {**self._events, schedule.event.id: live_event}
            self._events, self._former = events, _former_ids(events.values())

    def blocks(self, event_id: str) -> Blocks | None:
        """Return the blocks of an event as it is served; None if it is not."""
        live_event = self._events.get(event_id)
        return live_event.blocks if live_event else None

    def forget(self) -> None:
        """Serve nothing until storage answers: the schedules in memory may be long outdated."""
        self._events, self._former = {}, {}

    def version(self, event_id: str) -> int:
        """Return the number of an event's version that is served; 0 for none."""
        live_event = self._events.get(event_id)
        return live_event.schedule.version if live_event else 0


def _former_ids(events: Iterable[LiveEvent]) -> dict[str, str]:
    """Return the present id by each former one that an event names."""
    return {
        former_id: each.event.id
        for each in events
        for former_id in (*each.event.formerly, *each.schedule.continues)
    }
