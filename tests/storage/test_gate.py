"""Requests that need storage are let in by a gate: few at a time, none while it is in trouble."""

from threading import Event, Thread

import pytest
from waiting import PATIENCE

from calsvc.errors import StorageError
from calsvc.server.lanes import CHANGES, READS
from calsvc.storage.gate import FULL, READERS, WRITERS, Door, Gate


def stay_in(door: Door, leave: Event, number: int) -> list[Thread]:
    """Let threads go in and stay until they are told to leave."""
    inside = [Event() for _ in range(number)]

    def stay(entered: Event) -> None:
        with door:
            entered.set()
            leave.wait(PATIENCE)

    threads = [Thread(target=stay, args=(entered,)) for entered in inside]
    for thread in threads:
        thread.start()
    assert all(entered.wait(PATIENCE) for entered in inside)
    return threads


def test_threads_are_left_for_what_is_in_memory() -> None:
    assert READERS < READS.threads
    assert WRITERS < CHANGES.threads


@pytest.mark.parametrize(
    ("name", "places", "other"), [("reading", READERS, "writing"), ("writing", WRITERS, "reading")]
)
def test_nobody_waits_behind_those_who_do_not_come_out(name: str, places: int, other: str) -> None:
    gate, leave = Gate(), Event()
    door: Door = getattr(gate, name)
    stuck = stay_in(door, leave, places)

    with pytest.raises(StorageError) as refused, door:
        pass
    with getattr(gate, other):
        has_passed = True
    leave.set()
    for thread in stuck:
        thread.join(PATIENCE)
    with door:
        is_open_again = True

    assert str(refused.value) == FULL
    assert has_passed and is_open_again


def test_many_are_let_in_while_those_inside_come_out() -> None:
    gate = Gate()
    refused: list[StorageError] = []
    passed: list[int] = []

    def pass_often() -> None:
        for number in range(500):
            try:
                with gate.reading:
                    passed.append(number)
            except StorageError as error:
                refused.append(error)

    threads = [Thread(target=pass_often) for _ in range(4 * READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)

    assert (len(passed), refused) == (4 * READERS * 500, [])


@pytest.mark.parametrize("name", ["reading", "writing"])
def test_nobody_is_let_in_while_storage_is_in_trouble(name: str) -> None:
    gate = Gate()
    door: Door = getattr(gate, name)

    gate.trouble = "The database does not answer: for a test."
    with pytest.raises(StorageError, match=r"for a test\.$"), door:
        pass
    gate.trouble = None
    with door:
        is_open_again = True

    assert is_open_again


def test_place_is_given_back_by_who_fails_inside() -> None:
    gate = Gate()

    for _ in range(2 * READERS):
        with pytest.raises(ValueError, match="inside"), gate.reading:
            raise ValueError("inside")
    with gate.reading:
        is_open = True

    assert is_open
