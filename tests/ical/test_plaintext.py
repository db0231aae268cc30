"""Descriptions in Markdown, as calendar programs show them: plain text."""

import sys
from collections.abc import Callable

import pytest
from conftest import BASE_URL, client_of, schedule_of
from feeds import feed
from hypothesis import example, given
from pages import structured
from readers import component_of, read_vobject, unescaped
from texts import EXPLICIT, is_plain, plain_abstracts
from tiers import slow

from calsvc.agenda.plaintext import plain

WRAPPED = """\
Feature stores promise to keep training and serving in step, and most of
them do, until the first backfill. We show what broke in ours, in which
order, and what we would do first today.
"""
JOINED = " ".join(WRAPPED.split())
SENTENCES = "Feature stores promise much.\nMost of them keep it.\nWe show what broke in ours."


ADDRESSED = """\
Read the whole story of how we moved forty services to one queue, and
what it cost us, at
https://example.org/blog/2026/how-we-moved-forty-services-to-one-queue
before you come."""
NARROW = """\
Feature stores promise to keep training
and serving in step, and most of them
do, until the first backfill."""
JOINED_NARROW = (
    "Feature stores promise to keep training and serving in step, and most of them do, until the"
    " first backfill."
)
LAZY = """\
- Feature stores promise to keep
training and serving in step, and
most of them do."""
WIDE = (
    "Feature stores promise to keep training and serving in step, and most of them do, until the"
    " first backfill comes.\nWe show what broke in ours, in which order, and what we would do first"
    " today if somebody gave us the time to do so\nagain."
)
DEUTSCH = """\
Merkmalsspeicher versprechen viel, und die meisten von ihnen halten
Training und Betrieb im Gleichschritt."""


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold**, *slanted*, __both__ and _so on_", "bold, slanted, both and so on"),
        ("~~gone~~ but readable", "gone but readable"),
        ("[words](https://example.org/a)", "words (https://example.org/a)"),
        ('[words](https://example.org/a "A title")', "words (https://example.org/a)"),
        ("[**bold** words](https://example.org/)", "bold words (https://example.org/)"),
        ("see [words][1]\n\n[1]: https://example.org/a", "see words (https://example.org/a)"),
        ("<https://example.org/a>", "https://example.org/a"),
        ("[https://example.org/a](https://example.org/a)", "https://example.org/a"),
        ("[](https://example.org/a)", "https://example.org/a"),
        ("*see* https://example.org/a_b_c", "see https://example.org/a_b_c"),
        ("<https://example.org/grüße?a=1&b=2>", "https://example.org/grüße?a=1&b=2"),
        ("<ada@example.org>", "ada@example.org"),
        ("[write](mailto:ada@example.org)", "write (ada@example.org)"),
        ("![a chart](https://example.org/x.png) *of it*", "a chart of it"),
        (
            "[![logo](https://example.org/x.png)](https://example.org/)",
            "logo (https://example.org/)",
        ),
        ("`a * b * c` is *code*", "a * b * c is code"),
        ("# Top #\ntext\n\n## Next", "Top\n\ntext\n\nNext"),
        ("Top\n===\ntext", "Top\n\ntext"),
        ("- one\n- two", "• one\n• two"),
        ("* one\n* *two*", "• one\n• two"),
        ("+ one\n\n+ two", "• one\n\n• two"),
        ("3. three\n4. four", "3. three\n4. four"),
        ("1) one\n2) *two*", "1) one\n2) two"),
        (
            "text\n- one\n  - in it\n    1. deep\n- two",
            "text\n\n• one\n  • in it\n    1. deep\n• two",
        ),
        ("- one\n\n  more\n- two", "• one\n\n  more\n\n• two"),
        ("10. ten\n    - in it", "10. ten\n    • in it"),
        ("> quoted\n> *twice*\n>> within", "quoted\ntwice\n\nwithin"),
        ("one\n\n---\n\ntwo", "one\n\ntwo"),
        ("```python\ndef f():\n    return '*'\n```", "def f():\n    return '*'"),
        ("*so*:\n\n    indented\n      more", "so:\n\n    indented\n      more"),
        ("a | b\n--|--\n1 | **2**", "a · b\n1 · 2"),
        ("*one*\\\ntwo  \nthree\nfour", "one\ntwo\nthree\nfour"),
        (r"\*not\* *slanted* &amp; C:\New", r"*not* slanted & C:\New"),
        ("**a** [b](javascript:alert(1))", "a [b](javascript:alert(1))"),
        ("**a** <b>c</b>", "a <b>c</b>"),
        ("**ni**hongo", "nihongo"),
    ],
)
def test_marks_do_not_show(markdown: str, text: str) -> None:
    assert plain(markdown) == text


@pytest.mark.parametrize(
    "text",
    [
        "2 * 3 * 4 = 24, snake_case_name, **kwargs",
        "    indented alone\n  and less",
        "C:\\New\\*\\_ and \\\\server",
        "&amp; &lt;b&gt; stay",
        "line\\\nline  \nline",
        "#1 of talks\n\n\n\nfar below ",
        "[1]: https://example.org/unused",
        "Name: Ada\nRoom: A\n",
        SENTENCES,
        "x" * 70 + "\n" + "y" * 70,
        "https://example.org/" + "a" * 60 + "\nhttps://example.org/" + "b" * 60,
        "Slides:\nhttps://example.org/" + "a" * 60,
        "Doors open at seven in the evening\nFood is served until nine o'clock",
        "apples\npears\nplums",
        "• How we moved forty services to one queue in two quarters, without sleep\n"
        "• What that queue did to the people who were on call at night, and to us",
        "09:00 How we moved forty services to one queue in two quarters, and slept\n"
        "10:00 What that queue did to the people who were on call at night, and us",
        "How we moved forty services to one queue in less than two quarters\nWhy\n"
        "What the queue did to the people who were on call at night, and to us",
    ],
)
def test_text_without_markdown_comes_back_to_the_letter(text: str) -> None:
    assert plain(text) == text


@given(text=plain_abstracts)
def test_any_text_without_markdown_comes_back_to_the_letter(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("text", [text for text in EXPLICIT if is_plain(text)])
def test_hostile_text_comes_back_to_the_letter(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        (WRAPPED, JOINED + "\n"),
        (f"Short.\n\n{WRAPPED}\n{SENTENCES}", f"Short.\n\n{JOINED}\n\n{SENTENCES}"),
        (f"**See:** {WRAPPED}", f"See: {JOINED}"),
        ("- " + WRAPPED.replace("\n", "\n  "), f"• {JOINED}"),
        ("> " + WRAPPED.strip().replace("\n", "\n> "), JOINED),
        (f"{'word ' * 15}\\\n{WRAPPED}", f"{'word ' * 15}\\\n{JOINED}\n"),
        (f"*a* {'word ' * 15}\\\n{WRAPPED}", f"a {'word ' * 15}\n{JOINED}"),
        (f"{'word ' * 12}\n{'word ' * 12}\n{'word ' * 30}", None),
        (f"{'word ' * 15}\n short\n{'word ' * 15}", None),
        (ADDRESSED, " ".join(ADDRESSED.split("\n"))),
        (f"*{ADDRESSED}*", " ".join(ADDRESSED.split("\n"))),
        (f"1. {ADDRESSED}\n2. next", "1. " + " ".join(ADDRESSED.split("\n")) + "\n2. next"),
        (NARROW, JOINED_NARROW),
        (f"**So:**\n\n{NARROW}", f"So:\n\n{JOINED_NARROW}"),
        ("- " + NARROW.replace("\n", "\n  ") + "\n- short", f"• {JOINED_NARROW}\n• short"),
        (LAZY, "• " + " ".join(LAZY[2:].split("\n"))),
        ("  * " + NARROW.replace("\n", "\n    "), f"• {JOINED_NARROW}"),
        (WIDE, WIDE.replace("\n", " ")),
        (DEUTSCH, DEUTSCH.replace("\n", " ")),
    ],
)
def test_lines_wrapped_by_hand_are_joined(text: str, joined: str | None) -> None:
    assert plain(text) == (text if joined is None else joined)


@pytest.mark.parametrize(
    "deep", ["> " * 150 + "word", "- " * 150 + "word", "> - " * 90 + "word", "*" * 9000 + "word"]
)
def test_no_word_is_lost_in_the_depths(deep: str) -> None:
    assert "word" in plain(deep)


@pytest.mark.parametrize(
    "text",
    ["[a]" * 500 + f"\n\n[a]: https://example.org/{'a' * 900}", "- " * 45 + "a\n" + "b\n" * 900],
)
def test_text_does_not_grow_out_of_hand(text: str) -> None:
    assert len(plain(text)) <= 8 * len(text)


@given(...)
@example("[" * 300)
@example("![a](b)" * 50)
@example("- \n  - \n    1. ")
@example("|a|\n|-|\n|\n")
def test_any_text_becomes_some_text(text: str) -> None:
    shown = plain(text.replace("\x00", ""))

    assert isinstance(shown, str)


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        slow("!["),
        slow("[!["),
        slow("*`["),
        "*a ",
        "_a",
        "**a*",
        "~~a",
        "`a",
        "<a:",
        "> ",
        "- ",
        "[a](",
        "|a|\n|-|\n",
    ],
)
def test_hostile_text_is_linear(piece: str) -> None:
    """Four times the text takes nowhere near the sixteen times of a quadratic rule."""
    short, long = (_calls(plain.__wrapped__, (piece * size)[:size]) for size in (2_000, 8_000))

    assert long < 6 * short


def _calls(function: Callable[[str], str], text: str) -> int:
    """Return how many functions are called for a text: a measure of work without a clock."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        function(text)
    finally:
        sys.setprofile(None)
    return calls


# --- where it shows -----------------------------------------------------------------------

DESCRIBED = """
    name: Conf
    timezone: Europe/Berlin
    date: 2026-06-25
    description: "**Two** days of [data](https://example.org/data)"
    venue: Hall
    sessions:
      - {id: talk, title: Talk, when: "09:00-10:00", description: "A *new*\\n\\n- way\\n- to go"}
    """


def test_calendars_show_descriptions_without_marks() -> None:
    body = feed(schedule_of(DESCRIBED))

    conf, talk = sorted(read_vobject(body), key=lambda entry: entry.summary)
    calendar = component_of(body)

    assert conf.description.split("\n\n")[0] == "Two days of data (https://example.org/data)"
    assert talk.description.split("\n\n")[:2] == ["A new", "• way\n• to go"]
    assert unescaped(calendar.value("X-WR-CALDESC") or "") == (
        "Two days of data (https://example.org/data)"
    )


def test_search_engines_read_descriptions_without_marks() -> None:
    client = client_of(schedule_of(DESCRIBED))

    said = structured(client.get("/events/conf/sessions/talk/").text)
    html = client.get("/events/conf/").text

    assert [each["description"] for each in said if "description" in each] == [
        "A new\n\n• way\n• to go"
    ]
    assert '<meta name="description" content="Two days of data">' in html
    assert f"{BASE_URL}/events/conf/" in html


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *(
            (each, each)
            for each in ("https://a.example/m#object.__init__", "http://a.example/_b_/")
        ),
        ("**https://a.example/__c__/d** *e*", "https://a.example/__c__/d e"),
        ("*see https://a.example/*", "see https://a.example/"),
        ("[http://a.example/_b_/](http://a.example/_b_/)", "http://a.example/_b_/"),
        ("[b](https://a.example/__c__)", "b (https://a.example/__c__)"),
        ("**b** https://a.example/c\\_d?e=1&amp;f=2", "b https://a.example/c_d?e=1&f=2"),
        ("https://a.example/`b` *c*", "https://a.example/b c"),
        ("x://_a_", "x://a"),
    ],
)
def test_address_has_no_marks(text: str, shown: str) -> None:
    assert plain(text) == shown
