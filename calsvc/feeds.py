"""Selection + blocks + zones → a feed: a whole answer, ready to send.

Nothing in a feed depends on the clock or on the request's headers: the same schedule,
selection and base address give the same bytes, on any machine, at any time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import icalendar

from calsvc.contentline import Raw, instant, one_line, text
from calsvc.identity import nothing_uid
from calsvc.itineraries import Itinerary
from calsvc.schedule import Content, Entry, Schedule
from calsvc.selection import Selection
from calsvc.values import slug
from calsvc.vevent import Block, Blocks, Style, View, exact_zones, render

PRODID = "-//calsvc//calsvc//EN"  # no version: an update that changes nothing keeps the bytes
REFRESH = "PT1H"
"""Nextcloud keeps the first value that it sees, so it is short from the start."""
END = b"END:VCALENDAR\r\n"


@dataclass(frozen=True)
class Feed:
    """A whole answer."""

    body: bytes
    last_modified: datetime
    filename: str
    is_download: bool = False

    @property
    def etag(self) -> str:
        """Return the strong validator: equal for equal bytes alone (RFC 9110, 8.8.3)."""
        return hashlib.sha256(self.body).hexdigest()[:32]


def event_feed(blocks: Blocks, selection: Selection) -> Feed:
    """Return the feed of an event, or of the part of it that is selected."""
    schedule, event = blocks.schedule, blocks.schedule.event
    entries = selection.entries(schedule)
    shown = _blocks(blocks, entries, selection)
    if not entries and (selection.is_filtered or not selection.banner):
        shown = [_nothing(blocks, selection)]
    elif selection.banner:
        shown = [*_blocks(blocks, _banners(schedule, selection), selection), *shown]
    header = _header(
        name=selection.titled(event.name),
        description=event.description,
        timezone=event.timezone,
        source=selection.on(f"{blocks.base_url}/events/{event.id}.ics"),
        url=event.url or blocks.home,
        color=event.color,
        revised=schedule.revised,
    )
    body = _calendar(header, shown, blocks.zones)
    return Feed(body, schedule.revised, f"{event.id}.ics")


def session_feed(blocks: Blocks, session_id: str, selection: Selection) -> Feed:
    """Return one session as a download, without the name of a calendar (MS-OXCICAL).

    The session must be on the schedule, or have been.
    """
    schedule = blocks.schedule
    only = Selection(
        wanted={"session": (session_id,)},
        alarm=selection.alarm,
        cancelled=selection.cancelled,
    )
    entries = only.entries(schedule)
    shown = _blocks(blocks, entries, only, busy=selection.busy is not False)
    header = _start_calendar({})
    body = _calendar(header, shown or [_nothing(blocks, only)], blocks.zones)
    return Feed(body, schedule.revised, f"{schedule.event.id}-{session_id}.ics", is_download=True)


def site_feed(site: Sequence[Blocks], selection: Selection, base_url: str) -> Feed:
    """Return the banners of events: a series, or a whole site, in one subscription.

    ``site`` has one event at least.
    """
    chosen = [blocks for blocks in site if selection.holds_series(blocks.schedule.event)]
    names = {blocks.schedule.event.series for blocks in chosen}
    shown = [
        block
        for blocks in chosen
        for block in _blocks(blocks, _banners(blocks.schedule, selection), selection)
    ]
    revised = max(blocks.schedule.revised for blocks in site)
    header = _header(
        name=(names.pop() if len(names) == 1 else None) or "Events",
        description=None,
        timezone=None,
        source=selection.on(f"{base_url}/events.ics"),
        url=f"{base_url}/",
        color=None,
        revised=revised,
    )
    if not shown:
        first = site[0].schedule.event.first_day
        nothing = _placeholder(
            nothing_uid("//events"),
            title="No event matches this calendar now",
            days=(first, first),
            description=f"No event matches: {selection.words}." if selection.words else None,
            url=f"{base_url}/",
            revised=revised,
        )
        shown = [nothing]
    return Feed(_calendar(header, shown, {}), revised, "events.ics")


def personal_feed(
    chosen: Sequence[tuple[Blocks, Sequence[Entry]]],
    itinerary: Itinerary,
    revised: datetime,
    base_url: str,
) -> Feed:
    """Return a person's calendar: the chosen entries of each event.

    Its address is a secret, so it does not stand in it.  ``revised`` is when the choice, or
    anything of the chosen events, changed last.
    """
    options = itinerary.options
    years: dict[str, tuple[int, int]] = {}
    for blocks, _ in chosen:
        for name, (first, last) in blocks.years.items():
            known = years.get(name, (first, last))
            years[name] = min(first, known[0]), max(last, known[1])
    zones = exact_zones(years)
    selection = Selection(alarm=options.alarm, cancelled=options.cancelled, busy=options.busy)
    shown = [
        block
        for blocks, entries in chosen
        for entry in entries
        # What is exact for one event may be no yearly rule over the years of several.
        for slot in [entry.content.slot]
        for block in _blocks(
            blocks, [entry], selection, utc=slot is not None and slot.timezone not in zones
        )
    ]
    named = {blocks.schedule.event.timezone for blocks, _ in chosen}
    header = _header(
        name=options.name,
        description=None,
        timezone=named.pop() if len(named) == 1 else None,
        source=None,
        url=f"{base_url}/my/",
        color=None,
        revised=revised,
    )
    if not shown:
        why = "no chosen session is on now" if itinerary.choices else "no session is chosen yet"
        nothing = _placeholder(
            nothing_uid("//my"),
            title=f"{options.name}: {why}",
            days=(itinerary.created, itinerary.created),
            url=f"{base_url}/my/",
            revised=revised,
        )
        shown = [nothing]
    body = _calendar(header, shown, zones)
    return Feed(body, revised, f"{slug(options.name) or 'my-calendar'}.ics")


def _banners(schedule: Schedule, selection: Selection) -> list[Entry]:
    return [
        entry
        for entry in schedule.entries
        if entry.is_banner and not (entry.is_cancelled and selection.cancelled == "drop")
    ]


def _blocks(
    blocks: Blocks,
    entries: Iterable[Entry],
    selection: Selection,
    *,
    busy: bool = False,
    utc: bool = False,
) -> list[Block]:
    style = Style(
        busy=busy if selection.busy is None else selection.busy,
        mark=selection.cancelled == "mark",
        utc=utc,
    )
    return [
        block.with_alarm(selection.alarm, entry.content.title)
        if selection.alarm is not None and entry.content.slot and not entry.is_cancelled
        else block
        for entry in entries
        for block in [blocks.of(entry, style)]
    ]


def _nothing(blocks: Blocks, selection: Selection) -> Block:
    """Return the entry that stands in an event's feed where no session matches."""
    schedule, event = blocks.schedule, blocks.schedule.event
    return _placeholder(
        nothing_uid(event.id),
        title=f"{event.name}: nothing matches this calendar now",
        days=(event.first_day, event.last_day),
        description=f"No session matches: {selection.words}." if selection.words else None,
        url=blocks.home,
        revised=schedule.revised,
    )


def _placeholder(
    uid: UUID,
    *,
    title: str,
    days: tuple[date, date],
    url: str,
    revised: datetime,
    description: str | None = None,
) -> Block:
    """Return an all-day entry that stands where there is no other.

    A calendar without components is not valid (RFC 5545, 3.6), and Evolution would keep
    what it had.
    """
    content = Content(title=title, day=days[0], last_day=days[1], description=description, url=url)
    entry = Entry(uid=uid, session=None, key="", created=revised, revised=revised, content=content)
    return render(View(entry, url, Style(), frozenset()))


def _header(
    *,
    name: str,
    description: str | None,
    timezone: str | None,
    source: str | None,
    url: str,
    color: str | None,
    revised: datetime,
) -> bytes:
    """Return a feed's own properties: before all components, or Outlook overlooks them."""
    name, about = one_line(name), description and one_line(description)
    return _start_calendar(
        {
            "NAME": text(name),
            "X-WR-CALNAME": text(name),
            "DESCRIPTION": text(about),
            "X-WR-CALDESC": text(about),
            "X-WR-TIMEZONE": text(timezone),
            "REFRESH-INTERVAL": Raw(REFRESH, VALUE="DURATION"),
            "X-PUBLISHED-TTL": Raw(REFRESH),
            "SOURCE": Raw(source, VALUE="URI") if source else None,
            "URL": Raw(url),
            "COLOR": text(color),
            "LAST-MODIFIED": instant(revised),
        }
    )


def _start_calendar(properties: dict[str, Raw | None]) -> bytes:
    calendar = icalendar.Calendar()
    calendar["VERSION"] = Raw("2.0")
    calendar["PRODID"] = Raw(PRODID)
    calendar["CALSCALE"] = Raw("GREGORIAN")
    for property_name, value in properties.items():
        if value:
            calendar[property_name] = value
    octets: bytes = calendar.to_ical(sorted=False)
    return octets.removesuffix(END)


def _calendar(header: bytes, shown: Sequence[Block], zones: dict[str, bytes]) -> bytes:
    used = dict.fromkeys(block.zone for block in shown if block.zone)
    return b"".join((header, *(zones[name] for name in used), *(b.body for b in shown), END))
