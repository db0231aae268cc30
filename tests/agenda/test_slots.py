"""When a session is on: the forms of ``when``, and the instants that they mean."""

from datetime import datetime

import pytest
from agendas import ONE_DAY, SEVERAL_DAYS, errors_of, session_of, utc
from conftest import event_of
from pydantic import ValidationError

from calsvc.agenda.model import Session
from calsvc.agenda.slots import Slot

MARCH = """\
name: Night of Clocks
timezone: Europe/Berlin
date: 2025-03-30
"""
OCTOBER = """\
name: Night of Clocks
timezone: Europe/Berlin
date: 2025-10-26
"""


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        # Berlin is two hours ahead of UTC in June.
        ("09:00-09:45", "25 07:00", "25 07:45"),
        ("9:00-9:45", "25 07:00", "25 07:45"),
        ('" 09:00 - 09:45 "', "25 07:00", "25 07:45"),
        ("09:00 – 09:45", "25 07:00", "25 07:45"),
        ("09:00—09:45", "25 07:00", "25 07:45"),
        ("9:00:30-9:45:15", "25 07:00:30", "25 07:45:15"),
        ("2025-06-25 09:00-09:45", "25 07:00", "25 07:45"),
        ("2025-06-25T09:00-09:45", "25 07:00", "25 07:45"),
        ("2025-06-25 22:00 - 2025-06-26 01:00", "25 20:00", "25 23:00"),
        ("23:00-01:30+1", "25 21:00", "25 23:30"),
        ("23:00-01:30+2", "25 21:00", "26 23:30"),
        ("22:00-24:00", "25 20:00", "25 22:00"),
        ("00:00-24:00", "24 22:00", "25 22:00"),
        ("[09:00-09:45]", "25 07:00", "25 07:45"),
        ("{start: 09:00, end: 09:45}", "25 07:00", "25 07:45"),
        ("{start: 23:00, end: 01:30+1}", "25 21:00", "25 23:30"),
        ("{start: 09:00, end: 2025-06-26 09:45}", "25 07:00", "26 07:45"),
        ("{start: 2025-06-25T09:00, end: 2025-06-25T09:45}", "25 07:00", "25 07:45"),
        ("{start: 2025-06-25T09:00:00Z, end: 2025-06-25T09:45:00Z}", "25 09:00", "25 09:45"),
        ("{start: 2025-06-25T09:00+05:30, duration: 30}", "25 03:30", "25 04:00"),
        ("{start: 2025-06-25T09:00-0700, end: 19:00}", "25 16:00", "25 17:00"),
        # New York is four hours behind UTC in June.
        ("{start: 09:00, end: 09:45, timezone: America/New_York}", "25 13:00", "25 13:45"),
        ("{start: 09:00, end: 09:45, timezone: utc}", "25 09:00", "25 09:45"),
        ("{start: 09:00, end: 09:45, timezone: }", "25 07:00", "25 07:45"),
        ("{start: 09:00, end: , duration: 45}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 45}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: '45'}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 45m}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 1:30}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: PT1H30M}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: pt90m}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: 1h30m}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: 2h}", "25 07:00", "25 09:00"),
        ("{start: 09:00, duration: PT720H}", "25 07:00", "2025-07-25 07:00"),
    ],
)
def test_when_means_these_instants(when: str, start: str, end: str) -> None:
    session = session_of(f"when: {when}")

    assert [(slot.start, slot.end) for slot in session.when] == [(utc(start), utc(end))]


@pytest.mark.parametrize(
    ("head", "when", "start", "end"),
    [
        pytest.param(
            MARCH,
            "{start: 01:30, duration: 60}",
            "2025-03-30 00:30",
            "2025-03-30 01:30",
            id="duration is of time that passes, not of what clocks show",
        ),
        pytest.param(
            MARCH,
            "01:30-03:30",
            "2025-03-30 00:30",
            "2025-03-30 01:30",
            id="the hour that clocks skip is not there",
        ),
        pytest.param(
            OCTOBER,
            "01:30-03:30",
            "2025-10-25 23:30",
            "2025-10-26 02:30",
            id="the hour that clocks repeat is there twice",
        ),
        pytest.param(
            OCTOBER,
            "{start: 2025-10-26T02:30+02:00, end: 2025-10-26T02:30+01:00}",
            "2025-10-26 00:30",
            "2025-10-26 01:30",
            id="an offset settles which of the two is meant",
        ),
        pytest.param(
            OCTOBER,
            "{start: 02:30+01:00, duration: 30}",
            "2025-10-26 01:30",
            "2025-10-26 02:00",
            id="an offset settles it also without a date",
        ),
        pytest.param(
            OCTOBER,
            "{start: 02:30, duration: 30, timezone: Europe/Lisbon}",
            "2025-10-26 02:30",
            "2025-10-26 03:00",
            id="another zone has its own hours",
        ),
        pytest.param(
            SEVERAL_DAYS,
            "{start: 2025-06-26 23:30, end: 00:30+1}",
            "2025-06-26 21:30",
            "2025-06-26 22:30",
            id="an end is on the day of its start",
        ),
    ],
)
def test_when_means_these_instants_at_the_edges(head: str, when: str, start: str, end: str) -> None:
    session = session_of(f"when: {when}", head)

    assert [(slot.start, slot.end) for slot in session.when] == [(utc(start), utc(end))]


def test_when_may_be_several_slots_with_their_own_rooms() -> None:
    event = event_of(
        SEVERAL_DAYS
        + """\
sessions:
  - id: posters
    title: Posters
    room: Foyer
    when:
      - 2025-06-25 12:00-13:00
      - {start: 2025-06-26 12:00, duration: 60, room: 101, id: second}
"""
    )

    [session] = event.sessions
    assert event.slots(session) == (
        Slot(start=utc("25 10:00"), end=utc("25 11:00"), timezone="Europe/Berlin", room="Foyer"),
        Slot(
            start=utc("26 10:00"),
            end=utc("26 11:00"),
            timezone="Europe/Berlin",
            room="101",
            id="second",
        ),
    )


def test_slot_is_shown_in_its_own_zone() -> None:
    session = session_of("when: {start: 09:00, end: 10:00, timezone: america/new_york}")

    [slot] = session.when
    assert slot.timezone == "America/New_York"
    assert f"{slot.local_start:%Y-%m-%d %H:%M %Z}" == "2025-06-25 09:00 EDT"
    assert f"{slot.local_end:%Y-%m-%d %H:%M %Z}" == "2025-06-25 10:00 EDT"


def test_session_without_when_is_announced_without_a_time() -> None:
    session = session_of("when:")

    assert session == Session(id="talk", title="A Talk")
    assert session.when == ()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "europe/berlin", '" Europe/Berlin "'])
def test_zone_is_the_one_meant_however_it_is_written(zone: str) -> None:
    event = event_of(
        f"""
        name: Small Conference
        timezone: {zone}
        date: 2025-06-25
        sessions:
          - {{id: talk, title: A Talk, when: 09:00-10:00}}
        """
    )

    assert event.timezone == "Europe/Berlin"
    assert event.sessions[0].when == (
        Slot(start=utc("25 07:00"), end=utc("25 08:00"), timezone="Europe/Berlin"),
    )


def test_dates_of_one_day_are_as_good_as_a_date() -> None:
    event = event_of(
        """
        name: Small Conference
        timezone: Europe/Berlin
        dates: {from: 2025-06-25, to: 2025-06-25}
        sessions:
          - {id: talk, title: A Talk, when: 09:00-10:00}
        """
    )

    assert event.first_day == event.last_day == utc("25 00:00").date()
    assert event.sessions[0].when[0].start == utc("25 07:00")


def test_slot_may_start_on_the_events_day_in_the_events_zone_alone() -> None:
    # Half past midnight in Tokyo on the 26th is still the 25th in Berlin.
    session = session_of("when: {start: 2025-06-26 00:30, duration: 30, timezone: Asia/Tokyo}")

    assert session.when[0].start == utc("25 15:30")


def test_session_may_be_made_of_slots_and_of_instants() -> None:
    slot = Slot(start=utc("25 07:00"), end=utc("25 08:00"), timezone="Europe/Berlin")
    instants = {"start": slot.start, "end": slot.end, "timezone": "Europe/Berlin"}

    assert Session(id="talk", title="A Talk", when=[slot, instants]).when == (slot, slot)


def test_slot_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Slot(start=datetime(2025, 6, 25, 9), end=datetime(2025, 6, 25, 10), timezone="UTC")


# --- uids that calendars know -------------------------------------------------------------


def test_uid_is_kept_as_it_is_written() -> None:
    uid = "040000008200E00074C5B7101A82E008-https://a.example/~x?y=1+2#3@source.example"

    [slot] = session_of(f'when: {{start: 09:00, end: 09:45, uid: "{uid}"}}').when

    assert slot.uid == uid


def test_uid_that_looks_like_a_number_is_text() -> None:
    [slot] = session_of("when: {start: 09:00, end: 09:45, uid: 460}").when

    assert slot.uid == "460"


@pytest.mark.parametrize(
    ("uid", "expected"),
    [
        ('"a b"', "'a b' cannot be a uid that all calendar programs read alike"),
        ('"a;b"', "'a;b' cannot be a uid"),
        ('"a,b"', "'a,b' cannot be a uid"),
        ('"ä"', "'ä' cannot be a uid"),
        ('"<a@b>"', "'<a@b>' cannot be a uid"),
        ('"a\\nUID:b"', "'a\\nUID:b' cannot be a uid"),
        ('""', "'' cannot be a uid"),
        (f'"{"a" * 256}"', "has 256 characters; keep it within 255"),
        ("[a]", "is a list; write text"),
    ],
)
def test_uid_that_cannot_be_is_refused(uid: str, expected: str) -> None:
    told = errors_of(
        f"{ONE_DAY}sessions:\n  - id: talk\n    title: Talk\n"
        f"    when: {{start: 09:00, end: 09:45, uid: {uid}}}\n"
    )

    assert expected in told


def test_uid_of_two_slots_is_refused() -> None:
    told = errors_of(
        f"""{ONE_DAY}sessions:
  - {{id: one, title: One, when: {{start: 09:00, end: 09:45, uid: same@a.example}}}}
  - {{id: two, title: Two, when: [{{start: 10:00, end: 10:45, uid: same@a.example}}]}}
"""
    )

    assert told == (
        "conf.yaml:6:34: session two, when 1: the uid 'same@a.example' is taken by a slot of one;"
        " give each slot a uid of its own, or none"
    )
