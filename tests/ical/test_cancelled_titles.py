"""A title that says by itself that something is cancelled: calendars say it once."""

import pytest
from conftest import NOW, client_of, event_of, schedule_of

from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

MARKED = [
    "CANCELLED: Talk",
    "Cancelled: Talk",
    "canceled - Talk",
    "CANCELED – Talk",
    "[Cancelled] Talk",
    "[CANCELLED]: Talk",
    "(cancelled) Talk",
    "CANCELLED Talk",
    "Absage: Talk",
    "Abgesagt: Talk",
    "ABGESAGT! Talk",
    "Entfällt: Talk",
    "Talk (cancelled)",
    "Talk [abgesagt]",
    "Talk - CANCELLED",
    "[CANCELLED] Cancelled: Talk",
    "CANCELLED!! Talk",
    "CANCELLED / ABGESAGT: Talk",
    "**Cancelled** Talk",
    "❌ CANCELLED: Talk",
    "Talk (cancelled!!) ❌",
]
UNMARKED = [
    "Talk",
    "Cancelled flights and what to do",
    "How I was cancelled",
    "Cancellation: a history",
    "🎉 Party",
    "*Star* Talk",
    "Uncancelled: Talk",
    "Noise-cancelled rooms",
    "Abgesagte Konferenzen",
]


def text_of(title: str, status: str) -> str:
    return f"""
        name: Conf
        timezone: Europe/Berlin
        date: 2027-06-15
        sessions:
          - {{id: talk, title: "{title}", when: 09:00-10:00, status: {status}}}
          - {{id: other, title: Other, when: 11:00-12:00}}
    """


def summaries(schedule: Schedule) -> list[str]:
    feed = event_feed(Blocks(schedule, Addresses("http://127.0.0.1:8000")), Selection())
    lines = feed.body.decode().replace("\r\n ", "").split("\r\n")
    return [line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:")]


def warnings_of(title: str, status: str) -> list[str]:
    _, problems = eventfile.parse(text_of(title, status), "conf", "conf.yaml")
    return [f"{problem.place}: {problem.what}; {problem.advice}" for problem in problems]


@pytest.mark.parametrize("title", MARKED)
def test_calendars_say_once_that_it_is_cancelled(title: str) -> None:
    schedule = schedule_of(text_of(title, "cancelled"))

    assert summaries(schedule) == ["Conf", "Cancelled: Talk", "Other"]
    assert warnings_of(title, "cancelled") == []
    page = client_of(schedule).get("/events/conf/").text
    assert '/sessions/talk/">Talk</a></h3>' in page


@pytest.mark.parametrize("title", UNMARKED)
def test_title_that_only_has_the_word_stays(title: str) -> None:
    assert summaries(schedule_of(text_of(title, "cancelled")))[1] == f"Cancelled: {title}"
    assert warnings_of(title, "confirmed") == []


def test_title_that_has_nothing_else_is_the_word() -> None:
    assert summaries(schedule_of(text_of("Cancelled!", "cancelled")))[1] == "Cancelled"


def test_session_that_went_says_it_once_too() -> None:
    first = schedule_of(text_of("CANCELLED: Talk", "confirmed"))
    gone = text_of("x", "confirmed").replace("id: talk", "id: new")
    second = publish(event_of(gone), first, NOW)

    assert "Cancelled: Talk" in summaries(second)


@pytest.mark.parametrize("title", MARKED)
def test_title_that_says_more_than_the_status_is_doubtful(title: str) -> None:
    assert warnings_of(title, "confirmed") == [
        f"session talk, title: says that it is cancelled ({title!r}), and is confirmed;"
        " add status: cancelled"
    ]
    assert summaries(schedule_of(text_of(title, "confirmed")))[1] == title
