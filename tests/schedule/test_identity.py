"""Which uid a slot has, and which entries are the parents of a part."""

from datetime import timedelta

from conftest import NOW, event_of, schedule_of

from calsvc.addresses import Addresses
from calsvc.agenda.model import Event
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

TWO_WHOLES = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: morning, title: Morning, kind: poster-session, when: 09:00-10:00}
      - {id: noon, title: Noon, kind: poster-session, when: 10:00-11:00}
      - {id: poster, title: Poster, kind: poster, part_of: [morning, noon], when: "WHEN"}
"""


def uid(schedule: Schedule, session_id: str) -> str:
    """Return the uid of a session that is on once."""
    (entry,) = schedule.of_session(session_id)
    return entry.uid


def test_part_belongs_to_the_whole_that_it_overlaps_and_not_to_one_that_it_touches() -> None:
    schedule = schedule_of(TWO_WHOLES.replace("WHEN", "10:00-10:30"))

    (poster,) = schedule.of_session("poster")

    assert poster.content.parents == (uid(schedule, "noon"),)


def test_part_that_only_touches_its_wholes_belongs_to_all_of_them() -> None:
    schedule = schedule_of(TWO_WHOLES.replace("WHEN", "11:00-11:30"))

    (poster,) = schedule.of_session("poster")

    assert poster.content.parents == (uid(schedule, "morning"), uid(schedule, "noon"))


# --- uids that the agenda gives -----------------------------------------------------------

KNOWN = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: {start: 09:00, end: 09:30, uid: "460@source.example"}}
      - {id: other, title: Other, when: 10:00-10:30}
"""
FIRST = "460@source.example"
MOVED = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - id: talk
        title: Talk
        when:
          - {start: 14:00, end: 14:30, uid: second@source.example}
          - {start: 15:00, end: 15:30, uid: 460@source.example}
"""


def published(text: str, before: Schedule) -> Schedule:
    """Return the schedule that an event file's text makes an hour later."""
    return publish(event_of(text), before, NOW + timedelta(hours=1))


def test_slot_has_the_uid_that_its_agenda_gives() -> None:
    schedule = schedule_of(KNOWN)

    assert uid(schedule, "talk") == FIRST


def test_uid_that_the_agenda_gives_stands_in_the_feed() -> None:
    body = event_feed(Blocks(schedule_of(KNOWN), Addresses("http://127.0.0.1")), Selection()).body

    assert b"\r\nUID:460@source.example\r\n" in body


def test_slot_that_is_published_keeps_its_uid_whatever_the_agenda_gives() -> None:
    without = KNOWN.replace(', uid: "460@source.example"', "")
    before = schedule_of(without)

    after = published(KNOWN, before)

    assert uid(before, "talk") != FIRST
    assert uid(after, "talk") == uid(before, "talk")


def test_uid_that_the_agenda_takes_back_is_remembered() -> None:
    before = schedule_of(KNOWN)

    after = published(KNOWN.replace(', uid: "460@source.example"', ""), before)

    assert uid(after, "talk") == FIRST


def test_slot_is_the_same_as_before_by_its_uid_wherever_it_moves() -> None:
    """By time and order alone, the slot at 09:00 would be taken for the one at 14:00."""
    before = schedule_of(KNOWN)

    after = published(MOVED, before)

    assert {
        entry.uid: entry.content.slot and f"{entry.content.slot.local_start:%H:%M}"
        for entry in after.of_session("talk")
    } == {"second@source.example": "14:00", FIRST: "15:00"}


def test_uid_that_another_entry_has_is_not_given_again() -> None:
    before = schedule_of(KNOWN)
    taken = KNOWN.replace("id: talk", "id: new")

    after = published(taken, before)

    (old,) = after.of_session("talk")
    assert (old.uid, old.is_cancelled) == (FIRST, True)
    assert uid(after, "new") != FIRST


def test_part_does_not_take_the_uid_of_its_whole() -> None:
    """Not even when the whole keeps the uid that it was published with."""
    whole = KNOWN.replace(', uid: "460@source.example"', "")
    part = "      - {id: part, title: Part, part_of: talk}\n"
    before = schedule_of(whole)

    after = published(KNOWN + part, before)

    assert FIRST not in {entry.uid for entry in after.entries}


def test_part_of_what_lost_its_times_belongs_to_the_same_of_them_ever_after() -> None:
    def edited(lunch: str, poster: str) -> Event:
        return event_of(f"""
            name: Conf
            timezone: Europe/Berlin
            date: 2027-06-15
            sessions:
              - {{id: lunch, title: Lunch{lunch}}}
              - {{id: poster, title: Poster, part_of: lunch{poster}}}
            """)

    schedule: Schedule | None = None
    for lunch, poster in (
        (", when: [12:00-12:30, 13:00-13:30]", ""),
        (", when: 13:00-13:30", ""),
        ("", ", when: 09:00-09:30"),
    ):
        schedule = publish(edited(lunch, poster), schedule, NOW)

    assert schedule
    assert publish(schedule.event, schedule, NOW + timedelta(days=1)) is schedule
