"""A calendar → a draft: when and where its entries are, and what they say of the event."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from calsvc import timezones
from calsvc.agenda.names import spelling_key
from calsvc.agenda.outline import MAX_DEPTH
from calsvc.agenda.slots import known_zone
from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import markup
from calsvc.importers.ics import contentlines, entries, jcal, leftovers, ownfeeds, whereabouts
from calsvc.importers.ics.components import Component
from calsvc.importers.ics.contentlines import Reading
from calsvc.importers.ics.moments import DAY
from calsvc.importers.ics.occasions import (
    Occasion,
    home_of,
    occasion,
    settle_zones,
    timezone_of,
    zones_of,
)
from calsvc.importers.ics.repeats import repeated
from calsvc.importers.ics.tzids import Zones
from calsvc.importers.ics.uids import known_apart
from calsvc.importers.ics.whereabouts import Venue

LONGEST_NAME = 80  # characters of a description that can be a name
MOST_WHOLES = 100  # that are looked at, for what belongs to what
_OTHERS = {"VTODO": "tasks", "VJOURNAL": "notes", "VFREEBUSY": "busy times"}


def is_calendar(source: Source) -> bool:
    """Tell whether a source is a calendar file, or a folder of nothing else."""
    if source.members:
        return all(contentlines.is_calendar(each) for each in source.members.values())
    return contentlines.is_calendar(source)


def read_ics(source: Source, wishes: Wishes) -> Draft:
    """Return the agenda in a calendar file, or in a folder of some.  Raises ``SourceError``."""
    if not source.members:
        return _draft(contentlines.read(source), source, wishes)
    reading = Reading()
    for name, each in sorted(source.members.items()):
        if contentlines.is_calendar(each):
            one = contentlines.read(each)
            reading.calendars += one.calendars
            reading.is_cut_off |= one.is_cut_off
            reading.left_out += [f"{name}: {told}" for told in one.left_out]
            reading.guessed += [f"{name}: {told}" for told in one.guessed]
    return _draft(reading, source, wishes)


def read_jcal(source: Source, wishes: Wishes) -> Draft:
    """Return the agenda in a calendar that is JSON.  Raises ``SourceError``."""
    return _draft(jcal.read(source), source, wishes)


def _draft(reading: Reading, source: Source, wishes: Wishes) -> Draft:
    events = [each for calendar in reading.calendars for each in calendar.inner("VEVENT")]
    if not events:
        what = "is a calendar without entries"
        raise SourceError(source.name, what, "check its address: feeds are empty when shared less")
    if reading.is_cut_off and wishes.entry_for_entry:
        what = "is cut off: it has no END:VCALENDAR"
        raise SourceError(source.name, what, "try again, or tell whoever makes it")
    head = reading.calendars[0]
    draft = Draft(guessed=[*reading.guessed], left_out=[*reading.left_out])
    if wishes.entry_for_entry:
        draft.left_out += leftovers.taken_out(reading.calendars, events)
    is_own = all(map(ownfeeds.is_own, reading.calendars))
    page = ownfeeds.page_of(head) if is_own else None
    zones = zones_of(reading.calendars, wishes)
    found = [*_occasions(reading.calendars, zones, page, wishes)]
    draft.name = head.text("NAME", "X-WR-CALNAME").removesuffix(".ics") or None
    about = markup.markdown(head.text("DESCRIPTION", "X-WR-CALDESC"))
    draft.description = about if about != draft.name else None
    draft.url = entries.address(head.text("URL"))
    zone = timezone_of(head, found, zones, is_as_named=wishes.entry_for_entry)
    draft.timezone = known_zone(wishes.timezone) or zone
    settle_zones(found, draft)
    left = _without_banner(draft, found, page, is_looked_for=not wishes.entry_for_entry)
    if wishes.entry_for_entry:
        for each in left:  # what says its kind stays a category
            session, named = each.session, entries.categories(each.component)
            session.track = session.track if session.track in named[:1] else None
            session.tags = named[1:] if session.track else named
    left = repeated(left, draft, wishes.until)
    left = known_apart(left, draft, entry_for_entry=wishes.entry_for_entry)
    _place(left, draft, has_venue=not (is_own or wishes.entry_for_entry))
    _relate(left, draft)
    _tell_people(left, draft)
    if draft.name is None and about and "\n" not in about and len(about) <= LONGEST_NAME:
        draft.name, draft.description = about, None
    draft.sessions[:0] = [each.session for each in left]
    draft.guessed += dict.fromkeys(zones.guessed)
    others = Counter(each.name for calendar in reading.calendars for each in calendar.components)
    draft.left_out += [f"{noun}: {others[name]}" for name, noun in _OTHERS.items() if others[name]]
    return draft


def _occasions(
    calendars: list[Component], zones: Zones, own_page: str | None, wishes: Wishes
) -> Iterator[Occasion]:
    for calendar in calendars:
        home = home_of(calendar, calendars[0], zones, wishes)
        for each in calendar.inner("VEVENT"):
            found = occasion(each, zones, own_page, names_people=not wishes.entry_for_entry)
            yield replace(found, home=home)


# --- the event itself ---------------------------------------------------------------------


def _without_banner(
    draft: Draft, found: list[Occasion], own_page: str | None, *, is_looked_for: bool
) -> list[Occasion]:
    """Take the event's name and days of its all-day entry, and return the other entries."""
    starts = (each.session.start for each in found)
    days = [start.date() for start in starts if start and start.year >= timezones.FIRST_YEAR]
    is_own = own_page is not None
    is_alone = len(found) == 1
    banners = (
        each for each in found if _is_banner(each, draft, days, is_own=is_own, is_alone=is_alone)
    )
    banner = next(banners, None) if is_looked_for else None
    left = [each for each in found if each is not banner]
    if banner:
        draft.name = draft.name or banner.session.title
        draft.first_day, draft.last_day = banner.day, banner.last_day
        others = [] if is_own else [each.location for each in left]
        venue = Venue()
        if not entries.address(banner.location):
            venue = whereabouts.of_banner(banner.location, others)
        draft.venue, draft.address = venue.name, venue.address
        draft.geo = entries.geo(banner.component)
        if own_page is not None:
            draft.name = banner.session.title
            waiting = ownfeeds.read_banner(draft, banner.component, own_page)
            draft.sessions += [DraftSession(title=title) for title in waiting]
        else:
            draft.description = draft.description or banner.session.description
            draft.url = draft.url or banner.session.url
    for each in left:
        each.session.day, each.session.last_day = each.day, each.last_day
    return left


def _is_banner(
    each: Occasion, draft: Draft, days: list[date], *, is_own: bool, is_alone: bool
) -> bool:
    """Tell whether an entry is the event itself: all day, from its first to its last day."""
    if not each.day or not each.last_day or each.component.all("RELATED-TO"):
        return False
    if is_own:
        return each.session.kind is None
    if each.session.title.casefold() == (draft.name or "").casefold():
        return True
    if not days:
        return is_alone
    if each.day == each.last_day:
        return False
    return each.day <= min(days) and max(days) <= each.last_day + DAY


# --- what belongs together ----------------------------------------------------------------


def _place(found: list[Occasion], draft: Draft, *, has_venue: bool) -> None:
    """Tell the rooms of the sessions, and the venue that their locations may share."""
    for each in found:
        if address := entries.address(each.location):
            known = {each.session.stream, *(leads for leads, _ in each.session.links)}
            if each.session.stream and address not in known:  # showings share their links
                each.session.links = [*each.session.links, (address, "")]
            each.session.stream = each.session.stream or address
    located = [each for each in found if each.location and not entries.address(each.location)]
    venue = Venue(tuple(filter(None, (draft.venue, draft.address))))
    if not venue.parts and has_venue:
        venue = whereabouts.shared(each.location for each in located)
        draft.venue, draft.address = venue.name, venue.address
        if venue.name:
            draft.guessed.append(f"all locations end with {', '.join(venue.parts)}: the venue")
    for each in located:
        each.session.room = venue.room(each.location)
    places = _coordinates(located, draft)
    if len({*places.values()}) == 1 and venue.parts and not draft.geo:
        draft.geo = next(iter(places.values()))
    draft.rooms += [
        DraftRoom(room, geo) for room, geo in places.items() if room and geo and geo != draft.geo
    ]


def _coordinates(
    located: list[Occasion], draft: Draft
) -> dict[str | None, tuple[float, float] | None]:
    """Return the coordinates of each room: none where its entries have different ones."""
    rooms = {each.session.room: spelling_key(each.session.room or "") for each in located}
    said: dict[str, dict[int, tuple[float, float]]] = defaultdict(dict)
    for each in located:
        if geo := entries.geo(each.component):
            said[rooms[each.session.room]][id(each.component)] = geo
    places = {room: {*each.values()} for room, each in said.items()}
    if lost := sum(len(said[room]) for room, geos in places.items() if len(geos) > 1):
        told = "coordinates of entries that others in the same place have otherwise"
        draft.left_out.append(f"{told}: {lost}")
    known = {room: geos.pop() for room, geos in places.items() if len(geos) == 1}
    return {room: known.get(key) for room, key in rooms.items()}


def _relate(found: list[Occasion], draft: Draft) -> None:
    """Tell what is a part of what; parts of which only the title is known are sessions too."""
    keys: dict[str, str | None] = {}
    for each in found:
        keys.setdefault(each.uid, each.session.key)
    wholes: dict[str, list[str]] = defaultdict(list)
    lost = 0
    for each in found:
        session = each.session
        for related in each.component.all("RELATED-TO"):
            if related.parameters.get("RELTYPE", "PARENT").upper() != "PARENT":
                continue
            key = keys.get(related.text)
            if key is None or session.key is None or _leads_to(key, session.key, wholes):
                lost += 1
            elif key not in wholes[session.key]:
                wholes[session.key].append(key)
        session.part_of = wholes.get(session.key or "", [])
    if lost:
        draft.left_out.append(f"what is said to belong to entries that are not there: {lost}")
    draft.sessions += _parts_by_title(found)


def _parts_by_title(found: list[Occasion]) -> Iterator[DraftSession]:
    """Yield a session for each part of which just the title is known, and what it belongs to."""
    known = {(key, each.session.title) for each in found for key in each.session.part_of}
    wholes: dict[str, dict[str, DraftSession]] = defaultdict(dict)
    for each in found:
        for title in each.parts:
            if (key := each.session.key) and (key, title) not in known:
                wholes[title][key] = each.session
    for title, keys in wholes.items():
        part = DraftSession(title=title, part_of=list(keys))
        if {whole.kind for whole in keys.values()} == {"poster-session"}:
            part.kind = "poster"
            part.guessed.append("it is in a poster session, and taken for a poster")
        yield part


def _leads_to(key: str, target: str, wholes: dict[str, list[str]]) -> bool:
    """Tell whether a session belongs to another, through others, or lies too deep for parts."""
    level = [key]
    for _ in range(MAX_DEPTH - 1):
        if target in level:
            return True
        level = [whole for each in level for whole in wholes.get(each, [])][:MOST_WHOLES]
        if not level:
            return False
    return True


def _tell_people(found: list[Occasion], draft: Draft) -> None:
    """Tell who organizes the event, and what was taken of attendees."""
    properties = [(each, one) for each in found for one in each.component.all("ORGANIZER")]
    names = dict.fromkeys(filter(None, (entries.person(one) for _, one in properties)))
    if len(names) == 1:
        draft.organizer = next(iter(names))
    else:
        for each, one in properties:
            known = {person.name for person in each.session.people}
            if (name := entries.person(one)) and name not in known:
                each.session.people.append(DraftPerson(name))
        if names:
            draft.guessed.append(
                f"organizers who are taken for people of the sessions: {len(names)}"
            )
    attendees = [one for each in found for one in each.component.all("ATTENDEE")]
    if named := sum(bool(entries.person(one)) for one in attendees):
        draft.guessed.append(f"attendees who are taken for people of the sessions: {named}")
    if nameless := len(attendees) - named:
        draft.left_out.append(f"attendees of whom no name is known: {nameless}")
