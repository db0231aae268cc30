"""Agendas on other sites: their days, what is searched there, and what became of the event."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from agendas import agenda_of, agenda_on_now, long_agenda
from conftest import BASE_URL, client_of, schedule_of
from flask.testing import FlaskClient
from pages import AgendaPage, Page, agenda_page

from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.web.app import create_app
from calsvc.web.views.embed import FEW

EVENT = """
name: Conf
timezone: Europe/Berlin
dates: {from: FIRST, to: LAST}
sessions:
  - {id: one, title: One of Two, when: FIRST 10:00-11:00, track: Data, room: Blue Hall}
  - {id: night, title: Night, when: FIRST 23:00-01:00+1, people: [Ada Example]}
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


def shown(client: FlaskClient, path: str) -> AgendaPage:
    """Return the page for a frame at a path below the agenda's."""
    return agenda_page(client, f"/events/conf/embed/{path}")


# --- days ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "titles"),
    [
        ("", ["One of Two", "Night", "Later"]),
        ("days/", ["One of Two", "Night", "Two", "Three", "Later"]),
        ("days/2027-06-16/", ["Two", "Later"]),
        ("days/2027-06-18/", ["Later"]),
        ("?track=data", ["One of Two"]),
        ("?track=web", ["Three"]),
        ("days/2027-06-16/?track=data", ["Two"]),
        ("days/2027-06-17/?track=data", []),
        ("?day=2027-06-16", ["Two"]),
        ("?day=2027-06-15&day=2027-06-16", ["One of Two", "Night", "Two"]),
        ("?tz=America/Los_Angeles", ["One of Two", "Night", "Two", "Later"]),
    ],
)
def test_frame_shows_one_day_at_a_time(site: FlaskClient, path: str, titles: list[str]) -> None:
    assert shown(site, path).titles == titles


@pytest.mark.parametrize("day", ["2027-06-13", "2027-06-19", "today", "20270616"])
def test_what_is_no_day_of_the_event_is_not_found(site: FlaskClient, day: str) -> None:
    answer = site.get(f"/events/conf/embed/days/{day}/")

    assert answer.status_code == 404
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def tabs(html: str) -> list[tuple[str, bool]]:
    """Return where the tabs of days lead, in the frame, and which of them is shown."""
    found = re.findall(
        r'<a href="([^"#]+)" target="_self"( aria-current="page")?', nav_of(html) or ""
    )
    return [(address.replace("&amp;", "&"), bool(current)) for address, current in found]


def nav_of(html: str) -> str | None:
    """Return what stands between the tags of the days, if there are any."""
    found = re.search(r'<nav class="days".*?</nav>', html, re.DOTALL)
    return found and found[0]


def test_tabs_lead_to_each_day_and_to_all(site: FlaskClient) -> None:
    frame = "/events/conf/embed"

    for path, place in (("", 0), ("days/2027-06-17/", 2), ("days/", 3)):
        addresses = [*(f"{frame}/days/{day}/" for day in DAYS), f"{frame}/days/"]
        assert tabs(site.get(f"{frame}/{path}").text) == [
            (address, number == place) for number, address in enumerate(addresses)
        ]


def test_tabs_keep_what_is_asked_for(site: FlaskClient) -> None:
    query = "search=o&view=list&track=data&lang=de&tz=UTC"
    frame = "/events/conf/embed"

    assert tabs(site.get(f"{frame}/?{query}").text) == [
        (f"{frame}/days/{DAYS[0]}/?{query}", False),
        (f"{frame}/days/{DAYS[1]}/?{query}", False),
        (f"{frame}/days/?{query}", True),
    ]


@pytest.mark.parametrize("query", ["?day=2027-06-15&day=2027-06-16", "?track=web", "?q=night"])
def test_one_day_and_the_days_that_a_site_names_have_no_tabs(site: FlaskClient, query: str) -> None:
    assert tabs(site.get(f"/events/conf/embed/{query}").text) == []


def test_today_is_shown_first_while_the_event_is_on() -> None:
    now = datetime.now(UTC)
    # Days of Berlin end at 06:00: on whichever side of that it is, the day before is over.
    days = [f"{(now + timedelta(days=number)).date()}" for number in (-3, -2, 5)]

    assert shown(client_of(conf(*days)), "").titles == ["Three", "Later"]


# --- now ----------------------------------------------------------------------------------


def test_frame_says_what_is_on_as_the_agenda_does() -> None:
    client = client_of(schedule_of(agenda_on_now()))
    section = re.compile(r'<section class="present".*?</section>', re.DOTALL)
    of_agenda, of_frame = client.get("/events/conf/"), client.get("/events/conf/embed/")
    [said] = section.findall(of_frame.text)

    assert "<h2>On now</h2>" in said
    # Between the two requests something may have begun.
    assert section.findall(of_agenda.text) in (
        [said],
        section.findall(client.get("/events/conf/").text),
    )
    assert 'class="jump" href="#t-' in (nav_of(of_frame.text) or "")
    assert of_frame.text.count('<strong class="mark on">On now</strong>') == 1
    for path in ("?search=-14", f"days/{datetime.now(UTC).date() + timedelta(days=1)}/"):
        assert section.findall(client.get(f"/events/conf/embed/{path}").text) == []


def test_present_of_a_part_has_nothing_else() -> None:
    client = client_of(schedule_of(agenda_on_now()))
    links = [
        re.findall(
            r'<li><a href="#s-s\d+-(\d+)"', client.get(f"/events/conf/embed/?track={track}").text
        )
        for track in ("odd", "even")
    ]

    # Of one of them something is on, and of the other one something is next.
    assert all(int(hour) % 4 for hour in links[0])
    assert not any(int(hour) % 4 for hour in links[1])
    assert links[0] or links[1]


# --- searching ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "titles", "number"),
    [
        ("search=two", ["One of Two", "Two"], "2 sessions: “two”"),
        ("search=TWO++One", ["One of Two"], "1 session: “TWO One”"),
        ("search=ada", ["Night"], "1 session: “ada”"),  # a person
        ("search=blue+hall", ["One of Two"], "1 session: “blue hall”"),  # a room
        ("search=web", ["Three"], "1 session: “web”"),  # a track
        ("search=lat", ["Later"], "1 session: “lat”"),
        ("search=nothing", [], "0 sessions: “nothing”"),
        ("search=t&track=web", ["Three"], "1 session: “t”"),
        ("search=two&q=one&q=three", ["One of Two"], "1 session: “two”"),
        ("search=two%00%E2%80%AE", ["One of Two", "Two"], "2 sessions: “two”"),
        ("search=!two", [], "0 sessions: “!two”"),  # words, other than in addresses of feeds
    ],
)
def test_search_finds_in_all_days_of_what_the_site_shows(
    site: FlaskClient, query: str, titles: list[str], number: str
) -> None:
    answer = site.get(f"/events/conf/embed/?{query}")

    assert shown(site, f"?{query}").titles == titles
    assert found(answer.text) == number
    assert ("No sessions match." in answer.text) == (not titles)


def found(html: str) -> str:
    """Return how many sessions a search found, with its words."""
    [words] = re.findall(r'<p role="status" class="found">(.*?) <a href', html)
    return str(words)


def test_search_ends_where_it_began_and_changes_no_calendar(site: FlaskClient) -> None:
    query = "kind=talk&track=data&lang=de"
    answer = site.get(f"/events/conf/embed/?search=one&{query}")
    page = Page(answer)
    search = page.form("/events/conf/embed/")
    [end] = re.findall(r'“one” <a href="([^"]+)" target="_self">Zurücksetzen</a>', answer.text)

    assert sorted(search.fields) == [
        ("kind", "talk"),
        ("lang", "de"),
        ("search", "one"),
        ("track", "data"),
    ]
    assert search.method == "get"
    assert end.replace("&amp;", "&") == f"/events/conf/embed/?{query}"
    [subscribe] = [link for link in page.links if "/subscribe/" in link]
    assert dict(parse_qsl(urlsplit(subscribe).query)) == dict(parse_qsl(query))
    [back] = [value for name, value in page.form("/my/add?lang=de").fields if name == "back"]
    assert "search" not in back


@pytest.mark.parametrize("query", ["search=", "search=+%20", "search=%C2%A0"])
def test_search_for_nothing_is_none(site: FlaskClient, query: str) -> None:
    assert shown(site, f"?{query}").titles == ["One of Two", "Night", "Later"]
    assert 'class="found"' not in site.get(f"/events/conf/embed/?{query}").text


@pytest.mark.parametrize(
    ("number", "place"), [(1, None), (2, "details"), (FEW, "details"), (FEW + 1, "div")]
)
def test_search_waits_behind_a_button_where_there_is_little(number: int, place: str | None) -> None:
    html = client_of(long_agenda(number)).get("/events/conf/embed/").text

    assert re.findall(r'<(\w+) class="find">', html) == ([place] if place else [])
    assert html.count('role="search"') == (1 if place else 0)


# --- what became of the event -------------------------------------------------------------


def event(event_id: str, day: str, rest: str = "") -> Schedule:
    """Return an event without sessions."""
    return schedule_of(
        f"name: {event_id}\ntimezone: Europe/Berlin\ndate: {day}\n{rest}\n", event_id
    )


def test_frames_say_that_an_event_is_over_or_cancelled() -> None:
    talk = "sessions: [{id: talk, title: Talk, when: 10:00-11:00}]"
    live = Live(
        [
            event("past", "2020-06-01", "series: Days"),
            event("full", "2020-06-01", talk),
            event("off", "2036-06-01", f"status: cancelled\n{talk}"),
            event("bare", "2036-06-01", "status: cancelled"),
            event("next", "2036-06-01", "series: Days"),
        ],
        BASE_URL,
    )
    client = create_app(live).test_client()
    pages = {
        path: Page(client.get(f"/events/{path}"))
        for path in (
            *("past/embed/", "past/embed/subscribe/", "full/embed/", "full/embed/sessions/talk/"),
            *("off/embed/", "off/embed/subscribe/", "off/embed/sessions/talk/", "bare/embed/"),
            *("next/embed/", "next/embed/subscribe/"),
        )
    }
    told = {
        path: [
            words
            for words in ("This event ended on", "This event is cancelled.", "not out yet")
            if words in page.words
        ]
        for path, page in pages.items()
    }
    leads_on = {path for path, page in pages.items() if "/events/next/" in page.links}
    subscribes = {
        path for path, page in pages.items() if any("subscribe/" in each for each in page.links)
    }

    assert told == {
        **{path: ["This event ended on"] for path in list(pages)[:4]},
        **{path: ["This event is cancelled."] for path in list(pages)[4:8]},
        "next/embed/": ["not out yet"],
        "next/embed/subscribe/": [],
    }
    assert leads_on == {
        "past/embed/",
        "past/embed/subscribe/",
        "next/embed/",
        "next/embed/subscribe/",
    }
    assert subscribes == {"past/embed/", "past/embed/subscribe/", "full/embed/", *list(pages)[8:]}


def test_filter_that_nothing_matches_is_told_of_past_events_too() -> None:
    client = client_of(agenda_of("one 09:00-10:00 A"))

    assert "No sessions match." in client.get("/events/conf/embed/?track=nothing").text
    assert "not out yet" not in client.get("/events/conf/embed/?track=nothing").text
