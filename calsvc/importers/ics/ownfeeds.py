"""What calsvc itself writes into the entries of its feeds, read back.

``ical/vevent`` writes a description in paragraphs: what changed, people, the abstract, parts,
links, where to watch, the time in words, and the address.  The words are those of any of the
languages that calsvc speaks.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from calsvc.agenda.kinds import Kind
from calsvc.agenda.slots import known_zone
from calsvc.agenda.titles import without_cancelled
from calsvc.importers.drafts import Draft, DraftPerson, DraftSession
from calsvc.importers.habits.literals import literal
from calsvc.importers.ics.components import Component
from calsvc.translations import LANGUAGES, N_, catalog

PRODID = "-//calsvc//"
_LINK = re.compile(r"(?:(?P<title>.*\S): )?(?P<url>https?://\S+)")
_TIME = re.compile(r"[^\n]+ \((?P<zone>[^()\s]+)\)")


def is_own(calendar: Component) -> bool:
    """Tell whether calsvc wrote a calendar."""
    return calendar.text("PRODID").startswith(PRODID)


def page_of(calendar: Component) -> str:
    """Return the address of the event's page at calsvc; empty if the calendar does not tell it."""
    feed = calendar.text("SOURCE").partition("?")[0]
    return f"{feed.removesuffix('.ics')}/" if feed.endswith(".ics") else ""


@cache
def _said(message: str) -> tuple[str, ...]:
    """Return calsvc's words in each language that it speaks."""
    return tuple(catalog(language).gettext(message) for language in LANGUAGES)


@cache
def _roles() -> dict[str, str]:
    roles = (N_("speaker"), N_("moderator"), N_("panelist"), N_("author"), N_("host"))
    return {words.capitalize(): role for role in roles for words in _said(role)}


def _is_note(line: str) -> bool:
    """Tell whether a line says what changed."""
    notes = (
        N_("Postponed: a new time will be announced."),
        N_("The event is cancelled."),
        N_("This session is cancelled."),
        N_("The time will be announced."),
    )
    changes = (
        N_("New time, was {time}"),
        N_("New date, was {days}"),
        N_("New room, was {room}"),
        N_("Room to be announced, was {room}"),
    )
    return any(line in _said(note) for note in notes) or any(
        line.startswith(words.partition("{")[0]) for each in changes for words in _said(each)
    )


def is_announced(entry: Component) -> bool:
    """Tell whether an entry is of a session without a time, which is on all days of its event."""
    said = entry.text("DESCRIPTION").partition("\n")[0]
    return said in _said(N_("The time will be announced."))


def _taken(paragraphs: list[str], place: int, is_one: Callable[[str], bool]) -> list[str]:
    """Take the paragraph at one end away and return its lines, if each of them is such a one."""
    lines = paragraphs[place].split("\n") if paragraphs else []
    if not lines or not all(map(is_one, lines)):
        return []
    del paragraphs[place]
    return lines


def _titles(paragraphs: list[str], message: str) -> list[str]:
    """Take the paragraph that lists titles below calsvc's words away, and return them."""
    for place, paragraph in enumerate(paragraphs):
        first, *lines = paragraph.split("\n")
        if first in _said(message) and lines and all(line.startswith("- ") for line in lines):
            del paragraphs[place]
            return [line[2:] for line in lines]
    return []


def _stream(paragraphs: list[str]) -> str | None:
    watch = tuple(words.partition("{")[0] for words in _said(N_("Watch: {address}")))
    taken = _taken(paragraphs, -1, lambda line: line.startswith(watch))
    return taken[0].partition(": ")[2] if taken else None


def _links(paragraphs: list[str]) -> Iterator[tuple[str, str]]:
    for line in _taken(paragraphs, -1, lambda line: _LINK.fullmatch(line) is not None):
        if found := _LINK.fullmatch(line):
            yield found["url"], found["title"] or ""


def read_session(session: DraftSession, entry: Component, page: str) -> list[str]:
    """Read what calsvc wrote of a session, and return the titles of its parts.

    ``page`` is the address of the event's page.
    """
    paragraphs = list(filter(None, entry.text("DESCRIPTION").split("\n\n")))
    address = session.url
    if address and paragraphs and paragraphs[-1] == address:
        paragraphs.pop()
    own = f"{page}sessions/"
    if page and address and address.startswith(own):
        session.key, session.url = address.removeprefix(own).strip("/"), None
    _taken(paragraphs, -1, lambda line: (found := _TIME.fullmatch(line)) is not None
           and known_zone(found["zone"]) is not None)  # fmt: skip
    session.stream = _stream(paragraphs) or session.stream
    session.links = [*_links(paragraphs)]
    parts = _titles(paragraphs, N_("In this session:"))
    while _taken(paragraphs, 0, _is_note):
        pass
    session.people = [*_people(paragraphs)]
    session.description = literal("\n\n".join(paragraphs)) or None
    session.kind, session.track, session.tags = _categories(entry)
    session.title = entry.text("SUMMARY").strip() or session.title  # calsvc writes no HTML
    if session.is_cancelled:
        session.title = _without_mark(session.title)
    return parts


def _without_mark(title: str) -> str:
    for words in _said(N_("Postponed: {title}")):
        title = title.removeprefix(words.partition("{")[0])
    return without_cancelled(title) or title


def _people(paragraphs: list[str]) -> Iterator[DraftPerson]:
    for line in _taken(paragraphs, 0, lambda line: line.partition(": ")[0] in _roles()):
        word, _, name = line.partition(": ")
        name, _, organization = name.partition(", ")
        yield DraftPerson(name, organization or None, _roles()[word])


def _categories(entry: Component) -> tuple[str | None, str | None, list[str]]:
    """Return kind, track and tags: calsvc writes the track, the kind and the tags."""
    named = [text for each in entry.all("CATEGORIES") for text in each.texts]
    for place, each in enumerate(named[:2]):
        if each in set(Kind):
            return each, named[0] if place else None, named[place + 1 :]
    return None, None, named


def read_banner(draft: Draft, banner: Component, page: str) -> list[str]:
    """Read what calsvc wrote of the event itself; return titles of sessions without a time.

    ``page`` is the address of the event's page.
    """
    paragraphs = list(filter(None, banner.text("DESCRIPTION").split("\n\n")))
    address = banner.text("URL")
    if paragraphs and paragraphs[-1] == address:
        paragraphs.pop()
    draft.url = None if address == page else address or None
    draft.stream = _stream(paragraphs)
    for url, title in _links(paragraphs):
        if title in _said(N_("Registration")):
            draft.registration = url
        else:
            draft.left_out.append(f"a link of the event: {title} {url}")
    waiting = _titles(paragraphs, N_("Announced, with a time to come:"))
    while _taken(paragraphs, 0, _is_note):
        pass
    draft.description = literal("\n\n".join(paragraphs)) or None
    return waiting
