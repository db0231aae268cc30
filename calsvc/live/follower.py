"""Brings what is new in storage into memory, for all requests."""

import logging
import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from calsvc.errors import StorageError
from calsvc.live.event import LiveEvent
from calsvc.live.events import Live
from calsvc.live.reader import Reader
from calsvc.live.recorder import Recorder
from calsvc.live.served import Served
from calsvc.schedule.renditions import Renderer
from calsvc.storage.calendars import Calendars
from calsvc.storage.patience import ANSWER
from calsvc.storage.renditions import SITE, Renditions
from calsvc.storage.schedules import Storage

FOLLOW = 0.5  # seconds between looks for a new version
QUIET = 1.0  # seconds without a request for an event that had to be made
SURELY = 10.0  # seconds after which a look is taken although nothing was stored: notices expire
BOOKS_AGAIN = 10.0  # seconds after which days of fetches are stored again that could not be

log = logging.getLogger(__name__)


@contextmanager
def _collected(errors: list[Exception]) -> Iterator[None]:
    """Keep an error for later, and go on: one bad event never delays the others."""
    try:
        yield
    except Exception as error:
        errors.append(error)


class Follower:
    """Brings what is new in storage into memory."""

    def __init__(
        self,
        live: Live,
        storage: Storage,
        calendars: Calendars | None = None,
        renderer: Renderer | None = None,
    ) -> None:
        """``renderer`` is this copy, if it serves; without one, nothing of it is recorded."""
        self._live = live
        self._storage = storage
        self._calendars = calendars
        self._recorder = Recorder(Renditions(storage.database), live.addresses, renderer)
        self._reader = Reader(live, storage, self._recorder)
        self._stop = threading.Event()
        self._looking = threading.RLock()
        self._seen: object = None
        """What told the state of storage before the last look that found nothing wrong."""
        self._looked = 0.0
        self._books_failed: float | None = None
        """When days of fetches could not be stored, on the monotonic clock; None if they were."""
        live.catch_up = self._catch_up
        live.look = self.look

    def _catch_up(self) -> None:
        """Look now, for a request that knows of a newer version; others wait for the look."""
        with self._in_turn():
            if self._live.watermarks.is_behind_anywhere():
                self._look_for_a_request()

    def look(self) -> None:
        """Look now, for a request, whether or not anything seems to be stored since the last."""
        with self._in_turn():
            self._look_for_a_request()

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let a request look, while nobody else does; it takes no place at the gate until then.

        Raises ``StorageError`` if storage is in trouble, or another look takes too long.
        """
        if trouble := self._storage.database.gate.trouble:
            raise StorageError(trouble)
        if not self._looking.acquire(timeout=ANSWER):
            raise StorageError("The database is slow to tell what is new.")
        try:
            yield
        finally:
            self._looking.release()

    def _look_for_a_request(self) -> None:
        with self._storage.database.gate.reading:
            self._seen = None
            self._step()

    def step(self) -> None:
        """Look once, and keep books.  If storage is away, note that, and keep what is in memory.

        The same happens if what is stored cannot be served, by a fault of calsvc's own.
        """
        with self._looking:
            self._step()
        if self._calendars and self._storage.database.gate.trouble is None:
            self._keep_books(self._calendars)

    def _step(self) -> None:
        live = self._live
        live.asked = time.monotonic()
        try:
            self._look_if_changed()
        except StorageError as error:
            if live.fault is None:
                log.warning("%s Calendars go on from memory.", error)
            live.fault = str(error)
        except Exception as error:  # a fault of calsvc's own; nobody would notice if it ended here
            if live.fault is None:
                log.exception("What is stored cannot be served.")
            live.fault = f"What is stored cannot be served: {error!r}."
        else:
            if live.fault is not None:
                log.warning("The database answers again.")
            live.fault = None
        finally:
            live.asked = None
            live.unrecorded = self._recorder.unrecorded

    def _keep_books(self, calendars: Calendars) -> None:
        """Store the days of fetches.  Nobody who reads needs them, so they may fail."""
        now, database = time.monotonic(), self._storage.database
        failed = self._books_failed
        # Unless somebody else could write since, that is tried again from time to time.
        if failed is None or database.unwritten is None or now - failed > BOOKS_AGAIN:
            try:
                calendars.flush(datetime.now(UTC).date())
            except Exception as error:  # whatever is wrong, versions come all the same
                if failed is None:
                    own = None if isinstance(error, StorageError) else error
                    log.warning(
                        "%s The day of each calendar's last fetch waits.", error, exc_info=own
                    )
                self._books_failed = now
            else:
                if failed is not None:
                    log.warning("The database can be written again.")
                self._books_failed = None
        self._live.unwritten = database.unwritten

    def _look_if_changed(self) -> None:
        """Look, unless nothing was stored since the last look."""
        stamp, now = self._storage.database.stamp(), time.monotonic()
        if stamp is None or stamp != self._seen or now - self._looked > SURELY:
            self._seen = None
            self._look()
            self._seen, self._looked = stamp, now

    def _look(self) -> None:
        """Serve each event as soon as it is read; then raise the worst of what went wrong."""
        errors: list[Exception] = []
        with _collected(errors):
            self._look_at_the_site()
        numbers = self._numbers()
        with _collected(errors):
            self._look_at_events(numbers, errors)
            self._record_again(errors)
        with _collected(errors):
            behind = sorted(self._put_back(numbers))
            self._live.stored_notices = (*behind, *self._storage.notices())
        for error in sorted(errors, key=lambda error: isinstance(error, StorageError)):
            raise error

    def _put_back(self, numbers: dict[str, int]) -> Iterator[str]:
        """Yield what to tell of events of which storage has an older version than was served."""
        for event_id in {each.event_id for each in self._live.served()}:
            stored, served = numbers.get(event_id, 0), self._live.version(event_id)
            if stored < served:
                yield (
                    f"{event_id}: version {stored} is stored, and version {served} was served: an"
                    " older database is in place; run calsvc restore --in-place, so that"
                    " numbers go on"
                )

    def _numbers(self) -> dict[str, int]:
        """Ask for the newest versions, and let requests ask while that is answered."""
        gate = self._storage.database.gate
        try:
            numbers = self._storage.numbers()
        except StorageError as error:
            gate.trouble = str(error)
            raise
        gate.trouble = None
        return numbers

    def _look_at_events(self, numbers: dict[str, int], errors: list[Exception]) -> None:
        """Serve the newest version of each event.

        Of events that were not served yet, the summary is enough: the whole is made when
        somebody asks for it.  A version that follows another one is made first, so that the one
        before stays if that fails.
        """
        live = self._live
        newer = {
            event_id: number
            for event_id, number in numbers.items()
            if number > live.version(event_id)
        }
        unknown = {each: number for each, number in newer.items() if not live.version(each)}
        summarized = self._reader.summarized(unknown)
        live.serve((each, None) for each in summarized if not _waits(each))
        continued: list[tuple[Served, LiveEvent | None]] = [
            (each, None) for each in summarized if _waits(each)
        ]
        for event_id in newer.keys() - {each.event_id for each in summarized}:
            with _collected(errors):
                read = self._reader.read(event_id)
                if _waits(read[0]):
                    continued.append(read)
                else:
                    live.serve([read])
        live.serve(continued)

    def _record_again(self, errors: list[Exception]) -> None:
        """Record what could not be recorded when it was read, and serve it as it is then."""
        deadline = time.monotonic() + FOLLOW
        for event_id in self._recorder.due - {SITE}:
            if not self._recorder.due or time.monotonic() > deadline:
                break  # it failed again, or others wait for the next look
            with _collected(errors), self._recorder.again(event_id):
                self._live.serve([self._reader.read(event_id)])

    def _look_at_the_site(self) -> None:
        """Bring when what the site itself says in feeds changed last; it changes with the copy."""
        if self._live.modified is None or SITE in self._recorder.due:
            with self._recorder.again(SITE):
                found = self._recorder.site()
            self._live.modified = found.modified if found else None

    def start(self) -> None:
        """Look again and again, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="follower", daemon=True).start()

    def _run(self) -> None:
        is_more = True
        while not self._stop.wait(0 if is_more else FOLLOW):
            self.step()
            is_more = self.complete(FOLLOW, is_busy=time.monotonic() - self._live.made < QUIET)

    def complete(self, seconds: float = math.inf, *, is_busy: bool = False) -> bool:
        """Bring into memory what is not there yet, for so long; return whether more is left.

        What was not recorded yet is recorded then, unless this process is busy.
        """
        try:
            return self._reader.complete(seconds, is_busy=is_busy)
        except StorageError:
            return False  # the next look tells of it
        except Exception:  # a fault of calsvc's own; who asks for the event is told of it
            log.exception("What is stored cannot be kept.")
            return False


def _waits(served: Served) -> bool:
    """Return whether an event waits until its former ids have ended.

    An event that goes on under another id is served until that one is there, and never beside
    it: that one waits for the end of the former one.
    """
    schedule = served.announced.schedule
    return bool(schedule.continues) and schedule.successor is None
