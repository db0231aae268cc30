"""Publishing for good: an event, or its file → storage.

A file that is broken, half-written, emptied or gone never takes an event off people's
calendars: the last good version stays, and the publisher is told.  Changes that a watcher
finds, which nobody asked to publish, are checked more strictly.
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from calsvc.agenda import eventfile
from calsvc.agenda.folder import SUFFIXES
from calsvc.agenda.formerly import former_files, still_there
from calsvc.agenda.model import Event
from calsvc.errors import (
    AbsentTextError,
    EmptiedEventError,
    EventFileError,
    Problem,
    RenamingError,
    StorageError,
    UnknownNameError,
    UnreadableVersionError,
    WithdrawnEventError,
)
from calsvc.schedule.absences import refuse_absent
from calsvc.schedule.copies import Copy, Standing, standing
from calsvc.schedule.differences import Change, changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.losses import looks_half_written, refuse_emptied, refuse_lost
from calsvc.schedule.phrases import phrase
from calsvc.schedule.publishing import publish, withdrawn
from calsvc.schedule.renaming import renamed
from calsvc.schedule.returns import RETURNS
from calsvc.schedule.versions import Draft, Version, digest
from calsvc.storage.copies import LONGEST_NAME
from calsvc.storage.schedules import Storage
from calsvc.translations import N_

RESTS = 5  # seconds without a change after which a file that looks half-written is not
WITHDRAWN = Change(facts=(phrase(N_("Withdrawn")),))

log = logging.getLogger(__name__)


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


def publish_event(
    storage: Storage,
    event: Event,
    source: str,
    message: str = "",
    *,
    copy: Copy | None = None,
    refuse: Callable[[Version, Schedule], None] | None = None,
) -> Version | None:
    """Publish an event, and return its new version; None if nothing changed.

    ``copy`` is the copy of its file that it comes from.  ``refuse`` raises an error if
    the event must not follow what was before it; without it, ``EmptiedEventError`` is raised
    if every session would be cancelled.  Raises ``RenamingError`` if the event is called
    otherwise now, or has a former id of another, and ``AbsentTextError`` if it has a text that
    was taken out for good.
    """

    def make(version: Version | None, previous: Schedule | None) -> Draft | None:
        if version and previous and refuse:
            refuse(version, previous)
        elif previous:
            refuse_emptied(event, previous)
        refuse_absent(event, storage.absences(event, previous), previous)
        return draft(event, version, previous, source, message)

    return storage.append(event.id, make, copy, event.formerly)


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


def publisher_of(folder: Path) -> str:
    """Return the name of whoever publishes a folder of this machine."""
    return _text(f"{socket.gethostname()}:{folder.absolute()}")[-LONGEST_NAME:]


def publish_files(
    storage: Storage,
    paths: Iterable[Path],
    message: str = "",
    *,
    watched_since: datetime | None = None,
) -> Outcome:
    """Publish the event of each file, and report the files that cannot be published.

    With ``watched_since``, the UTC instant since when a watcher runs, an old copy stays
    an old copy, and what may be damaged is held back.  Raises ``StorageError``.
    """
    outcome = Outcome()
    for path in paths:
        try:
            version = _publish_file(storage, path, message, watched_since)
        except EventFileError as error:
            outcome.problems += error.problems
        except (AbsentTextError, EmptiedEventError, RenamingError) as error:
            outcome.problems.append(_problem(path, error.what, error.advice))
        except UnreadableVersionError as error:
            what = "cannot follow the version before it"
            outcome.problems.append(_problem(path, what, str(error)))
        except StorageError:
            raise
        except Exception as error:  # calsvc's own fault, and the other files go on
            log.debug("%s", path, exc_info=True)
            advice = "change what it says last, and tell the makers of calsvc"
            outcome.problems.append(_problem(path, f"cannot be published: {error!r}", advice))
        else:
            if version:
                outcome.published.append(version)
            else:
                outcome.unchanged.append(path.stem)
    return outcome


def _publish_file(
    storage: Storage, path: Path, message: str, watched_since: datetime | None
) -> Version | None:
    rests = _rests(path)
    event = eventfile.read(path)
    refuse_both(storage, event, path)
    ends_midline = _ends_midline(path)
    source = _source(path)
    copy = Copy(publisher_of(path.parent), event.id, digest(event), datetime.now(UTC))
    if watched_since is None:
        return publish_event(storage, event, source, message, copy=copy)

    stands = Standing.EDIT

    # Called again if another machine publishes meanwhile, so that this counts.
    def refuse(version: Version, previous: Schedule) -> None:
        nonlocal stands
        stands = _standing(storage, version, copy, source, watched_since)
        if stands is not Standing.EDIT:
            now = (
                "the event is withdrawn" if version.is_withdrawn else "something else is published"
            )
            advice = "to publish it again, run calsvc publish"
            raise EventFileError([_warning(path, f"was published before, and {now} now", advice)])
        refuse_lost(event, previous, str(path))
        if not rests and looks_half_written(event, previous, ends_midline=ends_midline):
            raise EmptiedEventError(
                f"looks half-written: it ends with session {event.sessions[-1].id}",
                f"it is published as soon as it has not changed for {RESTS} seconds",
            )

    try:
        return publish_event(storage, event, source, message, copy=copy, refuse=refuse)
    finally:
        if stands is Standing.OLD:
            storage.remember(copy)


def _standing(
    storage: Storage, newest: Version, copy: Copy, source: str, since: datetime
) -> Standing:
    if newest.digest == copy.digest and not newest.is_withdrawn:
        return Standing.EDIT
    known = storage.copies(copy.event_id)
    # Where a text was taken out of all versions, the copy alone knows what was published.
    is_known = (copy.publisher, copy.digest) in {(each.publisher, each.digest) for each in known}
    if not is_known and not storage.has_published(copy.event_id, copy.digest):
        return Standing.EDIT
    return standing(copy, newest, known, source=source, since=since)


def _rests(path: Path) -> bool:
    """Tell whether nobody has written to a file for a while."""
    try:
        changed = path.stat().st_ctime_ns  # which no copying program sets back
    except OSError:
        return True  # to read it as an event file tells what is wrong
    return abs(time.time_ns() - changed) > RESTS * 1e9  # the clock may be wrong


def refuse_both(storage: Storage, event: Event, path: Path) -> None:
    """Raise ``RenamingError`` if an event would go on from an id that has a file of its own.

    ``path`` is the event's file.  Once it has gone on, such a file is told of by itself.
    """
    for _, file in former_files(event, path):
        if not _goes_on(storage, file.stem):
            raise RenamingError(*still_there(file))


def _ends_midline(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read() != b"\n"
    except OSError:
        return False  # it has changed since it was read


def _problem(path: Path, what: str, advice: str) -> Problem:
    return Problem(str(path), 0, 0, "", what, advice)


def _warning(path: Path, what: str, advice: str) -> Problem:
    return Problem(str(path), 0, 0, "", what, advice, "warning")


def _source(path: Path) -> str:
    # With the folder's name: one machine may publish from several.
    return _text(f"{'/'.join(path.absolute().parts[-2:])} on {socket.gethostname()}")


def _text(name: str) -> str:
    """Return a name that may hold any octets as a text that can be stored."""
    return name.encode("utf-8", "replace").decode()


def vanished(storage: Storage, folder: Path, files: Iterable[Path]) -> list[Problem]:
    """Tell of each event that was published from a file of this folder which is gone.

    ``files`` are the event files that are there.
    """
    there = {path.stem for path in files}
    problems = []
    for event_id in sorted(storage.numbers().keys() - there):
        gone = folder / f"{event_id}{SUFFIXES[0]}"
        sources = {_source(gone.with_suffix(suffix)).casefold() for suffix in SUFFIXES}
        try:
            (newest,) = storage.history(event_id, limit=1)
            is_left = newest.is_withdrawn or _goes_on(storage, event_id)
        except UnreadableVersionError:
            continue  # whoever serves it tells
        if newest.source.casefold() in sources and not is_left:
            advice = f"to take it back, run calsvc publish --withdraw {event_id}"
            what = "is gone, and its event stays as it was published"
            problems.append(_warning(gone, what, advice))
    return problems


def _goes_on(storage: Storage, event_id: str) -> bool:
    """Return whether an event goes on under another id."""
    newest = storage.newest(event_id)
    return newest is not None and newest[1].successor is not None
