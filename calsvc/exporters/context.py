"""What an exporter needs of a site besides the schedule and the selection."""

from collections.abc import Sequence
from dataclasses import dataclass

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.schedule.versions import Version


@dataclass(frozen=True)
class Context:
    """The surroundings of one schedule."""

    addresses: Addresses
    blocks: Blocks
    """Those of the schedule."""
    history: Sequence[Version] = ()
    """How the schedule came about, the newest version first."""
