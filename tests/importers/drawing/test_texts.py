"""Foreign texts, addresses, languages and colours, as event files accept them."""

import pytest
from foreign import ANY_TEXT
from hypothesis import given
from pydantic import TypeAdapter

from calsvc.agenda.fields import Line, Text
from calsvc.importers.drawing import texts

LINE: TypeAdapter[str] = TypeAdapter(Line)
TEXT: TypeAdapter[str] = TypeAdapter(Text)


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (" a \n b\tc ", "a b c"),
        ("a\u2028b\u2029c\x85d\re\x0bf", "a b c d e f"),
        ("a\x00b\x07c\ufeff", "abc"),
        ("a\u202eb", "ab"),
        ("\u200b\u2800", None),
        ("", None),
        (None, None),
        ("x" * 500, "x" * 500),
        ("x" * 501, "x" * 499 + "…"),
        ("e\u0301 漢 🎉", "e\u0301 漢 🎉"),
    ],
)
def test_line(given: str | None, line: str | None) -> None:
    assert texts.line(given) == line


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a  \nb\n\n\n\nc\n", "a\nb\n\nc"),
        ("a\u2029b\u2028c", "a\n\nb\nc"),
        ("- a\n  - b\n\n\tcode", "- a\n  - b\n\n\tcode"),
        (" \n ", None),
        (None, None),
        ("x" * 20_001, "x" * 19_999 + "…"),
    ],
)
def test_text(given: str | None, text: str | None) -> None:
    assert texts.text(given) == text


@given(value=ANY_TEXT)
def test_any_text_is_accepted_or_nothing(value: str) -> None:
    line, text = texts.line(value), texts.text(value)

    assert line is None or LINE.validate_python(line) == line
    assert text is None or TEXT.validate_python(text) == text


@pytest.mark.parametrize(
    ("given", "link"),
    [
        ("https://example.org/a b", "https://example.org/a%20b"),
        (" http://example.org ", "http://example.org"),
        ("www.example.org", "https://www.example.org"),
        ("example.org/talks?id=1", "https://example.org/talks?id=1"),
        ("tba", None),
        ("T.B.A", None),
        ("1.5", None),
        ("javascript:alert(1)", None),
        ("https://user:secret@example.org/", None),
        ("/talks/1", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_link(given: str | None, link: str | None) -> None:
    assert texts.link(given) == link


@pytest.mark.parametrize(
    ("given", "language"),
    [
        ("de", "de"),
        ("de_DE", "de-DE"),
        ("EN", "en"),
        ("pt-BR", "pt-BR"),
        ("eng", "en"),
        ("deu", "de"),
        ("Deutsch", "de"),
        ("GERMAN", "de"),
        ("English", "en"),
        ("français", "fr"),
        ("日本語", "ja"),
        ("Klingon", None),
        ("de, en", None),
        ("", None),
        (None, None),
    ],
)
def test_language(given: str | None, language: str | None) -> None:
    assert texts.language(given) == language


@pytest.mark.parametrize(
    ("given", "color"),
    [
        ("#ff0000", "red"),
        ("#FE0101", "red"),
        ("00f", "blue"),
        ("#ffffff", "white"),
        ("Navy", "navy"),
        ("rgb(1, 2, 3)", None),
        ("#ff00", None),
        ("", None),
        (None, None),
    ],
)
def test_color(given: str | None, color: str | None) -> None:
    assert texts.color(given) == color


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ((48.1, 11.5), [48.1, 11.5]),
        ((-0.0, 1e-9), [0.0, 0.0]),
        ((48.123456789, 0.00001), [48.123457, 0.0]),
        ((91.0, 0.0), None),
        ((float("nan"), 0.0), None),
        ((float("inf"), 0.0), None),
        (None, None),
    ],
)
def test_place(given: tuple[float, float] | None, place: list[float] | None) -> None:
    assert texts.place(given) == place


@pytest.mark.parametrize(
    ("given", "uid"),
    [("abc@example.org", "abc@example.org"), ("a\nb", None), ("", None), (None, None)],
)
def test_uid(given: str | None, uid: str | None) -> None:
    assert texts.uid(given) == uid


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("a DB architect\u00e2\x80\x99s view", "a DB architect\u2019s view"),
        ("Node \u00e2\x80\x93 f\u00c3\x9cr alle", "Node \u2013 f\u00dcr alle"),
        ("\u00dcber caf\u00e9s", "\u00dcber caf\u00e9s"),
        ("\u00c3\u00a9t\u00e9", "\u00c3\u00a9t\u00e9"),  # may be meant: no control character
        ("odd \x9c here", "odd here"),
    ],
)
def test_text_that_was_read_in_another_code_is_read_again(given: str, meant: str) -> None:
    assert texts.line(given) == meant
    assert texts.text(given) == meant.replace("odd here", "odd  here")
