"""Indico's export in JSON: of an event with its contributions or sessions, or its timetable.

A time is an object: ``{"date": "2027-06-15", "time": "09:00:00", "tz": "Europe/Zurich"}``.
A timetable has days with entries; a block (``Session``) holds contributions, which are what
the agenda shows; a block without any is shown itself
(https://docs.getindico.io/en/stable/http-api/exporters/).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

from calsvc import timezones
from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import markdown
from calsvc.importers.habits.remarks import Remarks

ROLES = (
    ("speakers", None),
    ("presenters", None),
    ("primaryauthors", None),
    ("chairs", "chair"),
    ("conveners", "chair"),
)
"""Lists of people, and what they are; authors are told only where nobody else is."""
AUTHORS = ("primaryauthors",)
ENTRIES = frozenset({"Contribution", "Break", "Session"})


def recognises(source: Source) -> bool:
    """Tell whether it is an answer of Indico's export with an event or a timetable."""
    results = trees.mapping(source.json).get("results")
    if trees.mapping(source.json).get("_type") == "HTTPAPIResult" and results:
        return bool(trees.objects(results))
    if isinstance(results, list):
        events = trees.objects(results)
        return any("contributions" in event or "sessions" in event for event in events) and any(
            isinstance(event.get("startDate"), dict) for event in events
        )
    return any(True for _ in _entries(results))


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of the first event in an answer.

    Raises ``SourceError`` for what is none.
    """
    if not recognises(source):
        what = "is no event or timetable as Indico exports it"
        advice = "give /export/event/ID.json?detail=contributions, or /export/timetable/ID.json"
        raise SourceError(source.name, what, advice)
    results = trees.mapping(source.json).get("results")
    remarks = Remarks()
    if isinstance(results, list):
        draft = _event(results, remarks)
    else:
        found = [_session(each, block, remarks) for each, block in _entries(results)]
        draft = Draft(sessions=found)
    zones = [session.timezone for session in draft.sessions if session.timezone]
    if draft.timezone is None and zones:
        draft.timezone = max(set(zones), key=zones.count)
    for session in draft.sessions:
        if session.timezone == draft.timezone:
            session.timezone = None
    draft.left_out += remarks.lines()
    return draft


def _event(results: list[Any], remarks: Remarks) -> Draft:
    events = trees.objects(results)
    event = events[0]
    remarks.add("events after the first one", trees.line(events[-1]) or "", len(events) - 1)
    zone = trees.line(event.get("timezone"))
    first, last = (_day(event.get(name), zone) for name in ("startDate", "endDate"))
    draft = Draft(
        name=trees.line(event.get("title")),
        timezone=zone,
        first_day=first,
        last_day=last,
        venue=trees.line(trees.first(event, "location", "roomFullname", "room")),
        address=trees.line(event.get("address")),
        url=trees.link(event.get("url")),
        description=markdown(event.get("description")),
        language=trees.line(event.get("language")),
    )
    for each, block in _of_event(event):
        draft.sessions.append(_session(each, block, remarks))
    remarks.add("files and folders", count=len(trees.values(event.get("folders"))))
    return draft


def _of_event(event: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the contributions of an event with their blocks, and blocks that have none."""
    seen: set[str] = set()
    listed: list[tuple[dict[str, Any], dict[str, Any]]]
    listed = [(each, {}) for each in trees.objects(event.get("contributions"))]
    for block in trees.objects(event.get("sessions")):
        inner = trees.objects(block.get("contributions"))
        about = {**trees.mapping(block.get("session")), **block}
        listed += [(each, about) for each in inner] or [(about, {})]
    for each, block in listed:
        known = f"{trees.first(each, '_type', 'entryType')} {trees.key(each.get('id'))}"
        if trees.key(each.get("id")) is None or known not in seen:
            seen.add(known)
            yield each, block


def _entries(results: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield the entries of a timetable, those of a block with it: event → day → entries."""
    for event in trees.objects(results if isinstance(results, dict) else None):
        for day in trees.objects(event):
            for entry in trees.objects(day):
                if entry.get("entryType") not in ENTRIES:
                    continue
                inner = trees.objects(entry.get("entries"))
                if not inner:
                    yield entry, {}
                for each in inner:
                    yield each, entry


def _session(each: dict[str, Any], block: dict[str, Any], remarks: Remarks) -> DraftSession:
    line = trees.line
    title = line(trees.first(each, "title", "slotTitle"))
    own = line(each.get("session")) if not isinstance(each.get("session"), dict) else None
    named = line(block.get("title")) or own
    track = line(each.get("track"))
    zone = _moment(each.get("startDate"))[1]
    times = [_moment(each.get(name))[0] for name in ("startDate", "endDate")]
    for moment, name in zip(times, ("startDate", "endDate"), strict=True):
        if moment is None and each.get(name):
            remarks.add("times that cannot be read", f"{each[name]!r} of {title}")
    if not title:
        remarks.add("contributions without a title", f"that of {each.get('startDate')!r}")
    length = instants.duration(each.get("duration"))
    if times[1] is None and times[0] is not None and length:
        times[1] = times[0] + length
    kind = line(trees.first(each, "type", "contributionType"))
    if each.get("entryType") == "Break":
        kind = "Break"
    elif kind is None and (each.get("isPoster") or block.get("isPoster")):
        kind = "Poster"
    remarks.add("files and folders", count=len(trees.values(each.get("folders"))))
    return DraftSession(
        title=title or "Untitled",
        key=trees.key(trees.first(each, "id", "db_id", "contributionId")),
        start=times[0],
        end=times[1],
        timezone=zone,
        room=line(trees.first(each, "room", "roomFullname")) or line(block.get("room")),
        kind=kind,
        track=track or named,
        tags=[*([named] if track and named else []), *trees.lines(each.get("keywords"))],
        people=_people(each),
        description=markdown(each.get("description")),
        url=trees.link(each.get("url")),
    )


def _moment(value: Any, zone: str | None = None) -> tuple[datetime | None, str | None]:
    """Return a time, and the zone on whose clocks it is, unless it is an instant."""
    written = trees.mapping(value)
    if not written:
        return instants.instant(value), None
    moment = instants.instant(f"{written.get('date')} {written.get('time')}")
    named = trees.line(written.get("tz")) or zone
    if moment and moment.tzinfo is None and named and timezones.is_utc(named):
        return moment.replace(tzinfo=timezone(timedelta(0))), None
    return moment, named


def _day(value: Any, zone: str | None) -> date | None:
    """Return a day, of an instant as the event's clocks show it."""
    moment, _ = _moment(value, zone)
    known = instants.known_zone(zone)
    if moment and moment.tzinfo and known:
        moment = moment.astimezone(timezones.zone(known))
    return moment.date() if moment else None


def _people(each: dict[str, Any]) -> list[DraftPerson]:
    people: dict[str, DraftPerson] = {}
    for field, role in ROLES:
        if field in AUTHORS and people:
            continue
        for person in trees.objects(each.get(field)):
            parts = [trees.line(trees.first(person, *names)) for names in _NAMES]
            name = " ".join(filter(None, parts)) or _turned(trees.line(_full_name(person)))
            if name:
                organization = trees.line(person.get("affiliation"))
                people.setdefault(name, DraftPerson(name, organization=organization, role=role))
    return list(people.values())


_NAMES = (("first_name", "firstName"), ("last_name", "familyName", "lastName"))


def _full_name(person: dict[str, Any]) -> Any:
    return trees.first(person, "fullName", "name", "displayName")


def _turned(name: str | None) -> str | None:
    """Return ``Example, Ada`` as ``Ada Example``."""
    last, comma, first = (name or "").partition(", ")
    return f"{first} {last}" if comma else name
