"""Texts of an agenda: what cannot stand in a calendar is refused with a word; and slugs."""

import pytest
from conftest import event_of
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from texts import SLOT

from calsvc.agenda.fields import slug
from calsvc.agenda.model import Session
from calsvc.errors import EventFileError

CONTROLS = [*map(chr, (*range(0x20), *range(0x7F, 0xA0))), *"\u2028\u2029\ufeff\ufffe\uffff"]
NAMES = {
    "\n": "a line break",
    "\u2028": "LINE SEPARATOR",
    "\u2029": "PARAGRAPH SEPARATOR",
    "\ufeff": "ZERO WIDTH NO-BREAK SPACE",
}


def refusal(character: str, advice: str = "take it out") -> str:
    """Return the words with which a character in the third place is refused."""
    name = NAMES.get(character, "a control character")
    return f"has U+{ord(character):04X} ({name}) at character 3; {advice}"


@pytest.mark.parametrize("character", CONTROLS, ids=lambda character: f"U+{ord(character):04X}")
def test_title_with_what_calendars_cannot_hold_is_refused(character: str) -> None:
    advice = "write it on one line" if character == "\n" else "take it out"
    fields = {"id": "talk", "title": f"a {character}b"}

    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)
    with pytest.raises(EventFileError) as told:
        event_of(f"""
            name: Conf
            timezone: Europe/Berlin
            date: 2025-06-25
            sessions:
              - id: talk
                title: "a \\u{ord(character):04x}b"
            """)

    [error] = refused.value.errors()
    assert (error["type"], error["loc"], error["msg"]) == (
        "agenda",
        ("title",),
        refusal(character, advice),
    )
    assert str(told.value) == f"conf.yaml:7:12: session talk, title: {refusal(character, advice)}"


@pytest.mark.parametrize("character", CONTROLS, ids=lambda character: f"U+{ord(character):04X}")
def test_description_with_what_calendars_cannot_hold_is_refused(character: str) -> None:
    fields = {"id": "talk", "title": "Talk", "description": f"a {character}b"}

    if character in "\n\t":
        assert Session.model_validate(fields).description == f"a {character}b"
        return
    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)

    [error] = refused.value.errors()
    assert (error["type"], error["loc"], error["msg"]) == (
        "agenda",
        ("description",),
        refusal(character),
    )


@pytest.mark.parametrize(
    "place",
    [
        {"tags": ["a \x00b"]},
        {"room": "a \x00b"},
        {"track": "a \x00b"},
        {"people": [{"name": "a \x00b"}]},
        {"people": [{"name": "A", "organization": "a \x00b"}]},
        {"people": ["a \x00b"]},
        {"links": [{"url": "https://example.org/", "title": "a \x00b"}]},
        {"level": "a \x00b"},
        {"when": SLOT | {"room": "a \x00b"}},
    ],
    ids=str,
)
def test_control_character_anywhere_is_refused(place: dict[str, object]) -> None:
    fields = {"id": "talk", "title": "Talk", **place}

    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)

    assert [(error["type"], error["msg"]) for error in refused.value.errors()] == [
        ("agenda", refusal("\x00"))
    ]


@pytest.mark.parametrize("character", ["\ud800", "\udfff"], ids=ascii)
def test_half_of_a_character_is_refused(character: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Session.model_validate({"id": "talk", "title": f"a {character}b"})

    # No file holds one: UTF-8 has no octets for it, and YAML refuses its escape.
    assert [error["type"] for error in refused.value.errors()] == ["string_unicode"]


@pytest.mark.parametrize(
    ("written", "title"),
    [("  Talk  ", "Talk"), ("\u3000Talk\u00a0", "Talk"), ("Talk\n", "Talk"), (101, "101")],
)
def test_white_space_at_the_ends_is_no_part_of_a_title(written: object, title: str) -> None:
    session = Session.model_validate({"id": "talk", "title": written})

    assert session.title == title


@pytest.mark.parametrize("written", ["", " ", "\u3000", "\n"])
def test_empty_title_is_refused(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Session.model_validate({"id": "talk", "title": written})

    [error] = refused.value.errors()
    assert (error["type"], error["msg"]) == (
        "agenda",
        "is empty; write something, or take the key out",
    )


# --- slugs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hall A", "hall-a"),
        ("  AI & ML ", "ai-ml"),
        ("snake_case", "snake-case"),
        ("Jelena Pješivac-Grbović", "jelena-pjesivac-grbovic"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ünïcödé x²", "unicode-x2"),
        ("Αθήνα", "αθηνα"),
        ("Йога", "йога"),
        ("हिन्दी", "हिन्दी"),
        ("がぎ", "がぎ"),
        ("한국어", "한국어"),
        ("★", ""),
        ("", ""),
    ],
)
def test_slug_is_a_text_as_words(text: str, words: str) -> None:
    assert slug(text) == words


@given(st.text())
@settings(max_examples=200)
def test_slug_of_a_slug_is_the_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)
