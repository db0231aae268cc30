"""The differences between two states of an entry, in phrases that can be translated."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from calsvc.agenda.fields import Value
from calsvc.agenda.kinds import Kind
from calsvc.agenda.model import Status
from calsvc.agenda.names import spelling_key
from calsvc.agenda.people import Person, Role
from calsvc.agenda.slots import Slot
from calsvc.schedule.entries import Content, Entry
from calsvc.translations import N_

STATUS_PHRASES: dict[Status, str] = {
    "confirmed": N_("now confirmed"),
    "tentative": N_("now tentative"),
    "cancelled": N_("cancelled"),
}
KIND_NAMES: dict[str, str] = {
    Kind.TALK: N_("Talk"),
    Kind.KEYNOTE: N_("Keynote"),
    Kind.PANEL: N_("Panel"),
    Kind.WORKSHOP: N_("Workshop"),
    Kind.TUTORIAL: N_("Tutorial"),
    Kind.DEMO: N_("Demo"),
    Kind.LIGHTNING: N_("Lightning talk"),
    Kind.POSTER: N_("Poster"),
    Kind.POSTER_SESSION: N_("Poster session"),
    Kind.OPENING: N_("Opening"),
    Kind.CLOSING: N_("Closing"),
    Kind.Q_AND_A: N_("Questions and answers"),
    Kind.REGISTRATION: N_("Registration"),
    Kind.BREAK: N_("Break"),
    Kind.MEAL: N_("Meal"),
    Kind.SOCIAL: N_("Social"),
    Kind.NETWORKING: N_("Networking"),
    Kind.OTHER: N_("Other"),
}
ROLE_NAMES: dict[Role, str] = {
    "speaker": N_("speaker"),
    "moderator": N_("moderator"),
    "panelist": N_("panelist"),
    "author": N_("author"),
    "host": N_("host"),
}
ROLE_PHRASES: dict[Role, str] = {
    "speaker": N_("{name} is speaker"),
    "moderator": N_("{name} is moderator"),
    "panelist": N_("{name} is panelist"),
    "author": N_("{name} is author"),
    "host": N_("{name} is host"),
}
FIELD_PHRASES = {
    "kind": N_("kind changed"),
    "track": N_("track changed"),
    "tags": N_("tags changed"),
    "level": N_("level changed"),
    "language": N_("language changed"),
    "description": N_("description changed"),
    "url": N_("web page changed"),
    "links": N_("links changed"),
    "stream": N_("live stream changed"),
    "image": N_("picture changed"),
    "color": N_("colour changed"),
}
"""Fields of a content for which it is enough to say that they changed."""


class Phrase(Value):
    """Words that can be translated, with a name in braces for each value in them."""

    words: str
    """English, by which a translation is found: ``room {before} → {after}``.

    It is stored with versions; those published with words no longer in use stay English.
    """
    values: Mapping[str, "str | Phrase"] = {}
    """The value of each name: a text from the agenda, or another phrase."""

    def told(self, translate: Callable[[str], str] = str) -> str:
        """Return the phrase with its words passed through ``translate``; English by default."""
        values = {
            name: value if isinstance(value, str) else value.told(translate)
            for name, value in self.values.items()
        }
        return translate(self.words).format_map(values)


def phrase(words: str, /, **values: str | Phrase) -> Phrase:
    """Return the phrase of these words, with a value for each name in them."""
    return Phrase(words=words, values=values)


def facts(past: Entry | None, entry: Entry) -> list[Phrase]:
    """Return the changes of an entry that people will see; ``past`` is None for a new one."""
    if past is None:
        return [phrase(N_("added, {when}"), when=_when(entry.content))]
    if past.content == entry.content:
        return []
    if past.is_cancelled and not entry.is_cancelled:
        if entry.is_banner:
            return [phrase(N_("back on the agenda"))]
        return [phrase(N_("back on the agenda, {when}"), when=_when(entry.content))]
    return [fact for tell in TOLD for fact in tell(past.content, entry.content)]


def _when(content: Content) -> str | Phrase:
    if not content.slot:
        return phrase(N_("with its time to be announced"))
    return ", ".join(filter(None, (time_range(content.slot), content.room)))


def time_range(slot: Slot) -> str:
    """Return a slot's date and times, local to its zone: ``2027-06-16 11:00–12:00``.

    What is all day has its day alone, or the first and the last: ``2027-06-16 – 2027-06-18``.
    """
    if slot.days:
        return " – ".join(dict.fromkeys(map(str, slot.days)))
    return _range(*slot.clock_times(slot.timezone))


def _range(start: datetime, end: datetime) -> str:
    return f"{start:%Y-%m-%d} {_clock(start, end)}"


def _clock(start: datetime, end: datetime) -> str:
    return f"{start:%H:%M}–{end:%H:%M}"


def _status(before: Content, after: Content) -> Iterator[Phrase]:
    if (before.status, before.note) == (after.status, after.note):
        return
    if after.status == "cancelled" and after.note:
        yield phrase(N_("postponed, with its new time to be announced"))
    else:
        yield phrase(STATUS_PHRASES[after.status])


def _moved(before: Content, after: Content) -> Iterator[Phrase]:
    old, new = before.slot, after.slot
    if old and new:
        yield from _slot_moved(old, new)
    elif new:
        yield phrase(N_("scheduled, {when}"), when=_when(after))
    elif (before.day, before.last_day) != (after.day, after.last_day) and after.kind is None:
        yield _from_to(_days(before), _days(after))


def _from_to(before: str | Phrase, after: str | Phrase) -> Phrase:
    return phrase(N_("moved {before} → {after}"), before=before, after=after)


def _days(content: Content) -> str | Phrase:
    if content.day == content.last_day:
        return f"{content.day}"
    return phrase(N_("{first} to {last}"), first=f"{content.day}", last=f"{content.last_day}")


def _slot_moved(old: Slot, new: Slot) -> Iterator[Phrase]:
    if old.days or new.days:
        if old.days != new.days:
            yield _from_to(time_range(old), time_range(new))
        return
    if old.timezone != new.timezone:
        yield phrase(N_("times given in {timezone}"), timezone=new.timezone)
    # Compared in one zone, or a change of zone would look like a change of time.
    before, after = old.clock_times(new.timezone), new.clock_times(new.timezone)
    if before == after:
        return
    if before[0].date() != after[0].date():
        yield _from_to(_range(*before), _range(*after))
    elif before[0] == after[0]:
        ends = {"before": f"{before[1]:%H:%M}", "after": f"{after[1]:%H:%M}"}
        yield phrase(N_("ends {before} → {after}"), **ends)
    elif before[1] - before[0] == after[1] - after[0]:
        yield _from_to(f"{before[0]:%H:%M}", f"{after[0]:%H:%M}")
    else:
        yield _from_to(_clock(*before), _clock(*after))


def _renamed(before: Content, after: Content) -> Iterator[Phrase]:
    if before.title != after.title:
        yield phrase(N_("renamed, was {title}"), title=before.title)


def _room(before: Content, after: Content) -> Iterator[Phrase]:
    is_same = spelling_key(before.room or "") == spelling_key(after.room or "")
    if not is_same and (before.slot or not after.slot):
        rooms = {"before": _known(before.room), "after": _known(after.room)}
        yield phrase(N_("room {before} → {after}"), **rooms)


def _known(text: str | None) -> str | Phrase:
    return text or phrase(N_("to be announced"))


def _place(before: Content, after: Content) -> Iterator[Phrase]:
    if before.place == after.place:
        return
    old, new = (_known(each.place.name if each.place else None) for each in (before, after))
    if old == new:
        yield phrase(N_("address changed"))
    else:
        yield phrase(N_("place {before} → {after}"), before=old, after=new)


def _people(before: Content, after: Content) -> Iterator[Phrase]:
    old, new = ({person.name: person for person in each.people} for each in (before, after))
    yield from (phrase(N_("without {name}"), name=name) for name in old if name not in new)
    yield from (phrase(N_("with {name}"), name=name) for name in new if name not in old)
    for name in old:
        if name in new:
            yield from _person(old[name], new[name])


def _person(before: Person, after: Person) -> Iterator[Phrase]:
    if before.role != after.role and after.role:
        yield phrase(ROLE_PHRASES[after.role], name=after.name)
    if before.organization != after.organization and after.organization:
        words = N_("{name} is with {organization}")
        yield phrase(words, name=after.name, organization=after.organization)


def _belonging(before: Content, after: Content) -> Iterator[Phrase]:
    if before.parents == after.parents:
        return
    if after.parents:
        yield phrase(N_("now part of another session"))
    else:
        yield phrase(N_("no longer part of another session"))


def _fields(before: Content, after: Content) -> Iterator[Phrase]:
    for field, words in FIELD_PHRASES.items():
        old, new = getattr(before, field), getattr(after, field)
        is_respelt = field == "track" and spelling_key(old or "") == spelling_key(new or "")
        if old != new and not is_respelt:
            yield phrase(words)


TOLD: tuple[Callable[[Content, Content], Iterator[Phrase]], ...] = (
    _status,
    _moved,
    _room,
    _renamed,
    _place,
    _people,
    _belonging,
    _fields,
)
