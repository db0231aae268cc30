"""Each field of a session reaches everybody: a new one that is forgotten somewhere fails here.

What an author writes is an entry's content, is told of as a change, and shows in calendars,
on the session's page and in the API; or stands in the table below as what does not.
"""

from typing import NamedTuple

import pytest
from conftest import NOW, client_of, event_of

from calsvc.agenda.model import Session
from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
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
    "status": Shown("cancelled", "STATUS:CANCELLED", "is cancelled", '"status":"cancelled"'),
}
IDENTITY = {"id"}
"""A session of another id is another session."""


def event_with(**fields: str) -> str:
    """Return an event file whose session has these fields."""
    return AGENDA.replace("FIELDS", ", ".join(f"{key}: {value}" for key, value in fields.items()))


def test_every_field_is_tried() -> None:
    assert set(Session.model_fields) == FIELDS.keys() | IDENTITY


@pytest.mark.parametrize("name", FIELDS)
def test_field_of_a_session_reaches_everybody(name: str) -> None:
    shown = FIELDS[name]
    before = publish(event_of(event_with(**BEFORE)), None, NOW)
    after = publish(event_of(event_with(**{**BEFORE, name: shown.value})), before, NOW)
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
