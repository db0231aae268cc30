"""One time and place of a session, kept as it was written."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    TypeAdapter,
    ValidationInfo,
    computed_field,
    model_validator,
)
from pytz.tzinfo import BaseTzInfo

from calsvc import timezones
from calsvc.agenda.fields import STORED, Id, Line, Value, ZoneName, wrong
from calsvc.agenda.quoting import shown
from calsvc.errors import UnknownZoneError

UID_LENGTH = 255  # characters
UID_PATTERN = r"[A-Za-z0-9!#$%()*+./:=?@\[\]^_{|}~-]+"
"""What no reader of calendars, addresses or pages takes for anything else: so RFC 5545 escapes
none of it."""
_INSTANT = TypeAdapter(AwareDatetime)
_DAY = timedelta(days=1)


def _checked_uid(text: str) -> str:
    if not re.fullmatch(UID_PATTERN, text):
        raise wrong(
            f"{shown(text)} cannot be a uid that all calendar programs read alike",
            "take it out, or use letters, digits, and signs such as - . : / @ alone",
        )
    return text


Uid = Annotated[
    str,
    Field(max_length=UID_LENGTH),
    BeforeValidator(lambda value: str(value) if type(value) is int else value),
    AfterValidator(_checked_uid),
]
"""What calendars know an entry by, in visible ASCII."""


def known_zone(name: object) -> str | None:
    """Return the tz database's spelling of a zone name; None for what is none."""
    try:
        return timezones.zone(name.strip()).zone if isinstance(name, str) else None
    except UnknownZoneError:
        return None


def whole_days(first: date, last: date) -> dict[str, Any]:
    """Return the fields of a slot that is all day, from its first day to its last."""
    start, end = (datetime.combine(day, time()) for day in (first, last + _DAY))
    return {"written_start": start, "written_end": end, "is_all_day": True}


class Slot(Value):
    """One time and place of a session, kept as it was written.

    Clock times are the truth: when governments change the rules of a zone, 09:00 stays 09:00,
    and the instant moves.  A time with an explicit offset is an instant, and stays one.
    What is all day is of its days, in whatever zone somebody reads of it; where an instant is
    needed, it lasts from the midnight before the first to that after the last.
    """

    written_start: datetime
    """Naive: on the clocks of ``timezone``; aware: an instant, with the offset it was given."""
    written_end: datetime
    timezone: ZoneName
    """Zone in which the slot is shown."""
    room: Line | None = None
    id: Id | None = None
    """Keeps a slot's identity when its session has several and they move."""
    uid: Uid | None = None
    """What other calendars know the slot by, from before calsvc; once it is published, its entry
    keeps the uid that it was published with."""
    is_all_day: bool = False
    """Whether it is of whole days, without a time: both that are written are midnights."""

    @model_validator(mode="before")
    @classmethod
    def _from_instants(cls, fields: Any) -> Any:
        """Take instants too: versions were stored with nothing else once."""
        if not isinstance(fields, dict) or not {"start", "end"} & fields.keys():
            return fields
        found = {name: value for name, value in fields.items() if name not in {"start", "end"}}
        if "written_start" not in found:
            name = known_zone(found.get("timezone")) or "UTC"
            for key in ("start", "end"):
                instant = _INSTANT.validate_python(fields.get(key))
                found[f"written_{key}"] = timezones.written(instant, name)
        return found

    @model_validator(mode="after")
    def _ends_after_start(self, info: ValidationInfo) -> "Slot":
        if info.context is STORED or self.is_all_day:
            return self  # a change of the zone's rules is no fault of the agenda
        if self.end == self.start:
            raise wrong(f"ends when it starts ({self.local_start:%H:%M})", "correct its end")
        if self.end < self.start:
            one_day = self.local_start.date() == self.local_end.date()
            form = "%H:%M" if one_day else "%Y-%m-%d %H:%M"
            raise wrong(
                f"ends {self.local_end:{form}}, before it starts ({self.local_start:{form}})",
                "swap them, or write +1 behind an end on the next day",
            )
        return self

    # Stored beside what was written, for copies of calsvc that know nothing else.
    @computed_field  # type: ignore[prop-decorator]
    @property
    def start(self) -> datetime:
        """UTC instant."""
        return timezones.resolved(self.written_start, self.timezone)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def end(self) -> datetime:
        """UTC instant, after ``start``."""
        return timezones.resolved(self.written_end, self.timezone)

    @property
    def days(self) -> tuple[date, date] | None:
        """Return the first and the last of its days if it is all day, else None."""
        if not self.is_all_day:
            return None
        return self.written_start.date(), self.written_end.date() - _DAY

    def local_times(self, zone: BaseTzInfo) -> tuple[datetime, datetime]:
        """Return start and end as aware local times of a zone; its own midnights if all day."""
        name, start, end = str(zone), self.start, self.end
        if self.is_all_day:
            start = timezones.resolved(self.written_start, name)
            end = timezones.resolved(self.written_end, name)
        return timezones.local(start, name), timezones.local(end, name)

    def clock_times(self, name: str) -> tuple[datetime, datetime]:
        """Return start and end as the clocks of a zone show them, as naive local times."""
        start, end = (timezones.local(moment, name) for moment in (self.start, self.end))
        return start.replace(tzinfo=None), end.replace(tzinfo=None)

    @property
    def local_start(self) -> datetime:
        """Return the start as local time in the slot's zone."""
        return timezones.local(self.start, self.timezone)

    @property
    def local_end(self) -> datetime:
        """Return the end as local time in the slot's zone."""
        return timezones.local(self.end, self.timezone)
