"""Each field of a session reaches everybody: a new one that is forgotten somewhere fails here.

What an author writes is an entry's content, is told of as a change, and shows in calendars,
on the session's page and in the API, in searches, in JSON-LD and in frames; or stands in
the tables below as what does not.
"""

import re
from typing import NamedTuple

import pytest
from conftest import NOW, client_of, event_of

from calsvc.agenda.model import Session
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    venue: {name: House}
    sessions:
      - {id: whole, title: Whole Thing, kind: poster-session, when: 15:00-16:00}
      - {id: one, FIELDS}
"""
BEFORE = {"title": "One", "when": "12:00-13:00"}


class Shown(NamedTuple):
    """A value of a field, and what tells of it where; None where nothing does."""

    value: str
    """As the event file has it."""
    feed: str | None
    page: str | None
    api: str | None


FIELDS = {
    "title": Shown("Two", "SUMMARY:Two", "<h1>Two</h1>", '"title":"Two"'),
    "kind": Shown("panel", "CATEGORIES:panel", "Panel", '"kind":"panel"'),
    "when": Shown("10:00-11:00", "T100000", "T10:00", "T10:00:00"),
    "part_of": Shown("whole", "RELATED-TO", "Part of", '"part_of":["whole"]'),
    "room": Shown("Hall A", "LOCATION:Hall A", "Hall A", '"room":"Hall A"'),
    "track": Shown("Data", "CATEGORIES:Data", "Data", '"track":"Data"'),
    "people": Shown("[Ada Example]", "Speaker: Ada Example", "Ada Example", "Ada Example"),
    "description": Shown("Words", "Words", "<p>Words</p>", '"description":"Words"'),
    "tags": Shown("[blue]", ",blue", "blue", '"tags":["blue"]'),
    "language": Shown("fr", None, '<h1 lang="fr">', '"language":"fr"'),
    "level": Shown("Expert", None, "Expert", '"level":"Expert"'),
    "url": Shown("https://own.example/", "URL:https://own.example/", "https://own.example/", "own"),
    "links": Shown("https://more.example/", "https://more.example/", "more.example", None),
    "stream": Shown("https://live.example/", "CONFERENCE", "https://live.example/", None),
    "status": Shown("cancelled", "STATUS:CANCELLED", ">Cancelled<", '"status":"cancelled"'),
}


class Elsewhere(NamedTuple):
    """What finds a session by the value of a field, and what tells of it; None for nothing."""

    search: str | None
    """For the filter ``q``."""
    json_ld: str | None
    agenda: str | None
    """In the frame of an agenda."""
    session: str | None
    """In the frame of a session."""


ELSEWHERE = {
    "title": Elsewhere("two", '"name": "Two"', ">Two</a></h3>", ">Two</a></h2>"),
    "kind": Elsewhere(None, None, ">Panel<", None),
    "when": Elsewhere(None, '"startDate": "2027-06-15T10:00', "T10:00", "T10:00"),
    "part_of": Elsewhere(None, None, "1 talk", None),
    "room": Elsewhere("hall a", '"name": "Hall A, House"', "Hall\u00a0A", "Hall A"),
    "track": Elsewhere("data", None, "Data", None),
    "people": Elsewhere("ada", '"name": "Ada Example"', ">Ada Example<", ">Ada Example<"),
    "description": Elsewhere("words", '"description": "Words"', ">Words<", None),
    "tags": Elsewhere("blue", None, None, None),
    "language": Elsewhere(None, '"inLanguage": "fr"', '<h3 lang="fr">', '<h2 lang="fr">'),
    "level": Elsewhere(None, None, "Expert", None),
    "url": Elsewhere(None, None, None, None),
    "links": Elsewhere(None, None, None, None),
    "stream": Elsewhere(None, '"url": "https://live.example/"', None, None),
    "status": Elsewhere(None, "EventCancelled", ">Cancelled<", ">Cancelled<"),
}
IDENTITY = {"id"}
"""A session of another id is another session."""


def event_with(**fields: str) -> str:
    """Return an event file whose session has these fields."""
    return AGENDA.replace("FIELDS", ", ".join(f"{key}: {value}" for key, value in fields.items()))


def test_every_field_is_tried() -> None:
    assert set(Session.model_fields) == FIELDS.keys() | IDENTITY
    assert ELSEWHERE.keys() == FIELDS.keys()


def published(name: str) -> tuple[Schedule, Schedule]:
    """Return two schedules: of a session before it has a value of a field, and after."""
    before = publish(event_of(event_with(**BEFORE)), None, NOW)
    after = event_of(event_with(**{**BEFORE, name: FIELDS[name].value}))
    return before, publish(after, before, NOW)


@pytest.mark.parametrize("name", FIELDS)
def test_field_of_a_session_reaches_everybody(name: str) -> None:
    shown = FIELDS[name]
    before, after = published(name)
    sites = [client_of(schedule) for schedule in (before, after)]
    addresses = {
        "/events/conf.ics?session=one": shown.feed,
        "/events/conf/sessions/one/": shown.page,
        "/api/events/conf": shown.api,
    }

    answers = {path: [site.get(path).text for site in sites] for path in addresses}

    (entry,) = after.of_session("one")
    assert entry.sequence == 1
    assert [change.told() for change in changes(before, after) if change.session == "one"]
    for path, text in addresses.items():
        old, new = (answer.replace("\r\n ", "") for answer in answers[path])
        assert text is None or text in new, path
        if path.startswith("/api"):  # an answer of the whole agenda
            old, new = (each[each.index('"id":"one"') :] for each in (old, new))
        assert text is None or text not in old, path


@pytest.mark.parametrize("name", FIELDS)
def test_session_is_found_by_what_is_searched_and_by_nothing_else(name: str) -> None:
    word = ELSEWHERE[name].search
    asked = selection_of([("q", word or FIELDS[name].value.strip("[]"))])

    found = [
        "one" in [entry.session for entry in asked.entries(schedule)]
        for schedule in published(name)
    ]

    assert found == [False, word is not None]


@pytest.mark.parametrize("name", FIELDS)
def test_frames_and_search_engines_are_told_what_the_table_says_and_no_more(name: str) -> None:
    told = ELSEWHERE[name]
    texts = {"json_ld": told.json_ld, "agenda": told.agenda, "session": told.session}

    before, after = (read(schedule) for schedule in published(name))

    for where, text in texts.items():
        if text is None:
            assert before[where] == after[where], where
        else:
            assert (text in before[where], text in after[where]) == (False, True), where


def read(schedule: Schedule) -> dict[str, str]:
    """Return the JSON-LD of the session's page, and its frames without where links lead."""
    site = client_of(schedule)
    page = site.get("/events/conf/sessions/one/").text
    (json_ld,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    frames = {"agenda": "/events/conf/embed/", "session": "/events/conf/embed/sessions/one/"}
    return {"json_ld": json_ld} | {
        where: re.sub(r' href="[^"]*"', "", site.get(path).text) for where, path in frames.items()
    }
