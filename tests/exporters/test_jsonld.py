"""Events and sessions as search engines read them."""

from datetime import datetime

from agendas import long_agenda
from conftest import BASE_URL, client_of
from flask.testing import FlaskClient
from pages import structured

from calsvc.schedule.entries import Schedule


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

    event, *pieces = structured(client_of(schedule).get("/events/conf/days/").text)

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
