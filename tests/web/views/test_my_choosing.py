"""My calendar is made by choosing, and what was chosen can be removed, and that undone."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from pages import Form, Page
from people import CONF, Browser, MySite, my_site_of, uid_of
from readers import read_vobject

from calsvc.schedule.itineraries import MAX_SESSIONS, Choice
from calsvc.storage.calendars import Calendars
from calsvc.web.auth import COOKIES


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
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": response.headers["Permissions-Policy"],
        "Cross-Origin-Opener-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "Content-Security-Policy": response.headers["Content-Security-Policy"],
    }
    assert "There is no account." in page.words
    assert {"/events/conf/", "/events/other/"} <= set(page.links)
    assert page.form("/my/open") == Form("/my/open", "post", [("key", "")])


def test_first_choice_on_the_agenda_makes_a_calendar(my_site: MySite, person: Browser) -> None:
    agenda = "/events/conf/?q=talk"
    form = person.page(agenda).form("/my/add", session="talk")

    response = person.send(form)

    fields = [("event", "conf"), ("back", agenda), ("session", "talk")]
    assert form == Form("/my/add", "post", fields)
    assert (response.status_code, response.data) == (303, b"")
    assert response.headers["Location"] == f"{agenda}#s-talk"
    attributes = (
        f"{COOKIES[0]}={person.key}; Secure; HttpOnly; Max-Age=34560000; Path=/; SameSite=Lax"
    )
    [cookie] = response.headers.get_all("Set-Cookie")
    assert sorted(re.sub(r" Expires=[^;]+;", "", cookie).split("; ")) == sorted(
        attributes.split("; ")
    )
    assert "Talk" in person.page().headings
    assert Calendars(my_site.storage.database).count() == 1


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
    person = my_site_of(tmp_path, CONF, base_url="http://127.0.0.1:8000").browser()

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


def test_further_choices_go_into_the_same_calendar(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    key, address = person.key, person.address

    response = person.send(person.page("/events/other/").form("/my/add", session="keynote"))
    person.choose("talk")  # again

    assert "Set-Cookie" not in response.headers
    assert (person.key, person.address) == (key, address)
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk", "Keynote"]
    assert Calendars(my_site.storage.database).count() == 1


def test_full_calendar_says_so_where_sessions_can_be_removed(
    my_site: MySite, person: Browser
) -> None:
    person.choose("talk")
    many = [Choice(event="conf", session=f"s{number}") for number in range(MAX_SESSIONS - 1)]
    calendars = Calendars(my_site.storage.database)
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
        ([("event", "conf"), ("session", "talk/x y")], 400),
        ([("event", "conf"), ("session", f"talk/{CONF.of_session('closing')[0].uid}")], 404),
        ([("event", "conf"), ("session", "nothing")], 404),
        ([("event", "nothing"), ("session", "talk")], 404),
    ],
)
def test_choice_of_what_is_not_there_makes_nothing(
    my_site: MySite, person: Browser, fields: list[tuple[str, str]], status: int
) -> None:
    response = person.post("/my/add", fields)

    Page(response)
    assert response.status_code == status
    assert "Set-Cookie" not in response.headers
    assert Calendars(my_site.storage.database).count() == 0


def test_person_who_makes_too_many_calendars_waits(tmp_path: Path) -> None:
    my_site = my_site_of(tmp_path, CONF, new_calendars=1)
    first, second = my_site.browser(), my_site.browser()
    second.client = first.client.application.test_client()
    first.choose("talk")

    response = second.post("/my/add", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "600"
    assert "Set-Cookie" not in response.headers
    assert "Too much was made or changed from here." in Page(response).words


# --- removing -----------------------------------------------------------------------------


def test_removed_session_is_gone_from_page_and_feed(person: Browser) -> None:
    person.choose("talk", "closing")

    response = person.send(person.page().form("/my/remove", session="talk"))
    again = person.post("/my/remove", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 303
    assert response.headers["Location"] == "/my/?removed=conf/talk"
    assert again.status_code == 303
    assert "Talk" not in person.page().headings
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Closing"]


def test_removal_is_undone(my_site: MySite, person: Browser) -> None:
    second = uid_of("posters", 1)
    person.choose("talk", f"posters/{second}")
    calendars = Calendars(my_site.storage.database)
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

    added = [form.fields for form in page.forms if form.action == "/my/add"]
    assert added == [[("event", "conf")]]  # where the star of the chosen one is
    assert "no longer" not in page.words
