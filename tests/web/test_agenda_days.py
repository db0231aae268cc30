"""Each day of an agenda has a page of its own, and none changes what a feed holds."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from conftest import client_of, schedule_of
from flask.testing import FlaskClient
from pages import agenda_page, structured

from calsvc.schedule.entries import Schedule

EVENT = """
name: Conf
timezone: Europe/Berlin
dates: {from: FIRST, to: LAST}
sessions:
  - {id: one, title: One, when: FIRST 10:00-11:00, track: Data}
  - {id: night, title: Night, when: FIRST 23:00-01:00+1}
  - {id: two, title: Two, when: SECOND 10:00-11:00, track: Data}
  - {id: three, title: Three, when: LAST 10:00-11:00, track: Web}
  - {id: later, title: Later}
"""
DAYS = ("2027-06-15", "2027-06-16", "2027-06-17")


def conf(first: str = DAYS[0], second: str = DAYS[1], last: str = DAYS[2]) -> Schedule:
    """Return an event of three days."""
    return schedule_of(
        EVENT.replace("FIRST", first).replace("SECOND", second).replace("LAST", last)
    )


@pytest.fixture(scope="module")
def site() -> FlaskClient:
    """A site of one event, which is not on."""
    return client_of(conf())


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("", ["One", "Night", "Later"]),
        ("days/", ["One", "Night", "Two", "Three", "Later"]),
        ("days/2027-06-15/", ["One", "Night", "Later"]),
        ("days/2027-06-16/", ["Two", "Later"]),
        ("days/2027-06-17/", ["Three", "Later"]),
        ("days/2027-06-18/", ["Later"]),
        ("?track=data", ["One", "Two"]),
        ("?q=three", ["Three"]),
        ("days/2027-06-16/?track=data", ["Two"]),
        ("days/2027-06-17/?track=data", []),
        ("?tz=America/Los_Angeles", ["One", "Night", "Two", "Later"]),
        ("?day=2027-06-16", ["Two"]),
        ("?day=2027-06-15&day=2027-06-16&view=list", ["One", "Night", "Two"]),
        ("days/2027-06-16/?day=2027-06-16&view=list", ["Two"]),
        ("days/2027-06-15/?day=2027-06-16", []),
    ],
)
def test_page_shows_the_day_of_its_address(site: FlaskClient, path: str, titles: list[str]) -> None:
    page = agenda_page(site, f"/events/conf/{path}")

    assert page.titles == titles


@pytest.mark.parametrize("path", ["", "days/", "days/2027-06-16/", "days/2027-06-16/?track=data"])
def test_day_on_show_changes_no_feed(site: FlaskClient, path: str) -> None:
    html = site.get(f"/events/conf/{path}").text
    filters = path.partition("?")[2]
    query = f"?{filters}" if filters else ""

    assert re.findall(r'type="text/calendar" href="([^"]+)"', html) == [
        f"https://calendar.example.org/events/conf.ics{query}"
    ]
    assert re.findall(r'href="([^"]*subscribe/[^"]*)"', html) == [f"/events/conf/subscribe/{query}"]


def tabs(html: str) -> list[tuple[str, bool]]:
    """Return where the tabs lead, and which of them is the page itself."""
    nav = html[html.index('<nav class="days"') :]
    nav = nav[: nav.index("</nav>")]
    found = re.findall(r'<a href="([^"]+)"( aria-current="page")?', nav)
    return [(address, bool(current)) for address, current in found]


def test_tabs_lead_to_each_day_and_to_all(site: FlaskClient) -> None:
    days = [f"/events/conf/days/{day}/" for day in DAYS]

    assert tabs(site.get("/events/conf/").text) == [
        (days[0], True),
        (days[1], False),
        (days[2], False),
        ("/events/conf/days/", False),
    ]
    assert tabs(site.get("/events/conf/days/").text)[-1] == ("/events/conf/days/", True)


def test_tabs_keep_filters_view_and_language(site: FlaskClient) -> None:
    html = site.get("/events/conf/?track=data&lang=de&view=list&tz=UTC").text

    assert tabs(html) == [
        ("/events/conf/days/2027-06-15/?view=list&amp;track=data&amp;lang=de&amp;tz=UTC", False),
        ("/events/conf/days/2027-06-16/?view=list&amp;track=data&amp;lang=de&amp;tz=UTC", False),
        ("/events/conf/?view=list&amp;track=data&amp;lang=de&amp;tz=UTC", True),
    ]


@pytest.mark.parametrize(
    "day",
    ["2027-06-13", "2027-06-19", "20270615", "2027-6-15", "today", "0001-01-01", "9999-12-31"],
)
def test_what_is_no_day_of_the_event_is_not_found(site: FlaskClient, day: str) -> None:
    assert site.get(f"/events/conf/days/{day}/").status_code == 404


def test_day_without_sessions_says_so_and_leads_on() -> None:
    text = EVENT.replace("FIRST", DAYS[0]).replace("SECOND", DAYS[1]).replace("LAST", DAYS[2])
    timed = schedule_of(text[: text.index("  - {id: later")])
    html = client_of(timed).get("/events/conf/days/2027-06-18/").text

    assert "Nothing is on this day." in html
    assert len(tabs(html)) == 4


def test_event_of_one_day_has_no_tabs(client: FlaskClient) -> None:
    assert '<nav class="days"' not in client.get("/events/ai-data-2025/").text


def test_today_is_shown_first_while_the_event_is_on() -> None:
    now = datetime.now(UTC)
    # Days of Berlin end at 06:00: on whichever side of that it is, the day before is over.
    days = [f"{(now + timedelta(days=number)).date()}" for number in (-3, -2, 5)]
    client = client_of(conf(*days))

    # Two days are over, and the next one is the last.
    assert agenda_page(client, "/events/conf/").titles == ["Three", "Later"]


def test_star_leads_back_to_the_day_that_is_shown(site: FlaskClient) -> None:
    html = site.get("/events/conf/days/2027-06-16/?track=data").text

    back = "/events/conf/days/2027-06-16/?track=data"
    assert f'<input type="hidden" name="back" value="{back}">' in html


def test_search_engines_read_the_whole_event_on_each_page(site: FlaskClient) -> None:
    for path in ("", "days/", "days/2027-06-17/"):
        (event,) = structured(site.get(f"/events/conf/{path}").text)

        assert event["@id"] == "https://calendar.example.org/events/conf/"
        assert len(event["subEvent"]) == 4  # type: ignore[arg-type]


POSTERS = """
name: Conf
timezone: Europe/Berlin
dates: {from: 2027-06-15, to: 2027-06-16}
sessions:
  - id: show
    title: Show
    kind: poster-session
    room: Hall
    when: [2027-06-15 12:00-13:00, 2027-06-15 18:00-19:00, 2027-06-16 12:00-13:00]
  - {id: one, title: Poster One, kind: poster, part_of: show, people: [Ada Example]}
  - {id: two, title: Poster Two, kind: poster, part_of: show}
"""


def test_posters_are_told_once_with_their_authors() -> None:
    html = client_of(schedule_of(POSTERS)).get("/events/conf/days/").text

    assert html.count("<summary>2 posters</summary>") == 1
    assert html.count('<a href="#s-show">2 posters</a>') == 2
    assert html.count("Ada Example") == 1


def test_poster_in_a_list_is_one_card_with_all_its_times() -> None:
    page = agenda_page(client_of(schedule_of(POSTERS)), "/events/conf/?kind=poster&lang=en-GB")

    assert page.titles == ["Poster One", "Poster Two"]
    assert "Also: 18:00, Wed 16 Jun, 12:00" in " ".join(page.articles[0]["text"].split())
    assert [each["value"] for each in page.articles] == ["one", "two"]


CARDS = """
name: Conf
timezone: Europe/Berlin
date: 2027-06-15
language: en
sessions:
  - {id: lunch, title: Lunch, kind: meal, when: 12:00-13:30, description: Soup}
  - id: talk
    title: Talk
    kind: workshop
    language: de
    when: 10:00-12:30
    room: Hall 2
    description: "**How** it _begins_.\\n\\nAnd goes on."
"""


def test_card_has_what_decides_and_no_time_twice() -> None:
    talk, lunch = agenda_page(client_of(schedule_of(CARDS)), "/events/conf/?lang=en-GB").articles
    html = client_of(schedule_of(CARDS)).get("/events/conf/?lang=en-GB").text

    words = talk["text"].split()
    assert {"Workshop", "German", "Hall\u00a02"} <= set(re.split(r"[ \n]+", talk["text"]))
    assert "2\u00a0hrs\u00a030\u00a0mins" in talk["text"]
    assert "How it begins. And goes on." in " ".join(words)
    assert lunch["class"].split()[0] == "thin"
    assert "Soup" not in lunch["text"]
    seen = re.sub(r'<span class="hidden">.*?</span>', "", html[html.index("<tbody>") :])
    assert re.findall(r">(\d\d:\d\d)<", seen) == ["10:00", "12:00"]
