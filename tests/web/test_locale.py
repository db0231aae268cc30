"""Which language a page has, and where its links go on with it."""

import re

import pytest
from flask.testing import FlaskClient

from calsvc.exporters.table import EXPORTERS

ENDINGS = tuple(f".{suffix}" for suffix in EXPORTERS)


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
    feeds = [each for each in links if each.partition("?")[0].endswith(ENDINGS)]

    assert pages and all("lang=de" in each for each in pages)
    assert [each for each in pages if "tz=Asia/Kolkata" not in each] == []
    assert "?lang=de" in links  # the event's own zone
    assert feeds and not any("lang" in each or "tz" in each for each in feeds)


def test_other_language_is_a_link_to_the_same_page(client: FlaskClient) -> None:
    text = client.get("/events/ai-data-2025/?kind=panel&tz=UTC").text

    assert (
        '<a href="?kind=panel&amp;tz=UTC&amp;lang=de" lang="de" hreflang="de">Deutsch</a>' in text
    )
