"""VTIMEZONEs are held against the tz database change by change, for the times that are used."""

import icalendar
import pytest

from calsvc import timezones
from calsvc.doctor import offsets
from calsvc.doctor.documents import Component, Document
from calsvc.doctor.examples import ZONE
from calsvc.doctor.rules import observances, onsets, shifts, zones

TABLES = (zones.RULES, observances.RULES, onsets.RULES, shifts.RULES)
ENTRY = (
    "BEGIN:VEVENT\nUID:{tzid}-{begin}\nDTSTART;TZID={tzid}:{begin}\n"
    "DTEND;TZID={tzid}:{end}\n{more}END:VEVENT\n"
)
CEST = "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n"
LISTED = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo")


def entry(begin: str, end: str = "", tzid: str = "Europe/Berlin", more: str = "") -> str:
    return ENTRY.format(tzid=tzid, begin=begin, end=end or begin, more=more)


def found(zone: str, *entries: str) -> dict[str, list[str]]:
    """Return what is found about zones: the values, by the names of rules."""
    lines = f"BEGIN:VCALENDAR\n{zone}{''.join(entries)}END:VCALENDAR\n"
    document = Document(lines.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    told = {
        rule.name: [each.value for each in rule.find(document)]
        for table in TABLES
        for rule in table
    }
    return {name: values for name, values in told.items() if values}


@pytest.mark.parametrize("tzid", LISTED)
def test_own_vtimezones_are_true(tzid: str) -> None:
    zone = timezones.vtimezone(tzid, 2027, 2029)
    years = range(2026, 2031)
    assert zone
    component = Document(b"BEGIN:VCALENDAR\r\n" + zone + b"END:VCALENDAR\r\n").zones[tzid]

    clocks = offsets.of_component(component, years)

    assert clocks is not None
    assert clocks.differences(offsets.of_zone(tzid), years) == []
    assert found(zone.decode(), entry("20270101T000000", "20291231T235959", tzid)) == {}


@pytest.mark.parametrize("tzid", ["Europe/Berlin", "America/New_York"])
def test_fault_of_icalendar_is_told_by_its_name(tzid: str) -> None:
    written = icalendar.Timezone.from_tzid(tzid).to_ical().decode()

    told = found(written, entry("20270615T090000", tzid=tzid))

    assert [name for name in told if name.startswith("zone-changes")] == [
        "zone-changes-an-hour-off"
    ]
    assert not told.keys() & {"zone-shifts-entries", "zone-differs"}
    assert "zone-dates-listed" in told


def test_changes_that_are_all_an_hour_late_are_told_by_their_name() -> None:
    late = ZONE.replace("T020000", "T0x0000").replace("T030000", "T040000").replace("0x", "03")

    assert found(late, entry("20270615T090000")).keys() == {"zone-changes-an-hour-off"}


def test_entry_in_the_hour_of_a_wrong_change_is_an_hour_off() -> None:
    late = ZONE.replace("20260329T020000", "20260329T030000")

    assert found(late, entry("20270328T033000", "20270328T040000")) == {
        "zone-shifts-entries": ["+60 min (DTSTART 2027-03-28 03:30)"],
        "zone-changes-an-hour-off": ["Europe/Berlin, 2027-03-28/2027-03-28, +60 min"],
    }


@pytest.mark.parametrize(
    ("begin", "names"),
    [
        ("20271101T090000", {"zone-shifts-entries"}),
        ("20271031T020000", {"zone-differs"}),  # the first of the two hours of that name
        ("20270615T090000", {"zone-differs"}),
        ("20280105T090000", {"zone-differs"}),
    ],
)
def test_only_times_that_move_are_errors(begin: str, names: set[str]) -> None:
    wrong = ZONE.replace("BYMONTH=10", "BYMONTH=11")

    assert found(wrong, entry(begin)).keys() == names


@pytest.mark.parametrize("offset", ["+01:00", "+1", "foo", "", "+0160", "+1600"])
def test_offset_is_written_in_one_way(offset: str) -> None:
    wrong = ZONE.replace("TZOFFSETFROM:+0100", f"TZOFFSETFROM:{offset}")

    assert found(wrong, entry("20270615T090000")).keys() == {"zone-offset-bad"}


def test_series_is_followed_to_the_day_on_which_it_goes_wrong() -> None:
    wrong = ZONE.replace("BYMONTH=10", "BYMONTH=11")
    weekly = entry("20270906T090000", more="RRULE:FREQ=WEEKLY;UNTIL=20271115T090000Z\n")

    told = found(wrong, weekly)["zone-shifts-entries"]

    assert told == [f"-60 min (DTSTART 2027-11-{day} 09:00)" for day in ("01", "08", "15")]


def test_years_that_no_entry_uses_do_not_matter() -> None:
    one_year = (
        ZONE.replace("20260329", "20270328")
        .replace("20261025", "20271031")
        .replace("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n", "")
        .replace("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n", "")
    )

    assert found(one_year, entry("20270615T090000")).keys() == {"zone-without-rule"}
    assert "zone-shifts-entries" in found(one_year, entry("20280615T090000"))
    assert found(ZONE, entry("19500615T090000"), entry("20500615T090000")) == {}


def test_list_of_changes_that_is_over_is_told() -> None:
    listed = ZONE.replace("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RDATE:20270328T020000")
    listed = listed.replace("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20271031T030000")

    told = found(listed, entry("20270615T090000"), entry("20280615T090000"))

    assert told["zone-ends-before-entries"][0] == "+60 min (DTSTART 2028-06-15 09:00)"
    assert "zone-shifts-entries" not in told


def test_zone_is_not_read_again_for_each_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = ZONE.replace("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RDATE:20270328T020000")
    listed = listed.replace("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20271031T030000")
    observances_of, readings = offsets.observances_of, []

    def counted(zone: Component) -> list[Component]:
        readings.append(zone)
        return observances_of(zone)

    monkeypatch.setattr(offsets, "observances_of", counted)
    shifted = [entry(f"202806{day:02}T090000") for day in range(1, 30)]

    found(listed, shifted[0])
    for_one = len(readings)
    told = found(listed, *shifted)

    assert len(told["zone-ends-before-entries"]) == 2 * len(shifted)
    assert len(readings) == 2 * for_one


@pytest.mark.parametrize(
    ("tzid", "more"),
    [
        ("W. Europe Standard Time", ""),
        ("Central Time of Europe", "X-LIC-LOCATION:Europe/Berlin\n"),
        ("/example.org/zones/Europe/Berlin", ""),
    ],
)
def test_zone_of_another_name_is_held_against_the_one_that_it_means(tzid: str, more: str) -> None:
    zone = ZONE.replace("TZID:Europe/Berlin\n", f"TZID:{tzid}\n{more}")
    wrong = zone.replace("BYMONTH=3", "BYMONTH=7")

    told = found(zone, entry("20270615T090000", tzid=tzid))

    assert not told.keys() & {"zone-shifts-entries", "zone-differs", "zone-undefined"}
    assert "zone-shifts-entries" in found(wrong, entry("20270615T090000", tzid=tzid))


@pytest.mark.parametrize("begin", ["00010101T000000", "99991231T235959", "", "T", "9" * 5000])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;UNTIL=00010101T000000Z",
        "FREQ=YEARLY;COUNT=99999999999",
        "FREQ=YEARLY;BYDAY=99SU",
    ],
)
def test_nothing_that_a_vtimezone_says_makes_it_fail(begin: str, rule: str) -> None:
    for offset in ("+1500", "-1459", "", "+9999"):
        zone = ZONE.replace("20260329T020000", begin).replace("TZOFFSETTO:+0200", offset)
        zone = zone.replace("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", rule)

        assert found(zone, entry("00010101T000000", "99991231T235959"), entry("20270615T090000"))


def test_very_many_zones_and_dates_are_looked_at() -> None:
    names = [f"Region/Place{number}" for number in range(300)]
    dates = "".join(f"RDATE:20{year:02}0328T020000\n" for year in range(70, 100)) * 100
    defined = "".join(ZONE.replace("Europe/Berlin", name) for name in names)
    listed = ZONE.replace("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n", dates)

    told = found(defined + listed, *(entry("20270615T090000", tzid=name) for name in names))

    assert told.keys() == {"zone-name-unknown", "zone-dates-listed"}
    assert len(told["zone-name-unknown"]) == len(names)


def test_old_times_in_a_vtimezone_are_a_note_where_outlook_shows_entries_right() -> None:
    old = "DTSTART:20070401T020000\nRRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU;UNTIL=20100404T010000Z\n"
    history = ZONE.replace("BEGIN:DAYLIGHT\n", f"BEGIN:DAYLIGHT\n{old}{CEST}BEGIN:DAYLIGHT\n")
    listed = history.replace("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU", "RDATE:20271031T030000")

    assert found(history, entry("20270615T090000")).keys() == {"zone-observances-of-old-times"}
    assert "zone-observances-repeated" in found(listed, entry("20270615T090000"))
