"""A few inputs are thrown at each door, always the same; the long run throws as many as told."""

import pytest
from tiers import slow

from fuzzing.throwing import names, opened, throw

SAMPLE, REST = range(60), range(60, 2_000)  # numbers of inputs
SEED = 1


@pytest.mark.parametrize("numbers", [SAMPLE, slow(REST)], ids=["sample", "rest"])
@pytest.mark.parametrize("name", names())
def test_door_takes_whatever_is_thrown_at_it(name: str, numbers: range) -> None:
    with opened(name) as door:
        outcome = throw(door, SEED, numbers, most_cpu=float("inf"))

    assert outcome.failures == []
    assert outcome.inputs == len(numbers)
