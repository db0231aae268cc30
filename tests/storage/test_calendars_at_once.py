"""Several devices edit one calendar at once."""

import multiprocessing
import random
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

import pytest
from itineraries import EMPTY, adding, fate, made
from tiers import sqlite_first
from waiting import PATIENCE

from calsvc.schedule.itineraries import Choice, Itinerary, keys
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database

DEVICES = 2
STEPS = 250  # of each device


class Step(NamedTuple):
    """One thing that a device does to a calendar."""

    is_adding: bool
    session: str


def steps(device: int) -> list[Step]:
    """Return what a device does: its own sessions come and go; others it shares."""
    chance = random.Random(device)  # noqa: S311 -- no secret
    own = [f"own-{device}-{number}" for number in range(20)]
    done = [Step(chance.random() < 0.6, chance.choice(own)) for _ in range(STEPS - 40)]
    done += [Step(True, f"both-add-{number}") for number in range(20)]
    done += [Step(False, f"both-remove-{number}") for number in range(20)]
    chance.shuffle(done)
    return done


def edit(url: str, edit_key: str, device: int, barrier: Barrier) -> None:
    """Edit a calendar in a process of its own; each answer must hold what was just done."""
    calendars = Calendars(Database(url))
    barrier.wait(PATIENCE)
    for is_adding, session in steps(device):
        choice = Choice(event="conf", session=session)
        after = calendars.change(
            edit_key,
            lambda itinerary, choice=choice, is_adding=is_adding: (
                itinerary.adding([choice]) if is_adding else itinerary.removing(choice)
            ),
        )
        assert (choice in after.choices) == is_adding


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@sqlite_first
def test_devices_that_edit_at_once_lose_nothing(calendars: Calendars, database_url: str) -> None:
    edit_key = made(calendars)
    calendars.change(edit_key, adding(*(f"both-remove-{number}" for number in range(20))))
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(DEVICES)

    devices = [
        fork.Process(target=edit, args=(database_url, edit_key, device, barrier))
        for device in range(DEVICES)
    ]
    for device in devices:
        device.start()
    for device in devices:
        device.join(PATIENCE)

    last = {step.session: step.is_adding for device in range(DEVICES) for step in steps(device)}
    expected = {session for session, is_adding in last.items() if is_adding}
    chosen = [choice.session for choice in calendars.of_editor(edit_key).choices]
    assert [device.exitcode for device in devices] == [0] * DEVICES
    assert len(chosen) == len(set(chosen))
    assert set(chosen) == expected
    assert {f"both-add-{number}" for number in range(20)} < expected


def turn(url: str, edit_key: str, barrier: Barrier) -> None:
    """Rotate a calendar's key ten times, in a process of its own."""
    calendars = Calendars(Database(url))
    barrier.wait(PATIENCE)
    for _ in range(10):
        calendars.change(edit_key, Itinerary.rotated)


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
@sqlite_first
def test_devices_that_rotate_at_once_each_retire_a_key(
    calendars: Calendars, database_url: str
) -> None:
    edit_key = made(calendars)
    fork = multiprocessing.get_context("fork")
    barrier = fork.Barrier(3)

    devices = [fork.Process(target=turn, args=(database_url, edit_key, barrier)) for _ in range(3)]
    for device in devices:
        device.start()
    for device in devices:
        device.join(PATIENCE)

    generations = [EMPTY.model_copy(update={"generation": each}) for each in range(1, 33)]
    feeds = [keys(edit_key, each).feed for each in generations]
    found = [fate(calendars.of_feed, feed) for feed in feeds]
    assert [device.exitcode for device in devices] == [0] * 3
    assert found == [*["retired"] * 30, "found", "unknown"]
