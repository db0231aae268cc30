"""Calendars that are repaired: what readers of all kinds read is what was meant."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from icsfiles import calendar
from readers import READERS, Read, faults, read_ical
from wrongfeeds import BERLIN, DESCRIPTIONS, FEEDS, Wrong, in_zone, is_uuid, talk

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


@pytest.mark.parametrize(
    ("summary", "said", "expected"),
    [
        ("Cup final", None, []),
        ("Board", "Meeting", ["Meeting"]),
        ("Board", "Finance,Lecture,Money", ["Finance", "Lecture", "Money"]),
        ("Clay", "Workshop", ["Workshop"]),
        ("Clay", "Workshop,Crafts", ["Workshop", "Crafts"]),
        ("Lunch", "talk", ["talk"]),
        ("Clay", "All,Poster Session,keynote", ["All", "Poster Session", "keynote"]),
    ],
)
def test_categories_are_those_of_the_source(
    summary: str, said: str | None, expected: list[str]
) -> None:
    categories = f"\nCATEGORIES:{said}" if said else ""
    feed = feed_of(made_of(calendar(talk(title=summary, **in_zone("Europe/Berlin")) + categories)))

    assert {name: [*read(feed)[0].categories] for name, read in READERS.items()} == dict.fromkeys(
        READERS, expected
    )


WEEKLY = talk(uid="series@source.example", title="Seminar", **in_zone("Europe/Berlin"))
SEMINARS = f"{WEEKLY}\nRRULE:FREQ=WEEKLY;COUNT=3\nDESCRIPTION:As always\nCATEGORIES:A,B"
OVERRIDE = (
    WEEKLY.replace("20270615", "20270622") + "\nRECURRENCE-ID;TZID=Europe/Berlin:20270622T100000"
    "\nDESCRIPTION:With a guest\nCATEGORIES:C\nURL:https://source.example/2\nSTATUS:TENTATIVE"
)


@pytest.mark.parametrize("entries", [(SEMINARS, OVERRIDE), (OVERRIDE, SEMINARS)])
def test_each_time_of_a_series_says_what_is_its_own(entries: tuple[str, ...]) -> None:
    first = made_of(calendar(*entries))
    feed = feed_of(first)

    for read in READERS.values():
        found = sorted(read(feed), key=lambda each: each.start)
        assert [each.description.split("\n")[0] for each in found] == [
            *("As always", "With a guest", "As always"),
        ]
        assert [each.categories for each in found] == [("A", "B"), ("C",), ("A", "B")]
        assert [each.status for each in found] == ["CONFIRMED", "TENTATIVE", "CONFIRMED"]
        assert found[0].uid == "series@source.example"

    again = made_of(calendar(*reversed(entries)), first.memory, NOW + timedelta(hours=1))
    assert written(again) == feed


def test_change_of_one_time_moves_its_stamps_alone() -> None:
    first = made_of(calendar(SEMINARS, OVERRIDE))
    changed = OVERRIDE.replace("With a guest", "Without one")
    later = NOW + timedelta(hours=1)

    second = made_of(calendar(SEMINARS, changed), first.memory, later)
    third = made_of(calendar(SEMINARS), second.memory, later + timedelta(hours=1))

    before, after, last = (
        sorted(read_ical(feed_of(each)), key=lambda entry: entry.start)
        for each in (first, second, third)
    )
    assert [each.uid for each in before] == [each.uid for each in after]
    assert [each.uid for each in before] == [each.uid for each in last]
    assert [each.sequence for each in after] == [0, 1, 0]
    assert [each.description.split("\n")[0] for each in last] == ["As always"] * 3
    assert [each.sequence for each in last] == [0, 2, 0]


@pytest.mark.parametrize("is_same", [True, False])
def test_times_of_a_series_that_say_the_usual_again_are_no_loss(is_same: bool) -> None:
    """As when somebody changes all events of a series that had changed ones."""
    weeks = SEMINARS.replace("COUNT=3", "COUNT=8")
    others = [
        OVERRIDE.replace("20270622", day).replace("With a guest", f"Guest on {day}")
        for day in ("20270622", "20270629")
    ]
    as_usual = [each.partition("\nDESC")[0] + "\nDESCRIPTION:As always" for each in others]
    first = made_of(calendar(weeks, *others))

    second = made_of(calendar(weeks, *(as_usual if is_same else [])), first.memory)

    assert second.doubts == []
    before, after = (
        {each.uid: each.start for each in read_ical(feed_of(done))} for done in (first, second)
    )
    assert before == after
    assert len(after) == 8


def test_showings_without_their_series_may_leave() -> None:
    days = ("20270520", "20270602", "20270603", "20270604")
    texts = ("A", "B", "B", "B")
    entries = [
        OVERRIDE.replace("20270622", day).replace("With a guest", text)
        for day, text in zip(days, texts, strict=True)
    ]
    first = made_of(calendar(*entries))

    second = made_of(calendar(*entries[1:]), first.memory)

    assert second.doubts == []
    coming = [each for each in read_ical(feed_of(second)) if each.status != "CANCELLED"]
    assert sorted(each.start.day for each in coming) == [2, 3, 4]
    assert {each.uid for each in coming} <= {each.uid for each in read_ical(feed_of(first))}


def test_series_that_begins_otherwise_keeps_its_first_uid() -> None:
    guest = OVERRIDE.replace("20270622", "20270615")
    read = sorted(read_ical(feed_of(made_of(calendar(SEMINARS, guest)))), key=lambda e: e.start)

    assert [each.description.split("\n")[0] for each in read] == [
        *("With a guest", "As always", "As always"),
    ]
    assert read[0].uid == "series@source.example"
    assert len({each.uid for each in read}) == 3


def test_two_entries_of_one_uid_say_each_its_own() -> None:
    one = talk(uid="two@source.example", title="Clay", **in_zone("Europe/Berlin"))
    other = one.replace("T10", "T14").replace("T11", "T15")
    feed = feed_of(made_of(calendar(f"{one}\nDESCRIPTION:Cups", f"{other}\nDESCRIPTION:Bowls")))

    read = sorted(read_ical(feed), key=lambda each: each.start)
    assert [each.description.split("\n")[0] for each in read] == ["Cups", "Bowls"]


@pytest.mark.parametrize("text", DESCRIPTIONS)
def test_description_says_the_same(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n").replace(",", "\\,")
    styled = "X-ALT-DESC;FMTTYPE=text/html:<html><body>Other <b>words</b></body></html>"

    feed = feed_of(made_of(calendar(f"{talk()}\nDESCRIPTION:{escaped}\n{styled}", head=BERLIN)))

    (entry,) = READERS["ical"](feed)
    assert entry.description.rpartition("\n\n")[0] == text


@pytest.mark.parametrize(
    "text",
    [
        "Von: Hauptbahnhof\nNach: Zoo",
        "By: car, bus and train",
        "Hosts: FC Nord, Stadion am Park\n\nCome early.",
        "Chair: required",
    ],
)
def test_lines_of_a_description_stay_where_they_are(text: str) -> None:
    escaped = text.replace("\n", "\\n").replace(",", "\\,")

    feed = feed_of(made_of(calendar(f"{talk()}\nDESCRIPTION:{escaped}", head=BERLIN)))

    (entry,) = READERS["ical"](feed)
    assert entry.description.rpartition("\n\n")[0] == text


def test_addresses_are_as_they_are_outside_of_html() -> None:
    lines = "URL:https://x.example/?a=1&amp;b=2\nATTACH:https://x.example/?c=1&amp;d=2"

    feed = feed_of(made_of(calendar(f"{talk()}\n{lines}", head=BERLIN)))

    (entry,) = READERS["ical"](feed)
    assert b"\r\nURL:https://x.example/?a=1&b=2\r\n" in feed
    assert "https://x.example/?c=1&d=2" in entry.description.split("\n")


def test_calendar_of_days_alone_needs_no_zone() -> None:
    days = {"start": ";VALUE=DATE:20270601", "end": ";VALUE=DATE:20270603"}

    feed = feed_of(made_of(calendar(talk(**days), talk("two@source.example", "Two", **days))))

    for read in READERS.values():
        assert {(each.summary, each.start, each.end) for each in read(feed)} == {
            ("One", date(2027, 6, 1), date(2027, 6, 3)),
            ("Two", date(2027, 6, 1), date(2027, 6, 3)),
        }
    assert b"TZID" not in feed


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


def test_entries_of_many_weeks_keep_their_ends() -> None:
    days = {"start": ";VALUE=DATE:20270601", "end": ";VALUE=DATE:20270901"}
    entries = talk(end=":20270725T100000"), talk("two@source.example", "Two", **days)

    feed = written(made_of(calendar(*entries, head=BERLIN)))

    assert faults(feed) == []
    ends = {each.summary: each.end for each in READERS["ical"](feed)}
    assert ends == {"One": datetime(2027, 7, 25, 8, tzinfo=UTC), "Two": date(2027, 9, 1)}


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


# --- the uid of a showing -------------------------------------------------------------------

WEEKLY = talk("club@source.example", "Club", **at(14, 10)) + "\nRRULE:FREQ=WEEKLY;COUNT=6"


def uids_of(done: Repaired) -> dict[datetime, str]:
    """Return the uids of what is on, by its start."""
    return {
        each.start: each.uid
        for each in READERS["ical"](feed_of(done))
        if each.status != "CANCELLED"
    }


def repaired_in_turn(*states: tuple[datetime, list[str]]) -> list[dict[datetime, str]]:
    """Return the uids of what is on after each state of a calendar, given when it is repaired."""
    memory, found = None, []
    for now, entries in states:
        done = made_of(calendar(*entries, head=BERLIN), memory, now)
        assert done.doubts == []
        memory = done.memory
        found.append(uids_of(done))
    return found


@pytest.mark.parametrize("rule", ["YEARLY", "MONTHLY", "WEEKLY"])
def test_showing_that_leaves_a_rolling_series_lends_its_uid_to_none(rule: str) -> None:
    series = talk("club@source.example", "Club", start=":20200101T100000", end=":20200101T110000")
    entries = [f"{series}\nRRULE:FREQ={rule}"]
    nows = [datetime(2026, 12, 20, tzinfo=UTC), *(datetime(2027, n, 2, tzinfo=UTC) for n in (1, 2))]

    before = dict[str, datetime]()
    for found in repaired_in_turn(*((now, entries) for now in nows)):
        for start, uid in found.items():
            assert before.setdefault(uid, start) == start


def test_first_showing_that_is_taken_out_takes_its_uid_along() -> None:
    fewer = f"{WEEKLY}\nEXDATE:20270614T100000"

    before, after = repaired_in_turn((NOW, [WEEKLY]), (NOW + timedelta(hours=1), [fewer]))

    first = min(before)
    assert before.pop(first) == "club@source.example"
    assert after == before


def test_showings_have_the_same_uids_without_a_memory() -> None:
    first = uids_of(made_of(calendar(WEEKLY, head=BERLIN)))
    fewer = f"{WEEKLY}\nEXDATE:20270614T100000"

    again = uids_of(made_of(calendar(fewer, head=BERLIN)))

    assert again == {start: uid for start, uid in first.items() if start in again}
    assert len(again) == 5


@pytest.mark.parametrize(
    ("title", "start", "day"), [("Club", "20270629T100000", 29), ("Special", "20270628T100000", 28)]
)
def test_showing_that_is_changed_alone_keeps_its_uid(title: str, start: str, day: int) -> None:
    end = start.replace("T10", "T11")
    changed = talk("club@source.example", title, start=f":{start}", end=f":{end}")
    changed += "\nRECURRENCE-ID:20270628T100000"

    before, after = repaired_in_turn((NOW, [WEEKLY]), (NOW + timedelta(hours=1), [WEEKLY, changed]))

    was = datetime(2027, 6, 28, 8, tzinfo=UTC)
    before[was.replace(day=day)] = before.pop(was)
    assert after == before


def test_showing_that_is_taken_out_is_not_the_one_that_is_added() -> None:
    other = f"{WEEKLY.replace('COUNT=6', 'COUNT=7')}\nEXDATE:20270628T100000"

    before, after = repaired_in_turn((NOW, [WEEKLY]), (NOW + timedelta(hours=1), [other]))

    known = {*before.values()}
    del before[datetime(2027, 6, 28, 8, tzinfo=UTC)]
    assert after.items() >= before.items()
    assert len({*after.values()} - known) == 1


def test_series_that_moves_as_a_whole_keeps_its_uids() -> None:
    later = WEEKLY.replace("T10", "T12").replace("T11", "T13")

    before, after = repaired_in_turn((NOW, [WEEKLY]), (NOW + timedelta(hours=1), [later]))

    assert {start - timedelta(hours=2): uid for start, uid in after.items()} == before


def test_single_entry_that_is_put_off_after_its_time_keeps_its_uid() -> None:
    one, other = (talk("one@source.example", **at(day, 10)) for day in (14, 21))

    (before, after) = repaired_in_turn((NOW, [one]), (NOW + timedelta(days=14), [other]))

    assert [*before.values()] == [*after.values()] == ["one@source.example"]


def test_next_meeting_under_random_uids_does_not_get_the_uid_of_the_last_one() -> None:
    one, other = (talk(f"u id {day}", **at(day, 10)) for day in (14, 21))

    (before, after) = repaired_in_turn((NOW, [one]), (NOW + timedelta(days=14), [other]))

    assert not {*before.values()} & {*after.values()}


SERIES = {
    "over the night in which clocks change": (
        "DTSTART;TZID=Europe/Berlin:20270327T220000\nDTEND;TZID=Europe/Berlin:20270328T060000\n"
        "RRULE:FREQ=WEEKLY;COUNT=3",
        ["0327 21:00-04:00", "0403 20:00-03:00", "0410 20:00-03:00"],
    ),
    "in the hour that clocks repeat": (
        "DTSTART;TZID=Europe/Berlin:20271031T023000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3",
        ["1031 00:30-01:30", "1107 01:30-02:30", "1114 01:30-02:30"],
    ),
    "listed in other zones": (
        "DTSTART;TZID=Europe/Berlin:20270601T190000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\n"
        "EXDATE;TZID=America/New_York:20270608T130000\n"
        "RDATE;TZID=America/New_York:20270610T130000",
        ["0601 17:00-18:00", "0610 17:00-18:00", "0615 17:00-18:00"],
    ),
    "on second Tuesdays": (
        "DTSTART;TZID=Europe/Berlin:20270608T190000\nDURATION:PT1H\n"
        "RRULE:FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2;COUNT=3",
        ["0608 17:00-18:00", "0713 17:00-18:00", "0810 17:00-18:00"],
    ),
}


@pytest.mark.parametrize(("lines", "on"), SERIES.values(), ids=SERIES)
def test_series_is_on_when_readers_say(lines: str, on: list[str]) -> None:
    feed = feed_of(made_of(calendar(f"UID:a@source.example\nSUMMARY:Club\n{lines}", head=BERLIN)))

    for read in READERS.values():
        entries = sorted(read(feed), key=lambda each: each.start)
        assert [f"{each.start:%m%d %H:%M}-{each.end:%H:%M}" for each in entries] == on
