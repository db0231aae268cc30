"""An import from its source to its files: an event file that is new, or a later state of one.

Nothing is written before all of it is known to be right: the new text is read as any event
file, and replaces the old one in one step.
"""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.agenda.yamlfile import Document
from calsvc.errors import EventFileError, Problem, SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.drawing import Drawing, draw
from calsvc.importers.merging import Merge, merge, own_fields
from calsvc.importers.revising import revised
from calsvc.importers.sheets import sheet
from calsvc.importers.snapshots import Snapshot, encoded, known_snapshot, snapshot_path
from calsvc.importers.sources import Source
from calsvc.importers.table import read
from calsvc.schedule.differences import Change, changes
from calsvc.schedule.publishing import publish

SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Before all sessions, so that none of them is too old to tell of."""

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
    def changes(self) -> tuple[Change, ...]:
        """Return what publishing would tell of the change; nothing of a new file."""
        if self.before is None:
            return ()
        published = publish(self.before, None, SOME_TIME)
        return changes(published, publish(self.event, published, SOME_TIME))


def prepared(path: Path, source: Source, wishes: Wishes, form: str | None = None) -> Import:
    """Return what importing a source makes of an event file; write nothing.

    ``form`` names a reader; without it, content does.  Raises ``SourceError``, and
    ``EventFileError`` if the file that is there cannot be read.
    """
    if path.exists():
        wishes = replace(wishes, name=wishes.name or eventfile.read(path).name)
    draft, reader = read(source, wishes, form)
    return planned(path, draw(draft, wishes, source.name), source.name, reader.name)


def planned(path: Path, drawing: Drawing, source: str, form: str) -> Import:
    """Return what a drawing makes of an event file; write nothing.

    ``source`` and ``form`` say where it came from.  Raises as ``prepared`` does.
    """
    if not path.exists():
        head = [line.format(source=source) for line in HEAD]
        text = sheet(drawing.mapping, drawing.guesses, head)
        sessions = {each["id"]: each for each in drawing.sessions}
        snapshot = Snapshot(source, form, own_fields(drawing.mapping), sessions, drawing.keys)
        event, warnings = _checked(text, path, source)
        return Import(path, text, None, event, None, form, drawing, None, snapshot, tuple(warnings))
    before = eventfile.read(path)
    there = path.read_text("utf-8-sig")
    document = Document(str(path), there)
    merged = merge(document.root, known_snapshot(path), drawing, source, form)
    text = revised(document, there, merged) if merged else there
    event, warnings = _checked(text, path, source)
    assert merged.snapshot
    return Import(
        path, text, there, event, before, form, drawing, merged, merged.snapshot, tuple(warnings)
    )


def following_too(done: Import, follow: Mapping[str, Any]) -> Import:
    """Return an import whose event file says that it follows its source."""
    document = Document(str(done.path), done.text)
    kept = {name: str(value) for name, value in follow.items() if value is not True}
    flags = {name: value for name, value in follow.items() if value is True}
    text = revised(document, done.text, Merge(event={"follow": {**kept, **flags}}))
    return replace(done, text=text)


def _checked(text: str, path: Path, source: str) -> tuple[Event, list[Problem]]:
    try:
        return eventfile.parse(text, path.stem, str(path))
    except EventFileError as error:
        advice = "correct the source, or what you changed in the event file"
        what = f"would make an event file with mistakes:\n{error}\n"
        raise SourceError(source, what, advice) from error


def write(done: Import) -> None:
    """Write the event file of an import, and what its source said beside it.

    Raises ``SourceError`` if they cannot be written, or if somebody wrote the file meanwhile.
    """
    now = done.path.read_text("utf-8-sig") if done.path.exists() else None
    if now != done.text_before:
        raise SourceError(str(done.path), "was changed meanwhile", "import once more")
    if done.text != done.text_before:
        replace_file(done.path, done.text.encode())
    replace_file(snapshot_path(done.path), encoded(done.snapshot))


def replace_file(path: Path, octets: bytes) -> None:
    """Replace the content of a file in one step: whoever reads it has the old or the new one.

    Raises ``SourceError`` if it cannot be written.
    """
    try:
        if path.exists() and path.read_bytes() == octets:
            return
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
        raise SourceError(str(path), f"cannot be written: {reason}", "check its rights") from error
