"""What is JSON by its beginning, and what only begins with a bracket."""

import pytest

from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import Source


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b'\xef\xbb\xbf\n [\n {"a": 1}]', [{"a": 1}]),
        (b'[["09:00", "Talk"]]', [["09:00", "Talk"]]),
        (b"[[1, 2]]", [[1, 2]]),
        (b"{}", {}),
        (b"[]", []),
        (b'{"a": "two\nlines\tand a tab"}', {"a": "two\nlines\tand a tab"}),
    ],
)
def test_json(octets: bytes, value: object) -> None:
    assert Source("x", octets).json == value


@pytest.mark.parametrize(
    "octets",
    [
        b"[Agenda](https://example.org)\n",
        b"[1] A footnote",
        b"[ ] To do",
        b"{{ day }}",
        b"09:00 Talk",
    ],
)
def test_text_that_begins_with_a_bracket_is_no_json(octets: bytes) -> None:
    assert Source("page.md", octets).json is None


@pytest.mark.parametrize("octets", [b'{"a": 1', b'[{"a": 1},]', b"{", b'["a"'])
def test_broken_json_is_an_error(octets: bytes) -> None:
    with pytest.raises(SourceError, match=r"x: is broken JSON: .*; fetch or export it again"):
        assert Source("x", octets).json
