"""What a copy of calsvc writes is recorded, and stamps move when it changes."""

from datetime import UTC, datetime, timedelta

import pytest
import subscriber
from conftest import event_of

from calsvc import timezones
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_event, withdraw
from calsvc.schedule.renditions import Renderer
from calsvc.schedule.selection import Selection
from calsvc.storage.schedules import Storage

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    url: https://conf.example.org/
    sessions:
      - {id: one, title: One, when: 09:00-10:00}
      - {id: own, title: Own, when: 10:00-11:00, url: "https://own.example.org/"}
"""
HTTP, HTTPS = "http://calendar.example.org", "https://calendar.example.org"
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def live_of(storage: Storage, base_url: str, started: datetime | None = None) -> Live:
    """Return what a copy of calsvc serves that started just now, or at some time."""
    live = Live((), base_url)
    copy = renderer(base_url, started or datetime.now(UTC))
    follower = Follower(live, storage, renderer=copy)
    follower.step()
    follower.complete()
    assert live.fault is None
    return live


def feed_of(live: Live) -> dict[str, subscriber.Kept]:
    """Return the entries of the event's feed, by title."""
    entries = subscriber.read(live.event("conf").feed(Selection()).body)
    return {entry["SUMMARY"]: entry for entry in entries.values()}


def stamps(live: Live) -> dict[str, tuple[int, str]]:
    """Return the sequence number and the time of each entry."""
    return {title: (entry.sequence, entry.stamp) for title, entry in feed_of(live).items()}


def test_new_address_moves_the_stamps_of_what_shows_it(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    before = live_of(storage, HTTP)

    after = live_of(storage, HTTPS)

    old, new = stamps(before), stamps(after)
    assert new["Own"] == old["Own"]
    assert new["Conf"] == old["Conf"]  # both have a web page of their own
    assert new["One"][0] == old["One"][0] + 1
    assert new["One"][1] > old["One"][1]
    assert feed_of(after)["One"]["URL"] == f"{HTTPS}/events/conf/sessions/one/"
    assert after.event("conf").modified > before.event("conf").modified


def test_restart_that_changes_nothing_changes_no_stamp_and_no_date(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    first = live_of(storage, HTTP)

    second = live_of(storage, HTTP)

    assert stamps(second) == stamps(first)
    assert second.event("conf").modified == first.event("conf").modified
    assert second.modified == first.modified


def test_copies_with_two_addresses_do_not_move_stamps_in_turns(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    old = live_of(storage, HTTP, EARLY)
    new = live_of(storage, HTTPS)
    told = stamps(new)

    for number in range(3):
        changed = AGENDA.replace("title: Own", f"title: Own {number}")
        publish_event(storage, event_of(changed), "conf.yaml")
        for live, base_url, started in ((old, HTTP, EARLY), (new, HTTPS, datetime.now(UTC))):
            Follower(live, storage, renderer=renderer(base_url, started)).step()

    assert stamps(new)["One"] == told["One"]
    assert stamps(old)["Conf"] == stamps(new)["Conf"]  # both write the same
    # What the old copy writes with its address must not stay with those who get both.
    assert stamps(old)["One"] < told["One"]
    assert old.event("conf").modified < new.event("conf").modified
    assert old.event("conf").schedule.version == new.event("conf").schedule.version == 4


def test_copy_without_a_renderer_records_nothing(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    known = live_of(storage, HTTP)
    exporting = Live((), "http://other.example.org")

    Follower(exporting, storage).step()

    assert stamps(exporting) == stamps(known)
    assert stamps(live_of(storage, HTTP)) == stamps(known)


def test_withdrawn_event_is_announced_as_cancelled(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    other = AGENDA.replace("name: Conf", "name: Other")
    publish_event(storage, event_of(other, "other"), "other.yaml")
    before = live_of(storage, HTTP)
    first = before.site_feed(Selection())

    withdraw(storage, "conf")
    second = live_of(storage, HTTP).site_feed(Selection())

    was, now = (subscriber.read(feed.body) for feed in (first, second))
    (uid,) = (uid for uid, entry in was.items() if entry["SUMMARY"] == "Conf")
    assert now.keys() == was.keys()
    assert (now[uid]["SUMMARY"], now[uid]["STATUS"]) == ("Cancelled: Conf", "CANCELLED")
    assert now[uid].sequence == was[uid].sequence + 1
    assert now[uid].stamp > was[uid].stamp
    # Of two changes in one second the dates are equal, and HTTP sends neither before it is over.
    assert second.last_modified >= first.last_modified


def test_withdrawn_event_that_returns_goes_on_from_its_stamps(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    live_of(storage, HTTP)
    withdraw(storage, "conf")
    gone = subscriber.read(live_of(storage, HTTP).site_feed(Selection()).body)

    publish_event(storage, event_of(AGENDA), "conf.yaml")
    back = subscriber.read(live_of(storage, HTTP).site_feed(Selection()).body)

    (uid,) = back
    assert back[uid]["STATUS"] == "CONFIRMED"
    assert back[uid].sequence == gone[uid].sequence + 1
    assert back[uid].stamp > gone[uid].stamp


@pytest.mark.parametrize("days", [29, 31])
def test_withdrawn_event_leaves_the_site_after_a_month(
    storage: Storage, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = AGENDA.replace("2027-06-15", "2025-06-15")
    publish_event(storage, event_of(past), "conf.yaml")
    publish_event(storage, event_of(past, "other"), "other.yaml")
    withdraw(storage, "conf")
    live = live_of(storage, HTTP)
    then = datetime.now(UTC) + timedelta(days=days)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return then

    monkeypatch.setattr("calsvc.live.events.datetime", Clock)
    feed = live.site_feed(Selection())

    assert len(subscriber.read(feed.body)) == (2 if days == 29 else 1)
    assert feed.last_modified <= then
    if days == 31:
        assert feed.last_modified > datetime.now(UTC) + timedelta(days=29)


def test_fingerprint_is_of_all_that_bytes_are_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    same = [renderer(HTTP, EARLY), renderer(HTTP, datetime.now(UTC))]
    others = [renderer(HTTPS, EARLY)]
    monkeypatch.setattr("calsvc.ical.digests.TZ_DATABASE", "1999a")
    others.append(renderer(HTTP, EARLY))

    def fingerprints(copies: list[Renderer]) -> set[str]:
        return {each.fingerprint for each in copies}

    assert len(fingerprints(same)) == 1
    assert len(fingerprints([*same, *others])) == 3


def test_clock_times_that_are_written_in_utc_get_new_stamps_when_their_instant_moves(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_event(storage, event_of(AGENDA), "conf.yaml")
    before = live_of(storage, HTTP)
    right = timezones.resolved

    def later(written: datetime, name: str) -> datetime:
        return right(written, name) + timedelta(hours=1)

    monkeypatch.setattr(timezones, "resolved", later)
    monkeypatch.setattr("calsvc.ical.digests.TZ_DATABASE", "2099a")
    after = live_of(storage, HTTP)

    assert stamps(after)["One"][0] == stamps(before)["One"][0] + 1
