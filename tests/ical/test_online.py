"""Where entries are that take place online."""

from datetime import timedelta

import pytest
from conftest import event_of, schedule_of
from feeds import feed
from readers import read_ical

from calsvc.addresses import Addresses
from calsvc.links import add_links
from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish

OTHER = "https://meet.example.org/2"
STREAM = "https://meet.example.org/1?pwd=a,b;c"


@pytest.mark.parametrize(
    ("event", "session", "banner", "talk"),
    [
        ("", f"stream: '{STREAM}'", "", STREAM),
        (f"stream: '{STREAM}'", "", STREAM, STREAM),
        (f"stream: '{STREAM}'", "room: Studio", STREAM, "Studio"),
        (f"stream: '{STREAM}'", f"stream: '{OTHER}'", STREAM, OTHER),
        (f"stream: '{STREAM}'\nvenue: Hall", "", "Hall", "Hall"),
        ("", f"stream: '{STREAM}', room: Studio", "", "Studio"),
        ("venue: Hall", f"stream: '{STREAM}'", "Hall", "Hall"),
        (
            "venue: {name: Hall, address: Street 1}",
            f"stream: '{STREAM}', room: A",
            "Hall, Street 1",
            "A, Hall, Street 1",
        ),
        (
            "rooms: [{name: Annex, place: House}]",
            f"stream: '{STREAM}', room: Annex",
            "",
            "Annex, House",
        ),
        ("", "", "", ""),
    ],
)
def test_stream_is_the_place_where_there_is_no_other(
    event: str, session: str, banner: str, talk: str
) -> None:
    schedule = schedule_of(
        f"name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\n{event}\nsessions:\n"
        f"  - {{id: talk, title: Talk, when: '09:00-10:00', {session}}}\n"
    )

    places = {entry.summary: entry.location for entry in read_ical(feed(schedule))}

    assert places == {"Conf": banner, "Talk": talk}


def test_another_stream_of_the_event_is_told_once() -> None:
    online = "name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nstream: '{}'\nsessions:\n"
    online += "  - {{id: talk, title: Talk, when: '09:00-10:00'}}\n"
    before = schedule_of(online.format(STREAM))

    after = publish(event_of(online.format(OTHER)), before, before.published + timedelta(hours=1))

    places = {entry.summary: entry.location for entry in read_ical(feed(after))}
    assert places == {"Conf": OTHER, "Talk": OTHER}
    assert [(each.session, each.told()) for each in changes(before, after)] == [
        (None, "Conf: live stream changed")
    ]


def test_links_of_programs_have_the_stream_as_place() -> None:
    schedule = schedule_of(
        "name: Conf\ntimezone: Europe/Berlin\ndate: 2027-06-15\nsessions:\n"
        "  - {id: talk, title: Talk, when: '09:00-10:00', stream: 'https://meet.example.org/1'}\n"
    )
    [entry] = schedule.of_session("talk")

    links = add_links(entry, "conf", Addresses("https://calendar.example.org"))

    assert "&location=https%3A%2F%2Fmeet.example.org%2F1&" in links["google"]
