"""Pages of an agenda and its sessions, and of what changed."""

import re

from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from desk import Desk, three_versions
from pages import words_of

from calsvc.schedule.publishing import publish

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
    assert "The time will be announced." in later
    assert "The time will be announced." not in part


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
        "<li>Opening: moved 09:00–09:30 → 09:10–09:30, room B → A</li>",
        'id="version-2"',
        "Rooms &amp; &lt;more&gt;",
        "<li>Opening: room A → B</li>",
        "<li>Better Talk: renamed, was First Talk</li>",
        'id="version-1"',
        "<li>First published, with 4 sessions</li>",
    ]
    places = [text.find(words) for words in told]
    assert -1 not in places
    assert places == sorted(places)
    assert f'href="{BASE_URL}/events/conf.atom"' in text
