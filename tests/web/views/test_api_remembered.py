"""The API's agenda is written once for each version, and never answered from another."""

from datetime import timedelta

from conftest import BASE_URL, NOW, event_of, schedule_of

from calsvc.live.events import Live
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
    """


def test_agenda_of_each_event_and_version_is_its_own() -> None:
    before = schedule_of(AGENDA)
    live = Live([before, schedule_of(AGENDA.replace("Talk", "Other"), "other")], BASE_URL)
    client = create_app(live).test_client()

    def titles(event_id: str) -> list[str]:
        answer = client.get(f"/api/events/{event_id}").json
        return [session["title"] for session in answer["sessions"]]

    first = [titles(each) for each in ("conf", "other", "conf")]
    speech = event_of(AGENDA.replace("Talk", "Speech"))
    live.put(publish(speech, before, NOW + timedelta(days=1)), ())

    assert first == [["Talk"], ["Other"], ["Talk"]]
    assert [titles(each) for each in ("conf", "other")] == [["Speech"], ["Other"]]


def test_agenda_is_answered_again_in_every_way() -> None:
    client = create_app(Live([schedule_of(AGENDA)], BASE_URL)).test_client()
    first = client.get("/api/events/conf")
    again = client.get("/api/events/conf")
    tag = {"If-None-Match": first.headers["ETag"]}

    assert again.data == first.data
    assert dict(again.headers) == dict(first.headers)
    assert client.get("/api/events/conf", headers=tag).status_code == 304
    assert client.get("/api/events/conf", headers={"If-Match": '"x"'}).status_code == 412
    assert client.get("/api/events/nothing").status_code == 404
