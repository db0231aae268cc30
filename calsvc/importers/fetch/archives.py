"""Files, folders and zip archives → sources, within bounds."""

import lzma
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import MAX_OCTETS, Source

MAX_MEMBERS = 1000
MAX_DEPTH = 10  # of folders
ZIP = b"PK\x03\x04"
DOCUMENTS = frozenset({"[Content_Types].xml", "mimetype", "META-INF/container.xml"})
"""Members of zip archives that are one document: a spreadsheet, a book."""

BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What the zipfile module raises for archives that are broken, locked, or packed in odd ways."""


def read_file(path: str) -> Source:
    """Return a file, the files of a folder or of an archive, or standard input (``-``).

    Raises ``SourceError``.
    """
    if path == "-":
        return unpacked(Source("standard input", _octets(sys.stdin.buffer, "standard input")))
    place = Path(path)
    try:
        if place.is_dir():
            return _folder(place)
        with place.open("rb") as file:
            return unpacked(Source(path, _octets(file, path)))
    except OSError as error:
        what = f"cannot be read: {error.strerror or error}"
        raise SourceError(path, what, "check its name and rights") from error
    except ValueError as error:  # a name that no file can have
        raise SourceError(repr(path), "is no name of a file", "check it") from error


def _octets(file: BinaryIO, name: str) -> bytes:
    octets = file.read(MAX_OCTETS + 1)
    if len(octets) > MAX_OCTETS:
        raise too_large(name)
    return octets


def too_large(name: str, most: int = MAX_OCTETS) -> SourceError:
    """Return the error of a source that has more octets than are read."""
    what = f"has more than {most // 1024**2} MiB"
    return SourceError(name, what, "give the agenda alone, without pictures or recordings")


def _too_many(name: str) -> SourceError:
    what = f"has more than {MAX_MEMBERS} files"
    return SourceError(name, what, "give the folder or file of one event")


def _folder(folder: Path) -> Source:
    members: dict[str, Source] = {}
    total = 0
    for path in _files(folder):
        if len(members) >= MAX_MEMBERS:
            raise _too_many(str(folder))
        with path.open("rb") as file:
            octets = file.read(MAX_OCTETS - total + 1)
        total += len(octets)
        if total > MAX_OCTETS:
            raise too_large(str(folder))
        members[path.relative_to(folder).as_posix()] = Source(str(path), octets)
    return _of(Source(str(folder)), members)


def _files(folder: Path, depth: int = 1) -> Iterator[Path]:
    """Yield the files of a folder by their names, but for hidden ones and those led to."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        if path.is_dir() and depth < MAX_DEPTH:
            yield from _files(path, depth + 1)
        elif path.is_file():
            yield path


def unpacked(source: Source) -> Source:
    """Return a source with the members that it has if it is an archive of several files.

    Raises ``SourceError`` for an archive that is broken, locked or too large.
    """
    if not source.octets.startswith(ZIP):
        return source
    try:
        with zipfile.ZipFile(BytesIO(source.octets)) as archive:
            if not DOCUMENTS.isdisjoint(archive.namelist()):
                return source
            return _of(replace(source, octets=b""), dict(_members(archive, source)))
    except BROKEN as error:
        is_locked = "password" in str(error)
        what = "is locked by a password" if is_locked else f"is a broken archive: {error}"
        raise SourceError(source.name, what, "unpack it, and give the folder") from error


def _members(archive: zipfile.ZipFile, source: Source) -> Iterator[tuple[str, Source]]:
    total = count = 0
    for each in archive.infolist():
        path = PurePosixPath(each.filename)
        is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
        if each.is_dir() or is_hidden or path.is_absolute():
            continue
        count += 1
        if count > MAX_MEMBERS:
            raise _too_many(source.name)
        with archive.open(each) as file:  # what a header says of its size may be wrong
            octets = file.read(MAX_OCTETS - total + 1)
        total += len(octets)
        if total > MAX_OCTETS:
            raise too_large(source.name)
        yield str(path), Source(f"{source.name}: {path}", octets)


def _of(source: Source, members: dict[str, Source]) -> Source:
    """Return a source with its members, without the folder that all of them are in."""
    if not members:
        raise SourceError(source.name, "has no files in it", "give the folder of an event")
    if len(members) == 1:
        return next(iter(members.values()))  # an archive in it stays packed
    while len({path.partition("/")[0] for path in members}) == 1 and all(
        "/" in path for path in members
    ):
        members = {path.partition("/")[2]: each for path, each in members.items()}
    return replace(source, members=members)
