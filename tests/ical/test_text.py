"""Texts: what an agenda says reaches every reader unchanged, or is refused with a word.

One example is an agenda of many sessions; each text stands in every kind of place.
"""

import json
import re
import unicodedata

import pytest
from conftest import BASE_URL, NOW, event_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
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

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event, Session
from calsvc.errors import EventFileError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.display import Display
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

HOSTILE = (
    *("\\", "\\n", "\\N", "\\\\", "\\,", "\\;", "\\:", "C:\\New", "n", "N", "^n", "^'", "^^", "^"),
    *(
        ",",
        ";",
        ":",
        '"',
        "'",
        "=",
        "%",
        "&amp;",
        "<b>",
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        "DTSTART",
    ),
    *(" ", "  ", "\u00a0", "\u3000", "\u2003", "\u200b", "\u00ad"),
    *("é", "e\u0301", "ß", "İ", "\u0327", "日本語", "ﬀ", "Ω", "क्षि"),
    *("😀", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "🇩🇪", "𝔘", "\U0010fffd"),
    *("שלום", "مرحبا", "\u200f", "\u200e", "\u2066", "\u2069"),
    *("a" * 74, "é" * 40, "😀" * 20, "\\" * 40, "," * 80),
)
EXPLICIT = (
    *("C:\\New", "\\N", "\\n", "\\\\n", "\\\\N", "trailing\\", "trailing\\\\", "\\", ";", ","),
    *('"', "^", "^n", ":", "a:b;c=d,e", "x" * 500, "😀" * 500, "\\" * 500, "," * 500),
)

SLOT = {"start": "2025-06-25T09:00", "duration": 60, "timezone": "Europe/Berlin"}

harmless = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="\ufeff\ufffe\uffff\u202a\u202b\u202c\u202d\u202e",
)


def is_seen(text: str) -> bool:
    """Tell whether a text has a character that leaves something to see."""
    kinds = {unicodedata.category(each) for each in text if each not in UNSEEN_LETTERS}
    return bool(kinds - {"Cc", "Cf", "Zs", "Zl", "Zp"})


UNSEEN_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
pieces = st.one_of(st.sampled_from(HOSTILE), st.text(harmless, min_size=1, max_size=8))
lines = (
    st.lists(pieces, min_size=1, max_size=6)
    .map(lambda written: "".join(written)[:500].strip())
    .filter(is_seen)
)
breaks = st.sampled_from(["\n", "\n\n", "\n\t", "\t", "\n \n", "\\\n", "\n\\n"])
abstracts = st.lists(st.tuples(lines, breaks), min_size=1, max_size=4).map(
    lambda parts: "".join(line + broken for line, broken in parts)
)


Said = tuple[str, str, str, tuple[str, ...]]
"""Title, description, place and categories of an entry."""


def event_with(texts: list[str], abstracts: list[str]) -> Event:
    """Return an agenda where each text stands in every kind of place."""

    def text(number: int) -> str:
        return texts[number % len(texts)]

    def tag(number: int) -> str:
        return text(number).rstrip("\\ ") or "tag"

    sessions = [
        Session.model_validate(
            {
                "id": f"s{number}",
                "title": text(number),
                "when": {
                    "start": "2025-06-25T09:00",
                    "duration": 60,
                    "timezone": "Europe/Berlin",
                    "room": text(number + 1),
                },
                "track": tag(number + 2),
                "tags": [tag(number + 3), tag(number + 4)],
                "people": [{"name": text(number + 5), "organization": text(number + 6)}],
                "description": abstracts[number % len(abstracts)],
            }
        )
        for number in range(max(len(texts), len(abstracts)))
    ]
    return Event.model_validate(
        {
            "id": "conf",
            "name": text(0),
            "timezone": "Europe/Berlin",
            "date": "2025-06-25",
            "venue": {"name": text(1), "address": text(2), "geo": [52.52, 13.405]},
            "description": abstracts[0],
            "sessions": sessions,
        }
    )


def feed_of(event: Event) -> bytes:
    """Return the whole feed of an event."""
    return event_feed(Blocks(publish(event, None, NOW), Addresses(BASE_URL)), Selection()).body


def meant(event: Event) -> list[Said]:
    """Return what an agenda of ``event_with`` says: of the event itself, then of its sessions."""
    assert event.venue and event.venue.address
    venue = (event.venue.name, event.venue.address)
    home = f"{BASE_URL}/events/conf/"
    says: list[Said] = [
        (event.name, f"{event.description}\n\n{home}", ", ".join(dict.fromkeys(venue)), ())
    ]
    for session in event.sessions:
        [slot], [person] = session.when, session.people
        assert slot.room and session.track
        description = (
            f"Speaker: {person.name}, {person.organization}",
            session.description or "",
            "Wednesday 25 June 2025, 09:00–10:00 CEST (Europe/Berlin)",
            f"{home}sessions/{session.id}/",
        )
        says.append(
            (
                session.title,
                "\n\n".join(description),
                ", ".join(dict.fromkeys((slot.room, *venue))),
                tuple(dict.fromkeys((session.track, "talk", *session.tags))),
            )
        )
    return says


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


@untraced()
@settings(max_examples=120)
@given(
    texts=st.lists(lines, min_size=15, max_size=40),
    abstracts=st.lists(abstracts, min_size=5, max_size=15),
)
@example(texts=list(EXPLICIT), abstracts=[*EXPLICIT, "C:\\New " * 500, "é\n\t,;\\" * 800])
def test_text_reaches_every_reader_unchanged(texts: list[str], abstracts: list[str]) -> None:
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


CONTROLS = [*map(chr, (*range(0x20), *range(0x7F, 0xA0))), *"\u2028\u2029\ufeff\ufffe\uffff"]
NAMES = {
    "\n": "a line break",
    "\u2028": "LINE SEPARATOR",
    "\u2029": "PARAGRAPH SEPARATOR",
    "\ufeff": "ZERO WIDTH NO-BREAK SPACE",
}


def refusal(character: str, advice: str = "take it out") -> str:
    """Return the words with which a character in the third place is refused."""
    name = NAMES.get(character, "a control character")
    return f"has U+{ord(character):04X} ({name}) at character 3; {advice}"


@pytest.mark.parametrize("character", CONTROLS, ids=lambda character: f"U+{ord(character):04X}")
def test_title_with_what_calendars_cannot_hold_is_refused(character: str) -> None:
    advice = "write it on one line" if character == "\n" else "take it out"
    fields = {"id": "talk", "title": f"a {character}b"}

    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)
    with pytest.raises(EventFileError) as told:
        event_of(f"""
            name: Conf
            timezone: Europe/Berlin
            date: 2025-06-25
            sessions:
              - id: talk
                title: "a \\u{ord(character):04x}b"
            """)

    [error] = refused.value.errors()
    assert (error["type"], error["loc"], error["msg"]) == (
        "agenda",
        ("title",),
        refusal(character, advice),
    )
    assert str(told.value) == f"conf.yaml:7:12: session talk, title: {refusal(character, advice)}"


@pytest.mark.parametrize("character", CONTROLS, ids=lambda character: f"U+{ord(character):04X}")
def test_description_with_what_calendars_cannot_hold_is_refused(character: str) -> None:
    fields = {"id": "talk", "title": "Talk", "description": f"a {character}b"}

    if character in "\n\t":
        assert Session.model_validate(fields).description == f"a {character}b"
        return
    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)

    [error] = refused.value.errors()
    assert (error["type"], error["loc"], error["msg"]) == (
        "agenda",
        ("description",),
        refusal(character),
    )


@pytest.mark.parametrize(
    "place",
    [
        {"tags": ["a \x00b"]},
        {"room": "a \x00b"},
        {"track": "a \x00b"},
        {"people": [{"name": "a \x00b"}]},
        {"people": [{"name": "A", "organization": "a \x00b"}]},
        {"people": ["a \x00b"]},
        {"links": [{"url": "https://example.org/", "title": "a \x00b"}]},
        {"level": "a \x00b"},
        {"when": SLOT | {"room": "a \x00b"}},
    ],
    ids=str,
)
def test_control_character_anywhere_is_refused(place: dict[str, object]) -> None:
    fields = {"id": "talk", "title": "Talk", **place}

    with pytest.raises(ValidationError) as refused:
        Session.model_validate(fields)

    assert [(error["type"], error["msg"]) for error in refused.value.errors()] == [
        ("agenda", refusal("\x00"))
    ]


@pytest.mark.parametrize("character", ["\ud800", "\udfff"], ids=ascii)
def test_half_of_a_character_is_refused(character: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Session.model_validate({"id": "talk", "title": f"a {character}b"})

    # No file holds one: UTF-8 has no octets for it, and YAML refuses its escape.
    assert [error["type"] for error in refused.value.errors()] == ["string_unicode"]


@pytest.mark.parametrize(
    ("written", "title"),
    [("  Talk  ", "Talk"), ("\u3000Talk\u00a0", "Talk"), ("Talk\n", "Talk"), (101, "101")],
)
def test_white_space_at_the_ends_is_no_part_of_a_title(written: object, title: str) -> None:
    session = Session.model_validate({"id": "talk", "title": written})

    assert session.title == title


@pytest.mark.parametrize("written", ["", " ", "\u3000", "\n"])
def test_empty_title_is_refused(written: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Session.model_validate({"id": "talk", "title": written})

    [error] = refused.value.errors()
    assert (error["type"], error["msg"]) == (
        "agenda",
        "is empty; write something, or take the key out",
    )
