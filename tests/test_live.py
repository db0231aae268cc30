"""What requests read is remembered, and no more of it than fits."""

from conftest import BASE_URL, schedule_of

from calsvc.addresses import Addresses
from calsvc.live.events import KEPT_FEEDS, LiveEvent
from calsvc.schedule.display import Display
from calsvc.schedule.selection import Selection

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
"""


def with_alarm(minutes: int) -> Selection:
    """Return the selection of all, with a reminder."""
    return Selection(display=Display(alarm=minutes))


def test_feed_is_made_once_and_feeds_that_are_remembered_are_bounded() -> None:
    live_event = LiveEvent(schedule_of(AGENDA), Addresses(BASE_URL))
    first = live_event.feed(with_alarm(0))

    assert live_event.feed(with_alarm(0)) is first
    for minutes in range(1, KEPT_FEEDS + 1):
        live_event.feed(with_alarm(minutes))
    again = live_event.feed(with_alarm(0))

    assert again is not first
    assert again.body == first.body


def test_etag_of_a_feed_is_made_once() -> None:
    feed = LiveEvent(schedule_of(AGENDA), Addresses(BASE_URL)).feed(Selection())

    assert feed.content.etag is feed.content.etag
    assert feed.content.compressed is feed.content.compressed
