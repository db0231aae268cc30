"""Pages of an agenda and its sessions, and of what changed."""

import re
from html import unescape

import pytest
from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from desk import Desk, three_versions
from flask import Flask
from flask.testing import FlaskClient
from pages import words_of

from calsvc.schedule.phrases import phrase
from calsvc.schedule.publishing import publish
from calsvc.web.templating import told

AGENDA = """
name: Agenda Conference
timezone: Europe/Berlin
dates: {from: 2025-06-25, to: 2025-06-26}
language: de
sessions:
  - {id: third, title: Third, when: 2025-06-26 09:00-10:00}
  - {id: second, title: Second, when: 2025-06-25 10:00-11:00, status: cancelled}
  - {id: first, title: First, when: 2025-06-25 09:00-10:00}
  - {id: part, title: A Part, part_of: first}
  - {id: later, title: Later}
"""
ONE_DAY = """
name: One Day
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: morning, title: Morning, when: 09:00-10:00}
  - {id: night, title: Night, when: 01:30+1-02:00+1}
"""


def test_event_page_has_the_agenda_by_time_and_what_has_none() -> None:
    client = client_of(schedule_of(AGENDA))

    text = client.get("/events/conf/days/?lang=en-GB").text

    shown = re.findall(r"<h[1-4][^>]*>(?:<\w+ [^>]*>)?([^<]+)", text)
    assert [each.strip() for each in shown] == [
        "Agenda Conference",
        *("Wednesday, 25 June 2025", "First", "Second"),
        *("Thursday, 26 June 2025", "Third"),
        *("Time to be announced", "Later"),
    ]
    assert re.findall(r'<time datetime="([^"]+T[^"]+)">([^<]+)</time> –', text) == [
        ("2025-06-25T09:00+02:00", "09:00"),
        ("2025-06-25T10:00+02:00", "10:00"),
        ("2025-06-26T09:00+02:00", "09:00"),
    ]
    assert text.count(">Cancelled</strong>") == 1


def test_page_marks_words_of_an_event_in_another_language() -> None:
    client = client_of(schedule_of(AGENDA))

    english = client.get("/events/conf/?lang=en").text
    german = client.get("/events/conf/?lang=de").text

    assert re.findall(r"<h1([^>]*)>", english) == [' lang="de"']
    assert re.findall(r"<h1([^>]*)>", german) == [""]


def test_session_page_knows_its_parts_and_wholes() -> None:
    client = client_of(schedule_of(AGENDA))

    whole, part, later = (
        client.get(f"/events/conf/sessions/{name}/").text for name in ("first", "part", "later")
    )

    assert '<a href="/events/conf/sessions/part/">A Part</a>' in whole
    assert '<h2>Part of</h2>\n<ul>\n<li><a href="/events/conf/sessions/first/">First</a>' in part
    assert "Star this session now" in later
    assert "Star this session now" not in part


@pytest.mark.parametrize(
    ("agenda", "path", "there"),
    [
        (AGENDA, "third/", "/events/conf/days/2025-06-26/#s-third"),
        (AGENDA, "first/?lang=de&tz=UTC", "/events/conf/days/2025-06-25/?lang=de&tz=UTC#s-first"),
        (AGENDA, "second/", "/events/conf/days/2025-06-25/#s-second"),  # though it is cancelled
        (AGENDA, "part/", "/events/conf/days/2025-06-25/#s-first"),  # among the parts of that
        (AGENDA, "later/", "/events/conf/#s-later"),
        (ONE_DAY, "morning/", "/events/conf/#s-morning"),
        (ONE_DAY, "night/", "/events/conf/#s-night"),  # at half past one, which is of the evening
        (
            ONE_DAY,
            "night/?tz=Asia/Tokyo",
            "/events/conf/days/2025-06-26/?tz=Asia/Tokyo#s-night",
        ),
    ],
)
def test_way_back_leads_to_the_place_of_a_session(agenda: str, path: str, there: str) -> None:
    client = client_of(schedule_of(agenda))

    page = client.get(f"/events/conf/sessions/{path}").text

    [back] = re.findall(r'<a href="([^"]+)" data-back="/events/conf/"', page)
    assert unescape(back) == there
    address, _, anchor = there.partition("#")
    assert f'id="{anchor}"' in client.get(address).text


def test_site_tells_as_many_sessions_as_the_agenda(client: FlaskClient) -> None:
    cards = re.split("<li[ >]", client.get("/").text)[1:]

    told = {
        name: re.findall(r"<span>(\d[^<]*)</span>", card)
        for card in cards
        if (name := re.findall(r'<h3><a href="/events/([^/]+)/"', card)[0])
    }

    assert told == {
        "ai-data-2025": ["20 sessions and 28 posters"],
        "networking-2025": [],
        "product-2025": [],
        "systems-reliability-2026": ["12 sessions"],
    }
    agenda = client.get("/events/ai-data-2025/").text
    assert re.search('class="found"[^>]*>20 sessions and 28 posters', agenda)


def test_session_that_left_the_agenda_says_so() -> None:
    first = schedule_of(AGENDA)
    without = AGENDA.replace("  - {id: third, title: Third, when: 2025-06-26 09:00-10:00}\n", "")
    client = client_of(publish(event_of(without), first, NOW))

    page = client.get("/events/conf/sessions/third/")
    feed = client.get("/events/conf/sessions/third.ics")

    assert (page.status_code, feed.status_code) == (410, 200)
    assert words_of(page) == "This session is no longer on the agenda."
    again = client.get(page.request.path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (410, page.data)
    assert ">Third</h1>" in page.text
    assert re.findall(r"^(?:STATUS|SUMMARY):.*(?=\r)", feed.text, re.MULTILINE) == [
        "STATUS:CANCELLED",
        "SUMMARY:Abgesagt: Third",
    ]


def test_changes_page_shows_what_the_atom_feed_tells(desk: Desk) -> None:
    three_versions(desk)
    client = desk.client()

    text = client.get("/events/conf/changes/").text

    told = [
        'id="version-3"',
        '<a href="/events/conf/sessions/opening/">Opening</a></h3>',
        "<li>moved <del>09:00–09:30</del> → 09:10–09:30</li>",
        "<li>room <del>B</del> → A</li>",
        'id="version-2"',
        "Rooms &amp; &lt;more&gt;",
        '<a href="/events/conf/sessions/opening/">Opening</a></h3>',
        "<li>room <del>A</del> → B</li>",
        ">Better Talk</a></h3>",
        "<li>renamed, was First Talk</li>",
        'id="version-1"',
        "<li>First published, with 4 sessions</li>",
    ]
    place = 0
    for words in told:
        place = text.index(words, place)
    assert f'href="{BASE_URL}/events/conf.atom"' in text


def test_change_strikes_out_what_was_and_runs_nothing(real_app: Flask) -> None:
    change = phrase(
        "room {before} → {after}", before="<b>{after}</b>", after=phrase("to be announced")
    )

    with real_app.test_request_context("/?lang=de"):
        html = told(change)

    assert html == "Raum <del>&lt;b&gt;{after}&lt;/b&gt;</del> → noch offen"
