"""The formats as they are named, and their readers."""

from calsvc.importers.formats import FORMATS
from calsvc.importers.reading import READERS


def test_every_format_has_a_reader_and_every_reader_a_name() -> None:
    assert list(FORMATS) == list(READERS)


def test_no_two_formats_are_called_alike() -> None:
    assert len({title.casefold() for title in FORMATS.values()}) == len(FORMATS)
