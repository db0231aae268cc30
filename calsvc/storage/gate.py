"""Who may ask storage, and when: requests that need it never take all threads of a worker.

While storage is known to be in trouble, nobody is let in, and is told so at once; whoever
looks again and again, as the follower does, shuts and opens the gate.  Before that is known,
few are in at a time, and nobody waits behind those who do not come out again.
"""

from threading import Condition
from types import TracebackType

from calsvc.errors import StorageError

READERS = 4  # requests that read at a time, in each process
WRITERS = 2  # each less than the threads that a worker has for them: some are left to say so
STEP = 0.02  # seconds, in which those who wait for a place look who moves
STUCK_READING = 10  # steps in which nobody came or went, after which nobody waits for a place
STUCK_WRITING = 25  # more, because one writer waits for another, which may be a publisher
FULL = "The database is slow, and enough requests wait for it already."


class Door:
    """A way in for a number of requests at a time."""

    def __init__(self, gate: "Gate", places: int, stuck: int) -> None:
        """``stuck`` is the number of steps after which those inside count as stuck."""
        self._gate = gate
        self._free = places
        self._stuck = stuck
        self._changed = Condition()
        self._moves = 0
        self._is_stuck = False

    def __enter__(self) -> None:
        """Go in.  Raises ``StorageError`` if storage is in trouble, or all places are stuck."""
        if self._gate.trouble is not None:
            raise StorageError(self._gate.trouble)
        with self._changed:
            if not self._free:
                self._wait()
            self._free -= 1
            self._move()

    def _wait(self) -> None:
        """Wait for a place.

        What is counted is steps, and not time: where all of a process is slow because the
        machine is busy, they take longer too, and storage is not to blame.
        """
        moves = steps = 0
        while not self._free:
            if self._moves != moves:
                moves, steps = self._moves, 0
            if self._is_stuck or steps == self._stuck:
                self._is_stuck = True
                raise StorageError(FULL)
            self._changed.wait(STEP)
            steps += 1

    def _move(self) -> None:
        self._moves += 1
        self._is_stuck = False

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._changed:
            self._free += 1
            self._move()
            self._changed.notify()


class Gate:
    """The ways of requests to one database."""

    def __init__(self) -> None:
        self.trouble: str | None = None
        """Why nobody is let in; None if storage answered when it was asked last."""
        self.reading = Door(self, READERS, STUCK_READING)
        self.writing = Door(self, WRITERS, STUCK_WRITING)
