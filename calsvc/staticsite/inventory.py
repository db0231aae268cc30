"""Which addresses of a site are files, and the file of each.

An address with a query has none; parts of an agenda in common use have addresses without one.
"""

from collections.abc import Container, Iterable, Iterator
from datetime import date, timedelta
from pathlib import PurePosixPath
from urllib.parse import unquote

from calsvc.addresses import PATHS
from calsvc.agenda.names import in_address
from calsvc.exporters.table import EXPORTERS
from calsvc.live.event import LiveEvent
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import FILTERS_IN_PATHS, used_names

INDEX = "index.html"
MISSING = "/404.html"
"""What web servers of files answer where there is none; calsvc has no such address."""
LOGO = "/logo"
OF_THE_SITE = (PATHS.site, "/robots.txt", "/embed.js", LOGO, MISSING)
LONGEST = 255
"""Octets of a file's name; a part whose name is longer has no file."""


def of_site(static_files: Iterable[str]) -> Iterator[str]:
    """Yield the paths of what belongs to no event, with ``static_files`` by their names."""
    yield from OF_THE_SITE
    yield PATHS.events_feed()
    for name in static_files:
        yield f"/static/{name}"


def of_event(live_event: LiveEvent, event_id: str) -> Iterator[str]:
    """Yield the paths of an event, under its present id or a former one."""
    schedule = live_event.schedule
    yield from of_feeds(schedule, event_id)
    yield PATHS.event(event_id)
    yield PATHS.days(event_id)
    yield PATHS.changes(event_id)
    yield PATHS.subscribe(event_id)
    yield PATHS.embed(event_id)
    yield PATHS.embed_days(event_id)
    yield PATHS.embed_subscribe(event_id)
    for day in _days(schedule):
        yield PATHS.days(event_id, day)
        yield PATHS.embed_days(event_id, day)
    known = {each.id for each in schedule.event.sessions}
    for session_id in _sessions(schedule):
        yield PATHS.session(event_id, session_id)
        if session_id in known:
            yield PATHS.embed_session(event_id, session_id)


def of_feeds(schedule: Schedule, event_id: str) -> Iterator[str]:
    """Yield the paths of what programs read of an event."""
    for suffix in EXPORTERS:
        yield PATHS.feed(event_id, suffix)
    yield PATHS.api_event(event_id)
    for name in FILTERS_IN_PATHS:
        for value in sorted({in_address(each) for each in used_names(schedule, name)}):
            if path := part(event_id, name, value):
                yield path
    for session_id in sorted({each.session for each in schedule.entries if each.session}):
        yield PATHS.session_feed(event_id, session_id)


def part(event_id: str, name: str, value: str) -> str | None:
    """Return the path of a part of an agenda; None if no file can have its name."""
    path = PATHS.part(event_id, name, value)
    is_short = len(PurePosixPath(unquote(path)).name.encode()) <= LONGEST
    return path if is_short and "/" not in value else None


def of_former_parts(files: Iterable[PurePosixPath], event_ids: Container[str]) -> Iterator[str]:
    """Yield the paths of parts that were files before.

    Where nothing is left of one, its feed says so, so that a subscription outlives a track.
    Nobody's name stays who is no longer on the agenda.
    """
    for file in sorted(files):
        event_id, name = PATHS.part_of(f"/{file}") or ("", "")
        if event_id in event_ids and name in FILTERS_IN_PATHS and name != "speaker":
            yield PATHS.of_path(f"/{file}")


def _sessions(schedule: Schedule) -> list[str]:
    """Return the ids of sessions that have a page: what left the agenda has one that says so."""
    announced = {each.session for each in schedule.entries if each.session}
    return sorted(announced | {each.id for each in schedule.event.sessions})


def _days(schedule: Schedule) -> list[str]:
    """Return the days of an event, and those besides on which something is."""
    event = schedule.event
    slots = filter(None, (each.content.timed for each in schedule.entries))
    days = {event.day_of(slot.start) for slot in slots}
    around = event.first_day - timedelta(days=1), event.last_day + timedelta(days=1)
    used = {day for day in days if around[0] <= day <= around[1]}
    return [day.isoformat() for day in sorted(used | {*_from(event.first_day, event.last_day)})]


def _from(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def file_of(path: str, media_type: str) -> PurePosixPath:
    """Return the file of an address, relative to the site's folder.

    A page is the index of the folder that its address names, with or without its last slash.
    """
    name = unquote(path.removeprefix("/"))
    if media_type.startswith("text/html") and not name.endswith(".html"):
        return PurePosixPath(name, INDEX)
    return PurePosixPath(name)
