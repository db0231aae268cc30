"""What a parser says of a broken source is told in a line that people can read."""

import pytest
from fuzzing.wording import assert_is_plain

from calsvc.errors import SourceError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read

LONG = "l" + "9" * 6000


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        (
            "a.xml",
            f"<?xml version='1.0'?><schedule><{LONG}></schedule>",
            "is broken XML: Opening and ending tag mismatch: l99",
        ),
        ("a.toml", f'sessions = [{{ title = "a" }}]\n{LONG}', "is broken TOML: Expected '='"),
    ],
)
def test_words_of_a_parser_are_shortened(name: str, text: str, kept: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(Source(name, text.encode()), Wishes())

    assert kept in str(raised.value)
    assert_is_plain(str(raised.value))
    assert len(str(raised.value)) < 800
