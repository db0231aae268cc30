"""Sources that event files follow: looked at again and again, and taken if they can be.

A change is written into the event file, from where it is published as any other.  What the
guard doubts waits for a person; a source that is away, or no agenda any more, changes nothing.
"""

import logging
import random
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.follow import Follow
from calsvc.errors import EventFileError, Problem, SourceError, StorageError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetching import Validators, fetched
from calsvc.importers.guard import doubts
from calsvc.importers.held import Held, held, hold, mark_of, release
from calsvc.importers.snapshots import known_snapshot
from calsvc.importers.sources import Source
from calsvc.importers.updating import Import, prepared, write

LONGEST_PAUSE = timedelta(hours=1)
"""Between tries of a source that fails, unless it is looked at more seldom anyway."""
AT_ONCE = 8  # sources that are fetched side by side
TICK = 1.0  # seconds between looks at what is due
REPEAT = 120.0  # seconds after which notices are told again, or storage forgets them
MOST_CHANGES = 3  # that a notice names

Fetch = Callable[[Follow, Validators], tuple[Source, Validators] | None]
"""Returns a source and its validators; None if it is as those that are given say."""
Tell = Callable[[list[Problem]], None]

log = logging.getLogger(__name__)


@dataclass
class _Followed:
    """One source, and when to look at it."""

    follow: Follow
    due: datetime
    validators: Validators = field(default_factory=Validators)
    failures: int = 0
    problem: Problem | None = None


class Following:
    """The sources that the event files of a folder follow."""

    def __init__(
        self, folder: Path, fetch: Fetch | None = None, chance: random.Random | None = None
    ) -> None:
        self._folder = folder
        self._fetch = fetch or _fetched
        self._chance = chance or random.Random()  # noqa: S311 -- spreads load, guards nothing
        self._followed: dict[Path, _Followed] = {}

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with sources now, and what waits for a person."""
        told = [each.problem for each in self._followed.values() if each.problem]
        return sorted({*told, *(problem for path in self._followed for problem in waiting(path))})

    def look(self, now: datetime) -> None:
        """Fetch each source that is due at ``now``, a UTC instant, and take what can be taken."""
        there = {path: eventfile.followed(path) for path in event_files(self._folder)}
        known = {path: follow for path, follow in there.items() if follow}
        self._followed = {path: self._followed[path] for path in known if path in self._followed}
        for path, follow in known.items():
            if path not in self._followed or self._followed[path].follow != follow:
                self._followed[path] = _Followed(follow, now)
        due = {path: each for path, each in self._followed.items() if each.due <= now}
        if due:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                list(pool.map(lambda path: self._see_to(path, due[path], now), due))

    def _see_to(self, path: Path, followed: _Followed, now: datetime) -> None:
        """Fetch one source, take it or hold it, and set when to look again."""
        every = followed.follow.every
        pause = every * self._chance.uniform(0.5, 1)
        try:
            if answer := self._fetch(followed.follow, followed.validators):
                source, validators = answer
                self._take(path, followed.follow, source, now)
                followed.validators = validators
            followed.failures, followed.problem = 0, None
        except (SourceError, EventFileError) as error:
            followed.problem = _problem(path, error)
            followed.failures += 1
            if followed.failures > 1:  # one failure is nothing yet
                longest = max(every, LONGEST_PAUSE)
                pause = min(every * 2 ** min(followed.failures - 1, 10), longest)
            pause = max(pause, getattr(error, "retry_after", None) or pause)
        followed.due = now + pause

    def _take(self, path: Path, follow: Follow, source: Source, now: datetime) -> None:
        wishes = Wishes(timezone=follow.timezone, date=follow.date)
        done = prepared(path, source, wishes, follow.format)
        if reasons := doubts(done, known_snapshot(path), now):
            _hold(path, done, reasons, now)
            return
        release(path)
        write(done)
        if done.merge:
            log.warning("%s: follows %s", path, source.name)

    def run(self, should_stop: Callable[[], bool], tell: Tell) -> None:
        """Look repeatedly until ``should_stop`` returns True; hand all that is wrong to ``tell``.

        Each problem is logged once.
        """
        told: list[Problem] = []
        told_at = -REPEAT
        while not should_stop():
            try:
                self.look(datetime.now(UTC))
            except Exception:  # calsvc's own fault: the next look may do better
                log.exception("The sources of %s cannot be followed.", self._folder)
            problems = self.problems
            for problem in problems:
                if problem not in told:
                    log.warning("%s", problem)
            if problems != told or time.monotonic() - told_at > REPEAT:
                with suppress(StorageError):
                    tell(problems)
                    told_at = time.monotonic()
            told = problems
            time.sleep(TICK)


def _fetched(follow: Follow, validators: Validators) -> tuple[Source, Validators] | None:
    return fetched(follow.url, private=follow.private, validators=validators)


def _hold(path: Path, done: Import, reasons: Iterable[str], now: datetime) -> None:
    known = held(path)
    if known and known.mark == mark_of(done.drawing):
        return
    changes = tuple(change.told() for change in done.changes)
    source = done.snapshot.source
    hold(path, Held(now, tuple(reasons), changes, source, done.format, vars(done.drawing)))


def waiting(path: Path) -> list[Problem]:
    """Return what waits for a person to take or drop it; nothing if that is done, or nothing is."""
    state = held(path)
    if state is None or state.is_dropped:
        return []
    rest = len(state.changes) - MOST_CHANGES
    more = [f"and {rest} more changes"] if rest > 0 else []
    told = "; ".join((*state.changes[:MOST_CHANGES], *more))
    return [
        Problem(
            str(path),
            0,
            0,
            "",
            f"waits for you, because of its source {' and '.join(state.reasons)}: {told}",
            f"publish it with calsvc follow --take {path.stem}, or say that it is wrong with"
            f" calsvc follow --drop {path.stem}",
            "warning",
        )
    ]


def _problem(path: Path, error: SourceError | EventFileError) -> Problem:
    if isinstance(error, EventFileError):
        first = error.problems[0]
        what, advice = f"cannot follow its source: {first.what}", first.advice
    else:
        what, advice = f"cannot follow {error.source}: {error.what}", error.advice
    return Problem(str(path), 0, 0, "", what, f"{advice}; the agenda stays as it is", "warning")
