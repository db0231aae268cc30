"""Names of rooms, tracks and persons: which are one, which are not, and what is warned of."""

import textwrap
import unicodedata

import pytest

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.agenda.names import in_address, spelling_key

HEAD = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
"""


def checked(text: str) -> tuple[Event, list[str]]:
    """Return an event, and the warnings of its file without the file's name and columns."""
    event, problems = eventfile.parse(HEAD + textwrap.dedent(text), "conf", "conf.yaml")
    return event, [f"{each.place}: {each.what}; {each.advice}" for each in problems]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("C＃", "c-sharp"),
        ("F♯", "f-sharp"),
        ("C++20", "c-plus-plus-20"),
        ("C/C++", "c-c-plus-plus"),
        ("Modern C++ & Rust", "modern-c-plus-plus-rust"),
        ("A+", "a-plus"),
        (".NET", "dot-net"),
        ("NET", "net"),
        ("ASP.NET", "asp-net"),
        ("C#/.NET", "c-sharp-dot-net"),
        # what addresses had before, and have still
        ("Hall A", "hall-a"),
        ("AI & ML", "ai-ml"),
        ("Data+AI", "data-ai"),
        ("Data + AI", "data-ai"),
        ("Node.js", "node-js"),
        ("Web 2.0", "web-2-0"),
        ("Room #2", "room-2"),
        ("To be continued...", "to-be-continued"),
        ("Café Süd", "cafe-sud"),
        ("★", "★"),
    ],
)
def test_name_in_an_address(name: str, address: str) -> None:
    assert in_address(name) == address
    assert in_address(address) == address


@pytest.mark.parametrize(
    "variant",
    [
        unicodedata.normalize("NFD", "Café Süd"),
        "Café\u00a0Süd",
        "Café\u202f Süd",
        "CAFÉ  SÜD",
        "Café\u200b Süd",
        "Ca\u00adfé Süd",
        unicodedata.normalize("NFD", "CAFÉ\u00a0SÜD"),
    ],
)
def test_spelling_of_one_name(variant: str) -> None:
    assert variant != "Café Süd"
    assert spelling_key(variant) == spelling_key("Café Süd")


@pytest.mark.parametrize("other", ["Cafe Sud", "CaféSüd", "Café Süd 2", "Cafe\u0301\u0301 Süd"])
def test_another_name(other: str) -> None:
    assert spelling_key(other) != spelling_key("Café Süd")


def test_numbers_above_and_below_the_line_are_not_those_on_it() -> None:
    assert spelling_key("Room 1²") != spelling_key("Room 12")


VARIANTS = f"""
rooms: [{{name: "Café Süd", geo: [52.5, 13.4]}}, Other]
tracks: [{{name: Größe, color: red}}]
sessions:
  - {{id: one, title: One, when: 09:00-10:00, track: GRÖSSE,
     room: "{unicodedata.normalize("NFD", "Café Süd")}"}}
  - {{id: two, title: Two, when: {{start: "09:30", end: "10:30", room: "CAFÉ\u00a0SÜD"}}}}
  - {{id: three, title: Three, when: 11:00-12:00, room: "café  süd"}}
"""


def test_listed_spelling_of_a_room_counts() -> None:
    event, warnings = checked(VARIANTS)

    rooms = {slot.room for session in event.sessions for slot in event.slots(session)}
    assert rooms == {"Café Süd"}
    assert event.sessions[0].track == "Größe"
    assert warnings == [
        "session two, when: is in Café Süd at the same time as one (2027-06-15 09:30);"
        " move one of them"
    ]


def test_spelling_that_is_used_most_counts_where_none_is_listed() -> None:
    lines = [
        f"  - {{id: s-{place}, title: One, when: {9 + place}:00-{9 + place}:30, room: {room}}}"
        for place, room in enumerate(["hall a", "Hall A", "Hall  A", "Hall A"])
    ]
    for order in (lines, lines[::-1]):
        event, warnings = checked("\n".join(["sessions:", *order]))

        assert {session.room for session in event.sessions} == {"Hall A"}
        assert warnings == []


def test_room_in_capitals_once_keeps_its_other_spelling() -> None:
    event, _ = checked("""
        sessions:
          - {id: one, title: One, when: 09:00-10:00, room: Café Süd}
          - {id: two, title: Two, when: 10:00-11:00, room: CAFÉ SÜD}
        """)

    assert {session.room for session in event.sessions} == {"Café Süd"}


def test_room_that_only_looks_the_same_is_told_with_the_difference() -> None:
    _, warnings = checked("""
        rooms: [Hall A]
        sessions:
          - {id: one, title: One, when: 09:00-10:00, room: "Hall \u0410"}
          - {id: two, title: Two, when: 10:00-11:00, room: Hal A}
        """)

    assert warnings == [
        "session one, room: 'Hall \u0410' is not among the event's rooms; did you mean 'Hall A'?"
        " It looks the same, but this one has U+0410 (CYRILLIC CAPITAL LETTER A) at character 6",
        "session two, room: 'Hal A' is not among the event's rooms; did you mean 'Hall A'?",
    ]


def test_room_that_is_listed_in_two_spellings_keeps_both_and_is_told_of() -> None:
    event, warnings = checked("""
        rooms: [Hall A, "Hall\u00a0A"]
        sessions: [{id: one, title: One, when: 09:00-10:00, room: "Hall\u00a0A"}]
        """)

    assert event.sessions[0].room == "Hall\u00a0A"
    assert warnings == [
        "rooms 2: 'Hall\\xa0A' is listed already, as 'Hall A';"
        " this one has U+00A0 (NO-BREAK SPACE) at character 5; keep one of them"
    ]


def test_names_with_one_value_in_addresses_are_told_of() -> None:
    _, warnings = checked("""
        tracks: [AI/ML]
        rooms: [Sud, Süd]
        sessions:
          - {id: one, title: One, track: AI & ML, tags: [Go!, go, GO], level: A*, room: Sud}
          - {id: two, title: Two, tags: Go, level: A, room: Süd, track: AI & ML}
        """)

    advice = "write them alike if they are one, or give one of them another name"
    assert warnings == [
        f"rooms 2: 'Süd' and 'Sud' are one filter, room=sud; {advice}",
        f"session one, track: 'AI & ML' and 'AI/ML' are one filter, track=ai-ml; {advice}",
        "session one, track: 'AI & ML' is not among the event's tracks; did you mean 'AI/ML'?",
        f"session one, tags 2: 'go' and 'Go!' are one filter, tag=go; {advice}",
        f"session two, level: 'A' and 'A*' are one filter, level=a; {advice}",
        "session two, track: 'AI & ML' is not among the event's tracks; did you mean 'AI/ML'?",
    ]


def test_symbols_that_addresses_tell_are_no_doubt() -> None:
    _, warnings = checked("""
        tracks: [C, C++, "C#", .NET, NET]
        sessions: [{id: one, title: One, tags: [c, c++, "c#"]}]
        """)

    assert warnings == []


def test_two_organizations_of_one_name_are_told_of_once() -> None:
    _, warnings = checked("""
        sessions:
          - {id: one, title: One, when: 09:00-10:00, people: ["Wei Wang, X"]}
          - {id: two, title: Two, when: 09:00-10:00, people: ["Wei Wang, Y", Ann]}
          - {id: three, title: Three, when: 11:00-12:00, people: ["wei wang, y", "Ann, X"]}
        """)

    assert warnings == [
        "session two, people 1: Wei Wang is of 'Y' here, and of 'X' elsewhere;"
        " if it is one person, write one organization;"
        " if not, speaker=wei-wang-y gives this one, and speaker=wei-wang both",
        "session three, people 1: is 'wei wang' here, and 'Wei Wang' in session one;"
        " write one of them",
    ]
