"""The soak notices what is wrong: other octets, older editions, titles that are missing."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import PROJECT

from bench.agendas import BASE_URL
from bench.editions import EVENT_ID, FEED, FEEDS, SESSIONS, Editions
from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.live.events import Live
from calsvc.schedule.query import selection_of
from calsvc.storage.schedules import Storage


@pytest.fixture
def editions(tmp_path: Path) -> Iterator[Editions]:
    """An event of which nothing is published yet."""
    storage = Storage(f"sqlite:///{tmp_path}/calsvc.db")
    storage.migrate()
    yield Editions(storage)
    storage.close()


def newest(editions: Editions, address: str = FEED) -> bytes:
    """Return what the newest edition gives at an address."""
    stored = editions.storage.newest(EVENT_ID)
    assert stored
    blocks = Blocks(stored[1], Addresses(BASE_URL))
    return event_feed(blocks, selection_of(FEEDS[address])).body


def test_right_answers_are_right(editions: Editions) -> None:
    for number in range(3):
        assert editions.publish() == []
        for address in FEEDS:
            assert editions.of_feed(address, newest(editions, address), number) is None
        assert editions.of_titles("page", newest(editions).decode(), number) is None

        assert editions.given == number


def test_answer_of_an_older_edition_than_one_given_is_wrong(editions: Editions) -> None:
    editions.publish()
    old = newest(editions)
    editions.publish()
    editions.of_feed(FEED, newest(editions), 0)

    assert editions.of_feed(FEED, old, 0) is None  # asked for before the newer one was given
    told = editions.of_feed(FEED, old, editions.given)
    assert told == f"{FEED}: is of edition 0, and somebody had 1 already"
    told = editions.of_titles("page", old.decode(), editions.given)
    assert told == "page: is of edition 0, and somebody had 1 already"


def test_answer_that_is_one_octet_off_is_wrong_once_nothing_newer_can_explain_it(
    editions: Editions,
) -> None:
    editions.publish()
    body = newest(editions)

    assert editions.of_feed(FEED, body.replace(b"Hall 3", b"Hall 4", 1), 0) is None
    assert editions.publish() == [f"{FEED}: is of no edition"]


def test_answer_that_comes_before_its_edition_is_worked_out_is_judged_later(
    editions: Editions, tmp_path: Path
) -> None:
    editions.publish()
    early: list[bytes] = []
    publish = editions.storage.newest

    def ask_first(event_id: str) -> object:
        found = publish(event_id)
        assert found
        body = Live([found[1]], BASE_URL).event(EVENT_ID).feed(selection_of(()), "ics").body
        early.append(body)
        assert editions.of_feed(FEED, body, 0) is None
        return found

    editions.storage.newest = ask_first  # type: ignore[method-assign,assignment]

    assert editions.publish() == []
    assert len(early) == 1
    assert editions.given == 1


def test_feed_of_a_choice_has_all_of_it_and_nothing_else(editions: Editions) -> None:
    editions.publish()
    text = "SUMMARY:Talk 3 edition 0\r\nSUMMARY:Talk 5 edition 0\r\n"

    assert editions.of_titles("own", text, 0, {3, 5}) is None
    assert editions.of_titles("own", text, 0, {3}) == "own: is of no edition"
    assert editions.of_titles("own", text, 0, {3, 5, 7}) == "own: is of no edition"
    assert editions.of_titles("own", text.replace("0", "1"), 0, {3, 5}) == "own: is of no edition"
    assert SESSIONS > 7


@pytest.mark.slow
def test_soak_finds_nothing_wrong() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "bench.soak", "--minutes", "0.6"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "\nWrong: 0.\n" in run.stdout
    asked = re.findall(r"^\| ([a-z ]+?) \| ([\d,]+)", run.stdout, re.MULTILINE)
    assert {"agenda page", "change", "feed", "personal feed"} <= {what for what, _ in asked}
