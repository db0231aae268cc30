"""My calendar: a person's choice of sessions, and the keys to it.  No account is needed.

There are two secrets: the *edit key* stays with the person; the *feed key* goes to Google
or Outlook, and can only read.  The feed key is derived one-way from the edit key, so its
holders cannot compute the edit key; storage keeps a hash of each, so whoever reads the
database has neither.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Set
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, NamedTuple

from pydantic import AwareDatetime, Field

from calsvc.agenda.fields import Id, Line, Value
from calsvc.agenda.slots import UID_LENGTH, UID_PATTERN
from calsvc.errors import TooManySessionsError
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry

KEY_OCTETS = 24  # 192 bits
KEY_LENGTH = 32  # characters of such a key, in base64
MAX_SESSIONS = 500
WHOLE: frozenset[str | None] = frozenset({None})
"""The slots of a session that is chosen whenever it is on."""
Sessions = dict[str | None, Set[str | None]]
"""Session → the uids of its chosen slots; None among them for all of them."""


class Choice(Value):
    """One chosen session, or one of its slots."""

    event: Id
    session: Id
    slot: Annotated[str, Field(pattern=rf"^{UID_PATTERN}$", max_length=UID_LENGTH)] | None = None
    """The uid of one slot; None for the session whenever it is on."""


class Options(Display):
    """How a person wants to see the choice."""

    name: Annotated[Line, Field(max_length=100)] = "My calendar"
    busy: bool = True
    """Whether sessions block their time."""


class Wanted(NamedTuple):
    """What a feed shows of a person's calendar."""

    sessions: Mapping[str, Sessions]
    """By event, the first choice's event first."""
    options: Options
    created: date
    revised: datetime


class Itinerary(Value):
    """A person's calendar, as it is stored."""

    choices: tuple[Choice, ...] = ()
    options: Options = Options()
    generation: int = 1
    """Number of the current feed key, from 1; a rotation makes the next one."""
    share: int = 0
    """Number of the last share key, 0 for none; negative while sharing is off again."""
    created: date
    revised: AwareDatetime

    def adding(self, choices: Iterable[Choice]) -> "Itinerary":
        """Return the itinerary with more sessions.  Raises ``TooManySessionsError``."""
        added = tuple(dict.fromkeys((*self.choices, *choices)))
        if len(added) > MAX_SESSIONS:
            raise TooManySessionsError(
                f"My calendar holds {MAX_SESSIONS} sessions at most; remove some first."
            )
        return self.model_copy(update={"choices": added})

    def removing(self, choice: Choice) -> "Itinerary":
        """Return the itinerary without a session, or without one slot if the choice names it."""
        left = tuple(
            kept
            for kept in self.choices
            if (kept.event, kept.session) != (choice.event, choice.session)
            or (choice.slot is not None and kept.slot != choice.slot)
        )
        return self.model_copy(update={"choices": left})

    @property
    def sessions(self) -> set[tuple[str, str]]:
        """Return the chosen sessions, each with its event's id, whichever of its times it is."""
        return {(choice.event, choice.session) for choice in self.choices}

    def renaming(self, present_id: Callable[[str], str]) -> "Itinerary":
        """Return the itinerary with the ids of events that ``present_id`` gives for its own."""
        named = {each.event: present_id(each.event) for each in self.choices}
        if all(old == new for old, new in named.items()):
            return self
        choices = (each.model_copy(update={"event": named[each.event]}) for each in self.choices)
        return self.model_copy(update={"choices": tuple(dict.fromkeys(choices))})

    def rotated(self) -> "Itinerary":
        """Return the itinerary with a new feed key."""
        return self.model_copy(update={"generation": self.generation + 1})

    def sharing(self, *, is_on: bool) -> "Itinerary":
        """Return the itinerary with sharing on, with a new share key each time, or off."""
        if is_on == (self.share > 0):
            return self
        return self.model_copy(update={"share": 1 - self.share if is_on else -self.share})

    @property
    def wanted(self) -> Wanted:
        """Return what its feed shows."""
        return Wanted(by_event(map(vars, self.choices)), self.options, self.created, self.revised)

    def slots(self, event_id: str) -> Sessions:
        """Return an event's chosen sessions, each with its chosen slots."""
        return self.wanted.sessions.get(event_id, {})


def by_event(choices: Iterable[Mapping[str, Any]]) -> dict[str, Sessions]:
    """Return choices by event; each has the fields of a ``Choice``."""
    found: dict[str, Sessions] = {}
    for choice in choices:
        event, session, slot = choice["event"], choice["session"], choice.get("slot")
        if event not in found:
            found[event] = {}
        sessions = found[event]
        slots = WHOLE if slot is None else frozenset({slot})
        sessions[session] = sessions[session] | slots if session in sessions else slots
    return found


def joined(one: Sessions, other: Sessions) -> Sessions:
    """Return the sessions of both, each with the slots of both."""
    empty = frozenset[str | None]()
    return {each: one.get(each, empty) | other.get(each, empty) for each in {**one, **other}}


class Keys(NamedTuple):
    """The secrets of one itinerary."""

    edit: str
    feed: str
    share: str | None
    """None while sharing is off."""


def new_edit_key() -> str:
    """Return a new edit key."""
    return _text(secrets.token_bytes(KEY_OCTETS))


def keys(edit_key: str, itinerary: Itinerary) -> Keys:
    """Return the current keys of an itinerary."""
    share = derived(edit_key, "share", itinerary.share) if itinerary.share > 0 else None
    return Keys(edit_key, derived(edit_key, "feed", itinerary.generation), share)


def derived(edit_key: str, purpose: str, generation: int) -> str:
    """Return the key of a purpose and generation, which takes the edit key to compute."""
    words = f"calsvc/{purpose}/{generation}".encode()
    return _text(hmac.digest(edit_key.encode(), words, "sha256")[:KEY_OCTETS])


def hashed(key: str) -> str:
    """Return the hash of a key, which is all that storage keeps of it.

    Keys have 192 random bits, so a plain hash cannot be reversed; the time that a look-up
    takes reveals nothing about the key.
    """
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode("ascii")


class Overlap(NamedTuple):
    """Two entries that one person cannot both attend."""

    first: Entry
    second: Entry
    minutes: int
    """Minutes of overlap; zero or less: minus the minutes left to change rooms."""


def overlaps(entries: Iterable[Entry], changeover: int = 0) -> list[Overlap]:
    """Return the pairs that overlap, or leave less than ``changeover`` minutes to change rooms.

    What is all day leaves time for everything else.
    """
    shown = [entry for entry in entries if not entry.is_cancelled]
    timed = [(slot, entry) for entry in shown if (slot := entry.content.timed)]
    timed.sort(key=lambda pair: pair[0].start)
    gap = timedelta(minutes=changeover)
    found = []
    for number, (one, first) in enumerate(timed):
        for other, second in timed[number + 1 :]:
            overlap = min(one.end, other.end) - other.start
            if overlap <= -gap:
                break  # the following ones start later still
            needed = timedelta(0) if _is_one_room(first, second) else gap
            if overlap > -needed and not _are_one(first, second):
                found.append(Overlap(first, second, int(overlap / timedelta(minutes=1))))
    return found


def _is_one_room(first: Entry, second: Entry) -> bool:
    one, other = first.content, second.content
    return (one.room, one.place) == (other.room, other.place)


def _are_one(first: Entry, second: Entry) -> bool:
    """Return whether one is a part of the other, or both are parts of a whole in one room."""
    one, other = first.content.parents, second.content.parents
    if first.uid in other or second.uid in one:
        return True
    return _is_one_room(first, second) and not set(one).isdisjoint(other)
