"""Threads in lanes: one where all is quick, more where something is kept, and an end to waiting."""

import asyncio
import threading
from collections.abc import Awaitable, Iterator
from http import HTTPStatus

import pytest
from waiting import PATIENCE, eventually

from calsvc.server import lanes
from calsvc.server.lanes import CHANGES, PAGES, READS, Kind, Lane
from calsvc.web.sent import Sent, plain

OK = plain(HTTPStatus.OK, "made")
KINDS = pytest.mark.parametrize("kind", [PAGES, READS, CHANGES], ids=lambda kind: kind.name)


class Kept:
    """What keeps the threads that answer, until it is let go."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.begun = 0

    def make(self) -> Sent:
        """Return an answer once it is let go."""
        self.begun += 1
        assert self.is_over.wait(PATIENCE)
        return OK

    async def begins(self, calls: int) -> None:
        """Wait until that many calls were begun."""
        while self.begun < calls:
            await asyncio.sleep(0.005)


@pytest.fixture
def kept() -> Iterator[Kept]:
    """Let go at the end, whatever became of the test."""
    kept = Kept()
    yield kept
    kept.is_over.set()


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up, and get help, sooner than a server does."""
    monkeypatch.setattr(lanes, "LONG", 0.01)
    monkeypatch.setattr(lanes, "PATIENCE", 0.2)


def later(answer: Awaitable[Sent | None]) -> "asyncio.Task[Sent | None]":
    """Have a lane answer beside what goes on."""
    return asyncio.ensure_future(answer)


async def all_of(*answers: Awaitable[Sent | None]) -> list[Sent | None]:
    """Return the answers, each of which comes."""
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*answers)


@KINDS
def test_what_is_quick_is_done_by_one_thread(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    monkeypatch.setattr(lanes, "LONG", PATIENCE)  # however busy this machine is
    threads = set()

    def make() -> Sent:
        threads.add(threading.get_ident())
        return OK

    async def ask() -> list[Sent | None]:
        lane = Lane(kind)
        return await all_of(*(lane.answer(make) for _ in range(20)))

    assert asyncio.run(ask()) == [OK] * 20
    assert len(threads) == 1
    assert threading.get_ident() not in threads


@KINDS
@pytest.mark.usefixtures("brief")
def test_what_is_kept_has_as_many_threads_as_its_kind(
    monkeypatch: pytest.MonkeyPatch, kind: Kind
) -> None:
    monkeypatch.setattr(lanes, "PATIENCE", PATIENCE)
    together = threading.Barrier(kind.threads, timeout=PATIENCE)

    def make() -> Sent:
        together.wait()  # for all others
        return OK

    async def ask() -> list[Sent | None]:
        lane = Lane(kind)
        return await all_of(*(lane.answer(make) for _ in range(2 * kind.threads)))

    before = threading.active_count()
    assert asyncio.run(ask()) == [OK] * 2 * kind.threads
    eventually(lambda: threading.active_count() <= before + 1)  # those that helped leave


@pytest.mark.usefixtures("brief")
def test_reading_that_takes_too_long_is_given_up(kept: Kept) -> None:
    async def ask() -> None:
        lane = Lane(READS)
        given_up = await all_of(*(lane.answer(kept.make) for _ in range(READS.threads + 3)))
        assert given_up == [None] * len(given_up)
        assert kept.begun == READS.threads

        kept.is_over.set()
        assert await all_of(lane.answer(lambda: OK)) == [OK]
        assert kept.begun == READS.threads  # who was told to come again is not answered either

    asyncio.run(ask())


@pytest.mark.usefixtures("brief")
def test_change_that_was_begun_is_never_given_up(kept: Kept) -> None:
    async def ask() -> None:
        lane = Lane(CHANGES)
        begun = [later(lane.answer(kept.make)) for _ in range(CHANGES.threads)]
        await kept.begins(CHANGES.threads)
        assert await all_of(lane.answer(kept.make)) == [None]
        assert not any(each.done() for each in begun)

        kept.is_over.set()
        assert await all_of(*begun) == [OK] * CHANGES.threads
        assert kept.begun == CHANGES.threads

    asyncio.run(ask())


@pytest.mark.usefixtures("brief")
def test_one_lane_does_not_wait_for_another(kept: Kept) -> None:
    async def ask() -> None:
        reads, pages = Lane(READS), Lane(PAGES)
        waiting = [later(reads.answer(kept.make)) for _ in range(2 * READS.threads)]
        await kept.begins(READS.threads)
        assert await all_of(pages.answer(lambda: OK)) == [OK]
        assert await all_of(*waiting) == [None] * len(waiting)

    asyncio.run(ask())


def test_no_more_wait_than_there_is_room_for(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "MOST_WAITING", 5)

    async def ask() -> None:
        lane = Lane(PAGES)
        waiting = [later(lane.answer(kept.make)) for _ in range(5)]
        await asyncio.sleep(0)
        assert await all_of(lane.answer(kept.make)) == [None]
        kept.is_over.set()
        assert await all_of(*waiting) == [OK] * 5
        assert await all_of(lane.answer(lambda: OK)) == [OK]

    asyncio.run(ask())


@KINDS
@pytest.mark.usefixtures("brief")
def test_lane_that_gets_no_thread_asks_again(monkeypatch: pytest.MonkeyPatch, kind: Kind) -> None:
    monkeypatch.setattr(lanes, "PATIENCE", PATIENCE)
    start, refused = threading.Thread.start, iter(range(3))

    def scarce(thread: threading.Thread) -> None:
        if thread.name == kind.name and next(refused, None) is not None:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", scarce)

    async def ask() -> list[Sent | None]:
        lane = Lane(kind)
        return await all_of(*(lane.answer(lambda: OK) for _ in range(3)))

    assert asyncio.run(ask()) == [OK] * 3
    assert next(refused, None) is None  # it was refused each time


@pytest.mark.usefixtures("brief")
def test_who_waits_for_a_thread_that_never_comes_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none_left(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    async def ask() -> list[Sent | None]:
        lane = Lane(PAGES)
        monkeypatch.setattr(threading.Thread, "start", none_left)
        first = await all_of(lane.answer(lambda: OK))
        monkeypatch.undo()
        return first + await all_of(lane.answer(lambda: OK))

    assert asyncio.run(ask()) == [None, OK]


def test_fault_is_told_and_ends_no_thread() -> None:
    def fault() -> Sent:
        raise LookupError("a fault")

    async def ask() -> None:
        lane = Lane(READS)
        with pytest.raises(LookupError, match="a fault"):
            await all_of(lane.answer(fault))
        assert await all_of(lane.answer(lambda: OK)) == [OK]

    asyncio.run(ask())
