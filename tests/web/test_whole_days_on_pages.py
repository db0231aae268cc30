"""Pages: what is all day is on its days for every reader, and stands above what has a time."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from api import api_of, with_cookie
from browser import OpenPage, View
from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from documents import document, json_of, talks_of, xml_of
from flask.testing import FlaskClient
from frabrules import faults_of_json, faults_of_xml
from judges import faults_of, lost_on
from pages import agenda_page, structured
from playwright.sync_api import expect
from servers import free_port, listening
from wholedays import ALL_DAY, all_day

from calsvc.live.events import Live
from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Version
from calsvc.web.app import create_app
from calsvc.web.grid import on_now, timed_of
from calsvc.web.present import present

LATER = NOW + timedelta(hours=1)
RANGE = "All day, Sat, Jun 12 – Mon, Jun 14"
EACH_DAY = {
    "2027-06-12": ["Hackathon", "Exhibition", "Child care", "Talk", "Panel"],
    "2027-06-13": ["Exhibition"],
    "2027-06-14": ["Exhibition", "Child care"],
}


def site() -> FlaskClient:
    return client_of(all_day())


def titles_by_day(html: str) -> dict[str, list[str]]:
    """Return the titles of an agenda below each of its days."""
    _, *days = re.split(r'<section class="day" aria-labelledby="day-', html)
    return {each[:10]: re.findall(r"<h3[^>]*><a[^>]*>([^<]+)</a>", each) for each in days}


def words(html: str) -> str:
    """Return the words of a page, or of a part of one."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@pytest.mark.parametrize("zone", ["", "?tz=Asia/Tokyo", "?tz=Asia/Kolkata"])
def test_agenda_has_it_above_all_else_of_each_of_its_days(zone: str) -> None:
    html = site().get(f"/events/conf/days/{zone}").text

    found = titles_by_day(html.partition('aria-labelledby="announced"')[0])
    assert found == EACH_DAY
    assert RANGE in words(html)


def test_readers_far_away_have_it_on_the_same_days() -> None:
    html = site().get("/events/conf/days/?tz=America/Los_Angeles").text

    found = titles_by_day(html.partition('aria-labelledby="announced"')[0])
    assert found == {
        "2027-06-11": ["Talk", "Panel"],
        **EACH_DAY,
        "2027-06-12": ["Hackathon", "Exhibition", "Child care"],
    }
    session = words(site().get("/events/conf/sessions/expo/?tz=America/Los_Angeles").text)
    assert "Saturday, June 12, 2027 – Monday, June 14, 2027 All day" in session
    assert "AM" not in session
    assert "JST" not in session


def test_words_are_german_too() -> None:
    assert "Ganztägig, Sa., 12. Juni – Mo., 14. Juni" in words(
        site().get("/events/conf/days/?lang=de").text
    )
    session = words(site().get("/events/conf/sessions/hack/?lang=de").text)
    assert "Samstag, 12. Juni 2027 Ganztägig" in session


def test_filters_by_day_find_it_on_each() -> None:
    for day, titles in EACH_DAY.items():
        feed = site().get(f"/events/conf.ics?day={day}&banner=no").text
        assert sorted(re.findall(r"SUMMARY:(.*)\r", feed)) == sorted(titles)
    assert agenda_page(site(), "/events/conf/?day=2027-06-13").titles[0] == "Exhibition"


def test_page_of_a_session_leads_back_to_its_day() -> None:
    html = site().get("/events/conf/sessions/hack/").text

    assert 'href="/events/conf/days/2027-06-12/#s-hack"' in html
    assert "What else is on" not in html
    talk = site().get("/events/conf/sessions/talk/").text
    assert re.findall(r"<dd>\s*<a [^>]*>([^<]+)", talk) == ["Panel"]


def test_all_day_is_neither_now_nor_next() -> None:
    schedule = all_day()
    uids = {each.uid: each.title for each in schedule.entries}
    morning = datetime(2027, 6, 12, 0, 30, tzinfo=UTC)  # 09:30 in Tokyo
    talking = datetime(2027, 6, 12, 1, 5, tzinfo=UTC)

    now = present(schedule, morning)
    assert now
    assert (now.on, [uids[uid] for uid in now.following]) == ((), ["Talk"])
    assert {uids[uid] for uid in on_now(timed_of(schedule), talking)} == {"Talk"}


def test_move_away_is_told_by_the_day() -> None:
    before = all_day()
    later = ALL_DAY.replace("when: 2027-06-12, room", "when: 2027-06-13 09:00-12:00, room")
    after = publish(event_of(later), before, LATER)
    live = Live((), BASE_URL)
    told = changes(before, after)
    live.put(after, [Version("conf", 2, LATER, "", "", "", told, is_withdrawn=False)])

    address = "/events/conf/days/?tz=America/Los_Angeles"
    [hack] = [
        each["text"]
        for each in agenda_page(create_app(live).test_client(), address).articles
        if "Hackathon" in each["text"]
    ]
    assert "Moved, was Sat, Jun 12, all day" in hack


def test_json_of_the_api_and_of_search_engines_has_days() -> None:
    agenda = site().get("/api/events/conf").json
    [hack] = [each for each in agenda["sessions"] if each["id"] == "hack"]

    assert hack["slots"][0] | {"uid": ""} == {
        "uid": "",
        "start": "2027-06-12T00:00:00+09:00",
        "end": "2027-06-13T00:00:00+09:00",
        "is_all_day": True,
        "timezone": "Asia/Tokyo",
        "room": "Hall",
        "status": "confirmed",
    }
    [found] = structured(site().get("/events/conf/sessions/expo/").text)
    assert (found["startDate"], found["endDate"]) == ("2027-06-12", "2027-06-14")


def test_frab_formats_have_it_as_long_as_their_days() -> None:
    talks = {each["title"]: each for each in talks_of(json_of(all_day(), "json"))}
    event = xml_of(all_day()).find(".//event[title='Exhibition']")

    assert (talks["Hackathon"]["date"], talks["Hackathon"]["duration"]) == (
        "2027-06-12T06:00:00+09:00",
        "24:00",
    )
    assert talks["Exhibition"]["end"] == "2027-06-15T06:00:00+09:00"
    assert event is not None
    assert event.findtext("duration") == "72:00"
    assert faults_of_json(document(all_day(), "json").body) == []
    assert faults_of_xml(document(all_day(), "xml").body) == []


def test_my_calendar_shows_it_and_no_overlap(tmp_path: Path) -> None:
    api = api_of(tmp_path, all_day())
    ids = ("hack", "talk", "expo", "care")
    made = api.make(sessions=[{"event": "conf", "session": each} for each in ids])
    html = with_cookie(api, made["edit_key"]).get("/my/").text

    assert made["overlaps"] == []
    shown = words(html)
    assert shown.count(RANGE) == 3
    assert "Next: Talk , Sat, Jun 12, 10:00 AM · Hall" in shown.replace(" ", " ")
    assert "Overlaps" not in shown
    feed = api.client.get(made["feed"].partition("calendar.example.org")[2]).text
    assert feed.count("TRANSP:TRANSPARENT") == 4


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_session_in_tokyo_is_on_its_day_for_a_reader_in_los_angeles(
    open_page: OpenPage, axe: str, width: int
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    reader = View(timezone="America/Los_Angeles", width=width)
    with listening(create_app(Live([all_day()], url)), port):
        with open_page(f"{url}/events/conf/days/", reader) as page:
            page.locator(".zones .own").click()
            page.wait_for_url("**tz=America/Los_Angeles")
            day = page.locator("section:has(> #day-2027-06-12)")
            assert day.locator("h3").all_inner_texts() == ["Hackathon", "Exhibition", "Child care"]
            assert day.locator(".when").first.inner_text() == "All day"
            assert page.locator("article.now, article.over").count() == 0
            earlier = page.locator("section:has(> #day-2027-06-11)")
            assert earlier.locator("h3").all_inner_texts() == ["Talk", "Panel"]
            assert [*faults_of(page, axe), *lost_on(page)] == []
        with open_page(f"{url}/events/conf/sessions/expo/", reader) as page:
            when = page.locator(".slot .facts > span").all_inner_texts()[:2]
            assert [each.strip() for each in when] == [
                "Saturday, June 12, 2027 – Monday, June 14, 2027",
                "All day",
            ]
            assert [*faults_of(page, axe), *lost_on(page)] == []


@pytest.mark.slow
def test_page_that_stays_open_takes_no_days_for_times(open_page: OpenPage) -> None:
    today = datetime.now(UTC)
    days = [f"{today + timedelta(days=each):%F}" for each in (-1, 1)]
    start, end = (f"{today + timedelta(hours=each):%F %H:%M}" for each in (-2, 2))
    schedule = schedule_of(f"""
        name: Conf
        timezone: UTC
        dates: {{from: {days[0]}, to: {days[1]}}}
        sessions:
          - {{id: expo, title: Expo, when: {days[0]} - {days[1]}}}
          - {{id: talk, title: Talk, when: {start} - {end}}}
        """)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with (
        listening(create_app(Live([schedule], url)), port),
        open_page(f"{url}/events/conf/days/", View(timezone="UTC")) as page,
    ):
        talk = page.locator("#s-talk")
        talk.evaluate("it => it.classList.remove('now')")
        page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        expect(talk).to_have_class(re.compile("now"))
        assert page.locator("article.all-day").count() == 3
        assert page.locator("article.all-day:is(.now, .over)").count() == 0
