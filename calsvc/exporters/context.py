"""What an exporter needs besides a schedule and a selection."""

from collections.abc import Sequence
from dataclasses import dataclass

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.schedule.versions import Version


@dataclass(frozen=True)
class Context:
    """The site's addresses, and the blocks and the history of one schedule."""

    addresses: Addresses
    blocks: Blocks
    """The blocks of the schedule."""
    history: Sequence[Version] = ()
    """The versions that led to the schedule, the newest first."""
