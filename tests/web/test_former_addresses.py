"""The addresses of an event's former id: feeds and the API answer, pages lead to the new ones."""

from pathlib import Path

import pytest
from conftest import event_of
from people import AGENDA, CONF, OTHER, MySite, my_site_of, shared_by, uid_of
from readers import faults
from subscriber import read

from calsvc.releases import publish_event

RENAMED = f"    formerly: conf{AGENDA}"


@pytest.fixture
def site(tmp_path: Path) -> MySite:
    """A site that serves an event, whose file gets another name later."""
    return my_site_of(tmp_path, CONF, OTHER)


def rename(site: MySite, text: str = RENAMED, event_id: str = "conf-2027") -> None:
    """Publish the event under another id, while the site serves it."""
    assert publish_event(site.storage, event_of(text, event_id), f"{event_id}.yaml")
    site.follow()


@pytest.mark.parametrize(
    "path",
    [
        "/events/conf.ics",
        "/events/conf.ics?kind=poster&alarm=10",
        "/events/conf.ics?banner=no&day=2027-06-16",  # nothing matches
        "/events/conf/sessions/talk.ics",
    ],
)
def test_feed_answers_at_both_addresses_with_the_same_uids(site: MySite, path: str) -> None:
    client = site.browser()
    before = read(client.get(path).data)

    rename(site)
    old = client.get(path)
    new = client.get(path.replace("/conf", "/conf-2027"))

    assert old.status_code == new.status_code == 200
    assert old.data == new.data
    assert faults(old.data) == []
    after = read(old.data)
    assert after.keys() == before.keys()
    for uid, entry in after.items():
        assert (entry.sequence, entry.stamp) >= (before[uid].sequence, before[uid].stamp)
        assert "/events/conf/" not in entry["URL"]
    etag = {"If-None-Match": old.headers["ETag"]}
    assert client.get(path, headers=etag).status_code == 304


def test_atom_goes_on_with_its_ids(site: MySite) -> None:
    client = site.browser()
    before = client.get("/events/conf.atom").text

    rename(site, RENAMED.replace("title: Talk", "title: Better"))
    after = client.get("/events/conf.atom").text

    assert after == client.get("/events/conf-2027.atom").text
    old_ids = {part.partition("</id>")[0] for part in before.split("<id>")[1:]}
    new_ids = {part.partition("</id>")[0] for part in after.split("<id>")[1:]}
    assert old_ids < new_ids
    assert len(new_ids) == len(old_ids) + 1  # not one more for the end of the former id
    assert "Better: renamed, was Talk" in after


@pytest.mark.parametrize(
    "path",
    [
        "",
        "?kind=!break&tz=Asia/Tokyo",
        "sessions/talk/",
        "subscribe/?track=%C3%9C+b&lang=de",
        "changes/",
        "embed/?search=a&kind=talk",
        "embed/days/",
        "embed/days/2032-06-15/?tz=UTC",
        "embed/subscribe/",
        "embed/sessions/talk/",
        "embed/help",
    ],
)
def test_page_leads_to_the_new_address_with_its_query(site: MySite, path: str) -> None:
    client = site.browser()
    assert client.get(f"/events/conf/{path}").status_code == 200

    rename(site)
    answer = client.get(f"/events/conf/{path}")

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"/events/conf-2027/{path}"
    assert "max-age=31536000" not in answer.headers["Cache-Control"]
    assert "immutable" not in answer.headers["Cache-Control"]
    assert client.get(answer.headers["Location"]).status_code == 200
    if path.startswith("embed"):  # scripts of other sites follow it only then
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_page_that_never_was_is_unknown_under_both_ids(site: MySite) -> None:
    rename(site)
    client = site.browser()

    assert client.get("/events/con/").status_code == 404
    assert client.get("/events/conf/sessions/none.ics").status_code == 404
    assert client.get("/events/conf.ics?nonsense=1").status_code == 400


def test_oembed_shows_the_page_at_the_new_address(site: MySite) -> None:
    rename(site)

    shown = site.browser().get("/oembed?url=https://calendar.example.org/events/conf/").json

    assert "/events/conf-2027/embed/" in shown["html"]


def test_site_has_the_event_once(site: MySite) -> None:
    client = site.browser()
    before = read(client.get("/events.ics").data)

    rename(site)

    assert read(client.get("/events.ics").data).keys() == before.keys()
    listed = [event["id"] for event in client.get("/api/events").json["events"]]
    assert listed == ["conf-2027", "other"]
    assert '"/events/conf/"' not in client.get("/").text


def test_api_answers_under_the_former_id(site: MySite) -> None:
    rename(site)
    client = site.browser()

    old = client.get("/api/events/conf")

    assert old.status_code == 200
    assert old.json == client.get("/api/events/conf-2027").json


def test_changes_of_before_are_told_with_places_of_their_own(site: MySite) -> None:
    site.publish(AGENDA.replace("16:00-17:00", "16:30-17:30"))
    rename(site, RENAMED.replace("16:00-17:00", "16:30-17:30"))
    client = site.browser()

    page = client.get("/events/conf-2027/changes/").text

    places = [part.partition('"')[0] for part in page.split('<h2 id="')[1:]]
    assert places == ["version-1", "conf-version-2", "conf-version-1"]
    assert "Renamed, was conf" in page
    assert "Renamed, now" not in page
    assert "#conf-version-2" in client.get("/events/conf.atom").text
    agenda = client.get("/events/conf-2027/").text
    assert "16:00" in agenda  # it is still marked as moved
    assert "hieß conf" in client.get("/events/conf-2027/changes/?lang=de").text


class TestMyCalendar:
    """What people chose under the former id."""

    def test_choice_goes_on_in_feed_page_and_shared_page(self, site: MySite) -> None:
        person = site.browser()
        person.choose("talk", "posters", "later")
        person.choose("keynote", event="other")
        shared = shared_by(person)
        before = read(person.feed())

        rename(site)

        after = read(person.feed())
        assert after.keys() == before.keys()
        assert uid_of("talk") in after
        for page in (person.page(), person.page(shared)):
            assert "Talk" in page.headings
            assert "/events/conf-2027/sessions/talk/" in page.links
        assert "/events/conf-2027/" in person.page().links

    def test_star_shows_and_takes_away(self, site: MySite) -> None:
        person = site.browser()
        person.choose("talk", "opening")
        rename(site)
        agenda = person.page("/events/conf-2027/")

        person.send(agenda.form("/my/remove", session="talk"))

        assert {uid_of("opening")} == read(person.feed()).keys()

    @pytest.mark.parametrize("event", ["conf", "conf-2027"])
    def test_removal_by_either_id(self, site: MySite, event: str) -> None:
        person = site.browser()
        person.choose("talk", "opening")
        rename(site)

        assert person.post("/my/remove", [("event", event), ("session", "talk")]).status_code == 303

        assert {uid_of("opening")} == read(person.feed()).keys()
        undo = person.seen[-2].headers.get("Location", "")
        assert "conf-2027" in undo or event == "conf-2027"

    def test_one_slot_stays_one_slot(self, site: MySite) -> None:
        person = site.browser()
        person.choose(f"posters/{uid_of('posters', 1)}")
        rename(site)

        assert {uid_of("posters", 1)} == read(person.feed()).keys()

    def test_choice_by_the_former_id_is_the_same_choice(self, site: MySite) -> None:
        person = site.browser()
        person.choose("talk")
        rename(site)

        person.choose("talk", event="conf")
        person.choose("talk", event="conf-2027")

        headers = {"Authorization": f"Bearer {person.key}"}
        calendar = person.client.get("/api/calendars/me", headers=headers).json
        assert calendar["choices"] == [{"event": "conf-2027", "session": "talk", "slot": None}]
        path = "/api/calendars/me/sessions/conf/talk"
        left = person.client.delete(path, headers=headers).json
        assert left["choices"] == []

    def test_whole_choice_by_the_former_id(self, site: MySite) -> None:
        person = site.browser()
        person.choose("opening")
        rename(site)
        wanted = [{"event": "conf", "session": "talk"}, {"event": "conf-2027", "session": "talk"}]

        calendar = person.client.put(
            "/api/calendars/me/sessions",
            json={"sessions": wanted},
            headers={"Authorization": f"Bearer {person.key}"},
        ).json

        assert [each["session"] for each in calendar["choices"]] == ["talk"]

    def test_event_that_gets_its_id_back_keeps_the_choice(self, site: MySite) -> None:
        person = site.browser()
        person.choose("talk")
        rename(site)
        person.choose("opening", event="conf-2027")

        rename(site, RENAMED.replace("formerly: conf", "formerly: conf-2027"), "conf")

        assert {uid_of("talk"), uid_of("opening")} == read(person.feed()).keys()
        answer = person.get("/events/conf-2027/")
        assert (answer.status_code, answer.headers["Location"]) == (308, "/events/conf/")
