"""Days, times and time zones, as the reader of a page has them."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import pytz
from agendas import agenda_of
from conftest import client_of, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from pages import agenda_page

from calsvc.schedule.entries import Schedule
from calsvc.translations import LANGUAGES
from calsvc.web import dates


@pytest.mark.parametrize(
    ("lang", "day", "short", "clock"),
    [
        ("en", "Wednesday, June 25, 2025", "Wed, Jun 25", "1:20\u202fPM"),
        ("en-GB", "Wednesday, 25 June 2025", "Wed 25 Jun", "13:20"),
        ("de", "Mittwoch, 25. Juni 2025", "Mi., 25. Juni", "13:20"),
    ],
)
def test_dates_and_times_are_written_as_the_locale_has_them(
    lang: str, day: str, short: str, clock: str
) -> None:
    with Flask("words").test_request_context(f"/?lang={lang}"):
        assert dates.day(date(2025, 6, 25)) == day
        assert dates.short_day(date(2025, 6, 25)) == short
        assert dates.clock(datetime(2025, 6, 25, 13, 20, tzinfo=UTC)) == clock


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_zone_has_a_name_and_a_city(lang: str) -> None:
    """Where CLDR has no name, the offset stands for it; that is so for few zones."""
    moment = datetime(2025, 6, 25, 12, tzinfo=UTC)
    with Flask("words").test_request_context(f"/?lang={lang}"):
        names = {
            zone: dates.zone_name(moment.astimezone(pytz.timezone(zone)))
            for zone in pytz.common_timezones
        }
        cities = {zone: dates.zone_city(zone) for zone in pytz.common_timezones}

    unnamed = [zone for zone, name in names.items() if re.match(r"GMT|UTC", name)]
    assert len(unnamed) < 30
    assert not {"Asia/Kolkata", "Europe/Kyiv", "Asia/Kathmandu", "Asia/Ho_Chi_Minh"} & set(unnamed)
    assert all(cities.values())


def test_zones_are_called_what_people_call_them() -> None:
    summer = datetime(2025, 6, 25, 12, tzinfo=UTC)
    with Flask("words").test_request_context("/?lang=de"):
        told = [
            (dates.zone_name(summer.astimezone(pytz.timezone(zone))), dates.zone_city(zone))
            for zone in ("Europe/Berlin", "Asia/Kolkata", "UTC")
        ]

    assert told == [
        ("Mitteleuropäische Sommerzeit", "Berlin"),
        ("Indische Normalzeit", "Kalkutta"),
        ("Koordinierte Weltzeit", "UTC"),
    ]


def test_summer_time_is_told_by_the_instant() -> None:
    berlin, sydney = pytz.timezone("Europe/Berlin"), pytz.timezone("Australia/Sydney")
    with Flask("words").test_request_context("/?lang=en"):
        for zone in (berlin, sydney):
            for month in (1, 7):
                moment = datetime(2025, month, 1, tzinfo=UTC)
                is_summer = bool(moment.astimezone(ZoneInfo(zone.zone)).dst())
                name = dates.zone_name(moment.astimezone(zone))
                assert ("Summer" in name or "Daylight" in name) == is_summer


# --- on an agenda -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("", "Pacific Daylight Time (Los Angeles)"),
        ("Asia/Kolkata", "India Standard Time (Kolkata)"),
        ("Australia/Sydney", "Australian Eastern Standard Time (Sydney)"),
        ("kolkata", "India Standard Time (Kolkata)"),
    ],
)
def test_times_are_those_of_the_zone_asked_for(
    client: FlaskClient, ai_data: Schedule, zone: str, name: str
) -> None:
    text = client.get(
        "/events/ai-data-2025/days/",
        query_string={"tz": zone, "lang": "en-GB"},
        follow_redirects=True,
    ).text

    here = ZoneInfo({"": "America/Los_Angeles", "kolkata": "Asia/Kolkata"}.get(zone, zone))
    starts = [
        entry.content.slot.start.astimezone(here)
        for entry in ai_data.entries
        if entry.content.slot and not entry.is_part
    ]
    # Until six in the morning it is still the evening before.
    evenings = {start: (start - timedelta(hours=6)).date() for start in starts}
    assert zone_told(text) == name
    assert re.findall(r'<h2 id="day-([\d-]+)"', text) == sorted(map(str, set(evenings.values())))
    assert re.findall(r'<span class="(?:hidden|when)"><time datetime="([^"]+)">([^<]+)<', text) == [
        (
            start.isoformat(timespec="minutes"),
            f"{start:%H:%M}" if start.date() == evenings[start] else f"{start:%a %-d %b, %H:%M}",
        )
        for start in sorted(starts)
    ]


def zone_told(page: str) -> str:
    """Return the name of the zone that an agenda tells."""
    long, city = re.findall(r'<span class="if-wide">([^<]+)</span>.*?</span> (\([^)]+\))', page)[0]
    return f"{long} {city}"


def test_zone_that_does_not_exist_is_answered_with_the_nearest(client: FlaskClient) -> None:
    response = client.get("/events/ai-data-2025/?kind=panel&tz=America/Los_Angels")

    assert response.status_code == 400
    assert "Did you mean America/Los_Angeles?" in unescape(response.text)
    links = re.findall(r'href="([^"#]+)"', unescape(response.text))
    assert "?kind=panel&tz=America/Los_Angeles" in links
    assert "?kind=panel" in links
    # The wrong one comes along to no other page; the form of this one may still have it.
    others = [each for each in links if each.startswith("/") and "static" not in each]
    assert others == ["/site.webmanifest", "/", "/my/", "/"]


def test_day_on_which_clocks_change_has_both_names() -> None:
    text = """
        name: Conf
        timezone: Australia/Sydney
        date: 2026-10-04
        sessions:
          - {id: night, title: Night, when: 00:30-01:30}
          - {id: noon, title: Noon, when: 12:00-13:00}
        """

    page = client_of(schedule_of(text)).get("/events/conf/?lang=en").text

    names = "Australian Eastern Standard Time / Australian Eastern Daylight Time (Sydney)"
    assert zone_told(page) == names
    assert "AEST / AEDT" in page  # on a phone


def test_end_on_another_day_has_its_date() -> None:
    client = client_of(agenda_of("party 22:00-01:00+1 A"))

    (party,) = agenda_page(client, "/events/conf/?lang=en-GB").articles

    assert "22:00 – Thu 26 Jun, 01:00" in party["text"]


def test_hours_are_those_of_the_locale(client: FlaskClient) -> None:
    times = {
        tag: re.findall(
            r">([^<]+)</time> –",
            client.get("/events/ai-data-2025/?kind=closing", headers={"Accept-Language": tag}).text,
        )
        for tag in ("en-US", "en-GB", "de")
    }

    assert {
        tag: [each.replace("\u202f", " ") for each in found] for tag, found in times.items()
    } == {
        "en-US": ["4:25 PM"],
        "en-GB": ["16:25"],
        "de": ["16:25"],
    }
