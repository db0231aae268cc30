"""Which entries a feed holds, and how it shows them: the query string of its address.

Repeated values are alternatives, different names must all hold, ``!`` in front leaves
out.  Values are compared as slugs: ``Hall A`` is ``hall-a``; ids as they are.  Equal
selections have one canonical form, whatever the order and spelling, so caches and clients
see one feed.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlencode

from calsvc import timezones
from calsvc.errors import QueryError, listed, nearest
from calsvc.model import Event
from calsvc.schedule import Entry, Schedule
from calsvc.values import slug

MAX_ALARM = 28 * 24 * 60  # minutes: four weeks
MAX_VALUES = 100
IGNORED_PREFIXES = ("utm_", "gad_", "_ga", "_gl", "mc_", "mtm_", "pk_")
IGNORED = frozenset(
    "v fbclid gclid gbraid wbraid dclid msclkid yclid igsh igshid ttclid twclid li_fat_id".split()
)
"""What link trackers add, and ``v``, which people add to make Google fetch anew."""

CancelledPolicy = Literal["status", "mark", "drop"]


def _languages(entry: Entry, event: Event) -> Iterator[str | None]:
    tag = entry.content.language or event.language
    yield tag
    yield tag and tag.partition("-")[0]


def _days(entry: Entry, event: Event) -> Iterator[str | None]:
    if slot := entry.content.slot:
        yield slot.start.astimezone(timezones.zone(event.timezone)).date().isoformat()


FILTERS: dict[str, Callable[[Entry, Event], Iterable[str | None]]] = {
    "track": lambda entry, event: [entry.content.track],
    "kind": lambda entry, event: [entry.content.kind],
    "room": lambda entry, event: [entry.content.room],
    "speaker": lambda entry, event: [person.name for person in entry.content.people],
    "tag": lambda entry, event: entry.content.tags,
    "language": _languages,
    "level": lambda entry, event: [entry.content.level],
    "day": _days,
    "session": lambda entry, event: [entry.session],
    "q": lambda entry, event: [],
}
"""What a session's entry has of each filter's kind; ``q`` looks into its text."""
ASK_FOR_PARTS = frozenset({"kind", "speaker", "session", "tag", "q"})
"""Filters that bring parts into a feed, when they name something that a part has."""
OPTIONS = ("alarm", "busy", "cancelled", "banner", "parts")
SESSION_OPTIONS = ("alarm", "busy", "cancelled")


@dataclass(frozen=True)
class Selection:
    """Filters and options, in canonical form."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, one of which must hold."""
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, none of which may hold."""
    alarm: int | None = None
    """Minutes before the start."""
    busy: bool | None = None
    """None leaves it to the feed: a programme is free time, a personal choice is busy."""
    cancelled: CancelledPolicy = "status"
    banner: bool = True
    parts: bool = False

    @property
    def is_filtered(self) -> bool:
        """Tell whether this asks for a part of the programme."""
        return bool(self.wanted or self.unwanted)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Return the canonical parameters of an address, each with its values."""
        found = {name: list(values) for name, values in self.wanted.items()}
        for name, values in self.unwanted.items():
            found[name] = [*(f"!{value}" for value in values), *found.get(name, ())]
        if self.alarm is not None:
            found["alarm"] = [str(self.alarm)]
        if self.busy is not None:
            found["busy"] = ["yes" if self.busy else "no"]
        if self.cancelled != "status":
            found["cancelled"] = [self.cancelled]
        if not self.banner:
            found["banner"] = ["no"]
        if self.parts:
            found["parts"] = ["yes"]
        return dict(sorted(found.items()))

    @property
    def query(self) -> str:
        """Return the canonical query string, without ``?``; empty for the whole programme."""
        return urlencode(self.parameters, doseq=True, safe="!")

    @property
    def words(self) -> str:
        """Return the filters for the name of a feed: ``kind poster, not room hall-a``."""
        parts = [f"{name} {' or '.join(values)}" for name, values in self.wanted.items()]
        parts += [f"not {name} {' or '.join(values)}" for name, values in self.unwanted.items()]
        return ", ".join(sorted(parts))

    def titled(self, name: str) -> str:
        """Return the name of a feed of this part of what has a name."""
        return f"{name}: {self.words}" if self.words else name

    def on(self, address: str) -> str:
        """Return an address that asks for this, in its canonical form."""
        return f"{address}?{self.query}" if self.query else address

    def entries(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of sessions that this selects, in the schedule's order."""
        return [
            entry
            for entry in schedule.entries
            if not entry.is_banner and self._holds(entry, schedule.event)
        ]

    def holds_series(self, event: Event) -> bool:
        """Tell whether this selects an event among those of a site, by its series."""
        series = folded(event.series or "")
        wanted, unwanted = self.wanted.get("series"), self.unwanted.get("series", ())
        return (wanted is None or series in wanted) and series not in unwanted

    def announced(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of sessions without a time that this selects, for a page.

        Feeds have them in the banner's text.
        """
        return [
            entry
            for entry in schedule.entries
            if entry.is_announced
            and not entry.is_cancelled
            and self._matches(entry, schedule.event)
        ]

    def _holds(self, entry: Entry, event: Event) -> bool:
        if entry.is_cancelled and self.cancelled == "drop":
            return False
        if entry.is_part and not self.parts and not ASK_FOR_PARTS & self.wanted.keys():
            return False
        if entry.is_announced and (entry.is_cancelled or "session" not in self.wanted):
            return False  # the banner tells of it
        return self._matches(entry, event)

    def _matches(self, entry: Entry, event: Event) -> bool:
        return all(
            any(_has(entry, event, name, value) for value in values)
            for name, values in self.wanted.items()
        ) and not any(
            _has(entry, event, name, value)
            for name, values in self.unwanted.items()
            for value in values
        )


def _has(entry: Entry, event: Event, name: str, value: str) -> bool:
    if name == "q":
        return all(word in _text(entry) for word in value.split())
    if name == "session":
        return value == entry.session  # the ids a-b and a.b would be one slug
    return value in {folded(each) for each in FILTERS[name](entry, event) if each}


def _text(entry: Entry) -> str:
    content = entry.content
    people = [word for person in content.people for word in (person.name, person.organization)]
    words = (content.title, content.description, content.track, content.room)
    return _plain(" ".join(filter(None, (*words, *content.tags, *people))))


def _plain(text: str) -> str:
    """Return a text without accents and capitals, on one line."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())


def folded(text: str) -> str:
    """Return what names are compared by; a slug, or ``★`` where nothing of it would be left."""
    return slug(text) or _plain(text).lstrip("! ")


def parse(
    pairs: Iterable[tuple[str, str]],
    *,
    filters: Iterable[str] = FILTERS,
    options: Iterable[str] = OPTIONS,
) -> Selection:
    """Return the selection that a query string's pairs ask for.

    Raises ``QueryError`` for a parameter that is not among ``filters`` and ``options``,
    and for a value that an option cannot have; a filter may have any value.
    """
    known = (*filters, *options)
    wanted: dict[str, set[str]] = {}
    unwanted: dict[str, set[str]] = {}
    chosen: dict[str, str] = {}
    for name, value in pairs:
        if name in IGNORED or name.startswith(IGNORED_PREFIXES):
            continue
        if name not in known:
            suggestion = nearest(name, known)
            guess = f" Did you mean {suggestion}?" if suggestion else ""
            raise QueryError(f"Unknown parameter {name!r}.{guess} {listed('parameters', known)}")
        if name in options:
            value = value.strip()
            if chosen.setdefault(name, value) != value:
                raise QueryError(f"{name} is given twice: {chosen[name]!r} and {value!r}.")
        elif text := _plain(value).lstrip("! "):
            side = unwanted if _plain(value).startswith("!") else wanted
            side.setdefault(name, set()).add(text if name in {"q", "session"} else folded(value))
    if sum(map(len, (*wanted.values(), *unwanted.values()))) > MAX_VALUES:
        raise QueryError(f"More than {MAX_VALUES} values; ask for fewer.")
    return Selection(_ordered(wanted), _ordered(unwanted), **_options(chosen))  # type: ignore[arg-type]


def _ordered(values: Mapping[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(values[name])) for name in sorted(values)}


def _options(chosen: Mapping[str, str]) -> dict[str, object]:
    options: dict[str, object] = {}
    for name, value in chosen.items():
        if name == "alarm":
            if not re.fullmatch(r"[0-9]{1,5}", value) or int(value) > MAX_ALARM:
                raise QueryError(f"alarm={value} cannot be: give minutes, 0 to {MAX_ALARM}.")
            options[name] = int(value)
        elif name == "cancelled":
            if value not in get_args(CancelledPolicy):
                raise QueryError(f"cancelled={value} cannot be: give status, mark or drop.")
            options[name] = value
        else:
            if value not in {"yes", "no"}:
                raise QueryError(f"{name}={value} cannot be: give yes or no.")
            options[name] = value == "yes"
    return options
