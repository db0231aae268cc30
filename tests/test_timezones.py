"""Times: what an author writes is the instant that every reader of the feed arrives at.

The truth is the tz database as the package tzdata has it, through zoneinfo; calsvc knows
it through pytz.  Both must be of one release.
"""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
import pytz
import tzdata
from conftest import BASE_URL, NOW, event_of, schedule_of
from readers import Property, component_of, moments, read_ical_js, unfolded, untraced, zone_faults
from tiers import slow

from calsvc import timezones
from calsvc.addresses import Addresses
from calsvc.agenda.model import Event, Session
from calsvc.agenda.when import SlotDefaults
from calsvc.errors import EventFileError, LocalTimeError, UnknownZoneError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

YEARS = range(2020, 2037)
GROUPS = 8
FEW = 20  # one zone in so many is of the sample
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)

Span = tuple[datetime, datetime]


class Change(NamedTuple):
    """A change of a zone's offset from UTC."""

    instant: datetime
    before: timedelta
    after: timedelta

    @property
    def onset(self) -> datetime:
        """Return what the clocks show when the change comes."""
        return (self.instant + self.before).replace(tzinfo=None)


@cache
def tzif(name: str) -> bytes:
    """Return a zone's file; the same for all names of one zone."""
    return files("tzdata.zoneinfo").joinpath(*name.split("/")).read_bytes()


def zone(name: str) -> ZoneInfo:
    """Return a zone from tzdata, whatever the machine itself has."""
    return ZoneInfo.from_file(io.BytesIO(tzif(name)), key=name)


@cache
def changes(octets: bytes, year: int) -> list[Change]:
    """Return the changes of a zone whose onset is in that year, found by asking every day."""
    tz = ZoneInfo.from_file(io.BytesIO(octets))

    def offset(moment: datetime) -> timedelta:
        return moment.astimezone(tz).utcoffset() or timedelta(0)

    found = []
    morning = datetime(year, 1, 1, tzinfo=UTC) - 2 * DAY
    while morning.year <= year:
        before, after = offset(morning), offset(morning + DAY)
        low, high = 0, DAY // MINUTE
        while before != after and high - low > 1:
            middle = (low + high) // 2
            is_before = offset(morning + middle * MINUTE) == before
            low, high = (middle, high) if is_before else (low, middle)
        change = Change(morning + high * MINUTE, before, after)
        if before != after and change.onset.year == year:
            found.append(change)
        morning += DAY
    return found


def spans(name: str, year: int) -> list[Span]:
    """Return the times to try in a zone and year: around all changes, or over the year."""
    found = changes(tzif(name), year)
    if not found:
        noons = [datetime(year, month, 15, 12, tzinfo=UTC) for month in (1, 5, 9)]
        return [(noon, noon + 45 * MINUTE) for noon in noons]
    tried = set()
    for change in found:
        for hour in {60, abs(change.after - change.before) // MINUTE}:
            half = hour // 2
            # When clocks go back by an hour, times are repeated from -60 to +59.
            for start, end in (
                *((-hour - 1, hour), (-hour, -half - 1), (-half, hour + 1)),
                *((-1, 0), (1, half - 1), (half, hour - 1)),
            ):
                tried.add((change.instant + start * MINUTE, change.instant + end * MINUTE))
    return sorted(tried)


def written(moment: datetime, tz: ZoneInfo) -> str:
    """Return an instant as an author writes it; with its offset where clocks show it twice."""
    local = moment.astimezone(tz)
    is_repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{local:%Y-%m-%dT%H:%M}{local.isoformat()[-6:] if is_repeated else ''}"


def feed_of(name: str, times: list[Span]) -> bytes:
    """Return the feed of an event with these times, written down in a zone's local time."""
    tz = zone(name)
    when = [{"start": written(start, tz), "end": written(end, tz)} for start, end in times]
    fields = {"id": "talk", "title": "Talk", "when": when}
    session = Session.model_validate(fields, context=SlotDefaults(name))
    days = [start.astimezone(tz).date() for start, _ in times]
    event = Event.model_validate(
        {
            "id": "conf",
            "name": "Conf",
            "timezone": name,
            "dates": {"from": min(days), "to": max(days)},
            "sessions": [session],
        }
    )
    return event_feed(Blocks(publish(event, None, NOW), Addresses(BASE_URL)), Selection()).body


def test_tz_database_of_calsvc_and_of_the_tests_is_one_release() -> None:
    assert pytz.OLSON_VERSION == tzdata.IANA_VERSION


@untraced()
@pytest.mark.parametrize(
    "names",
    [
        pytz.all_timezones[::FEW],
        *(slow(pytz.all_timezones[each::GROUPS]) for each in range(GROUPS)),
    ],
    ids=["few", *map(str, range(GROUPS))],
)
def test_feed_says_the_instants_meant_in_every_zone_and_year(
    names: list[str], record_property: Callable[[str, object], None]
) -> None:
    instants = 0
    wrong = []

    for name in names:
        for year in YEARS:
            times = spans(name, year)
            body = feed_of(name, times)
            if sorted(moments(body).values()) != times:
                wrong.append((name, year, "dateutil"))
            if (
                year in {2025, 2026}
                and sorted(
                    (entry.start, entry.end)
                    for entry in read_ical_js(body)
                    if entry.summary == "Talk"
                )
                != times
            ):
                wrong.append((name, year, "ical.js"))
            instants += len({moment for span in times for moment in span})

    record_property("zone_years", len(names) * len(YEARS))
    record_property("instants", instants)
    assert wrong == []
    assert instants > 6 * len(names) * len(YEARS)


@pytest.mark.slow
@untraced()
def test_feed_says_the_instants_meant_in_a_year_of_the_past() -> None:
    tried = [
        (name, timezones.FIRST_YEAR + number % 47) for number, name in enumerate(pytz.all_timezones)
    ]

    wrong = [
        (name, year)
        for name, year in tried
        if sorted(moments(feed_of(name, spans(name, year))).values()) != spans(name, year)
    ]

    assert wrong == []


@untraced()
def test_vtimezone_of_every_zone_and_year_is_one_that_outlook_reads() -> None:
    made = {
        (name, year): block
        for name in pytz.all_timezones
        for year in YEARS
        if (block := timezones.vtimezone(name, year, year))
    }

    wrong = {
        key: found
        for key, block in made.items()
        if (found := list(zone_faults(component_of(block))))
    }

    assert wrong == {}
    assert len(made) > 9_000


def test_vtimezone_names_the_zone_and_its_rules() -> None:
    block = timezones.vtimezone("America/Los_Angeles", 2025, 2025)

    # DAYLIGHT begins at 02:00 standard time on the second Sunday of March, and ends at
    # 02:00 daylight time on the first Sunday of November (15 U.S.C. 260a).
    assert block is not None
    assert sorted(unfolded(block)) == sorted(
        [
            "BEGIN:VTIMEZONE",
            "TZID:America/Los_Angeles",
            "BEGIN:DAYLIGHT",
            "DTSTART:20240310T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            "TZNAME:PDT",
            "TZOFFSETFROM:-0800",
            "TZOFFSETTO:-0700",
            "END:DAYLIGHT",
            "BEGIN:STANDARD",
            "DTSTART:20241103T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
            "TZNAME:PST",
            "TZOFFSETFROM:-0700",
            "TZOFFSETTO:-0800",
            "END:STANDARD",
            "END:VTIMEZONE",
        ]
    )


@pytest.mark.slow
@untraced()
def test_local_time_that_does_not_exist_is_refused_in_every_zone_and_year() -> None:
    skipped = {
        (name, change.onset + (change.after - change.before) / 2): change
        for name in pytz.all_timezones
        for year in YEARS
        for change in changes(tzif(name), year)
        if change.after > change.before
    }

    said = {key: refusal(key[1], key[0]) for key in skipped}

    assert said == {
        (name, local): f"{local:%H:%M} does not exist on {local:%Y-%m-%d} in {name}:"
        " clocks go forward over it;"
        f" did you mean {local + change.after - change.before:%H:%M}?"
        for (name, local), change in skipped.items()
    }
    assert len(said) > 2_000


@pytest.mark.slow
@untraced()
def test_local_time_that_happens_twice_is_refused_in_every_zone_and_year() -> None:
    repeated = {
        (name, change.onset + (change.after - change.before) / 2): change
        for name in pytz.all_timezones
        for year in YEARS
        for change in changes(tzif(name), year)
        if change.after < change.before
    }

    said = {key: refusal(key[1], key[0]) for key in repeated}

    assert said == {
        (name, local): f"{local:%H:%M} happens twice on {local:%Y-%m-%d} in {name}:"
        " clocks go back over it; give start and end, and write"
        f" {local:%Y-%m-%dT%H:%M}{offset(change.before)} for the first"
        f" or {local:%Y-%m-%dT%H:%M}{offset(change.after)} for the second"
        for (name, local), change in repeated.items()
    }
    assert len(said) > 2_000


def refusal(local: datetime, name: str) -> str:
    """Return the words with which a local time is refused."""
    try:
        return f"is {timezones.instant(local, name)}"
    except LocalTimeError as error:
        return str(error)


def offset(difference: timedelta) -> str:
    """Return an offset as ISO 8601 writes it."""
    return datetime(2000, 1, 1, tzinfo=timezone(difference)).isoformat()[-6:]


@pytest.mark.parametrize(("written_offset", "hour"), [("-07:00", 8), ("-08:00", 9)])
def test_repeated_local_time_with_its_offset_is_that_instant(
    written_offset: str, hour: int
) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: America/Los_Angeles
        date: 2026-11-01
        sessions:
          - id: night
            title: Night
            when: {{start: "2026-11-01T01:30{written_offset}", duration: 45}}
        """)

    body = event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body

    start = datetime(2026, 11, 1, hour, 30, tzinfo=UTC)
    assert list(moments(body).values()) == [(start, start + 45 * MINUTE)]
    assert times_in(body) == [
        Property("DTSTART", {}, f"20261101T0{hour}3000Z"),
        Property("DTEND", {}, f"20261101T{hour + 1:02}1500Z"),
    ]


def times_in(body: bytes) -> list[Property]:
    """Return what a feed says of the start and the end of its timed entry."""
    [entry] = (
        each for each in component_of(body).inside("VEVENT") if each.value("SUMMARY") != "Conf"
    )
    return [*entry.all("DTSTART"), *entry.all("DTEND")]


@pytest.mark.parametrize(
    ("start", "end", "utc"),
    [
        # Clocks go back on 2026-11-01 at 02:00 PDT, which is 09:00 UTC.
        ("2026-11-01T00:30", "2026-11-01T01:00-07:00", ("073000", "080000")),
        ("2026-11-01T01:30-07:00", "2026-11-01T01:30-08:00", ("083000", "093000")),
        ("2026-11-01T01:59-08:00", "2026-11-01T03:00", ("095900", "110000")),
    ],
)
def test_entry_that_touches_a_repeated_hour_is_written_in_utc(
    start: str, end: str, utc: tuple[str, str]
) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: America/Los_Angeles
        date: 2026-11-01
        sessions:
          - {{id: night, title: Night, when: {{start: "{start}", end: "{end}"}}}}
        """)

    body = event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body

    assert times_in(body) == [
        Property("DTSTART", {}, f"20261101T{utc[0]}Z"),
        Property("DTEND", {}, f"20261101T{utc[1]}Z"),
    ]
    assert b"VTIMEZONE" not in body


def test_entry_around_a_repeated_hour_is_written_in_local_time() -> None:
    schedule = schedule_of("""
        name: Conf
        timezone: America/Los_Angeles
        date: 2026-11-01
        sessions:
          - {id: night, title: Night, when: "00:59-02:00"}
        """)

    body = event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body

    assert times_in(body) == [
        Property("DTSTART", {"TZID": "America/Los_Angeles"}, "20261101T005900"),
        Property("DTEND", {"TZID": "America/Los_Angeles"}, "20261101T020000"),
    ]
    assert list(moments(body).values()) == [
        (datetime(2026, 11, 1, 7, 59, tzinfo=UTC), datetime(2026, 11, 1, 10, 0, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("name", "utc"),
    [
        *((name, ("090000", "094500")) for name in ("UTC", "etc/utc", "GMT", "Etc/GMT", "Zulu")),
        *((name, ("090000", "094500")) for name in ("Etc/Universal", "Greenwich", "GMT0", "UCT")),
        # Morocco leaves its summer time for Ramadan, whose days move from year to year.
        ("Africa/Casablanca", ("080000", "084500")),
    ],
)
def test_zone_without_a_vtimezone_is_written_in_utc(name: str, utc: tuple[str, str]) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: {name}
        date: 2026-06-25
        sessions:
          - {{id: talk, title: Talk, when: "09:00-09:45"}}
        """)

    body = event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body

    assert times_in(body) == [
        Property("DTSTART", {}, f"20260625T{utc[0]}Z"),
        Property("DTEND", {}, f"20260625T{utc[1]}Z"),
    ]
    assert b"VTIMEZONE" not in body


@pytest.mark.parametrize("name", ["europe/berlin", "EUROPE/BERLIN", " Europe/Berlin "])
def test_zone_in_another_spelling_is_written_in_its_own(name: str) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: "{name}"
        date: 2026-06-25
        sessions:
          - {{id: talk, title: Talk, when: "09:00-09:45"}}
        """)

    body = event_feed(Blocks(schedule, Addresses(BASE_URL)), Selection()).body

    assert times_in(body) == [
        Property("DTSTART", {"TZID": "Europe/Berlin"}, "20260625T090000"),
        Property("DTEND", {"TZID": "Europe/Berlin"}, "20260625T094500"),
    ]


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("PT", "did you mean America/Los_Angeles?"),
        ("PST", "did you mean America/Los_Angeles?"),
        ("pdt", "did you mean America/Los_Angeles?"),
        ("Los Angeles", "did you mean America/Los_Angeles?"),
        ("los_angeles", "did you mean America/Los_Angeles?"),
        ("CEST", "did you mean Europe/Berlin?"),
        ("Europe/Berlln", "did you mean Europe/Berlin?"),
        ("Tokio", "did you mean Asia/Tokyo?"),
        ("/etc/passwd", "write an Area/City name such as Europe/Berlin"),
        ("Zürich", "did you mean Europe/Zurich?"),
    ],
)
def test_unknown_zone_is_refused_with_the_nearest(name: str, advice: str) -> None:
    text = f"""
        name: Conf
        timezone: {name}
        date: 2026-06-25
        """

    with pytest.raises(EventFileError) as refused:
        event_of(text)
    with pytest.raises(UnknownZoneError) as unknown:
        timezones.zone(name)

    sentence = f"there is no time zone {name!r}; {advice}"
    assert str(refused.value) == f"conf.yaml:3:11: timezone: {sentence}"
    assert str(unknown.value) == sentence


@pytest.mark.parametrize("year", [1066, 1970, 1972, 2037, 2040, 9999])
def test_time_in_a_year_without_known_rules_is_refused(year: int) -> None:
    local = datetime(year, 6, 25, 9, 0)

    said = refusal(local, "Europe/Berlin")

    assert said == f"{year}-06-25 is not between 1973 and 2036; check the year"


@pytest.mark.parametrize("year", [1973, 2036])
def test_time_in_the_outermost_years_is_exact(year: int) -> None:
    local = datetime(year, 12, 31, 23, 59)

    moment = timezones.instant(local, "Europe/Berlin")

    assert moment == datetime(year, 12, 31, 22, 59, tzinfo=UTC)


@pytest.mark.parametrize("day", ["1972-12-31", "2037-01-01", "2026-02-30"])
def test_day_without_known_rules_is_refused(day: str) -> None:
    text = f"""
        name: Conf
        timezone: Europe/Berlin
        date: {day}
        """

    with pytest.raises(EventFileError) as refused:
        event_of(text)

    what, advice = f"'{day}' is not a day between 1973 and 2036", "write one such as 2025-06-25"
    assert str(refused.value) == f"conf.yaml:4:7: date: {what}; {advice}"
