"""The doctor finds nothing in what calsvc writes, of every kind, and in how it changes."""

from datetime import timedelta
from itertools import pairwise

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from feeds import RICH, THREE, download, feed

from calsvc.addresses import Addresses
from calsvc.doctor import examination
from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.report import Report, text
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed, site_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import WHOLE, Options, Wanted
from calsvc.schedule.publishing import publish, withdrawn
from calsvc.schedule.selection import Selection

ADDRESSES = Addresses(BASE_URL)
QUERIES = (
    *("", "alarm=10", "busy=yes", "busy=no", "banner=no", "parts=yes", "cancelled=mark"),
    *("cancelled=drop", "track=main", "kind=break", "q=opening&banner=no", "day=2026-10-24"),
    "session=night&alarm=0&cancelled=mark",
)


def told(body: bytes) -> list[str]:
    """Return what the doctor tells of a feed."""
    document = Document(body)
    assert document.entries
    return [*text(Report("feed.ics", examination.of_file(document), len(document.entries)))][:-1]


@pytest.mark.parametrize("query", QUERIES)
def test_nothing_is_wrong_with_an_event_of_everything(rich: Schedule, query: str) -> None:
    assert told(feed(rich, query)) == []


@pytest.mark.parametrize("query", ["", "parts=yes&alarm=5&cancelled=mark"])
def test_nothing_is_wrong_with_the_real_events(real_schedules: list[Schedule], query: str) -> None:
    assert [told(feed(each, query)) for each in real_schedules] == [[]] * len(real_schedules)


def test_nothing_is_wrong_with_downloads_of_sessions(rich: Schedule) -> None:
    ids = {entry.session for entry in rich.entries if entry.session}

    assert [*filter(None, (told(download(rich, each, "alarm=10")) for each in ids))] == []


def test_nothing_is_wrong_with_the_feed_of_the_site(
    rich: Schedule, real_schedules: list[Schedule]
) -> None:
    gone = withdrawn(schedule_of(THREE, "gone"), NOW + timedelta(days=2))
    site = [Blocks(each, ADDRESSES) for each in (rich, gone, *real_schedules)]

    for blocks in (site, site[:2], []):
        revised = NOW + timedelta(days=3)
        assert told(bytes(site_feed(blocks, Selection(), ADDRESSES, revised).body)) == []


@pytest.mark.parametrize("cancelled", ["status", "mark", "drop"])
@pytest.mark.parametrize("is_all", [True, False])
def test_nothing_is_wrong_with_personal_calendars(
    rich: Schedule, ai_data: Schedule, *, is_all: bool, cancelled: str
) -> None:
    chosen = [
        (Blocks(each, ADDRESSES), {entry.session: WHOLE for entry in each.entries if is_all})
        for each in (rich, ai_data)
    ]
    options = Options(name="Mine", alarm=10, busy=True, cancelled=cancelled)
    wanted = Wanted(
        {each.schedule.event.id: some for each, some in chosen}, options, NOW.date(), NOW
    )

    assert told(bytes(personal_feed(chosen, wanted, NOW, ADDRESSES).body)) == []


def test_nothing_is_wrong_with_how_an_event_changes(rich: Schedule) -> None:
    moved = RICH.replace("2026-10-24 13:00-14:00", "2026-10-25 16:00-17:00")
    later = publish(event_of(moved.replace("Night hike", "Hike")), rich, NOW + timedelta(days=9))
    states = [schedule_of(RICH), rich, later, later]

    for before, after in pairwise(states):
        change = Change(Document(feed(before)), Document(feed(after)))
        assert [each.rule.name for each in examination.of_change(change)] == []
