"""pretalx's API and the data of its schedule widget, in JSON.

The API gives submissions, talks or slots, page by page, with names in several languages and
with references as ids, codes or whole objects, as its versions and ``expand`` have it
(https://docs.pretalx.org/api/); the widget has talks, rooms, tracks and speakers in one
file.  pretalx also exports schedules as frab does.
"""

from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants, trees
from calsvc.importers.habits.markup import paragraphs
from calsvc.importers.habits.remarks import Remarks

KIND = ("submission_type", "session_type", "type")
"""Keys of what a talk is; EuroPython publishes it under the second one."""
LISTS = ("results", "talks", "slots", "submissions")
"""Where sessions stand in an answer or file."""
DEEPEST = 7  # levels of an own file, such as days, rooms and hours
CANCELLED = frozenset({"canceled", "cancelled", "withdrawn"})
UNPUBLISHED = frozenset({"submitted", "rejected", "draft", "deleted"})
TENTATIVE = frozenset({"accepted"})
"""States: a talk is on the schedule once it is confirmed, and may be before."""


def recognises(source: Source) -> bool:
    """Tell whether it is JSON with submissions, talks or slots as pretalx writes them."""
    return any(map(_is_talk, _listed(source.json)[:20]))


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of an answer of the API, or of a widget's data.

    Raises ``SourceError`` for what is neither.
    """
    listed = _listed(source.json)
    if not any(map(_is_talk, listed)):
        what = "has no submissions, talks or slots as pretalx writes them"
        raise SourceError(source.name, what, "give an answer of its API as JSON")
    tree = trees.mapping(source.json)
    draft = Draft(
        timezone=trees.line(tree.get("timezone")),
        first_day=instants.day(tree.get("event_start")),
        last_day=instants.day(tree.get("event_end")),
        rooms=[
            DraftRoom(name)
            for room in trees.objects(tree.get("rooms"))
            if (name := trees.line(room.get("name")))
        ],
        tracks=[
            (name, trees.line(track.get("color")))
            for track in trees.objects(tree.get("tracks"))
            if (name := trees.line(track.get("name")))
        ],
    )
    remarks = Remarks()
    lists = {name: trees.keyed(trees.values(tree.get(name)), *keys) for name, keys in _KEYS.items()}
    for each in listed:
        draft.sessions += _showings(each, lists, remarks)
    draft.left_out = remarks.lines()
    count = tree.get("count")
    if trees.first(tree, "next", "previous") is not None:
        total = f" of {count}" if isinstance(count, int) else ""
        draft.left_out.append(f"other pages: this one has {len(listed)}{total}")
    return draft


_KEYS = {
    "rooms": ("id",),
    "tracks": ("id",),
    "speakers": ("code", "id"),
    "submission_types": ("id",),
    "tags": ("id", "tag"),
}


def _listed(tree: Any) -> list[dict[str, Any]]:
    """Return the talks of an answer or file, or those that a site's own file has somewhere."""
    if isinstance(tree, list):
        return trees.objects(tree)
    for name in LISTS:
        if isinstance(trees.mapping(tree).get(name), list):
            return trees.objects(tree[name])
    found, level = [], [tree]
    for _ in range(DEEPEST):
        found += [each for each in level if _is_talk(each)]
        level = [inner for each in level if not _is_talk(each) for inner in trees.values(each)]
    return found


def _is_talk(each: Any) -> bool:
    talk = trees.mapping(each)
    if "code" in talk and ("title" in talk or "submission_type" in talk):
        return bool({"state", "slot", "slots", "start", "submission_type", "room"} & talk.keys())
    return "submission" in talk and {"start", "room"} <= talk.keys()


def _showings(
    each: dict[str, Any], lists: dict[str, dict[str, dict[str, Any]]], remarks: Remarks
) -> list[DraftSession]:
    """Return a session for each slot of a submission; one without a time, if it has none."""
    submission = trees.mapping(each.get("submission"))
    talk = {**submission, **{name: value for name, value in each.items() if value is not None}}
    slots = [slot for slot in (each, trees.mapping(each.get("slot"))) if slot.get("start")]
    slots = slots[-1:] or [
        slot for slot in trees.objects(each.get("slots")) if trees.first(slot, "start", "room")
    ]
    title = trees.line(talk.get("title"))
    state = (trees.line(talk.get("state")) or "").lower()
    if state in UNPUBLISHED or (state in CANCELLED and not slots):
        remarks.add(f"submissions that are {state}", title or "")
        return []
    if not title and not _is_break(each):
        remarks.add("talks without a title", f"that of {each.get('start')!r}")
    found = []
    for slot in slots or [each]:
        session = _session(talk, title, lists, remarks)
        session.is_cancelled = state in CANCELLED
        session.is_tentative = state in TENTATIVE and not slots
        _place(session, slot, talk, lists, remarks)
        found.append(session)
    return found


def _is_break(each: dict[str, Any]) -> bool:
    """Tell whether a slot is one of the programme's own, such as a break, with a description."""
    return not each.get("submission") and not each.get("code")


def _session(
    talk: dict[str, Any],
    title: str | None,
    lists: dict[str, dict[str, dict[str, Any]]],
    remarks: Remarks,
) -> DraftSession:
    language = trees.line(trees.first(talk, "content_locale", "language", "locale"))
    referred = _References(lists, language, remarks)
    words = trees.translated(talk.get("description"), language)
    resources = trees.objects(talk.get("resources"))
    links = [
        (address, trees.line(trees.first(each, "description", "title")) or "")
        for each in resources
        if (address := trees.link(trees.first(each, "resource", "link", "url")))
    ]
    remarks.add(
        "answers to questions of the organizer", count=len(trees.values(talk.get("answers")))
    )
    is_break = title is None and isinstance(words, str)
    return DraftSession(
        title=title or trees.line(words) or "Untitled",
        key=trees.key(trees.first(talk, "code", "id")),
        kind=referred.name(trees.first(talk, *KIND), "submission_types"),
        track=referred.name(talk.get("track"), "tracks"),
        people=[
            person
            for each in trees.values(talk.get("speakers"))
            if (person := referred.person(each))
        ],
        description=paragraphs(
            trees.translated(talk.get("abstract"), language), None if is_break else words
        ),
        tags=[
            name for each in trees.values(talk.get("tags")) if (name := referred.name(each, "tags"))
        ],
        language=language,
        level=trees.line(talk.get("level")),
        url=trees.link(trees.first(talk, "url", "urls")),
        links=links,
    )


class _References:
    """Reads what is given as an id, a code, a name in several languages, or a whole object."""

    def __init__(
        self, lists: dict[str, dict[str, dict[str, Any]]], language: str | None, remarks: Remarks
    ) -> None:
        self._lists = lists
        self._language = language
        self._remarks = remarks

    def name(self, value: Any, part: str) -> str | None:
        """Return the name of what is referred to; a number that is not explained has none."""
        if isinstance(value, dict):
            named = trees.first(value, "name", "tag")
            return trees.line(named if named is not None else value, self._language)
        found = self._lists[part].get(trees.key(value) or "")
        if found is not None:
            return trees.line(trees.first(found, "name", "tag"), self._language)
        if isinstance(value, str):
            return trees.line(value)
        if value is not None:
            words = part.replace("_", " ")
            self._remarks.add(f"{words} of which only the number is given", f"{value!r}")
        return None

    def person(self, value: Any) -> DraftPerson | None:
        """Return a speaker, who may be a code in an answer that lists none."""
        known = trees.mapping(value) or self._lists["speakers"].get(trees.key(value) or "", {})
        if name := trees.line(trees.first(known, "name", "public_name", "fullname")):
            return DraftPerson(name, url=trees.link(known.get("url")))
        self._remarks.add("speakers of whom only the code is given", f"{value!r}")
        return None


def _place(
    session: DraftSession,
    slot: dict[str, Any],
    talk: dict[str, Any],
    lists: dict[str, dict[str, dict[str, Any]]],
    remarks: Remarks,
) -> None:
    """Give a session the time and room of its slot."""
    for name in ("start", "end"):
        moment = instants.instant(slot.get(name))
        if moment is None and slot.get(name) not in (None, ""):
            remarks.add("times that cannot be read", f"{slot[name]!r} of {session.title}")
        setattr(session, name, moment)
    length = instants.duration(trees.first(slot, "duration") or talk.get("duration"))
    if session.start and session.end is None and length:
        session.end = session.start + length
    session.room = _References(lists, session.language, remarks).name(slot.get("room"), "rooms")
