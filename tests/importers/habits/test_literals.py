"""Plain text becomes Markdown of which the same plain text is made."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsvc.agenda.plaintext import joined, plain
from calsvc.importers.habits.literals import literal

PIECES = (
    *("2*3*4", "a*b*c", "*so*", "**so**", "__init__.py", "_so_", "snake_case", "`a`", "~~a~~"),
    *("# x", "#x", "> x", ">> x", "---", "===", "- - -", "***", "___", "1. x", "1) x", "3. x"),
    *("![i](https://a.example/q)", "[a](https://a.example/)", "[a][b]", "[b]: https://b.c"),
    *("<branch-name>", "<https://a.example/l_1_>", "<a@b.example>", "https://a.example/?p=a_b*c*d"),
    *("\\", "\\\\server\\file_x_", "C:\\Users\\*", "\\*", "&amp;", "&lt;b&gt;", "AT&T", "&"),
    *("    code", "  two", "\ttab", "```", "~~~", "| a | b |", "|---|---|", "--|--", ":-:"),
    *("words", "end.", "+49 30 1", "+ plus", "x\\", "(c) -- ...", "!", "[ ] todo", "=1+1"),
)
TEXTS = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from((" ", "", "\n", "\n\n", "\n\n\n\n"))),
    min_size=1,
    max_size=8,
).map(lambda found: "".join(map("".join, found)).strip())
LISTS = ("* x", "* one\n* two", "- one\n  - in it\n- two", "1. one\n2. two", "Text\n- one\n- two")


@pytest.mark.parametrize("text", PIECES)
def test_piece_comes_out_as_it_was(text: str) -> None:
    assert plain(literal(text.strip())) == text.strip()
    assert plain(literal(f"Words.\n{text}\nEnd")) == f"Words.\n{text}\nEnd"


@given(TEXTS)
def test_any_pieces_come_out_as_they_were(text: str) -> None:
    text = "\n".join(line.rstrip() for line in text.split("\n"))

    shown = plain(literal(text))

    assert shown == joined(text) or (literal(text) == text and items(shown) == items(text))


def items(text: str) -> list[str]:
    """Return the lines of a list, whatever sign they begin with."""
    return [re.sub(r"^(\s*)[•*-]", r"\1-", line) for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("text", [*LISTS, "Plain words, & no marks: snake_case", "a\n\n\nb"])
def test_text_without_marks_and_lists_stay(text: str) -> None:
    assert literal(text) == text


def test_lines_that_are_full_are_not_joined_for_their_escapes() -> None:
    text = f"{'word ' * 14}*a*\n{'other ' * 11}*b*\nand *c*"

    assert "*a*" in plain(literal(text))
    assert plain(literal(text)).replace("\n", " ") == text.replace("\n", " ")
