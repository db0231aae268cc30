"""An import from its source to its files: an event file that is new, or a later state of one.

Nothing is written before all of it is known to be right: the new text is read as any event
file, and replaces the old one in one step.
"""

import errno
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.agenda.yamlfile import Document
from calsvc.errors import EventFileError, Problem, SourceError, UnreadSourceError
from calsvc.importers.apart import drafted
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.drawing.drawing import Drawing, draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.updating.merging import Merge, merge, own_fields
from calsvc.importers.updating.revising import revised
from calsvc.importers.updating.sheets import sheet
from calsvc.importers.updating.snapshots import (
    Asked,
    Snapshot,
    encoded,
    known_snapshot,
    snapshot_path,
)
from calsvc.schedule.differences import Change, changes
from calsvc.schedule.publishing import publish

SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Before all sessions, so that none of them is too old to tell of."""

MOST_PROBLEMS = 5  # of an event file, that a message names
HEAD = (
    "Imported from {source}.",
    "calsvc import updates it from there: what you change or add by hand stays.",
)


@dataclass(frozen=True)
class Import:
    """What an import makes of an event file."""

    path: Path
    text: str
    """The new content of the file."""
    text_before: str | None
    """What the file has now; None if there is none."""
    event: Event
    before: Event | None
    """The event in the file as it is."""
    format: str
    """The name of the reader that read the source."""
    drawing: Drawing
    merge: Merge | None
    """What changes in a file that is there; None for a new one."""
    snapshot: Snapshot
    warnings: tuple[Problem, ...]

    @property
    def is_new(self) -> bool:
        """Tell whether the file is not there yet."""
        return self.merge is None

    @property
    def is_repair(self) -> bool:
        """Tell whether the source is a calendar that is kept entry for entry."""
        return self.snapshot.asked.wishes.entry_for_entry

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what publishing would tell of the change; nothing of a new file."""
        if self.before is None:
            return ()
        published = publish(self.before, None, SOME_TIME)
        return changes(published, publish(self.event, published, SOME_TIME))


def prepared(
    path: Path, source: Source, wishes: Wishes, form: str | None = None, *, is_new: bool = False
) -> Import:
    """Return what importing a source makes of an event file; write nothing.

    ``form`` names a reader; without it, content does.  ``is_new`` asks for a file that has
    nothing to do with one that may be there.  What was asked for at an earlier import
    is asked again.  Raises ``SourceError``, and ``EventFileError`` if the file that is there
    cannot be read.
    """
    return continued(path, None if is_new else _standing(path), source, wishes, form)


class Standing(NamedTuple):
    """An event file that is there, and what its source said last."""

    text: str
    event: Event | None
    """None as long as the file says only which calendar it repairs."""
    snapshot: Snapshot | None

    @property
    def said(self) -> Mapping[str, Any]:
        """Return the event's name and zone, as far as the file says them."""
        if self.event:
            return {"name": self.event.name, "timezone": self.event.timezone}
        root = Document("", _plain(self.text)).root
        return {key: root[key] for key in ("name", "timezone") if key in root}


def continued(
    path: Path, there: Standing | None, source: Source, wishes: Wishes, form: str | None = None
) -> Import:
    """Return what importing a source makes of what is there, which may be in no file.

    ``path`` is what the event is called by.  Raises as ``prepared`` does.
    """
    before = there.snapshot if there else None
    asked = (before.asked if before else Asked()).and_now(wishes, form)
    wishes = asked.wishes
    draft, reader = drafted(source, wishes, asked.format)
    if there:
        draft.name = draft.name or there.said.get("name")
        zone = there.said.get("timezone")
        if zone and not wishes.timezone and _is_zone_open(draft, zone, before):
            wishes = replace(wishes, timezone=zone)
            if there.event is None:  # later, it could not be told from what the source says
                asked = asked.and_now(wishes, form)
    if not draft.name and not wishes.name:
        draft.name = path.stem.replace("-", " ").replace("_", " ").title()
        draft.guessed.append(
            f"the event is called {draft.name}, as its file; --name gives a better name"
        )
    drawing = draw(draft, wishes, source.name)
    return _planned(path, there, drawing, (source.name, reader, asked))


def _standing(path: Path) -> Standing | None:
    """Return the event file at a path; None if there is none.  Raises ``EventFileError``."""
    if not path.exists():
        return None
    text = eventfile.text_of(path)
    try:
        event, _ = eventfile.parse(_plain(text), path.stem, str(path))
    except UnreadSourceError:
        return Standing(text, None, None)
    return Standing(text, event, known_snapshot(path))


def _plain(text: str) -> str:
    return text.removeprefix(eventfile.BYTE_ORDER_MARK)


def _is_zone_open(draft: Draft, zone: str, before: Snapshot | None) -> bool:
    """Tell whether a draft may be drawn in the zone of an event file.

    That is so where it says no other zone, and, for instants, where a person chose that one.
    """
    if not any(each.start and not each.start.tzinfo for each in draft.sessions):
        return before is None or before.event.get("timezone") != zone
    return not draft.timezone


def planned(path: Path, drawing: Drawing, source: str, form: str) -> Import:
    """Return what a drawing makes of an event file; write nothing.

    ``source`` and ``form`` say where it came from.  Raises as ``prepared`` does.
    """
    there = _standing(path)
    asked = there.snapshot.asked if there and there.snapshot else Asked()
    return _planned(path, there, drawing, (source, form, asked))


def _planned(
    path: Path,
    there: Standing | None,
    drawing: Drawing,
    origin: tuple[str, str, Asked],
) -> Import:
    """Return what a drawing makes of a file; ``origin`` is its source, format and wishes."""
    source, form, asked = origin
    warnings: list[Problem] = []
    if there is None:
        head = [line.format(source=source) for line in HEAD]
        text = sheet(drawing.mapping, drawing.guesses, head)
        sessions = {each["id"]: each for each in drawing.sessions}
        event_fields = own_fields(drawing.mapping)
        merged = Merge(snapshot=Snapshot(source, form, event_fields, sessions, drawing.keys))
        event, warnings = _checked(text, path, source)
    else:
        # Of what is in a file that was never read, all is a person's.
        before = there.snapshot if there.event else Snapshot(source, form, {}, {})
        merged = merge(Document(str(path), _plain(there.text)).root, before, drawing, source, form)
        text, known = there.text, there.event
        if merged or known is None:
            text = revised(str(path), text, merged)
            known, warnings = _checked(text, path, source)
        event = known
    assert merged.snapshot
    return Import(
        path=path,
        text=text,
        text_before=there and there.text,
        event=event,
        before=there and there.event,
        format=form,
        drawing=drawing,
        merge=merged if there else None,
        snapshot=replace(merged.snapshot, asked=asked),
        warnings=tuple(warnings),
    )


def following_too(done: Import, follow: Mapping[str, Any]) -> Import:
    """Return an import whose event file says that it follows its source, and repairs none."""
    kept = {name: value if value is True else str(value) for name, value in follow.items()}
    merged = Merge(event={"follow": kept, "repair": None})
    return replace(done, text=revised(str(done.path), done.text, merged))


def _checked(text: str, path: Path, source: str) -> tuple[Event, list[Problem]]:
    """Return the event that a new text of an event file describes, and the warnings about it."""
    size = len(text.encode())
    if size > eventfile.MAX_OCTETS:
        what = f"would make an event file of {size} octets, more than {eventfile.MAX_OCTETS}"
        raise SourceError(source, what, "import it in parts")
    try:
        return eventfile.parse(_plain(text), path.stem, str(path))
    except EventFileError as error:
        told = "\n".join(map(str, error.problems[:MOST_PROBLEMS]))
        rest = len(error.problems) - MOST_PROBLEMS
        more = f"\nand {rest} more" if rest > 0 else ""
        advice = f"correct the source, or what you changed in the event file:\n{told}{more}"
        raise SourceError(source, "would make an event file with mistakes", advice) from error


def write(done: Import) -> None:
    """Write the event file of an import, and what its source said beside it.

    Raises ``SourceError`` if they cannot be written, or if somebody wrote the file meanwhile.
    """
    before = None if done.text_before is None else done.text_before.encode()
    if octets_of(done.path) != before:
        raise SourceError(str(done.path), "was changed meanwhile", "import once more")
    # In this order: an import that ends in between is made again, and changes nothing more.
    if done.text != done.text_before:
        replace_file(done.path, done.text.encode())
    replace_file(snapshot_path(done.path), encoded(done.snapshot))


def octets_of(path: Path) -> bytes | None:
    """Return what a file holds; None if there is none.  Raises ``SourceError``."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError(str(path), f"cannot be read: {reason}", "check its rights") from error


def replace_file(path: Path, octets: bytes) -> None:
    """Replace the content of a file in one step: whoever reads it has the old or the new one.

    Of a link, that is the file that it leads to.  Raises ``SourceError`` if it cannot be
    written.
    """
    if octets_of(path) == octets:
        return
    path = path.resolve()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(octets)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(mode)
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        reason = error.strerror or str(error)
        is_full = error.errno in {errno.ENOSPC, errno.EDQUOT}
        advice = "make room on its disk" if is_full else "check its rights"
        raise SourceError(str(path), f"cannot be written: {reason}", advice) from error
