"""YAML 1.2: what a value is, and where it stands."""

from datetime import date

import pytest
from agendas import ONE_DAY, errors_of
from conftest import event_of

from calsvc.agenda.yamlfile import Document


def value_of(text: str) -> object:
    """Return the value that ``key:`` has with this text behind it."""
    document = Document("conf.yaml", f"key: {text}\n")
    assert document.problems == []
    return document.root.get("key")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("Off", "Off"),
        ("10:30", "10:30"),
        ("2025-06-25", "2025-06-25"),
        ("2025-06-25T10:30:00Z", "2025-06-25T10:30:00Z"),
        ("007", "007"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        (".inf", ".inf"),
        ("+5", "+5"),
        ("-0", "-0"),
        ("٣", "٣"),
        ("9" * 5000, "9" * 5000),
        ("101", 101),
        ("-7", -7),
        ("1.5", 1.5),
        ("true", True),
        ("FALSE", False),
        ('"true"', "true"),
        ("'101'", "101"),
        ("null", None),
        ("~", None),
        ("", None),
        ('""', ""),
        ("{a: , b: 1}", {"b": 1}),
    ],
)
def test_value_is_read_by_the_rules_of_yaml_1_2(written: str, value: object) -> None:
    assert value_of(written) == value
    assert type(value_of(written)) is type(value)


def test_texts_that_yaml_1_1_would_change_stay_as_they_were_written() -> None:
    event = event_of(
        """
        name: NO
        series: 1.10
        timezone: Europe/Oslo
        date: 2025-06-25
        sessions:
          - {id: 1, title: 10:30, room: 101, level: 007, track: yes, tags: [on, 2.0, 3], when: 9:00-9:30}
        """  # noqa: E501 -- one line shows that all of it is one mapping
    )

    [session] = event.sessions
    assert (event.name, event.series, event.date) == ("NO", "1.10", date(2025, 6, 25))
    assert (session.id, session.title, session.room) == ("1", "10:30", "101")
    assert (session.level, session.track, session.tags) == ("007", "yes", ("on", "2.0", "3"))


def test_alias_stands_for_what_its_anchor_names() -> None:
    event = event_of(
        ONE_DAY
        + """\
sessions:
  - {id: a, title: A, people: &hosts [Ada, Bob]}
  - {id: b, title: B, people: *hosts}
"""
    )

    assert event.sessions[0].people == event.sessions[1].people
    assert [person.name for person in event.sessions[1].people] == ["Ada", "Bob"]


def test_error_inside_an_alias_stands_where_the_alias_does() -> None:
    text = ONE_DAY + "tracks: &list [{name: Data, color: tael}]\nrooms: *list\n"

    assert errors_of(text) == (
        "conf.yaml:4:36: tracks 1, color: 'tael' is not the name of a colour in CSS;"
        " did you mean teal?\n"
        "conf.yaml:5:8: rooms: unknown key 'color'; the keys here are name, place, geo"
    )
