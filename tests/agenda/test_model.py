"""The agenda: its short forms, and what they mean."""

import pytest
from agendas import ONE_DAY, POSTERS, session_of
from conftest import event_of
from pydantic import ValidationError

from calsvc.agenda import eventfile
from calsvc.agenda.kinds import Kind
from calsvc.agenda.mentions import Organizer, Reference, Track
from calsvc.agenda.model import Event, Person, Place, Room


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("[Ada Example]", [Person(name="Ada Example", role="speaker")]),
        ('["Ada, Acme"]', [Person(name="Ada", organization="Acme", role="speaker")]),
        (
            '["Ada, Acme, Inc."]',
            [Person(name="Ada", organization="Acme, Inc.", role="speaker")],
        ),
        ('["Ada,"]', [Person(name="Ada", role="speaker")]),
        (
            "[{name: Ada, role: host}, Bob]",
            [Person(name="Ada", role="host"), Person(name="Bob", role="speaker")],
        ),
        (
            "[{name: Ada, url: https://example.org/ada}]",
            [Person(name="Ada", url="https://example.org/ada", role="speaker")],
        ),
        ("[]", []),
        ("", []),
    ],
)
def test_people_may_be_written_short(written: str, people: list[Person]) -> None:
    assert session_of(f"people: {written}").people == tuple(people)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        *((kind, "speaker") for kind in Kind if kind not in {"panel", "poster", "social"}),
        (Kind.PANEL, "panelist"),
        (Kind.POSTER, "author"),
        (Kind.SOCIAL, "host"),
    ],
)
def test_kind_decides_the_role_that_is_not_given(kind: Kind, role: str) -> None:
    text = f"people: [Ada, {{name: Bob, role: moderator}}]\nkind: {kind}"

    assert [person.role for person in session_of(text).people] == [role, "moderator"]


def test_lists_of_one_may_be_written_as_the_one() -> None:
    session = session_of("tags: data\nlinks: https://example.org/slides")

    assert session.tags == ("data",)
    assert session.links == (Reference(url="https://example.org/slides"),)


def test_links_may_be_texts_and_mappings() -> None:
    session = session_of(
        """
        links:
          - https://example.org/slides
          - {url: https://example.org/paper, title: Paper}
        """
    )

    assert session.links == (
        Reference(url="https://example.org/slides"),
        Reference(url="https://example.org/paper", title="Paper"),
    )


def test_things_with_a_name_may_be_written_as_their_name() -> None:
    event = event_of(
        ONE_DAY
        + """\
venue: Town Hall
organizer: Team
tracks: [Data, {name: AI, color: TEAL}]
rooms: [101, {name: Hall B, place: Annex, geo: [52.5, 13.40]}]
"""
    )

    assert event.venue == Place(name="Town Hall")
    assert event.organizer == Organizer(name="Team")
    assert event.tracks == (Track(name="Data"), Track(name="AI", color="teal"))
    assert event.rooms == (
        Room(name="101"),
        Room(name="Hall B", place=Place(name="Annex"), geo=(52.5, 13.4)),
    )
    assert event.room("Hall B") == event.rooms[1]
    assert event.room("Hall C") is None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/A?b=c&d#e", "https://example.org/A?b=c&d#e"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_address_reaches_calendars_in_ascii(written: str, address: str) -> None:
    assert session_of(f'url: "{written}"').url == address


@pytest.mark.parametrize(
    "written",
    [
        *("ftp://example.org/", "//example.org/", "https://", "https:///x", "mailto:a@b.c"),
        *("https://[", "https://a b/", "https://example.org:99999/", "https://example..org/"),
        *("data:text/html,x", "https://a<b>.org/", "https://xn--a\\u0080/", "x"),
    ],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(eventfile.EventFileError) as caught:
        session_of(f'url: "{written}"')

    assert [problem.place for problem in caught.value.problems] == ["session talk, url"]


def test_text_keeps_its_lines_and_loses_space_at_its_ends() -> None:
    session = session_of('description: "  One\\n\\n\\tTwo 👩‍🚀  \\n"\nlevel: "  easy "')

    assert (session.description, session.level) == ("One\n\n\tTwo 👩‍🚀", "easy")


def test_values_are_frozen() -> None:
    session = session_of("when: 09:00-10:00")

    with pytest.raises(ValidationError, match="frozen"):
        session.title = "Another"  # type: ignore[misc]


def test_event_that_cannot_be_true_is_refused_however_it_is_made() -> None:
    event = event_of(POSTERS)
    sessions = (*event.sessions, event.sessions[0])

    with pytest.raises(ValidationError, match="'lunch' is taken by session number 1"):
        Event(**{**dict(event), "sessions": sessions})
