"""An event that changes its language: calendars notice that all its entries changed."""

from datetime import timedelta

import pytest
from conftest import BASE_URL, NOW, event_of
from subscriber import Kept, read

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

HEAD = "name: Conf\ndate: 2025-06-25\ntimezone: Europe/Berlin\n"
TALK = "  - {id: talk, title: Talk, when: '10:00-10:30'}\n"
GONE = "  - {id: gone, title: Gone, when: '11:00-11:30'}\n"


def after(previous: Schedule | None, language: str, sessions: str = TALK) -> Schedule:
    """Return the schedule that follows, an hour later, of an event in this language."""
    now = previous.published + timedelta(hours=1) if previous else NOW
    return publish(event_of(f"{HEAD}{language}\nsessions:\n{sessions}"), previous, now)


def entries(schedule: Schedule) -> dict[str, Kept]:
    """Return the entries of the feed by session."""
    kept = read(event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body)
    return {entry.session or "": kept[str(entry.uid)] for entry in schedule.entries}


@pytest.mark.parametrize(
    ("before", "then", "sequences"),
    [
        ("", "language: de", {"": 1, "talk": 1, "gone": 2}),
        ("language: de", "language: en", {"": 1, "talk": 1, "gone": 2}),
        ("language: de", "language: de-AT", {"": 1, "talk": 0, "gone": 1}),
        ("language: fr", "language: en", {"": 1, "talk": 0, "gone": 1}),
    ],
)
def test_entries_whose_words_change_are_revised(
    before: str, then: str, sequences: dict[str, int]
) -> None:
    first = after(after(None, before, TALK + GONE), before)
    second = after(first, then)

    old, new = entries(first), entries(second)

    assert {name: entry.sequence for name, entry in new.items()} == sequences
    assert {name for name in new if new[name].octets != old[name].octets} == {
        name for name in new if new[name].sequence != old[name].sequence
    }
    assert after(second, then) is second
