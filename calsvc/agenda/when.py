"""The ways in which an agenda may write when and where a session is.

``when`` takes ``09:00-09:45``, ``2025-06-26 09:00-09:45``, ``23:00-01:30+1``, or a
mapping ``{start, end | duration, room, timezone, id, uid}`` whose times may be ISO 8601
with an explicit offset; and a list of these.  The night after a day is ``24:30-28:00`` or
``00:30+1-04:00+1``.  What is all day has days in the place of times: ``2025-06-26`` or
``2025-06-26 - 2025-06-28``, of which the last day is one, too.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import (
    AfterValidator,
    BeforeValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from calsvc import timezones
from calsvc.agenda.fields import STORED, one_or_many, wrong
from calsvc.agenda.quoting import shown
from calsvc.agenda.slots import UID_LENGTH, UID_PATTERN, Slot, known_zone, whole_days
from calsvc.errors import LocalTimeError, UnknownZoneError

EXAMPLE = "write it as 09:00-09:45"
HINTS = {
    r"\d\s*[ap]\.?m\b": "use the 24-hour clock, such as 13:20-13:50",
    r"\ball[ -]day\b": "write its day alone, such as 2025-06-26",
}
"""What to do instead, by words that are written for a time."""
DAY = r"\d{4}-\d\d-\d\d"
CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
MOMENT = re.compile(
    rf"(?:(?P<day>{DAY})[T ]\s*)?(?P<clock>{CLOCK})"
    r"(?P<offset>Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?(?P<later>\+\d)?"
)
POINT = rf"(?:(?:{DAY}[T ]\s*)?{CLOCK}(?:\+\d)?|{DAY})"
"""A time in a short form; or a day, where it is all day."""
RANGE = re.compile(rf"({POINT})\s*[-–—]\s*({POINT})")
LATEST_HOUR = 30  # of the night after a day: 06:00
SLOT_KEYS = ("start", "end", "duration", "room", "timezone", "id", "uid")
DURATION = re.compile(
    r"P?T?(?:(?P<hours>\d{1,3})(?:H|:(?=[0-5]\d$)))?(?:(?P<minutes>\d{1,5})M?)?", re.IGNORECASE
)
MAX_DURATION = timedelta(days=30)
SOME_DAY = date(2000, 1, 1)  # no clocks change on it


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
            timezone=known_zone(document.get("timezone")) or "UTC",
            day=None if several else first or last or SOME_DAY,
        )


def _day(value: object) -> date | None:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and timezones.FIRST_YEAR <= day.year <= timezones.LAST_YEAR else None


class _Moment(NamedTuple):
    day: date | None
    clock: time
    offset: str | None
    days_later: int
    is_late: bool
    """Whether its hour is one after 24:00, which counts from the day that is written."""


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
        return _slot_from({"start": written[1], "end": written[2]}, defaults, is_short=True)
    if _is_day(value):
        return _slot_from({"start": value}, defaults)
    if MOMENT.fullmatch(value.strip()):
        example = _an_hour_from(_read_moment(value))
        raise wrong(f"{value!r} has no end", f"write it too, such as {example}")
    hints = (hint for words, hint in HINTS.items() if re.search(words, value, re.IGNORECASE))
    raise wrong(f"{shown(value)} is not a time", next(hints, EXAMPLE))


def _an_hour_from(moment: "_Moment") -> str:
    hours, minutes = moment.clock.hour + 24 * moment.days_later, moment.clock.minute
    day = f"{moment.day} " if moment.day else ""
    return f"{day}{hours:02}:{minutes:02}-{hours + 1:02}:{minutes:02}"


def is_of_the_night_after(written: Any) -> bool:
    """Tell whether a slot's start is written as one of the night after a day: ``24:30``."""
    start = written.get("start") if isinstance(written, dict) else written
    if isinstance(start, str) and (both := RANGE.fullmatch(start.strip())):
        start = both[1]
    return isinstance(start, str) and _read_moment(start).days_later > 0


def _slot_from(
    given: dict[str, Any], defaults: SlotDefaults, *, is_short: bool = False
) -> dict[str, Any]:
    fields = dict(given)
    if unknown := [key for key in given if key not in SLOT_KEYS]:
        raise PydanticCustomError("unknown_keys", "unknown keys", {"keys": unknown})
    duration = fields.pop("duration", None)
    if "start" not in fields:
        raise wrong("has no start", "give start, and end or duration")
    if _is_day(fields["start"]) or _is_day(fields.get("end")):
        return _all_day(fields, duration, defaults)
    if "end" in fields and duration is not None:
        raise wrong("has an end and a duration", "give one of them")
    if "end" not in fields and duration is None:
        raise wrong("has no end", "give end or duration")
    # A wrong zone name is reported at its own place.
    timezone = known_zone(fields.setdefault("timezone", defaults.timezone)) or "UTC"
    start = _written(fields.pop("start"), timezone, defaults.day)
    instant = timezones.resolved(start, timezone)
    if duration is not None:
        length = _read_duration(duration)
        end = start + length if start.tzinfo else timezones.written(instant + length, timezone)
    else:
        local_day = instant.astimezone(timezones.zone(timezone)).date()
        local_day -= _days_counted_back(given["start"], given["end"], is_short)
        end = _written(fields.pop("end"), timezone, local_day)
    return {**fields, "written_start": start, "written_end": end}


def _is_day(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(DAY, value.strip()) is not None


def _all_day(fields: dict[str, Any], duration: Any, defaults: SlotDefaults) -> dict[str, Any]:
    """Return the fields of a slot whose start or end is a day without a time."""
    start, end = fields.pop("start"), fields.pop("end", None)
    if duration is not None:
        raise wrong(f"{start!r} is all day, and has a duration", "give end, its last day")
    end = start if end is None else end
    if not (_is_day(start) and _is_day(end)):
        timed, bare = (end, start) if _is_day(start) else (start, end)
        raise wrong(
            f"{bare!r} has no time, and {timed!r} has one",
            "write a time in both; or just days if it is all day: 2025-06-26 - 2025-06-28",
        )
    first, last = _whole_day(start), _whole_day(end)
    if last < first:
        raise wrong(f"ends {last}, before it starts ({first})", "swap them")
    return {"timezone": defaults.timezone, **fields, **whole_days(first, last)}


def _whole_day(text: str) -> date:
    try:
        day = date.fromisoformat(text.strip())
        timezones.refuse_unknown_year(datetime.combine(day, time()))
    except ValueError:
        raise wrong(f"there is no day {text!r}", "check the month and the day") from None
    except LocalTimeError as error:
        raise wrong(error.what, error.advice) from error
    return day


def _days_counted_back(start: Any, end: Any, is_short: bool) -> timedelta:
    """Return how long before the date of its start an end counts its days.

    Hours after 24:00 count from the day that is written, and so does ``+1`` behind both
    times of a short form: ``00:30+1-04:00+1``.  All else counts from the start's date.
    """
    if not (isinstance(start, str) and isinstance(end, str)):
        return timedelta(0)
    first, last = _read_moment(start), _read_moment(end)
    is_in_the_night = first.is_late or "+" in start
    if last.is_late or (is_short and is_in_the_night and last.days_later):
        return timedelta(days=first.days_later)
    return timedelta(0)


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
    hour, _, rest = clock.partition(":")
    is_late = int(hour) >= 24 and clock not in {"24:00", "24:00:00"}  # these as in ISO 8601
    if 24 <= int(hour) <= LATEST_HOUR:
        clock, days_later = f"{int(hour) - 24:02}:{rest}", days_later + 1
    try:
        return _Moment(
            date.fromisoformat(written["day"]) if written["day"] else None,
            time.fromisoformat(f"0{clock}" if clock[1] == ":" else clock),
            written["offset"],
            days_later,
            is_late,
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
        {"type": "string", "pattern": f"^(?:{RANGE.pattern}|{DAY})$"},
        {
            "type": "object",
            "properties": {
                "start": {"type": "string"},
                "end": {"type": "string"},
                "duration": {"type": ["integer", "string"]},
                "room": {"type": ["string", "number"]},
                "timezone": {"type": "string"},
                "id": {"type": "string"},
                "uid": {
                    "type": "string",
                    "pattern": f"^{UID_PATTERN}$",
                    "maxLength": UID_LENGTH,
                    "description": "What calendars know the slot by, from before calsvc.",
                },
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
            "examples": [
                *("09:00-09:45", "2025-06-26 09:00-09:45", "23:00-01:30+1"),
                *("2025-06-26", "2025-06-26 - 2025-06-28"),
            ],
        },
        mode="validation",
    ),
]
