"""Which entries a feed holds, and how it shows them.

Repeated values are alternatives, different filters must all hold.  Values are compared as
slugs: ``Hall A`` is ``hall-a``; ids as they are.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from calsvc import timezones
from calsvc.agenda.fields import slug
from calsvc.agenda.model import Event
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry, Schedule


def _languages(entry: Entry, event: Event) -> Iterator[str | None]:
    tag = entry.content.language or event.language
    yield tag
    yield tag and tag.partition("-")[0]


def _days(entry: Entry, event: Event) -> Iterator[str | None]:
    """Yield each day of the event that an entry touches, in the event's zone."""
    if slot := entry.content.slot:
        zone = timezones.zone(event.timezone)
        for day in event.days_of(slot.start.astimezone(zone), slot.end.astimezone(zone)):
            yield day.isoformat()


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
DISPLAY_OPTIONS = tuple(Display.model_fields)
OPTIONS = (*DISPLAY_OPTIONS, "banner", "parts")


@dataclass(frozen=True)
class Selection:
    """Filters and options, in canonical form."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, one of which must hold."""
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, none of which may hold."""
    display: Display = field(default_factory=Display)
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
        if self.display.alarm is not None:
            found["alarm"] = [str(self.display.alarm)]
        if self.display.busy is not None:
            found["busy"] = ["yes" if self.display.busy else "no"]
        if self.display.cancelled != "status":
            found["cancelled"] = [self.display.cancelled]
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
        if not self.display.shows(entry):
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
    return plain(" ".join(filter(None, (*words, *content.tags, *people))))


def plain(text: str) -> str:
    """Return a text without accents and capitals, on one line."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return " ".join(plain.casefold().split())


def folded(text: str) -> str:
    """Return what names are compared by; a slug, or ``★`` where nothing of it would be left."""
    return slug(text) or plain(text).lstrip("! ")
