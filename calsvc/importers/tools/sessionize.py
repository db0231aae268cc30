"""Sessionize's API in JSON: the views All, GridSmart and Sessions.

All has sessions, speakers, rooms and categories by id; GridSmart has days with rooms with
whole sessions, and the same again by time; Sessions has groups of whole sessions
(https://sessionize.com/playbook/api).  Times are on the event's clocks, without a zone,
unless the organizer asked for UTC: then they end in Z.
"""

from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import markdown
from calsvc.importers.habits.remarks import Remarks

MARKS = frozenset({"isServiceSession", "isPlenumSession", "startsAt", "categoryItems"})
"""Keys of a session, of which it has two at least."""
FIELDS = {
    "track": ("track", "theme", "topic", "stream", "strang", "thema"),
    "level": ("level", "niveau", "nivel", "livello", "difficulty", "stufe"),
    "language": ("language", "sprache", "langue", "idioma", "lingua", "taal", "språk"),
    "kind": ("format", "type", "kind", "formato", "tipo"),
}
"""Words in the title of a category, and what its choices say of a session; others are tags."""
LEFT_OUT = frozenset({"declined", "decline_queue", "decline queue"})
TENTATIVE = frozenset({"nominated", "waitlisted", "accept_queue", "accept queue"})
"""Statuses in small letters; a session with any other one is on the agenda."""


def recognises(source: Source) -> bool:
    """Tell whether it is JSON with sessions as Sessionize writes them."""
    return any(len(MARKS & each.keys()) > 1 for each, _ in _sessions(source.json)[:20])


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of one of Sessionize's views.

    Raises ``SourceError`` for what is none.
    """
    found = _sessions(source.json)
    tree = trees.mapping(source.json)
    if not found and "sessions" not in tree:
        what = "has no sessions as Sessionize writes them"
        raise SourceError(source.name, what, "give the view All, GridSmart or Sessions as JSON")
    view = _View(tree)
    draft = Draft(rooms=[DraftRoom(name) for name in view.rooms.values()])
    seen: set[tuple[Any, ...]] = set()
    for each, room in found:
        session = view.session(each, room)
        if session is None:
            continue
        identity = (session.key, session.title, session.start, session.room)
        if session.key is None or identity not in seen:
            seen.add(identity)
            draft.sessions.append(session)
    names = dict.fromkeys([room.name for room in draft.rooms] + _rooms_of_grid(source.json))
    draft.rooms = [DraftRoom(name) for name in names]
    draft.left_out = view.remarks.lines()
    return draft


def _sessions(tree: Any) -> list[tuple[dict[str, Any], str | None]]:
    """Return sessions with the room that they stand under, in whichever view."""
    if isinstance(tree, dict):
        if "sessions" in tree:
            return [(each, None) for each in trees.objects(tree["sessions"])]
        tree = [tree] if "rooms" in tree else trees.values(tree)
    found: list[tuple[dict[str, Any], str | None]] = []
    for group in trees.objects(tree):
        if "sessions" in group and "speakers" not in group:  # a group of the view Sessions
            found += [(each, None) for each in trees.objects(group["sessions"])]
        elif "rooms" in group:  # a day of the grid
            for room in trees.objects(group["rooms"]):
                sessions = trees.objects(room.get("sessions"))
                if not sessions and isinstance(room.get("session"), dict):
                    sessions = [room["session"]]
                found += [(each, trees.line(room.get("name"))) for each in sessions]
        elif MARKS & group.keys():  # a bare list of sessions
            found.append((group, None))
    return found


def _rooms_of_grid(tree: Any) -> list[str]:
    days = trees.objects(tree) if isinstance(tree, list) else []
    rooms = (trees.line(room) for day in days for room in trees.objects(day.get("rooms")))
    return [name for name in rooms if name]


class _View:
    """What a view says once, and its sessions refer to."""

    def __init__(self, tree: dict[str, Any]) -> None:
        self.remarks = Remarks()
        self.rooms: dict[str, str] = {
            known: name
            for known, room in trees.keyed(trees.values(tree.get("rooms")), "id").items()
            if (name := trees.line(room))
        }
        self._speakers = trees.keyed(trees.values(tree.get("speakers")), "id")
        self._choices: dict[str, tuple[str, str]] = {
            known: (trees.line(category.get("title")) or "", name)
            for category in trees.objects(tree.get("categories"))
            for known, choice in trees.keyed(trees.values(category.get("items")), "id").items()
            if (name := trees.line(choice))
        }

    def session(self, each: dict[str, Any], room: str | None) -> DraftSession | None:
        """Return a session; None for one that was declined."""
        title = trees.line(each.get("title"))
        status = (trees.line(each.get("status")) or "").lower()
        if status in LEFT_OUT:
            self.remarks.add("sessions that were declined", title or "")
            return None
        if not title:
            self.remarks.add("sessions without a title", f"that of {each.get('startsAt')!r}")
        chosen = self._chosen(each)
        own = trees.line(each.get("room")) or self.rooms.get(trees.key(each.get("roomId")) or "")
        session = DraftSession(
            title=title or "Untitled",
            key=trees.key(each.get("id")),
            start=self._time(each, "startsAt", title),
            end=self._time(each, "endsAt", title),
            room=room or own,
            kind=", ".join(chosen["kind"]) or None,
            track=", ".join(chosen["track"]) or None,
            level=", ".join(chosen["level"]) or None,
            language=", ".join(chosen["language"]) or None,
            tags=chosen["tags"],
            people=self._people(each),
            description=markdown(each.get("description")),
            stream=trees.link(each.get("liveUrl")),
            is_tentative=status in TENTATIVE,
        )
        if each.get("isServiceSession") is True and session.kind is None:
            session.kind = "Service session"
        if recording := trees.link(each.get("recordingUrl")):
            session.links.append((recording, "Recording"))
        answers = trees.values(each.get("questionAnswers"))
        self.remarks.add("answers to questions of the organizer", count=len(answers))
        return session

    def _time(self, each: dict[str, Any], name: str, title: str | None) -> Any:
        moment = instants.instant(each.get(name))
        if moment is None and each.get(name) not in (None, ""):
            self.remarks.add("times that cannot be read", f"{each[name]!r} of {title}")
        return moment

    def _chosen(self, each: dict[str, Any]) -> dict[str, list[str]]:
        """Return the choices of a session, by the field that each is."""
        choices = [
            self._choices[known]
            for item in trees.values(each.get("categoryItems"))
            if (known := trees.key(item)) in self._choices
        ]
        for category in trees.objects(each.get("categories")):
            words = trees.line(trees.first(category, "name", "title")) or ""
            items = trees.values(trees.first(category, "categoryItems", "items"))
            choices += [(words, name) for item in items if (name := trees.line(item))]
        chosen: dict[str, list[str]] = {"tags": [], **{field: [] for field in FIELDS}}
        for words, name in choices:
            field = _field(words)
            if name not in chosen[field]:
                chosen[field].append(name)
        return chosen

    def _people(self, each: dict[str, Any]) -> list[DraftPerson]:
        people = []
        for speaker in trees.values(each.get("speakers")):
            given = trees.mapping(speaker)
            known = self._speakers.get(trees.key(given.get("id") if given else speaker) or "", {})
            name = trees.line(trees.first(known, "fullName", "name") or given.get("name"))
            if not name:
                parts = [trees.line(known.get(part)) for part in ("firstName", "lastName")]
                name = " ".join(filter(None, parts))
            if name:
                people.append(DraftPerson(name))
            else:
                self.remarks.add("speakers who are not listed", f"{speaker!r}")
        return people


def _field(words: str) -> str:
    """Return the field that a category's title means; ``tags`` if none."""
    title = words.casefold()
    for field, names in FIELDS.items():
        if any(name in title for name in names):
            return field
    return "tags"
