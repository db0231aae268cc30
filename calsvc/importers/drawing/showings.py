"""When sessions are, on the clocks of their zone: a draft's times → ``when`` of an event file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import pytz

from calsvc import timezones
from calsvc.agenda.days import DAY_ENDS, evening_of
from calsvc.agenda.slots import Slot, known_zone, whole_days
from calsvc.errors import LocalTimeError
from calsvc.importers.drafts import DraftSession
from calsvc.importers.drawing import texts
from calsvc.importers.drawing.ends import Ends
from calsvc.importers.drawing.kinds import kind_of

LONGEST = timedelta(days=30)  # of a session at an event
LONGEST_DAYS = timedelta(days=366)  # of one that is all day: an exhibition
MOST_LATER = 8  # days of an end; ``+9`` can be said, and a night takes one


class Days(NamedTuple):
    """The first and the last day of an event, in its zone."""

    first: date
    last: date


@dataclass
class Showing:
    """One showing of a session, with its UTC instants as far as it has a time."""

    of: DraftSession
    zone: str
    start: datetime | None = None
    end: datetime | None = None
    days: tuple[date, date] | None = None
    """The first and the last day of what is all day; its instants are those of its midnights."""
    uid: str | None = None
    """The uid that calendars know it by, if it can go on and no other showing has it."""
    guessed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def local_start(self, zone: str) -> datetime:
        """Return the start on the clocks of a zone, naive."""
        assert self.start
        return self.start.astimezone(timezones.zone(zone)).replace(tzinfo=None)


def showings(
    sessions: Iterable[DraftSession], zone: str, *, is_any_length: bool = False
) -> list[Showing]:
    """Return a showing for each session of a draft; local times are those of ``zone``.

    A time that cannot be is left out; an end that is missing or before the start is guessed, and
    so is one that is far off, unless ``is_any_length``.
    """
    found = [_timed(session, zone, is_any_length=is_any_length) for session in sessions]
    ends = Ends([(each.start, each.of.room) for each in found if each.start and not each.days])
    for each in found:
        if each.start and not each.end:
            kind = kind_of(each.of.kind, each.of.title, has_people=bool(each.of.people))
            each.end, told = ends.guessed(each.start, each.of.room, kind)
            each.guessed.append(told)
        if each.start and each.end:
            _refuse_last_night(each, {each.zone, zone})
    _give_uids(found)
    return found


def _refuse_last_night(showing: Showing, zones: Iterable[str]) -> None:
    """Leave out a time that is in another year somewhere, of which no clocks are known."""
    for zone in zones:
        for instant in filter(None, (showing.start, showing.end)):
            try:
                timezones.refuse_unknown_year(instant.astimezone(timezones.zone(zone)))
            except LocalTimeError as error:
                showing.left_out.append(f"its time cannot be: {error.what}")
                showing.start = showing.end = showing.days = None
                return


def _give_uids(found: Iterable[Showing]) -> None:
    taken: set[str] = set()
    for each in found:
        uid = texts.uid(each.of.uid)
        if uid and uid not in taken and each.start:
            each.uid = uid
            taken.add(uid)
        elif each.of.uid and each.start:
            each.left_out.append("its uid, which no calendar could know it by")


def _timed(session: DraftSession, event_zone: str, *, is_any_length: bool) -> Showing:
    zone = known_zone(session.timezone) or event_zone
    showing = Showing(session, zone)
    if session.day:
        longest = timedelta.max if is_any_length else LONGEST_DAYS
        _all_day(showing, session.day, session.last_day or session.day, longest)
        return showing
    if session.start is None:
        if session.end:
            showing.left_out.append("it has an end and no start")
        return showing
    try:
        showing.start = _instant(session.start, zone, showing.guessed)
    except LocalTimeError as error:
        showing.left_out.append(f"its time cannot be: {error.what}")
        return showing
    if session.timezone and not known_zone(session.timezone) and not session.start.tzinfo:
        named = texts.line(session.timezone, 60)
        showing.guessed.append(f"the zone {named} is unknown: its times are taken for {zone}")
    if session.end:
        showing.end = _end(session.end, showing, timedelta.max if is_any_length else LONGEST)
    return showing


def _all_day(showing: Showing, first: date, last: date, longest: timedelta) -> None:
    """Give a showing the days that it is on; what would last too long is on the first alone."""
    try:
        timezones.refuse_unknown_year(datetime.combine(first, time()))
    except LocalTimeError as error:
        showing.left_out.append(f"its day cannot be: {error.what}")
        return
    if not timedelta(0) <= last - first < longest or last.year > timezones.LAST_YEAR:
        showing.guessed.append(f"the source has {last} for its last day, which is far off")
        last = first
    slot = Slot(timezone=showing.zone, **whole_days(first, last))
    showing.start, showing.end, showing.days = slot.start, slot.end, (first, last)


def _end(time: datetime, showing: Showing, longest: timedelta) -> datetime | None:
    """Return the end of a showing as a UTC instant; None where it cannot be, which is told."""
    assert showing.start
    try:
        end = _instant(time, showing.zone, showing.guessed)
    except LocalTimeError as error:
        showing.guessed.append(f"its end cannot be: {error.what}")
        return None
    if timedelta(0) < end - showing.start <= longest:
        return end
    wrong = "which is not after its start" if end <= showing.start else "which is far off"
    showing.guessed.append(f"the source has an end at {time:%Y-%m-%d %H:%M}, {wrong}")
    return None


def _instant(time: datetime, zone: str, guessed: list[str]) -> datetime:
    """Return the UTC instant of a time; of two that clocks show alike, the first one."""
    timezones.refuse_unknown_year(time)
    if time.tzinfo:
        return time.astimezone(pytz.utc).replace(second=0, microsecond=0)
    time = time.replace(second=0, microsecond=0)
    try:
        return timezones.instant(time, zone)
    except LocalTimeError:
        tz = timezones.zone(zone)
        instants = sorted({tz.localize(time, is_dst=each) for each in (True, False)})
        if tz.normalize(instants[0]).replace(tzinfo=None) != time:
            raise
        guessed.append(f"{time:%H:%M} happens twice on {time:%Y-%m-%d}: the first is taken")
        return instants[0].astimezone(pytz.utc)


def when(group: Sequence[Showing], days: Days, zone: str, *, with_rooms: bool) -> Any:
    """Return the ``when`` of a session: the short form where that says all; None without a time.

    ``days`` are those of the event, and ``zone`` is its zone.
    """
    found: dict[object, Any] = {}
    for showing in group:
        if showing.start and showing.end:
            room = texts.line(showing.of.room) if with_rooms else None
            place = showing.days or (showing.start, showing.end), room
            found.setdefault(place, _slot(showing, days, zone, room))
    slots = list(found.values())
    return slots if len(slots) > 1 else slots[0] if slots else None


def _slot(showing: Showing, days: Days, zone: str, room: str | None) -> Any:
    assert showing.start
    assert showing.end
    start = timezones.written(showing.start, showing.zone)
    end = timezones.written(showing.end, showing.zone)
    other = {
        "room": room,
        "timezone": showing.zone if showing.zone != zone else None,
        "uid": showing.uid,
    }
    fields = {name: value for name, value in other.items() if value}
    if showing.days:
        first, last = map(str, showing.days)
        if fields:
            return {"start": first, "end": last, **fields}
        return first if first == last else f"{first} - {last}"
    if start.tzinfo or end.tzinfo:
        first, last = (_with_offset(each, showing.zone) for each in (showing.start, showing.end))
        return {"start": first, "end": last, **fields}
    if (end.date() - start.date()).days > MOST_LATER:
        return {"start": f"{start:%Y-%m-%d %H:%M}", "end": f"{end:%Y-%m-%d %H:%M}", **fields}
    first, last = _clocks(start, end, days, is_short=not fields)
    return {"start": first, "end": last, **fields} if fields else f"{first}-{last}"


def _clocks(start: datetime, end: datetime, days: Days, *, is_short: bool) -> tuple[str, str]:
    """Return start and end as event files have them; the night after a day as ``24:30-25:15``.

    The days of an end count from the day that is written in the short form, else from that
    of the start: see ``agenda/when``.
    """
    later = (end.date() - start.date()).days
    evening = evening_of(start, DAY_ENDS)
    is_night = days.first <= evening < start.date()
    day = evening if is_night else start.date()
    if is_night and not later and end.time() <= DAY_ENDS:
        return f"{day} {_late(start)}", _late(end)
    first = f"{day} {start:%H:%M}" + ("+1" if is_night else "")
    if is_night and is_short:
        later += 1
    return first, f"{end:%H:%M}" + (f"+{later}" if later else "")


def _late(time: datetime) -> str:
    return f"{time.hour + 24}:{time:%M}"


def _with_offset(instant: datetime, zone: str) -> str:
    local = instant.astimezone(timezones.zone(zone))
    return f"{local:%Y-%m-%dT%H:%M}{timezones.offset_text(local.utcoffset())}"
