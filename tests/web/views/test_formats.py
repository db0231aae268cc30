"""The formats for apps and spreadsheets: their addresses, and the way to them."""

import re
from html import unescape

import pytest
from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from documents import SHORT, document
from flask.testing import FlaskClient
from pages import headers_of

from calsvc.exporters.table import EXPORTERS
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

TYPES = {
    "csv": ("text/csv; charset=utf-8; header=present", "attachment"),
    "xml": ("application/xml; charset=utf-8", "inline"),
    "json": ("application/json", "inline"),
    "jcal": ("application/calendar+json", "inline"),
}
EVENT = "/events/ai-data-2025"


def offered(page: str) -> dict[str, str]:
    """Return the addresses that a page offers for apps and spreadsheets, by their words."""
    [paragraph] = re.findall(r'<p class="note">F[^<]+?:\n(.*?)</p>', page, re.DOTALL)
    links = re.findall(r'<a href="([^"]+)" type="[^"]+">([^<]+)</a>', paragraph)
    return {words: unescape(address) for address, words in links}


@pytest.mark.parametrize("suffix", TYPES)
@pytest.mark.parametrize("query", ["", "?kind=poster&parts=yes", "?room=nowhere"])
def test_format_has_these_headers(
    client: FlaskClient, ai_data: Schedule, suffix: str, query: str
) -> None:
    media_type, disposition = TYPES[suffix]

    response = client.get(f"{EVENT}.{suffix}{query}")

    assert response.status_code == 200
    assert response.data == document(ai_data, suffix, query.removeprefix("?")).body
    assert headers_of(response) == {
        "Content-Type": media_type,
        "Content-Length": str(len(response.data)),
        "Content-Disposition": f'{disposition}; filename="ai-data-2025.{suffix}"',
        "Cache-Control": "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400",
        "Vary": "Accept-Encoding",
        "ETag": response.headers["ETag"],
        "Last-Modified": "Sat, 01 Mar 2025 12:00:00 GMT",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


@pytest.mark.parametrize("suffix", TYPES)
def test_format_is_asked_for_anew_as_a_feed_is(client: FlaskClient, suffix: str) -> None:
    path = f"{EVENT}.{suffix}?kind=panel"
    got = client.get(path)

    same = client.get(path, headers={"If-None-Match": got.headers["ETag"]})
    since = client.get(path, headers={"If-Modified-Since": got.headers["Last-Modified"]})
    head = client.head(path)
    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    other = client.get(f"{EVENT}.{suffix}?kind=keynote")

    assert [each.status_code for each in (same, since, head, packed)] == [304, 304, 200, 200]
    assert (same.data, head.data) == (b"", b"")
    assert headers_of(head) == headers_of(got)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert other.headers["ETag"] != got.headers["ETag"]
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("suffix", TYPES)
def test_order_of_filters_does_not_matter(client: FlaskClient, suffix: str) -> None:
    one = client.get(f"{EVENT}.{suffix}?kind=panel&kind=keynote&q=ai&utm_source=x")
    other = client.get(f"{EVENT}.{suffix}?q=AI&kind=Keynote&kind=panel")

    assert one.data == other.data


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?kind=panel", "?kind=panel"),
        ("?room=hall-a&kind=!break&lang=de&tz=Asia/Tokyo", "?kind=!break&room=hall-a"),
        ("?track=data&banner=no&cancelled=mark", "?banner=no&cancelled=mark&track=data"),
    ],
)
def test_page_offers_the_formats_with_its_filters(query: str, kept: str) -> None:
    client = client_of(schedule_of(SHORT))

    found = offered(client.get(f"/events/conf/{query}").text)

    assert found == {
        "CSV": f"{BASE_URL}/events/conf.csv{kept}",
        "schedule.xml": f"{BASE_URL}/events/conf.xml{kept}",
        "schedule.json": f"{BASE_URL}/events/conf.json{kept}",
        "jCal": f"{BASE_URL}/events/conf.jcal{kept}",
    }
    for address in found.values():
        assert client.get(address.removeprefix(BASE_URL)).status_code == 200


def test_page_says_what_they_are_for_in_both_languages(client: FlaskClient) -> None:
    english = client.get(f"{EVENT}/").text
    german = client.get(f"{EVENT}/?lang=de").text

    assert "For apps and spreadsheets:" in english
    assert "Für Apps und Tabellen:" in german
    assert list(offered(german)) == list(offered(english))


def test_every_format_is_offered_or_linked_elsewhere(client: FlaskClient) -> None:
    page = client.get(f"{EVENT}/").text

    assert list(TYPES) == [suffix for suffix, each in EXPORTERS.items() if each.offered]
    for suffix in EXPORTERS:
        assert f'href="{BASE_URL}{EVENT}.{suffix}"' in page


def test_event_that_is_renamed_has_its_formats_at_both_addresses() -> None:
    before = schedule_of(SHORT)
    now = publish(event_of(f"    formerly: conf\n{SHORT}", "new"), before, NOW)
    client = client_of(now)

    for suffix in TYPES:
        old, new = (client.get(f"/events/{name}.{suffix}") for name in ("conf", "new"))
        assert (old.status_code, old.data) == (200, new.data)
        assert b"/events/new" in old.data
