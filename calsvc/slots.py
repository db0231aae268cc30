"""One time and place of a session, and the ways in which an agenda may write it.

``when`` takes ``09:00-09:45``, ``2025-06-26 09:00-09:45``, ``23:00-01:30+1``, or a
mapping ``{start, end | duration, room, timezone, id}`` whose times may be ISO 8601 with
an explicit offset; and a list of these.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

import pytz
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)

from calsvc import timezones
from calsvc.errors import LocalTimeError, UnknownZoneError
from calsvc.values import Id, Line, Listed, Value, ZoneName, wrong

EXAMPLE = "write it as 09:00-09:45"
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
MOMENT = re.compile(
    rf"(?:(?P<day>{DAY})[T ]\s*)?(?P<clock>{CLOCK})"
    r"(?P<offset>Z|[+-]\d\d:?\d\d)?(?P<later>\+\d)?"
)
RANGE = re.compile(rf"((?:{DAY}[T ]\s*)?{CLOCK})\s*[-–—]\s*((?:{DAY}[T ]\s*)?{CLOCK}(?:\+\d)?)")
SLOT_KEYS = ("start", "end", "duration", "room", "timezone", "id")
DURATION = re.compile(r"P?T?(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?", re.IGNORECASE)


@dataclass(frozen=True)
class Frame:
    """What the times of an agenda are read against."""

    timezone: str | None = None
    day: date | None = None
    """The day of an event of one day."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Frame":
        """Return the frame that an event's own keys give, as far as they are right."""
        name, day, days = (document.get(key) for key in ("timezone", "date", "dates"))
        if isinstance(days, dict) and days.get("from") == days.get("to"):
            day = days.get("from")
        try:
            timezone = timezones.zone(name).zone if isinstance(name, str) else None
        except UnknownZoneError:
            timezone = None
        try:
            return cls(timezone, date.fromisoformat(day) if isinstance(day, str) else None)
        except ValueError:
            return cls(timezone)


class Slot(Value):
    """One time and place of a session."""

    start: Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(pytz.utc))]
    """UTC instant."""
    end: Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(pytz.utc))]
    """UTC instant, after ``start``."""
    timezone: ZoneName
    """Zone in which the slot is shown."""
    room: Line | None = None
    id: Id | None = None
    """Keeps a slot's identity when its session has several and they move."""

    @model_validator(mode="after")
    def _ends_after_start(self) -> "Slot":
        if self.end <= self.start:
            order = "before it starts" if self.end < self.start else "when it starts"
            raise wrong(
                f"ends {self.local_end:%H:%M}, {order} ({self.local_start:%H:%M})",
                "swap them, or write +1 behind an end on the next day",
            )
        return self

    @property
    def local_start(self) -> datetime:
        """Return the start on the clocks of the slot's zone."""
        return self.start.astimezone(timezones.zone(self.timezone))

    @property
    def local_end(self) -> datetime:
        """Return the end on the clocks of the slot's zone."""
        return self.end.astimezone(timezones.zone(self.timezone))


class _Moment(NamedTuple):
    day: date | None
    clock: time
    offset: str | None
    days_later: int


def _read_slot(value: Any, info: ValidationInfo) -> Any:
    frame = info.context if isinstance(info.context, Frame) else Frame()
    if isinstance(value, Slot):
        return value
    if isinstance(value, str):
        written = RANGE.fullmatch(value.strip())
        if not written:
            raise wrong(f"{value!r} is not a time", _range_advice(value))
        return _slot_from({"start": written[1], "end": written[2]}, frame)
    if isinstance(value, dict):
        return _slot_from(value, frame)
    raise wrong(f"{value!r} is not a time", EXAMPLE)


def _range_advice(value: str) -> str:
    if re.search(r"\d\s*[ap]\.?m\b", value, re.IGNORECASE):
        return "use the 24-hour clock, such as 13:20-13:50"
    if re.fullmatch(rf"(?:{DAY}[T ])?{CLOCK}", value.strip()):
        return f"give its end too: {value.strip()}-{_an_hour_after(value)}"
    return EXAMPLE


def _an_hour_after(value: str) -> str:
    hour, minute = value.strip().split(" ")[-1].split("T")[-1].split(":")[:2]
    return f"{(int(hour) + 1) % 24:02}:{minute}"


def _slot_from(written: dict[str, Any], frame: Frame) -> dict[str, Any]:
    fields = dict(written)
    timezone = fields.setdefault("timezone", frame.timezone)
    duration = fields.pop("duration", None)
    if "start" not in fields:
        raise wrong("has no start", "give start, and end or duration")
    if ("end" in fields) == (duration is not None):
        raise wrong(
            "has an end and a duration" if duration is not None else "has no end",
            "give one of end and duration",
        )
    if not isinstance(timezone, str):
        # Its own key, or the event's, is wrong or missing, and is told of there.
        timezone = fields["timezone"] = "UTC"
    start = _instant(fields["start"], timezone, frame.day)
    fields["start"] = start
    if duration is not None:
        fields["end"] = start + _read_duration(duration)
    else:
        local_day = start.astimezone(timezones.zone(timezone)).date()
        fields["end"] = _instant(fields["end"], timezone, local_day)
    return fields


def _instant(value: Any, timezone: str, day: date | None) -> datetime:
    if isinstance(value, datetime) and value.tzinfo:
        return value
    moment = _read_moment(value)
    day = moment.day or day
    if day is None:
        raise wrong(
            f"{value!r} has no date",
            "put one in front (2025-06-26 09:00-09:45), or give an event of one day its date",
        )
    local = datetime.combine(day, moment.clock) + timedelta(days=moment.days_later)
    try:
        if moment.offset:
            timezones.refuse_unknown_year(local)
            return datetime.fromisoformat(f"{local.isoformat()}{moment.offset}")
        return timezones.instant(local, timezone)
    except (LocalTimeError, UnknownZoneError) as error:
        raise wrong(error.what, error.advice) from error


def _read_moment(value: Any) -> _Moment:
    written = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not written:
        raise wrong(
            f"{value!r} is not a time", "write 09:00, 2025-06-26 09:00 or 2025-06-26T09:00-07:00"
        )
    clock, days_later = written["clock"], int(written["later"] or 0)
    if clock in {"24:00", "24:00:00"}:  # midnight at the end of a day, as ISO 8601 had it
        clock, days_later = "00:00", days_later + 1
    try:
        return _Moment(
            date.fromisoformat(written["day"]) if written["day"] else None,
            time.fromisoformat(clock.zfill(5)),
            written["offset"],
            days_later,
        )
    except ValueError:
        raise wrong(
            f"there is no time {value!r}", "check the hour, the minute and the day"
        ) from None


def _read_duration(value: Any) -> timedelta:
    """Return a duration from minutes, ``1:30`` or ``PT1H30M``."""
    text = str(value).strip()
    if text.isdigit():
        length = timedelta(minutes=int(text))
    elif re.fullmatch(CLOCK, text):
        hours, minutes = map(int, text.split(":")[:2])
        length = timedelta(hours=hours, minutes=minutes)
    else:
        written = DURATION.fullmatch(text)
        length = timedelta(
            hours=int((written and written["hours"]) or 0),
            minutes=int((written and written["minutes"]) or 0),
        )
    if not timedelta(0) < length <= timedelta(days=30):
        raise wrong(f"duration {value!r} cannot be used", "write minutes, such as 45, or PT1H30M")
    return length


_ONE = {
    "anyOf": [
        {"type": "string", "pattern": f"^{RANGE.pattern}$"},
        {
            "type": "object",
            "properties": {
                "start": {"type": "string"},
                "end": {"type": "string"},
                "duration": {"type": ["integer", "string"]},
                "room": {"type": "string"},
                "timezone": {"type": "string"},
                "id": {"type": "string"},
            },
            "required": ["start"],
            "additionalProperties": False,
        },
    ]
}
Slots = Annotated[
    tuple[Annotated[Slot, BeforeValidator(_read_slot)], ...],
    Listed,
    WithJsonSchema(
        {
            "anyOf": [*_ONE["anyOf"], {"type": "array", "items": _ONE}],
            "examples": ["09:00-09:45", "2025-06-26 09:00-09:45", "23:00-01:30+1"],
        },
        mode="validation",
    ),
]
