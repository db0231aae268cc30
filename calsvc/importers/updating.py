"""An import from its source to its files: an event file that is new, or a later state of one.

Nothing is written before all of it is known to be right: the new text is read as any event
file, and replaces the old one in one step.
"""

import os
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

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
from calsvc.importers.table import Reader, read

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
    event: Event
    before: Event | None
    """What the file has now; None if there is none."""
    reader: Reader
    drawing: Drawing
    merge: Merge | None
    """What changes in a file that is there; None for a new one."""
    snapshot: Snapshot
    warnings: tuple[Problem, ...]

    @property
    def is_new(self) -> bool:
        """Tell whether the file is not there yet."""
        return self.merge is None


def prepared(path: Path, source: Source, wishes: Wishes, form: str | None = None) -> Import:
    """Return what importing a source makes of an event file; write nothing.

    ``form`` names a reader; without it, content does.  Raises ``SourceError``, and
    ``EventFileError`` if the file that is there cannot be read.
    """
    before = None
    document = None
    text = ""
    if path.exists():
        before = eventfile.read(path)
        text = path.read_text("utf-8-sig")
        document = Document(str(path), text)
        wishes = replace(wishes, name=wishes.name or before.name)
    draft, reader = read(source, wishes, form)
    drawing = draw(draft, wishes, source.name)
    if document is None:
        head = [line.format(source=source.name) for line in HEAD]
        text = sheet(drawing.mapping, drawing.guesses, head)
        merged = None
        sessions = {each["id"]: each for each in drawing.sessions}
        snapshot = Snapshot(
            source.name, reader.name, own_fields(drawing.mapping), sessions, drawing.keys
        )
    else:
        merged = merge(document.root, known_snapshot(path), drawing, source.name, reader.name)
        text = revised(document, text, merged) if merged else text
        assert merged.snapshot
        snapshot = merged.snapshot
    event, warnings = _checked(text, path, source)
    return Import(path, text, event, before, reader, drawing, merged, snapshot, tuple(warnings))


def _checked(text: str, path: Path, source: Source) -> tuple[Event, list[Problem]]:
    try:
        return eventfile.parse(text, path.stem, str(path))
    except EventFileError as error:
        advice = "correct the source, or what you changed in the event file"
        what = f"would make an event file with mistakes:\n{error}\n"
        raise SourceError(source.name, what, advice) from error


def write(done: Import) -> None:
    """Write the event file of an import, and what its source said beside it.

    Raises ``SourceError`` if they cannot be written.
    """
    if done.is_new or done.merge:
        _replace(done.path, done.text.encode())
    _replace(snapshot_path(done.path), encoded(done.snapshot))


def _replace(path: Path, octets: bytes) -> None:
    """Replace the content of a file in one step: whoever reads it has the old or the new one."""
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
