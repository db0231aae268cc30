"""A draft → the mapping of an event file, and what had to be guessed or left out for it.

Times are written as the clocks of the event's zone show them; ids are made of titles; what
an event file cannot hold is told, never dropped in silence.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from calsvc import timezones
from calsvc.agenda.days import DAY_ENDS, evening_of
from calsvc.agenda.fields import ID_LENGTH, slug
from calsvc.agenda.kinds import Kind
from calsvc.agenda.names import spelling_key
from calsvc.agenda.outline import Outline
from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftSession, Wishes
from calsvc.importers.drawing import texts
from calsvc.importers.drawing.kinds import kind_of
from calsvc.importers.drawing.persons import name_of, people
from calsvc.importers.drawing.showings import Days, Showing, showings, when
from calsvc.importers.drawing.zones import zone_of

UNTITLED = "Untitled"
MOST_WORDS = 5  # of a title that make an id


@dataclass
class Drawing:
    """The mapping of an event file, and what is to be told of it."""

    mapping: dict[str, Any]
    keys: dict[str, str] = field(default_factory=dict)
    """The source's own id of each session that has one, by the session's id."""
    guesses: dict[str, list[str]] = field(default_factory=dict)
    """What was guessed, by the ids of the sessions; of the event itself under an empty id."""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """What the event file does not hold, likewise."""

    def guess(self, what: str, session: str = "") -> None:
        """Tell what was guessed, of a session or of the event."""
        _add(self.guesses, session, what)

    def leave_out(self, what: str, session: str = "") -> None:
        """Tell what was left out, of a session or of the event."""
        _add(self.left_out, session, what)

    @property
    def sessions(self) -> list[dict[str, Any]]:
        """Return the sessions of the mapping."""
        sessions: list[dict[str, Any]] = self.mapping["sessions"]
        return sessions


def _add(told: dict[str, list[str]], session: str, what: str) -> None:
    """Note what is told once, as it can be shown: it may have words of the source."""
    known, what = told.setdefault(session, []), texts.line(what) or ""
    if what and what not in known:
        known.append(what)


def draw(draft: Draft, wishes: Wishes, source: str) -> Drawing:
    """Return the mapping of an event file that says what a draft does.

    ``source`` is named in errors.  Raises ``SourceError`` if nothing tells the zone or the
    day of the event, or if there is nothing in it at all.
    """
    if not draft.sessions:
        advice = "check that it is the agenda, or name its format by --from"
        raise SourceError(source, "has no sessions that can be read", advice)
    zone = zone_of(draft, wishes, source)
    drawing = Drawing({"name": _name(draft, wishes, source)})
    for told in filter(None, (*draft.guessed, zone.guessed)):
        drawing.guess(told)
    for told in draft.left_out:
        drawing.leave_out(told)
    found = _found(draft, zone.name, wishes)
    days = _days(draft, found, zone.name, wishes, source)
    mapping = drawing.mapping
    mapping["timezone"] = zone.name
    if days.first == days.last:
        mapping["date"] = str(days.first)
    else:
        mapping["dates"] = {"from": str(days.first), "to": str(days.last)}
    _event_fields(draft, drawing)
    mapping["sessions"] = []
    ids, named = Ids(()), {}
    for group in found:
        named[ids.fresh(_id_of(group[0].of))] = group
    by_key = {key: name for name, group in named.items() if (key := group[0].of.key)}
    for name, group in named.items():
        _session(drawing, name, group, by_key, days)
    _part_circles(drawing)
    return drawing


# --- the event ----------------------------------------------------------------------------


def _name(draft: Draft, wishes: Wishes, source: str) -> str:
    if name := texts.line(wishes.name) or texts.line(draft.name):
        return name
    raise SourceError(source, "does not say what the event is called", "give --name")


def _days(
    draft: Draft, found: Iterable[list[Showing]], zone: str, wishes: Wishes, source: str
) -> Days:
    """Return the first and the last day: those of the sessions, and what the source says."""
    shown = [each for group in found for each in group]
    starts = [each.local_start(zone) for each in shown if each.start and not each.days]
    days = {evening_of(start, DAY_ENDS) for start in starts if start.time() >= DAY_ENDS}
    nights = {start.date() for start in starts if start.time() < DAY_ENDS}
    days |= {day for day in nights if day - timedelta(days=1) not in days}
    days |= {day for each in shown for day in each.days or ()}
    said = [day for day in (draft.first_day, draft.last_day) if day and _can_be(day)]
    if not days and not said and wishes.date:
        said = [wishes.date]
    known = sorted({*days, *said})
    if not known:
        raise SourceError(source, "has no date", "give --date, such as --date 2027-06-15")
    return Days(known[0], known[-1])


def _can_be(day: date) -> bool:
    return timezones.FIRST_YEAR <= day.year <= timezones.LAST_YEAR


def _event_fields(draft: Draft, drawing: Drawing) -> None:
    mapping = drawing.mapping
    venue, address = texts.line(draft.venue), texts.line(draft.address)
    if venue or address:
        place = {
            "name": venue or address,
            "address": address if venue else None,
            "geo": texts.place(draft.geo),
        }
        mapping["venue"] = _kept(place) if len(_kept(place)) > 1 else venue or address
    fields = {
        "url": texts.link(draft.url),
        "description": texts.text(draft.description),
        "organizer": texts.line(draft.organizer),
        "language": texts.language(draft.language),
        "series": texts.line(draft.series),
        "stream": texts.link(draft.stream),
        "registration": texts.link(draft.registration),
    }
    mapping.update(_kept(fields))
    tracks = [
        _kept({"name": texts.line(name), "color": texts.color(color)})
        for name, color in draft.tracks
        if texts.line(name) and texts.color(color)
    ]
    rooms = [
        _kept({"name": texts.line(room.name), "geo": texts.place(room.geo)})
        for room in draft.rooms
        if texts.line(room.name)
    ]
    if tracks:
        mapping["tracks"] = _once_by_name(tracks)
    if len(rooms) > 1 or any("geo" in room for room in rooms):
        mapping["rooms"] = [
            room if "geo" in room else room["name"] for room in _once_by_name(rooms)
        ]


def _once_by_name(named: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for each in named:
        key = spelling_key(each["name"])
        found[key] = {**each, **found.get(key, {})}
    return [*found.values()]


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], "")}


# --- sessions -----------------------------------------------------------------------------


class Ids:
    """Ids for sessions, each of them once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = {*taken}
        self._last: dict[str, int] = {}
        """The number that each name was given last, so that many of one name cost no more."""

    def fresh(self, name: str) -> str:
        """Return an id that nothing has: the name itself, or with a number behind it."""
        found = name
        while found in self._taken:
            self._last[name] = self._last.get(name, 1) + 1
            found = f"{name}-{self._last[name]}"
        self._taken.add(found)
        return found


def _id_of(session: DraftSession) -> str:
    """Return an id made of a session's title, or of the source's id where that has no letters."""
    name = "-".join(_ascii(session.title).split("-")[:MOST_WORDS])
    return (name or _ascii(session.key or "") or "session")[: ID_LENGTH - 6].strip("-_.")


def _ascii(text: str) -> str:
    return "-".join(filter(None, slug(text).encode("ascii", "ignore").decode().split("-")))


def _found(draft: Draft, zone: str, wishes: Wishes) -> list[list[Showing]]:
    """Return the showings of each session: those of one key and one title belong together."""
    groups: dict[object, list[Showing]] = defaultdict(list)
    shown = showings(draft.sessions, zone, is_any_length=wishes.entry_for_entry)
    for place, showing in enumerate(shown):
        of = showing.of
        groups[(of.key, spelling_key(of.title)) if of.key else place].append(showing)
    return list(groups.values())


def _session(
    drawing: Drawing,
    name: str,
    group: list[Showing],
    by_key: Mapping[str, str],
    days: Days,
) -> None:
    """Add a session to the mapping, and what is to be told of it."""
    of = group[0].of
    kind = kind_of(of.kind, of.title, has_people=bool(of.people))
    is_off = all(showing.of.is_cancelled for showing in group)
    shown = [each for each in group if is_off or not each.of.is_cancelled]
    rooms = {texts.line(showing.of.room) for showing in shown}
    fields: dict[str, Any] = {"id": name, "title": texts.line(of.title) or UNTITLED}
    fields["kind"] = None if kind is Kind.TALK else str(kind)
    fields["when"] = when(shown, days, drawing.mapping["timezone"], with_rooms=len(rooms) > 1)
    timed = [(each.start, each.end, each.of.room) for each in shown if each.start]
    if len({*timed}) < len(timed):
        drawing.leave_out("it stands in the source again, at the same time and place", name)
    wholes = dict.fromkeys(by_key[key] for key in of.part_of if key in by_key)
    wholes.pop(name, None)  # of itself
    fields["part_of"] = list(wholes) if len(wholes) > 1 else next(iter(wholes), None)
    fields["room"] = rooms.pop() if len(rooms) == 1 else None
    fields["track"] = texts.line(of.track)
    fields["people"] = [*people(of.people, kind)]
    fields["description"] = texts.text(of.description)
    fields["tags"] = list(dict.fromkeys(filter(None, map(texts.line, of.tags))))
    fields["language"] = texts.language(of.language)
    fields["level"] = texts.line(of.level)
    fields["url"] = texts.link(of.url)
    fields["links"] = [*_links(of.links)]
    fields["stream"] = texts.link(of.stream)
    is_open = any(showing.of.is_tentative for showing in shown)
    fields["status"] = "cancelled" if is_off else "tentative" if is_open else None
    drawing.sessions.append(_kept(fields))
    if of.key:
        # Half a surrogate pair, which JSON can have, stands in no file.
        drawing.keys[name] = of.key.encode("utf-8", "replace").decode()
    _tell(drawing, name, group, len(group) - len(shown))


def _tell(drawing: Drawing, name: str, group: Iterable[Showing], cancelled: int) -> None:
    """Tell what was guessed of a session, and what its source says and an event file cannot."""
    of, fields = next(iter(group)).of, drawing.sessions[-1]
    for showing in group:
        for told in (*showing.of.guessed, *showing.guessed):
            drawing.guess(told, name)
        for told in showing.left_out:
            drawing.leave_out(told, name)
    if fields["title"] == UNTITLED != of.title:
        drawing.guess("it has no title", name)
    if cancelled:
        drawing.leave_out(f"{cancelled} of its times, which are cancelled", name)
    cut = (("title", of.title), ("description", of.description), ("room", of.room))
    for key, value in cut:
        if str(fields.get(key, "")).endswith("…") and not str(value).rstrip().endswith("…"):
            drawing.leave_out(f"the end of its {key}, which is too long", name)
    for key, value in (("url", of.url), ("stream", of.stream), ("language", of.language)):
        if value and key not in fields:
            drawing.leave_out(f"its {key} is none: {texts.line(value, 60)}", name)
    for address, _ in of.links:
        if not texts.link(address):
            drawing.leave_out(f"a link is none: {texts.line(address, 60)}", name)
    for person in of.people:
        if not name_of(person):
            drawing.leave_out("a person without a name", name)


def _part_circles(drawing: Drawing) -> None:
    """Take out of the mapping what makes sessions parts of themselves, or of too many."""
    ids = [each["id"] for each in drawing.sessions]
    wholes = {
        place: [found] if isinstance(found, str) else found
        for place, each in enumerate(drawing.sessions)
        for found in [each.get("part_of", [])]
    }
    outline = Outline(ids, wholes)
    while faults := [*outline.circles()] or [*outline.too_deep()]:
        for fault in faults:
            place = int(fault.where[1])
            wholes[place] = []
            del drawing.sessions[place]["part_of"]
            drawing.leave_out(f"what it belongs to: {fault.what}", ids[place])


def _links(links: Iterable[tuple[str, str]]) -> Iterable[Any]:
    for address, words in links:
        if found := texts.link(address):
            title = texts.line(words)
            yield {"url": found, "title": title} if title and title != found else found
