"""Words in each language: complete, alike in their places and marks, and well chosen."""

import re
from collections import Counter
from datetime import UTC, date, datetime
from functools import cache
from html import unescape
from itertools import chain
from zoneinfo import ZoneInfo

import pytest
import pytz
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from conftest import PROJECT
from flask import Flask
from flask.testing import FlaskClient
from test_pages import Site, site  # noqa: F401 -- a fixture

from calsvc.translations import LANGUAGES
from calsvc.web import dates, markdown

PACKAGE = PROJECT / "calsvc"
CATALOGS = PACKAGE / "translations"
OTHERS = [language for language in LANGUAGES if language != "en"]


@cache
def in_source() -> set[str | tuple[str, ...]]:
    """Return the words that stand in the source, singular and plural together."""
    with (CATALOGS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    found = extract_from_dir(PACKAGE, methods, options)
    return {text for _, _, text, _, _ in found if text}


@cache
def catalog(language: str) -> Catalog:
    """Return what a translator wrote."""
    with (CATALOGS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    """Return the messages of a catalog without its header."""
    return [message for message in catalog(language) if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return a message's forms: one, or one for each number."""
    return [text] if isinstance(text, str) else list(text or ())


def places(text: str) -> Counter[str]:
    """Return the names that values have in a text, and its HTML."""
    return Counter(re.findall(r"%\(\w+\)s|\{\w+\}|<[^>]+>", text))


# --- catalogs -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_has_a_translation_and_none_is_left_over(language: str) -> None:
    written = {
        tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id
        for message in messages(language)
        if all(forms(message.string)) and not message.fuzzy
    }

    assert {"missing": in_source() - written, "left over": written - in_source()} == {
        "missing": set(),
        "left over": set(),
    }
    assert not catalog(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_places_of_values_and_the_links(language: str) -> None:
    wrong = [
        (message.id, text)
        for message in messages(language)
        for text in forms(message.string)
        if places(text) not in [places(original) for original in forms(message.id)]
    ]

    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_end_as_the_original_does(language: str) -> None:
    wrong = [
        (original, text)
        for message in messages(language)
        for original, text in zip(forms(message.id), forms(message.string), strict=True)
        if (original[-1] in ".:?!") != (text[-1] in ".:?!")
    ]

    assert wrong == []


def test_every_page_says_its_words_in_german(site: Site) -> None:  # noqa: F811
    """Whatever is English on a German page is the event's own words."""
    english = {text for text in in_source() if isinstance(text, str) and len(text) > 12}
    told = {text: catalog("de")[text].string for text in english if catalog("de").get(text)}
    another = {text for text in english if told.get(text) != text}

    for sample in site.samples:
        html = site.get(sample, "de").text
        said = re.findall(r'>([^<>]+)<|"([^"<>]+)"', re.sub(r"\s+", " ", html))
        left = {unescape(words).strip() for words in chain.from_iterable(said)} & another
        assert '<html lang="de"' in html
        assert (sample, left) == (sample, set())


# --- which language -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "accepted", "tag"),
    [
        ("", "", "en"),
        ("", "de", "de"),
        ("", "de-AT, en;q=0.5", "de-AT"),
        ("", "fr, de;q=0.3, en;q=0.8", "en"),
        ("", "fr", "en"),
        ("", "de;q=0, en-GB", "en-GB"),
        ("", "*", "en"),
        ("", "xx-nonsense, de-AT", "de-AT"),
        ("de", "en-US", "de"),
        ("en-GB", "de", "en-GB"),
        ("en", "de, en-GB;q=0.5", "en-GB"),
        ("de", "de-AT, de-CH", "de-AT"),
        ("fr", "de", "de"),
        ("../../etc", "de-CH", "de-CH"),
    ],
)
def test_language_is_the_one_asked_for(
    client: FlaskClient, asked: str, accepted: str, tag: str
) -> None:
    query = {"lang": asked} if asked else {}

    response = client.get("/", query_string=query, headers={"Accept-Language": accepted})

    assert re.findall(r'<html lang="([^"]+)"', response.text) == [tag]
    assert "Accept-Language" in response.headers["Vary"]


def test_links_to_pages_keep_language_and_zone_and_links_to_feeds_do_not(
    client: FlaskClient,
) -> None:
    text = client.get("/events/ai-data-2025/?lang=de&tz=Asia/Kolkata").text

    links = re.findall(r'href="([^"#]+)"', text)
    pages = [each for each in links if each.startswith(("/events", "/my")) or each == "/"]
    feeds = [each for each in links if each.endswith((".ics", ".atom"))]

    home = "/events/ai-data-2025/?lang=de"  # the event's own zone
    assert pages and all("lang=de" in each for each in pages)
    assert [each for each in pages if "tz=Asia/Kolkata" not in each] == [home]
    assert feeds and not any("lang" in each or "tz" in each for each in feeds)


def test_other_language_is_a_link_to_the_same_page(client: FlaskClient) -> None:
    text = client.get("/events/ai-data-2025/?kind=panel&tz=UTC").text

    assert (
        '<a href="?kind=panel&amp;tz=UTC&amp;lang=de" lang="de" hreflang="de">Deutsch</a>' in text
    )


# --- dates, times and zones ---------------------------------------------------------------


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


# --- descriptions -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "<p>plain</p>\n"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"),
        ("# Top\n## Next\n# Top", "<h3>Top</h3>\n<h4>Next</h4>\n<h3>Top</h3>\n"),
        ("###### Deep\n# Top\n### Third", "<h3>Deep</h3>\n<h3>Top</h3>\n<h4>Third</h4>\n"),
        ("<b onclick=x>no</b>", "<p>&lt;b onclick=x&gt;no&lt;/b&gt;</p>\n"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ("![chart](https://example.org/x.png)", "<p>chart</p>\n"),
        ("![<i>](https://example.org/x.png)", "<p>&lt;i&gt;</p>\n"),
        ("one\ntwo", "<p>one<br>\ntwo</p>\n"),
    ],
)
def test_description_is_safe_html(text: str, html: str) -> None:
    assert markdown.html(text, 3) == html


@pytest.mark.parametrize(
    ("text", "words_"),
    [
        ("# A *b*\n\n[c](https://example.org) `d`", "A b c d"),
        ("abcde " * 50, "abcde " * 25 + "abcde…"),
    ],
)
def test_description_is_short_for_messengers(text: str, words_: str) -> None:
    assert markdown.plain(text) == words_
