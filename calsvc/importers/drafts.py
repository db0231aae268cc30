"""What a reader finds in a foreign agenda, before it is made into an event file.

A draft is lenient: times may be local or instants, ends may be missing, kinds are the words
of the source.  ``drawing`` makes the mapping of an event file of it, and tells what it had
to guess.
"""

import datetime
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Wishes:
    """What whoever imports says beside the source, which wins over what the source says."""

    timezone: str | None = None
    """A zone of the tz database: in which the event is, and local times are."""
    date: datetime.date | None = None
    """The first day of the event, for sources that have no date, or no year."""
    name: str | None = None
    """The event's name."""
    columns: tuple[tuple[str, str], ...] = ()
    """Fields and the columns, or keys, in which a table has them: ``("title", "Topic")``."""
    entry_for_entry: bool = False
    """Whether a calendar keeps its entries one for one, with nothing that readers guess of an
    event: only calendars are read then."""
    until: datetime.date | None = None
    """Up to when that is on which repeats without an end; up to the last other day, if not said."""


@dataclass
class DraftPerson:
    """Someone in a session."""

    name: str
    organization: str | None = None
    role: str | None = None
    """As the source calls it: ``Moderator``."""
    url: str | None = None


@dataclass
class DraftSession:
    """One showing of something on the agenda; showings of one ``key`` are one session."""

    title: str
    key: str | None = None
    """The source's own id, the same at each import, by which the session is known again."""
    uid: str | None = None
    """The uid that calendars know the showing by, where the source is a calendar."""
    start: datetime.datetime | None = None
    """Aware: an instant; naive: on the clocks of ``timezone``, or of the event's."""
    end: datetime.datetime | None = None
    day: datetime.date | None = None
    """The first day of what is all day, which has no start and no end."""
    last_day: datetime.date | None = None
    """The last of its days; None where that is the first."""
    timezone: str | None = None
    """The zone of the showing, where it is another one than the event's."""
    room: str | None = None
    kind: str | None = None
    """As the source calls it: ``Lightning talk (10 min)``."""
    track: str | None = None
    people: list[DraftPerson] = field(default_factory=list)
    description: str | None = None
    """Markdown."""
    tags: list[str] = field(default_factory=list)
    language: str | None = None
    level: str | None = None
    url: str | None = None
    links: list[tuple[str, str]] = field(default_factory=list)
    """Addresses with their words, which may be empty."""
    stream: str | None = None
    is_cancelled: bool = False
    is_tentative: bool = False
    part_of: list[str] = field(default_factory=list)
    """Keys of the sessions that it belongs to."""
    guessed: list[str] = field(default_factory=list)
    """What the source does not say, and the reader took: ``1:00 is taken for 13:00``."""


@dataclass
class DraftRoom:
    """A room, with what is known of where it is."""

    name: str
    geo: tuple[float, float] | None = None
    """Latitude and longitude, in degrees."""


@dataclass
class Draft:
    """A foreign agenda, as its reader found it."""

    name: str | None = None
    timezone: str | None = None
    """The zone that the source names, of the tz database or as people call it: ``CEST``."""
    first_day: datetime.date | None = None
    """The event's own dates, where the source has them; sessions may be on other days."""
    last_day: datetime.date | None = None
    sessions: list[DraftSession] = field(default_factory=list)
    venue: str | None = None
    address: str | None = None
    geo: tuple[float, float] | None = None
    url: str | None = None
    description: str | None = None
    """Markdown."""
    organizer: str | None = None
    language: str | None = None
    series: str | None = None
    stream: str | None = None
    registration: str | None = None
    rooms: list[DraftRoom] = field(default_factory=list)
    """In the order in which the source has them; sessions may be in others."""
    tracks: list[tuple[str, str | None]] = field(default_factory=list)
    """Names with the colour that the source gives them: ``#ff8800``, or None."""
    guessed: list[str] = field(default_factory=list)
    """What the source does not say of the event, and the reader took."""
    left_out: list[str] = field(default_factory=list)
    """What the source has and an event file cannot say, or the reader could not read."""
