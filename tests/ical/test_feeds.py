"""Feeds of every kind, by the letter and by every reader; and always the same bytes."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from conftest import BASE_URL, NOW, PROJECT, event_of, schedule_of
from feeds import THREE, download, feed
from readers import (
    READERS,
    Read,
    Reader,
    component_of,
    each_reader,
    faults,
    read_ical,
    read_vobject,
)

from calsvc import config
from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed, site_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.query import selection_of

# --- the real events ----------------------------------------------------------------------


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


def bullets(entry: Read) -> list[str]:
    """Return the lines of an entry's description that are listed."""
    return re.findall(r"^- (.+)$", entry.description, re.M)


# --- every kind of feed -------------------------------------------------------------------

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
        made[f"site?{query}"] = site_feed(site, chosen, Addresses(BASE_URL), NOW).body
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


# --- calendars ----------------------------------------------------------------------------


def test_calendar_says_what_it_is(rich: Schedule) -> None:
    calendar = component_of(feed(rich, "room=saal&busy=yes"))

    assert [tuple(each) for each in calendar.properties] == [
        ("VERSION", {}, "2.0"),
        ("PRODID", {}, "-//calsvc//calsvc//EN"),
        ("CALSCALE", {}, "GREGORIAN"),
        ("NAME", {}, 'Conf\\, "quoted"\\; 日本: Raum saal'),
        ("X-WR-CALNAME", {}, 'Conf\\, "quoted"\\; 日本: Raum saal'),
        ("DESCRIPTION", {}, "About it."),
        ("X-WR-CALDESC", {}, "About it."),
        ("X-WR-TIMEZONE", {}, "Europe/Berlin"),
        ("REFRESH-INTERVAL", {"VALUE": "DURATION"}, "PT15M"),
        ("X-PUBLISHED-TTL", {}, "PT15M"),
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

    body = site_feed(site, selection_of([]), Addresses(BASE_URL), NOW).body

    assert [(entry.summary, entry.start, entry.end) for entry in reader(body)] == [
        ("AI & Data @Scale 2025", date(2025, 6, 25), date(2025, 6, 26)),
        ("Networking @Scale 2025", date(2025, 8, 13), date(2025, 8, 14)),
        ("Product @Scale 2025", date(2025, 10, 22), date(2025, 10, 23)),
        ("Systems & Reliability @Scale 2026", date(2026, 6, 25), date(2026, 6, 26)),
    ]
    assert component_of(body).value("X-WR-CALNAME") == "@Scale"


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
