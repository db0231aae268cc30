"""Sources that event files follow: looked at again and again, and taken if they can be.

A change is written into the event file, from where it is published as any other.  What the
guard doubts waits for a person; a source that is away, or no agenda any more, changes nothing.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.follow import Follow, Followed
from calsvc.errors import EventFileError, FetchError, Problem, SourceError, StorageError
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.fetching import Validators, fetched
from calsvc.importers.fetch.sources import Source
from calsvc.importers.following.guard import doubts
from calsvc.importers.following.held import (
    Held,
    held,
    held_at,
    held_path,
    hold,
    is_same_state,
    release,
)
from calsvc.importers.following.repairs import repair_wishes
from calsvc.importers.updating.snapshots import Asked, known_snapshot
from calsvc.importers.updating.updating import Import, prepared, write

FORGIVEN = 3  # tries in a row that may fail before a source is looked at more seldom
LONGEST_PAUSE = timedelta(hours=1)
"""Between tries of a source that fails, unless it is looked at more seldom anyway."""
AT_ONCE = 8  # sources that are fetched side by side
TICK = 1.0  # seconds between looks at what is due
REPEAT = 120.0  # seconds after which notices are told again, or storage forgets them
MOST_CHANGES = 3  # that a notice names

Fetch = Callable[[Followed, Validators], tuple[Source, Validators] | None]
"""Returns a source and its validators; None if it is as those that are given say."""
Tell = Callable[[list[Problem]], None]
Count = Callable[[Mapping[str, int]], None]
"""Gets the number of sources that are ``well``, ``failing``, or ``waiting`` for a person."""
_Found = TypeVar("_Found")

log = logging.getLogger(__name__)


@dataclass
class _Followed:
    """One source, and when to look at it."""

    follow: Followed
    due: datetime
    validators: Validators = field(default_factory=Validators)
    asked: Asked | None = None
    """How it was read last: what is read otherwise now is fetched as if nothing was known."""
    failures: int = 0
    """Tries that failed, in a row."""
    problem: Problem | None = None


class _Kept(Generic[_Found]):
    """What is read from files, which are only read again once they have changed."""

    def __init__(self, read: Callable[[Path], _Found]) -> None:
        self._read = read
        self._found: dict[Path, tuple[object, _Found]] = {}

    def of(self, path: Path) -> _Found:
        """Return what the file at a path says."""
        stamp = None
        with suppress(OSError):
            status = path.stat()
            stamp = status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
        if path not in self._found or self._found[path][0] != stamp:
            self._found[path] = stamp, self._read(path)
        return self._found[path][1]


class Following:
    """The sources that the event files of a folder follow."""

    def __init__(
        self, folder: Path, fetch: Fetch | None = None, chance: random.Random | None = None
    ) -> None:
        self._folder = folder
        self._fetch = fetch or _fetched
        self._chance = chance or random.Random()  # noqa: S311 -- spreads load, guards nothing
        self._followed: dict[Path, _Followed] = {}
        self._follows = _Kept(eventfile.followed)
        self._held = _Kept(held_at)

    @property
    def problems(self) -> list[Problem]:
        """Return what is wrong with sources now, and what waits for a person."""
        told = [each.problem for each in self._followed.values() if each.problem]
        for path in self._followed:
            told += waiting(path, self._held.of(held_path(path)))
        return sorted({*told})

    @property
    def states(self) -> Counter[str]:
        """Return how many sources are ``well``, ``failing``, and ``waiting`` for a person."""
        states = Counter[str]()
        for path, each in self._followed.items():
            waits = waiting(path, self._held.of(held_path(path)))
            states["failing" if each.problem else "waiting" if waits else "well"] += 1
        return states

    def look(self, now: datetime) -> None:
        """Fetch each source that is due at ``now``, a UTC instant, and take what can be taken."""
        there = {path: self._follows.of(path) for path in event_files(self._folder)}
        known = {path: follow for path, follow in there.items() if follow}
        self._followed = {path: self._followed[path] for path in known if path in self._followed}
        for path, follow in known.items():
            if path not in self._followed or self._followed[path].follow != follow:
                self._followed[path] = _Followed(follow, now)
        due = SimpleQueue[tuple[Path, _Followed]]()
        for path, each in self._followed.items():
            if each.due <= now:
                due.put((path, each))

        def work() -> None:
            with suppress(Empty):
                while True:
                    self._see_to(*due.get_nowait(), now)

        # Threads that nobody waits for when the process ends.
        threads = [Thread(target=work, daemon=True) for _ in range(min(due.qsize(), AT_ONCE))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _see_to(self, path: Path, followed: _Followed, now: datetime) -> None:
        """Fetch one source, take it or hold it, and set when to look again."""
        pause = followed.follow.every * self._chance.uniform(0.5, 1)
        try:
            asked = _asked(followed.follow, now.date())
            known = followed.validators if asked == followed.asked else Validators()
            answer = self._fetch(followed.follow, known)
            followed.failures = 0
            if answer:
                source, validators = answer
                self._take(path, asked, source, now)
                followed.validators, followed.asked = validators, asked
            followed.problem = None
        except (SourceError, EventFileError) as error:
            followed.problem = _problem(path, error, followed.follow.verb)
            if isinstance(error, FetchError):
                followed.failures += 1
                pause = max(pause, _backed_off(followed), error.retry_after or pause)
        except Exception as error:  # calsvc's own fault, and the other sources go on
            log.exception("%s cannot be followed.", path)
            followed.problem = _warning(
                path,
                f"cannot {followed.follow.verb} its source: {error!r}",
                "tell the makers of calsvc",
            )
        followed.due = now + pause

    def _take(self, path: Path, asked: Asked, source: Source, now: datetime) -> None:
        done = prepared(path, source, asked.wishes, asked.format)
        known, reasons = held(path), doubts(done, known_snapshot(path), now)
        is_known = known and is_same_state(known.drawn, done.drawing, with_ids=not done.is_repair)
        if (done.merge or reasons) and is_known:
            return  # it waits for a person, or one said that it is wrong
        if reasons:
            _hold(path, done, reasons, known, now)
            return
        write(done)
        release(path)
        if done.merge:
            log.warning("%s: changed as its source did, %s", path, source.name)
        if done.before is None:
            for what in done.drawing.guesses.get("", ()):  # those of sessions are in the file
                log.warning("%s: guessed of its source: %s", path, what)
            for what in dict.fromkeys(chain.from_iterable(done.drawing.left_out.values())):
                log.warning("%s: left out of what its source says: %s", path, what)

    def run(self, should_stop: Callable[[], bool], tell: Tell, count: Count | None = None) -> None:
        """Look repeatedly until ``should_stop`` returns True; hand all that is wrong to ``tell``.

        Each problem is logged once.  ``count`` is told after each look how the sources are.
        """
        told: list[Problem] = []
        told_at = -REPEAT
        while not should_stop():
            try:
                self.look(datetime.now(UTC))
            except Exception:  # calsvc's own fault: the next look may do better
                log.exception("The sources of %s cannot be followed.", self._folder)
            if count:
                count(self.states)
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


def _asked(follow: Followed, today: date) -> Asked:
    """Return how a source is to be read."""
    if isinstance(follow, Follow):
        return Asked(Wishes(timezone=follow.timezone, date=follow.date), follow.format)
    return Asked(repair_wishes(follow.timezone, today))


def _fetched(follow: Followed, validators: Validators) -> tuple[Source, Validators] | None:
    return fetched(follow.url, private=follow.private, validators=validators)


def _backed_off(followed: _Followed) -> timedelta:
    """Return how long to leave a source alone that fails again and again."""
    every, more = followed.follow.every, followed.failures - FORGIVEN
    if more <= 0:
        return timedelta(0)
    longer: timedelta = every * 2 ** min(more, 10)
    return min(longer, max(every, LONGEST_PAUSE))


def _hold(
    path: Path, done: Import, reasons: Iterable[str], known: Held | None, now: datetime
) -> None:
    since = known.since if known and not known.is_dropped else now
    changes = tuple(change.told() for change in done.changes)
    source = done.snapshot.source
    hold(path, Held(since, tuple(reasons), changes, source, done.format, vars(done.drawing)))


def waiting(path: Path, state: Held | None) -> list[Problem]:
    """Return what waits for a person to take or drop it; nothing if that is done, or nothing is.

    ``state`` is what is held for the event file at ``path``.
    """
    if state is None or state.is_dropped:
        return []
    rest = len(state.changes) - MOST_CHANGES
    more = [f"and {rest} more changes"] if rest > 0 else []
    told = "; ".join((*state.changes[:MOST_CHANGES], *more)) or "nothing else changes"
    what = f"waits for you, because of its source {' and '.join(state.reasons)}: {told}"
    advice = (
        f"publish it with calsvc follow --take {path.stem}, or say that it is wrong with"
        f" calsvc follow --drop {path.stem}"
    )
    return [_warning(path, what, advice)]


def _problem(path: Path, error: SourceError | EventFileError, verb: str) -> Problem:
    if isinstance(error, EventFileError):
        first = error.problems[0]
        what, advice = f"cannot {verb} its source: {first.what}", first.advice
    else:
        what, advice = f"cannot {verb} {error.source}: {error.what}", error.advice
    return _warning(path, what, f"{advice}; the agenda stays as it is")


def _warning(path: Path, what: str, advice: str) -> Problem:
    return Problem(str(path), 0, 0, "", what, advice, "warning")
