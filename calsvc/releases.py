"""Publishing for good: an event, or its file → storage.

A file that is broken, half-written, emptied or gone never takes an event off people's
calendars: the last good version stays, and the publisher is told.  Changes that a watcher
finds, which nobody asked to publish, are checked more strictly.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from calsvc.agenda import eventfile
from calsvc.agenda.formerly import former_files, still_there
from calsvc.agenda.model import Event
from calsvc.agenda.slots import Slot
from calsvc.errors import (
    EmptiedEventError,
    EventFileError,
    Problem,
    RenamingError,
    UnknownNameError,
    WithdrawnEventError,
)
from calsvc.schedule.differences import Change, changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import phrase
from calsvc.schedule.publishing import publish, withdrawn
from calsvc.schedule.renaming import renamed
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.schedules import Storage
from calsvc.translations import N_

FEW = 4  # sessions that may vanish at once unquestioned
RETURNS = Change(facts=(phrase(N_("Published again")),))
WITHDRAWN = Change(facts=(phrase(N_("Withdrawn")),))


@dataclass
class Outcome:
    """The result of publishing some files."""

    published: list[Version] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    """Ids of events that were published already as their files have them."""
    problems: list[Problem] = field(default_factory=list)


# --- one event ----------------------------------------------------------------------------


def draft(
    event: Event, version: Version | None, previous: Schedule | None, source: str, message: str = ""
) -> Draft | None:
    """Return the version that would follow now; None if nothing changed."""
    returns = version is not None and version.is_withdrawn
    if previous and returns and not _is_cancelled(previous):
        # Withdrawn by an older calsvc, which cancelled nothing; feeds announce it all the same.
        number = previous.version
        previous = withdrawn(previous, previous.published).model_copy(update={"version": number})
    schedule = publish(event, previous, datetime.now(UTC))
    if schedule is previous:
        return None
    told = changes(previous, schedule)
    if returns:
        told = (RETURNS, *(change for change in told if change.session))
    if previous and previous.event.id != event.id:
        told = (renamed(previous.event.id), *told)
    return Draft(schedule, source, message, told)


def _is_cancelled(schedule: Schedule) -> bool:
    return all(entry.is_cancelled for entry in schedule.entries if entry.is_banner)


def refuse_emptied(event: Event, previous: Schedule) -> None:
    """Raise ``EmptiedEventError`` if a new version would cancel every session."""
    before = {session.id for session in previous.event.sessions}
    if before and before.isdisjoint(session.id for session in event.sessions):
        former = previous.event.id
        raise EmptiedEventError(
            f"has none of the {len(before)} sessions that {former} had",
            f"to take the event back, run calsvc publish --withdraw {event.id}"
            if former == event.id
            else f"if it is another event than {former}, take that out of formerly",
        )


def refuse_lost(event: Event, previous: Schedule, *, ends_midline: bool) -> None:
    """Raise ``EmptiedEventError`` if a new version looks like that of a damaged file.

    A half-written file shows at least two of three signs: it ends in the middle of a line,
    its last session is only the beginning of what that session was, and all sessions
    after it are gone.
    """
    refuse_emptied(event, previous)
    before = [session.id for session in previous.event.sessions]
    left = {session.id for session in event.sessions}
    gone = [session_id for session_id in before if session_id not in left]
    if len(gone) > FEW and len(gone) * 2 > len(before):
        raise EmptiedEventError(
            f"lacks {len(gone)} of the {len(before)} sessions that {event.id} had",
            "if that is meant, run calsvc publish",
        )
    last = event.sessions[-1] if event.sessions else None
    past = previous.event.session(last.id) if last else None
    is_cut_off = past is not None and past != last and _begins(last, past)
    is_shortened = bool(gone) and before[-len(gone) :] == gone
    if last and is_cut_off + is_shortened + ends_midline >= 2:
        raise EmptiedEventError(
            f"looks half-written: it ends with session {last.id}",
            "end its last line; or, if that is meant, run calsvc publish",
        )


def _begins(part: object, whole: object) -> bool:
    """Return whether ``part`` may be what is left of ``whole`` if the file ends within it."""
    if part == whole or part is None:
        return True
    if isinstance(part, Slot) and isinstance(whole, Slot):
        return part.start == whole.start
    if isinstance(part, str) and isinstance(whole, str):
        return whole.startswith(part)
    if isinstance(part, tuple) and isinstance(whole, tuple):
        return len(part) <= len(whole) and all(map(_begins, part, whole))
    if isinstance(part, BaseModel) and isinstance(whole, BaseModel):
        given = part.model_fields_set
        return all(_begins(getattr(part, name), getattr(whole, name)) for name in given)
    return False


def publish_event(
    storage: Storage,
    event: Event,
    source: str,
    message: str = "",
    *,
    refuse: Callable[[Version, Schedule], None] | None = None,
) -> Version | None:
    """Publish an event, and return its new version; None if nothing changed.

    ``refuse`` raises an error if the event must not follow the newest version; without it,
    ``EmptiedEventError`` is raised if every session would be cancelled.  Raises
    ``RenamingError`` if the event is called otherwise now, or has a former id of another.
    """

    def make(version: Version | None, previous: Schedule | None) -> Draft | None:
        if version and previous and refuse:
            refuse(version, previous)
        elif previous:
            refuse_emptied(event, previous)
        return draft(event, version, previous, source, message)

    return storage.append(event.id, make, event.formerly)


def withdraw(storage: Storage, event_id: str, message: str = "") -> Version:
    """Withdraw an event, and return that version: its feeds answer 410 from now on.

    Raises ``UnknownNameError``, ``WithdrawnEventError`` if it is withdrawn already, and
    ``RenamingError`` if it is called otherwise now.
    """
    known = sorted(storage.numbers())

    def make(version: Version | None, previous: Schedule | None) -> Draft:
        if version is None or previous is None:
            raise UnknownNameError("event", event_id, known)
        if version.is_withdrawn:
            raise WithdrawnEventError(event_id)
        source = f"calsvc on {socket.gethostname()}"
        schedule = withdrawn(previous, datetime.now(UTC))
        return Draft(schedule, source, message, (WITHDRAWN,), is_withdrawn=True)

    version = storage.append(event_id, make)
    assert version  # a draft was made
    return version


def roll_back(storage: Storage, event_id: str, number: int, message: str = "") -> Version | None:
    """Publish the agenda of an earlier version as a new version, whose stamps still increase.

    Returns None if that agenda is published already.  Raises ``UnknownNameError``,
    ``EmptiedEventError`` if every session would be cancelled, and ``RenamingError`` if the
    event is called otherwise now.
    """
    known = storage.numbers()
    if event_id not in known:
        raise UnknownNameError("event", event_id, sorted(known))
    _, past = storage.version(event_id, number)
    source = f"version {number}"
    try:
        return publish_event(storage, past.event, source, message)
    except EmptiedEventError as error:
        raise EmptiedEventError(f"{source} {error.what}", error.advice) from error


# --- files --------------------------------------------------------------------------------


def publish_files(
    storage: Storage,
    paths: list[Path],
    message: str = "",
    *,
    watched: dict[Path, str] | None = None,
) -> Outcome:
    """Publish the event of each file, and report the files that cannot be published.

    ``watched`` is a watcher's memory: the digest of each file's last agenda, which this
    updates.  With it, only agendas that were edited since, or never published before, are
    published: an old copy of a file stays an old copy.  Raises ``StorageError``.
    """
    outcome = Outcome()
    for path in paths:
        try:
            version = _publish_file(storage, path, message, watched)
        except EventFileError as error:
            outcome.problems += error.problems
        except (EmptiedEventError, RenamingError) as error:
            outcome.problems.append(Problem(str(path), 0, 0, "", error.what, error.advice))
        else:
            if version:
                outcome.published.append(version)
            else:
                outcome.unchanged.append(path.stem)
    return outcome


def _publish_file(
    storage: Storage, path: Path, message: str, watched: dict[Path, str] | None
) -> Version | None:
    ends_midline = watched is not None and _ends_midline(path)
    event = eventfile.read(path)
    refuse_both(storage, event, path)
    if watched is None:
        return publish_event(storage, event, _source(path), message)
    agenda = digest(event)
    is_edit = watched.setdefault(path, agenda) != agenda

    # Called within the transaction, so that what another machine publishes meanwhile counts.
    def refuse(version: Version, previous: Schedule) -> None:
        if not is_edit and _is_old_copy(storage, version, agenda):
            what = "was published before, and something else is published now"
            raise EventFileError([_warning(path, what, "to publish it again, run calsvc publish")])
        refuse_lost(event, previous, ends_midline=ends_midline)

    version = publish_event(storage, event, _source(path), message, refuse=refuse)
    watched[path] = agenda
    return version


def refuse_both(storage: Storage, event: Event, path: Path) -> None:
    """Raise ``RenamingError`` if an event would go on from an id that has a file of its own.

    ``path`` is the event's file.  Once it has gone on, such a file is told of by itself.
    """
    for _, file in former_files(event, path):
        if not _goes_on(storage, file.stem):
            raise RenamingError(*still_there(file))


def _ends_midline(path: Path) -> bool:
    try:
        return not path.read_bytes().endswith(b"\n")
    except OSError:
        return False  # reading it as an event file reports what is wrong


def _is_old_copy(storage: Storage, newest: Version, agenda: str) -> bool:
    if newest.digest == agenda:
        return newest.is_withdrawn
    return storage.has_published(newest.event_id, agenda)


def _warning(path: Path, what: str, advice: str) -> Problem:
    return Problem(str(path), 0, 0, "", what, advice, "warning")


def _source(path: Path) -> str:
    # Includes the folder's name: one machine may publish from several folders.
    return f"{'/'.join(path.absolute().parts[-2:])} on {socket.gethostname()}"


def vanished(storage: Storage, folder: Path) -> list[Problem]:
    """Return a warning for each event whose file was published from this folder and is gone."""
    problems = []
    for event_id in sorted(storage.numbers()):
        (newest,) = storage.history(event_id, limit=1)
        files = [folder / f"{event_id}{suffix}" for suffix in eventfile.SUFFIXES]
        if newest.is_withdrawn or any(file.exists() for file in files):
            continue
        if newest.source in map(_source, files) and not _goes_on(storage, event_id):
            advice = f"to take it back, run calsvc publish --withdraw {event_id}"
            what = "is gone, and its event stays as it was published"
            problems.append(_warning(files[0], what, advice))
    return problems


def _goes_on(storage: Storage, event_id: str) -> bool:
    """Return whether an event goes on under another id."""
    newest = storage.newest(event_id)
    return newest is not None and newest[1].successor is not None
