"""How many sessions there are: one number, wherever it is told."""

import re

from conftest import client_of, schedule_of
from flask.testing import FlaskClient

from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.numbers import Numbers, numbers_of

EVENT = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
  - {id: lunch, title: Lunch, kind: poster-session, when: [12:00-13:00, 18:00-19:00]}
  - {id: one, title: One, kind: poster, part_of: lunch}
  - {id: two, title: Two, kind: poster, part_of: lunch}
  - {id: alone, title: Alone, kind: poster, when: 10:00-11:00}
  - {id: off, title: Off, when: 14:00-15:00, status: cancelled}
  - {id: later, title: Later}
"""


def test_sessions_count_once_and_posters_of_a_poster_session_apart() -> None:
    assert numbers_of(schedule_of(EVENT).entries) == Numbers(sessions=3, posters=2)


def test_agenda_and_first_version_tell_one_number(client: FlaskClient, ai_data: Schedule) -> None:
    (told,) = [change.told() for change in changes(None, ai_data)]
    html = client.get("/events/ai-data-2025/").text

    (shown,) = re.findall(r'<p role="status" class="found"[^>]*>([^<]+)</p>', html)
    assert shown.strip() == "20 sessions and 28 posters"
    assert told == f"First published, with {shown.strip()}"


def test_filtered_page_tells_what_it_shows() -> None:
    client = client_of(schedule_of(EVENT))

    def shown(query: str) -> str:
        html = client.get(f"/events/conf/?{query}").text
        return re.findall(r'<p role="status" class="found"[^>]*>([^<:]+)', html)[0].strip()

    assert shown("q=two") == "1 poster"
    assert shown("q=nothing") == "0 sessions"
    assert shown("kind=poster") == "1 session and 2 posters"
