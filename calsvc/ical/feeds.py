"""Selection + blocks + zones → a feed, ready to send.

Nothing in a feed depends on the clock or on the request's headers: the same schedule,
selection and base address give the same bytes, on any machine, at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256

from calsvc.addresses import Addresses
from calsvc.agenda.fields import slug
from calsvc.agenda.model import Event
from calsvc.agenda.plaintext import plain
from calsvc.answers import Body, Feed, Format, Joined
from calsvc.ical.blocks import Blocks, exact_zones
from calsvc.ical.contentline import Raw, date_time_value, line, one_line, text_value
from calsvc.ical.vevent import Block, View, render
from calsvc.schedule.entries import Content, Entry
from calsvc.schedule.identity import nothing_uid
from calsvc.schedule.itineraries import Sessions, Wanted
from calsvc.schedule.selection import Selection
from calsvc.translations import N_, Translate, catalog, spoken_language

PRODID = "-//calsvc//calsvc//EN"  # without a version: an update of calsvc keeps the bytes
REFRESH = "PT15M"
"""Short from the start: Nextcloud keeps the first value that it sees, and classic Outlook looks
no more often."""
BEGIN = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n"
END = b"END:VCALENDAR\r\n"
ICALENDAR = Format("ics", "text/calendar; charset=utf-8", is_compressed=False)
"""Never compressed: gzip has emptied Outlook subscriptions (markuspoerschke/iCal#541)."""


def event_feed(blocks: Blocks, selection: Selection) -> Feed:
    """Return the feed of an event, or of what is selected of it."""
    schedule, event = blocks.schedule, blocks.schedule.event
    entries = selection.entries(schedule)
    shown = blocks.of_all(entries, selection.display)
    has_banner = selection.banner and event.banner
    if not entries and (selection.is_filtered or not has_banner):
        shown = [_nothing(blocks, selection)]
    elif has_banner:
        shown = [*_banners(blocks, selection), *shown]
    header = _header(
        name=selection.titled(event),
        description=event.description,
        timezone=event.timezone,
        source=_source(selection, event.id, blocks.addresses),
        url=event.url or blocks.addresses.event(event.id),
        color=event.color,
        revised=schedule.revised,
    )
    body = _calendar(header, shown, blocks.zones)
    return Feed(body, ICALENDAR, blocks.modified, f"{event.id}.ics")


def session_feed(blocks: Blocks, session_id: str, selection: Selection) -> Feed:
    """Return one session as a download, without a calendar name (MS-OXCICAL).

    The session must be on the schedule, or have been on it.
    """
    schedule = blocks.schedule
    # Whoever downloads one session means to attend it.
    display = selection.display.model_copy(update={"busy": selection.display.busy is not False})
    only = Selection(wanted={"session": (session_id,)}, display=display)
    shown = blocks.of_all(only.entries(schedule), display)
    header = _start_calendar({})
    body = _calendar(header, shown or [_nothing(blocks, only)], blocks.zones)
    name = f"{schedule.event.id}-{session_id}.ics"
    return Feed(body, ICALENDAR, blocks.modified, name, is_download=True)


def _source(selection: Selection, event_id: str, addresses: Addresses) -> str:
    """Return the address of a feed, without a query where it can be: files have none."""
    if part := selection.part:
        return addresses.part(event_id, *part)
    address = addresses.feed(event_id)
    return address and selection.on(address)


def site_feed(
    site: Sequence[Blocks],
    selection: Selection,
    addresses: Addresses,
    revised: datetime,
    modified: datetime | None = None,
) -> Feed:
    """Return the feed of events' banners: a series, or the whole site, in one subscription.

    ``revised`` is the UTC instant at which any of them, or what has left the site, last
    changed; ``modified`` that at which the bytes did, if it is another one.
    """
    selected = selection.of_series([blocks.schedule.event for blocks in site])
    ids = {event.id for event in selected}
    chosen = [blocks for blocks in site if blocks.schedule.event.id in ids]
    translate = _translation(blocks.schedule.event for blocks in site)
    names = {blocks.schedule.event.series for blocks in chosen}
    shown = [block for blocks in chosen for block in _banners(blocks, selection)]
    header = _header(
        name=(names.pop() if len(names) == 1 else None) or translate(N_("Events")),
        description=None,
        timezone=None,
        source=selection.on(addresses.events_feed()),
        url=addresses.site,
        color=None,
        revised=revised,
    )
    if not shown:
        first = site[0].schedule.event.first_day if site else revised.date()
        nothing = _placeholder(
            nothing_uid("//events"),
            title=translate(N_("No event matches this calendar now")),
            days=(first, first),
            description=_told(N_("No event matches: {filters}."), selection, translate),
            url=addresses.site,
            revised=revised,
        )
        shown = [nothing]
    return Feed(_calendar(header, shown, {}), ICALENDAR, modified or revised, "events.ics")


def personal_feed(
    chosen: Sequence[tuple[Blocks, Sessions]],
    wanted: Wanted,
    revised: datetime,
    addresses: Addresses,
    modified: datetime | None = None,
) -> Feed:
    """Return a person's calendar: the chosen sessions of each event.

    Its address is secret, so the feed does not contain it.  ``revised`` is the UTC instant
    at which the choice, or anything in the chosen events, last changed; ``modified`` that at
    which the bytes did, if it is another one.
    """
    options = wanted.options
    if len(chosen) == 1:
        ((only, sessions),) = chosen
        zones, shown = only.zones, only.of_sessions(sessions, options)
    else:
        # A zone may follow a yearly rule in one event's years, but not in those of several.
        zones = exact_zones(_years(blocks for blocks, _ in chosen))
        shown = [
            block
            for blocks, sessions in chosen
            for block in blocks.of_sessions(sessions, options, zones)
        ]
    named = {blocks.schedule.event.timezone for blocks, _ in chosen}
    header = _header(
        name=options.name,
        description=None,
        timezone=named.pop() if len(named) == 1 else None,
        source=None,
        url=addresses.my(),
        color=None,
        revised=revised,
    )
    if not shown:
        translate = _translation(blocks.schedule.event for blocks, _ in chosen)
        shown = [_nothing_chosen(wanted, addresses, revised, translate)]
    parts = _parts(header, shown, zones)
    before = parts[: -len(shown) - 1]  # the header and the zones
    digests = [sha256(part).digest() for part in before] + [block.digest for block in shown]
    body = Joined(parts, digests)
    return Feed(body, ICALENDAR, modified or revised, _filename(options.name))


@lru_cache(maxsize=256)
def _filename(name: str) -> str:
    return f"{slug(name) or 'my-calendar'}.ics"


def _years(site: Iterable[Blocks]) -> dict[str, tuple[int, int]]:
    """Return the first and the last year of the times in each zone."""
    years: dict[str, tuple[int, int]] = {}
    for blocks in site:
        for name, (first, last) in blocks.years.items():
            known = years.get(name, (first, last))
            years[name] = min(first, known[0]), max(last, known[1])
    return years


def _banners(blocks: Blocks, selection: Selection) -> list[Block]:
    entries = [entry for entry in blocks.schedule.banners if selection.display.shows(entry)]
    return blocks.of_all(entries, selection.display)


def _nothing(blocks: Blocks, selection: Selection) -> Block:
    """Return the block that fills an event's feed if no session matches."""
    schedule, event = blocks.schedule, blocks.schedule.event
    translate = _translation([event])
    return _placeholder(
        nothing_uid(schedule.first_id),
        title=translate(N_("{event}: nothing matches this calendar now")).format(event=event.name),
        days=(event.first_day, event.last_day),
        description=_told(N_("No session matches: {filters}."), selection, translate),
        url=blocks.addresses.event(event.id),
        revised=schedule.revised,
    )


def _nothing_chosen(
    wanted: Wanted, addresses: Addresses, revised: datetime, translate: Translate
) -> Block:
    """Return the block that fills a personal feed if nothing that was chosen is on."""
    none, off = N_("{name}: no session is chosen yet"), N_("{name}: no chosen session is on now")
    return _placeholder(
        nothing_uid("//my"),
        title=translate(off if wanted.sessions else none).format(name=wanted.options.name),
        days=(wanted.created, wanted.created),
        url=addresses.my(),
        revised=revised,
    )


def _told(words: str, selection: Selection, translate: Translate) -> str | None:
    """Return what the filters did not match; None without filters."""
    filters = selection.told(translate)
    return translate(words).format(filters=filters) if filters else None


def _translation(events: Iterable[Event]) -> Translate:
    """Return what translates into the language of events; into English if they have several."""
    languages = {spoken_language(event.language) for event in events}
    return catalog(languages.pop() if len(languages) == 1 else spoken_language(None)).gettext


def _placeholder(
    uid: str,
    *,
    title: str,
    days: tuple[date, date],
    url: str,
    revised: datetime,
    description: str | None = None,
) -> Block:
    """Return the block of an all-day entry that fills a feed without any other.

    A calendar without components is not valid (RFC 5545, 3.6), and Evolution would keep
    its previous entries.
    """
    content = Content(title=title, day=days[0], last_day=days[1], description=description, url=url)
    entry = Entry(uid=uid, session=None, key="", created=revised, revised=revised, content=content)
    return render(View(entry, url))


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
    """Return a calendar's own properties: before all components, or Outlook overlooks them."""
    named = _named(name, description, timezone, source, url, color)
    return named + line("LAST-MODIFIED", date_time_value(revised)).encode()


@lru_cache(maxsize=256)
def _named(
    name: str,
    description: str | None,
    timezone: str | None,
    source: str | None,
    url: str,
    color: str | None,
) -> bytes:
    name, about = one_line(name), description and one_line(plain(description))
    return _start_calendar(
        {
            "NAME": text_value(name),
            "X-WR-CALNAME": text_value(name),
            "DESCRIPTION": text_value(about),
            "X-WR-CALDESC": text_value(about),
            "X-WR-TIMEZONE": text_value(timezone),
            "REFRESH-INTERVAL": Raw(REFRESH, VALUE="DURATION"),
            "X-PUBLISHED-TTL": REFRESH,
            "SOURCE": Raw(source, VALUE="URI") if source else None,
            "URL": url,
            "COLOR": text_value(color),
        }
    )


def _start_calendar(properties: Mapping[str, str | None]) -> bytes:
    written = [line(name, value) for name, value in properties.items() if value]
    return "".join((BEGIN, *written)).encode()


def _calendar(header: bytes, shown: Sequence[Block], zones: Mapping[str, bytes]) -> Body:
    return Body(b"".join(_parts(header, shown, zones)))


def _parts(header: bytes, shown: Sequence[Block], zones: Mapping[str, bytes]) -> list[bytes]:
    """Return the parts of a calendar: its header, the zones that it needs, its blocks, its end."""
    used = dict.fromkeys([block.zone for block in shown])
    written = [zones[name] for name in used if name]
    return [header, *written, *[block.body for block in shown], END]
