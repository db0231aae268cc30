"""When a session ends of which the source says only when it begins.

It lasts until the next one in its room begins, if that is soon, else as long as such
sessions usually do.  That is a guess, and told as one.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from calsvc.agenda.kinds import Kind

SOON = timedelta(hours=3)
USUAL = timedelta(minutes=30)
USUAL_LENGTHS = {
    Kind.KEYNOTE: timedelta(minutes=60),
    Kind.PANEL: timedelta(minutes=60),
    Kind.MEAL: timedelta(minutes=60),
    Kind.POSTER_SESSION: timedelta(minutes=60),
    Kind.WORKSHOP: timedelta(minutes=90),
    Kind.TUTORIAL: timedelta(minutes=90),
    Kind.SOCIAL: timedelta(hours=2),
    Kind.LIGHTNING: timedelta(minutes=10),
}
UNTIL_NEXT = "no end is given: it lasts until the next one begins"
AS_USUAL = "no end is given: it lasts as long as is usual"


class Ends:
    """The ends of showings, given when and in which room all of them begin."""

    def __init__(self, starts: Sequence[tuple[datetime, str | None]]) -> None:
        by_room: dict[str | None, set[datetime]] = defaultdict(set)
        for start, room in starts:
            by_room[room].add(start)
            by_room[None].add(start)
        self._starts = {room: sorted(found) for room, found in by_room.items()}

    def guessed(self, start: datetime, room: str | None, kind: Kind) -> tuple[datetime, str]:
        """Return when what begins at an instant probably ends, and the words for that guess.

        What has no room ends with the next thing in any room.
        """
        starts = self._starts.get(room, [])
        place = bisect_right(starts, start)
        if place < len(starts) and starts[place] - start <= SOON:
            return starts[place], UNTIL_NEXT
        return start + USUAL_LENGTHS.get(kind, USUAL), AS_USUAL
