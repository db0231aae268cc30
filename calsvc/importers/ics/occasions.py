"""When the entries of a calendar are: each entry as one showing or, where it repeats, several.

Local times with a zone stay local times of that zone; what clocks show twice, or what is in
UTC, is an instant.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from uuid import NAMESPACE_URL, uuid5

from calsvc import timezones
from calsvc.agenda.slots import known_zone
from calsvc.importers.drafts import Draft, DraftSession, Wishes
from calsvc.importers.ics import entries, ownfeeds
from calsvc.importers.ics.components import Component
from calsvc.importers.ics.moments import DAY, Length, any_moment, duration, moment
from calsvc.importers.ics.tzids import Zones, settled

EARLIEST = 1601  # year in which something begins that repeats: birthdays are in years like 1604
SHOWINGS = uuid5(NAMESPACE_URL, "tag:calsvc,2026:showing")


@dataclass
class Occasion:
    """An entry of a calendar with its session, before it is known what it belongs to."""

    component: Component
    session: DraftSession
    zones: Zones
    """Those of its file."""
    begin: datetime | None = None
    """Its start as it is written."""
    tzid: str = ""
    """The zone of its start, as it is written; empty for what is in UTC."""
    zone: str | None = None
    """The zone that it names, of the tz database."""
    day: date | None = None
    """The first day of an all-day entry, which has no time; ``last_day`` is the last one."""
    last_day: date | None = None
    home: str | None = None
    """The zone of its times without one, if that is not the event's: its calendar's."""
    is_first: bool = True
    """Whether the uid is its own: not where it is later than the first of what repeats, and that
    is before all years that calsvc knows."""
    original: datetime | None = None
    """When it begins by the rule of what it is a showing of; None for the first, and in what is
    not kept entry for entry."""
    parts: list[str] = field(default_factory=list)
    """Titles of what belongs to it, and may not be in the calendar."""

    @property
    def uid(self) -> str:
        """Return its uid, as the calendar has it."""
        return self.component.text("UID")

    @property
    def own_uid(self) -> str:
        """Return the uid of this showing alone, which lasts as long as that of the whole does."""
        if not self.uid or self.original is None:
            return self.uid
        return str(uuid5(SHOWINGS, f"{self.original.isoformat()} {self.uid}"))

    @property
    def location(self) -> str:
        """Return where it is."""
        return entries.location(self.component)

    @property
    def written_length(self) -> Length | None:
        """Return the DURATION that it has; None without one."""
        return duration(self.component.text("DURATION"))

    @property
    def repeats(self) -> bool:
        """Tell whether it is on several times."""
        return bool(self.component.all("RRULE") or self.component.all("RDATE"))

    @property
    def is_changed(self) -> bool:
        """Tell whether it is one of the showings of something else in the calendar."""
        return self.repeats or bool(self.component.all("RECURRENCE-ID"))

    def moment(self, value: str) -> datetime | date | None:
        """Return what ``moments.moment`` does; of what repeats, times before those years too."""
        found = any_moment(value) if self.repeats else moment(value)
        return found if found and EARLIEST <= found.year <= timezones.LAST_YEAR else None

    @property
    def clock(self) -> tzinfo:
        """Return the clocks that its times are on."""
        if self.zone:
            return timezones.zone(self.zone)
        start, named = self.session.start, self.zones.clock(self.tzid) if self.tzid else None
        return named or (start and start.tzinfo) or timezones.zone("UTC")

    def placed(self, local: datetime) -> datetime:
        """Return a time of its clocks, naive, as a draft has it."""
        if self.zone:
            return settled(local, self.zone)
        if self.tzid:
            return self.zones.placed(local, self.tzid)[0]
        return local.replace(tzinfo=self.begin.tzinfo if self.begin else None)

    def is_apart_from(self, tzid: str) -> bool:
        """Tell whether times of a TZID are on other clocks than its own, if those are known."""
        start = self.session.start
        if not start or not (self.zone or start.tzinfo) or tzid in {"", self.tzid}:
            return False
        return self.zone is None or self.zones.name(tzid) != self.zone


def zones_of(calendars: list[Component], wishes: Wishes) -> Zones:
    """Return the zones of calendars: those that were asked for, or are named, are likeliest."""
    components: dict[str, Component] = {}
    years = []
    for calendar in calendars:
        for each in calendar.components:
            if each.name == "VTIMEZONE":
                components.setdefault(each.text("TZID"), each)
            elif each.name == "VEVENT" and (start := moment(each.text("DTSTART"))):
                years.append(start.year)
    zones = Zones(components, range(min(years), max(years) + 1) if years else range(2000, 2001))
    named = [calendar.text("X-WR-TIMEZONE") for calendar in calendars[:1]]
    said = [wishes.timezone, *(zones.name(each) for each in named if each)]
    zones.likely = tuple(filter(None, map(known_zone, said)))
    return zones


def home_of(calendar: Component, head: Component, zones: Zones, wishes: Wishes) -> str | None:
    """Return the zone that a calendar names beside the first, ``head``, of one file or folder.

    None where it is the event's, which is as asked for.
    """
    said = calendar.text("X-WR-TIMEZONE")
    if wishes.timezone or not said or said == head.text("X-WR-TIMEZONE"):
        return None
    return zones.name(said)


def occasion(
    component: Component, zones: Zones, own_page: str | None, *, names_people: bool = True
) -> Occasion:
    """Return an entry with its time.

    ``own_page`` is the address of the event's page if calsvc wrote the calendar, else None.
    ``names_people`` says whether first lines of descriptions may.
    """
    session = entries.session(component, names_people=names_people)
    found = Occasion(component, session, zones)
    if own_page is not None:
        found.parts = ownfeeds.read_session(session, component, own_page)
    start = component.first("DTSTART")
    begin = found.moment(start.value) if start else None
    if start is None or begin is None:
        said = f"its time cannot be read: {start.value[:40]!r}" if start else "it has no time"
        session.guessed.append(said)
        return found
    tzid = start.parameters.get("TZID", "") or component.text("TZID")
    if not isinstance(begin, datetime):
        if own_page is None or not ownfeeds.is_announced(component):
            found.day, found.last_day = begin, _last_day(found, begin)
        return found
    found.begin, found.tzid = begin, "" if begin.tzinfo else tzid
    session.start, found.zone = _instant(begin, tzid, zones, session)
    session.end = _end(found, tzid, zones)
    return found


def _instant(
    time: datetime, tzid: str, zones: Zones, session: DraftSession
) -> tuple[datetime, str | None]:
    """Return a time as a draft has it, and the zone that it names."""
    if time.tzinfo is None:
        return zones.placed(time, tzid) if tzid else (time, None)
    zone = zones.name(tzid) if tzid else None
    if zone and not timezones.is_utc(zone):
        session.guessed.append(f"{time:%H:%M} in UTC and in {zone} at once is taken for UTC")
    return time, None


def _end(found: Occasion, tzid: str, zones: Zones) -> datetime | None:
    """Return the end of an entry, None if it has none that can be read.

    It is an instant where it names another zone than the start.
    """
    component, session = found.component, found.session
    assert session.start
    if end := component.first("DTEND"):
        until = found.moment(end.value)
        if isinstance(until, datetime):
            named = end.parameters.get("TZID", "") or component.text("TZID")
            if until.tzinfo is None and session.start.tzinfo and not named:
                named = tzid  # the start names the zone of both
            placed, zone = _instant(until, named, zones, session)
            return timezones.resolved(placed, zone) if zone not in {None, found.zone} else placed
        session.guessed.append(f"its end cannot be read: {end.value[:40]!r}")
        return None
    length = found.written_length
    if length is None:
        return None
    return later(session.start, length, found.zone)


def later(start: datetime, length: Length, zone: str | None) -> datetime | None:
    """Return when what begins then is over; a naive time is one of the zone's clocks."""
    try:
        if zone is None or (start.tzinfo and not length.days):
            return start + length.usual
        clocks = start.astimezone(timezones.zone(zone)) if start.tzinfo else start
        that_day = clocks.replace(tzinfo=None) + timedelta(days=length.days)
        return timezones.written(timezones.resolved(that_day, zone) + length.time, zone)
    except OverflowError:
        return None


def _last_day(found: Occasion, first: date) -> date:
    """Return the last day of an all-day entry, whose DTEND is the day after (RFC 5545, 3.6.1)."""
    end = found.moment(found.component.text("DTEND"))
    length = found.written_length
    if end is not None:
        day = end.date() if isinstance(end, datetime) else end
        return max(day - DAY, first)
    days = length.usual.days if length else 1
    last_known = date(timezones.LAST_YEAR, 12, 31)
    return first + timedelta(days=days - 1) if 1 <= days <= (last_known - first).days + 1 else first


def timezone_of(
    head: Component, found: Iterable[Occasion], zones: Zones, *, is_as_named: bool
) -> str | None:
    """Return the zone of the event: that of most times, else the one that the calendar names.

    With ``is_as_named`` it is the named one, though no time may be in it.
    """
    named = Counter(each.zone for each in found if each.zone)
    said = head.text("X-WR-TIMEZONE")
    known = zones.name(said) if said else None
    if known and (is_as_named or not named or known in named):
        return known
    if named:
        return named.most_common(1)[0][0]
    if said:
        return said
    only = [zones.name(each) for each in zones.components]
    if len(only) == 1 and only[0]:
        zones.guessed.append(f"the times are in UTC or of no zone; they are shown in {only[0]}")
        return only[0]
    return None


def settle_zones(found: Iterable[Occasion], draft: Draft) -> None:
    """Give each session that is in another zone than the event that zone.

    How long a time without a zone lasts is known when its zone is.
    """
    for each in found:
        start, length = each.session.start, each.written_length
        is_local = start is not None and start.tzinfo is None
        if is_local:
            each.zone = each.zone or each.home
        if each.zone != draft.timezone:
            each.session.timezone = each.zone
        if start and is_local:
            each.zone = each.zone or known_zone(draft.timezone)
            if length and not each.component.first("DTEND"):
                each.session.end = later(start, length, each.zone)
