"""The blocks of one schedule: each entry's VEVENT, rendered once for each look."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from datetime import datetime

from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.ical.vevent import Block, View, reminder, render, trigger
from calsvc.schedule.display import CancelledPolicy, Display
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.itineraries import WHOLE, Sessions
from calsvc.translations import spoken_language

Rendered = dict[str, Block]
"""By uid."""

Look = tuple[bool, bool, bool]
"""All that a block's bytes depend on beside its entry: busy or free, cancellation marked, times
in UTC."""

Placed = tuple[int, Block]
"""A block, and the place of its entry in the schedule."""

NEW_YEAR = {(12, 31), (1, 1)}
"""Month and day in UTC on which it may be another year elsewhere."""


class Blocks:
    """The blocks of a schedule, and the zones that they need."""

    def __init__(
        self,
        schedule: Schedule,
        addresses: Addresses,
        modified: datetime | None = None,
        before: "Blocks | None" = None,
    ) -> None:
        """``before`` are those of an earlier version: what did not change is not made again."""
        self.schedule = schedule
        self.modified = modified or schedule.revised
        """UTC instant at which the bytes of a feed last changed."""
        self.language = spoken_language(schedule.event.language)
        """The language of the words that calsvc adds."""
        self.addresses = addresses
        self.years = _years(schedule)
        """Zone → the first and last years in which the schedule has times."""
        self.zones = exact_zones(self.years)
        self._exact_zones = frozenset(self.zones)
        self._rendered: dict[Look, Rendered] = defaultdict(dict)
        self._reminders: dict[str, bytes] = {}
        self._whole: dict[tuple[bool, CancelledPolicy], dict[str | None, list[Placed]]] = (
            defaultdict(dict)
        )
        """The blocks of whole sessions, by how they are shown."""
        if before:
            self._carry_over(before)

    def of(self, entry: Entry, display: Display) -> Block:
        """Return the block of an entry of this schedule."""
        return self.of_all([entry], display)[0]

    def of_sessions(
        self, sessions: Sessions, display: Display, zones: Container[str] | None = None
    ) -> list[Block]:
        """Return the blocks of chosen sessions, in the schedule's order; ``zones`` as below."""
        is_usual = zones is None and display.alarm is None
        if is_usual and set(sessions.values()) <= {WHOLE}:
            return self._of_whole(sessions, display)
        return self.of_all(display.shown(self.schedule.chosen(sessions)), display, zones)

    def _of_whole(self, session_ids: Iterable[str | None], display: Display) -> list[Block]:
        """Return the same for whole sessions without reminders, each found by one look-up."""
        known = self._whole[bool(display.busy), display.cancelled]
        found: list[Placed] = []
        for session_id in session_ids:
            placed = known.get(session_id)
            if placed is None:
                placed = self._placed(session_id, display)
                if placed:  # else it is on no agenda, and may be any id
                    known[session_id] = placed
            found += placed
        found.sort()
        return [block for _, block in found]

    def _placed(self, session_id: str | None, display: Display) -> list[Placed]:
        entries = self.schedule.entries
        places = [each for each in self.schedule.places(session_id) if display.shows(entries[each])]
        blocks = self.of_all([entries[each] for each in places], display)
        return list(zip(places, blocks, strict=True))

    def of_all(
        self, entries: Iterable[Entry], display: Display, zones: Container[str] | None = None
    ) -> list[Block]:
        """Return the blocks of entries of this schedule.

        ``zones`` are those that have an exact VTIMEZONE in the calendar; other times are written
        in UTC.  By default they are those that have one in the schedule's years.
        """
        in_zone, in_utc = (
            self._rendered[bool(display.busy), display.cancelled == "mark", is_utc]
            for is_utc in (False, True)
        )
        end = trigger(display.alarm)
        found = []
        for entry in entries:
            is_local = zones is None or _is_in(entry, zones)
            rendered = in_zone if is_local else in_utc
            block = rendered.get(entry.uid)
            if block is None:
                block = rendered[entry.uid] = self._render(entry, display, in_utc=not is_local)
            if end and display.reminder_of(entry) is not None:
                block = block.with_alarm(self._reminder(entry), end)
            found.append(block)
        return found

    def _carry_over(self, before: "Blocks") -> None:
        """Take the blocks of the entries for which all that a block is made of is equal."""
        if self._same_for_all != before._same_for_all:
            return
        past = {entry.uid: entry for entry in before.schedule.entries}
        same = [
            entry.uid
            for entry in self.schedule.entries
            if entry == past.get(entry.uid) and self._is_local(entry) == before._is_local(entry)
        ]
        # Another thread may be rendering some just now.
        for look, blocks in list(before._rendered.items()):
            self._rendered[look] = {uid: blocks[uid] for uid in same if uid in blocks}
        reminders = before._reminders
        self._reminders = {each: reminders[each] for each in same if each in reminders}

    @property
    def _same_for_all(self) -> tuple[object, ...]:
        event = self.schedule.event
        return self.addresses, event.id, event.banner, self.language

    def _is_local(self, entry: Entry) -> bool:
        return (slot := entry.content.timed) is not None and slot.timezone in self.zones

    def _render(self, entry: Entry, display: Display, *, in_utc: bool) -> Block:
        zones = frozenset[str]() if in_utc else self._exact_zones
        event = self.schedule.event
        page = self.addresses.entry(event.id, entry.session)
        return render(View(entry, page, display, zones, self.language, event.banner))

    def _reminder(self, entry: Entry) -> bytes:
        if entry.uid not in self._reminders:
            self._reminders[entry.uid] = reminder(entry.content.title)
        return self._reminders[entry.uid]


def _is_in(entry: Entry, zones: Container[str]) -> bool:
    """Tell whether an entry has no time, or one in these zones."""
    slot = entry.content.timed
    return slot is None or slot.timezone in zones


def _years(schedule: Schedule) -> dict[str, tuple[int, int]]:
    years: dict[str, set[int]] = defaultdict(set)
    for entry in schedule.entries:
        if slot := entry.content.timed:
            years[slot.timezone] |= {
                _local_year(slot.start, slot.timezone),
                _local_year(slot.end, slot.timezone),
            }
    return {name: (min(spanned), max(spanned)) for name, spanned in years.items()}


def _local_year(moment: datetime, zone: str) -> int:
    if (moment.month, moment.day) in NEW_YEAR:
        return moment.astimezone(timezones.zone(zone)).year
    return moment.year  # no clock is a day ahead or behind


def exact_zones(years: Mapping[str, tuple[int, int]]) -> dict[str, bytes]:
    """Return the VTIMEZONE of each zone that has an exact one for those years."""
    written = {name: timezones.vtimezone(name, *span) for name, span in years.items()}
    return {name: block for name, block in written.items() if block}
