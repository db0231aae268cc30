"""A choice that is shared: a page for friends, who take from it what they like."""

from pages import Page
from people import CONF, Browser, MySite, shared_by, uid_of
from readers import read_vobject

from calsvc.schedule.itineraries import derived, hashed
from calsvc.storage.calendars import Calendars


def test_shared_page_shows_the_choice_and_no_other_key(my_site: MySite, person: Browser) -> None:
    person.choose("talk", "later")
    person.send(person.page().form("/my/options"), name="Ann's days")
    address = shared_by(person)

    response = my_site.browser().get(address)

    page = Page(response)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in response.headers
    assert page.headings[0] == "Ann's days: sessions picked by a friend"
    assert page.form(f"{address}take").fields == [
        ("entry", uid_of("talk")),
        ("entry", uid_of("later")),
    ]
    feed = derived(person.key, "feed", 1)
    assert not any(secret in response.text for secret in (person.key, feed, hashed(person.key)))


def test_sharing_is_off_until_it_is_wanted_and_ends_when_it_is_not(
    my_site: MySite, person: Browser
) -> None:
    person.choose("talk")
    before = person.get("/my/").text
    address = shared_by(person)

    person.send(person.page().form("/my/share", share="no"))
    stopped = my_site.browser().get(address)
    anew = shared_by(person)

    assert "/my/shared/" not in before
    assert stopped.status_code == 410
    assert anew != address
    assert my_site.browser().get(anew).status_code == 200


def test_friend_without_a_calendar_takes_the_ticked_sessions(
    my_site: MySite, person: Browser
) -> None:
    person.choose("opening", "talk", "closing")
    address = shared_by(person)
    friend = my_site.browser()
    form = friend.page(address).form(f"{address}take")

    form.fields.remove(("entry", uid_of("talk")))
    response = friend.send(form)

    assert (response.status_code, response.headers["Location"]) == (303, "/my/?done=taken#done")
    assert "The sessions are in your calendar." in friend.page("/my/?done=taken").words
    assert friend.key != person.key
    assert [entry.summary for entry in read_vobject(friend.feed())] == ["Opening", "Closing"]
    assert len(read_vobject(person.feed())) == 3


def test_friend_with_a_calendar_takes_sessions_into_it(my_site: MySite, person: Browser) -> None:
    person.choose("talk", "closing")
    address = shared_by(person)
    friend = my_site.browser()
    friend.choose("opening", "talk")
    key = friend.key

    friend.send(friend.page(address).form(f"{address}take"))

    assert friend.key == key
    chosen = [entry.summary for entry in read_vobject(friend.feed())]
    assert chosen == ["Opening", "Talk", "Closing"]


def test_friend_takes_the_times_that_were_chosen(my_site: MySite, person: Browser) -> None:
    uid = str(CONF.of_session("posters")[1].uid)
    person.choose(f"posters/{uid}")
    address = shared_by(person)
    friend = my_site.browser()

    friend.send(friend.page(address).form(f"{address}take"))

    assert [entry.uid for entry in read_vobject(friend.feed())] == [uid]


def test_friend_leaves_out_one_of_the_times(my_site: MySite, person: Browser) -> None:
    person.choose("posters", "talk")
    address = shared_by(person)
    friend = my_site.browser()
    form = friend.page(address).form(f"{address}take")

    form.fields.remove(("entry", uid_of("posters")))
    friend.send(form)

    conf = Calendars(my_site.storage.database).of_editor(friend.key).slots("conf")
    assert conf == {"talk": {None}, "posters": {uid_of("posters", 1)}}


def test_friend_cannot_take_what_is_not_shared(my_site: MySite, person: Browser) -> None:
    person.choose("talk")
    address = shared_by(person)
    friend = my_site.browser()

    friend.post(f"{address}take", [("entry", uid_of(each)) for each in ("closing", "talk")])

    assert [entry.summary for entry in read_vobject(friend.feed())] == ["Talk"]


def test_page_of_a_friend_without_a_name_is_nobodys_own(my_site: MySite, person: Browser) -> None:
    person.choose("talk")

    page = my_site.browser().page(shared_by(person))

    assert page.headings[0] == "Sessions picked by a friend"


def test_page_of_a_friend_tells_what_is_ones_own_and_what_collides(
    my_site: MySite, person: Browser
) -> None:
    person.choose("opening", "talk", "closing")
    address = shared_by(person)
    friend = my_site.browser()
    friend.choose("talk")

    page = friend.page(address)

    assert page.form(f"{address}take").fields == [
        ("entry", uid_of("opening")),
        ("entry", uid_of("closing")),
    ]
    assert "1 of them is in your calendar already. 1 overlaps with yours." in page.words
    assert "Overlaps with Talk, which you chose. Add: Opening" in page.words
    assert page.words.count("which you chose") == 1
    assert page.words.count("In My calendar") == 1
