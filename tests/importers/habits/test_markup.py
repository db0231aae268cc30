"""HTML becomes Markdown or a line; what is no HTML stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsvc.agenda.plaintext import plain as plain_of
from calsvc.importers.habits.markup import has_tags, markdown, paragraphs, plain, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("<p>One <b>bold</b> word.</p>\n<p>Two</p>", "One **bold** word.\n\nTwo"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        (
            'See <a href="https://example.org/x">the page</a>.',
            "See [the page](https://example.org/x).",
        ),
        ("<h2>Outline</h2><p>x</p>", "## Outline\n\nx"),
        ("<p>snake_case * 2</p>", r"snake\_case \* 2"),
        ("<p>Fish &amp; chips&nbsp;now</p>", "Fish & chips now"),
        ("<p>A</p><script>alert(1)</script><img src='x.png'>", "A"),
        ("&lt;p&gt;Twice escaped&lt;/p&gt;", "Twice escaped"),
    ],
)
def test_html_becomes_markdown(written: str, read: str) -> None:
    assert markdown(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "Plain words, one line",
        "Two\nlines\n\nand *a* paragraph with [a link](https://example.org)",
        "* a list\n* in Markdown",
        "if a < b and c > d: Vec<String>, vector<int>",
        "`map<K, V>` and <T> and <https://example.org>",
        "1 & 2",
    ],
)
def test_text_that_is_no_html_stays(text: str) -> None:
    assert markdown(text) == text


def test_a_tag_in_markdown_leaves_its_lines_and_marks() -> None:
    written = "First line<br>second line\n\n* an item of <b>weight</b>\n* `Vec<String>`"

    assert (
        markdown(written) == "First line\nsecond line\n\n* an item of **weight**\n* `Vec<String>`"
    )


def test_entities_that_tell_of_a_tag_become_its_words() -> None:
    assert markdown("Why the &lt;b&gt; tag&#39;s gone") == "Why the <b> tag's gone"


def test_line_ends_are_made_one_kind() -> None:
    assert markdown("one\r\ntwo\rthree  \n\n\n\nfour\n") == "one\ntwo\nthree\n\nfour"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("  Two\n words ", "Two words"),
        ("H<sub>2</sub>O &amp; <i>more</i>", "H2O & more"),
        ("One<br/>Two", "One Two"),
        ("<p>In a paragraph</p>", "In a paragraph"),
        ("C++ & Vec<String>", "C++ & Vec<String>"),
        (101, "101"),
        (2.0, "2"),
        (True, None),
        ("", None),
        (None, None),
        (["a"], None),
    ],
)
def test_line_is_plain(written: object, read: str | None) -> None:
    assert plain(written) == read


def test_paragraphs_tell_a_beginning_once() -> None:
    abstract = "We look at it."

    assert paragraphs(abstract, "We look at it.\n\nThen again.") == "We look at it.\n\nThen again."
    assert paragraphs("Short", None, "", "Long") == "Short\n\nLong"
    assert paragraphs(None, "") is None


@given(st.text(alphabet=st.sampled_from("<>/&;#pbr ali=\"'!-\n\t\x00x*_`"), max_size=400))
def test_any_text_is_read(text: str) -> None:
    markdown(text)
    assert "\n" not in (plain(text) or "")


@pytest.mark.parametrize(
    "hostile",
    ["<p>", "<div><b>", "<", "&lt;", "<!--", "<p", "<br>\n \n", "<table><tr><td>", "<ol><li>*"],
)
def test_deep_and_long_html_ends(hostile: str) -> None:
    text = "words " + hostile * (40_000 // len(hostile)) + "</b>"

    assert has_tags(text)
    assert (plain(text) or "").startswith("words")
    assert (markdown(text) or "").startswith("words")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>snake_case * 2, __init__.py</p>", "snake_case * 2, __init__.py"),
        ("<b>So</b><br># x<br>1. y<br>2*3*4", "So\n# x\n1. y\n2*3*4"),
        (
            '<p>A <img src="https://a.example/q.png" alt="Plan"></p>',
            "A Plan (https://a.example/q.png)",
        ),
        ('<p>A <img src="https://a.example/q.png"></p>', "A https://a.example/q.png"),
        ('<p>A<img src="https://a.example/q.gif" width="1" height="1"></p>', "A"),
        (
            '<a href="https://a.example/"><img src="https://a.example/q.png" alt="[it]"></a>',
            "[it] (https://a.example/)",
        ),
        (
            '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2//EN">\n<HTML>\n<HEAD>\n<META NAME="G">\n'
            "<TITLE>T</TITLE><style>p{}</style></HEAD>\n<BODY>\n<P>One<o:p></o:p><BR>Two</P>\n"
            "</BODY>\n</HTML>",
            "One\nTwo",
        ),
        ("<html><body>Line <b>1</b></body></html>", "Line 1"),
    ],
)
def test_html_without_markdown_says_what_it_shows(written: str, shown: str) -> None:
    text, is_markdown = words(written)

    assert (plain_of(text), is_markdown) == (shown, True)


def test_plain_text_is_told_apart() -> None:
    assert words("# 2*3*4 &amp; x \n\n\n\ny") == ("# 2*3*4 & x\n\n\n\ny", False)
