"""Lines that say who is in a session, and lines that only look like it."""

import pytest

from calsvc.importers.drafts import DraftPerson
from calsvc.importers.pages import bylines


def people(text: str, *known: str) -> list[DraftPerson] | None:
    """Return the people that a line says."""
    line = bylines.read(text)
    return line and line.people(frozenset(known))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Speaker Ada Example,Engines", [("Ada Example", "Engines", "Speaker")]),
        ("Panelist Bob Sample,Thinking Boxes", [("Bob Sample", "Thinking Boxes", "Panelist")]),
        ("Moderator: Ada Example (Engines)", [("Ada Example", "Engines", "Moderator")]),
        ("Author: Ada Example, Engines", [("Ada Example", "Engines", "Author")]),
        (
            "Speakers: Ada Example, Bob Sample and Cora Test",
            [
                ("Ada Example", None, "Speaker"),
                ("Bob Sample", None, "Speaker"),
                ("Cora Test", None, "Speaker"),
            ],
        ),
        (
            "Authors: Ada Example & Bob Sample, Engines",
            [("Ada Example", "Engines", "Author"), ("Bob Sample", "Engines", "Author")],
        ),
        (
            "Referenten: Ada Example und Bob van der Muster",
            [("Ada Example", None, "Referenten"), ("Bob van der Muster", None, "Referenten")],
        ),
        ("with Ada Example", [("Ada Example", None, None)]),
        ("Moderated by Ada Example", [("Ada Example", None, "moderator")]),
    ],
)
def test_lines_of_people_are_read(
    text: str, expected: list[tuple[str, str | None, str | None]]
) -> None:
    assert people(text) == [DraftPerson(*each) for each in expected]


@pytest.mark.parametrize(
    "text",
    [
        "Speaker dinner at the lake",
        "with bowling and billiards",
        "Lead poisoning and you",
        "By invitation only",
        "Hosts and guests meet",
        "Welcome",
        "",
    ],
)
def test_other_lines_are_no_people(text: str) -> None:
    assert people(text) is None


def test_organization_without_a_comma_is_one_that_is_known() -> None:
    assert people("Authors: Ada Example, and Bob Sample Engines", "Engines") == [
        DraftPerson("Ada Example", "Engines", "Author"),
        DraftPerson("Bob Sample", "Engines", "Author"),
    ]


@pytest.mark.parametrize(
    ("text", "is_people"),
    [
        ("Ada Example", True),
        ("Ada Example and Bob Sample", True),
        ("Jörg Müller, R. Timothy Edwards", True),
        ("No Zoom", False),
        ("Hall B", False),
        ("Making Apps Debuggable", True),
        ("Trustworthy, and Scalable", False),
        ("bowling and billiards", False),
    ],
)
def test_names_have_capitals_and_no_words_of_titles(text: str, is_people: bool) -> None:
    """Three words with capitals may be a title: it takes several titles to believe it."""
    assert bylines.are_names(text) is is_people
