"""What a process remembers stays within its octets, and goes by when it was used last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsvc.answers import Body
from calsvc.live.memory import OVERHEAD, Memory


def memory_of(bodies: int) -> Memory[Body]:
    """Return a memory with room for so many bodies of 100 octets."""
    return Memory(bodies * (100 + OVERHEAD), lambda body: body.size)


def body_of(letter: str) -> Body:
    """Return a body of 100 octets."""
    return Body(letter.encode() * 100)


def test_what_was_used_least_recently_is_forgotten_first() -> None:
    memory = memory_of(2)
    one, two, three = (memory.keep(letter, body_of(letter)) for letter in "abc"[:2] + "a")
    del two

    assert memory.get("a") is three
    assert memory.get("a") is not one
    memory.keep("c", body_of("c"))

    assert memory.get("b") is None
    assert memory.get("a") is three


def test_compressed_form_counts() -> None:
    memory = memory_of(2)
    first = memory.keep("a", Body(b"a" * 100, level=0))
    memory.keep("b", body_of("b"))

    assert len(first.compressed.octets) > 100
    assert memory.get("a") is first

    assert memory.get("b") is None
    assert memory.octets == len(first.octets) + len(first.compressed.octets) + OVERHEAD


def test_body_too_large_for_the_memory_is_given_and_not_kept() -> None:
    memory = memory_of(1)
    large = Body(b"x" * 2000)

    assert memory.keep("x", large) is large
    assert memory.get("x") is None
    assert memory.octets == 0


def test_body_too_large_leaves_the_others_and_takes_the_place_of_its_own() -> None:
    memory = memory_of(2)
    small = memory.keep("small", body_of("s"))
    memory.keep("x", body_of("x"))

    memory.keep("x", Body(b"x" * 4000))

    assert memory.get("x") is None
    assert memory.get("small") is small
    assert memory.octets == small.size + OVERHEAD


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3000)), max_size=200))
def test_what_is_remembered_is_what_was_given_last(kept: list[tuple[int, int]]) -> None:
    memory: Memory[tuple[int, int]] = Memory(2 * (100 + OVERHEAD), lambda given: given[1])
    last: dict[int, tuple[int, int]] = {}
    for key, octets in kept:
        memory.keep(key, (key, octets))
        last[key] = key, octets

    there = [found for key in range(10) if (found := memory.get(key))]

    assert sum(octets + OVERHEAD for _, octets in there) <= 2 * (100 + OVERHEAD)
    assert all(last[key] == (key, octets) for key, octets in there)


@pytest.mark.parametrize("compress", [False, True])
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 900)), max_size=30))
def test_octets_are_those_of_what_is_remembered(
    compress: bool, uses: list[tuple[int, int]]
) -> None:
    memory = memory_of(3)
    for key, size in uses:
        body = memory.get(key) or memory.keep(key, Body(b"x" * size))
        if compress:
            assert body.compressed
    kept = [body for key in range(7) if (body := memory.get(key))]  # counts what was compressed
    kept = [body for body in kept if body in [memory.get(key) for key in range(7)]]

    assert memory.octets == sum(body.size + OVERHEAD for body in kept)
    assert memory.octets <= 3 * (100 + OVERHEAD)


def test_long_keys_count_too() -> None:
    memory = memory_of(100)

    for number in range(100):
        memory.keep((f"{number}", "x" * 16_000), body_of("x"))

    kept = [number for number in range(100) if memory.get((f"{number}", "x" * 16_000))]
    assert 0 < len(kept) < 10
