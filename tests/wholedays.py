"""An agenda with sessions that are all day, beside others."""

from conftest import schedule_of

from calsvc.schedule.entries import Schedule

ALL_DAY = """
    name: Hack Conf
    timezone: Asia/Tokyo
    dates: {from: 2027-06-12, to: 2027-06-14}
    venue: {name: House, address: Street 1}
    rooms: [Hall, Foyer]
    sessions:
      - {id: talk, title: Talk, when: 2027-06-12 10:00-11:00, room: Hall, people: [Ada]}
      - {id: hack, title: Hackathon, kind: workshop, when: 2027-06-12, room: Hall, people: [Ada]}
      - {id: panel, title: Panel, kind: panel, when: 2027-06-12 10:30-11:30, room: Foyer}
      - {id: expo, title: Exhibition, when: 2027-06-12 - 2027-06-14, room: Foyer, kind: other}
      - id: care
        title: Child care
        when: [2027-06-12, {start: 2027-06-14, uid: care@old.example}]
      - {id: waiting, title: Waiting}
"""


def all_day() -> Schedule:
    """Return the first schedule of it."""
    return schedule_of(ALL_DAY)
