"""Which entries a feed holds, and how it shows them.

Repeated values are alternatives, different filters must all hold.  Values are compared as
addresses have them: ``Hall A`` is ``hall-a``; ids as they are.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from urllib.parse import urlencode

from calsvc import timezones
from calsvc.agenda.model import Event
from calsvc.agenda.names import in_address, in_former_address, plain
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.phrases import KIND_NAMES
from calsvc.schedule.words import Words
from calsvc.translations import N_, Translate, catalog, spoken_language


def _languages(entry: Entry, event: Event) -> Iterator[str | None]:
    tag = entry.content.language or event.language
    yield tag
    yield tag and tag.partition("-")[0]


def _speakers(entry: Entry, event: Event) -> Iterator[str]:
    for person in entry.content.people:
        yield person.name
        if person.organization:  # tells two persons of one name apart
            yield person.full_name


def _days(entry: Entry, event: Event) -> Iterator[str | None]:
    """Yield each day of the event that an entry touches, in the event's zone."""
    if slot := entry.content.slot:
        zone = timezones.zone(event.timezone)
        for day in event.days_of(slot, zone):
            yield day.isoformat()


FILTERS: dict[str, Callable[[Entry, Event], Iterable[str | None]]] = {
    "track": lambda entry, event: [entry.content.track],
    "kind": lambda entry, event: [entry.content.kind],
    "room": lambda entry, event: [entry.content.room],
    "speaker": _speakers,
    "tag": lambda entry, event: entry.content.tags,
    "language": _languages,
    "level": lambda entry, event: [entry.content.level],
    "day": _days,
    "session": lambda entry, event: [entry.session],
    "q": lambda entry, event: [],
}
"""What a session's entry has of each filter's kind; ``q`` looks into its text."""
LISTED: dict[str, Callable[[Event], Iterable[str]]] = {
    "track": lambda event: [track.name for track in event.tracks],
    "room": lambda event: [room.name for room in event.rooms],
}
"""What an event lists of a filter's kind, whether or not a session has it yet."""
FILTERS_IN_PATHS = ("track", "kind", "room", "speaker", "day")
"""Filters in common use, each of whose values has an address without a query, and a file."""
ASK_FOR_PARTS = frozenset({"kind", "speaker", "session", "tag", "q"})
"""Filters that bring parts into a feed, when they name something that a part has."""
AS_WRITTEN = frozenset({"session", "q"})
"""Filters whose values are not names, but ids and words."""
TOLD = {
    "track": N_("track {names}"),
    "kind": N_("kind {names}"),
    "room": N_("room {names}"),
    "speaker": N_("speaker {names}"),
    "tag": N_("tag {names}"),
    "language": N_("language {names}"),
    "level": N_("level {names}"),
    "day": N_("day {names}"),
    "session": N_("session {names}"),
    "q": N_("q {names}"),
    "series": N_("series {names}"),
}
"""Each filter in words; ``series`` is one of a site."""
DISPLAY_OPTIONS = tuple(Display.model_fields)
OPTIONS = (*DISPLAY_OPTIONS, "banner", "parts")


@dataclass(frozen=True)
class Selection:
    """Filters and options, in canonical form."""

    wanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, one of which must match."""
    unwanted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Filter → values, none of which may match."""
    display: Display = field(default_factory=Display)
    banner: bool = True
    parts: bool = False

    @property
    def is_filtered(self) -> bool:
        """Return whether any filter narrows the programme."""
        return bool(self.wanted or self.unwanted)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """Return the canonical query parameters, each with its values."""
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
    def part(self) -> tuple[str, str] | None:
        """Return the filter and its value, where an address without a query says that alone."""
        match [(name, value) for name, values in self.parameters.items() for value in values]:
            case [(name, value)] if name in FILTERS_IN_PATHS and not {*"!/"} & {*value}:
                return name, value
        return None

    def searched(self, words: str) -> "Selection":
        """Return this, less what does not have all these words."""
        words = plain(words)
        if not words:
            return self
        asked = {f"{each} {words}".strip() for each in self.wanted.get("q", ("",))}
        return replace(self, wanted={**self.wanted, "q": tuple(sorted(asked))})

    def told(self, translate: Translate = str) -> str:
        """Return the filters in words, such as ``kind poster, not room hall-a``."""
        parts = [_told(*each, translate) for each in self.wanted.items()]
        without = translate(N_("not {what}"))
        parts += [without.format(what=_told(*each, translate)) for each in self.unwanted.items()]
        return ", ".join(sorted(parts))

    def titled(self, event: Event) -> str:
        """Return the name of an event's feed with this selection, in the event's language."""
        words = self.told(catalog(spoken_language(event.language)).gettext)
        return f"{event.name}: {words}" if words else event.name

    def on(self, address: str) -> str:
        """Return the address with this selection as its canonical query string."""
        return f"{address}?{self.query}" if self.query else address

    def meant(self, schedule: Schedule) -> "Selection":
        """Return this with each value of a former address as addresses of today have it.

        ``track=c`` is the track C; where none has that name, C++ and C#, which were ``c``
        before symbols counted.
        """
        index = schedule.worked_out(_Index)

        def now(asked: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
            return {
                name: values if name in AS_WRITTEN else index.names(name).meant(values)
                for name, values in asked.items()
            }

        return replace(self, wanted=now(self.wanted), unwanted=now(self.unwanted))

    def entries(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of sessions that this selects, in the schedule's order."""
        found = self._places(schedule)
        return [
            entry
            for place, entry in enumerate(schedule.entries)
            if place in found and self._holds(entry)
        ]

    def of_series(self, events: Sequence[Event]) -> list[Event]:
        """Return the events of a site that this selects by their series, in their order."""
        series = {event.id: in_address(event.series or "") for event in events}
        names = [event.series or "" for event in events]
        known = _Names(names)
        wanted = known.meant(self.wanted.get("series", ()))
        unwanted = known.meant(self.unwanted.get("series", ()))
        return [
            event
            for event in events
            if (not wanted or series[event.id] in wanted) and series[event.id] not in unwanted
        ]

    def announced(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of the selected sessions without a time, for a page.

        Feeds list them in the banner's description.
        """
        found = self._places(schedule)
        return [
            entry
            for place, entry in enumerate(schedule.entries)
            if entry.is_announced and not entry.is_cancelled and place in found
        ]

    def _holds(self, entry: Entry) -> bool:
        """Return whether an entry whose session matches is in a feed."""
        if not self.display.shows(entry):
            return False
        if entry.is_part and not self.parts and not ASK_FOR_PARTS & self.wanted.keys():
            return False
        # The banner lists what is announced.
        return not entry.is_announced or (not entry.is_cancelled and "session" in self.wanted)

    def _places(self, schedule: Schedule) -> set[int]:
        """Return the places of the entries whose sessions match, among those of the schedule."""
        meant, index = self.meant(schedule), schedule.worked_out(_Index)
        found = {place for place, entry in enumerate(schedule.entries) if not entry.is_banner}
        for name, values in meant.wanted.items():
            found &= index.places(name, values)
        for name, values in meant.unwanted.items():
            found -= index.places(name, values)
        return found


def _told(name: str, values: Iterable[str], translate: Translate) -> str:
    alternatives = translate(N_(" or ")).join(_named(name, each, translate) for each in values)
    return translate(TOLD[name]).format(names=alternatives)


def _named(name: str, value: str, translate: Translate) -> str:
    """Return a value as people know it; in English as addresses have it, like all names."""
    is_english = translate(TOLD[name]) == TOLD[name]
    return value if is_english or name != "kind" else translate(KIND_NAMES.get(value, value))


class _Names:
    """Names that can be filtered by, and what addresses call them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = list(dict.fromkeys(names))
        former = {in_address(name): in_former_address(name) for name in self.names}
        self._present = former.keys()
        self._successors: dict[str, list[str]] = defaultdict(list)
        """Former value → the values of today that it may mean."""
        for value, before in former.items():
            self._successors[before].append(value)

    def meant(self, values: Iterable[str]) -> tuple[str, ...]:
        """Return values of addresses, with those that were names' former ones replaced."""
        found: set[str] = set()
        for value in values:
            is_present = value in self._present or value not in self._successors
            found.update([value] if is_present else self._successors[value])
        return tuple(sorted(found))


class _Index:
    """What the entries of one schedule have of each filter's kind; the banner has nothing.

    It is worked out on first need, for each filter by itself.
    """

    def __init__(self, schedule: Schedule) -> None:
        self._event = schedule.event
        self._entries = [(place, e) for place, e in enumerate(schedule.entries) if not e.is_banner]
        self._used: dict[str, dict[str, list[int]]] = {}
        """Filter → name, as people write it → the places of the entries that have it."""
        self._values: dict[str, dict[str, set[int]]] = {}
        """Filter → value in an address → those places."""
        self._names: dict[str, _Names] = {}

    def used(self, name: str) -> Mapping[str, list[int]]:
        """Return the values of a filter that sessions have, each with its entries' places."""
        if name not in self._used:
            used: dict[str, list[int]] = defaultdict(list)
            for place, entry in self._entries:
                for each in filter(None, FILTERS[name](entry, self._event)):
                    used[each].append(place)
            self._used[name] = dict(used)
        return self._used[name]

    def names(self, name: str) -> _Names:
        """Return the names of a filter: what is listed, then what is used."""
        if name not in self._names:
            listed = LISTED[name](self._event) if name in LISTED else ()
            self._names[name] = _Names([*listed, *self.used(name)])
        return self._names[name]

    def places(self, name: str, values: Iterable[str]) -> set[int]:
        """Return the places of the entries that have one of a filter's values."""
        if name == "q":
            return set[int]().union(*map(self._with_words, values))
        if name not in self._values:
            found: dict[str, set[int]] = defaultdict(set)
            for used, places in self.used(name).items():
                # Ids stay as they are: a-b and a.b are two.
                found[used if name in AS_WRITTEN else in_address(used)].update(places)
            self._values[name] = dict(found)
        return set[int]().union(*(self._values[name].get(value, ()) for value in values))

    def _with_words(self, words: str) -> set[int]:
        return {self._entries[number][0] for number in self._words.places(words)}

    @cached_property
    def _words(self) -> Words:
        return Words(_text(entry) for _, entry in self._entries)


def names_of(schedule: Schedule, name: str) -> list[str]:
    """Return the values of a filter as people write them: what is listed, then what is used."""
    return schedule.worked_out(_Index).names(name).names


def used_names(schedule: Schedule, name: str) -> Mapping[str, Sequence[int]]:
    """Return the values of a filter that sessions have, as people write them.

    Each has the places of its entries among those of the schedule.
    """
    return schedule.worked_out(_Index).used(name)


def _text(entry: Entry) -> str:
    content = entry.content
    people = [word for person in content.people for word in (person.name, person.organization)]
    words = (content.title, content.description, content.track, content.room)
    return plain(" ".join(filter(None, (*words, *content.tags, *people))))
