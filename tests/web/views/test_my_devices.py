"""My calendar on several devices, and after it was deleted."""

from pages import Page
from people import Browser, MySite
from readers import read_vobject

from calsvc.schedule.itineraries import derived, hashed, new_edit_key
from calsvc.storage.calendars import Calendars
from calsvc.web.auth import COOKIES


def test_calendar_moves_to_another_device_by_its_key(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    [key] = [code for code in person.page().codes if code == person.key]
    other = my_site.browser()

    response = other.send(other.page().form("/my/open"), key=f" {key} ")
    opened = other.page(response.headers["Location"]).words
    other.choose("closing")

    assert (response.status_code, response.headers["Location"]) == (303, "/my/?done=opened#done")
    assert "This is your calendar, on this device too now." in opened
    assert other.key == person.key
    assert other.address == person.address
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Talk", "Closing"]


def test_key_that_opens_nothing_says_so(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    secret = person.key
    calendars = Calendars(my_site.storage.database)
    calendars.change(secret, lambda each: each.model_copy(update={"share": 1}))
    deleted = my_site.browser()
    deleted.choose("talk")
    calendars.delete(deleted.key)
    feed, share = derived(secret, "feed", 1), derived(secret, "share", 1)
    other = my_site.browser()

    answers = [
        other.send(other.page().form("/my/open"), key=key)
        for key in (new_edit_key(), feed, share, hashed(secret), "x", "", "é", deleted.key)
    ]

    assert [each.status_code for each in answers] == [404] * 7 + [410]
    assert {Page(each).words for each in answers[:7]} == {Page(answers[0]).words}
    assert "There is no calendar with this key." in Page(answers[0]).words
    assert "The calendar of this key has been deleted." in Page(answers[7]).words
    assert other.client.get_cookie(COOKIES[0]) is None
    assert not any("Set-Cookie" in each.headers for each in answers)


def test_deleted_calendar_is_forgotten(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    key, address = person.key, person.address
    other = my_site.browser()
    other.client.set_cookie(COOKIES[0], key)

    response = person.send(person.page().form("/my/delete"))

    assert (response.status_code, response.headers["Location"]) == (303, "/my/?done=deleted#done")
    assert "Your calendar is deleted." in person.page("/my/?done=deleted").words
    assert person.client.get_cookie(COOKIES[0]) is None
    assert person.get(address).status_code == 410
    assert "no longer there" not in person.page().words
    assert "The calendar that this browser knew is no longer there." in other.page().words
    assert other.client.get_cookie(COOKIES[0]) is None


def test_browser_of_a_deleted_calendar_can_start_anew(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    old = person.key
    Calendars(my_site.storage.database).delete(old)

    person.choose("closing")

    assert person.key != old
    assert [entry.summary for entry in read_vobject(person.feed())] == ["Closing"]


def test_calendar_is_deleted_by_two_devices(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    form = person.page().form("/my/delete")
    Calendars(my_site.storage.database).delete(person.key)

    response = person.send(form)

    assert (response.status_code, response.headers["Location"]) == (303, "/my/?done=deleted#done")
    assert person.client.get_cookie(COOKIES[0]) is None
