"""Feeds: the real events as their pages have them, and every kind of feed by the letter."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from conftest import BASE_URL, NOW, PROJECT, SHARED, event_of, schedule_of
from readers import (
    READERS,
    Component,
    Read,
    component_of,
    faults,
    read_ical,
    read_vobject,
    unescaped,
)

from calsvc import config
from calsvc.addresses import Addresses
from calsvc.errors import SettingsError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, session_feed, site_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import DISPLAY_OPTIONS

CALSVC = (sys.executable, "-m", "calsvc")

Reader = Callable[[bytes], list[Read]]
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


def feed(schedule: Schedule, query: str = "") -> bytes:
    """Return an event's feed at an address with this query string."""
    return event_feed(Blocks(schedule, Addresses(BASE_URL)), selection_of(parse_qsl(query))).body


def download(schedule: Schedule, session_id: str, query: str = "") -> bytes:
    """Return one session's download at an address with this query string."""
    chosen = selection_of(parse_qsl(query), options=DISPLAY_OPTIONS)
    return session_feed(Blocks(schedule, Addresses(BASE_URL)), session_id, chosen).body


def entries_of(body: bytes) -> dict[str, Component]:
    """Return the entries of a feed by their titles as they stand there."""
    return {entry.value("SUMMARY") or "": entry for entry in component_of(body).inside("VEVENT")}


# --- the real events ----------------------------------------------------------------------


@pytest.fixture(scope="session")
def page() -> str:
    """The text of the page that ai-data-2025 is after."""
    path = SHARED / "agendas" / "ai-data-2025.txt"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return path.read_text("utf-8")


CLOCKS = re.compile(r"^(\d\d:\d\d [AP]M) - (\d\d:\d\d [AP]M)$", re.MULTILINE)
SPOKEN = re.compile(r"^(Speaker|Moderator|Panelist) (.+),(.+)$", re.MULTILINE)
AUTHORS = re.compile(r"^(.+)\n\nAuthors?: (.+)$", re.MULTILINE)


def timetable(page: str) -> dict[str, tuple[datetime, datetime]]:
    """Return the titles of the page's agenda with their times."""
    found = list(re.finditer(rf"{CLOCKS.pattern}\n(.+)$", page, re.MULTILINE))
    return {match[3]: (_pacific(match[1]), _pacific(match[2])) for match in found}


def _pacific(clock: str) -> datetime:
    # "Event times below are displayed in PT", which is UTC-7 in June.
    local = datetime.strptime(f"2025-06-25 {clock} -0700", "%Y-%m-%d %I:%M %p %z")
    return local.astimezone(UTC)


def speakers(page: str) -> dict[str, list[str]]:
    """Return the titles of the page's agenda with people as feeds write them."""
    starts = [*CLOCKS.finditer(page)]
    ends = [match.start() for match in starts[1:]] + [page.index("\nAuthors:")]
    return {
        page[start.end() + 1 :].split("\n", 1)[0]: [
            f"{role}: {name}, {organization}"
            for role, name, organization in SPOKEN.findall(page[start.end() : end])
        ]
        for start, end in zip(starts, ends, strict=True)
    }


def people_of(entry: Read) -> list[str]:
    """Return the lines of an entry's description that name people."""
    return re.findall(r"^(?:Speaker|Moderator|Panelist|Author|Host): .+$", entry.description, re.M)


def bullets(entry: Read) -> list[str]:
    """Return the lines of an entry's description that are listed."""
    return re.findall(r"^- (.+)$", entry.description, re.M)


@each_reader
def test_page_and_feed_have_the_same_timetable(
    page: str, reader: Reader, ai_data: Schedule
) -> None:
    expected = timetable(page)

    entries = reader(feed(ai_data, "banner=no"))

    assert len(expected) == 20
    assert expected["Attendee Registration"] == (
        datetime(2025, 6, 25, 15, 30, tzinfo=UTC),
        datetime(2025, 6, 25, 17, 0, tzinfo=UTC),
    )
    assert {entry.summary: (entry.start, entry.end) for entry in entries} == expected
    assert len(entries) == 20


@each_reader
def test_page_and_feed_have_the_same_people(page: str, reader: Reader, ai_data: Schedule) -> None:
    expected = speakers(page)

    entries = reader(feed(ai_data, "banner=no"))

    assert expected["Fireside Chat"] == [
        "Speaker: Aparna Ramani, Meta",
        "Speaker: Ion Stoica, AnyScale",
    ]
    assert sum(map(len, expected.values())) == 32
    assert {entry.summary: people_of(entry) for entry in entries} == expected


@each_reader
def test_page_and_feed_have_the_same_posters(page: str, reader: Reader, ai_data: Schedule) -> None:
    authors = {title.strip(): names for title, names in AUTHORS.findall(page)}

    entries = reader(feed(ai_data, "kind=poster&banner=no"))

    times = timetable(page)
    shown = sorted(when for title, when in times.items() if "Poster Sessions" in title)
    assert len(authors) == 28
    assert sorted((each.summary, each.start, each.end) for each in entries) == sorted(
        (title, start, end) for title in authors for start, end in shown
    )
    assert len(entries) == 84
    for entry in entries:
        assert _left(authors[entry.summary], people_of(entry)) == ""


def _left(written: str, people: list[str]) -> str:
    """Return what the page says of a poster's authors beyond the people that the feed names."""
    for person in people:
        name, _, organization = person.removeprefix("Author: ").partition(", ")
        assert name in written and organization in written
        written = written.replace(name, "", 1)
    for organization in {person.partition(", ")[2] for person in people} - {""}:
        written = written.replace(organization, "")
    # Their jobs in brackets, and what joins their names.
    return re.sub(r"\((?:DE|DS|SWEs)\)|\band\b|[,&\s]", "", written)


@each_reader
def test_poster_sessions_list_the_posters_of_the_page(
    page: str, reader: Reader, ai_data: Schedule
) -> None:
    posters = sorted(title.strip() for title, _ in AUTHORS.findall(page))

    entries = reader(feed(ai_data, "kind=poster-session&banner=no"))

    listed = {
        entry.summary: sorted(re.findall(r"^- (.+)$", entry.description, re.M)) for entry in entries
    }
    sessions = (
        "Lunch & Poster Sessions",
        "Break & Poster Sessions",
        "Happy Hour & Poster Sessions",
    )
    assert listed == dict.fromkeys(sessions, posters)
    assert len(posters) == 28


@each_reader
def test_page_and_feed_have_the_same_place(page: str, reader: Reader, ai_data: Schedule) -> None:
    name, address = re.findall(r"^Location: (.+)\n(.+)$", page, re.M)[0]

    entries = reader(feed(ai_data, "parts=yes"))

    assert {entry.location for entry in entries} == {f"{name}, {address}"}
    assert len(entries) == 1 + 20 + 84


@each_reader
def test_event_is_an_all_day_entry_of_its_feed(reader: Reader, ai_data: Schedule) -> None:
    [banner, *others] = reader(feed(ai_data))

    assert (banner.summary, banner.start, banner.end, banner.status, banner.transp) == (
        "AI & Data @Scale 2025",
        date(2025, 6, 25),
        date(2025, 6, 26),
        "CONFIRMED",
        "TRANSPARENT",
    )
    assert len(others) == 20


@each_reader
def test_event_without_times_is_a_save_the_date(
    reader: Reader, real_schedules: list[Schedule]
) -> None:
    schedule = next(each for each in real_schedules if each.event.id == "systems-reliability-2026")
    source = (PROJECT / "events" / "systems-reliability-2026.yaml").read_text("utf-8")
    announced = re.findall(r"^    title: \"?(.+?)\"?$", source, re.M)

    entries = reader(feed(schedule))

    [entry] = entries
    assert (entry.summary, entry.start, entry.end, entry.location, entry.status, entry.transp) == (
        "Systems & Reliability @Scale 2026",
        date(2026, 6, 25),
        date(2026, 6, 26),
        "Bellevue, Washington",
        "CONFIRMED",
        "TRANSPARENT",
    )
    assert bullets(entry) == announced
    assert len(announced) == 12


def test_save_the_date_is_on_the_day_and_in_the_place_of_its_page() -> None:
    path = SHARED / "agendas" / "systems-reliability-2026.txt"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")

    lines = path.read_text("utf-8").splitlines()

    assert lines[2:4] == ["June 25, 2026", "Bellevue, Washington"]


def test_session_that_gets_a_time_keeps_the_uid_of_its_download(
    real_schedules: list[Schedule],
) -> None:
    before = next(each for each in real_schedules if each.event.id == "systems-reliability-2026")
    [waiting] = read_vobject(download(before, "gb200-clusters"))

    source = (PROJECT / "events" / "systems-reliability-2026.yaml").read_text("utf-8")
    timed = source.replace("id: gb200-clusters\n", "id: gb200-clusters\n    when: 09:00-09:45\n")
    after = publish(event_of(timed, before.event.id), before, NOW + timedelta(days=1))

    [entry] = read_vobject(feed(after, "banner=no"))
    assert read_vobject(download(after, "gb200-clusters"))[0].uid == waiting.uid
    assert (waiting.start, waiting.end, waiting.status) == (
        date(2026, 6, 25),
        date(2026, 6, 26),
        "TENTATIVE",
    )
    assert (entry.uid, entry.start, entry.end, entry.status, entry.sequence) == (
        waiting.uid,
        datetime(2026, 6, 25, 16, 0, tzinfo=UTC),
        datetime(2026, 6, 25, 16, 45, tzinfo=UTC),
        "CONFIRMED",
        waiting.sequence + 1,
    )


# --- every kind of feed -------------------------------------------------------------------

RICH = """
    name: "Conf, \\"quoted\\"; 日本"
    series: Confs
    timezone: Europe/Berlin
    dates: {from: 2026-10-23, to: 2026-10-26}
    language: de
    description: "About\\n\\nit."
    color: teal
    image: https://example.org/logo.png
    stream: https://example.org/live
    registration: https://example.org/tickets
    notes_url: https://example.org/notes
    url: https://example.org/
    venue: {name: "Haus, \\"Mitte\\" ^1", address: "Straße 1; Berlin", geo: [52.52, 13.405]}
    organizer: {name: Club, email: club@example.org}
    tracks: [{name: Main, color: Red}]
    rooms:
      - name: Saal
        geo: [52.5, -13.25]
      - name: Annex
        place: {name: Other house, address: Elsewhere 2}
    sessions:
      - {id: opening, title: Opening, kind: opening, when: "2026-10-24 09:00-09:30", room: Saal}
      - id: night
        title: Night hike
        kind: social
        when: "2026-10-24 22:00-01:00+1"
        people: [Ada]
      - id: repeated
        title: The repeated hour
        when: {start: "2026-10-25T02:15+02:00", end: "2026-10-25T02:15+01:00"}
      - id: remote
        title: From Los Angeles
        when: {start: "2026-10-24 09:00", duration: 45, timezone: America/Los_Angeles}
        stream: https://example.org/remote
      - id: ramadan
        title: From Casablanca
        when: {start: "2026-10-24 10:00", duration: 45, timezone: Africa/Casablanca}
      - id: cancelled
        title: Cancelled from the start
        status: cancelled
        when: 2026-10-24 11:00-12:00
      - {id: maybe, title: Maybe, status: tentative, when: "2026-10-24 12:00-13:00", track: Main}
      - {id: leaves, title: Leaves, when: "2026-10-24 13:00-14:00"}
      - {id: postponed, title: Postponed, when: "2026-10-24 14:00-15:00", room: Annex}
      - id: posters
        title: Posters
        kind: poster-session
        when: [2026-10-24 15:00-16:00, 2026-10-26 15:00-16:00]
        room: Saal
      - {id: poster-1, title: "Poster, one", kind: poster, part_of: posters, people: ["B, C"]}
      - {id: poster-2, title: "Poster; two", kind: poster, part_of: posters, tags: [x, "y z"]}
      - {id: waiting, title: Waiting, links: [{url: "https://example.org/a,b;c", title: Paper}]}
    """


@pytest.fixture(scope="session")
def rich() -> Schedule:
    """An event with something of everything, published twice."""
    before = schedule_of(RICH)
    changed = "".join(
        line.replace(', when: "2026-10-24 14:00-15:00"', "")
        for line in RICH.splitlines(keepends=True)
        if "id: leaves" not in line
    )
    return publish(event_of(changed), before, NOW + timedelta(days=1))


QUERIES = (
    *("", "kind=poster", "kind=!poster", "track=main", "room=saal", "speaker=ada", "q=poster"),
    *("day=2026-10-24", "session=waiting", "language=de", "parts=yes", "banner=no", "alarm=10"),
    *("alarm=0", "busy=yes", "busy=no", "cancelled=mark", "cancelled=drop", "kind=keynote"),
    *("tag=%22%3B%2C", "kind=keynote&banner=no", "alarm=1&busy=yes&cancelled=mark&parts=yes"),
)


def feeds(rich: Schedule, real_schedules: list[Schedule]) -> dict[str, bytes]:
    """Return a feed of every kind, by what it is."""
    empty = schedule_of("{name: Empty, timezone: UTC, date: 2025-06-25}", "empty")
    site = [Blocks(schedule, Addresses(BASE_URL)) for schedule in (*real_schedules, rich, empty)]
    made = {f"rich?{query}": feed(rich, query) for query in QUERIES}
    made |= {f"{each.event.id}?parts=yes": feed(each, "parts=yes") for each in real_schedules}
    made |= {f"empty?{query}": feed(empty, query) for query in ("", "banner=no", "kind=talk")}
    for query in ("", "series=scale", "series=none", "cancelled=drop"):
        chosen = selection_of(parse_qsl(query), filters=("series",), options=("cancelled",))
        made[f"site?{query}"] = site_feed(site, chosen, Addresses(BASE_URL)).body
    for session_id in {entry.session for entry in rich.entries if entry.session}:
        for query in ("", "alarm=5", "busy=no", "cancelled=mark", "cancelled=drop"):
            made[f"{session_id}?{query}"] = download(rich, session_id, query)
    return made


def test_feed_of_every_kind_is_right_by_the_letter(
    rich: Schedule, real_schedules: list[Schedule]
) -> None:
    made = feeds(rich, real_schedules)

    wrong = {what: found for what, body in made.items() if (found := faults(body))}

    assert wrong == {}
    assert len(made) > 80


def test_feed_of_every_kind_is_the_same_to_every_reader(
    rich: Schedule, real_schedules: list[Schedule]
) -> None:
    made = feeds(rich, real_schedules)

    read = {
        what: {name: reader(body) for name, reader in READERS.items()}
        for what, body in made.items()
    }

    assert read == {
        what: dict.fromkeys(READERS, entries["vobject"]) for what, entries in read.items()
    }
    assert all(entries["vobject"] for entries in read.values())


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        (b"\r\n", b"\n", "does not end with CRLF"),
        (b"VERSION:2.0\r\n", b"", "VERSION is there 0 times"),
        (b"VERSION:2.0\r\n", b"VERSION:2.0\r\nVERSION:2.0\r\n", "VERSION is there 2 times"),
        (b"PRODID:", b"X-PRODID:", "PRODID is there 0 times"),
        (b"CALSCALE:GREGORIAN", b"METHOD:PUBLISH", "has a METHOD"),
        (b"END:VCALENDAR\r\n", b"END:VCALENDAR", "does not end with CRLF"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk\r\nSUMMARY:Talk", "SUMMARY is there 2 times"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk, and more", "is not escaped: 'SUMMARY:Talk, and more'"),
        (b"SUMMARY:Talk", b"SUMMARY:Talk\\N", r"is not escaped: 'SUMMARY:Talk\\N'"),
        (b"SUMMARY:Talk", b"SUMMARY:Ta\x00lk", "has a control character"),
        (b"SUMMARY:Talk", b"SUMMARY:" + b"x" * 80, "has 88 octets"),
        (
            b"SUMMARY:Talk",
            b"SUMMARY:\xc3\r\n \xa9",
            "splits a character",
        ),
        (b"SUMMARY:Talk", b'SUMMARY;X=a"b:Talk', "is no content line"),
        (b"SUMMARY:Talk", b"\r\nSUMMARY:Talk", "is empty"),
        (b"DTSTART;TZID=Europe/Berlin:", b"DTSTART:", "DTSTART and DTEND are not alike"),
        (b"20260625T090000", b"20260625T100000", "does not end after it starts"),
        (b"20260625T090000", b"20260625T090000Z", "is no time"),
        (b"TZID:Europe/Berlin", b"TZID:Europe/Paris", "uses the zones"),
        (b"TZOFFSETTO:+0200", b"TZOFFSETTO:0200", "is not as Outlook wants it"),
        (b"BYDAY=-1SU", b"BYDAY=-1SU;COUNT=2", "is not as Outlook wants it"),
        (b"TRANSP:TRANSPARENT", b"TRANSP:OPAQUE", "disagree"),
        (b"STATUS:CONFIRMED", b"STATUS:MOVED", "has no such STATUS"),
        (b"DTSTAMP:2025", b"DTSTAMP:2024", "DTSTAMP is not the last revision"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_checker_of_feeds_finds_what_is_broken(right: bytes, wrong: bytes, fault: str) -> None:
    body = feed(
        schedule_of("""
            name: Conf
            timezone: Europe/Berlin
            date: 2026-06-25
            sessions:
              - {id: talk, title: Talk, when: "09:00-10:00"}
            """),
        "banner=no",
    )
    assert faults(body) == []

    broken = body.replace(right, wrong)

    assert [each for each in faults(broken) if fault in each]


# --- what entries say ---------------------------------------------------------------------

SAYS = ("STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")


def states(body: bytes) -> dict[str, tuple[str | None, ...]]:
    """Return status and busyness of the entries of a feed by their titles."""
    return {
        title: tuple(entry.value(name) for name in SAYS)
        for title, entry in entries_of(body).items()
    }


THREE = """
    name: Conf
    timezone: Europe/Berlin
    date: 2026-06-25
    sessions:
      - {id: sure, title: Sure, when: "09:00-10:00"}
      - {id: maybe, title: Maybe, when: "10:00-11:00", status: tentative}
      - {id: off, title: "Off", when: "11:00-12:00", status: cancelled}
    """
FREE = {"Conf": ("CONFIRMED", "TRANSPARENT", "FREE")}
OFF = {"Cancelled: Off": ("CANCELLED", "TRANSPARENT", "FREE")}
PROGRAMME = {
    "Sure": ("CONFIRMED", "TRANSPARENT", "FREE"),
    "Maybe": ("TENTATIVE", "TRANSPARENT", "FREE"),
}
PERSONAL = {
    "Sure": ("CONFIRMED", "OPAQUE", "BUSY"),
    "Maybe": ("TENTATIVE", "OPAQUE", "TENTATIVE"),
}
MARKED = {"Cancelled: Off": ("CONFIRMED", "TRANSPARENT", "FREE")}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", FREE | PROGRAMME | OFF),
        ("busy=no", FREE | PROGRAMME | OFF),
        ("busy=yes", FREE | PERSONAL | OFF),
        ("cancelled=mark", FREE | PROGRAMME | MARKED),
        ("cancelled=drop", FREE | PROGRAMME),
        ("busy=yes&cancelled=mark", FREE | PERSONAL | MARKED),
        ("cancelled=drop&banner=no", PROGRAMME),
    ],
)
def test_status_and_busyness_of_entries_agree(
    query: str, expected: dict[str, tuple[str, str, str]]
) -> None:
    schedule = schedule_of(THREE)

    said = states(feed(schedule, query))

    assert said == expected


@pytest.mark.parametrize(
    ("session_id", "query", "expected"),
    [
        ("sure", "", {"Sure": PERSONAL["Sure"]}),
        ("sure", "busy=no", {"Sure": PROGRAMME["Sure"]}),
        ("maybe", "busy=yes", {"Maybe": PERSONAL["Maybe"]}),
        ("off", "", OFF),
        ("off", "cancelled=mark", MARKED),
        (
            "off",
            "cancelled=drop",
            {"Conf: nothing matches this calendar now": ("CONFIRMED", "TRANSPARENT", "FREE")},
        ),
    ],
)
def test_download_is_a_personal_choice(
    session_id: str, query: str, expected: dict[str, tuple[str, str, str]]
) -> None:
    schedule = schedule_of(THREE)

    said = states(download(schedule, session_id, query))

    assert said == expected


def test_cancelled_event_cancels_all_its_entries() -> None:
    schedule = schedule_of(THREE.replace("name: Conf\n", "name: Conf\n    status: cancelled\n"))

    said = states(feed(schedule, "busy=yes"))

    cancelled = ("CANCELLED", "TRANSPARENT", "FREE")
    titles = ("Cancelled: Conf", "Cancelled: Sure", "Cancelled: Maybe", "Cancelled: Off")
    assert said == dict.fromkeys(titles, cancelled)


@each_reader
def test_session_that_loses_its_time_is_postponed_and_comes_back(reader: Reader) -> None:
    first = schedule_of(THREE)
    waiting = THREE.replace('title: Sure, when: "09:00-10:00"', "title: Sure")
    back = THREE.replace('title: Sure, when: "09:00-10:00"', 'title: Sure, when: "15:00-16:00"')

    second = publish(event_of(waiting), first, NOW + timedelta(days=1))
    third = publish(event_of(back), second, NOW + timedelta(days=2))

    def sure(schedule: Schedule) -> Read:
        return next(each for each in reader(feed(schedule)) if "Sure" in each.summary)

    was, postponed, again = map(sure, (first, second, third))
    seven = datetime(2026, 6, 25, 7, 0, tzinfo=UTC)
    assert [
        (each.uid, each.summary, each.start, each.status, each.sequence)
        for each in (was, postponed, again)
    ] == [
        (was.uid, "Sure", seven, "CONFIRMED", 0),
        (was.uid, "Postponed: Sure", seven, "CANCELLED", 1),
        (was.uid, "Sure", seven + timedelta(hours=6), "CONFIRMED", 2),
    ]
    assert postponed.description.startswith("Postponed: a new time will be announced.\n\n")
    banner = reader(feed(second))[0]
    assert "Announced, with a time to come:\n- Sure" in banner.description


def test_alarm_is_on_each_timed_entry_that_takes_place() -> None:
    schedule = schedule_of(THREE)

    alarms = {
        title: [[tuple(each) for each in alarm.properties] for alarm in entry.components]
        for title, entry in entries_of(feed(schedule, "alarm=10")).items()
    }

    def alarm(title: str) -> list[list[tuple[str, dict[str, str], str]]]:
        return [[("ACTION", {}, "DISPLAY"), ("DESCRIPTION", {}, title), ("TRIGGER", {}, "-PT10M")]]

    assert alarms == {
        "Conf": [],
        "Sure": alarm("Sure"),
        "Maybe": alarm("Maybe"),
        "Cancelled: Off": [],
    }


def test_parts_point_at_the_entries_that_they_belong_to(ai_data: Schedule) -> None:
    entries = component_of(feed(ai_data, "parts=yes")).inside("VEVENT")

    times = {
        entry.value("UID"): (entry.value("DTSTART"), entry.value("DTEND")) for entry in entries
    }
    parts = [entry for entry in entries if entry.all("RELATED-TO")]
    assert len(parts) == 84
    for part in parts:
        [parent] = part.all("RELATED-TO")
        assert parent.parameters == {"RELTYPE": "PARENT"}
        assert times[parent.value] == (part.value("DTSTART"), part.value("DTEND"))
    assert len({part.value("RELATED-TO") for part in parts}) == 3


def test_extras_are_said_where_the_agenda_has_them(rich: Schedule) -> None:
    entries = entries_of(feed(rich))

    def extras(title: str) -> dict[str, list[tuple[dict[str, str], str]]]:
        names = ("COLOR", "GEO", "X-APPLE-STRUCTURED-LOCATION", "CONFERENCE", "IMAGE", "URL")
        said = {name: entries[title].all(name) for name in names}
        return {
            name: [(each.parameters, each.value) for each in found]
            for name, found in said.items()
            if found
        }

    def apple(title: str) -> dict[str, str]:
        return {"VALUE": "URI", "X-APPLE-RADIUS": "100", "X-TITLE": title}

    video = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": "Watch"}
    house = 'Haus, "Mitte" ^1, Straße 1; Berlin'
    assert extras('Conf\\, "quoted"\\; 日本') == {
        "COLOR": [({}, "teal")],
        "GEO": [({}, "52.52;13.405")],
        "X-APPLE-STRUCTURED-LOCATION": [(apple(house), "geo:52.52,13.405")],
        "CONFERENCE": [(video, "https://example.org/live")],
        "IMAGE": [({"VALUE": "URI", "DISPLAY": "BADGE"}, "https://example.org/logo.png")],
        "URL": [({}, "https://example.org/")],
    }
    assert extras("Opening") == {
        "GEO": [({}, "52.5;-13.25")],
        "X-APPLE-STRUCTURED-LOCATION": [(apple(f"Saal, {house}"), "geo:52.5,-13.25")],
        "URL": [({}, f"{BASE_URL}/events/conf/sessions/opening/")],
    }
    assert extras("Maybe")["COLOR"] == [({}, "red")]
    assert extras("From Los Angeles")["CONFERENCE"] == [(video, "https://example.org/remote")]
    assert extras("Postponed: Postponed") == {
        "URL": [({}, f"{BASE_URL}/events/conf/sessions/postponed/")]
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("https://example.org/a,b;c?d=e&f=%20#g", "https://example.org/a,b;c?d=e&f=%20#g"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
        (f"https://example.org/{'x' * 300}", f"https://example.org/{'x' * 300}"),
    ],
)
def test_links_stand_as_they_are(written: str, said: str) -> None:
    schedule = schedule_of(f"""
        name: Conf
        timezone: Europe/Berlin
        date: 2026-06-25
        sessions:
          - {{id: talk, title: Talk, when: "09:00-10:00", url: "{written}", stream: "{written}"}}
        """)

    body = feed(schedule)

    entry = entries_of(body)["Talk"]
    [read] = [each for each in read_vobject(body) if each.summary == "Talk"]
    assert (entry.value("URL"), entry.value("CONFERENCE")) == (said, said)
    assert read.description.startswith(f"Watch: {said}\n\n")
    assert read.description.endswith(f"\n\n{said}")
    assert faults(body) == []


def test_structured_location_is_titled_as_the_location(rich: Schedule) -> None:
    entries = component_of(feed(rich, "parts=yes")).inside("VEVENT")

    titled = {
        each.parameters["X-TITLE"]: unescaped(entry.value("LOCATION") or "")
        for entry in entries
        for each in entry.all("X-APPLE-STRUCTURED-LOCATION")
    }

    assert len(titled) == 2
    assert all(title == location for title, location in titled.items())


def test_calendar_says_what_it_is(rich: Schedule) -> None:
    calendar = component_of(feed(rich, "room=saal&busy=yes"))

    assert [tuple(each) for each in calendar.properties] == [
        ("VERSION", {}, "2.0"),
        ("PRODID", {}, "-//calsvc//calsvc//EN"),
        ("CALSCALE", {}, "GREGORIAN"),
        ("NAME", {}, 'Conf\\, "quoted"\\; 日本: room saal'),
        ("X-WR-CALNAME", {}, 'Conf\\, "quoted"\\; 日本: room saal'),
        ("DESCRIPTION", {}, "About it."),
        ("X-WR-CALDESC", {}, "About it."),
        ("X-WR-TIMEZONE", {}, "Europe/Berlin"),
        ("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT1H"),
        ("X-PUBLISHED-TTL", {}, "PT1H"),
        ("SOURCE", {"VALUE": "URI"}, f"{BASE_URL}/events/conf.ics?busy=yes&room=saal"),
        ("URL", {}, "https://example.org/"),
        ("COLOR", {}, "teal"),
        ("LAST-MODIFIED", {}, "20250302T120000Z"),
    ]


def test_download_does_not_name_a_calendar(rich: Schedule) -> None:
    calendar = component_of(download(rich, "opening"))

    assert [tuple(each) for each in calendar.properties] == [
        ("VERSION", {}, "2.0"),
        ("PRODID", {}, "-//calsvc//calsvc//EN"),
        ("CALSCALE", {}, "GREGORIAN"),
    ]


@each_reader
@pytest.mark.parametrize("query", ["kind=keynote", "kind=keynote&banner=no", "speaker=nobody"])
def test_feed_that_nothing_matches_says_so(reader: Reader, query: str) -> None:
    schedule = schedule_of(THREE)

    entries = reader(feed(schedule, query))

    [entry] = entries
    name, value = query.split("&")[0].split("=")
    assert (entry.summary, entry.description, entry.start, entry.end, entry.transp) == (
        "Conf: nothing matches this calendar now",
        f"No session matches: {name} {value}.\n\n{BASE_URL}/events/conf/",
        date(2026, 6, 25),
        date(2026, 6, 26),
        "TRANSPARENT",
    )


def test_nothing_and_the_event_have_uids_of_their_own() -> None:
    schedule = schedule_of(THREE)

    [nothing] = read_ical(feed(schedule, "kind=keynote"))
    entries = read_ical(feed(schedule))

    assert nothing.uid not in {entry.uid for entry in entries}
    assert [entry.uid for entry in read_ical(feed(schedule, "kind=talk"))] == [
        entry.uid for entry in entries
    ]


@pytest.mark.parametrize("session_id", ["a-b", "a.b", "a_b"])
def test_download_is_of_one_session_among_like_ids(session_id: str) -> None:
    schedule = schedule_of("""
        name: Conf
        timezone: Europe/Berlin
        date: 2026-06-25
        sessions:
          - {id: a-b, title: The title of a-b, when: "09:00-10:00"}
          - {id: a.b, title: The title of a.b, when: "09:00-10:00"}
          - {id: a_b, title: The title of a_b, when: "09:00-10:00"}
        """)

    entries = read_vobject(download(schedule, session_id))

    assert [entry.summary for entry in entries] == [f"The title of {session_id}"]


@each_reader
def test_site_feed_has_the_events_of_a_series_in_order(
    reader: Reader, real_schedules: list[Schedule]
) -> None:
    site = sorted(
        (Blocks(schedule, Addresses(BASE_URL)) for schedule in real_schedules),
        key=lambda blocks: blocks.schedule.event.first_day,
    )

    body = site_feed(site, selection_of([]), Addresses(BASE_URL)).body

    assert [(entry.summary, entry.start, entry.end) for entry in reader(body)] == [
        ("AI & Data @Scale 2025", date(2025, 6, 25), date(2025, 6, 26)),
        ("Networking @Scale 2025", date(2025, 8, 13), date(2025, 8, 14)),
        ("Product @Scale 2025", date(2025, 10, 22), date(2025, 10, 23)),
        ("Systems & Reliability @Scale 2026", date(2026, 6, 25), date(2026, 6, 26)),
    ]
    assert component_of(body).value("X-WR-CALNAME") == "@Scale"


# --- the base address ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://calendar.example.org", "https://calendar.example.org"),
        ("https://calendar.example.org/\n", "https://calendar.example.org"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
        ("https://example.org/calendars/", "https://example.org/calendars"),
        ("https://xn--bcher-kva.example/%C3%A9", "https://xn--bcher-kva.example/%C3%A9"),
    ],
)
def test_base_address_stands_before_all_links(
    written: str, address: str, ai_data: Schedule
) -> None:
    base_url = config.load(base_url=written).address

    body = event_feed(Blocks(ai_data, Addresses(base_url)), selection_of([])).body

    calendar = component_of(body)
    assert faults(body) == []
    assert calendar.value("SOURCE") == f"{address}/events/ai-data-2025.ics"
    assert [entry.value("URL") for entry in calendar.inside("VEVENT")] == [
        ai_data.event.url,
        *(
            f"{address}/events/ai-data-2025/sessions/{entry.session}/"
            for entry in ai_data.entries
            if entry.session and not entry.is_part
        ),
    ]


@pytest.mark.parametrize(
    "written",
    [
        "calendar.example.org",
        "ftp://example.org",
        "https://",
        "https:///events",
        "https://example.org?a=b",
        "https://example.org/#events",
        "https://example.org\r\nATTACH:x",
        "https://example.org/a b",
        "https://example.org/\x00",
        "https://bücher.example",
        "https://user:password@example.org",
        "https://[::1",
    ],
)
def test_base_address_that_calendars_cannot_hold_is_refused(written: str) -> None:
    with pytest.raises(SettingsError) as refused:
        config.load(base_url=written)

    assert str(refused.value) == (
        f"setting base_url (CALSVC_BASE_URL): {written!r} cannot be used;"
        " write an address such as https://calendar.example.org"
    )


# --- the same bytes -----------------------------------------------------------------------


def test_feed_has_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    shutil.copytree(PROJECT / "events", folder)
    revised = datetime(2025, 5, 6, 7, 8, 9, tzinfo=UTC)
    for path in folder.iterdir():
        os.utime(path, (revised.timestamp(), revised.timestamp()))

    def export(seed: str, zone: str, locale: str, *query: str) -> bytes:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                "calsvc",
                "export",
                "ai-data-2025",
                "--events",
                str(folder),
                *query,
            ],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": locale},
            cwd=tmp_path,
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout

    query = ("--parts", "yes", "--kind", "poster", "--kind", "talk", "--alarm", "5")
    first = export("1", "UTC", "C", *query)
    second = export("2", "Asia/Tokyo", "C.UTF-8", *reversed_pairs(query))

    assert first == second
    stamps = {entry.value("DTSTAMP") for entry in component_of(first).inside("VEVENT")}
    assert stamps == {"20250506T070809Z"}


def reversed_pairs(words: tuple[str, ...]) -> list[str]:
    """Return options in the opposite order."""
    pairs = [pair for place, pair in enumerate(pairwise(words)) if place % 2 == 0]
    return [word for pair in reversed(pairs) for word in pair]


def test_feed_does_not_depend_on_the_order_of_its_query(ai_data: Schedule) -> None:
    first = feed(ai_data, "kind=panel&kind=talk&busy=yes&alarm=5&room=")
    second = feed(ai_data, "alarm=5&kind=Talk&busy=yes&kind=panel&kind=talk&utm_source=x&v=2")

    assert first == second
