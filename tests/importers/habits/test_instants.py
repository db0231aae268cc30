"""Times as programs write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsvc.importers.habits import instants

NINE = datetime(2027, 6, 15, 9, 0)


def zoned(hours: float) -> datetime:
    return NINE.replace(tzinfo=timezone(timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2027-06-15T09:00:00", NINE),
        ("2027-06-15 09:00", NINE),
        ("2027-06-15T09:00:00.1234567", NINE),
        ("2027/06/15 9:00", NINE),
        ("20270615T090000", NINE),
        (" 2027-06-15T09:00:00Z ", zoned(0)),
        ("2027-06-15 09:00:00 UTC", zoned(0)),
        ("2027-06-15T09:00:00+02:00", zoned(2)),
        ("2027-06-15T09:00:00+0530", zoned(5.5)),
        ("2027-06-15T09:00:00 -07", zoned(-7)),
        ("2027-06-15 9:00:00 -0600 MDT", zoned(-6)),
        ("2027-06-15 09:00:00 MDT", None),
        ("2027-06-14T24:00:00", datetime(2027, 6, 15)),
        ("2027-06-15T25:00:00", None),
        ("2027-06-15T09:61:00", None),
        ("2027-02-30T09:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("2027-06-15T09:00:00+99:00", None),
        ("2027-06-15", None),
        ("tomorrow", None),
        (20270615, None),
        (None, None),
    ],
)
def test_instant(written: object, read: datetime | None) -> None:
    found = instants.instant(written)

    assert found == read
    assert (found and found.utcoffset()) == (read and read.utcoffset())


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2027-06-15", date(2027, 6, 15)),
        ("2027-6-5T09:00:00Z", date(2027, 6, 5)),
        ("20270615", date(2027, 6, 15)),
        ("2027-13-01", None),
        ("202706150900", None),
        ("1815-12-10", None),
        (7, None),
    ],
)
def test_day(written: object, read: date | None) -> None:
    assert instants.day(written) == read


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("09:00", 540),
        ("9:00:00", 540),
        ("0930", 570),
        ("9h30", 570),
        ("00:15", 15),
        ("24:30", 1470),
        ("1:30 pm", 810),
        ("12:15AM", 15),
        ("31:00", None),
        ("09:75", None),
        ("13:00 pm", None),
        ("9", None),
        (900, None),
    ],
)
def test_clock(written: object, minutes: int | None) -> None:
    read = instants.clock(written)

    assert read == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("00:45", 45),
        ("1:30", 90),
        ("01:30:00", 90),
        ("00:90", 90),
        ("1 day, 2:00:00", 26 * 60),
        ("PT1H30M", 90),
        ("P1DT2H", 26 * 60),
        ("45", 45),
        (45, 45),
        (0, 0),
        (22.5, 22.5),
        ("PT", None),
        ("", None),
        ("an hour", None),
        (-5, None),
        (10**30, None),
        (float("nan"), None),
        ("9999:00", None),
        (True, None),
    ],
)
def test_duration(written: object, minutes: float | None) -> None:
    read = instants.duration(written)

    assert read == (None if minutes is None else timedelta(minutes=minutes))


@pytest.mark.parametrize("value", [1_813_042_800, 1_813_042_800_000, 1_813_042_800.9])
def test_seconds_and_milliseconds(value: float) -> None:
    # 15 June 2027, 07:00 UTC, by date -u -d @1813042800
    assert instants.from_seconds(value) == datetime(2027, 6, 15, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("value", [0, -1, 10**20, float("nan"), float("inf"), True, "1813042800"])
def test_what_is_no_count_of_seconds(value: object) -> None:
    assert instants.from_seconds(value) is None


@given(st.datetimes(datetime(1990, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))
def test_instant_that_python_writes_is_read(moment: datetime) -> None:
    assert instants.instant(moment.isoformat()) == moment.replace(microsecond=0)


@given(st.text(alphabet="0123456789-+:TZ. PHMSD/", max_size=40) | st.floats() | st.integers())
def test_anything_is_read_or_none(value: object) -> None:
    for function in (instants.instant, instants.day, instants.clock, instants.duration):
        function(value)


@pytest.mark.parametrize(
    ("names", "zone"),
    [
        ((None, "Europe/Berlin"), "Europe/Berlin"),
        (("Nowhere/Land", "UTC"), "UTC"),
        (("Berlin",), "Europe/Berlin"),
        (("x" * 100_000, ""), None),
        ((), None),
    ],
)
def test_known_zone(names: tuple[str | None, ...], zone: str | None) -> None:
    assert instants.known_zone(*names) == zone
