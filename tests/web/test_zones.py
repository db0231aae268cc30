"""The zone in which a page shows times: which one is meant, what it is called, how it is chosen."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import pytz
from conftest import client_of, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from pages import Page
from people import Browser

from calsvc.schedule.entries import Schedule
from calsvc.translations import LANGUAGES
from calsvc.web import zones

EVENT = "/events/ai-data-2025/"
NOON = datetime(2025, 6, 25, 12, tzinfo=UTC)


# --- names --------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", [*LANGUAGES, "en-GB", "en-AU", "en-IN", "de-AT", "de-CH"])
def test_every_zone_has_letters_and_a_place(lang: str) -> None:
    with Flask("words").test_request_context(f"/?lang={lang}"):
        names = {zone: zones.zone_name(zone, [NOON]) for zone in pytz.common_timezones}

    of_places = {zone: name for zone, name in names.items() if "/" in zone}
    assert [
        name
        for name in of_places.values()
        if not re.fullmatch(r"([A-Z]{3,5}|ChST|UTC[+−]\d{1,2}(:\d\d)?), \S.*", name)
    ] == []
    assert {names[zone] for zone in names.keys() - of_places.keys()} == {"UTC", "GMT"}


@pytest.mark.parametrize(
    ("lang", "zone", "name"),
    [
        ("en", "Europe/Berlin", "CEST, Berlin"),
        ("de", "Europe/Berlin", "MESZ, Berlin"),
        ("en", "America/Los_Angeles", "PDT, Los Angeles"),
        ("en", "Asia/Kolkata", "IST, Kolkata"),
        ("de", "Asia/Kolkata", "IST, Kalkutta"),
        ("en", "Europe/Istanbul", "UTC+3, Istanbul"),
        ("en", "Asia/Kathmandu", "UTC+5:45, Kathmandu"),
        ("en", "America/Sao_Paulo", "UTC−3, Sao Paulo"),
        ("en", "Pacific/Marquesas", "UTC−9:30, Marquesas"),
        ("en", "Etc/GMT+5", "UTC−5"),
        ("de", "UTC", "UTC"),
    ],
)
def test_zones_are_called_what_people_call_them(lang: str, zone: str, name: str) -> None:
    with Flask("words").test_request_context(f"/?lang={lang}"):
        assert zones.zone_name(zone, [NOON]) == name


def test_letters_are_those_of_the_instants() -> None:
    winter, summer = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 7, 1, tzinfo=UTC)
    with Flask("words").test_request_context("/?lang=en"):
        assert zones.zone_letters("Europe/Berlin", [winter]) == "CET"
        assert zones.zone_letters("Australia/Sydney", [winter]) == "AEDT"
        assert zones.zone_letters("Europe/Berlin", [winter, summer, summer]) == "CET / CEST"


# --- which one ----------------------------------------------------------------------------


def switch(html: str) -> list[tuple[str, str, bool]]:
    """Return the zones that a page offers: the name, the address, and whether it is in use."""
    _, _, rest = html.partition('<div class="zones"')
    links = re.findall(r'<a href="([^"]*)"([^>]*)>([^<]*)</a>', rest.partition("</div>")[0])
    return [(name, unescape(there), "aria-current" in rest) for there, rest, name in links]


@pytest.mark.parametrize(
    ("asked_for", "lang", "zone", "name"),
    [
        ("", "en", "America/Los_Angeles", "PDT, Los Angeles"),
        ("Asia/Kolkata", "en", "Asia/Kolkata", "IST, Kolkata"),
        ("Asia/Calcutta", "en", "Asia/Kolkata", "IST, Kolkata"),  # as Chromium calls it
        ("kolkata", "en", "Asia/Kolkata", "IST, Kolkata"),
        ("Munich", "en", "Europe/Berlin", "CEST, Berlin"),
        ("münchen", "de", "Europe/Berlin", "MESZ, Berlin"),
        ("Mailand", "de", "Europe/Rome", "MESZ, Rom"),
        ("sao paulo", "en", "America/Sao_Paulo", "UTC−3, Sao Paulo"),
        ("Ho Chi Minh", "en", "Asia/Ho_Chi_Minh", "UTC+7, Ho Chi Minh City"),
        ("Fidschi", "de", "Pacific/Fiji", "UTC+12, Fidschi"),
        ("Reykjavík", "de", "Atlantic/Reykjavik", "GMT, Reyk\u00adja\u00advík"),
        ("MEZ", "de", "Europe/Berlin", "MESZ, Berlin"),
        ("Eastern Time", "en", "America/New_York", "EDT, New York"),
        ("EST", "en", "America/New_York", "EDT, New York"),  # and no zone without summer time
    ],
)
def test_times_are_those_of_the_zone_asked_for(
    client: FlaskClient, ai_data: Schedule, asked_for: str, lang: str, zone: str, name: str
) -> None:
    text = client.get(
        f"{EVENT}days/", query_string={"tz": asked_for, "lang": lang}, follow_redirects=True
    ).text

    starts = [
        entry.content.slot.start.astimezone(ZoneInfo(zone))
        for entry in ai_data.entries
        if entry.content.slot and not entry.is_part
    ]
    # Until six in the morning it is still the evening before.
    evenings = {(start - timedelta(hours=6)).date() for start in starts}
    assert [name for name, _, is_current in switch(text) if is_current] == [name]
    assert re.findall(r'<h2 id="day-([\d-]+)"', text) == sorted(map(str, evenings))
    assert re.findall(r'<span class="(?:hidden|when)"><time datetime="([^"]+)">', text) == [
        start.isoformat(timespec="minutes") for start in sorted(starts)
    ]


def test_page_offers_the_zone_of_the_event_and_the_one_asked_for(client: FlaskClient) -> None:
    own = client.get(f"{EVENT}?kind=panel").text
    other = client.get(f"{EVENT}sessions/genai-startups/?lang=en&tz=Asia/Tokyo").text

    assert switch(own) == [("PDT, Los Angeles", "?kind=panel", True)]
    assert switch(other) == [
        ("PDT, Los Angeles", "?lang=en", False),
        ("JST, Tokyo", "?lang=en&tz=Asia/Tokyo", True),
    ]


def test_form_for_another_zone_keeps_the_rest_of_the_address(client: FlaskClient) -> None:
    page = Page(client.get(f"{EVENT}?kind=panel&lang=de&view=list&tz=UTC&ref=x"))

    forms = [form.fields for form in page.forms if form.fields[-1:] == [("tz", "")]]
    assert [sorted(each) for each in forms] == [
        [("kind", "panel"), ("lang", "de"), ("tz", ""), ("view", "list")]
    ]


def test_my_calendar_offers_the_zone_of_each_event_or_of_all(person: Browser) -> None:
    person.choose("talk")
    one = person.get("/my/").text
    person.choose("keynote", event="other")
    several, in_tokyo = (person.get(each).text for each in ("/my/", "/my/?tz=Tokyo"))

    assert switch(one) == [("CEST, Berlin", "?", True)]
    assert switch(several) == [("At each event", "?", True)]
    assert switch(in_tokyo) == [
        ("At each event", "?", False),
        ("JST, Tokyo", "?tz=Asia/Tokyo", True),
    ]


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

    assert switch(page) == [("AEST / AEDT, Sydney", "?lang=en", True)]


# --- none, or several ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked_for", "words", "places"),
    [
        (
            "Birmingham",
            "“Birmingham” can mean several time zones:",
            {
                "London, United Kingdom": "Europe/London",
                "Chicago, United States": "America/Chicago",
            },
        ),
        (
            "America/Los_Angels",
            "There is no time zone “America/Los_Angels”. You may mean:",
            {"Los Angeles, United States": "America/Los_Angeles"},
        ),
        (
            "Paris, Texas",  # which is not the one of our table
            "There is no time zone “Paris, Texas”. You may mean:",
            {"Paris, France": "Europe/Paris"},
        ),
        (
            "Oberammergau",
            "We know no city and no time zone “Oberammergau”. Please try a larger city nearby.",
            {},
        ),
        ("UTC+2", "We know no city and no time zone “UTC+2”. Please try a larger city nearby.", {}),
        (
            "<b>",
            "We know no city and no time zone “<b>”. Please try a larger city nearby.",
            {},
        ),
    ],
)
def test_what_is_no_zone_is_answered_with_a_choice(
    client: FlaskClient, asked_for: str, words: str, places: dict[str, str]
) -> None:
    response = client.get(
        EVENT, query_string=[("kind", "panel"), ("kind", "talk"), ("tz", asked_for)]
    )
    page = Page(response)

    assert response.status_code == 400
    assert page.headings == ["Which time zone do you mean?"]
    assert words in page.words
    asked = "?kind=panel&kind=talk"
    found = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>', response.text)
    assert {name: unescape(there) for there, name in found} == {
        name: f"{asked}&tz={zone}" for name, zone in places.items()
    }
    assert asked in page.links  # the event's own
    [form] = page.forms
    assert form.fields == [("kind", "panel"), ("kind", "talk"), ("tz", asked_for)]
    # The wrong one comes along to no other page.
    assert [each for each in page.links if each.startswith("/") and "tz=" in each] == []


def test_very_long_name_is_no_zone_whatever_it_is_of(client: FlaskClient) -> None:
    statuses = [client.get(f"{EVENT}?tz=Munich{'!' * number}").status_code for number in (9, 99)]

    assert statuses == [200, 400]


def test_question_for_the_zone_is_in_the_language_of_the_reader(client: FlaskClient) -> None:
    page = Page(client.get(f"{EVENT}?tz=CST&lang=de"))

    assert page.headings == ["Welche Zeitzone ist gemeint?"]
    assert "„CST“ kann mehrere Zeitzonen bedeuten:" in page.words
    assert "Chicago, Vereinigte Staaten" in page.words
    assert "Shanghai, China" in page.words
