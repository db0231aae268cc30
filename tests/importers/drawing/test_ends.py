"""When something ends of which only the start is known."""

from datetime import UTC, datetime, timedelta

import pytest

from calsvc.agenda.kinds import Kind
from calsvc.importers.drawing.ends import AS_USUAL, UNTIL_NEXT, Ends

NINE = datetime(2027, 6, 15, 9, tzinfo=UTC)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("others", "room", "kind", "length", "told"),
    [
        ([(25, "A")], "A", Kind.TALK, 25, UNTIL_NEXT),
        ([(25, "B")], "A", Kind.TALK, 30, AS_USUAL),
        ([(25, "B"), (40, "A"), (90, "A")], "A", Kind.KEYNOTE, 40, UNTIL_NEXT),
        ([(180, "A")], "A", Kind.TALK, 180, UNTIL_NEXT),
        ([(181, "A")], "A", Kind.TALK, 30, AS_USUAL),
        ([(0, "A"), (20, "A")], "A", Kind.TALK, 20, UNTIL_NEXT),  # two at once
        ([(-60, "A")], "A", Kind.TALK, 30, AS_USUAL),
        ([(35, "B")], None, Kind.TALK, 35, UNTIL_NEXT),
        ([], None, Kind.KEYNOTE, 60, AS_USUAL),
        ([], None, Kind.WORKSHOP, 90, AS_USUAL),
        ([], None, Kind.SOCIAL, 120, AS_USUAL),
        ([], None, Kind.LIGHTNING, 10, AS_USUAL),
        ([(500, None)], None, Kind.MEAL, 60, AS_USUAL),
    ],
)
def test_end_is_the_next_start_in_the_room_or_as_is_usual(
    others: list[tuple[int, str | None]],
    room: str | None,
    kind: Kind,
    length: int,
    told: str,
) -> None:
    starts = [(NINE, room), *((NINE + minutes(later), each) for later, each in others)]

    assert Ends(starts).guessed(NINE, room, kind) == (NINE + minutes(length), told)
