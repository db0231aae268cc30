"""Marks on an agenda: what is on now, moved, cancelled, gone or postponed."""

import re
from datetime import UTC, datetime, timedelta

from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from pages import AgendaPage, agenda_page, structured

from calsvc.live.events import Live
from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Version
from calsvc.web.app import create_app

HOUR = timedelta(hours=1)


def test_what_is_on_now_is_marked() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    hours = {"past": (-3, -2), "present": (-1, 1), "future": (2, 3)}
    rows = "".join(
        f"  - {{id: {name}, title: {name}, when: {{start: '{start}', end: '{end}'}}}}\n"
        for name, span in hours.items()
        for start, end in [((now + hour * HOUR).isoformat() for hour in span)]
    )
    dates = f"{{from: {(now - 4 * HOUR).date()}, to: {(now + 4 * HOUR).date()}}}"
    schedule = schedule_of(f"name: Conf\ntimezone: UTC\ndates: {dates}\nsessions:\n{rows}")

    page = agenda_page(client_of(schedule), "/events/conf/")

    # What goes on over the end of a day stands on two days.
    assert {
        (title, "On now" in each["text"], "now" in each["class"].split())
        for title, each in zip(page.titles, page.articles, strict=True)
    } == {
        ("past", False, False),
        ("present", True, True),
        ("future", False, False),
    }


MOVING = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: one, title: One, when: 09:00-10:00, room: A}
  - {id: two, title: Two, when: 09:30-10:00}
"""


def test_what_moved_says_when_and_where_it_was() -> None:
    first = schedule_of(MOVING)
    moved = MOVING.replace("09:00-10:00, room: A", "11:00-12:00, room: B")
    second = publish(event_of(moved), first, NOW + HOUR)
    live = Live((), BASE_URL)
    told = changes(first, second)
    live.put(second, [Version("conf", 2, NOW + HOUR, "", "", "", told, is_withdrawn=False)])

    two, one = agenda_page(create_app(live).test_client(), "/events/conf/?lang=en-GB").articles

    (event,) = structured(create_app(live).test_client().get("/events/conf/").text)
    parts = {part["name"]: part for part in event["subEvent"]}  # type: ignore[attr-defined]
    assert parts["One"]["previousStartDate"] == "2025-06-25T09:00+02:00"
    assert parts["One"]["eventStatus"] == "https://schema.org/EventRescheduled"
    assert "previousStartDate" not in parts["Two"]
    assert "Moved, was 09:00" in one["text"]
    assert "New room, was A" in one["text"]
    assert "was" not in two["text"]


def test_what_is_cancelled_is_marked_and_cannot_be_chosen() -> None:
    text = MOVING.replace("room: A", "status: cancelled")

    one, two = agenda_page(client_of(schedule_of(text)), "/events/conf/").articles

    assert "Cancelled" in one["text"] and "cancelled" in one["class"].split()
    assert "value" not in one
    assert two["value"] == "two"


def test_what_left_the_agenda_is_marked_and_leads_nowhere() -> None:
    first = schedule_of(MOVING)
    left = MOVING.replace("  - {id: one, title: One, when: 09:00-10:00, room: A}\n", "")
    client = client_of(publish(event_of(left), first, NOW + HOUR))

    html = client.get("/events/conf/").text
    one, _ = AgendaPage(html).articles

    assert "One" in one["text"] and "Cancelled" in one["text"]
    assert "/sessions/one/" not in html[html.index("<main") :]
    page = client.get("/events/conf/sessions/one/")
    assert page.status_code == 410
    assert "no longer on the agenda" in page.text
    assert re.findall(r'<time datetime="([^"]+)">', page.text) == [
        "2025-06-25T09:00+02:00",
        "2025-06-25T10:00+02:00",
    ]


def test_what_is_postponed_can_be_chosen_for_its_time_to_come() -> None:
    first = schedule_of(MOVING)
    waiting = MOVING.replace("when: 09:00-10:00, room: A", "room: A")
    client = client_of(publish(event_of(waiting), first, NOW + HOUR))

    one, two = agenda_page(client, "/events/conf/").articles
    page = client.get("/events/conf/sessions/one/").text

    assert "Postponed" in one["text"]
    assert (one["value"], two["value"]) == ("one", "two")
    assert "Postponed" in page and "Time to be announced." in page
    assert [each["eventStatus"] for each in structured(page)] == [
        "https://schema.org/EventPostponed"
    ]
