"""What is published again as it was before: nothing that calendars were told goes back.

A database that was brought back from a backup does not know of versions that were published
after it was taken, but calendars hold them: entries with higher sequence numbers, which many
programs keep.  So all numbers go on above a *floor* that is higher than any that may have been
given out.  Numbers cost nothing; a calendar that keeps a room which is wrong costs a session.
All functions are pure.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytz

from calsvc.schedule.differences import Change
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import phrase
from calsvc.schedule.versions import Draft, Version
from calsvc.translations import N_

EPOCH = datetime(2026, 1, 1, tzinfo=pytz.utc)
"""Before any backup was taken; events have fewer versions since than there were minutes."""
MARGIN = 1000
"""More than the versions of an event, or the changes of an entry, between two backups."""
RETURNS = Change(facts=(phrase(N_("Published again")),))


def floor_above(schedules: Iterable[Schedule], floor: int, now: datetime) -> int:
    """Return a number above all that followed these schedules, and above an earlier floor.

    It rises with ``now``, an aware instant, by one a minute: a backup that is brought back once
    more knows nothing of what followed the first time.
    """
    known = [
        number
        for schedule in schedules
        for number in (schedule.version, *(entry.sequence for entry in schedule.entries))
    ]
    return max(max([floor, *known]) + MARGIN, (now - EPOCH) // timedelta(minutes=1))


def raised(schedule: Schedule, floor: int) -> Schedule:
    """Return a schedule whose entries have no sequence below a floor."""
    if all(entry.sequence >= floor for entry in schedule.entries):
        return schedule
    entries = tuple(
        entry.model_copy(update={"sequence": max(floor, entry.sequence)})
        for entry in schedule.entries
    )
    return schedule.model_copy(update={"entries": entries})


def returned(version: Version, schedule: Schedule, now: datetime) -> Draft:
    """Return the draft that says what a version says, with stamps of now for all its entries.

    ``now`` is an aware instant.
    """
    second = timedelta(seconds=1)
    now = now.astimezone(pytz.utc).replace(microsecond=0)
    now = max(now, schedule.published, schedule.revised + second)
    entries = tuple(
        entry.model_copy(update={"revised": max(now, entry.revised + second)})
        for entry in schedule.entries
    )
    update = {"published": now, "revised": now, "entries": entries}
    again = schedule.model_copy(update=update)
    return Draft(again, version.source, "", (RETURNS,), version.is_withdrawn)
