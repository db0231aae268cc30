"""What stands around a session, and the links by which its page leads on."""

from conftest import client_of, schedule_of
from pages import Page

from calsvc.web.neighbours import MOST, neighbours

AGENDA = """
name: Conf
timezone: Europe/Berlin
dates: {from: 2027-06-15, to: 2027-06-16}
venue: {name: Old Hall, address: "Street 1, Berlin", geo: [52.5, 13.4]}
sessions:
  - {id: early, title: Early, when: 2027-06-15 08:00-08:30, room: Hall A}
  - {id: before, title: Before, when: 2027-06-15 09:00-10:00, room: Hall A}
  - id: it
    title: It
    kind: workshop
    when: 2027-06-15 10:00-11:00
    room: Hall A
    track: C++
    level: Beginners
    people: [{name: Ada Example, url: "https://example.org/ada"}]
  - {id: off, title: Off, when: 2027-06-15 11:00-12:00, room: Hall A, status: cancelled}
  - {id: after, title: After, when: 2027-06-15 12:00-13:00, room: Hall A}
  - {id: tomorrow, title: Tomorrow, when: 2027-06-16 09:00-10:00, room: Hall A}
  - {id: longer, title: Longer, when: 2027-06-15 09:30-12:00, room: Hall B}
  - {id: with, title: With, when: 2027-06-15 10:00-10:30}
  - {id: then, title: Then, when: 2027-06-15 11:00-12:00, room: Hall B}
  - {id: later, title: Later}
  - {id: part, title: Part, part_of: it}
"""


def titles(schedule_text: str, session: str) -> list[tuple[str | None, str | None, list[str], int]]:
    """Return the titles of what stands around each time of a session."""
    found = neighbours(schedule_of(schedule_text), session).values()
    return [
        (
            each.before.title if each.before else None,
            each.after.title if each.after else None,
            [other.title for other in each.meanwhile],
            each.others,
        )
        for each in found
    ]


def test_session_stands_between_others_of_its_room_and_day() -> None:
    assert titles(AGENDA, "it") == [("Before", "After", ["With", "Longer"], 0)]
    assert titles(AGENDA, "early") == [(None, "Before", [], 0)]
    assert titles(AGENDA, "tomorrow") == [(None, None, [], 0)]
    assert titles(AGENDA, "with") == [(None, None, ["It", "Longer"], 0)]
    assert titles(AGENDA, "part") == titles(AGENDA, "it")  # what it is a part of is left out
    assert titles(AGENDA, "later") == titles(AGENDA, "off") == []


def test_of_many_at_once_some_are_named() -> None:
    lines = [
        f"  - {{id: s{each}, title: S{each}, when: 2027-06-15 10:15-10:45, room: R{each}}}\n"
        for each in range(MOST)
    ]

    [(_, _, named, others)] = titles(AGENDA + "".join(lines), "it")

    assert (len(named), others) == (MOST, 2)
    assert named[0] == "With"  # which begins with it


def test_page_of_a_session_leads_on() -> None:
    client = client_of(schedule_of(AGENDA))

    page = Page(client.get("/events/conf/sessions/it/"))

    agendas = [link for link in page.links if link.startswith("/events/conf/?")]
    assert agendas == [
        "/events/conf/?kind=workshop",
        "/events/conf/?track=c-plus-plus",
        "/events/conf/?level=beginners",
        "/events/conf/?room=hall-a",
        "/events/conf/?speaker=ada-example",
    ]
    for link in agendas:
        assert "It" in Page(client.get(link)).headings
    assert {
        "/events/conf/days/2027-06-15/#s-it",
        "/events/conf/sessions/before/",
        "/events/conf/sessions/after/",
        "/events/conf/sessions/with/",
        "https://example.org/ada",
        "https://www.openstreetmap.org/?mlat=52.5&mlon=13.4#map=17/52.5/13.4",
    } <= set(page.links)
    assert "Hall A Before: Before, 9:00 AM After: After, 12:00 PM" in page.words
    assert "At the same time With, 10:00 AM Longer, 9:30 AM Hall B" in page.words


def test_page_of_a_session_names_a_copy_as_one() -> None:
    html = client_of(schedule_of(AGENDA)).get("/events/conf/sessions/it/").text

    assert "Or add a copy, which won't follow changes:" in html
    assert html.index('class="star wide"') < html.index("Or add a copy")


def test_place_without_coordinates_is_found_by_its_address() -> None:
    text = AGENDA.replace(", geo: [52.5, 13.4]", "")

    page = Page(client_of(schedule_of(text)).get("/events/conf/sessions/it/"))

    assert (
        "https://www.openstreetmap.org/search?query=Old%20Hall%2C%20Street%201%2C%20Berlin"
        in page.links
    )
