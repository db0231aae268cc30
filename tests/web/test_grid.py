"""The agenda page: its days, what stands side by side, filters, zones, marks and stars."""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytz
from conftest import BASE_URL, NOW, PROJECT, client_of, event_of, schedule_of
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from readers import READERS

from calsvc.live import Live
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Version
from calsvc.web.app import create_app
from calsvc.web.grid import MOST_LANES, MOST_ROWS, Block, days
from calsvc.web.stars import pressed

PACKAGE = PROJECT / "calsvc"
BERLIN = pytz.timezone("Europe/Berlin")
HOUR = timedelta(hours=1)


class Shown(HTMLParser):
    """The articles of an agenda, by their sessions, with their classes and words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.articles: list[dict[str, str]] = []
        self._is_open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an article, or note what stands in it."""
        given = {name: value or "" for name, value in attrs}
        if tag == "article":
            self._is_open = True
            self.articles.append({"class": given.get("class", ""), "text": ""})
        elif self._is_open and tag == "button":
            self.articles[-1] |= {name: given.get(name, "") for name in ("value", "formaction")}
            self.articles[-1]["pressed"] = given.get("aria-pressed", "")

    def handle_endtag(self, tag: str) -> None:
        """End an article."""
        self._is_open = self._is_open and tag != "article"

    def handle_data(self, data: str) -> None:
        """Note the words of an article."""
        if self._is_open:
            self.articles[-1]["text"] += data

    @property
    def titles(self) -> list[str]:
        """Return the titles, in their order."""
        return [each["text"].split("\n")[1].strip() for each in self.articles]


def shown(client: FlaskClient, address: str) -> Shown:
    """Return what an agenda page shows."""
    response = client.get(address)
    assert response.status_code == 200
    return Shown(response.text)


# --- side by side -------------------------------------------------------------------------


def agenda_of(*sessions: str) -> Schedule:
    """Return the schedule of sessions that are written as ``id 09:00-10:00 room``."""
    rows = [line.split(" ", 2) for line in sessions]
    return schedule_of(
        "name: Conf\ntimezone: Europe/Berlin\ndate: 2025-06-25\nsessions:\n"
        + "".join(
            f'  - {{id: {name}, title: {name}, when: "{when}", room: {room}}}\n'
            for name, when, room in rows
        )
    )


def places(block: Block) -> dict[str, tuple[int, int, int]]:
    """Return the row, rows and lane of each session."""
    return {str(each.entry.session): (each.row, each.rows, each.lane) for each in block.placed}


def test_what_overlaps_stands_side_by_side() -> None:
    schedule = agenda_of(
        "talk 09:00-10:00 A",
        "workshop 09:00-12:00 B",
        "next 10:00-11:00 A",
        "third 10:30-11:30 C",
        "lunch 12:00-13:00 A",
    )

    ((day),) = days(schedule.entries, BERLIN)

    assert [places(block) for block in day.blocks] == [
        {"talk": (1, 1, 1), "workshop": (1, 3, 2), "next": (2, 2, 1), "third": (3, 1, 3)},
        {"lunch": (1, 1, 1)},
    ]
    assert [block.is_grid for block in day.blocks] == [True, False]


def test_lanes_stand_in_the_order_of_rooms() -> None:
    schedule = agenda_of("b 09:00-10:00 B", "a 09:00-10:00 A", "other 09:00-10:00 C")

    ((day),) = days(schedule.entries, BERLIN, ["A", "B", "unused"])

    assert places(day.blocks[0]) == {"a": (1, 1, 1), "b": (1, 1, 2), "other": (1, 1, 3)}


TIMES = st.tuples(
    st.integers(0, 40), st.integers(1, 12), st.sampled_from(["A", "B", "C", "D"])
)  # quarters of an hour, from eight o'clock


@given(st.lists(TIMES, min_size=1, max_size=30))
def test_nothing_covers_anything_else(times: list[tuple[int, int, str]]) -> None:
    def clock(quarters: int) -> str:
        return f"{8 + quarters // 4:02}:{quarters % 4 * 15:02}"

    rows = [
        f"s{number} {clock(start)}-{clock(start + length)} {room}"
        for number, (start, length, room) in enumerate(times)
    ]

    ((day),) = days(agenda_of(*rows).entries, BERLIN)

    placed = [each for block in day.blocks for each in block.placed]
    assert {each.entry.session for each in placed} == {row.split()[0] for row in rows}
    for block in day.blocks:
        for one, other in combinations(block.placed, 2):
            overlap = one.start < other.end and other.start < one.end
            share_rows = one.row < other.row + other.rows and other.row < one.row + one.rows
            assert overlap == share_rows
            assert not (overlap and one.lane == other.lane)
        assert {each.lane for each in block.placed} == set(range(1, block.lanes + 1))
    for earlier, later in zip(day.blocks, day.blocks[1:], strict=False):
        assert max(each.end for each in earlier.placed) <= min(each.start for each in later.placed)


def test_much_at_once_has_no_lanes() -> None:
    many = agenda_of(*(f"s{number} 09:00-10:00 R{number}" for number in range(MOST_LANES + 1)))

    ((day),) = days(many.entries, BERLIN)

    assert (day.blocks[0].is_loose, day.blocks[0].is_grid) == (True, False)


def test_page_has_the_rows_in_the_order_of_time() -> None:
    client = client_of(agenda_of("early 09:00-10:00 A", "late 11:00-12:00 A", "long 09:00-12:00 B"))

    page = shown(client, "/events/conf/")

    assert dict(zip(page.titles, (each["class"] for each in page.articles), strict=True)) == {
        "early": "at-1 for-1 in-1",
        "long": "at-1 for-2 in-2",
        "late": "at-2 for-1 in-1",
    }
    assert page.titles == ["early", "long", "late"]


def test_stylesheet_has_all_places(client: FlaskClient) -> None:
    stylesheet = client.get("/static/calsvc.css").text

    for row in range(1, MOST_ROWS + 1):
        assert f".at-{row} {{ --row: {row}; }} .for-{row} {{ --rows: {row}; }}" in stylesheet
    for lane in range(1, MOST_LANES + 1):
        assert f".in-{lane} {{ --lane: {lane + 1}; }}" in stylesheet
    for lanes in range(2, MOST_LANES + 1):
        assert f".lanes-{lanes} > article {{ grid-column: var(--lane); }}" in stylesheet


def classes_in(path: Path) -> set[str]:
    """Return the classes that a template, a script or a module names."""
    text = re.sub(r"\{[{%].*?[%}]\}", " ", path.read_text("utf-8"))
    named = re.findall(r'class(?:Name|List\.\w+)?(?:=| = |\()["`]([^"`]*)', text)
    return {name for names in named for name in names.split()}


def test_stylesheets_have_no_class_that_nothing_has() -> None:
    sources = [path for path in PACKAGE.rglob("*.*") if path.suffix in {".html", ".js", ".py"}]
    named = set().union(*map(classes_in, sources))
    made = re.compile(r"color-\w+|(at|for|in|lanes)-\d+")  # from what stands in an agenda
    sheets = [path.read_text("utf-8") for path in (PACKAGE / "web" / "static").glob("*.css")]
    selectors = re.sub(r"/\*.*?\*/|\{[^{}]*\}", "", "".join(sheets), flags=re.DOTALL)
    styled = {
        each for each in re.findall(r"\.([a-z][\w-]*)", selectors) if not made.fullmatch(each)
    }

    assert {"star", "embedded", "qr"} <= styled
    assert styled - named == set()


# --- zones --------------------------------------------------------------------------------


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
    text = client.get("/events/ai-data-2025/", query_string={"tz": zone, "lang": "en-GB"}).text

    here = ZoneInfo({"": "America/Los_Angeles", "kolkata": "Asia/Kolkata"}.get(zone, zone))
    starts = [
        entry.content.slot.start.astimezone(here)
        for entry in ai_data.entries
        if entry.content.slot and not entry.is_part
    ]
    # Until six in the morning it is still the evening before.
    evenings = {start: (start - 6 * HOUR).date() for start in starts}
    assert re.findall(r"<small>([^<]+)</small>", text) == [name] * len(set(evenings.values()))
    assert re.findall(r'<h2 id="day-([\d-]+)"', text) == sorted(map(str, set(evenings.values())))
    assert re.findall(r'<p><time datetime="([^"]+)">([^<]+)</time>', text) == [
        (
            start.isoformat(timespec="minutes"),
            f"{start:%H:%M}" if start.date() == evenings[start] else f"{start:%a %-d %b, %H:%M}",
        )
        for start in sorted(starts)
    ]


def test_zone_that_does_not_exist_is_answered_with_the_nearest(client: FlaskClient) -> None:
    response = client.get("/events/ai-data-2025/?kind=panel&tz=America/Los_Angels")

    assert response.status_code == 400
    assert "Did you mean America/Los_Angeles?" in unescape(response.text)
    links = re.findall(r'href="([^"#]+)"', unescape(response.text))
    assert "?kind=panel&tz=America/Los_Angeles" in links
    assert "?kind=panel" in links
    # The wrong one comes along to no other page; the form of this one may still have it.
    others = [each for each in links if each.startswith("/") and "static" not in each]
    assert others == ["/", "/my/", "/"]


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
    assert re.findall(r"<small>([^<]+)</small>", page) == [names]


def test_end_on_another_day_has_its_date() -> None:
    client = client_of(agenda_of("party 22:00-01:00+1 A"))

    (party,) = shown(client, "/events/conf/?lang=en-GB").articles

    assert "22:00 – Thu 26 Jun, 01:00 · A" in party["text"]


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


# --- filters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["", "kind=panel", "kind=!break&kind=!meal", "q=agent", "kind=poster", "speaker=horace-he"],
)
def test_page_shows_what_its_feed_holds(client: FlaskClient, query: str) -> None:
    page = shown(client, f"/events/ai-data-2025/?{query}")
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


def test_event_without_an_agenda_says_so(client: FlaskClient) -> None:
    assert "The agenda is not out yet." in client.get("/events/networking-2025/").text


# --- marks --------------------------------------------------------------------------------


def test_what_is_on_now_is_marked() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    hours = {"past": (-3, -2), "present": (-1, 1), "future": (2, 3)}
    rows = "".join(
        f"  - {{id: {name}, title: {name}, when: {{start: '{start}', end: '{end}'}}}}\n"
        for name, span in hours.items()
        for start, end in [((now + hour * HOUR).isoformat() for hour in span)]
    )
    dates = f"{{from: {(now - 4 * HOUR).date()}, to: {(now + 4 * HOUR).date()}}}"
    schedule = schedule_of(f"name: Conf\ntimezone: UTC\ndates: {dates}\nsessions:\n{rows}")

    page = shown(client_of(schedule), "/events/conf/")

    assert [
        (title, "On now" in each["text"], "now" in each["class"].split())
        for title, each in zip(page.titles, page.articles, strict=True)
    ] == [
        ("past", False, False),
        ("present", True, True),
        ("future", False, False),
    ]


MOVING = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: one, title: One, when: 09:00-10:00, room: A}
  - {id: two, title: Two, when: 09:30-10:00}
"""


def test_what_moved_says_when_and_where_it_was() -> None:
    first = schedule_of(MOVING)
    moved = MOVING.replace("09:00-10:00, room: A", "11:00-12:00, room: B")
    second = publish(event_of(moved), first, NOW + HOUR)
    live = Live((), BASE_URL)
    told = changes(first, second)
    live.put(second, [Version("conf", 2, NOW + HOUR, "", "", "", told, is_withdrawn=False)])

    two, one = shown(create_app(live).test_client(), "/events/conf/?lang=en-GB").articles

    (event,) = structured(create_app(live).test_client().get("/events/conf/").text)
    parts = {part["name"]: part for part in event["subEvent"]}  # type: ignore[attr-defined]
    assert parts["One"]["previousStartDate"] == "2025-06-25T09:00+02:00"
    assert parts["One"]["eventStatus"] == "https://schema.org/EventRescheduled"
    assert "previousStartDate" not in parts["Two"]
    assert "Moved, was 09:00" in one["text"]
    assert "New room, was A" in one["text"]
    assert "was" not in two["text"]


def test_what_is_cancelled_is_marked_and_cannot_be_chosen() -> None:
    text = MOVING.replace("room: A", "status: cancelled")

    one, two = shown(client_of(schedule_of(text)), "/events/conf/").articles

    assert "Cancelled" in one["text"] and "cancelled" in one["class"].split()
    assert "value" not in one
    assert two["value"] == "two"


def test_what_left_the_agenda_is_marked_and_leads_nowhere() -> None:
    first = schedule_of(MOVING)
    left = MOVING.replace("  - {id: one, title: One, when: 09:00-10:00, room: A}\n", "")
    client = client_of(publish(event_of(left), first, NOW + HOUR))

    html = client.get("/events/conf/").text
    one, _ = Shown(html).articles

    assert "One" in one["text"] and "Cancelled" in one["text"]
    assert "/sessions/one/" not in html[html.index("<main") :]
    page = client.get("/events/conf/sessions/one/")
    assert page.status_code == 410
    assert "no longer on the agenda" in page.text
    assert re.findall(r'<time datetime="([^"]+)">', page.text) == [
        "2025-06-25T09:00+02:00",
        "2025-06-25T10:00+02:00",
    ]


def test_what_is_postponed_can_be_chosen_for_its_time_to_come() -> None:
    first = schedule_of(MOVING)
    waiting = MOVING.replace("when: 09:00-10:00, room: A", "room: A")
    client = client_of(publish(event_of(waiting), first, NOW + HOUR))

    one, two = shown(client, "/events/conf/").articles
    page = client.get("/events/conf/sessions/one/").text

    assert "Postponed" in one["text"]
    assert (one["value"], two["value"]) == ("one", "two")
    assert "Postponed" in page and "The time will be announced." in page
    assert [each["eventStatus"] for each in structured(page)] == [
        "https://schema.org/EventPostponed"
    ]


# --- search engines -----------------------------------------------------------------------


def structured(html: str) -> list[dict[str, object]]:
    """Return the JSON-LD of a page."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return [json.loads(each) for each in found]


def test_agenda_has_each_session_as_sub_event(client: FlaskClient, ai_data: Schedule) -> None:
    (event,) = structured(client.get("/events/ai-data-2025/").text)

    timed = [each for each in ai_data.entries if each.content.slot and not each.is_part]
    parts = event["subEvent"]
    assert event["@type"] == "Event"
    assert (event["name"], event["startDate"]) == ("AI & Data @Scale 2025", "2025-06-25")
    assert isinstance(parts, list)
    assert {(part["name"], datetime.fromisoformat(part["startDate"])) for part in parts} == {
        (entry.content.title, entry.content.slot.start) for entry in timed if entry.content.slot
    }
    assert all(client.get(part["url"].removeprefix(BASE_URL)).status_code == 200 for part in parts)


def test_sub_events_are_where_the_event_is(client: FlaskClient) -> None:
    (event,) = structured(client.get("/events/ai-data-2025/").text)

    assert event["location"]["name"] == "Santa Clara Convention Center"  # type: ignore[index]
    places = {part["location"]["@id"] for part in event["subEvent"]}  # type: ignore[attr-defined]
    assert places == {event["location"]["@id"]}  # type: ignore[index]


def test_long_agenda_has_the_same_sub_events_in_pieces() -> None:
    schedule = long_agenda(200)

    event, *pieces = structured(client_of(schedule).get("/events/conf/").text)

    assert {piece["@id"] for piece in pieces} == {event["@id"]}
    names = [part["name"] for piece in pieces for part in piece["subEvent"]]  # type: ignore[attr-defined]
    assert sorted(names) == sorted(each.title for each in schedule.event.sessions)


def test_session_says_what_it_is_a_part_of(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/sessions/genai-startups/").text

    (session,) = structured(html)

    assert session["startDate"] == "2025-06-25T13:20-07:00"
    assert session["eventStatus"] == "https://schema.org/EventScheduled"
    assert session["superEvent"]["name"] == "AI & Data @Scale 2025"  # type: ignore[index]
    assert {"@type": "Person", "name": "Joe Spisak"}.items() <= session["performer"][0].items()  # type: ignore[index]
    assert '<meta property="og:title" content="Live Panel: GenAI Startups">' in html


# --- size ---------------------------------------------------------------------------------

WORDS = (
    "scaling testing shipping secure open data storage network stream kernel model compiler"
    " garden museum library teaching design review index cache queue deploy observe migrate"
    " python rust type schema query planner vector graph search privacy consent policy energy"
    " robot sensor map city harbour weather music archive language grammar speech hearing"
).split()


def long_agenda(number: int) -> Schedule:
    """Return an agenda with titles, people and ids as different as those of real ones."""

    def some(salt: str, many: int) -> Iterator[int]:
        return iter(hashlib.sha256(salt.encode()).digest()[:many])

    rows = []
    for place in range(number):
        title = " ".join(WORDS[each % len(WORDS)] for each in some(f"title {place}", 7)).title()
        people = [
            bytes(97 + each % 26 for each in some(f"{place} {who}", 14)).decode().title()
            for who in range(1 + place % 2)
        ]
        rows.append(
            {
                "id": hashlib.sha256(f"id {place}".encode()).hexdigest()[:6],
                "title": f"{title} {place}",
                "when": f"2025-06-{25 + place % 3} {9 + place % 8:02}:{place % 4 * 15:02}-18:00",
                "room": f"Room {place % 7}",
                "track": WORDS[place % 6],
                "people": [f"{name[:6]} {name[6:]}, {name[::-1][:9]} GmbH" for name in people],
            }
        )
    dates = {"from": "2025-06-25", "to": "2025-06-27"}
    document = {"name": "Conf", "timezone": "Europe/Berlin", "dates": dates, "sessions": rows}
    return schedule_of(json.dumps(document))


def test_agenda_of_500_sessions_is_small_and_paints_with_one_stylesheet() -> None:
    client = client_of(long_agenda(500))

    response = client.get("/events/conf/", headers={"Accept-Encoding": "gzip"})

    assert len(response.data) < 60 * 1024
    html = gzip.decompress(response.data).decode()
    assert len(Shown(html).articles) == 500
    head = html[: html.index("</head>")]
    assert len(re.findall(r'<link rel="stylesheet"', html)) == 1
    assert [each for each in re.findall(r"<script ([^>]*)>", head) if "src" in each] == [
        each for each in re.findall(r"<script ([^>]*)>", head) if each.startswith('type="module"')
    ]


# --- stars --------------------------------------------------------------------------------


def test_star_posts_the_session_and_comes_back(client: FlaskClient) -> None:
    html = client.get("/events/ai-data-2025/?kind=panel&tz=Asia/Kolkata").text

    assert '<form method="post" action="/my/add?tz=Asia/Kolkata"' in html
    assert '<input type="hidden" name="event" value="ai-data-2025">' in html
    assert (
        '<input type="hidden" name="back"'
        ' value="/events/ai-data-2025/?kind=panel&amp;tz=Asia/Kolkata">'
    ) in html
    stars = shown(client, "/events/ai-data-2025/?kind=panel").articles
    assert {(each["value"], each["pressed"]) for each in stars} == {
        ("genai-startups", "false"),
        ("agentic-infrastructure", "false"),
    }


def test_star_of_a_session_that_is_on_twice_names_the_time() -> None:
    text = MOVING.replace("when: 09:00-10:00, room: A", "when: [09:00-10:00, 11:00-12:00]")
    schedule = schedule_of(text)

    page = shown(client_of(schedule), "/events/conf/")

    assert [each["value"] for each in page.articles] == [
        f"one/{schedule.of_session('one')[0].uid}",
        "two",
        f"one/{schedule.of_session('one')[1].uid}",
    ]


TWICE = MOVING.replace("when: 09:00-10:00, room: A", "when: [09:00-10:00, 11:00-12:00]")


def test_stars_of_what_was_chosen_are_pressed() -> None:
    schedule = schedule_of(TWICE)
    first, second = (str(each.uid) for each in schedule.of_session("one"))
    page = client_of(schedule).get("/events/conf/").data

    def stars(chosen: dict[str | None, set[str | None]]) -> list[tuple[str, str, str]]:
        html = pressed(page, chosen, "/my/remove?lang=de&tz=UTC").decode()
        articles = Shown(html).articles
        return [(each["value"], each["pressed"], each["formaction"]) for each in articles]

    remove = "/my/remove?lang=de&tz=UTC"
    two = ("two", "false", "")
    assert stars({}) == [(f"one/{first}", "false", ""), two, (f"one/{second}", "false", "")]
    assert stars({"one": {None}}) == [("one", "true", remove), two, ("one", "true", remove)]
    assert stars({"one": {second}}) == [
        (f"one/{first}", "false", ""),
        two,
        (f"one/{second}", "true", remove),
    ]
    assert stars({"other": {None}, None: {None}})[1] == two


def test_words_that_look_like_a_star_are_not_pressed() -> None:
    title = """'value="two" aria-pressed="false"'"""
    page = client_of(schedule_of(MOVING.replace("title: One", f"title: {title}")))

    html = pressed(page.get("/events/conf/").data, {"two": {None}}, "/my/remove").decode()

    assert [(each["value"], each["pressed"]) for each in Shown(html).articles] == [
        ("one", "false"),
        ("two", "true"),
    ]
    assert html.count("formaction") == 1
