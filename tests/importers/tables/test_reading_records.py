"""Data files of site generators: what is nested, what ids stand for, and each way to write data."""

import textwrap
from datetime import date
from typing import Any

import pytest
from readings import folder_source, json_source, times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.tables import records

FIRST = Wishes(date=date(2027, 6, 15))
TALK = {"title": "Opening", "date": "2027-06-15", "start": "9:00", "end": "9:30"}
OPENING = [("Opening", "2027-06-15 09:00", "2027-06-15 09:30", None)]


def read(text: str, name: str = "agenda.yml", wishes: Wishes | None = None) -> Draft:
    octets = textwrap.dedent(text).lstrip("\n").encode()
    return records.read(Source(name, octets), wishes or Wishes())


def of_json(value: Any, wishes: Wishes | None = None) -> list[tuple[str, str, str, str | None]]:
    return times(records.read(json_source(value), wishes or Wishes()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yml", "- {title: Opening, date: 2027-06-15, start: 9:00, end: 9:30}"),
        ("a.json", '[{"title": "Opening", "date": "2027-06-15", "start": "9:00", "end": "9:30"}]'),
        ("a.toml", '[[talks]]\ntitle="Opening"\ndate=2027-06-15\nstart=09:00:00\nend=09:30:00'),
        (
            "a.js",
            "// the talks\nexport const talks = [\n"
            "  {title: 'Opening', date: '2027-06-15', start: '9:00', end: '9:30'}, // first\n];\n",
        ),
        ("a.js", 'var t = [{"title": "Opening", "start": "2027-06-15 9:00", "end": "9:30"}];'),
        (
            "a.xml",
            "<nodes><node><Title>Opening</Title><Date>2027-06-15</Date><Start>9:00</Start>"
            "<End>9:30</End></node></nodes>",
        ),
        ("a.xml", '<x><talk title="Opening" start="2027-06-15 09:00" end="09:30"/></x>'),
        (
            "a.md",
            "---\nlayout: page\ntalks:\n- title: Opening\n  date: 2027-06-15\n  start: 9:00\n"
            "  end: 9:30\n---\n# Talks\n",
        ),
    ],
)
def test_each_way_to_write_data(name: str, text: str) -> None:
    assert times(read(text, name)) == OPENING


NESTED = {
    "days in rooms": {
        "days": [
            {
                "name": "Tuesday",
                "date": "2027-06-15",
                "start": "08:00",
                "rooms": [
                    {
                        "name": "Hall A",
                        "talks": [
                            {"name": "Opening", "time_start": "9:00", "time_end": "9:30"},
                            {"name": "Closing", "time_start": "17:00"},
                        ],
                    }
                ],
            }
        ]
    },
    "slots": [
        {
            "date": "2027-06-15",
            "slots": [
                {
                    "startTime": "9:00",
                    "endTime": "9:30",
                    "sessions": [{"title": "Opening", "room": "Hall A"}],
                },
                {"startTime": "17:00", "sessions": [{"title": "Closing", "room": "Hall A"}]},
            ],
        }
    ],
    "days for keys": {
        "2027-06-15": [
            {"title": "Opening", "time": "9:00-9:30", "location": "Hall A"},
            {"title": "Closing", "time": "17:00", "location": {"name": "Hall A"}},
        ]
    },
    "ids for keys": {
        "opening": {
            "title": {"en": "Opening", "de": "Eröffnung"},
            "time": {"start": "2027-06-15T09:00", "end": "2027-06-15T09:30"},
            "room": "Hall A",
        },
        "closing": {"title": "Closing", "time": {"start": "2027-06-15T17:00"}, "room": "Hall A"},
    },
}


@pytest.mark.parametrize("name", NESTED)
def test_what_holds_sessions_says_where_and_when_they_are(name: str) -> None:
    assert of_json(NESTED[name]) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A"),
        ("Closing", "2027-06-15 17:00", "", "Hall A"),
    ]


def test_talks_in_a_block_are_its_parts() -> None:
    block = {**TALK, "talks": [{"title": "First"}, {"title": "Second", "speaker": "Ada Example"}]}

    draft = records.read(json_source({"sessions": [block]}), Wishes())

    whole, *parts = draft.sessions
    assert whole.title == "Opening"
    assert [(each.title, each.part_of, each.start) for each in parts] == [
        ("First", [whole.key], None),
        ("Second", [whole.key], None),
    ]


def test_talks_with_times_in_a_block_have_these() -> None:
    block = {**TALK, "talks": [{"title": "First", "start": "9:10", "end": "9:20"}]}

    draft = records.read(json_source({"sessions": [block]}), Wishes())

    assert times(draft)[1] == ("First", "2027-06-15 09:10", "2027-06-15 09:20", None)
    assert draft.sessions[1].part_of == []


SCHEDULE = [
    {
        "date": "2027-06-15",
        "tracks": [{"title": "One"}, {"title": "Two"}],
        "timeslots": [
            {"startTime": "9:00", "endTime": "9:30", "sessionIds": [1]},
            {"startTime": "10:00", "endTime": "11:00", "sessionIds": [2, 3]},
        ],
    }
]


def test_ids_stand_for_sessions_and_people_in_other_files() -> None:
    folder = folder_source(
        schedule=SCHEDULE,
        sessions=[
            {"id": 1, "title": "Opening", "speakers": [1]},
            {"id": 2, "title": "Compilers", "speakers": [2]},
            {"id": 3, "title": "Gardens"},
        ],
        speakers=[
            {"id": 1, "name": "Ada Example", "title": "Head of Engines", "company": "Engines"},
            {"id": 2, "name": "Bo Beispiel"},
        ],
    )

    draft = records.read(folder, Wishes())

    assert [time[:2] for time in times(draft)] == [
        ("Opening", "2027-06-15 09:00"),
        ("Compilers", "2027-06-15 10:00"),
        ("Gardens", "2027-06-15 10:00"),
    ]
    assert [each.track for each in draft.sessions] == [None, "One", "Two"]
    assert [[one.name for one in each.people] for each in draft.sessions] == [
        ["Ada Example"],
        ["Bo Beispiel"],
        [],
    ]
    assert draft.left_out == []


def test_ids_stand_for_slots_and_rooms_in_other_files() -> None:
    folder = folder_source(
        schedule=[
            {
                "day": "2027-06-15",
                "start": "08:00",
                "rooms": [{"room": "a", "slots": [{"slot": "first", "talk": "opening"}]}],
            }
        ],
        slots=[{"key": "first", "start": "9:00", "duration": 30}],
        rooms=[{"id": "a", "name": "Hall A"}],
    )

    assert times(records.read(folder, Wishes())) == [
        ("opening", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A")
    ]


def test_ids_of_sessions_that_are_elsewhere_are_told() -> None:
    draft = records.read(json_source(SCHEDULE), Wishes())

    assert [each.title for each in draft.sessions] == ["1", "2", "3"]
    assert draft.guessed == ["titles are ids, such as 1, whose sessions are in another file (3)"]


def test_lists_of_ids_are_read_whatever_they_are_called() -> None:
    timeslots = [
        {"startTime": "9:00", "endTime": "9:30", "singles": [9]},
        {"startTime": "10:00", "endTime": "11:00", "sessionIds": [1], "workshopsIds": [2]},
        {"startTime": "11:00", "endTime": "11:30", "others": [77], "speakerIds": [1]},
    ]
    folder = folder_source(
        schedule=[{"date": "2027-06-15", "timeslots": timeslots}],
        sessions=[{"id": 9, "title": "Tea"}, {"id": 1, "title": "A"}, {"id": 2, "title": "B"}],
    )

    draft = records.read(folder, Wishes())

    assert times(draft) == [
        ("Tea", "2027-06-15 09:00", "2027-06-15 09:30", None),
        ("A", "2027-06-15 10:00", "2027-06-15 11:00", None),
        ("B", "2027-06-15 10:00", "2027-06-15 11:00", None),
    ]
    assert 'rows without a title, such as "11:00 11:30 77 1 2027-06-15" (1)' in draft.left_out


def test_a_time_without_a_title_is_told() -> None:
    draft = records.read(
        json_source([TALK, {"date": "2027-06-15", "start": "10:00", "speaker_id": "ada"}]), Wishes()
    )

    assert times(draft) == OPENING
    assert 'rows without a title, such as "2027-06-15 10:00 ada" (1)' in draft.left_out


def test_a_slot_that_is_empty_is_no_session() -> None:
    draft = records.read(json_source([TALK, {"date": "2027-06-15", "start": "10:00"}]), Wishes())

    assert times(draft) == OPENING
    assert draft.left_out == []


def test_what_is_not_yet_known_is_a_session() -> None:
    draft = records.read(json_source([{**TALK, "title": "TBA", "speaker": "NA"}]), Wishes())

    assert times(draft) == [("TBA", "2027-06-15 09:00", "2027-06-15 09:30", None)]
    assert draft.sessions[0].people == []


def test_ids_of_people_who_are_elsewhere_are_told() -> None:
    draft = records.read(json_source([{**TALK, "speakers": [5, 6]}]), Wishes())

    assert draft.sessions[0].people == []
    assert draft.left_out == ["people of whom there is only an id, such as 5 (2)"]


def test_a_date_that_is_only_a_time_is_a_start() -> None:
    found = of_json(
        [{"title": "Opening", "date": "9:00 am"}, {"title": "Tea", "date": "10:15 am"}], FIRST
    )

    assert [(title, start) for title, start, _, _ in found] == [
        ("Opening", "2027-06-15 09:00"),
        ("Tea", "2027-06-15 10:15"),
    ]


def test_days_that_cannot_be_read_are_not_all_the_first_one() -> None:
    days = [
        {"date": "15. kesäkuuta", "talks": [{"title": "A", "time": "9:00"}]},
        {"date": "16. kesäkuuta", "talks": [{"title": "B", "time": "9:00"}]},
    ]

    with pytest.raises(SourceError, match="days that cannot be read, such as '15"):
        records.read(json_source({"days": days}), FIRST)


def test_times_with_points_are_no_dates() -> None:
    talks = [
        {"title": "A", "start": "9.30"},
        {"title": "B", "start": "10.10", "end": "12.00"},
        {"title": "C", "start": "12.05", "end": "17.15"},
    ]

    assert of_json({"wednesday": talks}, Wishes(date=date(2027, 6, 15))) == [
        ("A", "2027-06-16 09:30", "", None),
        ("B", "2027-06-16 10:10", "2027-06-16 12:00", None),
        ("C", "2027-06-16 12:05", "2027-06-16 17:15", None),
    ]


def test_lists_without_times_are_told() -> None:
    draft = records.read(
        json_source({"program": [TALK], "talks": [{"title": "Later"}], "team": [{"name": "Ada"}]}),
        Wishes(),
    )

    assert times(draft) == OPENING
    assert draft.left_out == ["the list talks, which has no times (1)"]


def test_a_program_of_devopsdays() -> None:
    draft = read("""
        name: "2027-examplecity"
        year: "2027"
        city: "Example City"
        startdate: 2027-06-15T08:00:00+02:00
        enddate: 2027-06-16T17:00:00+02:00
        location: "The Venue"
        location_address: "Street 1"
        program:
          - {title: Registration, type: custom, date: 2027-06-15, start_time: "08:00"}
          - title: "ada-example"
            type: talk
            date: 2027-06-15
            start_time: "09:00"
            end_time: "09:30"
    """)

    assert draft.name == "devopsdays Example City 2027"
    assert (draft.first_day, draft.last_day) == (date(2027, 6, 15), date(2027, 6, 16))
    assert (draft.venue, draft.address) == ("The Venue", "Street 1")
    assert times(draft) == [
        ("Registration", "2027-06-15 08:00", "", None),
        ("ada-example", "2027-06-15 09:00", "2027-06-15 09:30", None),
    ]
    assert [each.kind for each in draft.sessions] == ["custom", "talk"]


def test_times_of_drupal_are_in_tags() -> None:
    day = '&lt;b content="2027-06-15T09:00:00-07:00"&gt;Tuesday&lt;/b&gt;'
    hours = (
        '&lt;i content="2027-06-15T09:00:00-07:00"&gt;9:00&lt;/i&gt; to'
        ' &lt;i content="2027-06-15T10:00:00-07:00"&gt;10:00&lt;/i&gt;'
    )
    node = f"<node><Title>Opening</Title><Day>{day}</Day><Time>{hours}</Time><Path>/o</Path></node>"

    (found,) = read(f"<nodes>{node}</nodes>", "sign.xml").sessions

    assert found.start and found.start.isoformat() == "2027-06-15T09:00:00-07:00"
    assert found.end and found.end.isoformat() == "2027-06-15T10:00:00-07:00"
    assert found.key == "/o"


def test_days_that_are_ticked() -> None:
    draft = read("- {title: Lunch, time: 12:00-13:00, day1: true, day2: true}", wishes=FIRST)

    assert [time[1] for time in times(draft)] == ["2027-06-15 12:00", "2027-06-16 12:00"]


def test_a_flag_is_a_kind() -> None:
    row = {**TALK, "break": "y", "everyone": "y"}

    assert records.read(json_source([row]), Wishes()).sessions[0].kind == "break"


def test_what_only_ends_is_told() -> None:
    draft = records.read(json_source([TALK, {"title": "Bar closes", "end": "23:00"}]), Wishes())

    assert draft.sessions[1].start is None
    assert draft.left_out == ['times that cannot be read, such as "23:00" (1)']


def test_keys_can_be_named() -> None:
    wishes = Wishes(columns=(("title", "was"), ("start", "geht los")))
    text = "- {was: Opening, date: 2027-06-15, geht los: 9:00, end: 9:30}\n"

    assert times(read(text, wishes=wishes)) == OPENING


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.yml", "team: [{name: Ada}]", "has no list of sessions"),
        ("a.yml", "a: [1", "a.yml:1:4"),
        ("a.yml", "a: &a [*a]", "names itself or nothing"),
        ("a.toml", "a = ", "is broken TOML"),
        ("a.json", '{"a": [1, 2', "is broken JSON"),
        ("a.xml", "<a>", "has no list of sessions"),
    ],
)
def test_what_cannot_be_read_is_told(name: str, text: str, what: str) -> None:
    with pytest.raises(SourceError) as raised:
        read(text, name)

    assert what in str(raised.value)


@pytest.mark.parametrize(
    ("name", "text", "is_ours"),
    [
        ("agenda.yaml", "anything", True),
        ("agenda.json", '[{"title": "A", "time": "9:00"}, {"title": "B", "time": "10:00"}]', True),
        ("agenda.json", '[{"name": "Ada"}, {"name": "Bo"}]', False),
        ("agenda.json", '{"broken": ', False),
        ("agenda.md", "# Agenda\n\n- 9:00 Opening\n", False),
        ("agenda.html", "<html><body>9:00 Opening</body></html>", False),
        ("agenda.txt", "9:00 Opening", False),
    ],
)
def test_data_is_recognised(name: str, text: str, is_ours: bool) -> None:
    assert records.recognises(Source(name, text.encode())) is is_ours
