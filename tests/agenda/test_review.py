"""What is doubtful in an agenda, but may be meant."""

from textwrap import dedent

import pytest
from agendas import ONE_DAY, POSTERS
from conftest import PROJECT, event_of

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.outline import MOST_SEARCHED
from calsvc.agenda.review import doubts


def warnings_of(text: str) -> list[str]:
    """Return the warnings of an event file."""
    _, problems = eventfile.parse(dedent(text), "conf", "conf.yaml")
    return [str(problem) for problem in problems]


def test_real_events_raise_no_doubt() -> None:
    for path in event_files(PROJECT / "events"):
        assert warnings_of(path.read_text("utf-8")) == []


def test_two_sessions_in_one_room_at_once_are_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, room: Hall A, when: 09:00-10:00}
          - {id: two, title: Two, room: Hall A, when: 09:59-10:30}
          - {id: three, title: Three, room: Hall A, when: 10:30-11:00}
          - {id: four, title: Four, room: Hall B, when: 09:00-10:00}
          - {id: five, title: Five, room: Hall A, when: 10:30-11:00, status: cancelled}
          - id: six
            title: Six
            when: [09:00-10:00, {start: 10:45, duration: 5, room: Hall A}]
        """
    ) == [
        "conf.yaml:6:47: warning: session two, when: is in Hall A at the same time as one"
        " (2025-06-25 09:59); move one of them",
        "conf.yaml:12:11: warning: session six, when: is in Hall A at the same time as three"
        " (2025-06-25 10:45); move one of them",
    ]


def test_one_person_in_two_places_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, when: 09:00-10:00, people: [Ada, Bob]}
          - {id: two, title: Two, when: 09:30-10:30, people: [Bob, Cem]}
          - {id: three, title: Three, when: 10:30-11:00, people: [Bob, Bob]}
        """
    ) == [
        "conf.yaml:6:54: warning: session two, people: has Bob at the same time as one"
        " (2025-06-25 09:30); check the times",
        "conf.yaml:7:64: warning: session three, people 2: names 'Bob' twice; put a person and"
        ' the organization in one pair of quotes: "Ada Example, Acme"',
    ]


def test_parts_share_the_room_of_their_whole_without_a_doubt() -> None:
    assert warnings_of(POSTERS) == []


def test_slot_longer_than_half_a_day_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, when: 09:00-21:00}
          - {id: two, title: Two, when: [09:00-10:00, 09:00-09:30+1]}
        """
    ) == ["conf.yaml:6:47: warning: session two, when 2: lasts 24.5 hours; check its end"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("EST", "EST never changes to summer time; did you mean America/New_York?"),
        ("mst", "MST never changes to summer time; did you mean America/Denver?"),
        (
            "Africa/Casablanca",
            "the clocks of Africa/Casablanca follow no yearly rule then;"
            " nothing to mend: its times go out in UTC, which every calendar understands",
        ),
    ],
)
def test_zone_that_is_seldom_meant_is_doubtful(zone: str, words: str) -> None:
    text = ONE_DAY.replace("Europe/Berlin", zone)

    assert warnings_of(text) == [f"conf.yaml:2:11: warning: timezone: {words}"]


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT", "Asia/Kolkata", "America/Phoenix"])
def test_zone_without_summer_time_is_not_doubtful(zone: str) -> None:
    assert warnings_of(ONE_DAY.replace("Europe/Berlin", zone)) == []


def test_room_or_track_that_is_not_listed_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        rooms: [Hall A, Hall B]
        tracks: [Data]
        sessions:
          - {id: one, title: One, room: Hall A, track: Data}
          - {id: two, title: Two, room: Hal B, track: Networks}
          - {id: three, title: Three}
          - {id: four, title: Four, when: {start: 09:00, duration: 30, room: Bar}}
        """
    ) == [
        "conf.yaml:8:33: warning: session two, room: 'Hal B' is not among the event's"
        " rooms; did you mean 'Hall B'?",
        "conf.yaml:8:47: warning: session two, track: 'Networks' is not among the"
        " event's tracks; add it to tracks",
        "conf.yaml:10:70: warning: session four, when, room: 'Bar' is not among the"
        " event's rooms; add it to rooms",
    ]


def test_clashes_of_one_room_are_told_of_up_to_a_number() -> None:
    sessions = "\n".join(
        f"  - {{id: talk-{number}, title: Talk, room: Hall, when: 09:00-10:00}}"
        for number in range(60)
    )
    event = event_of(f"name: Conf\ntimezone: UTC\ndate: 2025-06-25\nsessions:\n{sessions}\n")

    found = list(doubts(event))

    assert len(found) == 50
    assert found[0].what == "is in Hall at the same time as talk-0 (2025-06-25 09:00)"


def test_likely_rooms_are_looked_for_only_so_often() -> None:
    rooms = ", ".join(f"Hall {number}" for number in range(MOST_SEARCHED + 1))
    sessions = "".join(
        f"  - {{id: s{number}, title: T, room: Hal {number % (MOST_SEARCHED + 1)}}}\n"
        for number in range(2 * MOST_SEARCHED + 1)
    )

    told = warnings_of(f"{ONE_DAY}rooms: [{rooms}]\nsessions:\n{sessions}")

    assert len(told) == 2 * MOST_SEARCHED + 1
    for number, line in enumerate(told):
        is_last = number == MOST_SEARCHED
        assert line.endswith("add it to rooms" if is_last else "'?"), line


def test_person_who_is_there_twice_is_found_among_very_many() -> None:
    """Such a session took minutes: each person was held against all before."""
    people = ", ".join(f"Person {number}" for number in (*range(2_000), 7))

    (told,) = warnings_of(f"{ONE_DAY}sessions:\n  - {{id: one, title: One, people: [{people}]}}\n")

    assert "session one, people 2001: names 'Person 7' twice" in told
