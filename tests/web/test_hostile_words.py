"""Hostile words of an agenda stay words on its pages."""

from html import unescape

import pytest
from conftest import client_of, schedule_of
from pages import Elements

HOSTILE = """
name: "</title><script>alert('name')</script> & \\"Sons\\""
timezone: Europe/Berlin
date: 2025-06-25
venue: {name: "<b onclick=x>Hall</b>", address: "<!-- 1 Main Street"}
url: "https://example.org/?a=1&b='x'"
description: "<script>alert('description')</script>"
sessions:
  - id: one
    title: "<img src=x onerror=alert(1)>"
    kind: workshop
    when: 12:00-13:00
    room: "</p><script>alert('room')</script>"
    people:
      - {name: "<script>alert('person')</script>", organization: "<i>", url: "https://example.org/"}
    description: "<script>alert('abstract')</script>"
    links: [{url: "https://example.org/'x'", title: "<script>alert('link')</script>"}]
  - id: two
    title: "<script>alert('part')</script>"
    part_of: one
  - {id: three, title: "<script>alert('waiting')</script>"}
"""


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/events/conf/", "/events/conf/sessions/one/", "/events/conf/sessions/two/"),
        *("/events/%3Cscript%3E/", "/events/conf/sessions/%3Cimg onerror=x%3E/", "/<script>/"),
    ],
)
def test_hostile_words_stay_words(path: str) -> None:
    page = Elements(client_of(schedule_of(HOSTILE)).get(path).text)

    assert not page.elements & {"script", "img", "b", "i"}
    assert not {name for name in page.names if name.startswith("on") or name == "style"}
    assert "html" in page.elements


def test_hostile_words_are_shown_as_they_are() -> None:
    text = unescape(client_of(schedule_of(HOSTILE)).get("/events/conf/sessions/one/").text)

    for word in ("person", "abstract", "link", "part"):
        assert f"<script>alert('{word}')</script>" in text
    assert "<img src=x onerror=alert(1)>" in text
