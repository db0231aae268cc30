"""Reads events from storage, and makes of them what is served."""

import logging
import random
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from calsvc.errors import StorageError, UnreadableVersionError
from calsvc.ical.blocks import Blocks
from calsvc.live.announced import Announced
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.recorder import Recorder
from calsvc.live.served import Packed, Served
from calsvc.schedule.entries import Schedule
from calsvc.schedule.renditions import Rendition
from calsvc.schedule.versions import Summary
from calsvc.storage.schedules import Storage

ATTEMPTS = 5  # while others publish one version after the other
AT_ONCE = 20  # events that are read in one transaction

log = logging.getLogger(__name__)


class Reader:
    """What a process serves, made of what is stored."""

    def __init__(self, live: Live, storage: Storage, recorder: Recorder) -> None:
        self._live = live
        self._storage = storage
        self._recorder = recorder
        live.make = self.make

    def summarized(self, numbers: Mapping[str, int]) -> list[Served]:
        """Return events as their summaries tell of them, where those are of these versions.

        Raises ``StorageError``.
        """
        known = self._storage.summaries(numbers).items()
        current = [each for name, each in known if each.schedule.version == numbers[name]]
        found = []
        for first in range(0, len(current), AT_ONCE):  # renditions are large, and not kept
            some = current[first : first + AT_ONCE]
            past = self._recorder.past([each.schedule for each in some])
            found += [Served(self._announced(each, past[each.schedule.event.id])) for each in some]
        return found

    def _announced(self, summary: Summary, past: Rendition | None) -> Announced:
        told = self._recorder.told(summary.schedule, past)
        is_recorded = told is not None or not self._recorder.records
        return Announced(summary, self._live.addresses, told or past, is_recorded=is_recorded)

    def read(self, event_id: str) -> tuple[Served, LiveEvent]:
        """Return the newest version of an event, and the whole of it.  Raises ``StorageError``."""
        before = self._live.blocks(event_id)
        for _ in range(ATTEMPTS):
            newest = self._storage.newest(event_id)
            assert newest  # versions are never removed
            version, schedule = newest
            rendition, blocks = self._recorder.event(schedule, before)
            if rendition is None or rendition.version <= schedule.version:
                break  # else another copy has read a newer version since: the dates are of that
        summary = Summary.of(schedule, is_withdrawn=version.is_withdrawn)
        (stored,) = self._storage.stored([summary])
        past = self._stored(schedule, rendition)
        announced = Announced(summary, self._live.addresses, rendition)
        served = Served(announced, Packed(stored, past))
        return served, self._live_event(served, schedule, rendition, blocks)

    def _live_event(
        self,
        served: Served,
        schedule: Schedule,
        rendition: Rendition | None,
        blocks: Blocks | None,
    ) -> LiveEvent:
        assert served.packed
        history = served.packed.stored.history()
        return LiveEvent(
            schedule,
            self._live.addresses,
            history,
            rendition,
            self._live.feeds,
            blocks,
            served.own,
        )

    def make(self, served: Served) -> LiveEvent | None:
        """Return the whole of an event as it is served; None if a newer version is known.

        Storage is asked only for what is not in memory yet.  Raises ``StorageError``.
        """
        try:
            made = self._made(served)
        except UnreadableVersionError as error:
            self._note(served, str(error))
            raise
        except StorageError:
            raise
        except Exception as error:  # a fault of calsvc's own, and the other events go on
            self._note(served, f"{served.event_id} cannot be served: {error!r}.")
            raise StorageError(served.fault) from error
        served.fault = ""
        return made

    def _note(self, served: Served, fault: str) -> None:
        if served.fault != fault:
            log.warning("%s", fault)
        served.fault = fault
        served.packed = None  # it may be mended in storage

    def _made(self, served: Served) -> LiveEvent | None:
        if served.packed is None:
            self._pack([served])
        assert served.packed
        stored, past = served.packed.stored, served.packed.rendition
        schedule = stored.schedule()
        rendition, blocks = self._recorder.told(schedule, past), None
        if rendition is None and self._recorder.records:
            rendition, blocks = self._recorder.event(schedule)
            if rendition and rendition.version > schedule.version:
                return None
            served.packed = Packed(stored, self._stored(schedule, rendition))
        if not served.announced.is_recorded:  # by this worker or, meanwhile, by another one
            summary = served.announced.summary
            served.announced = Announced(summary, self._live.addresses, rendition)
        return self._live_event(served, schedule, rendition, blocks)

    def _stored(self, schedule: Schedule, rendition: Rendition | None) -> Rendition | None:
        """Return what is recorded of a schedule, of which this copy tells a rendition."""
        if self._recorder.decides(schedule, rendition):
            return rendition
        return self._recorder.past([schedule])[schedule.event.id]

    def _pack(self, some: Sequence[Served]) -> None:
        """Bring all into memory that some events are made of.

        Requests do it, too, so the gate lets in who asks.
        """
        summaries = [each.announced.summary for each in some]
        with self._storage.database.gate.reading:
            past = self._recorder.past([each.schedule for each in summaries])
            found = self._storage.stored(summaries)
        for served, stored in zip(some, found, strict=True):
            if served.packed is None:  # nobody who asked was faster
                served.packed = Packed(stored, past[served.event_id])

    def complete(self, seconds: float, *, is_busy: bool = False) -> bool:
        """Bring into memory what is not there yet, for so long; return whether more is left.

        Then record what was not recorded yet, unless this process is busy: requests record what
        they ask for.  The events come first that people ask for first.  Workers begin in different
        orders, so that each records what the others have not recorded yet.
        """
        deadline, today = time.monotonic() + seconds, datetime.now(UTC).date()
        served = self._live.served()
        waiting = [each for each in served if not (each.is_complete or each.was_tried)]
        waiting.sort(key=lambda each: (each.distance(today), random.random()))  # noqa: S311
        for first in range(0, len(waiting), AT_ONCE):
            if time.monotonic() > deadline:
                return True
            some = waiting[first : first + AT_ONCE]
            self._pack([each for each in some if each.packed is None])
            if not is_busy:
                self._record(some)
        return False

    def _record(self, some: Sequence[Served]) -> None:
        for served in some:
            if served.packed and not served.announced.is_recorded:  # another worker was faster
                summary = served.announced.summary
                served.announced = self._announced(summary, served.packed.rendition)
            if not served.announced.is_recorded:
                try:
                    self._live.whole(served)
                except StorageError:
                    if not served.fault:
                        raise
            served.was_tried = True
