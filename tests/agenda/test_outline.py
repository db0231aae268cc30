"""Parts and wholes of an agenda."""

import pytest
from agendas import POSTERS, utc
from conftest import event_of


@pytest.mark.parametrize(
    ("session_id", "slots"),
    [
        ("lunch", [("25 10:00", "Hall A"), ("25 16:00", "Bar")]),
        ("tea", [("25 13:00", None)]),
        ("cloning", [("25 10:00", "Hall A"), ("25 16:00", "Bar")]),
        ("copying", [("25 13:00", "Booth 7"), ("25 10:00", "Booth 7"), ("25 16:00", "Booth 7")]),
        ("pasting", [("25 10:10", "Booth 8")]),
        ("gluing", [("25 10:10", "Booth 8")]),
        ("someday", []),
        ("later", []),
    ],
)
def test_part_is_on_with_its_wholes_and_there(
    session_id: str, slots: list[tuple[str, str | None]]
) -> None:
    event = event_of(POSTERS)
    session = event.session(session_id)
    assert session

    found = [(slot.start, slot.room) for slot in event.slots(session)]

    assert found == [(utc(start), room) for start, room in slots]


def test_wholes_and_parts_know_each_other() -> None:
    event = event_of(POSTERS)
    lunch, copying = event.session("lunch"), event.session("copying")
    assert lunch and copying

    assert [whole.id for whole in event.wholes(copying)] == ["tea", "lunch"]
    assert [part.id for part in event.parts(lunch)] == ["cloning", "copying", "pasting"]
    assert event.session("dinner") is None
