"""Records what this copy of calsvc writes, where it is the one that decides."""

import logging
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from calsvc.addresses import Addresses
from calsvc.errors import StorageError
from calsvc.ical.blocks import Blocks
from calsvc.ical.digests import entry_digests, site_digest
from calsvc.schedule.entries import Schedule
from calsvc.schedule.renditions import (
    Renderer,
    Rendition,
    behind,
    gone_on,
    renewed,
    renewed_site,
    unrecorded,
)
from calsvc.storage.renditions import SITE, Renditions

AGAIN = 5.0  # seconds after which the next look records what could not be recorded

log = logging.getLogger(__name__)

Renew = Callable[[Rendition | None, Renderer, datetime, bool], Rendition]


class Recorder:
    """The renditions of a database, as one copy of calsvc reads and renews them.

    Copies of two versions, or with two base addresses, run side by side during an upgrade:
    the one that started last decides, and the others take what it recorded, a moment behind
    where they write something else.
    """

    def __init__(
        self, renditions: Renditions, addresses: Addresses, renderer: Renderer | None
    ) -> None:
        """``renderer`` is this copy; without one, it only reads."""
        self._renditions = renditions
        self._addresses = addresses
        self._renderer = renderer
        self._failed = 0.0
        """When nothing could be recorded last, on the monotonic clock."""
        self._unrecorded: set[str] = set()
        """What is told without being recorded."""

    @property
    def unrecorded(self) -> frozenset[str]:
        """Return what is told without being recorded: ids, or SITE."""
        return frozenset(self._unrecorded)

    @property
    def due(self) -> frozenset[str]:
        """Return what should be recorded now, because it could not be before: ids, or SITE."""
        return frozenset() if self._is_to_wait() else self.unrecorded

    @contextmanager
    def again(self, name: str) -> Iterator[None]:
        """Let what is due be read and served again; where that fails, it stays due."""
        self._unrecorded.discard(name)
        try:
            yield
        except BaseException:
            self._unrecorded.add(name)
            raise

    def _is_to_wait(self) -> bool:
        return bool(self._failed) and time.monotonic() - self._failed < AGAIN

    def event(
        self, schedule: Schedule, before: Blocks | None = None
    ) -> tuple[Rendition | None, Blocks | None]:
        """Return what is written of a schedule, and the blocks that were made to know it.

        The one is None if it was never recorded, the other ``before`` if none were made: the
        blocks of the version before, if there are any.  Raises ``StorageError``.
        """
        blocks = before
        digests: dict[str, str] = {}  # made once, and not while others wait for the database
        former_ids = [each for each in schedule.continues if each != schedule.event.id]
        former = [found for each in former_ids if (found := self._renditions.of(each))]

        def renew(
            past: Rendition | None, renderer: Renderer, now: datetime, is_new: bool
        ) -> Rendition:
            past = gone_on(past, former)
            return renewed(past, schedule, digests, renderer, now, is_new=is_new)

        known = gone_on(self._renditions.of(schedule.event.id), former)
        if self._is_to_renew(known, schedule.version):
            blocks = Blocks(schedule, self._addresses, before=blocks)
            digests = entry_digests(blocks)
            known = self._renewed(schedule.event.id, schedule.version, known, renew)
        if known is None or self._renderer is None or known.yields_to(self._renderer):
            return known, blocks
        if not digests:
            blocks = Blocks(schedule, self._addresses, before=blocks)
            digests = entry_digests(blocks)
        return behind(known, schedule, digests), blocks

    def past(self, schedules: Collection[Schedule]) -> dict[str, Rendition | None]:
        """Return what was written last of schedules, by the ids of their events.

        What was written under former ids counts.  Raises ``StorageError``.
        """
        wanted = {each for one in schedules for each in (one.event.id, *one.continues)}
        known = self._renditions.of_all(wanted)
        found = {}
        for schedule in schedules:
            event_id = schedule.event.id
            others = (known.get(each) for each in schedule.continues if each != event_id)
            found[event_id] = gone_on(known.get(event_id), filter(None, others))
        return found

    def told(self, schedule: Schedule, past: Rendition | None) -> Rendition | None:
        """Return what is written of a schedule, whatever its entries; None if it is not recorded.

        ``past`` is what was written last, as ``past`` returns it.
        """
        if past is None or self._renderer is None:
            return past
        if past.version > schedule.version or self._is_to_renew(past, schedule.version):
            return None
        if past.yields_to(self._renderer):
            return past
        return behind(past, schedule, entry_digests(Blocks(schedule, self._addresses)))

    def decides(self, schedule: Schedule, rendition: Rendition | None) -> bool:
        """Return whether a rendition is what this copy recorded of a schedule."""
        if rendition is None or self._renderer is None:
            return False
        return rendition.is_of(schedule.version, self._renderer)

    @property
    def records(self) -> bool:
        """Return whether this copy serves, so that what it writes is recorded."""
        return self._renderer is not None

    def site(self) -> Rendition | None:
        """Return what the site itself says in feeds.  Raises ``StorageError``."""
        digest = site_digest(self._addresses)

        def renew(
            past: Rendition | None, renderer: Renderer, now: datetime, is_new: bool
        ) -> Rendition:
            return renewed_site(past, digest, renderer, now, is_new=is_new)

        known = self._renditions.of(SITE)
        return self._renewed(SITE, 0, known, renew) if self._is_to_renew(known, 0) else known

    def _is_to_renew(self, known: Rendition | None, version: int) -> bool:
        if self._renderer is None:
            return False
        return known is None or (
            known.version <= version
            and known.yields_to(self._renderer)
            and not known.is_of(version, self._renderer)
        )

    def _renewed(
        self, name: str, version: int, known: Rendition | None, renew: Renew
    ) -> Rendition | None:
        """Return what is told from now on: what is recorded then, or goes on without a record."""
        renderer, now = self._renderer, datetime.now(UTC).replace(microsecond=0)
        assert renderer

        def act(past: Rendition | None, is_new: bool) -> Rendition | None:
            if not self._is_to_renew(past, version):
                return None  # another copy was faster
            return renew(past, renderer, now, is_new)

        if not self._is_to_wait():
            try:
                found = self._renditions.renew(name, act) or known
            except StorageError as error:  # it may be read all the same
                if not self._failed:
                    log.warning("%s What is written goes on without a record.", error)
                self._failed = time.monotonic()
            else:
                if self._failed:
                    log.warning("What is written can be recorded again.")
                self._failed = 0.0
                return found
        self._unrecorded.add(name)
        return unrecorded(known, renderer)
