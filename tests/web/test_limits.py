"""Limits: what each caller gets, what is kept of callers, and what all callers take."""

from types import SimpleNamespace

import pytest

from calsvc.errors import TooManyCallsError
from calsvc.web import limits
from calsvc.web.limits import HOUR, MOST, Limit, Places


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return the seconds it shows."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of all limits."""
    clock = Clock()
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


def allowed(limit: Limit, caller: str, tries: int, calls: int = 1) -> int:
    """Return how many of some tries are allowed."""
    passed = 0
    for _ in range(tries):
        try:
            limit.count(caller, calls)
        except TooManyCallsError:
            continue
        passed += 1
    return passed


@pytest.mark.parametrize("hourly", [1, 3, 7, 1000])
def test_caller_may_do_all_at_once_and_gets_it_back_bit_by_bit(clock: Clock, hourly: int) -> None:
    limit = Limit(hourly)

    assert allowed(limit, "192.0.2.1", hourly + 5) == hourly
    clock.now += HOUR / hourly
    assert allowed(limit, "192.0.2.1", 5) == 1
    clock.now += HOUR
    assert allowed(limit, "192.0.2.1", hourly + 5) == hourly
    assert allowed(limit, "192.0.2.2", hourly + 5) == hourly


def test_what_counts_as_several_calls_is_allowed_as_seldom(clock: Clock) -> None:
    assert allowed(Limit(100), "a", 50, calls=20) == 5
    assert allowed(Limit(10), "a", 50, calls=20) == 1


def test_who_is_refused_waits_no_longer_for_trying(clock: Clock) -> None:
    limit = Limit(2)
    allowed(limit, "a", 500)

    clock.now += HOUR / 2

    assert allowed(limit, "a", 1) == 1


def test_no_address_and_no_key_is_kept(clock: Clock) -> None:
    limit, other = Limit(5), Limit(5)
    callers = ["192.0.2.1", "2001:db8:1:2::1", "an-edit-key-of-somebody"]

    for each in callers:
        limit.count(each)
        other.count(each)

    kept = repr(limit) + repr(vars(limit))
    assert not any(each in kept for each in [*callers, "2001:db8", "192.0"])
    assert not set(limit._until) & set(other._until)  # nor can it be found by trying addresses


def test_callers_without_number_take_no_memory_without_end(clock: Clock) -> None:
    limit = Limit(5)
    for _ in range(5):
        limit.count("busy")

    for number in range(MOST + 100):
        limit.count(f"caller {number}")

    assert len(limit._until) <= MOST
    assert allowed(limit, "busy", 1) == 0  # who did much is remembered before who did little
    clock.now += HOUR
    for number in range(MOST):
        limit.count(f"later {number}")
    assert len(limit._until) <= MOST


def test_each_caller_has_one_place_and_gets_it_again() -> None:
    places = Places(2)

    assert [places.take(each) for each in ("a", "a", "2001:db8::1", "2001:db8::2", "b")] == [
        *(True, False, True, False, False)
    ]
    places.give_back("a")
    assert [places.take("b"), places.take("a")] == [True, False]
    assert "2001:db8" not in repr(places) + repr(vars(places))
