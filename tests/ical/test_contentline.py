"""Texts: what an agenda says reaches every reader unchanged.

One example is an agenda of many sessions; each text stands in every kind of place.
"""

import json
import re

import pytest
from conftest import BASE_URL, NOW, event_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readers import (
    READERS,
    Read,
    component_of,
    faults,
    read_ical,
    read_ical_js,
    read_vobject,
    unescaped,
    untraced,
)
from texts import EXPLICIT, SLOT, Said, abstracts, event_with, lines, meant, plain_abstracts

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event, Session
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.display import Display
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection


def feed_of(event: Event) -> bytes:
    """Return the whole feed of an event."""
    return event_feed(Blocks(publish(event, None, NOW), Addresses(BASE_URL)), Selection()).body


def said(entries: list[Read], *, categories: bool = True) -> list[Said]:
    """Return what a reader saw, in the agenda's order."""
    return [
        (
            entry.summary,
            entry.description,
            entry.location,
            entry.categories if categories else (),
        )
        for entry in sorted(entries, key=lambda entry: _place(entry.description))
    ]


def structured_locations(body: bytes) -> list[str]:
    """Return the places that Apple Calendar shows on a map."""
    return sorted(
        place.parameters["X-TITLE"]
        for entry in component_of(body).inside("VEVENT")
        for place in entry.all("X-APPLE-STRUCTURED-LOCATION")
    )


def _place(description: str) -> int:
    session = re.search(r"/sessions/s(\d+)/$", description)
    return int(session[1]) if session else -1


any_texts = given(
    texts=st.lists(lines, min_size=15, max_size=40),
    abstracts=st.lists(plain_abstracts, min_size=5, max_size=15),
)
these_texts = example(
    texts=list(EXPLICIT), abstracts=[*EXPLICIT, "C:\\New " * 500, "é\n\t,;\\" * 800]
)


@untraced()
@settings(max_examples=10)
@any_texts
@these_texts
def test_text_of_some_agendas_reaches_every_reader_unchanged(
    texts: list[str], abstracts: list[str]
) -> None:
    assert_unchanged(texts, abstracts)


@pytest.mark.slow
@untraced()
@settings(max_examples=120)
@any_texts
@these_texts
def test_text_reaches_every_reader_unchanged(texts: list[str], abstracts: list[str]) -> None:
    assert_unchanged(texts, abstracts)


def assert_unchanged(texts: list[str], abstracts: list[str]) -> None:
    """Hold every reader to what an agenda says."""
    event = event_with(texts, abstracts)
    expected = meant(event)

    body = feed_of(event)

    assert said(read_vobject(body)) == expected
    assert said(read_ical_js(body)) == expected
    # ical takes the comma inside a category for the one between two (RFC 5545, 3.3.11).
    without_categories = [(*each[:3], ()) for each in expected]
    assert said(read_ical(body), categories=False) == without_categories
    assert faults(body) == []
    assert structured_locations(body) == sorted(location for _, _, location, _ in expected)
    assert [session.title for session in event.sessions[: len(texts)]] == texts


@settings(max_examples=30)
@given(name=lines)
@example(name="C:\\New")
@example(name="5\u00a0000  years")
def test_name_of_an_event_is_that_of_its_calendar(name: str) -> None:
    event = event_with([name], ["…"])

    calendar = component_of(feed_of(event))

    named = [unescaped(calendar.value(each) or "") for each in ("NAME", "X-WR-CALNAME")]
    assert named == [event.name, event.name]


@pytest.mark.parametrize(
    ("description", "shown"),
    [
        ("C:\\New\\n, and; so on", "C:\\New\\n, and; so on"),
        ("One\n\n two\tthree", "One two three"),
        ("5\u00a0000  years", "5\u00a0000  years"),
    ],
)
def test_description_of_a_calendar_is_on_one_line(description: str, shown: str) -> None:
    event = event_with(["Conf"], [description])

    calendar = component_of(feed_of(event))

    described = [unescaped(calendar.value(each) or "") for each in ("DESCRIPTION", "X-WR-CALDESC")]
    assert described == [shown, shown]


@pytest.mark.parametrize("tag", ["C:\\", "\\", "\\\\", "a,b\\", ",\\"])
def test_category_with_a_backslash_at_its_end_stays_apart(tag: str) -> None:
    event = event_of(f"""
        name: Conf
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {{id: talk, title: Talk, when: "09:00-10:00", tags: ['{tag}', last]}}
        """)

    body = feed_of(event)

    # ical.js takes the comma behind an escaped backslash for an escaped one.
    [_, entry] = component_of(body).inside("VEVENT")
    written = re.findall(r"(?:[^\\,]|\\.)+", entry.value("CATEGORIES") or "")
    assert list(map(unescaped, written)) == ["talk", tag, "last"]
    assert [each.categories for each in read_vobject(body)] == [(), ("talk", tag, "last")]


@settings(max_examples=30)
@given(texts=st.lists(lines, min_size=10, max_size=30))
@example(texts=list(EXPLICIT))
def test_text_of_an_alarm_is_the_title(texts: list[str]) -> None:
    event = event_with(texts, ["…"])
    schedule = publish(event, None, NOW)

    body = event_feed(
        Blocks(schedule, Addresses(BASE_URL)), Selection(display=Display(alarm=10), banner=False)
    ).body

    entries = component_of(body).inside("VEVENT")
    words = [unescaped(entry.components[0].value("DESCRIPTION") or "") for entry in entries]
    assert words == [entry.summary for entry in read_vobject(body)]
    assert sorted(words) == sorted(texts)
    assert faults(body) == []


@settings(max_examples=30)
@given(texts=st.lists(lines, min_size=10, max_size=30))
@example(texts=list(EXPLICIT))
def test_text_of_parts_and_of_what_has_no_time_is_listed_unchanged(texts: list[str]) -> None:
    sessions = [
        {"id": "whole", "title": "Posters", "kind": "poster-session", "when": SLOT},
        *({"id": f"p{n}", "title": text, "part_of": "whole"} for n, text in enumerate(texts)),
        *({"id": f"w{n}", "title": text} for n, text in enumerate(texts)),
    ]
    event = Event.model_validate(
        {
            "id": "conf",
            "name": "Conf",
            "timezone": "Europe/Berlin",
            "date": "2025-06-25",
            "sessions": [Session.model_validate(fields) for fields in sessions],
        }
    )

    body = feed_of(event)

    listed = "\n".join(f"- {text}" for text in texts)
    home = f"{BASE_URL}/events/conf/"
    when = "Wednesday 25 June 2025, 09:00–10:00 CEST (Europe/Berlin)"
    for reader in READERS.values():
        assert [entry.description for entry in reader(body)] == [
            f"Announced, with a time to come:\n{listed}\n\n{home}",
            f"In this session:\n{listed}\n\n{when}\n\n{home}sessions/whole/",
        ]


@settings(max_examples=30)
@given(texts=st.lists(lines, min_size=5, max_size=20), abstract=abstracts)
@example(texts=list(EXPLICIT), abstract="é\n\t,;\\" * 800)
def test_text_of_an_event_file_is_the_authors(texts: list[str], abstract: str) -> None:
    sessions = [
        {"id": f"s{number}", "title": text, "description": abstract}
        for number, text in enumerate(texts)
    ]

    # JSON is YAML, but for characters beyond U+FFFF, which it escapes as two halves.
    written = json.dumps(
        {"name": "Conf", "timezone": "UTC", "date": "2025-06-25", "sessions": sessions}
    )
    event = event_of(re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)", _whole, written))

    assert [(each.title, each.description) for each in event.sessions] == [
        (text, abstract.strip()) for text in texts
    ]


def _whole(halves: re.Match[str]) -> str:
    character: str = json.loads(f'"{halves[0]}"')
    return f"\\U{ord(character):08x}"
