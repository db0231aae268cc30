"""The long run: ``python -m tests.fuzzing DOOR [--inputs N] [--seed S] [--first NUMBER]``."""

import argparse
import importlib
import sys
from pathlib import Path

# The modules of tests import each other by their own names, as under pytest.
sys.path[:0] = [str(Path(__file__).parent.parent)]
throwing = importlib.import_module("fuzzing.throwing")


def main() -> int:
    """Throw inputs at a door, and tell what came of it; 1 if any was not taken well."""
    parser = argparse.ArgumentParser("python -m tests.fuzzing", description=__doc__)
    parser.add_argument("door", choices=throwing.names())
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first input")
    given = parser.parse_args()
    numbers = range(given.first, given.first + given.inputs)
    with throwing.opened(given.door) as door:
        outcome = throwing.throw(door, given.seed, numbers, told=print)
    print(f"{given.door}: {outcome}")
    return 1 if outcome.failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
