"""What a site tells of one event among others: all but its sessions."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.schedule.publishing import withdrawn
from calsvc.schedule.renditions import CLOCK_WAS_AHEAD, Rendition, dated, stamped
from calsvc.schedule.versions import Summary


class Announced:
    """The newest version of an event, without its sessions."""

    def __init__(
        self,
        summary: Summary,
        addresses: Addresses,
        rendition: Rendition | None = None,
        *,
        is_recorded: bool = True,
    ) -> None:
        self.summary = summary
        self.schedule = stamped(summary.schedule, rendition)
        """Its own entry is the only one."""
        self.is_withdrawn = summary.is_withdrawn
        self.is_recorded = is_recorded
        """Whether its stamps and dates are those of what this copy writes."""
        stamps = rendition.stamps.values() if rendition else ()
        shown = max([self.schedule.revised, *(stamp.revised for stamp in stamps)])
        self.revised = self.schedule.published if self.is_withdrawn else shown
        """UTC instant of the last change that people see, withdrawal included."""
        self.modified = dated(summary.schedule, rendition) if rendition else self.revised
        """UTC instant at which the bytes of its feeds changed last."""
        self._addresses = addresses

    @property
    def event(self) -> Event:
        """Return the event as it is published, without its sessions."""
        return self.schedule.event

    def ahead_of(self, now: datetime) -> str:
        """Return what operators should know of a version from the future; empty if it is not."""
        if self.schedule.published <= now + CLOCK_WAS_AHEAD:
            return ""
        return (
            f"{self.event.id}: version {self.schedule.version} says that it was published at"
            f" {self.schedule.published:%Y-%m-%d %H:%M} UTC, which is still to come: a clock was"
            " ahead; check that of each machine that publishes"
        )

    @cached_property
    def blocks(self) -> Blocks:
        """Return the blocks that announce the event among others: as cancelled if withdrawn."""
        schedule = self.schedule
        if self.is_withdrawn and not all(each.is_cancelled for each in schedule.banners):
            # An older calsvc withdrew it, and stored no cancellation.
            schedule = withdrawn(schedule, schedule.published)
        return Blocks(schedule, self._addresses, self.modified)


def latest(moments: Iterable[datetime | None]) -> datetime:
    """Return when what is made of several parts changed last, for HTTP's Last-Modified.

    It is a second later than the last change: in that second another part may change too, and
    dates of HTTP would not tell the two apart (RFC 9110, 8.8.2.2).
    """
    return max(filter(None, moments)) + timedelta(seconds=1)
