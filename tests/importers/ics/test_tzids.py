"""Which zone a calendar means by a TZID, and when its local times are."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from icsfiles import TALK, calendar, draft_of, drafted

from calsvc.importers.drafts import Draft, Wishes

# Rules as Outlook writes them: of no year that anybody remembers.
CENTRAL = """
BEGIN:VTIMEZONE
TZID:NAME
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
# Clocks that no country has: 20 minutes before UTC, an hour later in summer.
OWN = CENTRAL.replace("+0200", "+0040").replace("+0100", "-0020")


def timed(tzid: str, zones: str = "", start: str = "20270615T090000") -> Draft:
    """Return what is found in a calendar with one entry at that local time."""
    entry = f"SUMMARY:A Talk\nDTSTART;TZID={tzid}:{start}\nDURATION:PT45M"
    return drafted(entry, zones=zones.replace("NAME", tzid.strip('"')))


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("tzone://Microsoft/Tokyo Standard Time", "Asia/Tokyo"),
        ('"tzone://Microsoft/Tokyo Standard Time"', "Asia/Tokyo"),
        ('"(UTC-03:00) Brasília"', "America/Sao_Paulo"),
        ("JST", "Asia/Tokyo"),
    ],
)
def test_zone_is_known_by_its_name(tzid: str, zone: str) -> None:
    draft = timed(tzid)

    [session] = draft.sessions
    assert (draft.timezone, session.timezone) == (zone, None)
    assert (session.start, session.end) == (
        datetime(2027, 6, 15, 9, 0),
        datetime(2027, 6, 15, 9, 45),
    )


def test_zone_by_another_name_is_told() -> None:
    assert timed("W. Europe Standard Time").guessed == [
        "the zone 'W. Europe Standard Time' is taken for Europe/Berlin"
    ]
    assert timed("Europe/Berlin").guessed == []


@pytest.mark.parametrize("tzid", ["Etc/UTC", "UTC", "GMT", "tzone://Microsoft/Utc"])
def test_zone_that_is_utc_makes_instants(tzid: str) -> None:
    [session] = timed(tzid).sessions

    assert session.start == datetime(2027, 6, 15, 9, 0, tzinfo=UTC)


def test_zone_without_a_name_is_known_by_its_rules() -> None:
    draft = timed("tzone://Microsoft/Custom", CENTRAL)

    assert draft.timezone == "Europe/Berlin"
    assert draft.guessed == [
        "the zone 'tzone://Microsoft/Custom' is taken for Europe/Berlin, by its rules"
    ]


def test_zone_that_the_calendar_names_is_likelier_than_others_of_its_rules() -> None:
    entry = "SUMMARY:A Talk\nDTSTART;TZID=Custom:20270615T090000"

    draft = drafted(
        entry, zones=CENTRAL.replace("NAME", "Custom"), head="X-WR-TIMEZONE:Europe/Oslo"
    )

    assert draft.timezone == "Europe/Oslo"


@pytest.mark.parametrize(("start", "offset"), [("20270615T090000", 40), ("20271115T090000", -20)])
def test_rules_that_no_zone_has_make_instants(start: str, offset: int) -> None:
    draft = timed("Nowhere", OWN, start)

    [session] = draft.sessions
    assert session.start
    assert session.start.utcoffset() == timedelta(minutes=offset)
    assert session.start.replace(tzinfo=None).hour == 9
    assert draft.guessed == ["the zone 'Nowhere' is none known: its own rules are taken"]


def test_name_wins_over_rules_which_is_told() -> None:
    draft = timed("America/New_York", CENTRAL)

    assert draft.timezone == "America/New_York"
    assert draft.guessed == [
        "the rules of 'America/New_York' in the file are not those of America/New_York,"
        " which are taken"
    ]


def test_rules_of_long_ago_do_not_hide_those_of_today() -> None:
    old = "".join(
        f"BEGIN:DAYLIGHT\nDTSTART:19{year}0401T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0300\n"
        f"RRULE:FREQ=YEARLY;UNTIL=19{year + 1}0401T020000\nEND:DAYLIGHT\n"
        for year in range(20, 60, 2)
    )
    zone = CENTRAL.replace("BEGIN:STANDARD", f"{old}BEGIN:STANDARD", 1)

    assert timed("Europe/Berlin", zone).guessed == []


def test_rules_that_ended_long_ago_are_read_too() -> None:
    old = (
        "BEGIN:DAYLIGHT\nDTSTART:19490410T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
        "RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=2SU;UNTIL=19500409T010000Z\nEND:DAYLIGHT\n"
    )
    zone = CENTRAL.replace("BEGIN:STANDARD", f"{old}BEGIN:STANDARD", 1)

    assert timed("tzone://Microsoft/Custom", zone).timezone == "Europe/Berlin"


def test_zone_that_nothing_tells_is_told() -> None:
    draft = timed("Customized Time Zone")

    [session] = draft.sessions
    assert (draft.timezone, session.start) == (None, datetime(2027, 6, 15, 9, 0))
    assert draft.guessed == [
        "the zone 'Customized Time Zone' is none known: its times are taken for those of the event"
    ]


def test_name_that_is_an_offset_makes_instants() -> None:
    [session] = timed("GMT+0530").sessions

    assert session.start == datetime(2027, 6, 15, 9, 0, tzinfo=timezone(timedelta(hours=5.5)))


def test_time_in_utc_with_a_zone_is_told() -> None:
    [session] = timed("America/New_York", start="20270615T090000Z").sessions

    assert session.start == datetime(2027, 6, 15, 9, 0, tzinfo=UTC)
    assert session.guessed == ["09:00 in UTC and in America/New_York at once is taken for UTC"]


def test_time_that_clocks_show_twice_is_the_first() -> None:
    """RFC 5545, 3.3.5; in Berlin clocks go back at 03:00 on 31 October 2027."""
    [session] = timed("Europe/Berlin", start="20271031T023000").sessions

    assert session.start == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_times_in_utc_are_shown_in_the_zone_that_the_calendar_names() -> None:
    draft = drafted(TALK, head="X-WR-TIMEZONE:Europe/Berlin")

    assert draft.timezone == "Europe/Berlin"
    assert draft.sessions[0].start == datetime(2027, 6, 15, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("is_repaired", "zone", "of_call"),
    [(True, "Europe/Berlin", "America/New_York"), (False, "America/New_York", None)],
)
def test_zone_of_a_calendar_that_is_repaired_is_the_one_that_it_names(
    is_repaired: bool, zone: str, of_call: str | None
) -> None:
    call = "SUMMARY:Call\nDTSTART;TZID=America/New_York:20270615T090000"
    octets = calendar(TALK, call, head="X-WR-TIMEZONE:Europe/Berlin")

    draft = draft_of(octets, Wishes(entry_for_entry=is_repaired))

    assert (draft.timezone, draft.sessions[1].timezone) == (zone, of_call)


@pytest.mark.parametrize(
    ("asked", "zone", "of_other"),
    [(None, "Europe/Berlin", "America/New_York"), ("Asia/Tokyo", "Asia/Tokyo", None)],
)
def test_times_without_a_zone_are_in_that_of_their_own_calendar(
    asked: str | None, zone: str, of_other: str | None
) -> None:
    floating = TALK.replace("00Z", "00") + "RRULE:FREQ=DAILY;COUNT=2"
    berlin, new_york = (
        calendar(floating.replace("talk@", f"{name}@"), head=f"X-WR-TIMEZONE:{name}")
        for name in ("Europe/Berlin", "America/New_York")
    )

    draft = draft_of(berlin + new_york, Wishes(timezone=asked))

    assert draft.timezone == zone
    assert [each.timezone for each in draft.sessions] == [None, None, of_other, of_other]


@pytest.mark.parametrize("is_repaired", [True, False])
def test_zone_that_is_asked_for_is_that_of_times_without_one(is_repaired: bool) -> None:
    call = "SUMMARY:Call\nDTSTART;TZID=America/New_York:20270615T090000"
    floating = "SUMMARY:Floating\nDTSTART:20270615T090000"
    octets = calendar(call, floating, head="X-WR-TIMEZONE:America/New_York")
    wishes = Wishes(timezone="Europe/Berlin", entry_for_entry=is_repaired)

    draft = draft_of(octets, wishes)

    assert draft.timezone == "Europe/Berlin"
    assert [each.timezone for each in draft.sessions] == ["America/New_York", None]


def test_session_in_another_zone_says_so() -> None:
    draft = drafted(
        "SUMMARY:One\nDTSTART;TZID=Europe/Berlin:20270615T090000",
        "SUMMARY:Two\nDTSTART;TZID=Europe/Berlin:20270615T100000",
        "SUMMARY:Far\nDTSTART;TZID=Asia/Tokyo:20270615T180000",
        "SUMMARY:Floating\nDTSTART:20270615T110000",
    )

    assert draft.timezone == "Europe/Berlin"
    assert [each.timezone for each in draft.sessions] == [None, None, "Asia/Tokyo", None]
