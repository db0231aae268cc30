"""What is on now and what comes next, at any moment of an event."""

from datetime import UTC, datetime

import pytest
from conftest import schedule_of

from calsvc.web.present import Present, present

SCHEDULE = schedule_of("""
name: Conf
timezone: UTC
dates: {from: 2027-06-15, to: 2027-06-16}
sessions:
  - {id: desk, title: Desk, kind: registration, when: 2027-06-15 08:00-18:00}
  - {id: early, title: Early, when: 2027-06-15 09:00-11:00}
  - {id: late, title: Late, when: 2027-06-15 10:00-11:00}
  - {id: off, title: Off, when: 2027-06-15 10:00-11:00, status: cancelled}
  - {id: lunch, title: Lunch, kind: poster-session, when: 2027-06-15 12:00-13:00}
  - {id: poster, title: Poster, kind: poster, part_of: lunch}
  - {id: talk, title: Talk, when: 2027-06-15 12:00-13:00}
  - {id: party, title: Party, when: 2027-06-15 23:00-01:00+1}
  - {id: tomorrow, title: Tomorrow, when: 2027-06-16 09:00-10:00}
""")
NAMES = {entry.uid: str(entry.session) for entry in SCHEDULE.entries}


def names(found: Present) -> tuple[list[str], list[str], str]:
    """Return what is on, what follows, and when something began last."""
    since = f"{found.since:%H:%M}" if found.since else ""
    return [NAMES[uid] for uid in found.on], [NAMES[uid] for uid in found.following], since


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("15 07:00", ([], ["early"], "")),
        ("15 08:30", ([], ["early"], "")),  # a desk is not the present
        ("15 09:00", (["early"], ["late"], "09:00")),
        ("15 10:30", (["late", "early"], ["lunch", "talk"], "10:00")),
        ("15 11:30", ([], ["lunch", "talk"], "10:00")),  # between two
        ("15 12:59", (["lunch", "talk"], ["party"], "12:00")),
        ("16 00:30", (["party"], [], "23:00")),  # a night is of its evening
    ],
)
def test_present_is_what_is_on_and_what_begins_next(
    now: str, expected: tuple[list[str], list[str], str]
) -> None:
    found = present(SCHEDULE, datetime.fromisoformat(f"2027-06-{now}").replace(tzinfo=UTC))

    assert found is not None
    assert names(found) == expected


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ({"early", "talk"}, (["early"], ["talk"], "09:00")),
        ({"lunch", "tomorrow"}, ([], ["lunch"], "")),
        ({"desk", "off", "tomorrow"}, None),
    ],
)
def test_present_of_some_entries_has_no_others(
    of: set[str], expected: tuple[list[str], list[str], str] | None
) -> None:
    uids = {uid for uid, name in NAMES.items() if name in of}
    found = present(SCHEDULE, datetime(2027, 6, 15, 10, 30, tzinfo=UTC), uids)

    assert (found and names(found)) == expected


@pytest.mark.parametrize("now", ["14 12:00", "16 02:00", "16 10:00", "20 12:00"])
def test_there_is_no_present_where_nothing_more_is_on_today(now: str) -> None:
    assert present(SCHEDULE, datetime.fromisoformat(f"2027-06-{now}").replace(tzinfo=UTC)) is None
