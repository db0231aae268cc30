"""What is doubtful in how an event file is written: that it may say something else than meant.

What an agenda itself says is looked at in ``review``; here is what only the file shows.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from calsvc import timezones
from calsvc.agenda.model import Event
from calsvc.agenda.outline import Fault
from calsvc.agenda.people import ADDRESS
from calsvc.agenda.slots import Slot
from calsvc.agenda.when import is_of_the_night_after
from calsvc.agenda.yamlfile import Document
from calsvc.errors import Where

TEXT_KEYS = frozenset(
    "name series address title room track level organization description tags people".split()
)
"""Keys whose values are free text, in which ``#`` is as likely as in a comment."""


def doubts(document: Document, event: Event) -> Iterator[Fault]:
    """Yield each thing that may not be meant as it is read; ``event`` is of this file."""
    yield from _cut_texts(document)
    for index, session in enumerate(event.sessions):
        written = document.root["sessions"][index]
        yield from _addresses(written, ("sessions", index))
        slots = _listed(written.get("when"))
        for place, (slot, each) in enumerate(zip(session.when, slots, strict=True)):
            yield from _night(event, slot, each, ("sessions", index, "when", place))


def _listed(written: Any) -> list[Any]:
    return written if isinstance(written, list) else [] if written is None else [written]


def _cut_texts(document: Document) -> Iterator[Fault]:
    """Yield each text behind which a comment begins as if it went on: ``Lightning Talks #1``."""
    for where, comment in document.tight_comments.items():
        key = next((key for key in reversed(where) if isinstance(key, str)), "")
        if key in TEXT_KEYS:
            yield Fault(
                where,
                f"ends before {comment!r}, which is a comment to YAML",
                "put all of the text in quotes, or a space behind #",
            )


def _addresses(written: dict[str, Any], where: Where) -> Iterator[Fault]:
    for place, person in enumerate(_listed(written.get("people"))):
        texts = person.values() if isinstance(person, dict) else [person]
        if any(isinstance(text, str) and ADDRESS.search(text) for text in texts):
            yield Fault(
                (*where, "people", place),
                "has an e-mail address, which is left out: feeds are public",
                "take it out of the file too, or give the person a url",
            )


def _night(event: Event, slot: Slot, written: Any, where: Where) -> Iterator[Fault]:
    """Yield the question which night is meant, unless that is written, or an instant is."""
    if slot.is_all_day:
        return
    local = slot.start.astimezone(timezones.zone(event.timezone))
    is_after_midnight = max(local.time(), slot.local_start.time()) < event.day_ends
    is_of_the_event = event.first_day <= local.date() <= event.last_day
    is_instant = slot.written_start.tzinfo is not None
    if not is_after_midnight or not is_of_the_event or is_of_the_night_after(written) or is_instant:
        return
    day = slot.local_start.date()
    evening = day - timedelta(days=1)
    yield Fault(
        where,
        f"starts at {slot.local_start:%H:%M}, in the night from {evening} to {day}",
        f"if the night after is meant, write {_night_after(slot, day, event, written)};"
        f" if not, {_night_after(slot, evening, event, written)}",
    )


def _night_after(slot: Slot, day: date, event: Event, written: Any) -> str:
    """Return how the times of a slot are written for the night after a day."""
    is_known = event.first_day == event.last_day == day
    front = "" if is_known else f"{day} "
    start = f"{front}{slot.local_start:%H:%M}+1"
    if isinstance(written, dict):
        return f"start: {start}"
    days = (slot.local_end.date() - slot.local_start.date()).days + 1
    return f"{start}-{slot.local_end:%H:%M}+{days}"
