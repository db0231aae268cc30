"""What a new version would lose: which files look half-written, and which losses wait."""

import pytest
from conftest import event_of, schedule_of

from calsvc.errors import EmptiedEventError
from calsvc.schedule.losses import looks_half_written, refuse_lost

HEAD = "name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n"
SESSIONS = [
    f"  - {{id: talk-{number}, title: Talk number {number}, when: {hour}:00-{hour}:30}}\n"
    for number, hour in enumerate(range(9, 19))
]
WHOLE = HEAD + "".join(SESSIONS)
BLOCK = HEAD + "".join(
    f"  - id: talk-{number}\n    title: Talk number {number}\n    when: {hour}:00-{hour}:30\n"
    f"    description: All about the number {number}\n"
    for number, hour in enumerate(range(9, 13))
)


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "".join(SESSIONS[:9]),
        (HEAD + "".join(SESSIONS[:9])).removesuffix("\n"),
        (HEAD + "".join(SESSIONS[:6])).removesuffix("\n"),
        (HEAD + "".join(SESSIONS[1:])).removesuffix("\n"),
        WHOLE.replace("number 9", "9").removesuffix("\n"),
        WHOLE.removesuffix("\n"),
    ],
    ids=[
        "last deleted",
        "last deleted, no end",
        "last four deleted, no end",
        "first deleted, no end",
        "last renamed, no end",
        "no end",
    ],
)
def test_deletion_does_not_look_half_written(text: str) -> None:
    is_half = looks_half_written(
        event_of(text), schedule_of(WHOLE), ends_midline=not text.endswith("\n")
    )

    assert not is_half


@pytest.mark.parametrize(
    "lost", ["out the number 3\n", "\n    description: All about the number 3\n"]
)
def test_file_that_ends_within_its_last_session_looks_half_written(lost: str) -> None:
    text = BLOCK.removesuffix(lost)

    assert looks_half_written(event_of(text), schedule_of(BLOCK), ends_midline=True)


def test_file_that_ends_within_a_session_before_others_looks_half_written() -> None:
    text = BLOCK[: BLOCK.index("    description: All about the number 1")]

    assert looks_half_written(event_of(text), schedule_of(BLOCK), ends_midline=False)


def test_loss_of_most_sessions_names_the_command_that_publishes_it() -> None:
    event = event_of(HEAD + "".join(SESSIONS[:4]))

    with pytest.raises(EmptiedEventError) as raised:
        refuse_lost(event, schedule_of(WHOLE), "events/conf.yaml")

    assert str(raised.value) == (
        "lacks 6 of the 10 sessions that conf had;"
        " if that is meant, run calsvc publish events/conf.yaml"
    )


@pytest.mark.parametrize("left", [5, 6, 9])
def test_loss_of_half_the_sessions_passes(left: int) -> None:
    refuse_lost(event_of(HEAD + "".join(SESSIONS[:left])), schedule_of(WHOLE), "conf.yaml")
