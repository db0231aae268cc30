"""What requests read: the newest schedule of each event, its blocks rendered once.

Requests never wait for storage: a follower brings what is new into memory.  When storage
is away, everything goes on from memory.
"""

import logging
import mmap
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.answers import Feed
from calsvc.errors import NoEventsError, StorageError, UnknownNameError, WithdrawnEventError
from calsvc.exporters.context import Context
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, session_feed, site_feed
from calsvc.schedule.differences import moved
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.itineraries import Itinerary
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Version
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage

KEPT_FEEDS = 256  # of each event: filters are many, and most are asked for once
FOLLOW = 0.5  # seconds between looks for a new version
HUNG = 15  # seconds without an answer after which storage counts as away
BULLETIN = 1024  # octets of what the first process can tell

log = logging.getLogger(__name__)


class LiveEvent:
    """The newest schedule of one event, its feeds, and how it came about."""

    def __init__(
        self, schedule: Schedule, addresses: Addresses, history: Sequence[Version] = ()
    ) -> None:
        self.schedule = schedule
        self.history = tuple(history)
        """The newest version first."""
        past = (change for version in reversed(self.history) for change in version.changes)
        self.moved = moved(schedule, past)
        """When and where entries were before they moved, by uid."""
        self.blocks = Blocks(schedule, addresses)
        self._context = Context(addresses, self.blocks, self.history)
        self._feeds: dict[tuple[str, str], Feed] = {}

    @property
    def event(self) -> Event:
        """Return the event as it is published."""
        return self.schedule.event

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether the event was taken back."""
        return bool(self.history) and self.history[0].is_withdrawn

    @property
    def revised(self) -> datetime:
        """Return when what people see of the event changed last, by its withdrawal too."""
        return self.schedule.published if self.is_withdrawn else self.schedule.revised

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
        if key not in self._feeds:
            if len(self._feeds) >= KEPT_FEEDS:
                self._feeds.clear()
            self._feeds[key] = make()
        return self._feeds[key]

    def chosen(self, itinerary: Itinerary) -> list[Entry]:
        """Return the entries of this event that a person chose, and wants to see."""
        wanted = itinerary.slots(self.event.id)
        return [
            entry
            for entry in self.schedule.entries
            if entry.session in wanted
            and (wanted[entry.session] & {None, str(entry.uid)})
            and itinerary.options.shows(entry)
        ]


class Bulletin:
    """A sentence that the first process tells those that it forked.

    They have this memory in common, so it gets there also while storage is away.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, BULLETIN)

    def write(self, words: str) -> None:
        """Replace what is told; an empty text tells nothing."""
        self._memory[:] = words.encode("utf-8", "replace")[:BULLETIN].ljust(BULLETIN, b"\0")

    def read(self) -> str:
        """Return what is told."""
        return self._memory[:].rstrip(b"\0").decode("utf-8", "replace")


class Live:
    """The events of a site."""

    def __init__(self, schedules: Iterable[Schedule], base_url: str) -> None:
        self.addresses = Addresses(base_url)
        self.bulletin = Bulletin()
        """What the process that sees to the others has to tell operators."""
        self.stored_notices: tuple[str, ...] = ()
        """What publishers have to tell operators."""
        self.fault: str | None = None
        """Why storage could not be read at the last look."""
        self.asked: float | None = None
        """Since when storage owes an answer, on the monotonic clock."""
        self._events = {each.event.id: LiveEvent(each, self.addresses) for each in schedules}

    @property
    def trouble(self) -> str | None:
        """Tell why storage cannot be read now; None when it can."""
        asked = self.asked
        if asked is not None and time.monotonic() - asked > HUNG:
            return f"The database has not answered for {HUNG} seconds."
        return self.fault

    @property
    def notices(self) -> tuple[str, ...]:
        """Return what operators should know."""
        told = self.bulletin.read()
        return (told, *self.stored_notices) if told else self.stored_notices

    @property
    def is_waiting(self) -> bool:
        """Tell whether nothing was ever published, so that nothing can be said of any event."""
        return not self._events and not self.trouble

    @property
    def events(self) -> list[LiveEvent]:
        """Return the events that are not withdrawn, the first day first."""
        return sorted(
            (live_event for live_event in self._events.values() if not live_event.is_withdrawn),
            key=lambda live_event: (live_event.event.first_day, live_event.event.id),
        )

    def event(self, event_id: str) -> LiveEvent:
        """Return one event.  Raises ``UnknownNameError`` and ``WithdrawnEventError``."""
        live_event = self._events.get(event_id)
        if live_event is None:
            if self.trouble:  # it may well be there
                raise StorageError(self.trouble)
            raise UnknownNameError("event", event_id, [each.event.id for each in self.events])
        if live_event.is_withdrawn:
            raise WithdrawnEventError(event_id)
        return live_event

    def site_feed(self, selection: Selection) -> Feed:
        """Return the banners of the site's events.

        Raises ``NoEventsError``, or ``StorageError`` when that may not be so.
        """
        if not self.events:
            if self.trouble:
                raise StorageError(self.trouble)
            raise NoEventsError
        return site_feed([each.blocks for each in self.events], selection, self.addresses)

    def chosen(self, itinerary: Itinerary) -> list[tuple[LiveEvent, list[Entry]]]:
        """Return the entries that a person chose, by event; withdrawn events have none.

        Raises ``StorageError`` when an event may be missing only because storage is away.
        """
        found = []
        for event_id in dict.fromkeys(choice.event for choice in itinerary.choices):
            live_event = self._events.get(event_id)
            if live_event is None and self.trouble:
                raise StorageError(self.trouble)
            if live_event:
                entries = [] if live_event.is_withdrawn else live_event.chosen(itinerary)
                found.append((live_event, entries))
        return found

    def personal_feed(self, itinerary: Itinerary) -> Feed:
        """Return a person's calendar.  Raises ``StorageError``."""
        found = self.chosen(itinerary)
        revised = max([itinerary.revised, *(live_event.revised for live_event, _ in found)])
        chosen = [(live_event.blocks, entries) for live_event, entries in found]
        return personal_feed(chosen, itinerary, revised, self.addresses)

    def put(self, schedule: Schedule, history: Sequence[Version]) -> None:
        """Serve a schedule from now on, unless a newer one of its event is served."""
        present = self._events.get(schedule.event.id)
        if present is None or schedule.version > present.schedule.version:
            live_event = LiveEvent(schedule, self.addresses, history)
            self._events = {**self._events, schedule.event.id: live_event}

    def forget(self) -> None:
        """Serve nothing until storage answers: what is in memory may be long past."""
        self._events = {}

    def version(self, event_id: str) -> int:
        """Return the number of the version of an event that is served; 0 for none."""
        live_event = self._events.get(event_id)
        return live_event.schedule.version if live_event else 0


class Follower:
    """Brings what is new in storage into memory."""

    def __init__(self, live: Live, storage: Storage, calendars: Calendars | None = None) -> None:
        self._live = live
        self._storage = storage
        self._calendars = calendars
        self._stop = threading.Event()

    def step(self) -> None:
        """Look once.  When storage is away, note that; what is in memory stays.

        So it does when what is stored cannot be served, by a fault of calsvc's own.
        """
        live = self._live
        live.asked = time.monotonic()
        try:
            self._look()
        except StorageError as error:
            if live.fault is None:
                log.warning("%s Calendars go on from memory.", error)
            live.fault = str(error)
        except Exception as error:
            if live.fault is None:
                log.exception("What is stored cannot be served.")
            live.fault = f"What is stored cannot be served: {error!r}."
        else:
            if live.fault is not None:
                log.warning("The database answers again.")
            live.fault = None
        finally:
            live.asked = None

    def _look(self) -> None:
        errors = []
        for event_id, number in self._storage.numbers().items():
            if number > self._live.version(event_id):
                try:
                    self._bring(event_id)
                except StorageError as error:
                    errors.append(error)  # the others go on
        self._live.stored_notices = tuple(self._storage.notices())
        if self._calendars:
            self._calendars.flush(datetime.now(UTC).date())
        if errors:
            raise errors[0]

    def _bring(self, event_id: str) -> None:
        newest = self._storage.newest(event_id)
        assert newest  # versions are never removed
        self._live.put(newest[1], self._storage.history(event_id))

    def start(self) -> None:
        """Look again and again, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="follower", daemon=True).start()

    def _run(self) -> None:
        while not self._stop.wait(FOLLOW):
            self.step()
