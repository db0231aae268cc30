"""The blocks of one schedule: each entry's VEVENT, rendered once for each look."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.ical.vevent import Block, View, render
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry, Schedule
from calsvc.translations import spoken_language

Look = tuple[str, bool, bool, bool]
"""All that a block's bytes depend on: uid, busy or free, cancellation marked, times in UTC."""


class Blocks:
    """The blocks of a schedule, and the zones that they need."""

    def __init__(
        self, schedule: Schedule, addresses: Addresses, modified: datetime | None = None
    ) -> None:
        self.schedule = schedule
        self.modified = modified or schedule.revised
        """UTC instant at which the bytes of a feed last changed."""
        self.language = spoken_language(schedule.event.language)
        """The language of the words that calsvc adds."""
        self.addresses = addresses
        self.years = _years(schedule)
        """Zone → the first and last years in which the schedule has times."""
        self.zones = exact_zones(self.years)
        self._rendered: dict[Look, Block] = {}

    def of(self, entry: Entry, display: Display, *, in_utc: bool = False) -> Block:
        """Return the block of an entry of this schedule.

        ``in_utc`` writes its times in UTC even if their zone has an exact VTIMEZONE.
        """
        look = entry.uid, bool(display.busy), display.cancelled == "mark", in_utc
        if look not in self._rendered:
            zones = frozenset[str]() if in_utc else frozenset(self.zones)
            page = self.addresses.entry(self.schedule.event.id, entry.session)
            self._rendered[look] = render(View(entry, page, display, zones, self.language))
        block = self._rendered[look]
        reminder = display.reminder_of(entry)
        return block if reminder is None else block.with_alarm(reminder, entry.content.title)

    def of_all(self, entries: Iterable[Entry], display: Display) -> list[Block]:
        """Return the blocks of entries of this schedule."""
        return [self.of(entry, display) for entry in entries]


def _years(schedule: Schedule) -> dict[str, tuple[int, int]]:
    years: dict[str, list[int]] = {}
    for entry in schedule.entries:
        if slot := entry.content.slot:
            spanned = years.setdefault(slot.timezone, [])
            spanned += [slot.local_start.year, slot.local_end.year]
    return {name: (min(spanned), max(spanned)) for name, spanned in years.items()}


def exact_zones(years: Mapping[str, tuple[int, int]]) -> dict[str, bytes]:
    """Return the VTIMEZONE of each zone that has an exact one for those years."""
    written = {name: timezones.vtimezone(name, *span) for name, span in years.items()}
    return {name: block for name, block in written.items() if block}
