"""What a door is, and the loop that throws inputs at one."""

import importlib
import resource
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol

MOST_CPU = 5.0  # seconds that one input may take of the processor; a long run tells of more
MOST_FAILURES = 20  # after which a run ends
FRAME = {"__init__", "__main__", "throwing", "mutations", "octets", "rendered", "sites", "wording"}


class Door(Protocol):
    """Something that takes inputs of any kind."""

    def made(self, random: Random) -> Any:
        """Return an input; the same one for the same state of ``random``."""

    def taken(self, thrown: Any) -> None:
        """Take an input.  Raises ``AssertionError``, or anything, if that goes wrong."""


@dataclass
class Outcome:
    """What came of a run."""

    inputs: int = 0
    failures: list[str] = field(default_factory=list)
    slowest: float = 0.0
    """Seconds of the processor that the slowest input took."""
    slowest_number: int = 0
    memory: list[int] = field(default_factory=list)
    """MiB that the process had at most, after each quarter."""

    def __str__(self) -> str:
        """Return it in a line."""
        return (
            f"{self.inputs} inputs, {len(self.failures)} not taken well; the slowest"
            f" ({self.slowest_number}) took {self.slowest:.2f} s of the processor;"
            f" MiB after each quarter: {', '.join(map(str, self.memory))}"
        )


def names() -> list[str]:
    """Return the names of all doors."""
    stems = {path.stem for path in Path(__file__).parent.glob("*.py")} - FRAME
    return sorted(stem.replace("_", "-") for stem in stems if not stem.startswith("test_"))


def opened(name: str) -> AbstractContextManager[Door]:
    """Return the door of a name, to be entered."""
    module = importlib.import_module(f"fuzzing.{name.replace('-', '_')}")
    found: AbstractContextManager[Door] = module.door()
    return found


def random_of(seed: int, number: int) -> Random:
    """Return what chooses the input of a number; it does not depend on other inputs."""
    return Random(f"{seed}/{number}")  # noqa: S311 - chance that can be had again


def throw(
    door: Door,
    seed: int,
    numbers: Iterable[int],
    told: Callable[[str], object] = lambda _: None,
    most_cpu: float = MOST_CPU,
) -> Outcome:
    """Throw the inputs of these numbers; go on after one that was not taken well."""
    numbers = list(numbers)
    outcome = Outcome()
    for place, number in enumerate(numbers, 1):
        thrown = door.made(random_of(seed, number))
        begun = time.process_time()
        fault = _fault(door, thrown)
        took = time.process_time() - begun
        outcome.inputs += 1
        if took > outcome.slowest:
            outcome.slowest, outcome.slowest_number = took, number
        if took > most_cpu:
            fault = fault or f"took {took:.1f} s of the processor"
        if fault:
            outcome.failures.append(f"seed {seed}, input {number}: {fault}\n  {thrown!r}"[:4000])
            told(outcome.failures[-1])
        if place % max(1, len(numbers) // 4) == 0:
            outcome.memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        if len(outcome.failures) == MOST_FAILURES:
            break
    return outcome


def _fault(door: Door, thrown: Any) -> str | None:
    try:
        door.taken(thrown)
    except Exception as error:  # whatever it is, it is what a run looks for
        return f"{type(error).__name__}: {error}"
    return None
