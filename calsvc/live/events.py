"""What requests read: the newest version of each event, its blocks rendered once.

Of each event a summary is there from the start, and soon, in few octets, all that the whole is
made of when somebody asks for it; wholes that nobody asked for lately are forgotten.  A follower
brings new versions, so requests for events never wait for storage, and go on while it is away.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime

from calsvc.addresses import Addresses
from calsvc.answers import Feed
from calsvc.errors import NoEventsError, StorageError, UnknownNameError, WithdrawnEventError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, site_feed
from calsvc.live.announced import Announced, latest
from calsvc.live.bulletin import Bulletin, own_notices
from calsvc.live.event import FEED_MEMORY, LiveEvent, feed_memory
from calsvc.live.memory import MEBIBYTE, Memory
from calsvc.live.served import Served, former_ids
from calsvc.live.watermarks import Watermarks
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.itineraries import Itinerary, Sessions, Wanted, joined
from calsvc.schedule.publishing import announced_until
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Summary, Version

ATTEMPTS = 5  # while others publish one version after the other
EVENT_MEMORY = 96  # MiB of events that a process remembers whole
HUNG = 15  # seconds without an answer after which storage counts as away


class Live:
    """The events of a site."""

    def __init__(
        self,
        schedules: Iterable[Schedule],
        base_url: str,
        memory: int = FEED_MEMORY,
        event_memory: int = EVENT_MEMORY,
    ) -> None:
        """``memory`` bounds the feeds that are remembered, ``event_memory`` the events, in MiB."""
        self.addresses = Addresses(base_url)
        self.feeds = feed_memory(memory)
        """The feeds of all events that are remembered."""
        self.wholes: Memory[LiveEvent] = Memory(event_memory * MEBIBYTE, lambda whole: whole.octets)
        """The events that are remembered whole."""
        self._large = event_memory * MEBIBYTE // 2
        """Octets of an event that stays in memory, because it would take too long to make again."""
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
        self.unrecorded: frozenset[str] = frozenset()
        """What is told with stamps that could not be recorded yet: events' ids, or the site."""
        self.asked: float | None = None
        """When the current look began, in seconds on the monotonic clock; None between looks."""
        self.modified: datetime | None = None
        """UTC instant at which what the site itself says in feeds changed last, if it is known."""
        self.watermarks = Watermarks()
        self.catch_up: Callable[[], None] = lambda: None
        """Brings what another worker has served; as ``look``, it may raise ``StorageError``."""
        self.look: Callable[[], None] = lambda: None
        """Brings what is new in storage."""
        self.make: Callable[[Served], LiveEvent | None] = lambda served: served.kept
        """Makes the whole of an event; None if a newer version is known by now."""
        self.made = 0.0
        """When an event had to be made for a request last, in seconds on the monotonic clock."""
        self._events: dict[str, Served] = {}
        self._former: dict[str, str] = {}
        for each in schedules:
            self.put(each, ())

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
        now = datetime.now(UTC)
        of_events = (*sorted(self._faults()), *(each.ahead_of(now) for each in self.events))
        unsaved, home = (self.unwritten, self.unrecorded), self.addresses.base_url
        own = own_notices(*unsaved, self.other_host, home)
        return tuple(filter(None, (self.bulletin.read(), *self.stored_notices, *of_events, *own)))

    @property
    def is_waiting(self) -> bool:
        """Tell whether nothing was ever published, so that nothing can be said of any event."""
        return not self._events and not self.trouble

    @property
    def events(self) -> list[Announced]:
        """Return the events that are not withdrawn, the first day first."""
        return [each for each in self._all() if not each.is_withdrawn]

    def served(self) -> list[Served]:
        """Return all that is served, under former ids too."""
        return list(self._events.values())

    def _all(self) -> list[Announced]:
        """Return the events under their present ids, withdrawn ones too, the first day first."""
        if self.watermarks.is_behind_anywhere():
            with suppress(StorageError):
                self.catch_up()
        return self._present(self._events)

    def _present(self, events: dict[str, Served]) -> list[Announced]:
        present = (each for name, each in events.items() if self._present_id(name, events) == name)
        announced = [each.announced for each in present]
        return sorted(announced, key=lambda each: (each.event.first_day, each.event.id))

    def present_id(self, event_id: str) -> str:
        """Return the id under which an event is served, by any of its ids; else the same."""
        return self._present_id(event_id, self._events)

    def _present_id(self, event_id: str, events: dict[str, Served]) -> str:
        passed = set[str]()
        while event_id not in passed:
            passed.add(event_id)
            known = events.get(event_id)
            successor = known.announced.schedule.successor if known else self._former.get(event_id)
            if successor not in events:
                break
            event_id = successor
        return event_id

    def newest(self, event_id: str) -> LiveEvent | None:
        """Return an event by any of its ids, withdrawn or not; None if there is none.

        It is no older than any worker of this server served it.  Raises ``StorageError`` if
        a newer version is known, or it is not in memory yet, and that cannot be read.
        """
        for _ in range(ATTEMPTS):
            served = self.version_of(event_id)
            if served is None:
                return None
            if whole := self._at_hand(served):
                return whole
            self.made = time.monotonic()
            if whole := self.whole(served):
                return whole
            self.look()  # another copy has recorded a newer version already
            if self.trouble:
                raise StorageError(self.trouble)
        raise StorageError(f"{event_id} changes too often just now.")

    def version_of(self, event_id: str) -> Served | None:
        """Return which version of an event is served, by any of its ids; None if there is none.

        The same holds as of ``newest``, but nothing is made.
        """
        self._catch_up_with(event_id)
        present_id = self.present_id(event_id)
        if present_id != event_id:
            self._catch_up_with(present_id)
            present_id = self.present_id(event_id)
        return self._events.get(present_id)

    def whole(self, served: Served) -> LiveEvent | None:
        """Return all of an event; None if it was replaced meanwhile.  Raises ``StorageError``."""
        with served.in_turn():
            whole = self._at_hand(served) or self.make(served)
            return whole and self._keep(served, whole)

    def _at_hand(self, served: Served) -> LiveEvent | None:
        return served.kept or self.wholes.get(served)

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

    def serves(self, event_id: str, own: object) -> bool:
        """Tell whether this version of an event is served, and no worker served a newer one."""
        served = self._events.get(event_id)
        return served is not None and served.own is own and not self.watermarks.is_behind(event_id)

    def site_feed(self, selection: Selection) -> Feed:
        """Return the banners of the site's events; those that left are announced for a while.

        Raises ``NoEventsError``, or ``StorageError`` if storage is away and may have newer ones.
        """
        if self.watermarks.is_behind_anywhere():
            self.catch_up()
            if self.trouble and self.watermarks.is_behind_anywhere():
                raise StorageError(self.trouble)
        known = [each for each in self._present(self._recorded()) if each.is_recorded]
        now = datetime.now(UTC)
        leaving = {each: announced_until(each.schedule) for each in known if each.is_withdrawn}
        shown = [each for each in known if each not in leaving or now < leaving[each]]
        if not shown:
            if trouble := self.trouble or next(self._faults(), None):
                raise StorageError(trouble)
            raise NoEventsError
        left = [moment for moment in leaving.values() if moment <= now]
        revised = max([*(each.revised for each in known), *left])
        modified = latest([*(each.modified for each in known), *left, self.modified])
        blocks = [each.blocks for each in shown]
        return site_feed(blocks, selection, self.addresses, revised, modified)

    def _recorded(self) -> dict[str, Served]:
        """Return all events once their stamps are known, but of one that cannot be made."""
        for _ in range(ATTEMPTS):
            events, replaced = self._events, False
            for served in [each for each in events.values() if not each.announced.is_recorded]:
                try:
                    replaced |= self.whole(served) is None
                except StorageError:
                    if not served.fault:
                        raise
            if not replaced:
                return events
            self.look()
        raise StorageError("Events change too often just now.")

    def _faults(self) -> Iterator[str]:
        return (each.fault for each in self.served() if each.fault)

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

    def put(self, schedule: Schedule, history: Sequence[Version]) -> None:
        """Serve a schedule that stays in memory, unless it is older than the one served."""
        is_withdrawn = bool(history) and history[0].is_withdrawn
        summary = Summary.of(schedule, is_withdrawn=is_withdrawn)
        served, before = Served(Announced(summary, self.addresses)), self.blocks(schedule.event.id)
        served.kept = LiveEvent(
            schedule, self.addresses, history, None, self.feeds, before, version=served.own
        )
        self.serve([(served, served.kept)])

    def serve(self, found: Iterable[tuple[Served, LiveEvent | None]]) -> None:
        """Serve versions from now on, unless they are older than those served.

        Each comes with the whole of it, as far as that was made already.
        """
        newer: dict[str, Served] = {}
        for served, whole in found:
            if served.version >= self.version(served.event_id):
                if whole:
                    self._keep(served, whole)
                self.watermarks.announce(served.event_id, served.version)
                newer[served.event_id] = served
        before, self._events = self._events, {**self._events, **newer}
        self._former = former_ids(self._events.values())
        for event_id, served in newer.items():
            self.watermarks.reach(event_id, served.version)
            self.wholes.forget(before.get(event_id))

    def _keep(self, served: Served, whole: LiveEvent) -> LiveEvent:
        whole.octets = served.octets
        if served.octets > self._large:
            served.kept = whole
        return served.kept or self.wholes.keep(served, whole)

    def blocks(self, event_id: str) -> Blocks | None:
        """Return the blocks of an event as it is served; None if none were made."""
        served = self._events.get(event_id)
        whole = served and self._at_hand(served)
        return whole.blocks if whole else None

    def forget(self) -> None:
        """Serve nothing until storage answers: the schedules in memory may be long outdated."""
        self._events, self._former = {}, {}

    def version(self, event_id: str) -> int:
        """Return the number of an event's version that is served; 0 for none."""
        served = self._events.get(event_id)
        return served.version if served else 0
