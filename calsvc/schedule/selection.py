"""Which entries a feed holds, and how it shows them.

Repeated values are alternatives, different filters must all hold.  Values are compared as
addresses have them: ``Hall A`` is ``hall-a``; ids as they are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from calsvc import timezones
from calsvc.agenda.model import Event
from calsvc.agenda.names import in_address, in_former_address, plain
from calsvc.schedule.display import Display
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.phrases import KIND_NAMES
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
        for day in event.days_of(slot.start.astimezone(zone), slot.end.astimezone(zone)):
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

        def now(asked: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
            return {
                name: values if name in AS_WRITTEN else _meant(values, names_of(schedule, name))
                for name, values in asked.items()
            }

        return replace(self, wanted=now(self.wanted), unwanted=now(self.unwanted))

    def entries(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of sessions that this selects, in the schedule's order."""
        meant = self.meant(schedule)
        return [
            entry
            for entry in schedule.entries
            if not entry.is_banner and meant._holds(entry, schedule.event)
        ]

    def of_series(self, events: Sequence[Event]) -> list[Event]:
        """Return the events of a site that this selects by their series, in their order."""
        series = {event.id: in_address(event.series or "") for event in events}
        names = [event.series or "" for event in events]
        wanted = _meant(self.wanted.get("series", ()), names)
        unwanted = _meant(self.unwanted.get("series", ()), names)
        return [
            event
            for event in events
            if (not wanted or series[event.id] in wanted) and series[event.id] not in unwanted
        ]

    def announced(self, schedule: Schedule) -> list[Entry]:
        """Return the entries of the selected sessions without a time, for a page.

        Feeds list them in the banner's description.
        """
        meant = self.meant(schedule)
        return [
            entry
            for entry in schedule.entries
            if entry.is_announced
            and not entry.is_cancelled
            and meant._matches(entry, schedule.event)
        ]

    def _holds(self, entry: Entry, event: Event) -> bool:
        if not self.display.shows(entry):
            return False
        if entry.is_part and not self.parts and not ASK_FOR_PARTS & self.wanted.keys():
            return False
        if entry.is_announced and (entry.is_cancelled or "session" not in self.wanted):
            return False  # the banner lists it
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


def _told(name: str, values: Iterable[str], translate: Translate) -> str:
    alternatives = translate(N_(" or ")).join(_named(name, each, translate) for each in values)
    return translate(TOLD[name]).format(names=alternatives)


def _named(name: str, value: str, translate: Translate) -> str:
    """Return a value as people know it; in English as addresses have it, like all names."""
    is_english = translate(TOLD[name]) == TOLD[name]
    return value if is_english or name != "kind" else translate(KIND_NAMES.get(value, value))


def _has(entry: Entry, event: Event, name: str, value: str) -> bool:
    if name == "q":
        return all(word in _text(entry) for word in value.split())
    if name == "session":
        return value == entry.session  # a-b and a.b are two ids
    return value in {in_address(each) for each in FILTERS[name](entry, event) if each}


def names_of(schedule: Schedule, name: str) -> list[str]:
    """Return the values of a filter as people write them: what is listed, then what is used."""
    listed = LISTED[name](schedule.event) if name in LISTED else ()
    return list(dict.fromkeys([*listed, *used_names(schedule, name)]))


def used_names(schedule: Schedule, name: str) -> Iterator[str]:
    """Yield the values of a filter that sessions have, as people write them."""
    for entry in schedule.entries:
        if not entry.is_banner:
            yield from filter(None, FILTERS[name](entry, schedule.event))


def _meant(values: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return values of addresses, with those that were names' former ones replaced."""
    former = {in_address(name): in_former_address(name) for name in names}
    found: set[str] = set()
    for value in values:
        successors = [each for each in former if former[each] == value]
        found.update([value] if value in former or not successors else successors)
    return tuple(sorted(found))


def _text(entry: Entry) -> str:
    content = entry.content
    people = [word for person in content.people for word in (person.name, person.organization)]
    words = (content.title, content.description, content.track, content.room)
    return plain(" ".join(filter(None, (*words, *content.tags, *people))))
