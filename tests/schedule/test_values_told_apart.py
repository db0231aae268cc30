"""Filters of names that differ by symbols alone, and the addresses that they had before."""

from urllib.parse import parse_qsl

import pytest
from conftest import BASE_URL, client_of, schedule_of

from calsvc.schedule.entries import Schedule
from calsvc.schedule.query import selection_of

EVENT = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
    """


def schedule(*tracks: str, field: str = "track", head: str = "") -> Schedule:
    """Return the schedule of an event with a session for each track, which is its id too."""
    lines = [
        f'      - {{id: s{place}, title: "{track}", {field}: "{track}", when: 09:00-10:00}}'
        for place, track in enumerate(tracks)
    ]
    return schedule_of("\n".join([EVENT.replace("sessions:", f"{head}\n    sessions:"), *lines]))


def found(query: str, *tracks: str, field: str = "track", head: str = "") -> set[str]:
    """Return the titles that a query string selects."""
    selection = selection_of(parse_qsl(query))
    entries = selection.entries(schedule(*tracks, field=field, head=head))
    return {entry.content.title for entry in entries}


@pytest.mark.parametrize("field", ["track", "room", "level", "tag"])
@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("c", "C"),
        ("C", "C"),
        ("C%23", "C#"),
        ("c-sharp", "C#"),
        ("C%2B%2B", "C++"),
        ("c-plus-plus", "C++"),
        (".NET", ".NET"),
        ("dot-net", ".NET"),
        ("net", "NET"),
    ],
)
def test_each_name_has_a_filter_of_its_own(field: str, value: str, name: str) -> None:
    names = ("C", "C++", "C#", ".NET", "NET")
    key = "tags" if field == "tag" else field

    assert found(f"{field}={value}", *names, field=key) == {name}
    assert found(f"{field}=!{value}", *names, field=key) == {*names} - {name}


def test_former_address_goes_on_where_no_plain_name_took_it() -> None:
    assert found("track=c", "C++", "Go") == {"C++"}
    assert found("track=c", "C++", "C#", "Go") == {"C++", "C#"}
    assert found("track=!c", "C++", "C#", "Go") == {"Go"}
    assert found("track=net", ".NET", "Go") == {".NET"}


def test_former_address_is_of_a_plain_name_that_is_listed_before_it_has_sessions() -> None:
    assert found("track=c", "C++", head="tracks: [C, C++]") == set()


def test_persons_are_told_apart_by_their_organizations() -> None:
    text = (
        EVENT
        + """
      - {id: one, title: One, when: 09:00-10:00, people: ["Wei Wang, X", "C#, C++"]}
      - {id: two, title: Two, when: 10:00-11:00, people: ["Wei Wang, Y"]}
    """
    )

    def titles(query: str) -> list[str]:
        entries = selection_of(parse_qsl(query)).entries(schedule_of(text))
        return [entry.content.title for entry in entries]

    assert titles("speaker=wei-wang") == ["One", "Two"]
    assert titles("speaker=Wei Wang, Y") == ["Two"]
    assert titles("speaker=wei-wang-x") == ["One"]
    assert titles("speaker=wei-wang&speaker=!wei-wang-y") == ["One"]


def test_series_are_told_apart_and_their_former_address_goes_on() -> None:
    events = {
        name: schedule_of(EVENT.replace("sessions:", f"series: {name!r}"), event_id)
        for event_id, name in (("one", "C++ Days"), ("two", "C# Days"))
    }
    client = client_of(*events.values())

    def shown(query: str) -> list[str]:
        text = client.get(f"/events.ics?{query}").text
        return [name for name in ("one", "two") if f"{BASE_URL}/events/{name}/" in text]

    assert shown("series=c-days") == ["one", "two"]
    assert shown("series=C%23 Days") == ["two"]
    assert shown("series=!c-plus-plus-days") == ["two"]


def test_page_offers_each_name_and_takes_a_former_address_for_what_it_means() -> None:
    client = client_of(schedule("C", "C++", "C#"))
    former = client_of(schedule("C++", "Go"))

    page = client.get("/events/conf/").text
    asked = former.get("/events/conf/?track=c").text

    for value in ("c", "c-plus-plus", "c-sharp"):
        assert f'name="track" value="{value}">' in page
    assert 'name="track" value="c-plus-plus" checked>' in asked
    assert '<input type="checkbox" name="track" value="c"' not in asked
    assert f"{BASE_URL}/events/conf.ics?track=c-plus-plus" in asked


def test_room_in_another_spelling_has_the_place_of_the_listed_one() -> None:
    (entry,) = [
        each
        for each in schedule(
            "CAFÉ\u00a0SÜD", field="room", head="rooms: [{name: Café Süd, geo: [52.5, 13.4]}]"
        ).entries
        if each.session
    ]

    assert entry.content.room == "Café Süd"
    assert entry.content.place.geo == (52.5, 13.4)
