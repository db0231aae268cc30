"""The days of an event: a day ends in the morning, so a night belongs to its evening."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from calsvc.agenda.fields import Date, Value, wrong
from calsvc.agenda.quoting import shown

DAY_ENDS = time(6)
"""When a day ends where the event says nothing else (pretalx/pretalx#1087)."""
LATEST_END = time(12)
CLOCK = r"(0?\d|1[0-2]):[0-5]\d(:00)?"


class Dates(Value):
    """The first and the last day of an event."""

    first: Annotated[Date, Field(alias="from")]
    last: Annotated[Date, Field(alias="to")]

    @model_validator(mode="after")
    def _ordered(self) -> "Dates":
        if self.last < self.first:
            raise wrong(f"ends {self.last}, before it starts ({self.first})", "swap from and to")
        return self


def evening_of(local: datetime, day_ends: time) -> date:
    """Return the day to which a local time belongs: before ``day_ends``, the day before."""
    return (local - timedelta(hours=day_ends.hour, minutes=day_ends.minute)).date()


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from ``first`` to ``last``, both included; ``first`` in any case."""
    for number in range(max((last - first).days, 0) + 1):
        yield first + timedelta(days=number)


def _checked_end(value: Any) -> Any:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(CLOCK, value.strip()):
        end = time.fromisoformat(value.strip().rjust(5, "0"))
        if end <= LATEST_END:
            return end
    raise wrong(
        f"{shown(value)} cannot be when a day ends",
        "write a time from 00:00 to 12:00, such as 06:00",
    )


DayEnd = Annotated[
    time,
    BeforeValidator(_checked_end),
    WithJsonSchema(
        {"type": "string", "pattern": f"^{CLOCK}$", "examples": ["06:00"]}, mode="validation"
    ),
]
"""A time of day from 00:00 to 12:00, in whole minutes."""
