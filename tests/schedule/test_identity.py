"""Which uid a slot has, and which entries are the parents of a part."""

from uuid import UUID

from conftest import schedule_of

from calsvc.schedule.entries import Schedule

TWO_WHOLES = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: morning, title: Morning, kind: poster-session, when: 09:00-10:00}
      - {id: noon, title: Noon, kind: poster-session, when: 10:00-11:00}
      - {id: poster, title: Poster, kind: poster, part_of: [morning, noon], when: "WHEN"}
"""


def uid(schedule: Schedule, session_id: str) -> UUID:
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
