"""My calendar as a person has it: pages with plain forms, and the feed that they lead to."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from browser import OpenPage, View, listening
from conftest import BASE_URL, event_of, schedule_of
from databases import free_port
from flask import request
from flask.testing import FlaskClient
from readers import READERS, Component, Read, component_of, faults, moments, read_vobject, unescaped
from test_links import read_qr
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live import Follower, Live
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.itineraries import (
    MAX_SESSIONS,
    Choice,
    Itinerary,
    derived,
    hashed,
    new_edit_key,
)
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft
from calsvc.storage.calendars import Calendars
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    venue: Old Hall
    sessions:
      - {id: opening, title: Opening, when: 09:00-09:30, room: Hall A}
      - {id: talk, title: Talk, when: 09:20-10:00, room: Hall B}
      - {id: posters, title: Posters, kind: poster-session, when: [10:00-11:00, 14:00-15:00]}
      - {id: one, title: One, kind: poster, part_of: posters}
      - {id: later, title: Later}
      - {id: closing, title: Closing, when: 16:00-17:00}
"""
CONF = schedule_of(AGENDA)
OTHER = schedule_of(
    """
    name: Other
    timezone: America/Los_Angeles
    date: 2028-01-10
    sessions:
      - {id: keynote, title: Keynote, when: 09:00-10:00}
      - id: abroad
        title: Abroad
        when: {start: 2028-01-11 08:00, duration: 60, timezone: Asia/Tokyo}
    """,
    "other",
)


def uid_of(session: str, place: int = 0) -> str:
    """Return the uid of a session's entry, by default of its first."""
    return str(CONF.of_session(session)[place].uid)


Reader = Callable[[bytes], list[Read]]
each_reader = pytest.mark.parametrize("reader", READERS.values(), ids=READERS)


@dataclass
class Form:
    """A form of a page, with what it sends as it stands there; each named button is one more."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)


INLINE = {"a", "code", "small", "span", "strong", "time"}
HEADINGS = {"h1", "h2", "h3", "h4"}


class Page(HTMLParser):
    """What a person sees of a page."""

    def __init__(self, response: TestResponse) -> None:
        assert response.mimetype == "text/html"
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.codes: list[str] = []
        self.headings: list[str] = []
        self.values: dict[str, str] = {}
        """What stands in the fields, by their ids."""
        self._form = Form("", "")
        self._texts: list[str] = []
        self._open: list[str] = []
        self._select = ""
        self.feed(response.text)
        self.headings = [" ".join(each.split()) for each in self.headings]

    @property
    def words(self) -> str:
        """Return the text of the page, with single spaces."""
        return " ".join("".join(self._texts).split())

    def form(self, action: str, **fields: str) -> Form:
        """Return the first form that leads to an address, and sends these fields."""
        return next(
            form
            for form in self.forms
            if form.action == action and set(fields.items()) <= set(form.fields)
        )

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        assert tag not in {"iframe", "object", "style"}
        assert not [name for name in given if name == "style" or name.startswith("on")]
        self._open.append(tag)
        if tag not in INLINE:
            self._texts.append(" ")
        if tag in HEADINGS:
            self.headings.append("")
        if tag == "script" and given["type"] != "application/ld+json":
            assert (given["type"], given["src"][:8]) == ("module", "/static/")
        elif tag == "form":
            self._form = Form(given.get("action", ""), given["method"])
            self.forms.append(self._form)
        elif tag == "a" and "href" in given:
            self.links.append(given["href"])
        else:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        is_box = given.get("type") == "checkbox"
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self._form.fields.append((self._select, given["value"]))
        elif tag == "input" and "id" in given:
            self.values[given["id"]] = given.get("value", "")
        if tag == "input" and "name" in given and (not is_box or "checked" in given):
            value = given.get("value", "on" if is_box else "")
            self._form.fields.append((given["name"], value))
        elif tag == "button" and "name" in given:
            fields = [*self._form.fields, (given["name"], given["value"])]
            action = given.get("formaction", self._form.action)
            self.forms.append(Form(action, self._form.method, fields))

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self._texts.append(data)
        if self._open and self._open[-1] == "code":
            self.codes.append(data)
        if HEADINGS & set(self._open):
            self.headings[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self._texts.append(" ")
        while self._open and self._open.pop() != tag:
            pass


class Browser:
    """A person's browser: it keeps cookies, and says which site a form is of."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.seen: list[TestResponse] = []

    def get(self, address: str, **options: Any) -> TestResponse:
        """Return what an address gives."""
        return self._seen(self.client.get(address.removeprefix(BASE_URL), **options))

    def page(self, address: str = "/my/") -> Page:
        """Return a page."""
        response = self.get(address)
        assert response.status_code == 200
        return Page(response)

    def send(self, form: Form, **changed: str | None) -> TestResponse:
        """Send a form with other values in some fields; None leaves one out."""
        assert form.method == "post"
        fields = [(name, value) for name, value in form.fields if name not in changed]
        fields += [(name, value) for name, value in changed.items() if value is not None]
        return self.post(form.action, fields)

    def post(
        self, path: str, fields: list[tuple[str, str]], origin: str = BASE_URL
    ) -> TestResponse:
        """Send fields as a form of a site does."""
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        return self._seen(self.client.post(path, data=data, headers={"Origin": origin}))

    def choose(self, *sessions: str, event: str = "conf") -> None:
        """Choose sessions, whenever they are on."""
        for session in sessions:
            assert self.post("/my/add", [("event", event), ("session", session)]).status_code == 303

    @property
    def key(self) -> str:
        """Return the edit key that the browser keeps."""
        cookie = self.client.get_cookie(COOKIE)
        assert cookie
        return str(cookie.value)

    @property
    def address(self) -> str:
        """Return the path of the feed, as the page shows it."""
        address = self.page().values["feed"]
        assert address.startswith(f"{BASE_URL}/my/")
        return address.removeprefix(BASE_URL)

    def feed(self) -> bytes:
        """Return the personal feed, as any program gets it."""
        response = self.client.application.test_client().get(self.address)
        assert response.status_code == 200
        body: bytes = response.data
        assert faults(body) == []
        return body

    def _seen(self, response: TestResponse) -> TestResponse:
        self.seen.append(response)
        return response


@dataclass(frozen=True)
class Site:
    """A site whose schedules and calendars are in an SQLite file."""

    live: Live
    storage: Storage
    path: Path
    settings: Settings

    def browser(self) -> Browser:
        """Return a browser that was never here."""
        calendars = Calendars(self.storage.database)
        app = create_app(self.live, calendars, self.settings)
        return Browser(app.test_client())

    def publish(self, text: str, event_id: str = "conf") -> Schedule:
        """Publish a changed agenda, and let the site see it."""
        event = event_of(text, event_id)

        def draft(version: object, previous: Schedule | None) -> Draft:
            assert previous
            newer = publish(event, previous, previous.published + timedelta(days=1))
            return Draft(newer, "", changes=changes(previous, newer))

        self.storage.append(event_id, draft)
        self.follow()
        newest = self.storage.newest(event_id)
        assert newest
        return newest[1]

    def follow(self) -> None:
        """Look for what is new in storage, as a server does twice in a second."""
        Follower(self.live, self.storage, Calendars(self.storage.database)).step()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Let the database be away while the block runs."""
        away = self.path.with_name("away.db")
        self.path.rename(away)
        try:
            yield
        finally:
            away.rename(self.path)


def site_of(folder: Path, *schedules: Schedule, base_url: str = BASE_URL, **options: Any) -> Site:
    """Return a site of these events, with settings that differ from the default."""
    path = folder / "calsvc.db"
    storage = Storage(f"sqlite:///{path}")
    storage.migrate()
    for schedule in schedules:
        storage.append(schedule.event.id, lambda _, __, schedule=schedule: Draft(schedule, ""))
    settings = Settings(**{"new_calendars": 0, **options})
    site = Site(Live((), base_url), storage, path, settings)
    site.follow()
    return site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A site of two events."""
    return site_of(tmp_path, CONF, OTHER)


@pytest.fixture
def person(site: Site) -> Browser:
    """A browser that was never here."""
    return site.browser()


# --- choosing -----------------------------------------------------------------------------


def test_person_who_is_new_is_welcome(person: Browser) -> None:
    response = person.get("/my/")

    page = Page(response)
    assert response.status_code == 200
    assert {name: value for name, value in response.headers if name != "Content-Length"} == {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Content-Security-Policy": response.headers["Content-Security-Policy"],
    }
    assert "There is no account." in page.words
    assert {"/events/conf/", "/events/other/"} <= set(page.links)
    assert page.form("/my/open") == Form("/my/open", "post", [("key", "")])


def test_first_choice_on_the_agenda_makes_a_calendar(site: Site, person: Browser) -> None:
    agenda = "/events/conf/?q=talk"
    form = person.page(agenda).form("/my/add", session="talk")

    response = person.send(form)

    fields = [("event", "conf"), ("back", agenda), ("session", "talk")]
    assert form == Form("/my/add", "post", fields)
    assert (response.status_code, response.data) == (303, b"")
    assert response.headers["Location"] == f"{agenda}#s-talk"
    attributes = f"{COOKIE}={person.key}; Secure; HttpOnly; Max-Age=34560000; Path=/; SameSite=Lax"
    [cookie] = response.headers.get_all("Set-Cookie")
    assert sorted(re.sub(r" Expires=[^;]+;", "", cookie).split("; ")) == sorted(
        attributes.split("; ")
    )
    assert "Talk" in person.page().headings
    assert Calendars(site.storage.database).count() == 1


def test_choice_on_the_agenda_is_removed_there(person: Browser) -> None:
    person.choose("talk", "closing")

    response = person.send(person.page("/events/conf/").form("/my/remove", session="talk"))

    assert response.headers["Location"] == "/events/conf/#s-talk"
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Closing"]


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/events/",
        "/events/\r\nX: y",
        "/my/rotate",
        "events/",
    ],
)
def test_form_leads_back_to_no_other_place(person: Browser, back: str) -> None:
    response = person.post("/my/add", [("event", "conf"), ("session", "talk"), ("back", back)])

    assert (response.status_code, response.headers["Location"]) == (303, "/my/")


def test_cookie_goes_over_http_where_the_site_is_there(tmp_path: Path) -> None:
    person = site_of(tmp_path, CONF, base_url="http://127.0.0.1:8000").browser()

    response = person.post("/my/add", [("event", "conf"), ("session", "talk")], "http://localhost")

    [cookie] = response.headers.get_all("Set-Cookie")
    assert "Secure" not in cookie
    assert "; HttpOnly; " in cookie and cookie.endswith("; SameSite=Lax")


def test_every_session_of_an_agenda_can_be_chosen(person: Browser) -> None:
    person.choose("opening", "talk", "posters", "one", "later", "closing")

    page = person.page()

    removable = [dict(form.fields)["session"] for form in page.forms if form.action == "/my/remove"]
    by_time = ["opening", "talk", "one", "posters", "one", "posters", "closing", "later"]
    assert removable == by_time


def test_further_choices_go_into_the_same_calendar(site: Site, person: Browser) -> None:
    person.choose("talk")
    key, address = person.key, person.address

    response = person.send(person.page("/events/other/").form("/my/add", session="keynote"))
    person.choose("talk")  # again

    assert "Set-Cookie" not in response.headers
    assert (person.key, person.address) == (key, address)
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk", "Keynote"]
    assert Calendars(site.storage.database).count() == 1


def test_full_calendar_says_so_where_sessions_can_be_removed(site: Site, person: Browser) -> None:
    person.choose("talk")
    many = [Choice(event="conf", session=f"s{number}") for number in range(MAX_SESSIONS - 1)]
    calendars = Calendars(site.storage.database)
    calendars.change(person.key, lambda itinerary: itinerary.adding(many))
    before = calendars.of_editor(person.key)

    response = person.post("/my/add?lang=de", [("event", "conf"), ("session", "closing")])

    page = Page(response)
    assert response.status_code == 409
    assert "Mein Kalender fasst höchstens 500 Programmpunkte." in page.words
    assert page.form("/my/remove?lang=de", session="talk")
    assert calendars.of_editor(person.key) == before


def test_one_time_of_a_session_can_be_chosen_by_a_form(person: Browser) -> None:
    uid = str(CONF.of_session("posters")[1].uid)
    fields = [("event", "conf"), ("session", f"posters/{uid}")]

    response = person.post("/my/add", fields)

    assert response.status_code == 303
    assert [entry.uid for entry in read_vobject(person.feed())] == [uid]


def test_one_time_is_chosen_and_removed_where_it_is_shown(person: Browser) -> None:
    uids = [str(entry.uid) for entry in CONF.of_session("posters")]
    for uid in uids:
        page = person.page("/events/conf/sessions/posters/")
        assert person.send(page.form("/my/add", session=f"posters/{uid}")).status_code == 303

    person.send(person.page().form("/my/remove", session=f"posters/{uids[0]}"))

    assert [entry.uid for entry in read_vobject(person.feed())] == uids[1:]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ([], 400),
        ([("event", "conf")], 400),
        ([("event", "conf"), ("session", "<script>alert(1)</script>")], 400),
        ([("event", "conf"), ("session", "talk/x")], 400),
        ([("event", "conf"), ("session", f"talk/{CONF.of_session('closing')[0].uid}")], 404),
        ([("event", "conf"), ("session", "nothing")], 404),
        ([("event", "nothing"), ("session", "talk")], 404),
    ],
)
def test_choice_of_what_is_not_there_makes_nothing(
    site: Site, person: Browser, fields: list[tuple[str, str]], status: int
) -> None:
    response = person.post("/my/add", fields)

    Page(response)
    assert response.status_code == status
    assert "Set-Cookie" not in response.headers
    assert Calendars(site.storage.database).count() == 0


BERLIN = "Tuesday, June 15, 2027 Central European Summer Time (Berlin)"


def test_page_shows_the_choice_by_day(person: Browser) -> None:
    person.choose("later", "talk", "opening")
    person.choose("keynote", event="other")

    page = person.page()

    start = page.headings.index(BERLIN)
    assert page.headings[start : page.headings.index("In your calendar program")] == [
        *(BERLIN, "9:00 AM", "Opening", "9:20 AM", "Talk"),
        *("Monday, January 10, 2028 Pacific Standard Time (Los Angeles)", "9:00 AM", "Keynote"),
        *("Announced, with a time to come", "Later"),
    ]
    assert "Talk 9:20 AM – 10:00 AM · Hall B Conf" in page.words
    assert "Keynote 9:00 AM – 10:00 AM Other" in page.words


def test_events_of_one_zone_share_a_day(tmp_path: Path) -> None:
    evening = "      - {id: party, title: Party, when: 20:00-22:00}"
    agenda = AGENDA[: AGENDA.index("sessions:")] + "sessions:\n" + evening
    person = site_of(tmp_path, CONF, schedule_of(agenda, "evening")).browser()
    person.choose("party", event="evening")
    person.choose("talk")

    assert person.page().headings[1:6] == [BERLIN, "9:20 AM", "Talk", "8:00 PM", "Party"]


def test_page_shows_times_in_the_zone_that_is_asked_for(person: Browser) -> None:
    person.choose("talk")
    person.choose("keynote", event="other")

    page = person.page("/my/?tz=Asia/Tokyo&lang=en-GB")

    assert page.headings[1:7] == [
        *("Tuesday, 15 June 2027 Japan Standard Time (Tokyo)", "16:20", "Talk"),
        # Until six in the morning it is still the evening before.
        *("Monday, 10 January 2028 Japan Standard Time (Tokyo)", "Tue 11 Jan, 02:00", "Keynote"),
    ]
    assert "/events/conf/sessions/talk/?lang=en-GB&tz=Asia/Tokyo" in page.links


def test_zone_that_is_none_is_refused(person: Browser) -> None:
    person.choose("talk")

    response = person.get("/my/?tz=Asia/Nowhere")

    assert response.status_code == 400
    assert "Asia/Nowhere" in Page(response).words


def test_page_tells_what_overlaps(person: Browser) -> None:
    person.choose("opening", "talk", "closing")

    page = person.page()

    assert re.findall(r"Overlaps with ([^.]*)\.", page.words) == [
        "Talk, 10 minutes",
        "Opening, 10 minutes",
    ]
    anchors = [link for link in page.links if link.startswith("#e-")]
    assert anchors == [f"#e-{uid_of('talk')}", f"#e-{uid_of('opening')}"]


def test_page_tells_which_way_is_short(tmp_path: Path) -> None:
    agenda = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: a, title: A, when: 09:00-09:55, room: One}
      - {id: b, title: B, when: 10:00-11:00, room: Two}
      - {id: c, title: C, when: 11:00-12:00, room: Three}
      - {id: d, title: D, when: 12:00-13:00, room: Three}
    """
    person = site_of(tmp_path, schedule_of(agenda), changeover=10).browser()
    person.choose("a", "b", "c", "d")

    words = person.page().words

    assert re.findall(r"(\w+ \w+(?: minutes)?) for the way between here and (\w)", words) == [
        ("Only 5 minutes", "B"),
        ("Only 5 minutes", "A"),
        ("No time", "C"),
        ("No time", "B"),
    ]


def test_page_tells_what_moved(site: Site, person: Browser) -> None:
    person.choose("talk", "closing")

    site.publish(AGENDA.replace("09:20-10:00, room: Hall B", "11:30-12:00, room: Hall C"))
    page = person.page()

    assert "Moved, was 9:20 AM New room, was Hall B" in page.words
    assert page.words.count("Moved") == 1


def test_page_in_german(person: Browser) -> None:
    form = person.page("/events/conf/?lang=de").form("/my/add?lang=de", session="talk")
    person.send(form)
    person.choose("opening", "later")

    response = person.get("/my/?lang=de")

    page = Page(response)
    assert '<html lang="de">' in response.text
    assert page.headings[:6] == [
        "Mein Kalender",
        "Dienstag, 15. Juni 2027 Mitteleuropäische Sommerzeit (Berlin)",
        *("09:00", "Opening", "09:20", "Talk"),
    ]
    assert "Überschneidung mit Talk, 10 Minuten." in page.words
    assert b"\r\nX-WR-CALNAME:Mein Kalender\r\n" in person.feed()


def test_page_leads_to_every_program(person: Browser) -> None:
    person.choose("talk")

    links = person.page().links

    feed = f"{BASE_URL}{person.address}"
    assert feed.replace("https://", "webcal://") in links
    assert f"{feed}?download=1" in links
    hosts = ("https://calendar.google.com/", "https://outlook.live.com/", "https://outlook.office.")
    assert all(any(link.startswith(host) for link in links) for host in hosts)


def test_qr_codes_hold_the_addresses(person: Browser) -> None:
    person.choose("talk")

    codes = re.findall(r"<svg [^>]*class=\"qr\".*?</svg>", person.get("/my/").text, re.DOTALL)

    feed = f"{BASE_URL}{person.address}".replace("https:", "webcal:")
    assert [read_qr(each) for each in codes] == [feed, f"{BASE_URL}/my/#{person.key}"]


def test_page_has_the_steps_for_every_program(person: Browser) -> None:
    person.choose("talk")

    response = person.get("/my/")

    anchors = {link[1:] for link in Page(response).links if re.match("#[^e]", link)}
    ids = set(re.findall(r' id="([^"]+)"', response.text))
    assert {"main", "address", "google", "outlook", "microsoft365"} == anchors
    assert anchors <= ids


def test_removed_session_is_gone_from_page_and_feed(person: Browser) -> None:
    person.choose("talk", "closing")

    response = person.send(person.page().form("/my/remove", session="talk"))
    again = person.post("/my/remove", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 303
    assert response.headers["Location"] == "/my/?removed=conf/talk"
    assert again.status_code == 303
    assert "Talk" not in person.page().headings
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Closing"]


def test_removal_is_undone(site: Site, person: Browser) -> None:
    second = uid_of("posters", 1)
    person.choose("talk", f"posters/{second}")
    calendars = Calendars(site.storage.database)
    before = calendars.of_editor(person.key)

    for session in ("talk", f"posters/{second}"):
        removed = person.send(person.page().form("/my/remove", session=session))
        address = removed.headers["Location"]
        page = person.page(address)
        assert "is no longer in your calendar." in page.words
        undone = person.send(page.form("/my/add", session=session))

        assert undone.headers["Location"] == "/my/"
        assert "is no longer in your calendar." not in person.page(address).words
    after = calendars.of_editor(person.key)
    assert set(after.choices) == set(before.choices)


def test_removal_keeps_language_and_zone(person: Browser) -> None:
    person.choose("talk", "closing")
    page = person.page("/my/?lang=de&tz=Asia/Tokyo")

    response = person.send(page.form("/my/remove?lang=de&tz=Asia/Tokyo", session="talk"))

    there = urlsplit(response.headers["Location"])
    assert dict(parse_qsl(there.query)) == {
        "removed": "conf/talk",
        "lang": "de",
        "tz": "Asia/Tokyo",
    }
    assert "„Talk“ ist nicht mehr im Kalender." in person.page(response.headers["Location"]).words


@pytest.mark.parametrize(
    "removed",
    [
        "",
        "conf",
        "conf/",
        "conf/nothing",
        "nothing/talk",
        "conf/talk/x",
        "a/b/c/d",
        "<b>/talk",
        "%00",
    ],
)
def test_page_offers_to_undo_only_what_can_be(person: Browser, removed: str) -> None:
    person.choose("closing")

    page = person.page(f"/my/?removed={removed}")

    assert [form.action for form in page.forms if form.action == "/my/add"] == []
    assert "no longer" not in page.words


def test_options_are_kept_and_shown(person: Browser) -> None:
    person.choose("talk")
    form = person.page().form("/my/options")

    response = person.send(form, name="Ann's days", alarm="15", busy=None, cancelled="mark")

    after = person.page().form("/my/options")
    shown = {"name": "My calendar", "alarm": "", "busy": "on", "cancelled": "status"}
    assert dict(form.fields) == shown
    assert response.status_code == 303
    assert dict(after.fields) == {"name": "Ann's days", "alarm": "15", "cancelled": "mark"}
    body = person.feed()
    assert b"\r\nX-WR-CALNAME:Ann's days\r\n" in body
    assert b"\r\nTRIGGER:-PT15M\r\n" in body
    assert [entry.transp for entry in read_vobject(body)] == ["TRANSPARENT"]


def test_options_sent_as_they_stand_change_nothing(site: Site, person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="A  & B", alarm="0", cancelled="drop")
    calendars = Calendars(site.storage.database)
    before = calendars.of_editor(person.key)

    person.send(person.page().form("/my/options"))

    assert calendars.of_editor(person.key) == before
    assert before.options.alarm == 0


NUMBER_WORDS = "Please write a number of minutes, up to four weeks of them"
NAME_WORDS = "Please write a name on one line, of 100 characters at most"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"alarm": "soon"}, [NUMBER_WORDS]),
        ({"alarm": "-1"}, [NUMBER_WORDS]),
        ({"alarm": "99999"}, [NUMBER_WORDS]),
        ({"name": "x" * 101}, [NAME_WORDS]),
        ({"name": "a\x00b"}, [NAME_WORDS]),
        ({"cancelled": "hide"}, ["Please choose one of these"]),
        ({"name": "x" * 101, "alarm": "0x10"}, [NAME_WORDS, NUMBER_WORDS]),
    ],
)
def test_options_that_cannot_be_change_nothing(
    site: Site, person: Browser, changed: dict[str, str], words: list[str]
) -> None:
    person.choose("talk")
    before = Calendars(site.storage.database).of_editor(person.key)

    response = person.send(person.page().form("/my/options"), **changed)

    page = Page(response)
    assert response.status_code == 400
    assert re.findall("Please [^.]+", page.words) == words
    typed = {"name": "My calendar", "alarm": "", "busy": "on", "cancelled": "status"} | changed
    offered = {name: value for name, value in typed.items() if value != "hide"}
    assert dict(page.form("/my/options").fields) == offered
    assert Calendars(site.storage.database).of_editor(person.key) == before


def test_answer_to_a_wrong_form_leads_to_the_page_in_another_language(person: Browser) -> None:
    person.choose("talk")

    response = person.send(person.page().form("/my/options"), alarm="soon")

    ((address,),) = [re.findall(r'href="([^"]+)"[^>]*>Deutsch</a>', response.text)]
    assert address == "/my/?lang=de"
    assert person.get(address).status_code == 200
    assert '<form class="filters" method="get" action="/my/"' in response.text


def test_calendar_without_a_name_has_the_usual_one(person: Browser) -> None:
    person.choose("talk")

    person.send(person.page().form("/my/options"), name="")

    assert dict(person.page().form("/my/options").fields)["name"] == "My calendar"


# --- secrets ------------------------------------------------------------------------------


def test_new_address_makes_the_old_one_stop(person: Browser) -> None:
    person.choose("talk")
    old = person.address

    response = person.send(person.page().form("/my/rotate"))

    assert response.status_code == 303
    assert person.address != old
    gone = person.get(old)
    assert (gone.status_code, gone.content_type) == (410, "text/plain; charset=utf-8")
    assert gone.text == "This calendar's address is no longer in use.\n"
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk"]


def test_deleted_calendar_is_forgotten(site: Site, person: Browser) -> None:
    person.choose("talk")
    key, address = person.key, person.address
    other = site.browser()
    other.client.set_cookie(COOKIE, key)

    response = person.send(person.page().form("/my/delete"))

    assert (response.status_code, response.headers["Location"]) == (303, "/my/")
    assert person.client.get_cookie(COOKIE) is None
    assert person.get(address).status_code == 410
    assert "no longer there" not in person.page().words
    assert "The calendar that this browser knew is no longer there." in other.page().words
    assert other.client.get_cookie(COOKIE) is None


def test_browser_of_a_deleted_calendar_can_start_anew(site: Site, person: Browser) -> None:
    person.choose("talk")
    old = person.key
    Calendars(site.storage.database).delete(old)

    person.choose("closing")

    assert person.key != old
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Closing"]


def test_calendar_moves_to_another_device_by_its_key(site: Site, person: Browser) -> None:
    person.choose("talk")
    [key] = [code for code in person.page().codes if code == person.key]
    other = site.browser()

    response = other.send(other.page().form("/my/open"), key=f" {key} ")
    other.choose("closing")

    assert (response.status_code, response.headers["Location"]) == (303, "/my/")
    assert other.key == person.key
    assert other.address == person.address
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk", "Closing"]


def test_key_that_opens_nothing_says_so(site: Site, person: Browser) -> None:
    person.choose("talk")
    secret = person.key
    calendars = Calendars(site.storage.database)
    calendars.change(secret, lambda each: each.model_copy(update={"share": 1}))
    deleted = site.browser()
    deleted.choose("talk")
    calendars.delete(deleted.key)
    feed, share = derived(secret, "feed", 1), derived(secret, "share", 1)
    other = site.browser()

    answers = [
        other.send(other.page().form("/my/open"), key=key)
        for key in (new_edit_key(), feed, share, hashed(secret), "x", "", "é", deleted.key)
    ]

    assert [each.status_code for each in answers] == [404] * 7 + [410]
    assert {Page(each).words for each in answers[:7]} == {Page(answers[0]).words}
    assert "There is no calendar with this key." in Page(answers[0]).words
    assert "The calendar of this key has been deleted." in Page(answers[7]).words
    assert other.client.get_cookie(COOKIE) is None
    assert not any("Set-Cookie" in each.headers for each in answers)


CHANGES = ["remove", "options", "rotate", "share", "delete"]


@pytest.mark.parametrize("name", CHANGES)
def test_form_without_a_calendar_is_refused(person: Browser, name: str) -> None:
    response = person.post(f"/my/{name}", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "The calendar that this browser knew is no longer there." in Page(response).words


@pytest.mark.parametrize("name", [each for each in CHANGES if each != "delete"])
def test_form_of_a_deleted_calendar_says_so(site: Site, person: Browser, name: str) -> None:
    person.choose("talk")
    Calendars(site.storage.database).delete(person.key)

    response = person.post(f"/my/{name}", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 410
    assert "The calendar that this browser knew is no longer there." in Page(response).words
    assert person.client.get_cookie(COOKIE) is None


def test_calendar_is_deleted_by_two_devices(site: Site, person: Browser) -> None:
    person.choose("talk")
    form = person.page().form("/my/delete")
    Calendars(site.storage.database).delete(person.key)

    response = person.send(form)

    assert (response.status_code, response.headers["Location"]) == (303, "/my/")
    assert person.client.get_cookie(COOKIE) is None


OTHERS = ["https://evil.example.org", "null", "", f"{BASE_URL}.evil.example", "https://[", "x"]


@pytest.mark.parametrize("name", ["add", *CHANGES, "open", "take"])
def test_form_of_another_site_changes_nothing(site: Site, name: str) -> None:
    person, friend = site.browser(), site.browser()
    for each in (person, friend):
        each.choose("talk", "closing")
    person.send(person.page().form("/my/share", share="yes"))
    shared = derived(person.key, "share", 1)
    calendars = Calendars(site.storage.database)
    keys = [each.key for each in (person, friend)]
    before = [calendars.of_editor(key) for key in keys]
    path = f"/my/shared/{shared}/take" if name == "take" else f"/my/{name}"
    fields = [("event", "conf"), ("session", "opening"), ("entry", uid_of("talk"))]
    fields += [("key", keys[0]), ("name", "Evil"), ("share", "no")]

    browsers = [person, friend, site.browser()]
    answers = [each.post(path, fields, origin) for origin in OTHERS for each in browsers]

    Page(answers[0])
    # Who has no calendar is asked for its key, where there is nothing else to do.
    stranger = 403 if name in {"add", "open", "take"} else 401
    assert [each.status_code for each in answers] == [403, 403, stranger] * len(OTHERS)
    assert not any("Set-Cookie" in each.headers for each in answers)
    assert [calendars.of_editor(key) for key in keys] == before
    assert calendars.count() == 2


# --- friends ------------------------------------------------------------------------------


def shared_by(person: Browser) -> str:
    """Let a person share the choice; return the page's path."""
    person.send(person.page().form("/my/share", share="yes"))
    return person.page().values["shared"].removeprefix(BASE_URL)


def test_shared_page_shows_the_choice_and_no_other_key(site: Site, person: Browser) -> None:
    person.choose("talk", "later")
    person.send(person.page().form("/my/options"), name="Ann's days")
    address = shared_by(person)

    response = site.browser().get(address)

    page = Page(response)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers
    assert "Ann's days" in page.words
    assert page.form(f"{address}take").fields == [
        ("entry", uid_of("talk")),
        ("entry", uid_of("later")),
    ]
    feed = derived(person.key, "feed", 1)
    assert not any(secret in response.text for secret in (person.key, feed, hashed(person.key)))


def test_sharing_is_off_until_it_is_wanted_and_ends_when_it_is_not(
    site: Site, person: Browser
) -> None:
    person.choose("talk")
    before = person.get("/my/").text
    address = shared_by(person)

    person.send(person.page().form("/my/share", share="no"))
    stopped = site.browser().get(address)
    anew = shared_by(person)

    assert "/my/shared/" not in before
    assert stopped.status_code == 410
    assert anew != address
    assert site.browser().get(anew).status_code == 200


def test_friend_without_a_calendar_takes_the_ticked_sessions(site: Site, person: Browser) -> None:
    person.choose("opening", "talk", "closing")
    address = shared_by(person)
    friend = site.browser()
    form = friend.page(address).form(f"{address}take")

    form.fields.remove(("entry", uid_of("talk")))
    response = friend.send(form)

    assert (response.status_code, response.headers["Location"]) == (303, "/my/")
    assert friend.key != person.key
    assert [entry.summary for entry in read_vobject(friend.feed())] == ["Opening", "Closing"]
    assert len(read_vobject(person.feed())) == 3


def test_friend_with_a_calendar_takes_sessions_into_it(site: Site, person: Browser) -> None:
    person.choose("talk", "closing")
    address = shared_by(person)
    friend = site.browser()
    friend.choose("opening", "talk")
    key = friend.key

    friend.send(friend.page(address).form(f"{address}take"))

    assert friend.key == key
    chosen = [entry.summary for entry in read_vobject(friend.feed())]
    assert chosen == ["Opening", "Talk", "Closing"]


def test_friend_takes_the_times_that_were_chosen(site: Site, person: Browser) -> None:
    uid = str(CONF.of_session("posters")[1].uid)
    person.choose(f"posters/{uid}")
    address = shared_by(person)
    friend = site.browser()

    friend.send(friend.page(address).form(f"{address}take"))

    assert [entry.uid for entry in read_vobject(friend.feed())] == [uid]


def test_friend_leaves_out_one_of_the_times(site: Site, person: Browser) -> None:
    person.choose("posters", "talk")
    address = shared_by(person)
    friend = site.browser()
    form = friend.page(address).form(f"{address}take")

    form.fields.remove(("entry", uid_of("posters")))
    friend.send(form)

    conf = Calendars(site.storage.database).of_editor(friend.key).slots("conf")
    assert conf == {"talk": {None}, "posters": {uid_of("posters", 1)}}


def test_friend_cannot_take_what_is_not_shared(site: Site, person: Browser) -> None:
    person.choose("talk")
    address = shared_by(person)
    friend = site.browser()

    friend.post(f"{address}take", [("entry", uid_of(each)) for each in ("closing", "talk")])

    assert [entry.summary for entry in read_vobject(friend.feed())] == ["Talk"]


@pytest.mark.parametrize("path", ["/my/shared/{}/", "/my/shared/{}/take", "/my/{}/x.ics"])
def test_key_of_another_purpose_opens_nothing(site: Site, person: Browser, path: str) -> None:
    person.choose("talk")
    shared_by(person)
    keys = {name: derived(person.key, name, 1) for name in ("feed", "share")}
    wrong = [person.key, new_edit_key(), keys["share" if path.endswith(".ics") else "feed"]]

    for key in wrong:
        address = path.format(key)
        stranger = site.browser()
        is_form = path.endswith("take")
        response = stranger.post(address, []) if is_form else stranger.get(address)

        assert response.status_code == 404
        assert "There is no such calendar." in response.text


def test_no_answer_but_the_own_page_tells_a_key(site: Site) -> None:
    person, friend = site.browser(), site.browser()
    person.choose("talk", "closing")
    key, address = person.key, person.address
    shared = shared_by(person)
    friend.choose("opening")
    friend.send(friend.page(shared).form(f"{shared}take"))
    for name in ("remove", "options", "rotate", "share"):
        person.send(person.page().form(f"/my/{name}"))
    asked = [f"{address}?colour=red", f"{address}x", address, shared, f"/my/{key}/", f"/my/#{key}"]
    for each in (*asked, f"/api/calendars/{key}", f"/my/{key}/x.ics", f"/my/shared/{key}/"):
        friend.get(each)
    friend.post("/my/open", [("key", f"{key}x")])
    person.post("/my/add", [("event", key), ("session", key.lower())])
    person.post("/my/rotate", [], "https://evil.example.org")
    with site.away():
        for each in ("/my/", address, shared):
            person.get(each)
    person.send(person.page().form("/my/delete"))
    person.get("/my/")

    secrets = [key, derived(key, "feed", 1), derived(key, "feed", 2), derived(key, "share", 1)]
    own = [each for each in person.seen if each.status_code == 200]
    rest = [each for each in (*person.seen, *friend.seen) if each not in own]
    statuses = {each.status_code for each in rest}
    for response in rest:
        told = [value for name, value in response.headers if name != "Set-Cookie"]
        if response.request.path != shared:
            told.append(response.text)
        assert not any(secret in text for secret in secrets for text in told), response.request
    assert {200, 303, 400, 403, 404, 410, 503} <= statuses
    cookies = [each for each in friend.seen if key in (each.headers.get("Set-Cookie") or "")]
    assert cookies == []


def test_failure_is_logged_without_the_key(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    key = new_edit_key()
    no_day_after = Itinerary(created=date.max, revised=datetime(2027, 1, 1, tzinfo=UTC))
    Calendars(site.storage.database).make(key, no_day_after)
    feed_key = derived(key, "feed", 1)

    response = site.browser().get(f"/my/{feed_key}/my-calendar.ics")

    assert response.status_code == 500
    assert "Exception on /my/<feed_key>/<name>.ics [GET]" in caplog.text
    assert feed_key not in caplog.text + response.text


HOSTILE = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>&amp;{{ 7 * 7 }}"


def test_hostile_names_are_text_on_every_page(tmp_path: Path) -> None:
    quoted = HOSTILE.replace("'", "''")
    agenda = f"""
    name: '{quoted}'
    timezone: UTC
    date: 2027-06-15
    sessions:
      - {{id: a, title: 'A {quoted}', when: 09:00-10:00, room: '{quoted}'}}
      - {{id: b, title: 'B {quoted}', when: 09:30-10:00}}
    """
    site = site_of(tmp_path, schedule_of(agenda))
    person = site.browser()
    welcome = person.page()
    person.choose("a", "b")
    person.send(person.page().form("/my/options"), name=HOSTILE[:100])
    shared = shared_by(person)

    pages = [person.page("/events/conf/"), person.page(), site.browser().page(shared)]
    error = person.post("/my/options", [("name", "x"), ("cancelled", HOSTILE)])

    assert HOSTILE in welcome.words
    for page in pages:
        assert f"A {HOSTILE}" in page.words
    assert HOSTILE[:100] in pages[1].words and HOSTILE[:100] in pages[2].words
    assert f"Overlaps with A {HOSTILE}, 30 minutes." in pages[1].words
    assert dict(pages[1].form("/my/options").fields)["name"] == HOSTILE[:100]
    assert error.status_code == 400
    Page(error)
    assert faults(person.feed()) == []


# --- the feed -----------------------------------------------------------------------------


def entries_of(body: bytes) -> dict[str, Component]:
    """Return the entries of a feed by their titles."""
    return {
        unescaped(entry.value("SUMMARY") or ""): entry
        for entry in component_of(body).inside("VEVENT")
    }


def zones_of(body: bytes) -> list[str | None]:
    """Return the zones that a feed defines."""
    return [zone.value("TZID") for zone in component_of(body).inside("VTIMEZONE")]


@each_reader
def test_feed_has_the_chosen_sessions_alone(person: Browser, reader: Reader) -> None:
    person.choose("talk", "posters")
    person.choose("keynote", event="other")

    entries = reader(person.feed())

    [talk] = CONF.of_session("talk")
    [keynote] = OTHER.of_session("keynote")
    assert sorted((each.uid, each.summary, each.start, each.transp) for each in entries) == sorted(
        [
            (str(talk.uid), "Talk", datetime(2027, 6, 15, 7, 20, tzinfo=UTC), "OPAQUE"),
            *(
                (
                    str(entry.uid),
                    "Posters",
                    datetime(2027, 6, 15, hour, 0, tzinfo=UTC),
                    "OPAQUE",
                )
                for entry, hour in zip(CONF.of_session("posters"), (8, 12), strict=True)
            ),
            (str(keynote.uid), "Keynote", datetime(2028, 1, 10, 17, 0, tzinfo=UTC), "OPAQUE"),
        ]
    )


def test_feed_says_of_a_session_what_the_event_says(site: Site, person: Browser) -> None:
    person.choose("talk")

    [mine] = component_of(person.feed()).inside("VEVENT")
    whole = person.get("/events/conf.ics?busy=yes").data

    assert mine in component_of(whole).inside("VEVENT")


def test_feed_names_itself_and_not_its_address(person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="Ann, her days; and nights")

    body = person.feed()

    calendar = component_of(body)
    assert [(each.name, each.value) for each in calendar.properties] == [
        ("VERSION", "2.0"),
        ("PRODID", "-//calsvc//calsvc//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", "Ann\\, her days\\; and nights"),
        ("X-WR-CALNAME", "Ann\\, her days\\; and nights"),
        ("X-WR-TIMEZONE", "Europe/Berlin"),
        ("REFRESH-INTERVAL", "PT1H"),
        ("X-PUBLISHED-TTL", "PT1H"),
        ("URL", f"{BASE_URL}/my/"),
        ("LAST-MODIFIED", calendar.value("LAST-MODIFIED")),
    ]
    assert person.key.encode() not in body
    assert derived(person.key, "feed", 1).encode() not in body


def test_feed_defines_the_zones_that_it_uses(person: Browser) -> None:
    person.choose("later")
    none = zones_of(person.feed())
    person.choose("talk")
    one = zones_of(person.feed())
    person.choose("keynote", event="other")

    body = person.feed()

    assert (none, one) == ([], ["Europe/Berlin"])
    assert zones_of(body) == ["Europe/Berlin", "America/Los_Angeles"]
    assert component_of(body).value("X-WR-TIMEZONE") is None
    [talk], [keynote] = CONF.of_session("talk"), OTHER.of_session("keynote")
    assert moments(body) == {
        str(talk.uid): (
            datetime(2027, 6, 15, 7, 20, tzinfo=UTC),
            datetime(2027, 6, 15, 8, 0, tzinfo=UTC),
        ),
        str(keynote.uid): (
            datetime(2028, 1, 10, 17, 0, tzinfo=UTC),
            datetime(2028, 1, 10, 18, 0, tzinfo=UTC),
        ),
    }


def new_york(event_id: str, year: int) -> Schedule:
    """Return an event in New York, on a summer's and a winter's day."""
    return schedule_of(
        f"""
        name: In {year}
        timezone: America/New_York
        dates: {{from: {year}-07-01, to: {year}-12-01}}
        sessions:
          - {{id: summer, title: Summer {year}, when: {year}-07-01 09:00-10:00}}
          - {{id: winter, title: Winter {year}, when: {year}-12-01 09:00-10:00}}
        """,
        event_id,
    )


@each_reader
def test_feed_is_exact_where_no_yearly_rule_is(tmp_path: Path, reader: Reader) -> None:
    # New York's summers grew longer in 2007: each of these years has a rule, not both.
    site = site_of(tmp_path, new_york("old", 2004), new_york("new", 2010), CONF)
    person = site.browser()
    person.choose("summer", "winter", event="old")
    old = person.feed()
    person.choose("talk")
    person.choose("summer", "winter", event="new")

    body = person.feed()

    assert zones_of(old) == ["America/New_York"]
    assert zones_of(body) == ["Europe/Berlin"]
    assert {entry.summary: entry.start for entry in reader(body)} == {
        "Summer 2004": datetime(2004, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2004": datetime(2004, 12, 1, 14, 0, tzinfo=UTC),
        "Summer 2010": datetime(2010, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2010": datetime(2010, 12, 1, 14, 0, tzinfo=UTC),
        "Talk": datetime(2027, 6, 15, 7, 20, tzinfo=UTC),
    }
    assert {entry.summary: entry.start for entry in reader(old)} == {
        "Summer 2004": datetime(2004, 7, 1, 13, 0, tzinfo=UTC),
        "Winter 2004": datetime(2004, 12, 1, 14, 0, tzinfo=UTC),
    }


@each_reader
def test_announced_session_becomes_the_timed_one(
    site: Site, person: Browser, reader: Reader
) -> None:
    person.choose("later")
    [before] = reader(person.feed())

    site.publish(AGENDA.replace("title: Later", "title: Later, when: 11:00-12:00"))
    [after] = reader(person.feed())

    assert (before.start, before.end) == (date(2027, 6, 15), date(2027, 6, 16))
    assert (before.status, before.transp) == ("TENTATIVE", "TRANSPARENT")
    assert "The time will be announced." in before.description
    assert after.uid == before.uid
    assert (after.start, after.end) == (
        datetime(2027, 6, 15, 9, 0, tzinfo=UTC),
        datetime(2027, 6, 15, 10, 0, tzinfo=UTC),
    )
    assert (after.status, after.transp) == ("CONFIRMED", "OPAQUE")
    assert after.sequence > before.sequence


@each_reader
@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ("title: Talk, status: cancelled", "Cancelled: Talk"),
        ("title: Talk, WHEN: none", "Postponed: Talk"),
        (None, "Cancelled: Talk"),
    ],
    ids=["cancelled", "postponed", "taken out"],
)
def test_cancelled_session_is_announced(
    site: Site, person: Browser, reader: Reader, changed: str | None, title: str
) -> None:
    person.choose("talk", "closing")
    before = {entry.summary: entry for entry in reader(person.feed())}

    line = "      - {id: talk, title: Talk, when: 09:20-10:00, room: Hall B}\n"
    assert line in AGENDA
    if changed is None:
        site.publish(AGENDA.replace(line, ""))
    elif "WHEN" in changed:
        site.publish(AGENDA.replace(line, "      - {id: talk, title: Talk}\n"))
    else:
        site.publish(AGENDA.replace("title: Talk", changed))
    after = {entry.summary: entry for entry in reader(person.feed())}

    assert set(after) == {title, "Closing"}
    assert after["Closing"] == before["Closing"]
    talk = after[title]
    assert (talk.uid, talk.start, talk.end) == (
        before["Talk"].uid,
        before["Talk"].start,
        before["Talk"].end,
    )
    assert (talk.status, talk.transp, talk.sequence) == ("CANCELLED", "TRANSPARENT", 1)


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("status", [("Cancelled: Talk", "CANCELLED"), ("Closing", "CONFIRMED")]),
        ("mark", [("Cancelled: Talk", "CONFIRMED"), ("Closing", "CONFIRMED")]),
        ("drop", [("Closing", "CONFIRMED")]),
    ],
)
def test_cancelled_session_shows_as_the_person_wants(
    site: Site, person: Browser, policy: str, expected: list[tuple[str, str]]
) -> None:
    person.choose("talk", "closing")
    person.send(person.page().form("/my/options"), cancelled=policy)
    site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    entries = read_vobject(person.feed())

    assert sorted((entry.summary, entry.status) for entry in entries) == expected
    assert ("Talk" in person.page().words) == (policy != "drop")


@each_reader
@pytest.mark.parametrize("line", ["id: later, title: Later, status: cancelled", None])
def test_cancelled_session_without_a_time_is_announced(
    site: Site, person: Browser, reader: Reader, line: str | None
) -> None:
    person.choose("later")
    [before] = reader(person.feed())

    site.publish(
        AGENDA.replace(
            "      - {id: later, title: Later}\n", f"      - {{{line}}}\n" if line else ""
        )
    )
    [after] = reader(person.feed())

    assert (after.uid, after.summary) == (before.uid, "Cancelled: Later")
    assert (after.start, after.end) == (before.start, before.end)
    assert (after.status, after.transp, after.sequence) == ("CANCELLED", "TRANSPARENT", 1)
    assert "Later Conf Cancelled" in person.page().words


def test_moved_session_moves_under_its_uid(site: Site, person: Browser) -> None:
    person.choose("talk")
    [before] = read_vobject(person.feed())

    site.publish(AGENDA.replace("09:20-10:00", "12:00-12:30"))
    [after] = read_vobject(person.feed())

    assert (after.uid, after.sequence) == (before.uid, before.sequence + 1)
    assert after.start == datetime(2027, 6, 15, 10, 0, tzinfo=UTC)


def test_reminder_is_for_what_has_a_time_and_is_on(site: Site, person: Browser) -> None:
    person.choose("talk", "later", "closing")
    person.send(person.page().form("/my/options"), alarm="0")
    site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    entries = entries_of(person.feed())

    alarms = {
        title: [alarm.value("TRIGGER") for alarm in entry.components]
        for title, entry in entries.items()
    }
    assert alarms == {"Cancelled: Talk": [], "Later": [], "Closing": ["-PT0M"]}


@each_reader
def test_empty_choice_is_a_friendly_calendar(person: Browser, reader: Reader) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/remove"))

    body = person.feed()

    today = datetime.now(UTC).date()
    [entry] = reader(body)
    assert entry.summary == "My calendar: no session is chosen yet"
    assert abs(entry.start - today) <= timedelta(days=1)
    assert entry.end - entry.start == timedelta(days=1)
    assert (entry.status, entry.transp) == ("CONFIRMED", "TRANSPARENT")
    assert component_of(body).inside("VEVENT")[0].value("URL") == f"{BASE_URL}/my/"


@each_reader
@pytest.mark.parametrize("name", [HOSTILE[:100], "a\\nb;c,d", "🎉" * 100, "שלום"])
def test_empty_choice_of_any_name_is_valid(person: Browser, reader: Reader, name: str) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name=name)
    person.send(person.page().form("/my/remove"))

    [entry] = reader(person.feed())

    assert entry.summary == f"{name}: no session is chosen yet"


def test_choice_of_what_is_not_shown_says_so(site: Site, person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), cancelled="drop")

    site.publish(AGENDA.replace("title: Talk", "title: Talk, status: cancelled"))

    [entry] = read_vobject(person.feed())
    assert entry.summary == "My calendar: no chosen session is on now"


# --- the feed over HTTP -------------------------------------------------------------------


def headers_of(response: TestResponse) -> dict[str, str]:
    """Return a response's headers, without the date, which is the clock's."""
    return {name: value for name, value in response.headers if name != "Date"}


def test_feed_has_these_headers(person: Browser) -> None:
    person.choose("talk")

    response = person.get(person.address)

    assert headers_of(response) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Content-Disposition": 'inline; filename="my-calendar.ics"',
        "Cache-Control": "private, max-age=300",
        "ETag": response.headers["ETag"],
        "Last-Modified": response.headers["Last-Modified"],
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])


def test_feed_depends_on_nothing_but_its_address(site: Site, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    expected = person.get(address)
    stranger = site.browser()
    stranger.choose("closing")

    answers = [
        site.browser().get(address),
        stranger.get(address),
        site.browser().get(address, headers={"Accept": "text/html", "User-Agent": "Outlook"}),
        site.browser().get(address, headers={"Accept-Encoding": "gzip", "Host": "other.example"}),
    ]

    for response in answers:
        assert (response.data, headers_of(response)) == (expected.data, headers_of(expected))


def test_feed_as_a_file(person: Browser) -> None:
    person.choose("talk")
    person.send(person.page().form("/my/options"), name="Дни Ann")
    address = person.address

    download = person.get(f"{address}?download=1")

    assert download.data == person.get(address).data
    assert download.headers["Content-Disposition"] == (
        "attachment; filename=\"ann.ics\"; filename*=UTF-8''%D0%B4%D0%BD%D0%B8-ann.ics"
    )
    for query in ("?download=0", "?utm_source=x&v=2", "?v=3&fbclid=1"):
        plain = person.get(f"{address}{query}")
        assert plain.headers["Content-Disposition"].startswith("inline; ")
        assert plain.data == download.data


@pytest.mark.parametrize("name", ["x", "my-calendar", "%D0%B4", "a%20b", "..", "x" * 200])
def test_feed_answers_by_any_name(person: Browser, name: str) -> None:
    person.choose("talk")
    address = person.address

    response = person.get(f"{address.rpartition('/')[0]}/{name}.ics")

    assert response.status_code == 200
    assert response.data == person.get(address).data


@pytest.mark.parametrize("query", ["?alarm=10", "?busy=no", "?kind=talk", "?dwonload=1", "?=1"])
def test_feed_with_an_unknown_parameter_names_the_known_ones(person: Browser, query: str) -> None:
    person.choose("talk")

    response = person.get(f"{person.address}{query}")

    assert (response.status_code, response.content_type) == (400, "text/plain; charset=utf-8")
    assert response.text.startswith("Unknown parameter ")
    assert response.text.endswith(" The parameters are: download.\n")


def test_feed_that_a_client_has_is_not_sent_again(person: Browser) -> None:
    person.choose("talk")
    address = person.address
    first = person.get(address)
    by_tag = {"If-None-Match": first.headers["ETag"]}
    by_date = {"If-Modified-Since": first.headers["Last-Modified"]}

    answers = [person.get(address, headers=headers) for headers in (by_tag, by_date)]
    head = person.client.head(address)

    for response in answers:
        assert (response.status_code, response.data) == (304, b"")
        assert response.headers["ETag"] == first.headers["ETag"]
        assert response.headers["Cache-Control"] == "private, max-age=300"
    assert (head.status_code, head.data) == (200, b"")
    assert headers_of(head) == headers_of(first)


def test_feed_is_new_when_the_choice_or_the_schedule_is(site: Site, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    acts: dict[str, Callable[[], object]] = {
        "choice": lambda: person.choose("keynote", event="other"),
        "name": lambda: person.send(person.page().form("/my/options"), name="Ann"),
        "alarm": lambda: person.send(person.page().form("/my/options"), alarm="5"),
        "schedule": lambda: site.publish(AGENDA.replace("Hall B", "Hall C")),
        "cancelled": lambda: site.publish(
            AGENDA.replace("title: Talk", "title: Talk, status: cancelled")
        ),
        "removed": lambda: person.post("/my/remove", [("event", "conf"), ("session", "talk")]),
    }

    for name, act in acts.items():
        before = person.get(address)
        act()
        stale = {
            "If-None-Match": before.headers["ETag"],
            "If-Modified-Since": before.headers["Last-Modified"],
        }
        after = person.get(address)
        asked = [person.get(address, headers={key: value}) for key, value in stale.items()]

        assert after.headers["ETag"] != before.headers["ETag"], name
        assert after.data != before.data, name
        if name != "schedule" and name != "cancelled":
            assert after.last_modified > before.last_modified, name
            assert [each.status_code for each in asked] == [200, 200], name


def test_feed_is_as_new_as_the_newer_of_choice_and_schedule(site: Site, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    chosen = person.get(address).last_modified
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
    event = event_of(AGENDA.replace("Hall B", "Hall C"))
    site.storage.append("conf", lambda _, previous: Draft(publish(event, previous, ahead), ""))
    site.follow()

    response = person.get(address)
    asked = person.get(address, headers={"If-Modified-Since": str(chosen)})

    assert chosen < ahead
    assert response.last_modified == ahead
    assert f"LAST-MODIFIED:{ahead:%Y%m%dT%H%M%SZ}".encode() in response.data
    assert asked.status_code == 200


def test_feed_stays_when_nothing_in_it_changes(site: Site, person: Browser) -> None:
    person.choose("talk")
    address = person.address
    before = person.get(address)

    person.choose("talk")
    person.post("/my/remove", [("event", "conf"), ("session", "closing")])
    person.send(person.page().form("/my/options"))
    site.publish(
        """
        name: Other
        timezone: America/Los_Angeles
        date: 2028-01-10
        sessions: [{id: keynote, title: Keynote, when: 09:30-10:00}]
        """,
        "other",
    )

    after = person.get(address)
    assert (after.data, headers_of(after)) == (before.data, headers_of(before))


def test_feed_without_a_withdrawn_event_is_new(site: Site, person: Browser) -> None:
    person.choose("talk")
    person.choose("keynote", event="other")
    address = person.address
    before = person.get(address)
    ahead = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)

    def withdraw(version: object, previous: Schedule | None) -> Draft:
        assert previous
        update = {"version": previous.version + 1, "published": ahead}
        return Draft(previous.model_copy(update=update), "", is_withdrawn=True)

    site.storage.append("other", withdraw)
    site.follow()

    since = {"If-Modified-Since": before.headers["Last-Modified"]}
    after = person.get(address, headers=since)
    assert after.status_code == 200
    assert [entry.summary for entry in read_vobject(after.data)] == ["Talk"]
    assert after.last_modified == ahead
    assert "Keynote" not in person.page().words


def test_feed_of_keys_that_never_were_is_not_found(person: Browser) -> None:
    person.choose("talk")

    answers = [person.get(f"/my/{key}/x.ics") for key in (new_edit_key(), "x", "%FF")]

    for response in answers:
        assert (response.status_code, response.text) == (404, "There is no such calendar.\n")
        assert response.content_type == "text/plain; charset=utf-8"
        assert response.headers["Cache-Control"] == "no-store"


def test_feed_is_not_for_sending(person: Browser) -> None:
    person.choose("talk")

    response = person.post(person.address, [])

    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


def test_fetch_is_noted_by_day(site: Site, person: Browser) -> None:
    person.choose("talk")
    calendars = Calendars(site.storage.database)
    shared = create_app(site.live, calendars, site.settings).test_client()

    shared.get(person.address)
    calendars.flush(date(2099, 1, 1))

    assert calendars.used_by_day() == {"2099-01-01": 1}


# --- storage that is away -----------------------------------------------------------------


def test_storage_that_is_away_empties_no_calendar(site: Site, person: Browser) -> None:
    person.choose("talk")
    address, shared = person.address, shared_by(person)
    before = person.get(address)
    form = person.page().form("/my/remove")

    with site.away():
        site.follow()
        answers = [person.get(each) for each in (address, f"{address}?download=1", shared, "/my/")]
        answers += [person.send(form), person.post("/my/add", form.fields)]

    words = "The database does not answer: unable to open database file."
    for response in answers:
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "30"
        assert response.headers["Cache-Control"] == "no-store"
        shown = words if response.mimetype == "text/plain" else "Please try again in a moment."
        assert shown in response.text
    assert answers[0].text == f"{words}\n"
    after = person.get(address)
    assert (after.data, headers_of(after)) == (before.data, headers_of(before))


def test_event_that_may_be_missing_only_now_empties_no_calendar(
    site: Site, person: Browser
) -> None:
    person.choose("talk")
    address = person.address
    with site.away():
        site.follow()
    site.live.forget()  # as a worker does that starts without storage

    answers = [person.get(each) for each in (address, "/my/")]

    assert [each.status_code for each in answers] == [503, 503]
    site.follow()
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk"]


def test_address_of_the_page_is_relative_to_the_site(person: Browser) -> None:
    response = person.get("/my")

    assert response.status_code == 308
    assert urljoin(BASE_URL, response.headers["Location"]) == f"{BASE_URL}/my/"


def test_person_who_makes_too_many_calendars_waits(tmp_path: Path) -> None:
    site = site_of(tmp_path, CONF, new_calendars=1)
    first, second = site.browser(), site.browser()
    second.client = first.client.application.test_client()
    first.choose("talk")

    response = second.post("/my/add", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert "Set-Cookie" not in response.headers
    assert "Too many calendars were made from here." in Page(response).words


# --- in a browser -------------------------------------------------------------------------


@dataclass(frozen=True)
class Served:
    """A site that listens, and what it was sent."""

    url: str
    key: str
    """Of a calendar with one session."""
    sent: list[str]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site that a browser can open, with a calendar."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    site = site_of(tmp_path, CONF, base_url=url)
    app = create_app(site.live, Calendars(site.storage.database), site.settings)
    sent: list[str] = []

    @app.before_request
    def note() -> None:
        sent.append(f"{request.url} {request.headers} {request.get_data(as_text=True)}")

    person = Browser(app.test_client())
    person.post("/my/add", [("event", "conf"), ("session", "talk")], url)
    sent.clear()
    with listening(app, port):
        yield Served(url, person.key, sent)


def test_key_in_the_address_is_sent_by_the_button_alone(
    served: Served, open_page: OpenPage
) -> None:
    with open_page(f"{served.url}/my/#{served.key}") as page:
        filled_in = page.input_value("#key")
        address = page.url
        page.reload()
        before = list(served.sent)
        page.goto(f"{served.url}/my/#{served.key}")
        page.get_by_role("button", name="Open it here").click()
        page.wait_for_url(f"{served.url}/my/")
        heading = page.locator("article h4").inner_text()
    [form] = [each for each in served.sent if f"{served.url}/my/open" in each.split()[0]]

    assert filled_in == served.key
    assert address == f"{served.url}/my/"
    assert before and not any(served.key in each for each in before)
    assert form.endswith(f"key={served.key}")
    assert heading == "Talk"


def test_key_in_the_address_takes_the_place_of_no_calendar_by_itself(
    served: Served, open_page: OpenPage
) -> None:
    other = new_edit_key()
    cookies = {COOKIE: served.key}
    with open_page(f"{served.url}/my/", cookies=cookies) as page:
        page.evaluate(f"location.hash = '#{other}'")
        page.wait_for_function("location.hash === ''")
        filled_in = page.input_value("#key")
        is_shown = page.locator("#key").is_visible()
        page.reload()
        heading = page.locator("article h4").inner_text()

    assert (filled_in, is_shown, heading) == (other, True, "Talk")
    assert not any(other in each for each in served.sent)


def test_section_in_the_address_is_no_key(served: Served, open_page: OpenPage) -> None:
    with open_page(f"{served.url}/my/#options", cookies={COOKIE: served.key}) as page:
        assert page.input_value("#key") == ""
        assert page.url.endswith("#options")


def test_page_works_without_a_script(served: Served, open_page: OpenPage) -> None:
    view = View(scripts="off", width=320)
    with open_page(f"{served.url}/my/", view, {COOKIE: served.key}) as page:
        copy_buttons = page.locator("[data-copy]").filter(visible=True).count()
        page.get_by_role("button", name="Remove").click()
        removed = page.locator("article").count()
        page.get_by_role("button", name="Undo").click()
        undone = page.locator("article h4").inner_text()
        is_at_hand = page.get_by_role("button", name="Delete my calendar").is_visible()
        page.get_by_text("Delete my calendar …").click()
        page.get_by_role("button", name="Delete my calendar").click()
        deleted = page.locator("main").inner_text()

    assert (copy_buttons, removed, undone, is_at_hand) == (0, 0, "Talk", False)
    assert "There is no account." in deleted
