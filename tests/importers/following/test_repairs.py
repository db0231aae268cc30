"""Calendars that are repaired: what readers of all kinds read is what was meant."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from icsfiles import calendar
from readers import READERS, Read, faults
from wrongfeeds import BERLIN, DESCRIPTIONS, FEEDS, Wrong, is_uuid, talk

from calsvc.addresses import NOWHERE
from calsvc.doctor import examination
from calsvc.doctor.documents import Document
from calsvc.errors import SourceError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.repairs import Memory, Repaired, repair_wishes, repaired
from calsvc.schedule.selection import Selection

pytestmark = pytest.mark.usefixtures("reading_here")

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def made_of(octets: bytes, memory: Memory | None = None, now: datetime = NOW) -> Repaired:
    """Return what is made of a wrong calendar."""
    wishes = repair_wishes(None, now.date())
    return repaired("conf", Source("conf.ics", octets), wishes, memory, now)


def written(done: Repaired) -> bytes:
    """Return the calendar that is made."""
    return bytes(event_feed(Blocks(done.schedule, NOWHERE), Selection(banner=False)).body)


def feed_of(done: Repaired) -> bytes:
    """Return the calendar that is made, in which the doctor finds nothing."""
    feed = written(done)
    assert examination.of_file(Document(feed)) == []
    return feed


@pytest.mark.parametrize("wrong", FEEDS.values(), ids=FEEDS)
def test_what_was_meant_is_what_readers_read(wrong: Wrong) -> None:
    feed = feed_of(made_of(wrong.octets))

    assert faults(feed) == []
    seen: list[list[Read]] = []
    for read in READERS.values():
        entries = sorted(read(feed), key=lambda each: (each.start, each.summary))
        assert len(entries) == len(wrong.meant)
        for each, meant in zip(entries, wrong.meant, strict=True):
            assert meant.is_read(each)
            assert meant.uid or is_uuid(each.uid)
        seen.append(entries)
    assert len({tuple((e.uid, e.start, e.end) for e in entries) for entries in seen}) == 1


@pytest.mark.parametrize("text", DESCRIPTIONS)
def test_description_says_the_same(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,")
    styled = "X-ALT-DESC;FMTTYPE=text/html:<html><body>Other <b>words</b></body></html>"

    feed = feed_of(made_of(calendar(f"{talk()}\nDESCRIPTION:{escaped}\n{styled}", head=BERLIN)))

    (entry,) = READERS["ical"](feed)
    assert entry.description.rpartition("\n\n")[0] == text


def at(day: int, hour: int) -> dict[str, str]:
    """Return the times of an entry on a day in June."""
    return {"start": f":202706{day}T{hour:02}0000", "end": f":202706{day}T{hour + 1:02}0000"}


ALIKE = [
    talk("{}", "Meeting", **at(15, 8)) + "\nRRULE:FREQ=DAILY;COUNT=5",
    *(talk("{}", "Coffee", **at(day, hour)) for day in (15, 16) for hour in (10, 15)),
    *(talk("{}", "Tour", **at(17, 10)) + f"\nLOCATION:Door {number}" for number in range(3)),
    *(talk("{}", "Desk", **at(18, hour)) + "\nLOCATION:Hall" for hour in (9, 10, 11)),
]
"""Entries that are hard to tell apart where their uids are new each time."""


def test_entries_that_are_alike_keep_their_uids_whatever_the_source_calls_them() -> None:
    first = [each.format(f"{number}@source.example") for number, each in enumerate(ALIKE)]
    done = made_of(calendar(*first, head=BERLIN))
    feed = feed_of(done)
    assert len({each.uid for each in READERS["ical"](feed)}) == 5 + 4 + 3 + 3

    for number in range(20):
        chance = random.Random(number)  # noqa: S311
        entries = [each.format(f"{chance.random()}@source.example") for each in ALIKE]
        chance.shuffle(entries)
        now = NOW + timedelta(hours=number)
        done = made_of(calendar(*entries, head=BERLIN), done.memory, now)

        assert (done.doubts, feed_of(done)) == ([], feed)


def test_series_that_loses_a_time_cancels_that_alone() -> None:
    series = ALIKE[0].format("meeting@source.example")
    done = made_of(calendar(series, head=BERLIN))
    before = {each.start: each for each in READERS["ical"](feed_of(done))}

    fewer = f"{series}\nEXDATE:20270617T080000"
    done = made_of(calendar(fewer, head=BERLIN), done.memory, NOW + timedelta(hours=1))
    after = {each.start: each for each in READERS["ical"](feed_of(done))}

    changed = {start for start in before if before[start] != after[start]}
    assert changed == {datetime(2027, 6, 17, 6, tzinfo=UTC)}
    assert after[changed.pop()].status == "CANCELLED"


@pytest.mark.parametrize("seed", range(60))
def test_calendar_that_is_damaged_is_refused_or_becomes_a_right_one(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- the same each time
    octets = chance.choice([*FEEDS.values()]).octets
    for _ in range(chance.randrange(1, 5)):
        start, other = chance.randrange(30, len(octets)), chance.randrange(len(octets))
        instead = chance.choice([b"", octets[other : other + 40], chance.randbytes(3)])
        octets = octets[:start] + instead + octets[start + chance.randrange(20) :]

    try:
        done = made_of(octets)
    except SourceError as error:
        assert error.source == "conf.ics"
        return

    assert faults(written(done)) == []
    again = made_of(octets, done.memory, NOW + timedelta(hours=1))
    assert again.schedule is done.schedule


@pytest.mark.slow
def test_series_without_an_end_goes_on_with_the_same_uids_for_years() -> None:
    entries = [
        talk(
            f"{name}@source.example",
            name,
            start=f":20200{number}07T100000",
            end=f":20200{number}07T110000",
        )
        + "\nRRULE:FREQ=WEEKLY"
        for number, name in enumerate(("one", "two"), 1)
    ]
    octets, done = calendar(*entries, head=BERLIN), None
    uids: dict[object, str] = {}
    for month in range(30):
        now = datetime(2024 + month // 12, month % 12 + 1, 20, tzinfo=UTC)
        done = made_of(octets, done and done.memory, now)
        read = READERS["ical"](feed_of(done))

        assert done.doubts == []
        assert 200 < len(read) < 220
        assert {each.status for each in read} == {"CONFIRMED"}
        assert len({each.uid for each in read}) == len(read)
        for each in read:
            assert uids.setdefault((each.summary, each.start), each.uid) == each.uid
    assert len(uids) > 400
