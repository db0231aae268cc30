"""schedule.xml and schedule.json: what apps read there, and by the rules of both schemas."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

import pytest
from agendas import ONE_DAY
from conftest import BASE_URL, NOW, schedule_of
from documents import SHORT, document, json_of, talks_of, xml_of
from feeds import feed
from frabrules import faults_of_json, faults_of_xml
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from subscriber import read
from texts import EXPLICIT, abstracts, event_with, lines

from calsvc.exporters import frab
from calsvc.schedule.entries import Content, Entry, Schedule
from calsvc.schedule.publishing import publish

QUERIES = ["", "parts=yes", "kind=nothing", "cancelled=mark", "cancelled=drop&kind=!break", "q=a"]
HOME = f"{BASE_URL}/events/conf/"


@pytest.fixture(scope="module")
def short() -> Schedule:
    """A small event with something for each rule."""
    return schedule_of(SHORT)


# --- by the rules -------------------------------------------------------------------------


@pytest.mark.parametrize("query", QUERIES)
def test_real_events_are_valid(
    real_schedules: list[Schedule], rich: Schedule, short: Schedule, query: str
) -> None:
    for schedule in (*real_schedules, rich, short):
        assert faults_of_xml(document(schedule, "xml", query).body) == []
        assert faults_of_json(document(schedule, "json", query).body) == []


@given(st.lists(lines, min_size=1, max_size=4), st.lists(abstracts, min_size=1, max_size=3))
@hypothesis_settings(max_examples=40)
def test_hostile_texts_are_valid_and_stay_as_they_are(texts: list[str], about: list[str]) -> None:
    check_texts(texts, about)


def test_empty_description_is_none() -> None:
    schedule = schedule_of(SHORT.replace("    color: teal", "    color: teal\n    description: ''"))

    assert schedule.event.description == ""
    assert faults_of_json(document(schedule, "json").body) == []


def test_explicit_hostile_texts_stay_as_they_are() -> None:
    check_texts(list(EXPLICIT), ["a\n\nb", "<b>&amp;</b>", "]]>", "\\N"])


def check_texts(texts: list[str], about: list[str]) -> None:
    """Check that texts come through both formats to the letter."""
    event = event_with(texts, about)
    schedule = publish(event, None, NOW)

    xml, found = xml_of(schedule), json_of(schedule, "json")

    meant = sorted(
        (
            *(each.title, each.description or "", each.when[0].room, each.track),
            each.people[0].full_name,
        )
        for each in event.sessions
    )
    assert faults_of_xml(document(schedule, "xml").body) == []
    assert faults_of_json(document(schedule, "json").body) == []
    assert meant == sorted(
        (
            *(each.findtext(name) for name in ("title", "description", "room", "track")),
            each.findtext("persons/person"),
        )
        for each in xml.iter("event")
    )
    assert meant == sorted(
        (
            each["title"],
            each["description"] or "",
            each["room"],
            each["track"],
            "{name}, {organization}".format(**each["persons"][0]),
        )
        for each in talks_of(found)
    )


SPOILT_XML = [
    ("<version>1</version>", "", "schedule has version as often as it may not"),
    ('index="2"', 'index="1"', "index 1 2 times"),
    ("<room>Hall A</room>", "", "event has room as often as it may not"),
    ("<persons>", "<person>x</person><persons>", "event has an element person"),
    ("+02:00</date>", "</date>", "event/date says '2027-06-15T09:00:00'"),
    ("<duration>02:30", "<duration>150", "event/duration says '150'"),
    ("<start>09:00<", "<start>24:00<", "event/start says '24:00'"),
    ("<acronym>conf<", "<acronym>my-conf<", "conference/acronym says 'my-conf'"),
    ('date="2027-06-16"', 'date="2027-06-31"', "day has date='2027-06-31'"),
    ('<day index="3"', '<day index="3" n="1"', "schedule/day has an attribute n"),
]


@pytest.mark.parametrize(("old", "new", "fault"), SPOILT_XML)
def test_judge_of_xml_finds_what_is_wrong(short: Schedule, old: str, new: str, fault: str) -> None:
    text = document(short, "xml").body.decode()
    assert old in text

    found = faults_of_xml(text.replace(old, new, 1).encode())

    assert any(each.endswith(fault) for each in found), found


SPOILT_JSON = [
    ('"version":"1"', '"version":1', "schedule has version: 1"),
    ('"daysCount":3', '"daysCount":4', "daysCount is 4, and days are [1, 2, 3]"),
    ('"room":"Hall A"', '"room":""', "talk has room: ''"),
    ('"subtitle":null,', "", "talk has no subtitle"),
    ('"duration":"00:30"', '"duration":"30"', "talk has duration: '30'"),
    ('"acronym":"conf"', '"acronym":"a"', "conference has acronym: 'a'"),
    ('"links":[]', '"links":[{"title":"x"}]', "links has no url"),
    ('"persons":[]', '"persons":[{"name":""}]', "persons has name: ''"),
    ('"index":1', '"index":true', "days has index: True"),
    ('"conference":{', '"conference":{"days_count":3,', "conference has a key days_count"),
]


@pytest.mark.parametrize(("old", "new", "fault"), SPOILT_JSON)
def test_judge_of_json_finds_what_is_wrong(short: Schedule, old: str, new: str, fault: str) -> None:
    text = document(short, "json").body.decode()
    assert old in text

    assert fault in faults_of_json(text.replace(old, new, 1).encode())


# --- what is said -------------------------------------------------------------------------


def told(schedule: Schedule, query: str = "") -> list[tuple[Any, ...]]:
    """Return day, room, title, start and duration of each talk, the same of both formats."""
    xml = [
        (
            int(day.get("index") or 0),
            room.get("name"),
            *(talk.findtext(name) for name in ("title", "date", "duration")),
        )
        for day in xml_of(schedule, query).iter("day")
        for room in day.iter("room")
        for talk in room.iter("event")
    ]
    found = [
        (day["index"], room, *(talk[name] for name in ("title", "date", "duration")))
        for day in json_of(schedule, "json", query)["schedule"]["conference"]["days"]
        for room, talks in day["rooms"].items()
        for talk in talks
    ]
    assert xml == found
    return found


def test_talks_are_in_days_and_rooms(short: Schedule) -> None:
    # Rooms are in the order of the agenda; what has none is in one called as the venue is.
    assert told(short) == [
        (1, "Hall B", "Panel", "2027-06-15T09:00:00+02:00", "00:30"),
        (1, "Hall A", "Opening <b> & =1+1", "2027-06-15T09:00:00+02:00", "00:30"),
        (1, "House", "Early", "2027-06-15T05:30:00+02:00", "01:00"),
        (1, "House", "Party", "2027-06-15T23:00:00+02:00", "02:30"),
        (1, "House", "Night", "2027-06-16T00:30:00+02:00", "00:30"),
        (3, "Hall B", "Posters", "2027-06-17T15:00:00+02:00", "01:00"),
        (3, "Hall A", "Posters", "2027-06-17T12:00:00+02:00", "01:00"),
        (3, "House", "Maybe", "2027-06-17T11:00:00+02:00", "01:00"),
        (3, "House", "Far", "2027-06-17T14:00:00+02:00", "00:45"),
    ]


def test_days_last_until_the_morning_after(short: Schedule) -> None:
    names = ("index", "date", "start", "end")

    assert [tuple(day.get(name) for name in names) for day in xml_of(short).iter("day")] == [
        ("1", "2027-06-15", "2027-06-15T05:30:00+02:00", "2027-06-16T06:00:00+02:00"),
        ("2", "2027-06-16", "2027-06-16T06:00:00+02:00", "2027-06-17T06:00:00+02:00"),
        ("3", "2027-06-17", "2027-06-17T06:00:00+02:00", "2027-06-18T06:00:00+02:00"),
    ]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", []),
        ("cancelled=status", []),
        ("cancelled=drop", []),
        ("cancelled=mark", ["Cancelled: Gone"]),
    ],
)
def test_cancelled_talk_is_there_only_with_a_title_that_says_so(
    short: Schedule, query: str, shown: list[str]
) -> None:
    assert [each[2] for each in told(short, query) if "Gone" in each[2]] == shown


def test_talk_says_all_that_xml_has_a_place_for(short: Schedule) -> None:
    [talk] = [each for each in xml_of(short).iter("event") if each.findtext("type") == "opening"]
    [uid] = [str(entry.uid) for entry in short.of_session("opening")]
    number = talk.get("id")

    assert talk.get("guid") == uid
    assert {each.tag: each.text for each in talk if len(each) == 0} == {
        "room": "Hall A",
        "title": "Opening <b> & =1+1",
        "subtitle": None,
        "type": "opening",
        "date": "2027-06-15T09:00:00+02:00",
        "start": "09:00",
        "duration": "00:30",
        "abstract": None,
        "description": "# Welcome\n\n- to *all*\n- =2+2",
        "slug": f"conf-{int(number or 0):010}-opening",
        "track": "Data",
        "language": "de",
        "url": "https://conf.example/opening",
    }
    assert [each.text for each in talk.iter("person")] == ["Ada Example, Engines", "Bob Example"]
    assert [(each.get("href"), each.text) for each in talk.iter("link")] == [
        ("https://conf.example/paper", "Paper"),
        ("https://conf.example/more", "https://conf.example/more"),
        ("https://live.example/a", "Watch"),
    ]


def test_talk_says_more_in_json(short: Schedule) -> None:
    [talk] = [each for each in talks_of(json_of(short, "json")) if each["type"] == "opening"]
    guids = [frab.person_guid("conf", name) for name in ("Ada Example, Engines", "Bob Example")]

    assert talk["end"] == "2027-06-15T09:30:00+02:00"
    assert talk["persons"] == [
        {
            "guid": str(guids[0]),
            "id": frab.number_of(guids[0]),
            "name": "Ada Example",
            "organization": "Engines",
            "role": "host",
            "url": "https://ada.example/",
        },
        {
            "guid": str(guids[1]),
            "id": frab.number_of(guids[1]),
            "name": "Bob Example",
            "role": "speaker",
        },
    ]
    assert talk["links"] == [
        {"url": "https://conf.example/paper", "title": "Paper"},
        {"url": "https://conf.example/more"},
        {"url": "https://live.example/a", "title": "Watch"},
    ]


def test_conference_says_what_is_known_of_the_event(short: Schedule) -> None:
    conference = json_of(short, "json", "kind=panel")["schedule"]["conference"]
    guids = [str(frab.room_guid("conf", name)) for name in ("Hall B", "Hall A")]
    del conference["days"]

    assert conference == {
        "acronym": "conf",
        "title": "Conf: kind panel",
        "start": "2027-06-15",
        "end": "2027-06-17",
        "daysCount": 3,
        "timeslot_duration": "00:05",
        "time_zone_name": "Europe/Berlin",
        "logo": "https://conf.example/logo.png",
        "colors": {"primary": "#008080"},
        "url": HOME,
        "tracks": [{"name": "Data", "color": "#ff0000"}, {"name": "Web"}],
        "rooms": [
            {"name": "Hall B", "guid": guids[0]},
            {"name": "Hall A", "guid": guids[1]},
        ],
    }
    xml = xml_of(short, "kind=panel")
    assert {each.tag: each.text for each in xml.iterfind("conference/*")} == {
        "title": "Conf: kind panel",
        "acronym": "conf",
        "start": "2027-06-15",
        "end": "2027-06-17",
        "days": "3",
        "timeslot_duration": "00:05",
        "base_url": HOME,
        "logo": "https://conf.example/logo.png",
        "url": HOME,
        "time_zone_name": "Europe/Berlin",
        "color": None,
        "track": "Web",
    }
    assert xml.findtext("url") == f"{BASE_URL}/events/conf.xml?kind=panel"
    assert [(each.text, each.get("color")) for each in xml.iter("track")][:2] == [
        ("Data", "#ff0000"),
        ("Web", None),
    ]


def test_words_that_are_added_are_in_the_language_of_the_event() -> None:
    schedule = schedule_of(SHORT.replace("name: Conf", "name: Conf\n    language: de", 1))

    talks = {each["title"]: each for each in talks_of(json_of(schedule, "json", "cancelled=mark"))}

    assert "Abgesagt: Gone" in talks
    assert talks["Opening <b> & =1+1"]["links"][-1]["title"] == "Ansehen"
    assert {talks["Panel"]["language"], talks["Opening <b> & =1+1"]["language"]} == {"de"}


@pytest.mark.parametrize(
    ("when", "xml", "found"),
    [
        ("2025-06-25 09:00-09:00+1", "24:00", "24:00"),
        ("{start: 2025-06-25 09:00, duration: 5999}", "99:59", "99:59"),
        ("{start: 2025-06-25 09:00, duration: 6000}", "4:04:00", "100:00"),
        ('{start: "2025-06-25T09:00:00", end: "2025-06-25T09:30:01"}', "00:31", "00:31"),
        ("23:00-01:30+1", "02:30", "02:30"),
    ],
)
def test_long_talks_have_days_in_front_in_xml(when: str, xml: str, found: str) -> None:
    schedule = schedule_of(f"{ONE_DAY}sessions: [{{id: one, title: One, when: {quoted(when)}}}]")

    assert xml_of(schedule).findtext("day/room/event/duration") == xml
    assert [each["duration"] for each in talks_of(json_of(schedule, "json"))] == [found]
    assert faults_of_xml(document(schedule, "xml").body) == []


def quoted(when: str) -> str:
    """Return a time as it can stand in a mapping of YAML."""
    return when if when.startswith("{") else f'"{when}"'


def test_hour_that_repeats_is_told_apart(rich: Schedule) -> None:
    [talk] = [each for each in talks_of(json_of(rich, "json")) if "repeated" in each["title"]]

    assert (talk["date"], talk["end"], talk["duration"]) == (
        "2026-10-25T02:15:00+02:00",
        "2026-10-25T02:15:00+01:00",
        "01:00",
    )


def test_talk_without_room_and_venue_is_in_one_called_as_the_event_is() -> None:
    schedule = schedule_of(f"{ONE_DAY}sessions: [{{id: one, title: One, when: '09:00-10:00'}}]")

    assert [each["room"] for each in talks_of(json_of(schedule, "json"))] == ["Small Conference"]


# --- the same as the feed -----------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        *("cancelled=mark", "cancelled=mark&parts=yes", "cancelled=mark&kind=!panel"),
        *("cancelled=mark&room=hall-a", "cancelled=mark&day=2027-06-17", "cancelled=mark&q=po"),
        *(
            "cancelled=mark&speaker=cy",
            "cancelled=drop&tag=party",
            "cancelled=drop&session=posters",
        ),
    ],
)
def test_talks_have_the_uids_of_the_feed(short: Schedule, query: str) -> None:
    uids = set(read(feed(short, f"{query}&banner=no"))) - {str(short.banners[0].uid)}

    assert uids
    assert {each["guid"] for each in talks_of(json_of(short, "json", query))} == uids
    assert {each.get("guid") for each in xml_of(short, query).iter("event")} == uids


def test_nothing_that_matches_leaves_the_days(short: Schedule) -> None:
    found = json_of(short, "json", "kind=demo")["schedule"]["conference"]

    assert [(day["date"], day["rooms"]) for day in found["days"]] == [
        ("2027-06-15", {}),
        ("2027-06-16", {}),
        ("2027-06-17", {}),
    ]


# --- numbers ------------------------------------------------------------------------------


def entry_with(uid: UUID, minutes: int = 0) -> Entry:
    """Return an entry with a uid that was created some minutes after others."""
    created = NOW + timedelta(minutes=minutes)
    content = Content(title="A", day=NOW.date(), last_day=NOW.date())
    return Entry(
        uid=str(uid), session="a", key="#1", created=created, revised=created, content=content
    )


def test_numbers_fit_into_31_bits() -> None:
    uids = [UUID(int=each) for each in (0, 1, 2**31 - 2, 2**31 - 1, 2**128 - 1)]

    # 2 ** 128 - 1 is 2 ** (4 * 31 + 4) - 1, and 2 ** 31 leaves 1: so it leaves 2 ** 4 - 1.
    assert [frab.number_of(uid) for uid in uids] == [1, 2, 2**31 - 1, 1, 16]


def test_entries_of_one_number_get_two_and_the_first_keeps_its_own() -> None:
    first, second, third = (UUID(int=each * (2**31 - 1) + 2**31 - 2) for each in (5, 3, 4))
    entries = [entry_with(third, 2), entry_with(second, 1), entry_with(first)]

    alone = frab.numbers(entries[2:])
    together = frab.numbers(entries)

    assert alone == {str(first): 2**31 - 1}
    assert together == {str(first): 2**31 - 1, str(second): 1, str(third): 2}


def test_number_is_of_the_entry_whatever_is_selected(short: Schedule) -> None:
    all_of_them = {each["guid"]: each["id"] for each in talks_of(json_of(short, "json"))}
    some = {each["guid"]: each["id"] for each in talks_of(json_of(short, "json", "kind=panel"))}

    assert len(some) == 1
    assert some.items() <= all_of_them.items()


def test_guid_is_the_uid_or_one_that_is_made_of_it() -> None:
    uid = UUID(int=2**127 + 10)
    foreign = ["1@conf.example", "2@conf.example", f"{{{uid}}}", f"urn:uuid:{uid}", uid.hex]

    assert frab.guid(str(uid)) == frab.guid(str(uid).upper()) == uid
    assert len({uid, *map(frab.guid, foreign)}) == 6
    assert frab.guid(foreign[0]) == frab.guid(foreign[0])


def test_xml_is_read_without_a_declaration_of_entities(short: Schedule) -> None:
    octets = document(short, "xml").body

    assert octets.startswith(b"<?xml version='1.0' encoding='utf-8'?>\n<schedule>")
    assert b"<!" not in octets
    assert ElementTree.fromstring(octets).tag == "schedule"  # noqa: S314
    assert json.loads(document(short, "json").body)["schedule"]["version"] == "1"
