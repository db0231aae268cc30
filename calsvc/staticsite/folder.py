"""A folder that is changed as a whole, and only where something changed.

What is written waits in a folder of its own until all is there, so that a build which fails
changes nothing.  Each file then takes its place at once, and what a build before wrote, and
this one did not, is removed; files of others stay.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from types import TracebackType

from calsvc.errors import BuildError

LIST = ".calsvc-files"
"""The names of all files that the last build wrote, one a line."""
WAITING = ".calsvc-build-"


class Folder:
    """A folder to which a build writes.  Its methods raise ``BuildError``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: Path | None = None
        self._changed: set[PurePosixPath] = set()
        self.before: set[PurePosixPath] = set()
        """What the last build wrote."""
        self.files: set[PurePosixPath] = set()
        """What this build has written, changed or not."""

    def __enter__(self) -> "Folder":
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self.before = self._listed()
            self._waiting = Path(tempfile.mkdtemp(prefix=WAITING, dir=self._path))
        except OSError as error:
            raise _unusable(self._path, error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._waiting
        shutil.rmtree(self._waiting, ignore_errors=True)

    def write(self, name: PurePosixPath, octets: bytes, modified: datetime | None = None) -> None:
        """Write a file, which waits until the build is done.

        ``modified`` is the UTC instant at which it changed last; now, if that is not known.  It
        is dated a second later than the file before, at least: HTTP's dates have no less, and of
        two builds within a second web servers would send the second to nobody.
        """
        assert self._waiting
        self.files.add(name)
        try:
            if self._is_same(name, octets):
                return
            waiting = self._waiting / name
            waiting.parent.mkdir(parents=True, exist_ok=True)
            waiting.write_bytes(octets)
            date = int((modified or datetime.now(UTC)).timestamp())
            with suppress(FileNotFoundError):
                date = max(date, int((self._path / name).stat().st_mtime) + 1)
            os.utime(waiting, (date, date))
        except OSError as error:
            raise _unusable(self._path / name, error) from error
        self._changed.add(name)

    def _is_same(self, name: PurePosixPath, octets: bytes) -> bool:
        path = self._path / name
        return path.is_file() and path.stat().st_size == len(octets) and path.read_bytes() == octets

    def finish(self) -> tuple[int, int]:
        """Put all in its place; return how many files were changed, and how many removed."""
        assert self._waiting
        self._list(self.files | self.before)  # should this one be killed, the next one goes on
        for name in sorted(self._changed):
            try:
                (self._path / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(self._waiting / name, self._path / name)
            except OSError as error:
                raise _unusable(self._path / name, error) from error
        stale = sorted(self.before - self.files)
        for name in stale:
            self._remove(name)
        self._list(self.files)
        return len(self._changed), len(stale)

    def _remove(self, name: PurePosixPath) -> None:
        with suppress(OSError):  # somebody else was faster, or it is a folder by now
            (self._path / name).unlink()
        with suppress(OSError):  # a folder that is not empty stays
            for folder in list(name.parents)[:-1]:
                (self._path / folder).rmdir()

    def _listed(self) -> set[PurePosixPath]:
        try:
            lines = (self._path / LIST).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return set()
        return {name for name in map(PurePosixPath, lines) if _is_inside(name)}

    def _list(self, names: set[PurePosixPath]) -> None:
        text = "".join(f"{name}\n" for name in sorted(names))
        path = self._path / LIST
        if not path.is_file() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def _is_inside(name: PurePosixPath) -> bool:
    """Tell whether a name is of a file in the folder, whoever wrote the list."""
    return bool(name.parts) and not name.is_absolute() and ".." not in name.parts


def _unusable(path: Path, error: OSError) -> BuildError:
    return BuildError(f"{path}: it cannot be written: {error.strerror}; mend that, and build again")
