"""Descriptions as safe HTML, and as plain words."""

import pytest

from calsvc.web import markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>\n"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"),
        ("# Top\n## Next\n# Top", "<h3>Top</h3>\n<h4>Next</h4>\n<h3>Top</h3>\n"),
        ("###### Deep\n# Top\n### Third", "<h3>Deep</h3>\n<h3>Top</h3>\n<h4>Third</h4>\n"),
        ("<b onclick=x>no</b>", "<p>&lt;b onclick=x&gt;no&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("![chart](https://example.org/x.png)", "<p>chart</p>\n"),
        ("![<i>](https://example.org/x.png)", "<p>&lt;i&gt;</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
        ("https://a.example/#x.__init__", "<p>https://a.example/#x.__init__</p>\n"),
    ],
)
def test_description_is_safe_html(text: str, html: str) -> None:
    assert markdown.html(text, 3) == html


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        ("# A *b*\n\n[c](https://example.org) `d`", "A b c d"),
        ("**A**b\nc\\\nd ![e](https://example.org/x.png)\n\n```\nf\n```", "Ab c d e f"),
        ("abcde " * 50, "abcde " * 25 + "abcde…"),
    ],
)
def test_description_is_short_for_messengers(text: str, words_: str) -> None:
    assert markdown.plain(text) == words_
