"""Entries of calendars that repeat, and how long reading them takes at most."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from icsfiles import TALK, calendar, draft_of, drafted

from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.ics.recurrence import starts
from calsvc.timezones import WEEKDAYS, resolved

COFFEE = """
UID:coffee@source.example
SUMMARY:Coffee
DTSTART;TZID=Europe/Berlin:20270615T100000
DTEND;TZID=Europe/Berlin:20270615T103000
"""
LAST = """
UID:last@source.example
SUMMARY:Last
DTSTART;TZID=Europe/Berlin:20270617T160000
"""


def times(draft: Draft, title: str = "Coffee") -> list[str]:
    """Return when a session is on, as ``15 10:00-10:30``."""
    return [
        f"{each.start:%d %H:%M}" + (f"-{each.end:%H:%M}" if each.end else "")
        for each in draft.sessions
        if each.title == title and each.start
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("RRULE:FREQ=DAILY;COUNT=3", ["15 10:00-10:30", "16 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;UNTIL=20270616", ["15 10:00-10:30", "16 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;UNTIL=20270616T100000", ["15 10:00-10:30", "16 10:00-10:30"]),
        # 08:00 in UTC is 10:00 in Berlin: the last time is the second.
        ("RRULE:FREQ=DAILY;UNTIL=20270616T080000Z", ["15 10:00-10:30", "16 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;UNTIL=20270616T075959Z", ["15 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2", ["15 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20270616T100000",
         ["15 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE:20270615T080000Z", ["16 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20270616",
         ["15 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;COUNT=4\nEXRULE:FREQ=DAILY;INTERVAL=3",  # of RFC 2445
         ["16 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;COUNT=4\nEXRULE:FREQ=WEEKLY;BYDAY=WE;UNTIL=20270701T080000Z",
         ["15 10:00-10:30", "17 10:00-10:30", "18 10:00-10:30"]),
        ("RDATE;TZID=Europe/Berlin:20270615T150000,20270616T090000",
         ["15 10:00-10:30", "15 15:00-15:30", "16 09:00-09:30"]),
        ("RDATE;VALUE=PERIOD:20270615T130000Z/PT1H", ["15 10:00-10:30", "15 15:00-15:30"]),
        # 15 June 2027 is a Tuesday.
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,WE;COUNT=2", ["15 10:00-10:30", "16 10:00-10:30"]),
        ("RRULE:FREQ=DAILY;BYDAY=TU,TH;UNTIL=20270619", ["15 10:00-10:30", "17 10:00-10:30"]),
        ("RRULE:FREQ=MONTHLY;BYDAY=3TU;COUNT=2", ["15 10:00-10:30", "20 10:00-10:30"]),
    ],
)  # fmt: skip
def test_entry_is_on_each_time(lines: str, expected: list[str]) -> None:
    assert times(drafted(f"{COFFEE}{lines}")) == expected


@pytest.mark.parametrize(
    ("start", "rule", "on"),
    [
        # The second Tuesday, as Nextcloud writes it.
        ("20270112", "MONTHLY;BYDAY=TU;BYSETPOS=2;COUNT=5", "0112 0209 0309 0413 0511"),
        ("20270131", "MONTHLY;COUNT=4", "0131 0331 0531 0731"),  # RFC 5545, 3.3.10
        ("20270130", "MONTHLY;BYMONTHDAY=30;COUNT=5", "0130 0330 0430 0530 0630"),
        ("20270131", "MONTHLY;BYMONTHDAY=-1;COUNT=3", "0131 0228 0331"),
        ("20270129", "MONTHLY;BYDAY=5FR;COUNT=3", "0129 0430 0730"),
        ("20270101", "MONTHLY;BYDAY=-5FR;COUNT=3", "0101 0402 0702"),
        ("20270813", "MONTHLY;BYMONTHDAY=13;BYDAY=FR;COUNT=3", "0813 1013 0413"),
        # The last day of work of a month, and the second to last.
        ("20270129", "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "0129 0226 0331"),
        ("20270128", "MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2;COUNT=3", "0128 0225 0330"),
        ("20270110", "MONTHLY;INTERVAL=18;COUNT=3", "0110 0710 0110"),
        ("20271231", "YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=3", "1231 1231 1231"),
        ("20280229", "YEARLY;COUNT=2", "0229 0229"),
        ("20270104", "YEARLY;BYDAY=1MO;COUNT=3", "0104 0103 0101"),
        ("20270517", "YEARLY;BYDAY=20MO;COUNT=3", "0517 0515 0514"),
        ("20271125", "YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=3", "1125 1123 1122"),
        ("20270105", "YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=TU,TH;BYSETPOS=1,-1;COUNT=4",
         "0105 0128 0102 0130"),
    ],
)  # fmt: skip
def test_rule_of_months_and_years_is_followed(start: str, rule: str, on: str) -> None:
    entry = f"SUMMARY:Club\nDTSTART;TZID=Europe/Berlin:{start}T190000\nRRULE:FREQ={rule}"

    draft = drafted(entry)

    assert [f"{each.start:%m%d}" for each in draft.sessions] == on.split()
    assert draft.sessions[0].guessed == []


@pytest.mark.parametrize(
    "until", ["20991231T225959Z", "20370131T000000Z", "99991231", "99991231T235959Z"]
)
def test_rule_that_ends_after_all_years_has_no_end(until: str) -> None:
    wishes = Wishes(entry_for_entry=True, until=date(2027, 1, 31))
    rule = f"RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL={until}"
    entry = f"SUMMARY:Club\nDTSTART;TZID=Europe/Berlin:20270107T190000\n{rule}"

    draft = draft_of(calendar(entry), wishes)

    assert times(draft, "Club") == ["07 19:00", "14 19:00", "21 19:00", "28 19:00"]


def test_rule_without_an_end_ends_with_the_event() -> None:
    draft = drafted(f"{COFFEE}RRULE:FREQ=DAILY", LAST)

    assert times(draft) == ["15 10:00-10:30", "16 10:00-10:30", "17 10:00-10:30"]
    assert draft.sessions[0].guessed == [
        "it repeats without an end: it is here until 2027-06-17, the last day of the others"
    ]


@pytest.mark.parametrize(
    ("lines", "on"),
    [
        ("DTSTART;VALUE=DATE:19700101\nRRULE:FREQ=YEARLY", [2025, 2026, 2027]),
        ("DTSTART;VALUE=DATE:16040101\nDURATION:P1D\nRRULE:FREQ=YEARLY", [2025, 2026, 2027]),
        ("DTSTART;TZID=Europe/Berlin:19720101T100000\nDTEND;TZID=Europe/Berlin:19720101T110000"
         "\nRRULE:FREQ=YEARLY;COUNT=4", [1973, 1974, 1975]),
        ("DTSTART:19720101T100000Z\nRDATE:20270101T100000Z", [2027]),
    ],
)  # fmt: skip
def test_what_began_long_ago_is_on_in_the_years_that_are_known(lines: str, on: list[int]) -> None:
    wishes = Wishes(entry_for_entry=True, until=date(2027, 1, 1))

    draft = draft_of(calendar(f"UID:one@source.example\nSUMMARY:One\n{lines}"), wishes)

    days = [each.day or (each.start and each.start.date()) for each in draft.sessions]
    assert days == [date(year, 1, 1) for year in on]
    # The uid is that of the first, which is not here; each later one has its own.
    assert {each.key for each in draft.sessions} == {"one@source.example"}
    assert len({each.uid for each in draft.sessions} - {None, "one@source.example"}) == len(on)
    assert {each.end and each.start and each.end - each.start for each in draft.sessions} <= {
        None,
        timedelta(hours=1),
    }


def test_what_was_over_long_ago_is_told() -> None:
    [session] = drafted("SUMMARY:One\nDTSTART:19700101T100000Z\nRRULE:FREQ=DAILY;COUNT=3").sessions

    assert (session.start, session.guessed) == (
        None,
        ["it repeats, and none of its times is in the years 1973 to 2036"],
    )


@pytest.mark.parametrize(
    ("lasts", "last_end"),
    [
        ("DURATION:P1D", datetime(2027, 10, 31, 11, 0, tzinfo=UTC)),
        ("DTEND;TZID=Europe/Berlin:20271030T120000", datetime(2027, 10, 31, 10, 0, tzinfo=UTC)),
    ],
)
def test_each_time_is_as_long_as_the_first(lasts: str, last_end: datetime) -> None:
    """By the calendar, or to the second where an end is written (RFC 5545, 3.8.5.3)."""
    start = "DTSTART;TZID=Europe/Berlin:20271029T120000"
    entry = f"UID:one@source.example\nSUMMARY:Coffee\n{start}\nRRULE:FREQ=DAILY;COUNT=2\n{lasts}"
    *_, last = drafted(entry).sessions

    assert last.end
    assert resolved(last.end, "Europe/Berlin") == last_end


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        # In Berlin the night to 28 March 2027 is an hour shorter, that to 31 October longer.
        ("20270327T220000", "20270328T060000", ["28 04:00", "04 03:00", "11 03:00"]),
        ("20271030T220000", "20271031T060000", ["31 05:00", "07 06:00", "14 06:00"]),
        # 02:30 is there twice on 31 October: the first of them, when it begins.
        ("20271031T023000", "20271031T033000", ["31 02:30", "07 03:30", "14 03:30"]),
    ],
)
def test_first_time_ends_as_it_is_written_and_others_last_as_long(
    start: str, end: str, ends: list[str]
) -> None:
    """RFC 5545, 3.8.5.3: the exact duration of the first is that of all."""
    lines = f"DTSTART;TZID=Europe/Berlin:{start}\nDTEND;TZID=Europe/Berlin:{end}"

    draft = drafted(f"SUMMARY:Night\n{lines}\nRRULE:FREQ=WEEKLY;COUNT=3")

    found = [each.end and resolved(each.end, "Europe/Berlin") for each in draft.sessions]
    assert [f"{each:%d %H:%M}" for each in found if each] == ends


def test_clock_time_stays_when_clocks_change() -> None:
    """In Berlin clocks go back in the night to 31 October 2027: 10:00 is 08:00 UTC, then 09:00."""
    entry = COFFEE.replace("20270615", "20271030")

    draft = drafted(f"{entry}RRULE:FREQ=DAILY;COUNT=2")

    assert [each.start for each in draft.sessions] == [
        datetime(2027, 10, 30, 10, 0),
        datetime(2027, 10, 31, 10, 0),
    ]


@pytest.mark.parametrize(
    ("start", "on"),
    [
        # Clocks show 02:30 twice on 25 October 2026, and never on 28 March 2027.
        ("20261025T023000", ["25 00:30", "01 01:30", "08 01:30"]),
        ("20270328T023000", ["28 01:30", "04 00:30", "11 00:30"]),
    ],
)
def test_series_that_begins_when_clocks_change_stays_on_its_time(start: str, on: list[str]) -> None:
    entry = f"SUMMARY:Night\nDTSTART;TZID=Europe/Berlin:{start}\nRRULE:FREQ=WEEKLY;COUNT=3"

    draft = drafted(entry)

    found = [each.start and resolved(each.start, "Europe/Berlin") for each in draft.sessions]
    assert [f"{each:%d %H:%M}" for each in found if each] == on


BRASILIA = """
BEGIN:VTIMEZONE
TZID:(GMT-03.00) Brasilia
BEGIN:STANDARD
DTSTART:20080217T000000
TZOFFSETFROM:-0200
TZOFFSETTO:-0300
RRULE:FREQ=YEARLY;BYMONTH=2;BYDAY=3SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20081102T000000
TZOFFSETFROM:-0300
TZOFFSETTO:-0200
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:DAYLIGHT
END:VTIMEZONE
"""


@pytest.mark.parametrize(
    ("lines", "on"),
    [
        # By the rules of the file clocks go back on 21 February 2027, and forward on 7 November.
        ("20270210T190000\nRRULE:FREQ=WEEKLY;COUNT=3",
         ["0210 21:00", "0217 21:00", "0224 22:00"]),
        ("20270210T190000\nRRULE:FREQ=WEEKLY;UNTIL=20270224T220000Z",
         ["0210 21:00", "0217 21:00", "0224 22:00"]),
        ("20270210T190000\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE:20270217T210000Z,20270224T220000Z",
         ["0210 21:00"]),
        # Of years in which nothing else of the file is, too.
        ("20270610T190000\nRRULE:FREQ=YEARLY;BYMONTH=1,6;COUNT=4",
         ["0610 22:00", "0110 21:00", "0610 22:00", "0110 21:00"]),
    ],
)  # fmt: skip
def test_each_time_is_placed_by_the_rules_of_the_file(lines: str, on: list[str]) -> None:
    entry = f"SUMMARY:Samba\nDTSTART;TZID=(GMT-03.00) Brasilia:{lines}"

    draft = drafted(entry, zones=BRASILIA)

    found = [each.start and each.start.astimezone(UTC) for each in draft.sessions]
    assert [f"{each:%m%d %H:%M}" for each in found if each] == on


def test_end_in_another_zone_is_as_much_later_each_time() -> None:
    """New York is six hours behind Berlin in June."""
    entry = COFFEE.replace(
        "DTEND;TZID=Europe/Berlin:20270615T10", "DTEND;TZID=America/New_York:20270615T06"
    )

    draft = drafted(f"{entry}RRULE:FREQ=DAILY;COUNT=2")

    assert times(draft) == ["15 10:00-12:30", "16 10:00-12:30"]


def test_showing_that_was_changed_is_there_once() -> None:
    moved = """
UID:coffee@source.example
RECURRENCE-ID;TZID=Europe/Berlin:20270616T100000
SUMMARY:Coffee
DTSTART;TZID=Europe/Berlin:20270616T111500
DTEND;TZID=Europe/Berlin:20270616T114500
"""

    draft = drafted(f"{COFFEE}RRULE:FREQ=DAILY;COUNT=3", moved)

    assert times(draft) == ["15 10:00-10:30", "17 10:00-10:30", "16 11:15-11:45"]
    assert [each.uid for each in draft.sessions] == ["coffee@source.example", None, None]
    assert {each.key for each in draft.sessions} == {"coffee@source.example"}


@pytest.mark.parametrize(
    ("start", "lines", "on"),
    [
        # In winter 19:00 in Berlin is 18:00 in UTC and 13:00 in New York.
        (":20270105T180000Z", "EXDATE;TZID=Europe/Berlin:20270112T190000", ["05 18:00"]),
        (";TZID=Europe/Berlin:20270105T190000", "EXDATE;TZID=America/New_York:20270112T130000",
         ["05 18:00"]),
        (";TZID=Europe/Berlin:20270105T190000", "RDATE;TZID=America/New_York:20270114T130000",
         ["05 18:00", "12 18:00", "14 18:00"]),
        (";TZID=Europe/Berlin:20270105T190000",
         "EXDATE;TZID=W. Europe Standard Time:20270112T190000", ["05 18:00"]),
        (";TZID=Europe/Berlin:20270105T190000", "EXDATE:20270112T190000", ["05 18:00"]),
    ],
)  # fmt: skip
def test_times_that_are_listed_are_of_the_zone_that_they_name(
    start: str, lines: str, on: list[str]
) -> None:
    draft = drafted(f"SUMMARY:Choir\nDTSTART{start}\nRRULE:FREQ=WEEKLY;COUNT=2\n{lines}")

    found = [each.start and resolved(each.start, "Europe/Berlin") for each in draft.sessions]
    assert [f"{each:%d %H:%M}" for each in found if each] == on


def test_listed_times_of_no_zone_are_on_the_clocks_of_the_calendar() -> None:
    entry = "SUMMARY:Choir\nDTSTART:20270105T190000\nRRULE:FREQ=WEEKLY;COUNT=3\n"
    listed = "EXDATE;TZID=Europe/Berlin:20270112T190000\nEXDATE:20270119T180000Z"

    draft = drafted(entry + listed, head="X-WR-TIMEZONE:Europe/Berlin")

    assert [each.start for each in draft.sessions] == [datetime(2027, 1, 5, 19, 0)]


def test_day_is_left_out_by_its_midnight_in_any_zone() -> None:
    entry = "SUMMARY:Fair\nDTSTART;VALUE=DATE:20270105\nRRULE:FREQ=DAILY;COUNT=2\n"

    draft = drafted(f"{entry}EXDATE;TZID=Europe/Berlin:20270106T000000", TALK)

    assert [each.day for each in draft.sessions] == [date(2027, 1, 5), None]


def test_showing_that_was_changed_in_another_zone_is_there_once() -> None:
    series = "UID:a@a.example\nSUMMARY:Choir\nDTSTART;TZID=Europe/Berlin:20270105T190000"
    moved = """
UID:a@a.example
RECURRENCE-ID;TZID=America/New_York:20270112T130000
SUMMARY:Choir
DTSTART;TZID=Europe/Berlin:20270113T200000
"""

    draft = drafted(f"{series}\nRRULE:FREQ=WEEKLY;COUNT=2", moved)

    assert times(draft, "Choir") == ["05 19:00", "13 20:00"]


def test_cancelled_showing_is_the_only_one_that_is() -> None:
    off = """
UID:coffee@source.example
RECURRENCE-ID:20270616T080000Z
STATUS:CANCELLED
SUMMARY:Coffee
DTSTART:20270616T080000Z
"""

    draft = drafted(f"{COFFEE}RRULE:FREQ=DAILY;COUNT=2", off)

    assert [(each.start, each.is_cancelled) for each in draft.sessions] == [
        (datetime(2027, 6, 15, 10, 0), False),
        (datetime(2027, 6, 16, 8, 0, tzinfo=UTC), True),
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=5",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=3;COUNT=3",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=7;COUNT=3",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYWEEKNO=54",
        "FREQ=YEARLY;BYMONTH=13;COUNT=3",
        "FREQ=DAILY;BYYEARDAY=400;COUNT=3",
        "FREQ=DAILY;INTERVAL=0;COUNT=3",
        "FREQ=DAILY;COUNT=many",
        "FREQ=DAILY;UNTIL=never",
        "COUNT=3",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=3",
    ],
)
def test_rule_that_is_not_followed_is_told(rule: str) -> None:
    draft = drafted(f"{COFFEE}RRULE:{rule}")

    assert times(draft) == ["15 10:00-10:30"]
    assert draft.sessions[0].guessed[-1] == "it repeats, and only its first time is here"


def test_rule_that_fits_no_day_ends() -> None:
    assert times(drafted(f"{COFFEE}RRULE:FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=3")) == [
        "15 10:00-10:30"  # where it begins, it is on (RFC 5545, 3.8.5.3)
    ]


def test_showings_are_a_thousand_at_most() -> None:
    many = f"{COFFEE}RRULE:FREQ=DAILY;COUNT=900"
    more = many.replace("coffee@", "tea@").replace("Coffee", "Tea")

    draft = drafted(many, more)

    assert (len(times(draft)), len(times(draft, "Tea"))) == (900, 1)
    assert draft.sessions[-1].guessed == ["it repeats, and only its first time is here"]


def test_what_is_left_out_by_a_rule_that_cannot_be_read_is_told() -> None:
    draft = drafted(f"{COFFEE}RRULE:FREQ=DAILY;COUNT=2\nEXRULE:FREQ=SECONDLY")

    assert times(draft) == ["15 10:00-10:30", "16 10:00-10:30"]
    assert draft.sessions[0].guessed == [
        "what its EXRULE leaves out cannot be read, and is here: 'FREQ=SECONDLY'"
    ]


def test_long_series_leave_some_times_to_others() -> None:
    """Each has 5844 of the 10,000 times that are kept: all of them, or those of two years."""
    series = [
        f"UID:{name}@a.example\nSUMMARY:{name}\nDTSTART:20200101T100000Z\n"
        "RRULE:FREQ=DAILY;UNTIL=20351231T100000Z"
        for name in ("One", "Two", "Three")
    ]
    wishes = Wishes(entry_for_entry=True, until=date(2028, 6, 1))

    draft = draft_of(calendar(*series), wishes)

    found = {
        each.title: [one for one in draft.sessions if one.title == each.title]
        for each in draft.sessions
    }
    assert {title: len(each) for title, each in found.items()} == {
        "One": 5844,
        "Two": 1 + 732,
        "Three": 1 + 732,
    }
    assert found["Two"][0].guessed == [
        "it repeats often: it is here at first and from 2026-06-01 until 2028-06-01"
    ]


def test_entry_of_a_far_year_prolongs_no_other_that_is_kept() -> None:
    jubilee = TALK.replace("2027", "2035")
    wishes = Wishes(entry_for_entry=True, until=date(2028, 6, 1))

    draft = draft_of(calendar(f"{COFFEE}RRULE:FREQ=WEEKLY", jubilee), wishes)

    last = max(each.start for each in draft.sessions if each.title == "Coffee" and each.start)
    assert last.date() == date(2028, 5, 30)  # the last Tuesday before that day


def any_rule(chance: random.Random) -> str:
    """Return a rule of months or years."""
    every = chance.choice(["MONTHLY", "YEARLY"])
    place = chance.choice(["", "", "1", "2", "-1", "5", "-2"])
    others = {
        "BYDAY": ",".join(place + each for each in chance.sample(WEEKDAYS, chance.randint(1, 3))),
        "BYMONTH": ",".join(map(str, chance.sample(range(1, 13), chance.randint(1, 3)))),
        "BYMONTHDAY": chance.choice(["13", "30", "31", "-1", "1,15", "-2,2", "29"]),
    }
    if place and every == "YEARLY" and chance.random() < 0.5:
        others = {"BYDAY": others["BYDAY"]}
    named = chance.sample(sorted(others), chance.randint(0, len(others)))
    if "BYDAY" in named and "BYMONTHDAY" in named and place:
        named.remove("BYMONTHDAY")  # RFC 5545 says nothing of both in a year
    if named and chance.random() < 0.3:
        others["BYSETPOS"], named = chance.choice(["1", "-1", "2", "1,-1"]), [*named, "BYSETPOS"]
    more = "".join(f";{name}={others[name]}" for name in named)
    return f"FREQ={every};INTERVAL={chance.randint(1, 4)}{more}"


@pytest.mark.parametrize("seed", range(200))
def test_rules_of_months_and_years_are_those_of_dateutil(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    rule = any_rule(chance)
    first = datetime(2024, 1, 1, 19, 30) + timedelta(days=chance.randrange(800))
    last = datetime(2034, 12, 31)

    listed = starts(rule, first, last, UTC, most=10_000)

    expected = rrulestr(rule, dtstart=first).between(first, last, inc=True)
    assert (listed.times if listed else []) == expected, rule


def test_entry_that_does_not_repeat_is_as_it_was() -> None:
    draft = drafted(TALK)

    assert [(each.start, each.guessed) for each in draft.sessions] == [
        (datetime(2027, 6, 15, 7, 0, tzinfo=UTC), [])
    ]
