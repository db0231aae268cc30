"""The filters of an agenda's page: what it shows, offers and leads to."""

import re
from html import unescape

import pytest
from conftest import BASE_URL, client_of, schedule_of
from flask.testing import FlaskClient
from pages import agenda_page
from readers import READERS


@pytest.mark.parametrize(
    "query",
    ["", "kind=panel", "kind=!break&kind=!meal", "q=agent", "kind=poster", "speaker=horace-he"],
)
def test_page_shows_what_its_feed_holds(client: FlaskClient, query: str) -> None:
    page = agenda_page(client, f"/events/ai-data-2025/?{query}")
    html = client.get(f"/events/ai-data-2025/?{query}").text
    ((address),) = re.findall(r'type="text/calendar" href="([^"]+)"', html)

    feed = client.get(unescape(address).removeprefix(BASE_URL)).data

    for read in (READERS["vobject"], READERS["ical"]):
        entries = [each for each in read(feed) if "AI & Data @Scale 2025" != each.summary]
        assert sorted(page.titles) == sorted(each.summary for each in entries)


def test_form_asks_for_what_there_is_and_keeps_the_rest(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel&kind=!break&speaker=horace-he&lang=de").text
    form = html[html.index('<form class="filters"') : html.index("</form>")]

    offered = re.findall(r'<input type="checkbox" name="kind" value="([^"]+)"( checked)?>', form)
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form)

    assert ("panel", " checked") in offered
    assert [value for value, checked in offered if checked] == ["panel"]
    assert hidden == [("lang", "de"), ("kind", "!break"), ("speaker", "horace-he")]


def test_chip_leads_to_the_page_without_it(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel&kind=talk&q=agent").text

    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+) <', html)

    assert {(unescape(address).partition("?")[2], words) for address, words in chips} == {
        ("kind=talk&q=agent", "Kind: Panel"),
        ("kind=panel&q=agent", "Kind: Talk"),
        ("kind=panel&kind=talk", "Search: agent"),
    }


def test_nothing_that_matches_is_said(client: FlaskClient) -> None:
    text = client.get("/events/ai-data-2025/?track=nowhere").text

    assert "Nothing on the agenda matches this." in text
    assert "0 sessions" in text


def test_event_without_an_agenda_says_so() -> None:
    coming = schedule_of("{name: Conf, timezone: Europe/Berlin, date: 2036-05-01}")

    assert "The agenda is not out yet." in client_of(coming).get("/events/conf/").text
