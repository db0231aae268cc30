"""The keys of My calendar: what each opens, who may use a form, and that nothing tells them."""

from datetime import UTC, date, datetime

import pytest
from conftest import BASE_URL
from pages import Page
from people import Browser, MySite, shared_by, uid_of
from readers import read_vobject

from calsvc.schedule.itineraries import Itinerary, derived, new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.web.auth import COOKIES


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


CHANGES = ["remove", "options", "rotate", "share", "delete"]


@pytest.mark.parametrize("name", CHANGES)
def test_form_without_a_calendar_is_refused(person: Browser, name: str) -> None:
    response = person.post(f"/my/{name}", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "The calendar that this browser knew is no longer there." in Page(response).words


@pytest.mark.parametrize("name", [each for each in CHANGES if each != "delete"])
def test_form_of_a_deleted_calendar_says_so(my_site: MySite, person: Browser, name: str) -> None:
    person.choose("talk")
    Calendars(my_site.storage.database).delete(person.key)

    response = person.post(f"/my/{name}", [("event", "conf"), ("session", "talk")])

    assert response.status_code == 410
    assert "The calendar that this browser knew is no longer there." in Page(response).words
    assert person.client.get_cookie(COOKIES[0]) is None


OTHERS = ["https://evil.example.org", "null", "", f"{BASE_URL}.evil.example", "https://[", "x"]


@pytest.mark.parametrize("name", ["add", *CHANGES, "open", "take"])
def test_form_of_another_site_changes_nothing(my_site: MySite, name: str) -> None:
    person, friend = my_site.browser(), my_site.browser()
    for each in (person, friend):
        each.choose("talk", "closing")
    person.send(person.page().form("/my/share", share="yes"))
    shared = derived(person.key, "share", 1)
    calendars = Calendars(my_site.storage.database)
    keys = [each.key for each in (person, friend)]
    before = [calendars.of_editor(key) for key in keys]
    path = f"/my/shared/{shared}/take" if name == "take" else f"/my/{name}"
    fields = [("event", "conf"), ("session", "opening"), ("entry", uid_of("talk"))]
    fields += [("key", keys[0]), ("name", "Evil"), ("share", "no")]

    browsers = [person, friend, my_site.browser()]
    answers = [each.post(path, fields, origin) for origin in OTHERS for each in browsers]

    Page(answers[0])
    # Who has no calendar is asked for its key, where there is nothing else to do.
    stranger = 403 if name in {"add", "open", "take"} else 401
    assert [each.status_code for each in answers] == [403, 403, stranger] * len(OTHERS)
    assert not any("Set-Cookie" in each.headers for each in answers)
    assert [calendars.of_editor(key) for key in keys] == before
    assert calendars.count() == 2


@pytest.mark.parametrize("path", ["/my/shared/{}/", "/my/shared/{}/take", "/my/{}/x.ics"])
def test_key_of_another_purpose_opens_nothing(my_site: MySite, person: Browser, path: str) -> None:
    person.choose("talk")
    shared_by(person)
    keys = {name: derived(person.key, name, 1) for name in ("feed", "share")}
    wrong = [person.key, new_edit_key(), keys["share" if path.endswith(".ics") else "feed"]]

    for key in wrong:
        address = path.format(key)
        stranger = my_site.browser()
        is_form = path.endswith("take")
        response = stranger.post(address, []) if is_form else stranger.get(address)

        assert response.status_code == 404
        assert "There is no such calendar." in response.text


def test_no_answer_but_the_own_page_tells_a_key(my_site: MySite) -> None:
    person, friend = my_site.browser(), my_site.browser()
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
    with my_site.away():
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


def test_failure_is_logged_without_the_key(
    my_site: MySite, caplog: pytest.LogCaptureFixture
) -> None:
    key = new_edit_key()
    no_day_after = Itinerary(created=date.max, revised=datetime(2027, 1, 1, tzinfo=UTC))
    Calendars(my_site.storage.database).make(key, no_day_after)
    feed_key = derived(key, "feed", 1)

    response = my_site.browser().get(f"/my/{feed_key}/my-calendar.ics")

    assert response.status_code == 500
    assert "Exception on /my/<feed_key>/<name>.ics [GET]" in caplog.text
    assert feed_key not in caplog.text + response.text
