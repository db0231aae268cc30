"""What the entries of a calendar say, and what they say of the event together."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from icsfiles import TALK, calendar, draft_of, drafted

from calsvc.importers.drafts import DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read
from calsvc.timezones import resolved


def test_entry_says_all_of_a_session() -> None:
    entry = """
UID:460@source.example
DTSTART:20270615T070000Z
DTEND:20270615T074500Z
SUMMARY:Zero &amp; One\\, again
LOCATION:Hall A
DESCRIPTION:Speaker: Ada Example\\, Analytical Engines\\n\\n<p>About <b>numbers</b>.</p>
CATEGORIES:Data Platforms,Workshop,SQL\\, mostly
STATUS:TENTATIVE
URL:https://source.example/talks/460
CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://video.example/1
ATTACH;FMTTYPE=application/pdf;X-FILENAME=Slides:https://source.example/460.pdf
"""

    [session] = drafted(entry).sessions

    assert session == DraftSession(
        title="Zero & One, again",
        key="460@source.example",
        uid="460@source.example",
        start=datetime(2027, 6, 15, 7, 0, tzinfo=UTC),
        end=datetime(2027, 6, 15, 7, 45, tzinfo=UTC),
        room="Hall A",
        kind="Workshop",
        track="Data Platforms",
        people=[DraftPerson("Ada Example", "Analytical Engines", "Speaker")],
        description="About **numbers**.",
        tags=["SQL, mostly"],
        url="https://source.example/talks/460",
        links=[("https://source.example/460.pdf", "Slides")],
        stream="https://video.example/1",
        is_tentative=True,
    )


def test_calendar_says_what_the_event_is() -> None:
    head = """
X-WR-CALNAME:Small Conference
X-WR-CALDESC:All about numbers.
URL:https://source.example/
"""

    draft = drafted(TALK, head=head)

    assert (draft.name, draft.description, draft.url) == (
        "Small Conference",
        "All about numbers.",
        "https://source.example/",
    )


def test_short_description_is_the_name_of_a_calendar_without_one() -> None:
    draft = drafted(TALK, head="X-WR-CALDESC:Small Conference 2027")

    assert (draft.name, draft.description) == ("Small Conference 2027", None)


# --- when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "end"),
    [
        ("DTEND:20270615T074500Z", datetime(2027, 6, 15, 7, 45, tzinfo=UTC)),
        ("DURATION:PT1H30M", datetime(2027, 6, 15, 8, 30, tzinfo=UTC)),
        ("DURATION:P1D", datetime(2027, 6, 16, 7, 0, tzinfo=UTC)),
        ("DTEND:2027-06-15T07:45:00Z", datetime(2027, 6, 15, 7, 45, tzinfo=UTC)),
        ("DTEND:20270615T0745Z", datetime(2027, 6, 15, 7, 45, tzinfo=UTC)),
        ("DTEND:20270615T240000Z", datetime(2027, 6, 16, 0, 0, tzinfo=UTC)),
        ("CLASS:PUBLIC", None),
        ("DURATION:long", None),
    ],
)
def test_end_is_as_it_is_written(lines: str, end: datetime | None) -> None:
    [session] = drafted(f"SUMMARY:A Talk\nDTSTART:20270615T070000Z\n{lines}").sessions

    assert session.end == end
    assert session.guessed == []


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        # In Berlin 31 October 2027 has 25 hours, and 28 March 23: days are days of the calendar.
        ("20271030T120000", "P1D", datetime(2027, 10, 31, 11, 0, tzinfo=UTC)),
        ("20271030T120000", "P1W", datetime(2027, 11, 6, 11, 0, tzinfo=UTC)),
        ("20271030T120000", "PT24H", datetime(2027, 10, 31, 10, 0, tzinfo=UTC)),
        ("20271030T120000", "P1DT2H", datetime(2027, 10, 31, 13, 0, tzinfo=UTC)),
        ("20270327T120000", "P1D", datetime(2027, 3, 28, 10, 0, tzinfo=UTC)),
        ("20270327T023000", "P1DT1H", datetime(2027, 3, 28, 2, 30, tzinfo=UTC)),
        # 02:30 is there twice on the day on which it begins: it is the first.
        ("20271031T023000", "P1D", datetime(2027, 11, 1, 1, 30, tzinfo=UTC)),
    ],
)
def test_a_day_is_as_long_as_its_clocks_make_it(start: str, length: str, end: datetime) -> None:
    """RFC 5545, 3.3.6."""
    entry = f"SUMMARY:Hackathon\nDTSTART;TZID=Europe/Berlin:{start}\nDURATION:{length}"
    [session] = drafted(entry).sessions

    assert session.end
    assert resolved(session.end, "Europe/Berlin") == end


@pytest.mark.parametrize(
    ("start", "end", "hour"),
    [
        (";TZID=Europe/Berlin:20270615T100000", ";TZID=America/New_York:20270615T130000", 17),
        (";TZID=America/New_York:20270615T100000", ";TZID=Europe/Berlin:20270615T180000", 16),
        (":20270615T100000Z", ";TZID=America/New_York:20270615T083000", 12),
        (":20270615T100000", ";TZID=America/New_York:20270615T130000", 17),
    ],
)
def test_end_is_of_the_zone_that_it_names(start: str, end: str, hour: int) -> None:
    [session] = drafted(f"SUMMARY:Flight\nDTSTART{start}\nDTEND{end}").sessions

    assert session.end
    assert session.end.replace(minute=0) == datetime(2027, 6, 15, hour, tzinfo=UTC)


@pytest.mark.parametrize("rule", ["", "\nRRULE:FREQ=DAILY;COUNT=1"])
def test_a_day_of_utc_is_24_hours_long_whatever_zone_is_named(rule: str) -> None:
    """The night after has 23 hours in Berlin; the start says that it is in UTC."""
    start = "DTSTART;TZID=Europe/Berlin:20270327T110000Z"
    [session] = drafted(f"SUMMARY:Hackathon\n{start}\nDURATION:P1D{rule}").sessions

    assert session.end == datetime(2027, 3, 28, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        ("X-WR-TIMEZONE:Europe/Berlin", None),
        ("X-WR-TIMEZONE:Asia/Tokyo", "Europe/Berlin"),
        ("", "Europe/Berlin"),
    ],
)
@pytest.mark.parametrize("rule", ["", "\nRRULE:FREQ=DAILY;COUNT=1"])
@pytest.mark.parametrize(("length", "hour"), [("PT8H", 6), ("PT24H", 22), ("P1D", 21)])
def test_hours_are_exact_in_the_zone_of_the_calendar(
    head: str, asked: str | None, rule: str, length: str, hour: int
) -> None:
    """Clocks in Berlin go forward in the night to 28 March 2027."""
    entry = f"SUMMARY:Night\nDTSTART:20270327T230000\nDURATION:{length}{rule}"

    [session] = draft_of(calendar(entry, head=head), Wishes(timezone=asked)).sessions

    assert session.end
    assert resolved(session.end, "Europe/Berlin") == datetime(2027, 3, 28, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        ("DURATION:P400D", date(2028, 2, 4)),
        ("DURATION:P57W", date(2028, 2, 3)),
        ("DURATION:P1D", date(2027, 1, 1)),
        ("DURATION:-P2D", date(2027, 1, 1)),
        ("DURATION:PT30M", date(2027, 1, 1)),
        ("DURATION:P3653D", date(2036, 12, 31)),
        ("DURATION:P3654D", date(2027, 1, 1)),  # past the years that are known
        ("DURATION:P9999W", date(2027, 1, 1)),
    ],
)
def test_all_day_entry_is_as_long_as_it_says(lines: str, last: date) -> None:
    entry = f"SUMMARY:Show\nDTSTART;VALUE=DATE:20270101\n{lines}"

    [session] = draft_of(calendar(entry), Wishes(entry_for_entry=True)).sessions

    assert (session.day, session.last_day) == (date(2027, 1, 1), last)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("DTSTART:soon", "its time cannot be read: 'soon'"),
        ("DTSTART:20271345T070000Z", "its time cannot be read: '20271345T070000Z'"),
        ("DTSTART:16010101T000000Z", "its time cannot be read: '16010101T000000Z'"),
        ("CLASS:PUBLIC", "it has no time"),
    ],
)
def test_session_without_a_time_stays_and_is_told(line: str, told: str) -> None:
    draft = drafted(f"SUMMARY:Other\n{line}", TALK)

    assert [(each.title, each.start) for each in draft.sessions] == [
        ("Other", None),
        ("A Talk", datetime(2027, 6, 15, 7, 0, tzinfo=UTC)),
    ]
    assert draft.sessions[0].guessed == [told]


def test_end_that_cannot_be_read_is_told() -> None:
    [session] = drafted("SUMMARY:A\nDTSTART:20270615T070000Z\nDTEND:20270615").sessions

    assert session.end is None
    assert session.guessed == ["its end cannot be read: '20270615'"]


def test_zone_of_an_entry_may_stand_by_itself() -> None:
    """As Pentabarf writes it."""
    draft = drafted("SUMMARY:A\nTZID:Europe/Brussels\nDTSTART:20270615T090000")

    assert (draft.timezone, draft.sessions[0].start) == (
        "Europe/Brussels",
        datetime(2027, 6, 15, 9, 0),
    )


def test_all_day_entry_of_the_whole_event_gives_its_name_and_days() -> None:
    banner = "SUMMARY:Small Conference\nDTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270617"

    draft = drafted(banner, TALK)

    assert (draft.name, draft.first_day, draft.last_day) == (
        "Small Conference",
        date(2027, 6, 15),
        date(2027, 6, 16),
    )
    assert [session.title for session in draft.sessions] == ["A Talk"]


# --- which --------------------------------------------------------------------------------


def test_uid_of_different_sessions_is_that_of_the_first_and_no_key() -> None:
    draft = drafted(TALK, TALK.replace("A Talk", "Another").replace("T07", "T08"))

    assert [(each.title, each.uid, each.key) for each in draft.sessions] == [
        ("A Talk", "talk@source.example", None),
        ("Another", None, None),
    ]
    assert draft.guessed == ["entries with the uid of another, which get a new one: 1"]


def test_entry_that_stands_there_twice_is_there_once() -> None:
    draft = drafted(TALK, TALK)

    assert len(draft.sessions) == 1
    assert draft.left_out == ["entries that stand there twice: 1"]


@pytest.mark.parametrize("uid", ["a b@source.example", "ä@source.example", "a" * 256, "<a@b>"])
def test_uid_that_not_all_programs_read_alike_is_a_key_alone(uid: str) -> None:
    draft = drafted(TALK.replace("talk@source.example", uid))

    assert [(each.uid, each.key) for each in draft.sessions] == [(None, uid)]
    assert draft.guessed == ["uids that programs read differently, which are new here: 1"]


def test_part_belongs_to_its_whole() -> None:
    part = TALK.replace("talk@", "part@").replace("A Talk", "A Part")

    draft = drafted(
        f"{part}RELATED-TO;RELTYPE=PARENT:talk@source.example\nRELATED-TO:gone@source.example",
        f"{TALK}RELATED-TO;RELTYPE=SIBLING:part@source.example",
    )

    assert [each.part_of for each in draft.sessions] == [["talk@source.example"], []]
    assert draft.left_out == ["what is said to belong to entries that are not there: 1"]


def test_nothing_is_a_part_of_itself() -> None:
    part = TALK.replace("talk@", "part@").replace("A Talk", "A Part")

    draft = drafted(
        f"{part}RELATED-TO:talk@source.example\nRELATED-TO:part@source.example",
        f"{TALK}RELATED-TO:part@source.example",
    )

    assert [each.part_of for each in draft.sessions] == [["talk@source.example"], []]


# --- where --------------------------------------------------------------------------------


def at(*locations: str) -> list[str]:
    """Return entries at these places."""
    return [
        f"UID:{number}@a.example\nSUMMARY:Talk {number}\nDTSTART:20270615T070000Z\n"
        f"LOCATION:{location}"
        for number, location in enumerate(locations)
    ]


@pytest.mark.parametrize(
    ("locations", "rooms", "venue", "address"),
    [
        (["Hall A", "Hall B"], ["Hall A", "Hall B"], None, None),
        (
            ["Hall A\\, Center\\, Street 1", "Hall B\\, Center\\, Street 1", "Center\\, Street 1"],
            ["Hall A", "Hall B", None],
            "Center",
            "Street 1",
        ),
        (["Hall A\\, Center", "Hall B\\, Center"], ["Hall A", "Hall B"], "Center", None),
        (["Hall A", "Stage\\, Hall A"], ["Hall A", "Stage, Hall A"], None, None),
        (
            ["Hall (1\\, Main)", "Room (2\\, Main)"],
            ["Hall (1, Main)", "Room (2, Main)"],
            None,
            None,
        ),
        (["One\\, Center", "One\\, Center"], ["One, Center", "One, Center"], None, None),
    ],
)
def test_room_is_what_locations_do_not_share(
    locations: list[str], rooms: list[str | None], venue: str | None, address: str | None
) -> None:
    draft = drafted(*at(*locations))

    assert [each.room for each in draft.sessions] == rooms
    assert (draft.venue, draft.address) == (venue, address)


def test_location_that_is_an_address_is_a_stream() -> None:
    [session] = drafted(*at("https://video.example/1")).sessions

    assert (session.room, session.stream) == (None, "https://video.example/1")


def test_rooms_have_their_coordinates() -> None:
    first, second = at("Hall A", "Hall B")

    draft = drafted(f"{first}\nGEO:52.5;13.4", f"{second}\nGEO:52.6;13.5")

    assert draft.rooms == [
        DraftRoom("Hall A", (52.5, 13.4)),
        DraftRoom("Hall B", (52.6, 13.5)),
    ]


BERLIN, MUNICH = "\nGEO:52.52;13.40", "\nGEO:48.13;11.57"


def test_places_of_one_name_are_one_place_however_it_is_written() -> None:
    located = zip(at("Hall", "HALL"), (BERLIN, MUNICH), strict=True)

    draft = drafted(*(entry + geo for entry, geo in located))

    assert draft.rooms == []
    assert draft.left_out == [
        "coordinates of entries that others in the same place have otherwise: 2"
    ]


@pytest.mark.parametrize("places", [*permutations([BERLIN, MUNICH, ""])])
def test_place_has_no_coordinates_where_its_entries_have_different_ones(
    places: tuple[str, ...],
) -> None:
    located = zip(at(*["Stadtbibliothek"] * 3), places, strict=True)

    draft = drafted(*(entry + geo for entry, geo in located))

    assert draft.rooms == []
    assert [each.room for each in draft.sessions] == ["Stadtbibliothek"] * 3
    assert draft.left_out == [
        "coordinates of entries that others in the same place have otherwise: 2"
    ]


@pytest.mark.parametrize("places", [*permutations([BERLIN, "\nGEO:52.520;13.4", ""])])
def test_place_has_the_coordinates_that_its_entries_agree_in(places: tuple[str, ...]) -> None:
    located = zip(at(*["Stadtbibliothek"] * 3), places, strict=True)

    draft = drafted(*(entry + geo for entry, geo in located))

    assert draft.rooms == [DraftRoom("Stadtbibliothek", (52.52, 13.4))]
    assert draft.left_out == []


@pytest.mark.parametrize("geo", ["", "0;0", "north;east", "91;0", "nan;nan", "1", "1e400;0"])
def test_coordinates_that_cannot_be_are_none(geo: str) -> None:
    [entry] = at("Hall A")

    assert drafted(f"{entry}\nGEO:{geo}").rooms == []


# --- who ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("description", "people", "rest"),
    [
        ("Speaker: Ada Example", [DraftPerson("Ada Example", None, "Speaker")], None),
        (
            "Speakers: Ada Example, Bo Test and Cy Try\\nAbout it.",
            [
                DraftPerson("Ada Example", None, "Speakers"),
                DraftPerson("Bo Test", None, "Speakers"),
                DraftPerson("Cy Try", None, "Speakers"),
            ],
            "About it.",
        ),
        (
            "Moderator: Ada Example\\nPanelist: Bo Test\\, Example University\\n\\nAbout it.",
            [
                DraftPerson("Ada Example", None, "Moderator"),
                DraftPerson("Bo Test", "Example University", "Panelist"),
            ],
            "About it.",
        ),
        ("von: Ada Example\\n\\nWorum es geht", [DraftPerson("Ada Example")], "Worum es geht"),
        ("About it.\\nSpeaker: of the house", [], "About it.\nSpeaker: of the house"),
        ("Note: bring a laptop", [], "Note: bring a laptop"),
    ],
)
def test_first_lines_of_a_description_name_people(
    description: str, people: list[DraftPerson], rest: str | None
) -> None:
    written = description.replace(", ", "\\, ").replace("\\\\,", "\\,")

    [session] = drafted(f"{TALK}DESCRIPTION:{written}").sessions

    assert (session.people, session.description) == (people, rest)


def test_attendees_with_names_are_people() -> None:
    draft = drafted(
        f"{TALK}ATTENDEE;CN=Ada Example:mailto:ada@a.example\n"
        "ATTENDEE;CN=bo@a.example:mailto:bo@a.example\n"
        "ATTENDEE;CN=Hall A;CUTYPE=ROOM:mailto:hall@a.example\n"
        "DESCRIPTION:Speaker: Ada Example\\nAbout it."
    )

    assert draft.sessions[0].people == [DraftPerson("Ada Example")]
    assert draft.guessed == ["attendees who are taken for people of the sessions: 1"]
    assert draft.left_out == ["attendees of whom no name is known: 2"]


def test_one_organizer_is_that_of_the_event() -> None:
    other = TALK.replace("talk@", "other@")

    draft = drafted(*(f"{each}ORGANIZER;CN=The Team:mailto:t@a.example" for each in (TALK, other)))

    assert draft.organizer == "The Team"
    assert [each.people for each in draft.sessions] == [[], []]


# --- more than one file -------------------------------------------------------------------


def test_folder_of_calendars_is_one_agenda() -> None:
    members = {
        "one.ics": Source("one.ics", calendar(TALK)),
        "two.ics": Source("two.ics", calendar(TALK.replace("talk@", "b@").replace("A T", "B T"))),
    }

    draft, _ = read(Source("talks", members=members), Wishes())

    assert [session.title for session in draft.sessions] == ["A Talk", "B Talk"]


def test_no_entry_of_another_kind_is_dropped_in_silence() -> None:
    octets = calendar(TALK).replace(
        b"END:VCALENDAR", b"BEGIN:VTODO\r\nSUMMARY:Buy tea\r\nEND:VTODO\r\nEND:VCALENDAR"
    )

    assert draft_of(octets).left_out == ["tasks: 1"]


def test_title_that_is_missing_is_the_first_line() -> None:
    draft = drafted("DTSTART:20270615T070000Z\nDESCRIPTION:A Talk\\nAbout it.", "CLASS:PUBLIC")

    assert [(each.title, each.guessed) for each in draft.sessions] == [
        ("A Talk", ["it has no title: its first line is taken"]),
        ("", ["it has no title", "it has no time"]),
    ]
