"""The entries of a calendar that repeat → one for each time at which they are on."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time

from calsvc import timezones
from calsvc.importers.drafts import Draft, DraftSession
from calsvc.importers.ics.components import Component
from calsvc.importers.ics.moments import Length, moment
from calsvc.importers.ics.occasions import Occasion, later
from calsvc.importers.ics.recurrence import MOST, has_an_end, starts

MOST_RULES = 500  # that are followed, of all entries together
MOST_EXRULES = 10  # of one entry
YEARS_KEPT = 2  # of what repeats without an end, one of them ahead
MOST_KEPT = 10_000  # showings of all entries together, where each is to be kept


def repeated(found: list[Occasion], draft: Draft, until: date | None = None) -> list[Occasion]:
    """Return the entries, with one for each time at which those that repeat are on.

    What has no end of its own ends with the event, or on the day ``until`` if that is given; but
    for its first time, it is here from two years before that day on.
    """
    changed: dict[str, list[Component]] = defaultdict(list)
    for each in found:
        if each.component.all("RECURRENCE-ID"):
            changed[each.uid].append(each.component)
    ends = [_last_day(each) for each in found if not each.repeats]
    last = until or max(filter(None, [*ends, draft.last_day]), default=None)
    shown: list[Occasion] = []
    left, rules = MOST_KEPT if until else MOST, MOST_RULES
    for each in found:
        if not each.repeats or each.component.all("RECURRENCE-ID"):
            shown.append(each)
            continue
        rules -= 1
        times = _times(each, last, until, changed[each.uid]) if rules >= 0 else None
        near = _near(each, times, until) if times and until and len(times) > left else None
        times = times if near is None else near
        if times is None or len(times) > left:
            each.session.guessed.append("it repeats, and only its first time is here")
            shown.append(each)
            continue
        if near is not None and until:
            told = f"it repeats often: it is here at first and from {_since(until).date()} until"
            each.session.guessed.append(f"{told} {until}")
        left -= len(times)
        known = [time for time in times if _is_known(time)]
        shown += _showings(each, known) if known or not times else [_untimed(each)]
    if until is None:
        return [replace(each, original=None) for each in shown]
    return [*_named(shown, found)]


def _named(shown: list[Occasion], found: list[Occasion]) -> Iterator[Occasion]:
    """Yield what is shown of entries, each but the first of a series with its original start."""
    series: dict[str, Occasion] = {}
    for each in found:
        if each.repeats and _first(each) and not each.component.all("RECURRENCE-ID"):
            series.setdefault(each.uid, each)
    for each in shown:
        whole = series.get(each.uid, each)
        original, first = each.original, _first(whole)
        if first and each.component.all("RECURRENCE-ID"):
            original = next(_listed(whole, each.component, "RECURRENCE-ID", first), None)
        is_first = original == first and whole is not each  # else it stands there without a whole
        yield replace(each, original=None if is_first else original)


def _last_day(each: Occasion) -> date | None:
    return each.session.start.date() if each.session.start else each.last_day


def _is_known(time: datetime) -> bool:
    return timezones.FIRST_YEAR <= time.year <= timezones.LAST_YEAR


def _untimed(each: Occasion) -> Occasion:
    """Return what repeats, but in no year that calsvc knows."""
    years = f"{timezones.FIRST_YEAR} to {timezones.LAST_YEAR}"
    each.session.guessed.append(f"it repeats, and none of its times is in the years {years}")
    session = replace(each.session, start=None, end=None)
    return replace(each, session=session, day=None, last_day=None)


def _times(
    each: Occasion, last: date | None, until: date | None, changed: list[Component]
) -> list[datetime] | None:
    """Return the local times at which an entry begins; None if they cannot be told.

    ``last`` and ``until`` are as ``_by_rules`` has them; ``changed`` are the showings that stand
    as entries of their own.
    """
    first = _first(each)
    if first is None:
        return None
    found = _by_rules(each, first, last, until)
    if found is None:
        return None
    found |= set(_listed(each, each.component, "RDATE", first))
    gone = set(_listed(each, each.component, "EXDATE", first))
    for other in changed:
        gone |= set(_listed(each, other, "RECURRENCE-ID", first))
    gone |= _left_out(each, first, max(found, default=first))
    return sorted(found - gone)


def _left_out(each: Occasion, first: datetime, last: datetime) -> set[datetime]:
    """Return the local times that rules take out (RFC 2445, 4.8.5.2; RFC 5545 has none)."""
    found: set[datetime] = set()
    for rule in each.component.all("EXRULE")[:MOST_EXRULES]:
        listed = starts(rule.value, first, last, each.clock, MOST_KEPT)
        if listed is None:
            told = f"what its EXRULE leaves out cannot be read, and is here: {rule.value[:40]!r}"
            each.session.guessed.append(told)
        else:
            found.update(listed.times)
    return found


def _near(each: Occasion, times: list[datetime], until: date) -> list[datetime]:
    """Return the times of what repeats too often, as if its rule had no end."""
    first, since, end = _first(each), _since(until), datetime.combine(until, time.max)
    return [start for start in times if start == first or since <= start <= end]


def _since(until: date) -> datetime:
    return datetime(until.year - YEARS_KEPT, until.month, 1)  # noqa: DTZ001 -- local time


def _first(each: Occasion) -> datetime | None:
    """Return the local time at which an entry begins first; None if it cannot be told."""
    if each.begin:
        return each.begin.replace(tzinfo=None)
    return datetime.combine(each.day, time()) if each.day else None


def _by_rules(
    each: Occasion, first: datetime, last: date | None, until: date | None
) -> set[datetime] | None:
    """Return the local times that rules say; None for one that cannot be read.

    What has no end of its own ends with the event, on the day ``last``.  With ``until`` it goes
    on for years, and what is long over is left out.
    """
    found = {first}
    for rule in each.component.all("RRULE"):
        is_endless = not has_an_end(rule.value)
        end = datetime(timezones.LAST_YEAR, 12, 31)  # noqa: DTZ001 -- local time
        if is_endless:
            end = datetime.combine(last or first.date(), time.max)
        listed = starts(rule.value, first, end, each.clock, MOST_KEPT if until else MOST)
        if listed is None:
            return None
        found |= {*listed.times}
        if is_endless and until:
            found = {start for start in found if start >= _since(until)}
        if is_endless:
            is_away = bool(found) and first not in found
            at_first = "at first and " if _is_known(first) else ""
            since_when = f"{at_first}from {min(found).date()} " if is_away else ""
            if _is_known(first):
                found.add(first)  # which has the uid
            of_others = ", the last day of the others" if end.date() != until else ""
            told = f"{since_when}until {end.date()}{of_others}" if last else "once"
            each.session.guessed.append(f"it repeats without an end: it is here {told}")
        if listed.is_cut:
            told = f"it repeats more often than is looked at: it is here until {max(found).date()}"
            each.session.guessed.append(told)
    return found


def _listed(each: Occasion, component: Component, name: str, first: datetime) -> Iterator[datetime]:
    """Yield the times that a property lists, as the clocks of an entry show them."""
    for listed in component.all(name):
        tzid = listed.parameters.get("TZID", "")
        for value in listed.value.split(",")[:MOST]:
            when = moment(value.partition("/")[0])
            if isinstance(when, datetime):
                if when.tzinfo is None and each.is_apart_from(tzid):
                    when, zone = each.zones.placed(when, tzid)
                    when = timezones.resolved(when, zone) if zone else when
                local = when.astimezone(each.clock) if when.tzinfo else when
                yield local.replace(tzinfo=None)
            elif when:
                yield datetime.combine(when, first.time())


def _showings(each: Occasion, times: list[datetime]) -> Iterator[Occasion]:
    """Yield an entry for each time at which it begins, as long as it is."""
    session, length = each.session, _length(each)
    first = session.start or each.day
    if first and first.year < timezones.FIRST_YEAR:
        each = replace(each, is_first=False)
    for local in times:
        if session.start is None:
            yield replace(_on_days(each, local.date()), original=local)
            continue
        start = each.placed(local)
        end = later(start, length, each.zone) if length is not None else None
        again = _apart(replace(session, start=start, end=end))
        yield replace(each, session=again, original=local)


def _length(each: Occasion) -> Length | None:
    """Return how long each showing lasts (RFC 5545, 3.8.5.3); None if that cannot be known.

    As long as the first one, in time as it passes, where that says when it ends.
    """
    if each.written_length and not each.component.all("DTEND"):
        return each.written_length
    start, end = each.session.start, each.session.end
    if not start or not end:
        return None
    if each.zone:  # clocks may change while the first is on
        start, end = (timezones.resolved(time, each.zone) for time in (start, end))
    return Length(0, end - start) if bool(start.tzinfo) == bool(end.tzinfo) else None


def _on_days(each: Occasion, first: date) -> Occasion:
    """Return an all-day entry as it is from another day on."""
    assert each.day
    assert each.last_day
    last = first + (each.last_day - each.day)
    again = replace(each.session, day=first, last_day=last)
    return replace(each, session=_apart(again), day=first, last_day=last)


def _apart(session: DraftSession) -> DraftSession:
    """Return a showing whose lists are its own."""
    return replace(session, people=list(session.people), guessed=list(session.guessed))
