"""Hostile words in every field of an agenda: refused, or words in every format of it."""

import csv
import io
import json
import re

import pytest
from conftest import client_of, schedule_of
from icalendar import Calendar
from lxml import etree

from calsvc.errors import EventFileError

AGENDA = """
name: {words}
timezone: Europe/Berlin
date: 2025-06-25
series: {words}
venue: {{name: {words}, address: {words}}}
organizer: {{name: {words}, email: a@example.org}}
description: {words}
tracks: [{words}]
rooms: [{{name: {words}}}]
sessions:
  - id: one
    title: {words}
    when: 12:00-13:00
    room: {words}
    track: {words}
    tags: [{words}]
    level: {words}
    people: [{{name: {words}, organization: {words}}}]
    description: {words}
    links: [{{url: "https://example.org/", title: {words}}}]
  - {{id: two, title: {words}, part_of: one, status: cancelled}}
"""
WORDS = [
    'a;b="c":d,e^n^^\'',
    "C:\\New;\\,\\;\\N\\n",
    "x;X-EVIL=1:BEGIN:VEVENT",
    "END:VCALENDAR",
    "=1+1",
    "@SUM(1)",
    "+1",
    "-1+cmd|' /C calc'!A0",
    "'=1",
    "; =1; @x",
    "＝1＋1",
    "<img src=x onerror=alert(1)>",
    "</title></script><script>alert(1)</script>",
    "]]>&lt;&#0;<!--",
    "{{ 7 * 7 }}{% raw %}${7*7}%s{0}",
    "é" * 200,
    "👩‍💻" * 60,
]
REFUSED = [
    "a\rX-EVIL:1",
    "a\0b",
    "a\x1b[31m",
    "a\x85b",
    "a\u2028b",
    "a\u202eb",
    "a\ufffe",
]
FORMULA = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")
"""What OWASP says of CSV injection, and what Excel takes for the same."""


@pytest.mark.parametrize("words", WORDS)
def test_hostile_words_are_words_in_every_format(words: str) -> None:
    site = client_of(schedule_of(AGENDA.format(words=json.dumps(words, ensure_ascii=False))))

    def got(path: str) -> bytes:
        response = site.get(path)
        assert response.status_code == 200
        return response.data

    for path in ("/events/conf.ics", "/events.ics", "/events/conf/sessions/one.ics"):
        body = got(path)
        assert max(map(len, body.split(b"\r\n"))) <= 75
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f]", body)
        unfolded = body.replace(b"\r\n ", b"").split(b"\r\n")
        assert [line for line in unfolded if line.startswith((b"X-EVIL", b"BEGIN:VEVENT;"))] == []
        assert unfolded.count(b"BEGIN:VEVENT") == unfolded.count(b"END:VEVENT")
        assert unfolded.count(b"END:VCALENDAR") == 1
        [event] = [
            each
            for each in Calendar.from_ical(body).walk("VEVENT")
            if path == "/events.ics" or "/sessions/one/" in each.get("URL", "")
        ]
        if "\\N" not in words and "\\n" not in words:  # which icalendar reads as line breaks
            assert words in event["SUMMARY"]
    for row in csv.reader(io.StringIO(got("/events/conf.csv").decode("utf-8-sig"))):
        assert [cell for cell in row if FORMULA.match(cell)] == []
    for path in ("/events/conf.xml", "/events/conf.atom", "/oembed?format=xml"):
        etree.fromstring(got(path))
    for path in ("/events/conf.json", "/events/conf.jcal", "/api/events/conf", "/api/events"):
        json.loads(got(path))


@pytest.mark.parametrize("words", REFUSED, ids=ascii)
def test_what_could_end_a_line_or_be_seen_as_something_else_is_refused(words: str) -> None:
    with pytest.raises(EventFileError) as refused:
        schedule_of(AGENDA.format(words=json.dumps(words)))

    assert len(refused.value.problems) == AGENDA.count("{words}")


LINKS = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example/",
    "https://",
    "https://a.example/\u2028x",
    " javascript:alert(1)",
]


@pytest.mark.parametrize("link", LINKS)
@pytest.mark.parametrize(
    "field", ["url", "image", "registration", "stream", "sessions", "links", "people"]
)
def test_address_that_browsers_would_run_is_refused(field: str, link: str) -> None:
    quoted = json.dumps(link)
    session = "{id: one, title: One, when: 09:00-10:00"
    values = {
        "sessions": f"sessions: [{session}, url: {quoted}}}]",
        "links": f"sessions: [{session}, links: [{{url: {quoted}}}]}}]",
        "people": f"sessions: [{session}, people: [{{name: Ann, url: {quoted}}}]}}]",
    }
    line = values.get(field, f"{field}: {quoted}")

    with pytest.raises(EventFileError):
        schedule_of(f"name: Conf\ntimezone: UTC\ndate: 2027-06-15\n{line}\n")


@pytest.mark.parametrize("link", LINKS)
def test_link_of_a_description_that_browsers_would_run_is_no_link(link: str) -> None:
    written = f"[click]({link}) <{link.strip()}> ![x]({link})\n\n[r]\n\n[r]: {link}"
    words = json.dumps(written.replace("\u2028", ""))
    site = client_of(
        schedule_of(
            "name: Conf\ntimezone: UTC\ndate: 2027-06-15\nsessions: [{id: one, title: One,"
            f" when: 09:00-10:00, description: {words}}}]"
        )
    )

    for path in ("/events/conf/", "/events/conf/sessions/one/", "/events/conf/embed/sessions/one/"):
        page = site.get(path).text
        assert re.findall(r'(?:href|src)="\s*(?:javascript|data|vbscript|file):', page, re.I) == []
