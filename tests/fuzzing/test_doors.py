"""A few inputs are thrown at each door, always the same; the long run throws as many as told."""

import pytest

from fuzzing.throwing import names, opened, throw

INPUTS = 250
SEED = 1


@pytest.mark.parametrize("name", names())
def test_door_takes_whatever_is_thrown_at_it(name: str) -> None:
    with opened(name) as door:
        outcome = throw(door, SEED, range(INPUTS), most_cpu=float("inf"))

    assert outcome.failures == []
    assert outcome.inputs == INPUTS
