"""Event files that put a right feed in front of a calendar that is wrong."""

import random
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import BASE_URL, client_of
from flask.testing import FlaskClient
from icsfiles import calendar
from itineraries import EMPTY, adding
from origins import Answer, Origin
from readers import Read, read_ical, read_vobject
from wrongfeeds import BERLIN, talk

from calsvc.agenda import eventfile
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.following.following import Following
from calsvc.importers.following.held import drop, held
from calsvc.importers.updating.updating import prepared, write
from calsvc.live.events import Live
from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.usefixtures("reading_here")

NOW = datetime(2035, 6, 1, 12, tzinfo=UTC)
SOON = timedelta(minutes=16)
TITLES = [f"Talk {number}" for number in range(10)]


class Entry(NamedTuple):
    """An entry of a source."""

    title: str
    hour: int
    uid: str


TEN = [Entry(title, 8 + number, f"{number}@source.example") for number, title in enumerate(TITLES)]


def ics(entries: list[Entry], now: datetime = NOW, head: str = BERLIN) -> bytes:
    """Return a calendar of entries on a day far from now, as of ``now``."""
    lines = [
        talk(each.uid, each.title, start=at(each.hour), end=at(each.hour + 1))
        + f"\nDTSTAMP:{now:%Y%m%dT%H%M%SZ}\nLAST-MODIFIED:{now:%Y%m%dT%H%M%SZ}\nSEQUENCE:7"
        for each in entries
    ]
    return calendar(*lines, head=head)


def at(hour: int) -> str:
    """Return an hour of the day, as an entry without a zone has it."""
    return f":20350615T{hour:02}0000"


class Site:
    """A folder with an event file that repairs a source, and what is published of it."""

    def __init__(self, folder: Path, origin: Origin, storage: Storage) -> None:
        self.origin, self.storage, self.now = origin, storage, NOW
        self.path = folder / "conf.yaml"
        folder.mkdir()
        self.path.write_text(f"repair: {{url: {origin.url}, private: true}}  # theirs\n")
        self.following = Following(folder, chance=random.Random(1))  # noqa: S311

    def give(self, octets: bytes, status: int = 200, media_type: str = "text/calendar") -> None:
        """Let the source answer from now on."""
        self.origin.answer = Answer(octets, status, media_type)

    def look(self) -> None:
        """Let some time go by, look, and publish what is there as the watcher does."""
        self.now += SOON
        self.following.look(self.now)
        outcome = publish_files(self.storage, [self.path])
        assert [each for each in outcome.problems if each.level == "error"] == []

    @property
    def client(self) -> FlaskClient:
        """Return a client of the site with what is published."""
        newest = self.storage.newest("conf")
        assert newest
        return client_of(newest[1])

    @property
    def feed(self) -> bytes:
        """Return the event's feed."""
        answer = self.client.get("/events/conf.ics")
        assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
        return answer.data

    @property
    def entries(self) -> dict[str, Read]:
        """Return the entries of the feed by their titles, as another program reads them."""
        return {each.summary: each for each in read_vobject(self.feed)}

    @property
    def told(self) -> list[str]:
        """Return what operators are told."""
        return [problem.what for problem in self.following.problems]


@pytest.fixture
def unread(
    tmp_path: Path, origin: Origin, sqlite_url: str, open_storage: Callable[[str], Storage]
) -> Site:
    """A site that repairs a source which was not read yet."""
    return Site(tmp_path / "events", origin, open_storage(sqlite_url))


@pytest.fixture
def site(unread: Site) -> Site:
    """A site that repairs a source of ten entries, which is published."""
    unread.give(ics(TEN))
    unread.look()
    return unread


# --- before and at the first look ---------------------------------------------------------


def test_nothing_is_published_before_the_source_was_read(unread: Site) -> None:
    unread.look()

    assert unread.storage.numbers() == {}
    (told,) = unread.told
    assert told == f"cannot repair {unread.origin.url}: answers 404 (Not Found)"
    (problem,) = publish_files(unread.storage, [unread.path]).problems
    assert problem.level == "warning"
    assert "was not read yet, so there is nothing to publish" in problem.what


def test_feed_has_the_entries_of_the_source_and_no_other(site: Site) -> None:
    assert site.told == []
    read = read_vobject(site.feed)
    assert [each.uid for each in read] == [each.uid for each in TEN]
    assert [each.summary for each in read] == TITLES
    assert [each.start for each in read] == [
        datetime(2035, 6, 15, each.hour - 2, tzinfo=UTC) for each in TEN
    ]
    assert {each.sequence for each in read} == {0}


def test_file_says_what_the_source_does_and_keeps_what_a_person_wrote(
    unread: Site,
) -> None:
    unread.path.write_text(
        f"# ours\nname: Our Name\nrepair: {{url: {unread.origin.url}, private: true}}  # theirs\n"
    )
    unread.give(ics(TEN))
    for _ in range(3):
        unread.look()
        unread.give(ics(TEN, unread.now))

    text = unread.path.read_text()
    assert text.startswith("# ours\nname: Our Name\nrepair: {url: ")
    assert "  # theirs\ntimezone: Europe/Berlin\ndate: 2035-06-15\n" in text
    event = eventfile.read(unread.path)
    assert (event.name, event.banner, len(event.sessions)) == ("Our Name", False, 10)
    assert b"X-WR-CALNAME:Our Name\r\n" in unread.feed


def test_zone_that_a_person_wrote_is_that_of_times_that_have_none(unread: Site) -> None:
    head = "repair: {url: %s, private: true}\ntimezone: America/New_York\n"
    unread.path.write_text(head % unread.origin.url)
    for number in range(3):
        unread.give(ics(TEN, NOW + number * SOON, head="X-WR-CALNAME:Conf"))
        unread.look()
        assert unread.told == []

    assert eventfile.read(unread.path).timezone == "America/New_York"
    assert unread.entries["Talk 0"].start == datetime(2035, 6, 15, 12, tzinfo=UTC)


def test_file_that_was_imported_before_is_repaired_from_then_on(unread: Site) -> None:
    wrong = unread.path.with_name("wrong.ics")
    wrong.write_bytes(ics(TEN))
    text = unread.path.read_text()
    unread.path.unlink()
    write(prepared(unread.path, opened(wrong), Wishes(), "ics"))
    assert eventfile.read(unread.path).banner is True
    unread.path.write_text(text + unread.path.read_text())

    unread.give(ics(TEN[1:]))
    unread.look()

    assert unread.told == []
    assert [*read_vobject(unread.feed)] == [*unread.entries.values()]
    assert [*unread.entries] == TITLES[1:]


def test_sources_that_name_no_zone_are_told_of(unread: Site) -> None:
    unread.give(ics(TEN, head="X-WR-CALNAME:Conf"))
    unread.look()

    assert unread.storage.numbers() == {}
    (told,) = unread.told
    assert "does not say in which time zone its times are" in told


# --- later looks --------------------------------------------------------------------------


@pytest.mark.slow
def test_stamps_of_now_change_no_byte(site: Site) -> None:
    feed, text = site.feed, site.path.read_bytes()

    for _ in range(50):
        site.give(ics(TEN, site.now))
        site.look()

        assert site.path.read_bytes() == text
    assert (site.feed, site.told, site.storage.numbers()) == (feed, [], {"conf": 1})
    assert site.origin.known == 0  # each of them was read


@pytest.mark.slow
def test_uids_that_are_new_each_time_change_no_byte(site: Site) -> None:
    feed = site.feed

    for number in range(50):
        chance = random.Random(number)  # noqa: S311
        entries = [each._replace(uid=f"{chance.random()}@source.example") for each in TEN]
        chance.shuffle(entries)
        site.give(ics(entries, site.now))
        site.look()

    assert (site.feed, site.told, site.storage.numbers()) == (feed, [], {"conf": 1})


def test_change_moves_the_stamps_of_what_changed_alone(site: Site) -> None:
    before = site.entries
    changed = [each._replace(uid=f"new-{each.uid}") for each in TEN]
    changed[0] = changed[0]._replace(hour=20)
    site.give(ics(changed, site.now))
    site.look()
    after = site.entries

    assert after["Talk 0"].uid == "0@source.example"
    assert (before["Talk 0"].sequence, after["Talk 0"].sequence) == (0, 1)
    assert after["Talk 0"].start == datetime(2035, 6, 15, 18, tzinfo=UTC)
    assert {title: after[title] for title in TITLES[1:]} == {
        title: before[title] for title in TITLES[1:]
    }


def test_entry_that_left_is_announced_as_cancelled_and_may_come_back(site: Site) -> None:
    site.give(ics(TEN[1:], site.now))
    site.look()
    gone = site.entries["Cancelled: Talk 0"]

    assert (gone.uid, gone.status, gone.sequence) == ("0@source.example", "CANCELLED", 1)
    assert len(site.entries) == 10

    site.give(ics(TEN, site.now))
    site.look()
    back = site.entries["Talk 0"]
    assert (back.uid, back.status, back.sequence) == ("0@source.example", "CONFIRMED", 2)


HTML = b"<!doctype html><html><body><h1>Talks</h1><ul><li>10:00 Talk 0</li></ul></body></html>"
WHOLE = ics(TEN)


@pytest.mark.parametrize(
    ("octets", "status", "told"),
    [
        (b"", 500, "answers 500"),
        (b"", 404, "answers 404"),
        (b"", 200, "is no calendar"),
        (HTML, 200, "is no calendar"),
        (b'{"schedule": {}}', 200, "is no calendar"),
        (b"[]", 200, "is no calendar"),
        (calendar(head=BERLIN), 200, "is a calendar without entries"),
        (WHOLE[: len(WHOLE) // 2], 200, "is cut off: it has no END:VCALENDAR"),
        (WHOLE[: WHOLE.rindex(b"END:VCALENDAR")], 200, "is cut off: it has no END:VCALENDAR"),
    ],
)
def test_what_is_no_whole_calendar_changes_nothing(
    site: Site, octets: bytes, status: int, told: str
) -> None:
    feed, text = site.feed, site.path.read_bytes()
    site.give(octets, status)
    site.look()

    assert (site.feed, site.path.read_bytes()) == (feed, text)
    (problem,) = site.told
    assert problem.startswith("cannot repair ") and told in problem


def test_half_of_a_calendar_waits_for_a_person(site: Site) -> None:
    feed = site.feed
    site.give(ics(TEN[:5], site.now))
    site.look()

    waiting = held(site.path)
    assert waiting and waiting.reasons == ("5 of 10 coming sessions are gone",)
    assert site.feed == feed


def test_what_is_dropped_stays_away_whatever_its_uids_are(site: Site) -> None:
    def give_half(number: int) -> None:
        half = [each._replace(uid=f"{number}-{each.uid}") for each in TEN[:5]]
        random.Random(number).shuffle(half)  # noqa: S311
        site.give(ics(half, site.now))
        site.look()

    give_half(0)
    state = held(site.path)
    assert state and len(site.told) == 1
    drop(site.path, state)

    for number in range(1, 4):
        give_half(number)
        assert site.told == []

    site.give(ics(TEN[:4], site.now))
    site.look()
    assert len(site.told) == 1


def test_calendar_that_has_only_the_next_meeting_goes_on_by_itself(unread: Site) -> None:
    """By the clock of this machine, the first one is over."""
    first, second = (
        talk(f"{day}@source.example", start=f":{day}T100000", end=f":{day}T110000")
        for day in (20200615, 20350615)
    )
    for each in (first, second):
        unread.give(calendar(each, head=BERLIN))
        unread.look()

    assert unread.told == []
    (only,) = read_vobject(unread.feed)
    assert (only.uid, only.sequence) == ("20350615@source.example", 0)
    assert "was" not in only.description


def test_calendar_of_what_is_to_come_may_have_all_others_by_now(unread: Site) -> None:
    for day in (20200615, 20350615):
        titles = [f"{day} {number}" for number in range(6)]
        times = {"start": f":{day}T100000", "end": f":{day}T110000"}
        entries = [talk(title.replace(" ", "-"), title, **times) for title in titles]
        unread.give(calendar(*entries, head=BERLIN))
        unread.following.look(unread.now)
        since = datetime.now(UTC)
        assert publish_files(unread.storage, [unread.path], watched_since=since).problems == []
        unread.now += SOON

    assert unread.told == []
    assert [*unread.entries] == titles


# --- what can be done with it -------------------------------------------------------------


def test_filters_and_pages_are_those_of_any_event(site: Site) -> None:
    answer = site.client.get("/events/conf.ics?q=talk+3")
    assert [each.summary for each in read_ical(answer.data)] == ["Talk 3"]

    nothing = site.client.get("/events/conf.ics?q=nowhere").data
    assert b"SUMMARY:Conf: nothing matches this calendar now" in nothing
    for page in ("", "subscribe/", "sessions/talk-3/", "changes/", "days/", "embed/"):
        assert site.client.get(f"/events/conf/{page}").status_code == 200
    assert b'name="banner"' not in site.client.get("/events/conf/subscribe/").data
    assert b"SUMMARY:Conf" in site.client.get("/events.ics").data


def test_personal_calendars_have_what_is_chosen_as_the_source_has_it(site: Site) -> None:
    wanted = adding("talk-3", "talk-4")(EMPTY).wanted

    def chosen() -> dict[str, Read]:
        newest = site.storage.newest("conf")
        assert newest
        feed = Live([newest[1]], BASE_URL).personal_feed(wanted)
        return {each.uid: each for each in read_ical(bytes(feed.body))}

    before = chosen()
    changed = [each._replace(uid=f"new-{each.uid}") for each in TEN]
    changed[3] = changed[3]._replace(hour=20)
    site.give(ics(changed, site.now))
    site.look()
    after = chosen()

    three, four = "3@source.example", "4@source.example"
    assert before.keys() == after.keys() == {three, four}
    assert after[three].start == datetime(2035, 6, 15, 18, tzinfo=UTC)
    assert after[four] == before[four]


def test_feed_is_known_again_by_its_validators(site: Site) -> None:
    answer = site.client.get("/events/conf.ics")
    etag = answer.headers["ETag"]
    site.give(ics(TEN, site.now))
    site.look()

    again = site.client.get("/events/conf.ics", headers={"If-None-Match": etag})

    assert again.status_code == 304
    assert answer.headers["Last-Modified"]


def test_series_without_an_end_goes_on_for_a_year_ahead(unread: Site) -> None:
    times = {"start": at(10), "end": at(11)}
    entries = [f"{talk(uid, uid, **times)}\nRRULE:FREQ=MONTHLY" for uid in ("1", "2")]
    unread.give(calendar(*entries, head=BERLIN))
    starts = []
    for _ in range(3):
        unread.look()
        assert unread.told == []
        starts.append([each.start for each in read_vobject(unread.feed)])
        unread.now += timedelta(days=31)

    assert [len(each) for each in starts] == [24, 26, 28]
    assert starts[2][:24] == starts[0]
    assert re.search(rb"# .*it repeats without an end: it is here until", unread.path.read_bytes())
