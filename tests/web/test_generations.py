"""A memory within its octets."""

from collections import OrderedDict

from hypothesis import given
from hypothesis import strategies as st

from calsvc.web.generations import Generations

KEYS = st.integers(0, 9)


@given(st.lists(st.tuples(KEYS, st.integers(1, 60)), max_size=200))
def test_memory_never_has_more_than_its_octets_nor_anything_else(
    kept: list[tuple[int, int]],
) -> None:
    memory: Generations[tuple[int, int]] = Generations(100)
    given_last: dict[int, tuple[int, int]] = {}
    for key, octets in kept:
        memory.keep(key, (key, octets), octets)
        given_last[key] = key, octets

    there = [found for key in range(10) if (found := memory.get(key))]

    assert sum(octets for _, octets in there) <= 100
    assert all(given_last[key] == (key, octets) for key, octets in there)


def test_what_was_used_last_stays() -> None:
    memory: Generations[str] = Generations(10)
    order: OrderedDict[str, None] = OrderedDict()
    for name in "abcde":
        memory.keep(name, name.upper(), 1)
        order[name] = None

    for name in "fghijklmnopq":
        assert memory.get("a") == "A"
        memory.keep(name, name.upper(), 1)

    assert memory.get("a") == "A"
    assert memory.get("b") is None
    assert memory.get("q") == "Q"


def test_what_is_too_large_is_not_kept() -> None:
    memory: Generations[str] = Generations(10)
    memory.keep("small", "s", 2)

    memory.keep("large", "l", 6)

    assert memory.get("large") is None
    assert memory.get("small") == "s"
