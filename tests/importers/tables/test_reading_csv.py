"""CSV and its like: what stands between cells, which row has the names, and when rows are."""

import textwrap
from datetime import date

import pytest
from readings import times

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.tables import delimited


def read(text: str, wishes: Wishes | None = None, encoding: str = "utf-8") -> Draft:
    """Return what is found in a table, whose lines may be indented."""
    octets = textwrap.dedent(text).lstrip("\n").encode(encoding)
    return delimited.read(Source("agenda.csv", octets), wishes or Wishes())


def session(text: str, wishes: Wishes | None = None) -> DraftSession:
    (found,) = read(text, wishes).sessions
    return found


WHOLE = """
ID,Title,Subtitle,Date,Start,End,Room,Speakers,Company,Type,Track,Abstract,Language,Level,Tags,Link
7,Opening,All of it,2027-06-15,9:00,9:30,Hall A,Ada Example,Engines,Keynote,Main,Why,en,all,"a, b",https://example.org/7
"""


def test_each_field_has_its_column() -> None:
    found = session(WHOLE)

    assert times(Draft(sessions=[found])) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A")
    ]
    assert (found.key, found.kind, found.track) == ("7", "Keynote", "Main")
    assert [(each.name, each.organization) for each in found.people] == [("Ada Example", "Engines")]
    assert found.description == "All of it\n\nWhy"
    assert (found.language, found.level, found.tags) == ("en", "all", ["a", "b"])
    assert found.url == "https://example.org/7"
    assert found.guessed == []


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_what_stands_between_cells_is_found(separator: str) -> None:
    rows = ["Title,Date,Start", '"A; B | C	D",2027-06-15,9:00', "E,2027-06-15,10:00"]
    text = "\n".join(row.replace(",", separator) for row in rows)

    assert [(each.title, each.start and each.start.hour) for each in read(text).sessions] == [
        ("A; B | C D", 9),
        ("E", 10),
    ]


def test_excel_says_what_stands_between() -> None:
    assert session("sep=;\nTitle;Date;Start\nA, B, C;2027-06-15;9:00\n").title == "A, B, C"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_is_decoded(encoding: str) -> None:
    draft = read("Titel,Datum,Beginn,Raum\nBegrüßung,15.06.2027,9:00,Saal\n", encoding=encoding)

    assert [each.title for each in draft.sessions] == ["Begrüßung"]
    assert draft.guessed == []


def test_another_encoding_is_told() -> None:
    draft = read("Titel,Datum,Beginn\nBegrüßung,15.06.2027,9:00\n", encoding="cp1252")

    assert [each.title for each in draft.sessions] == ["Begrüßung"]
    assert draft.guessed == ["the file is not in UTF-8, so it is read as Windows-1252"]


def test_what_is_not_kept_is_told() -> None:
    draft = read("""
        My Conf 2027,,,
        ,,,
        Title,Date,Start,Notes for us,,
        (required),YYYY-MM-DD,HH:MM,,,
        Opening,2027-06-15,9:00,bring water,,
        ,2027-06-15,10:00,,,
        Closing,2027-06-15,eleven,,,
    """)

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "", None),
        ("Closing", "", "", None),
    ]
    assert draft.left_out == [
        "a row of instructions, (required) YYYY-MM-DD HH:MM",
        "what stands above the table, such as My Conf 2027 (1)",
        "columns Notes for us",
        'rows without a title, such as "2027-06-15 10:00" (1)',
        'times that cannot be read, such as "eleven" (1)',
    ]


def test_a_row_with_a_day_alone_is_the_day_of_what_follows() -> None:
    draft = read("""
        Time,Title
        "Tuesday, 15 June 2027",
        9:00-10:00,Opening
        Wednesday 16 June 2027 - Afternoon,
        Time,Title
        14:00-15:00,Closing
    """)

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:00", None),
        ("Closing", "2027-06-16 14:00", "2027-06-16 15:00", None),
    ]


def test_a_day_that_is_written_once_goes_on() -> None:
    draft = read("""
        Date,Time,Title
        2027-06-15,9:00,Opening
        ,10:00,Talk
        2027-06-16,9:00,Closing
    """)

    assert [each.start and each.start.day for each in draft.sessions] == [15, 15, 16]
    assert draft.guessed == ["rows without a day are taken for the day of the row above (1)"]


def test_weekdays_are_counted_from_the_first_day() -> None:
    text = "Day,Time,Title\nThursday,9:00,Opening\nFri,9:00,Closing\n"

    draft = read(text, Wishes(date=date(2027, 6, 17)))

    assert [each.start and each.start.day for each in draft.sessions] == [17, 18]


@pytest.mark.parametrize("day", ["Day,", "Thursday,", ","])
def test_times_without_a_date_ask_for_one(day: str) -> None:
    with pytest.raises(SourceError, match="times, but no dates; name the first day by --date"):
        read(f"Day,Time,Title\n{day}9:00,Opening\n")


@pytest.mark.parametrize(
    ("zone", "day", "told"),
    [
        (None, 5, ["dates such as 5/6 are taken for 5 June"]),
        ("Europe/Berlin", 5, ["dates such as 5/6 are taken for 5 June"]),
        ("America/New_York", 6, ["dates such as 5/6 are taken for 6 May"]),
    ],
)
def test_a_date_of_two_readings_is_told(zone: str | None, day: int, told: list[str]) -> None:
    draft = read("Title,Date,Start\nOpening,5/6/2027,9:00\n", Wishes(timezone=zone))

    assert [each.start and each.start.day for each in draft.sessions] == [day]
    assert draft.guessed == told


def test_a_weekday_that_is_another_one_is_told() -> None:
    found = session("Title,Date,Day,Start\nOpening,2027-06-15,Monday,9:00\n")

    assert found.guessed == ["2027-06-15 is a Tuesday, not a Monday: the date is taken"]


def test_hours_without_a_half_of_the_day_are_told() -> None:
    draft = read("""
        Title,Date,Start,End
        Opening,2027-06-15,9:00,10:00
        Lunch,2027-06-15,12:00,1:00
        Talk,2027-06-15,1:30,2:15
    """)

    assert [time[1:3] for time in times(draft)] == [
        ("2027-06-15 09:00", "2027-06-15 10:00"),
        ("2027-06-15 12:00", "2027-06-15 13:00"),
        ("2027-06-15 13:30", "2027-06-15 14:15"),
    ]
    assert draft.sessions[2].guessed == ["1:30 is taken for 13:30"]


def test_a_night_has_the_date_that_is_written() -> None:
    draft = read("""
        Date,Day,Start,Duration,Title
        2027-06-15,1,22:00,3:00,Party
        2027-06-16,1,00:30,1:00,Encore
        2027-06-16,2,09:00,0:30,Opening
    """)

    assert [time[1:3] for time in times(draft)] == [
        ("2027-06-15 22:00", "2027-06-16 01:00"),
        ("2027-06-16 00:30", "2027-06-16 01:30"),
        ("2027-06-16 09:00", "2027-06-16 09:30"),
    ]
    assert not any(each.guessed for each in draft.sessions)


def test_a_night_behind_its_evening_is_told() -> None:
    draft = read("""
        Date,Start,End,Title
        2027-06-15,22:00,23:30,Party
        2027-06-15,00:30,02:00,Encore
    """)

    assert times(draft)[1][1:3] == ("2027-06-16 00:30", "2027-06-16 02:00")
    assert draft.sessions[1].guessed == ["0:30 is taken for the night after 2027-06-15"]


def test_an_end_is_after_midnight_or_on_another_date() -> None:
    draft = read("""
        Title,Start Date,Start Time,End Date,End Time
        Party,06/15/2027,10:00 PM,06/16/2027,1:30 AM
        Camp,06/15/2027,10:00 AM,06/17/2027,11:00 AM
    """)

    assert [time[1:3] for time in times(draft)] == [
        ("2027-06-15 22:00", "2027-06-16 01:30"),
        ("2027-06-15 10:00", "2027-06-17 11:00"),
    ]


def test_an_end_that_its_length_contradicts_is_told() -> None:
    found = session("Title,Start,End,Length\nA,2027-06-15 9:00,2027-06-15 10:00,45\n")

    assert found.end and found.end.hour == 10
    assert found.guessed == ["its length is 45 min, its end 10:00: the end is taken"]


def test_instants_stay_instants() -> None:
    found = session("Title,Start\nA,2027-06-15T09:00:00+02:00\n")

    assert found.start and found.start.isoformat() == "2027-06-15T09:00:00+02:00"


@pytest.mark.parametrize(
    ("start", "end", "instant"),
    [
        ("2027-06-15T09:00:00+02:00", "10:15", "2027-06-15T10:15:00+02:00"),
        ("2027-06-15T09:00:00+02:00", "2027-06-15 10:15", "2027-06-15T10:15:00+02:00"),
        ("2027-06-15T09:00:00+02:00", "2027-06-17 10:15", "2027-06-17T10:15:00+02:00"),
        ("2027-06-15T12:00:00+02:00", "1:15", "2027-06-15T13:15:00+02:00"),
        ("2027-06-15T22:00:00+02:00", "1:15", "2027-06-16T01:15:00+02:00"),
    ],
)
def test_the_end_of_an_instant_is_on_its_clocks(start: str, end: str, instant: str) -> None:
    found = session(f"Title,Start,End\nA,{start},{end}\n")

    assert found.end and found.end.isoformat() == instant


@pytest.mark.parametrize("name", ["Time (CEST)", "Start [Europe/Berlin]"])
def test_a_zone_in_the_name_of_a_column(name: str) -> None:
    draft = read(f"Title,Date,{name}\nA,2027-06-15,9:00\n")

    assert draft.timezone == name.split()[1].strip("()[]")


def test_a_row_without_a_title_is_a_session_if_it_has_a_place() -> None:
    found = session("Title,Date,Start,Room\n,2027-06-15,9:00,Hall A\n")

    assert (found.title, found.room) == ("Untitled", "Hall A")
    assert found.guessed == ["a title is missing, so it is called Untitled"]


def test_a_title_that_is_missing_is_the_kind() -> None:
    found = session("Title,Date,Start,Type\n,2027-06-15,9:00,Lunch\n")

    assert found.title == "Lunch"
    assert found.guessed == ["a title is missing, and Lunch is taken"]


def test_status_is_read() -> None:
    draft = read("""
        Title,Date,Start,Status
        Given,2027-06-15,9:00,Confirmed
        Gone,2027-06-15,10:00,CANCELLED
        Perhaps,2027-06-15,11:00,tentative
        Never,2027-06-15,12:00,Rejected
    """)

    assert [(each.title, each.is_cancelled, each.is_tentative) for each in draft.sessions] == [
        ("Given", False, False),
        ("Gone", True, False),
        ("Perhaps", False, True),
    ]
    assert draft.left_out == [
        "sessions whose status says that they do not take place, such as Never (1)"
    ]


@pytest.mark.parametrize(
    ("cell", "people"),
    [
        ("Ada Example, Bo Beispiel", [("Ada Example", None), ("Bo Beispiel", None)]),
        ("Ada Example, Engines Inc.", [("Ada Example", "Engines Inc.")]),
    ],
)
def test_what_a_comma_means_is_told(cell: str, people: list[tuple[str, str | None]]) -> None:
    draft = read(f'Title,Date,Start,Speaker\nA,2027-06-15,9:00,"{cell}"\n')

    assert [(each.name, each.organization) for each in draft.sessions[0].people] == people
    assert len(draft.guessed) == 1
    assert draft.guessed[0].startswith("commas in the column Speaker are taken to stand between")


def test_first_and_last_names_are_one() -> None:
    found = session("Title,Date,Start,First name,Last name\nA,2027-06-15,9:00,Ada,Example\n")

    assert [each.name for each in found.people] == ["Ada Example"]


def test_a_grid_has_rooms_for_columns() -> None:
    draft = read(
        """
        Time,Hall A,Hall B
        9:00-10:00,Opening,Opening
        10:00-11:00,"Compilers
        Ada Example",Gardens
        11:00-11:30,,Tea
    """,
        Wishes(date=date(2027, 6, 15)),
    )

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:00", None),
        ("Compilers", "2027-06-15 10:00", "2027-06-15 11:00", "Hall A"),
        ("Gardens", "2027-06-15 10:00", "2027-06-15 11:00", "Hall B"),
        ("Tea", "2027-06-15 11:00", "2027-06-15 11:30", "Hall B"),
    ]
    assert [each.name for each in draft.sessions[1].people] == ["Ada Example"]


def test_a_grid_may_have_days_for_columns() -> None:
    draft = read("Time,2027-06-15,2027-06-16\n9:00,Opening,Closing\n")

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "", None),
        ("Closing", "2027-06-16 09:00", "", None),
    ]


def test_what_is_on_several_days_of_a_grid_is_on_each() -> None:
    text = """
        Time,Tuesday 15*,Wednesday 16,Thursday 17
        9.00-10.15,Opening,Compilers,Gardens
        10.15-10.30,Break,Break,Break
        10.30-11.00,Tea,-,Tea
    """

    draft = read(text, Wishes(date=date(2027, 6, 15)))

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:15", None),
        ("Compilers", "2027-06-16 09:00", "2027-06-16 10:15", None),
        ("Gardens", "2027-06-17 09:00", "2027-06-17 10:15", None),
        ("Break", "2027-06-15 10:15", "2027-06-15 10:30", None),
        ("Break", "2027-06-16 10:15", "2027-06-16 10:30", None),
        ("Break", "2027-06-17 10:15", "2027-06-17 10:30", None),
        ("Tea", "2027-06-15 10:30", "2027-06-15 11:00", None),
        ("Tea", "2027-06-17 10:30", "2027-06-17 11:00", None),
    ]


def test_days_that_are_none_after_the_first_one_are_told() -> None:
    with pytest.raises(SourceError, match="has days that are none after 2027-06-15"):
        read("Time,Tuesday 8\n9:00,Opening\n", Wishes(date=date(2027, 6, 15)))


def test_a_title_that_is_missing_is_in_another_column_that_may_be_one() -> None:
    found = read("""
        Session,Title,Date,Start
        Opening,,2027-06-15,9:00
        Talks 1,Compilers,2027-06-15,10:00
    """).sessions

    assert [each.title for each in found] == ["Opening", "Compilers"]
    assert found[0].guessed == ["a title is missing, and Opening is taken"]


def test_a_firm_behind_a_chair_is_no_person() -> None:
    found = session(
        "Title,Date,Start,Moderator\n"
        'Panel,2027-06-15,9:00,"Ada Example, Example Works of Engines"\n'
    )

    assert [(each.name, each.organization) for each in found.people] == [
        ("Ada Example", "Example Works of Engines")
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("time,location_id,artist_id\n2027-06-15T13:30,1,ada\n", "of which none is a title"),
        ("", "has no rows"),
        ("just a line\n", "has no rows"),
        ("Start,Speaker slides\n9:00,x\n", "of which none is a title"),
        ('Title,Date\n"' + "x" * 200_000, "is broken after row"),
    ],
)
def test_what_cannot_be_read_is_told(text: str, what: str) -> None:
    with pytest.raises(SourceError, match=what):
        read(text)


@pytest.mark.parametrize(
    ("name", "text", "is_ours"),
    [
        ("agenda.csv", "anything", True),
        ("agenda.txt", "Title,Start,Room\nA,9:00,B\n", True),
        ("agenda.txt", "Room, time and title are all that we need.\n", False),
        ("agenda.md", "Title,Start,Room\n", False),
        ("agenda", "9:00 Opening, in the hall, with tea\n", False),
    ],
)
def test_a_table_is_recognised(name: str, text: str, is_ours: bool) -> None:
    assert delimited.recognises(Source(name, text.encode())) is is_ours
