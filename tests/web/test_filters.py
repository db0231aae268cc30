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
        titles = [each.summary for each in entries]
        posters = {each.summary for each in entries if "poster" in each.categories}
        # A poster is shown once, with all its times.
        assert sorted(page.titles) == sorted([*posters, *(t for t in titles if t not in posters)])


def form_of(html: str, beginning: str) -> str:
    """Return a form of a page."""
    form = html[html.index(beginning) :]
    return form[: form.index("</form>")]


FILTERS = 'aria-label="Filter'
HIDDEN = r'<input type="hidden" name="(\w+)" value="([^"]*)">'


def test_boxes_ask_for_what_there_is_and_keep_the_rest(client: FlaskClient) -> None:
    asked = "kind=panel&kind=!break&speaker=horace-he&q=Scale&lang=de&tz=UTC&view=list"
    form = form_of(client.get(f"/events/ai-data-2025/?{asked}").text, FILTERS)

    offered = re.findall(r'<input type="checkbox" name="kind" value="([^"]+)"( checked)?>', form)

    assert ("panel", " checked") in offered
    assert [value for value, checked in offered if checked] == ["panel"]
    assert re.findall(HIDDEN, form) == [
        ("lang", "de"),
        ("tz", "UTC"),
        ("view", "list"),
        ("kind", "!break"),
        ("q", "scale"),
        ("speaker", "horace-he"),
    ]


def test_search_keeps_the_boxes_and_what_was_typed(client: FlaskClient) -> None:
    form = form_of(
        client.get("/events/ai-data-2025/?kind=panel&q=%20Op%C3%A9ning%20&lang=de").text,
        '<form class="search"',
    )

    assert re.findall(HIDDEN, form) == [("lang", "de"), ("kind", "panel")]
    assert re.findall(r'name="q" value="([^"]*)"', form) == ["Opéning"]


def test_boxes_are_closed_and_tell_how_many_sessions_they_show(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel").text
    form = form_of(html, FILTERS)
    (number,) = re.findall(r'value="panel" checked> Panel <span class="note">(\d+)<', form)

    assert "<details open" not in html
    assert f"{number} sessions:" in html
    assert f"Show {number} sessions</button>" in form


ROOMS = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
"""


def test_long_list_is_in_the_order_of_names_with_what_is_asked_for_at_once() -> None:
    rows = [
        f"      - {{id: s{number}, title: T, when: 09:00-10:00, room: Room {number}}}\n"
        for number in (12, 2, 1, 10, 11, 9, 8, 3, 4, 5)
    ]
    client = client_of(schedule_of(ROOMS + "".join(rows)))

    form = form_of(client.get("/events/conf/?room=room-11").text, FILTERS)
    first, others = form.split('<details class="others">')

    def rooms(part: str) -> list[str]:
        return re.findall(r'name="room" value="room-(\d+)"', part)

    assert rooms(first) == ["1", "2", "3", "4", "5", "8", "9", "10", "11"]
    assert rooms(others) == ["12"]
    assert "<summary>all 10</summary>" in others


def test_empty_fields_leave_the_address(client: FlaskClient) -> None:
    empty = client.get("/events/ai-data-2025/?q=&tz=&kind=panel&lang=de&ref=x")
    day = client.get("/events/ai-data-2025/days/2025-06-25/?q=")

    assert (empty.status_code, day.status_code) == (302, 302)
    assert empty.headers["Location"] == "/events/ai-data-2025/?kind=panel&lang=de&ref=x"
    assert day.headers["Location"] == "/events/ai-data-2025/days/2025-06-25/"
    assert client.get("/events/ai-data-2025.ics?q=").status_code == 200


def test_chip_leads_to_the_page_without_it(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel&kind=talk&q=agent").text

    chips = re.findall(r'<a class="chip" href="([^"]+)">([^<]+) <', html)

    assert {(unescape(address).partition("?")[2], words) for address, words in chips} == {
        ("kind=talk&q=agent", "Kind: Panel"),
        ("kind=panel&q=agent", "Kind: Talk"),
        ("kind=panel&kind=talk", "Search: agent"),
    }


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("speaker=joe-spisak", "Person: Joe Spisak"),
        ("session=metamate", "Session: Metamate from Chatbot to Coworker"),
        ("q=%20R%C3%A9sum%C3%A9%20%20Agents", "Search: Résumé Agents"),
        ("kind=!q-and-a", "not Kind: Questions and answers"),
        ("speaker=nobody", "Person: nobody"),
    ],
)
def test_chip_has_the_names_that_people_write(client: FlaskClient, query: str, words: str) -> None:
    html = client.get(f"/events/ai-data-2025/?{query}").text

    assert re.findall(r'<a class="chip" href="[^"]+">([^<]+) <', html) == [words]


def test_other_words_for_one_search_are_not_taken_for_those_typed(client: FlaskClient) -> None:
    for typed in ("Agents", "AGENTS", "agents"):
        assert f"Search: {typed} <" in client.get(f"/events/ai-data-2025/?q={typed}").text


def test_nothing_that_matches_is_said(client: FlaskClient) -> None:
    text = client.get("/events/ai-data-2025/?track=nowhere").text

    assert "No sessions match." in text
    assert "0 sessions" in text


def test_event_without_an_agenda_says_so(client: FlaskClient) -> None:
    assert "The agenda is not out yet." in client.get("/events/networking-2025/").text
