"""Files, folders and archives as sources."""

import io
import zipfile
from pathlib import Path

import pytest

from calsvc.errors import SourceError
from calsvc.importers.fetch import archives
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.fetch.sources import MAX_OCTETS, Source


def packed(*members: tuple[str, bytes]) -> bytes:
    """Return a zip archive of these files."""
    octets = io.BytesIO()
    with zipfile.ZipFile(octets, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return octets.getvalue()


def members_of(source: Source) -> dict[str, bytes]:
    """Return the content of a source's members, by their paths."""
    return {path: each.octets for path, each in source.members.items()}


def test_file_is_its_octets(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"hello")

    assert opened(path) == opened(str(path)) == Source(str(path), b"hello")


def test_folder_has_its_files_as_members(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.json").write_bytes(b"2")
    (tmp_path / "a.json").write_bytes(b"1")
    (tmp_path / ".hidden").write_bytes(b"3")
    (tmp_path / "link").symlink_to("/etc/hostname")

    assert members_of(opened(tmp_path)) == {"a.json": b"1", "deep/b.json": b"2"}


def test_archive_has_its_files_as_members_without_the_folder_of_all(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(
        packed(
            ("conf/a.json", b"1"),
            ("conf/deep/b.json", b"2"),
            ("__MACOSX/conf/a.json", b"3"),
            ("conf/.DS_Store", b"4"),
        )
    )

    source = opened(path)

    assert (source.octets, members_of(source)) == (b"", {"a.json": b"1", "deep/b.json": b"2"})


def test_archive_of_one_file_is_that_file() -> None:
    source = archives.unpacked(Source("a.zip", packed(("deep/talks.ics", b"hello"))))

    assert (source.name, source.octets) == ("a.zip: deep/talks.ics", b"hello")


def test_spreadsheet_stays_as_it_is() -> None:
    octets = packed(("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>"))

    assert archives.unpacked(Source("a.xlsx", octets)) == Source("a.xlsx", octets)


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xffhello")))

    assert opened("-") == Source("standard input", b"\xffhello")


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (packed(("a.txt", b"hello"), ("b.txt", b"hello"))[:-30], "is a broken archive: "),
        (packed(("a", b"1"))[:30] + bytes(100), "is a broken archive: "),
        (packed(), "has no files in it"),
        (packed((".hidden", b"1")), "has no files in it"),
        (
            packed(("a", bytes(MAX_OCTETS // 2)), ("b", bytes(MAX_OCTETS // 2 + 1))),
            "has more than 64 MiB; give the agenda alone",
        ),
        (packed(*((f"{number}", b"") for number in range(1001))), "has more than 1000 files"),
    ],
    ids=["cut", "zeros", "empty", "hidden", "bomb", "many"],
)
def test_archive_that_cannot_be_is_told(octets: bytes, expected: str) -> None:
    octets = octets if octets.startswith(archives.ZIP) else archives.ZIP + octets

    with pytest.raises(SourceError, match=f"^a.zip: {expected}"):
        archives.unpacked(Source("a.zip", octets))


def test_every_cut_of_an_archive_is_told_or_read() -> None:
    octets = packed(("a.txt", b"hello" * 20), ("b.txt", b"other" * 20))

    for end in range(4, len(octets)):
        changed = octets[:end] + bytes([octets[end] ^ 0xFF]) + octets[end + 1 :]
        for each in (octets[:end], changed):
            try:
                archives.unpacked(Source("a.zip", each))
            except SourceError:
                pass


@pytest.mark.parametrize("name", ["nothing", "no\0name", "x" * 5000])
def test_file_that_is_not_there_is_told(name: str) -> None:
    with pytest.raises(SourceError, match="check"):
        opened(name)


def test_file_that_never_ends_is_refused() -> None:
    with pytest.raises(SourceError, match="has more than 64 MiB"):
        opened("/dev/zero")
