"""Days and times, as the reader of a page has them."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from agendas import agenda_of
from conftest import client_of
from flask import Flask
from flask.testing import FlaskClient
from pages import agenda_page

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


def test_short_day_of_one_instant_is_another_one_far_away() -> None:
    evening = datetime(2025, 6, 25, 16, 25, tzinfo=ZoneInfo("America/Los_Angeles"))
    morning = evening.astimezone(ZoneInfo("Asia/Kolkata"))

    with Flask("words").test_request_context("/?lang=en"):
        days = [dates.short_day(evening), dates.short_day(morning)]

    assert evening == morning
    assert days == ["Wed, Jun 25", "Thu, Jun 26"]


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
