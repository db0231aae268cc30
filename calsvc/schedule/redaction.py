"""Taking a text, such as a person's name, out of what is stored of an event.

The text is looked for as it stands and in its two canonical forms (Unicode UAX #15, NFC and
NFD).  Where it was, "…" stands; a person who is called so leaves the list of people, and a
link that has it is left out, because it would lead nowhere.  Ids and uids stay: calendars
know entries by them.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

import pytz

from calsvc.agenda.fields import Value
from calsvc.agenda.mentions import Reference
from calsvc.agenda.model import Event
from calsvc.agenda.people import Person
from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.phrases import phrase
from calsvc.schedule.versions import Draft, Version
from calsvc.translations import N_

SHORTEST = 3  # characters: a shorter text is in many words
ELLIPSIS = "…"
TAKEN_OUT = Change(facts=(phrase(N_("Something was taken out of earlier versions")),))
MARK = "[\u0300-\u036f]"
"""A combining mark: "Zoe" is not the beginning of a decomposed "Zoë"."""
KEPT = frozenset(
    """
    color continues formerly id key kind language note parents part_of role session
    status successor timezone uid words
    """.split()
)
"""Fields that name a thing to programs, or whose words are calsvc's own."""
LINKS = frozenset({"email", "image", "notes_url", "registration", "stream", "url"})

_Model = TypeVar("_Model", bound=Value)


class Redaction:
    """Takes one text out of values, and counts the places where it was."""

    def __init__(self, text: str) -> None:
        forms = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD"))}
        self._name = _plain(text)
        self._pattern = _any_of(forms)
        self._in_links = _any_of(forms | {quote(form) for form in forms})
        self.places = 0
        """The number of texts, people and links that were changed or left out until now."""

    def of(self, value: _Model) -> _Model:
        """Return a value without the text; the value itself if it does not have it."""
        update = {}
        for name in type(value).model_fields:
            old = getattr(value, name)
            new = old if name in KEPT else self._field(name, old)
            if new is not old:
                update[name] = new
        return value.model_copy(update=update) if update else value

    def of_text(self, text: str) -> str:
        """Return a text in which "…" stands where the text was."""
        found, number = self._pattern.subn(ELLIPSIS, text)
        self.places += bool(number)
        return found if number else text

    def _field(self, name: str, value: Any) -> Any:
        match value:
            case str() if name in LINKS:
                return None if self._leaves_out(self._in_links.search(value)) else value
            case str():
                return self.of_text(value)
            case Value():
                return self.of(value)
            case tuple():
                return self._items(name, value)
            case Mapping():
                items = {key: self._field("", each) for key, each in value.items()}
                return value if items == value else items
        return value

    def _items(self, name: str, values: tuple[Any, ...]) -> tuple[Any, ...]:
        items = tuple(self._field(name, each) for each in values if not self._is_left_out(each))
        if len(items) == len(values) and all(map(_is_same, items, values)):
            return values
        return items

    def _is_left_out(self, value: object) -> bool:
        match value:
            case Person(name=name):
                return self._leaves_out(_plain(name) == self._name)
            case Reference(url=url):
                return self._leaves_out(self._in_links.search(url))
        return False

    def _leaves_out(self, found: object) -> bool:
        self.places += bool(found)
        return bool(found)


def _any_of(forms: set[str]) -> re.Pattern[str]:
    """Match texts to the letter anywhere, and as whole words also in other capitals and lines."""
    longest_first = sorted(forms, key=len, reverse=True)
    written = "|".join(map(re.escape, longest_first))
    words = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest_first)
    return re.compile(rf"(?:{written}|(?<!\w)(?i:{words})(?!\w))(?!{MARK})")


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def _is_same(one: object, other: object) -> bool:
    return one is other


def redacted(version: Version, schedule: Schedule, redaction: Redaction) -> Draft | None:
    """Return a stored version without the text; None if it does not have it."""
    draft = Draft(
        redaction.of(schedule),
        version.source,
        redaction.of_text(version.message),
        tuple(map(redaction.of, version.changes)),
        version.is_withdrawn,
    )
    past = Draft(schedule, version.source, version.message, version.changes, version.is_withdrawn)
    return None if draft == past else draft


def standing(event: Event, redaction: Redaction) -> str | None:
    """Return where an agenda has the text: ``session keynote``; None where it does not."""
    for session in event.sessions:
        if redaction.of(session) is not session:
            return f"session {session.id}"
    return "the event's own keys" if redaction.of(event) is not event else None


def following(
    version: Version, schedule: Schedule, redaction: Redaction, source: str, now: datetime
) -> Draft:
    """Return the version that tells that something was taken out; not what.

    ``version`` and ``schedule`` are the newest; ``now`` is an aware instant.  Entries that
    still have the text, as those which stand as cancelled, lose it with new stamps.
    """
    now = now.astimezone(pytz.utc).replace(microsecond=0)
    now = max(now, schedule.published, schedule.revised + timedelta(seconds=1))
    entries = tuple(_following(entry, redaction, now) for entry in schedule.entries)
    update = {
        "event": redaction.of(schedule.event),
        "version": version.number + 1,
        "published": now,
        "revised": schedule.revised if all(map(_is_same, entries, schedule.entries)) else now,
        "entries": entries,
    }
    clear = schedule.model_copy(update=update)
    return Draft(clear, source, "", (TAKEN_OUT,), version.is_withdrawn)


def _following(entry: Entry, redaction: Redaction, now: datetime) -> Entry:
    content = redaction.of(entry.content)
    if content is entry.content:
        return entry
    revised = max(now, entry.revised + timedelta(seconds=1))
    update = {"content": content, "sequence": entry.sequence + 1, "revised": revised}
    return entry.model_copy(update=update)
