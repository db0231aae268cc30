"""Which of several copies of an event file is to be published: an edit, or an old copy.

A file may say what was published before for two reasons.  Somebody went back to it, as
with ``git revert`` and a deployment: that is an edit.  Or its folder lags behind others
that watch the same event, as on a machine with an old checkout: that is an old copy, and
if it were published, the machines would undo each other's versions for ever.  What a
folder's file said when it was last looked at, which storage remembers, tells the two apart.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from calsvc.schedule.versions import Version

ALIVE = timedelta(minutes=5)
"""How long a watcher that says nothing more is thought to be running."""


class Copy(NamedTuple):
    """What the file of an event in one folder said when it was last looked at."""

    publisher: str
    """The machine and the folder."""
    event_id: str
    digest: str
    """Of the agenda, as in ``Version``."""
    seen: datetime
    """UTC instant of the last sign of life of whoever looked."""
    is_watched: bool = False
    """Whether a watcher was running then, which did not stop since."""


class Standing(Enum):
    """What a file is that says what was published before, while something else is now."""

    EDIT = "somebody went back to what it says"
    OLD = "nobody changed it, and something newer came from elsewhere"
    BESIDE = "a new folder beside a running one that holds what is published"


def standing(
    copy: Copy, newest: Version, known: Sequence[Copy], *, source: str, since: datetime
) -> Standing:
    """Return what a copy is whose agenda was published before the newest version.

    ``known`` holds the copies of this event, this folder's own among them; ``source`` is
    what a version from this file names as its source; the watcher runs since ``since``.
    """
    own = next((each for each in known if each.publisher == copy.publisher), None)
    if own:
        return Standing.OLD if own.digest == copy.digest else Standing.EDIT
    if newest.source == source:  # a database from before copies were remembered
        return Standing.EDIT
    if newest.is_withdrawn or not known:
        return Standing.OLD
    # From here on the folder was never seen.  Containers get a new host name with each
    # deployment, so it most often takes the place of one that has stopped.
    if any(each.digest == newest.digest and _is_alive(each, copy.seen, since) for each in known):
        return Standing.BESIDE
    last = max(known, key=lambda each: (each.seen <= copy.seen + ALIVE, each.seen))
    # The same as its predecessor's file: what was published since, such as a rollback, stays.
    return Standing.OLD if last.digest == copy.digest else Standing.EDIT


def _is_alive(other: Copy, now: datetime, since: datetime) -> bool:
    """Tell whether a watcher runs elsewhere, or may be starting again just now.

    One that stopped before this one started has been replaced.  One that stopped later
    may come back: in a deployment where both run for a while, the old one does not, and
    the new one's file is published after ``ALIVE``.
    """
    is_recent = abs(now - other.seen) <= ALIVE  # a stamp far in the future tells of no life
    return is_recent and (other.is_watched or other.seen >= since)
