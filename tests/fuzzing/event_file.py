"""Event files that hold anything: each problem has its place, or the event is published whole."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from conftest import NOW

from calsvc.agenda import eventfile
from calsvc.errors import EventFileError, Problem
from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish
from fuzzing.octets import SPLINTERS, damaged, seeds
from fuzzing.rendered import judged
from fuzzing.wording import assert_is_plain

SEEDS = seeds("event-file")
FIRST = publish(eventfile.parse(SEEDS[-1].octets.decode(), "conf", "conf.yaml")[0], None, NOW)


@dataclass
class EventFiles:
    """The door."""

    path: Path

    def made(self, random: Random) -> bytes:
        """Return a damaged event file, or one with a line that means something else."""
        seed = random.choice(SEEDS)
        if random.random() < 0.5:
            return damaged(random, seed, SEEDS)
        lines = seed.octets.splitlines(keepends=True)
        for _ in range(random.choice((1, 1, 2, 4))):
            place = random.randrange(len(lines))
            key, colon, value = lines[place].partition(b": ")
            if colon:
                new = random.choice(
                    (random.choice(SPLINTERS), value.strip() + random.choice(SPLINTERS))
                )
                quote = random.choice((b"", b"", b'"', b"'"))
                lines[place] = key + colon + quote + new + quote + b"\n"
        return b"".join(lines)

    def taken(self, thrown: bytes) -> None:
        """Read it as a file, publish it, and render each format."""
        self.path.write_bytes(thrown)
        doubts: list[Problem] = []
        try:
            event = eventfile.read(self.path, on_warning=doubts.append)
        except EventFileError as error:
            assert error.problems
            _judge(error.problems, thrown, self.path)
            eventfile.followed(self.path)
            return
        _judge(doubts, thrown, self.path)
        schedule = publish(event, None, NOW)
        judged(schedule)
        later = publish(event, FIRST, NOW + timedelta(days=1))
        for change in changes(FIRST, later):
            assert_is_plain(change.told())


def _judge(problems: list[Problem] | tuple[Problem, ...], octets: bytes, path: Path) -> None:
    """Assert that each problem says where it is, in a line of its own."""
    lines = octets.count(b"\n") + octets.count(b"\r") + 1
    for problem in problems:
        assert 0 <= problem.line <= lines + 1, problem  # behind the last one, where it is short
        assert problem.column >= 0, problem
        assert problem.what and problem.advice
        told = str(problem).removeprefix(str(path))
        assert "\n" not in told, told
        assert_is_plain(told)


@contextmanager
def door() -> Iterator[EventFiles]:
    """Open the door."""
    with tempfile.TemporaryDirectory() as folder:
        yield EventFiles(Path(folder) / "conf.yaml")
