"""Nights after the last day, as they are stored: copies from before nights read them too."""

import json
from datetime import date, datetime

import pytest
import pytz
import sqlalchemy as sa
from conftest import NOW, event_of, schedule_of
from drafts import give

from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.schedules import Storage
from calsvc.storage.versions import versions

ONE_DAY = "name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n"
TWO_DAYS = ONE_DAY.replace("date: 2027-06-15", "dates: {from: 2027-06-14, to: 2027-06-15}")
NIGHT = "  - {id: night, title: Night, when: 2027-06-16 00:30-02:00}\n"
EVENING = "  - {id: night, title: Night, when: 2027-06-15 22:00-02:00+1}\n"


def stored(storage: Storage) -> dict[str, object]:
    """Return the event of the only version, as it is stored."""
    with storage.database.transaction() as connection:
        text = connection.execute(sa.select(versions.c.schedule)).scalar_one()
    event: dict[str, object] = json.loads(text)["event"]
    return event


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (ONE_DAY + NIGHT, {"dates": {"from": "2027-06-15", "to": "2027-06-16"}}),
        (TWO_DAYS + NIGHT, {"dates": {"from": "2027-06-14", "to": "2027-06-16"}}),
        (ONE_DAY + EVENING, {"date": "2027-06-15"}),
        (TWO_DAYS + EVENING, {"dates": {"from": "2027-06-14", "to": "2027-06-15"}}),
    ],
)
def test_days_of_a_stored_event_have_all_its_sessions(
    storage: Storage, text: str, days: dict[str, object]
) -> None:
    schedule = schedule_of(text)

    storage.append("conf", give(Draft(schedule, "")))

    event, newest = stored(storage), storage.newest("conf")
    assert {key: event[key] for key in ("date", "dates") if key in event} == days
    assert newest
    assert newest[1] == schedule
    assert (newest[1].event.last_day, newest[1].event.date) == (
        date(2027, 6, 15),
        schedule.event.date,
    )
    [session] = event["sessions"]  # type: ignore[misc]
    [slot] = session["when"]
    start = datetime.fromisoformat(slot["start"]).astimezone(pytz.timezone("Europe/Berlin"))
    first, last = (
        list(event["dates"].values())  # type: ignore[attr-defined]
        if "dates" in event
        else (event["date"], event["date"])
    )
    assert first <= start.date().isoformat() <= last  # the rule of before
    assert publish(event_of(text), newest[1], NOW) is newest[1]
