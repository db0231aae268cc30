"""One time and place of a session, and the ways in which an agenda may write it.

``when`` takes ``09:00-09:45``, ``2025-06-26 09:00-09:45``, ``23:00-01:30+1``, or a
mapping ``{start, end | duration, room, timezone, id}`` whose times may be ISO 8601 with
an explicit offset; or a list of any of these.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    TypeAdapter,
    ValidationInfo,
    WithJsonSchema,
    computed_field,
    model_validator,
)

from calsvc import timezones
from calsvc.agenda.fields import STORED, Id, Line, Value, ZoneName, one_or_many, shown, wrong
from calsvc.errors import LocalTimeError, UnknownZoneError

EXAMPLE = "write it as 09:00-09:45"
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
MOMENT = re.compile(
    rf"(?:(?P<day>{DAY})[T ]\s*)?(?P<clock>{CLOCK})"
    r"(?P<offset>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?(?P<later>\+\d)?"
)
RANGE = re.compile(rf"((?:{DAY}[T ]\s*)?{CLOCK})\s*[-–—]\s*((?:{DAY}[T ]\s*)?{CLOCK}(?:\+\d)?)")
WRITTEN = frozenset({"written_start", "written_end"})
"""A slot's own fields, which no event file has."""
SLOT_KEYS = ("start", "end", "duration", "room", "timezone", "id")
DURATION = re.compile(
    r"P?T?(?:(?P<hours>\d{1,3})(?:H|:(?=[0-5]\d$)))?(?:(?P<minutes>\d{1,5})M?)?", re.IGNORECASE
)
MAX_DURATION = timedelta(days=30)
SOME_DAY = date(2000, 1, 1)  # no clocks change on it

_INSTANT = TypeAdapter(AwareDatetime)


@dataclass(frozen=True)
class SlotDefaults:
    """The zone and the day for times that name none."""

    timezone: str | None = None
    day: date | None = None
    """The day of a one-day event."""

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "SlotDefaults":
        """Return the defaults that an event's own keys give.

        If those are wrong or missing, that is reported once, and not again for each
        session: the times are then read on an arbitrary day in UTC.
        """
        days = document.get("dates")
        days = days if isinstance(days, dict) else {"from": document.get("date")}
        first = _day(days.get("from"))
        last = _day(days.get("to", days.get("from")))
        several = first and last and first != last
        return cls(
            timezone=_known_zone(document.get("timezone")) or "UTC",
            day=None if several else first or last or SOME_DAY,
        )


def _day(value: object) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and timezones.FIRST_YEAR <= day.year <= timezones.LAST_YEAR else None


def _known_zone(name: object) -> str | None:
    try:
        return timezones.zone(name.strip()).zone if isinstance(name, str) else None
    except UnknownZoneError:
        return None


class Slot(Value):
    """One time and place of a session, kept as it was written.

    Clock times are the truth: when governments change the rules of a zone, 09:00 stays 09:00,
    and the instant moves.  A time with an explicit offset is an instant, and stays one.
    """

    written_start: datetime
    """Naive: on the clocks of ``timezone``; aware: an instant, with the offset it was given."""
    written_end: datetime
    timezone: ZoneName
    """Zone in which the slot is shown."""
    room: Line | None = None
    id: Id | None = None
    """Keeps a slot's identity when its session has several and they move."""

    @model_validator(mode="before")
    @classmethod
    def _from_instants(cls, fields: Any) -> Any:
        """Take instants too: versions were stored with nothing else once."""
        if not isinstance(fields, dict) or not {"start", "end"} & fields.keys():
            return fields
        found = {name: value for name, value in fields.items() if name not in {"start", "end"}}
        if "written_start" not in found:
            name = _known_zone(found.get("timezone")) or "UTC"
            for key in ("start", "end"):
                instant = _INSTANT.validate_python(fields.get(key))
                found[f"written_{key}"] = timezones.written(instant, name)
        return found

    @model_validator(mode="after")
    def _ends_after_start(self, info: ValidationInfo) -> "Slot":
        if info.context is STORED:
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

    def clock_times(self, name: str) -> tuple[datetime, datetime]:
        """Return start and end as the clocks of a zone show them, as naive local times."""
        tz = timezones.zone(name)
        start, end = (
            moment.astimezone(tz).replace(tzinfo=None) for moment in (self.start, self.end)
        )
        return start, end

    @property
    def local_start(self) -> datetime:
        """Return the start as local time in the slot's zone."""
        return self.start.astimezone(timezones.zone(self.timezone))

    @property
    def local_end(self) -> datetime:
        """Return the end as local time in the slot's zone."""
        return self.end.astimezone(timezones.zone(self.timezone))


class _Moment(NamedTuple):
    day: date | None
    clock: time
    offset: str | None
    days_later: int


def _read_slot(value: Any, info: ValidationInfo) -> Any:
    defaults = info.context if isinstance(info.context, SlotDefaults) else SlotDefaults()
    if isinstance(value, Slot) or info.context is STORED:
        return value
    if isinstance(value, dict) and "written_start" in value and info.context is None:
        return value  # a slot's own fields
    if isinstance(value, dict):
        return _slot_from(value, defaults)
    if not isinstance(value, str):
        raise wrong(f"is {shown(value)}", EXAMPLE)
    if written := RANGE.fullmatch(value.strip()):
        return _slot_from({"start": written[1], "end": written[2]}, defaults)
    if MOMENT.fullmatch(value.strip()):
        example = _an_hour_from(_read_moment(value))
        raise wrong(f"{value!r} has no end", f"write it too, such as {example}")
    has_am_or_pm = re.search(r"\d\s*[ap]\.?m\b", value, re.IGNORECASE)
    advice = "use the 24-hour clock, such as 13:20-13:50" if has_am_or_pm else EXAMPLE
    raise wrong(f"{shown(value)} is not a time", advice)


def _an_hour_from(moment: "_Moment") -> str:
    hours, minutes = moment.clock.hour, moment.clock.minute
    day = f"{moment.day} " if moment.day else ""
    return f"{day}{hours:02}:{minutes:02}-{hours + 1:02}:{minutes:02}"


def _slot_from(given: dict[str, Any], defaults: SlotDefaults) -> dict[str, Any]:
    fields = dict(given)
    for key in fields.keys() & WRITTEN:
        raise wrong(f"unknown key {key!r}", f"the keys here are {', '.join(SLOT_KEYS)}")
    duration = fields.pop("duration", None)
    if "start" not in fields:
        raise wrong("has no start", "give start, and end or duration")
    if "end" in fields and duration is not None:
        raise wrong("has an end and a duration", "give one of them")
    if "end" not in fields and duration is None:
        raise wrong("has no end", "give end or duration")
    # A wrong zone name is reported at its own place.
    timezone = _known_zone(fields.setdefault("timezone", defaults.timezone)) or "UTC"
    start = _written(fields.pop("start"), timezone, defaults.day)
    instant = timezones.resolved(start, timezone)
    if duration is not None:
        length = _read_duration(duration)
        end = start + length if start.tzinfo else timezones.written(instant + length, timezone)
    else:
        local_day = instant.astimezone(timezones.zone(timezone)).date()
        end = _written(fields.pop("end"), timezone, local_day)
    return {**fields, "written_start": start, "written_end": end}


def _written(value: Any, timezone: str, day: date | None) -> datetime:
    """Return a time as it is kept, once it is sure what it means today."""
    if isinstance(value, datetime) and value.tzinfo:
        return timezones.written(value, timezone)
    moment = _read_moment(value)
    day = moment.day or day
    if day is None:
        advice = "put one in front, such as 2025-06-26 09:00-09:45"
        raise wrong(f"{value!r} has no date", advice)
    local = datetime.combine(day, moment.clock)
    try:
        timezones.refuse_unknown_year(local)
        local += timedelta(days=moment.days_later)
        if moment.offset:
            return datetime.fromisoformat(f"{local.isoformat()}{moment.offset}")
        timezones.instant(local, timezone)
        return local
    except (LocalTimeError, UnknownZoneError) as error:
        raise wrong(error.what, error.advice) from error


def _read_moment(value: Any) -> _Moment:
    written = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not written:
        raise wrong(
            f"{shown(value)} is not a time",
            "write 09:00, 2025-06-26 09:00 or 2025-06-26T09:00-07:00",
        )
    clock, days_later = written["clock"], int(written["later"] or 0)
    if clock in {"24:00", "24:00:00"}:  # midnight at the end of a day, once part of ISO 8601
        clock, days_later = "00:00", days_later + 1
    try:
        return _Moment(
            date.fromisoformat(written["day"]) if written["day"] else None,
            time.fromisoformat(f"0{clock}" if clock[1] == ":" else clock),
            written["offset"],
            days_later,
        )
    except ValueError:
        raise wrong(
            f"there is no time {value!r}", "check the hour, the minute and the day"
        ) from None


def _read_duration(value: Any) -> timedelta:
    """Return the duration written as a number of minutes, ``1:30`` or ``PT1H30M``."""
    written = DURATION.fullmatch(str(value).strip())
    hours, minutes = map(int, written.groups("0")) if written else (0, 0)
    length = timedelta(hours=hours, minutes=minutes)
    if not timedelta(0) < length <= MAX_DURATION:
        raise wrong(f"{shown(value)} cannot be a duration", "write minutes, such as 45, or PT1H30M")
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
                "room": {"type": ["string", "number"]},
                "timezone": {"type": "string"},
                "id": {"type": "string"},
            },
            "required": ["start"],
            "additionalProperties": False,
        },
    ]
}


def _known_apart(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    ids = [slot.id for slot in slots if slot.id]
    if len(set(ids)) < len(ids):
        raise wrong("two of its slots have one id", "give each an id of its own")
    return slots


Slots = Annotated[
    tuple[Annotated[Slot, BeforeValidator(_read_slot)], ...],
    one_or_many(Slot),
    AfterValidator(_known_apart),
    WithJsonSchema(
        {
            "anyOf": [*_ONE["anyOf"], {"type": "array", "items": _ONE}],
            "examples": ["09:00-09:45", "2025-06-26 09:00-09:45", "23:00-01:30+1"],
        },
        mode="validation",
    ),
]
