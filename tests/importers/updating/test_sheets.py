"""Mappings of event files as YAML that people like to read, and that says the same."""

from typing import Any

import pytest
from foreign import ANY_TEXT, DRAFTS, SOURCE, drawn, talk
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calsvc.agenda.yamlfile import Document
from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.drawing import texts
from calsvc.importers.drawing.drawing import draw
from calsvc.importers.updating.sheets import flow, session_block, sheet, written

VALUES = ANY_TEXT.map(texts.text).filter(bool) | ANY_TEXT.map(texts.line).filter(bool)


def test_sheet_is_written_as_a_person_would() -> None:
    drawing = drawn(
        talk(
            "Yes: a # title",
            "2027-06-15 09:00",
            room="101",
            description="One.\n\n# Two\n  three",
            guessed=["1:00 is 13:00"],
            tags=["no", "null"],
        ),
        talk("Later", guessed=["no time"]),
        geo=(52.5, 13.25),
        venue="Zentrum",
        guessed=["the year is taken from the page's address"],
    )

    text = sheet(drawing.mapping, drawing.guesses, ["Imported from agenda.json."])

    assert text == (
        "# Imported from agenda.json.\n"
        "# guessed: the year is taken from the page's address\n"
        "name: Conf\n"
        "timezone: Europe/Berlin\n"
        "date: 2027-06-15\n"
        "venue:\n"
        "  name: Zentrum\n"
        "  geo: [52.5, 13.25]\n"
        "sessions:\n"
        "  - id: yes-a-title\n"
        "    title: 'Yes: a # title'\n"
        "    when: 2027-06-15 09:00-09:30  # guessed: 1:00 is 13:00; no end is given: it lasts"
        " as long as is usual\n"
        "    room: '101'\n"
        "    description: |-\n"
        "      One.\n"
        "\n"
        "      # Two\n"
        "        three\n"
        "    tags:\n"
        "    - no\n"
        "    - 'null'\n"
        "  - id: later\n"
        "    title: Later  # guessed: no time\n"
    )
    assert Document("conf.yaml", text).root == drawing.mapping


@settings(max_examples=60)
@given(draft=DRAFTS)
def test_sheet_says_what_the_mapping_does(draft: Draft) -> None:
    try:
        drawing = draw(draft, Wishes(), SOURCE)
    except SourceError:
        assume(False)

    document = Document("conf.yaml", sheet(drawing.mapping, drawing.guesses, draft.guessed))

    assert document.problems == []
    assert document.root == drawing.mapping


@given(value=VALUES)
def test_any_text_is_read_as_it_was_written(value: str) -> None:
    fields = {"id": "one", "title": value, "description": value, "tags": [value, "x"]}

    assert Document("", written(fields)).root == fields
    assert Document("", session_block(fields, [value])).root == [fields]
    assert Document("", flow(fields)).root == fields
    assert "\n" not in flow(fields)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1.0, "1"), (0.0000001, "0.0000001"), (-11.5, "-11.5"), (0.1, "0.1"), (100.0, "100")],
)
def test_number_has_no_exponent(number: float, text: str) -> None:
    assert written({"geo": [number, 2.5]}) == f"geo: [{text}, 2.5]\n"


@given(guess=st.text())
def test_guess_of_any_letters_is_one_comment(guess: str) -> None:
    fields: dict[str, Any] = {"id": "one", "title": "One", "when": "09:00-10:00"}

    document = Document("", session_block(fields, [guess, guess]))

    assert document.root == [fields]
