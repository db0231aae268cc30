"""Spreadsheets: cells with their types, sheets, merged cells, and files that would be too much."""

import io
import zipfile
from datetime import date

import pytest
from readings import times
from workbooks import DATE, TIME, ods, xlsx, zipped

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import MAX_OCTETS, Source
from calsvc.importers.tables import spreadsheets

HEADER = ["Title", "Date", "Start", "Duration (min)", "Room"]
DAY = (46553, DATE)  # 2027-06-15
NINE, HALF_PAST_ONE = (0.375, TIME), (0.0625, TIME)


def read(octets: bytes, wishes: Wishes | None = None) -> Draft:
    return spreadsheets.read(Source("agenda.xlsx", octets), wishes or Wishes())


def test_cells_of_dates_and_times_are_read() -> None:
    draft = read(xlsx({"Agenda": [HEADER, ["Opening", DAY, NINE, 30, "Hall A"]]}))

    assert times(draft) == [("Opening", "2027-06-15 09:00", "2027-06-15 09:30", "Hall A")]
    assert draft.guessed == []


def test_a_time_that_was_typed_without_its_half_is_told() -> None:
    rows = [HEADER, ["Opening", DAY, NINE, 30, "A"], ["Talk", DAY, HALF_PAST_ONE, 30, "A"]]

    draft = read(xlsx({"Agenda": rows}))

    assert times(draft)[1][1] == "2027-06-15 13:30"
    assert draft.sessions[1].guessed == ["1:30 is taken for 13:30"]


def test_names_go_on_over_columns_with_numbers() -> None:
    rows = [
        [None, None, None, "Speakers"],
        ["Title", "Date", "Time", 1, 2],
        ["Opening", DAY, NINE, "Ada Example, Engines", "Bo Beispiel"],
    ]

    draft = read(xlsx({"Agenda": rows}))

    (found,) = draft.sessions
    assert [(each.name, each.organization) for each in found.people] == [
        ("Ada Example", "Engines"),
        ("Bo Beispiel", None),
    ]


def test_each_sheet_is_a_day_that_it_is_called() -> None:
    header = ["Time", "Title"]
    sheets = {
        "15 June 2027": [header, ["9:00-10:00", "Opening"]],
        "16 June 2027": [header, ["9:00-10:00", "Closing"]],
        "Speakers": [["Speaker", "Company"], ["Ada Example", "Engines"]],
        "Drafts": [header, ["9:00-10:00", "Never"]],
    }

    draft = read(xlsx(sheets, hidden=["Drafts"]))

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:00", None),
        ("Closing", "2027-06-16 09:00", "2027-06-16 10:00", None),
    ]
    assert draft.left_out == ["the hidden sheet Drafts", "Speakers, which has no sessions"]


def test_merged_cells_of_a_list_count_for_each_row() -> None:
    rows = [HEADER, ["Opening", DAY, NINE, 30, "A"], ["Twin", None, None, 30, "B"]]

    draft = read(xlsx({"Agenda": rows}, merged=["B2:B3", "C2:C3"]))

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 09:30", "A"),
        ("Twin", "2027-06-15 09:00", "2027-06-15 09:30", "B"),
    ]


def test_merged_cells_of_a_grid_go_over_rooms_and_hours() -> None:
    rows = [
        ["Time", "Hall A", "Hall B"],
        ["9:00", "Opening", None],
        ["10:00", "Workshop", "Gardens"],
        ["11:00", None, "Tea"],
        ["12:00", "Closing", None],
    ]

    draft = read(xlsx({"Agenda": rows}, merged=["B2:C2", "B3:B4"]), Wishes(date=date(2027, 6, 15)))

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "", None),
        ("Workshop", "2027-06-15 10:00", "2027-06-15 12:00", "Hall A"),
        ("Gardens", "2027-06-15 10:00", "", "Hall B"),
        ("Tea", "2027-06-15 11:00", "", "Hall B"),
        ("Closing", "2027-06-15 12:00", "", "Hall A"),
    ]


def test_a_last_day_may_have_times_of_its_own() -> None:
    rows = [
        ["Time", "Tuesday", "Wednesday", "Thursday", None],
        ["9:00 - 10:00", "Opening", "Gardens", "9:30 - 10:15", "Closing"],
        ["10:00 - 10:30", "Tea", "Tea", "10:15 - 10:45", "Tea"],
    ]

    draft = read(xlsx({"Agenda": rows}, merged=["D1:E1"]), Wishes(date=date(2027, 6, 15)))

    assert times(draft) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:00", None),
        ("Gardens", "2027-06-16 09:00", "2027-06-16 10:00", None),
        ("Closing", "2027-06-17 09:30", "2027-06-17 10:15", None),
        ("Tea", "2027-06-15 10:00", "2027-06-15 10:30", None),
        ("Tea", "2027-06-16 10:00", "2027-06-16 10:30", None),
        ("Tea", "2027-06-17 10:15", "2027-06-17 10:45", None),
    ]


def test_an_opendocument_is_read() -> None:
    octets = ods([["Title", "Date", "Time"], ["Opening", "15.06.2027", "9:00-10:00"]])
    source = Source("agenda.ods", octets)

    assert spreadsheets.recognises(source)
    assert times(spreadsheets.read(source, Wishes())) == [
        ("Opening", "2027-06-15 09:00", "2027-06-15 10:00", None)
    ]


def test_a_bomb_is_refused_by_the_sizes_in_its_directory() -> None:
    bomb = zipped({"xl/workbook.xml": "0" * (MAX_OCTETS + 1)})

    with pytest.raises(SourceError, match="unpacks to more than 64 MiB"):
        read(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(zipped({"xl/workbook.xml": "0" * 10_000_000}))
    size = (10_000_000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    lie = bytes(bomb.replace(size, (10).to_bytes(4, "little")))
    assert zipfile.ZipFile(io.BytesIO(lie)).infolist()[0].file_size == 10

    with pytest.raises(SourceError, match="is a broken archive"):
        read(lie)


def test_a_last_cell_at_the_end_of_the_world_ends_no_process() -> None:
    far = xlsx({"Agenda": [["Title", "Date"], ["Opening", "2027-06-15"]]})
    parts = zipfile.ZipFile(io.BytesIO(far))
    texts = {name: parts.read(name).decode() for name in parts.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    texts[sheet] = texts[sheet].replace('"B2"', '"XFD1048576"').replace('r="2"', 'r="1048576"')

    with pytest.raises(SourceError, match="is broken, or far too large"):
        read(zipped(texts))


@pytest.mark.parametrize(
    ("octets", "is_ours"),
    [
        (zipped({"xl/workbook.xml": ""}), True),
        (zipped({"xl/workbook.bin": ""}), True),
        (zipped({"content.xml": "", "mimetype": "application/x.spreadsheet"}), True),
        (zipped({"content.xml": "", "mimetype": "application/x.text"}), False),
        (zipped({"word/document.xml": ""}), False),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        (b"PK\x03\x04 and no more", False),
        (b"Title,Start", False),
    ],
)
def test_a_spreadsheet_is_recognised(octets: bytes, is_ours: bool) -> None:
    assert spreadsheets.recognises(Source("agenda", octets)) is is_ours


@pytest.mark.parametrize("octets", [zipped({"xl/workbook.xml": ""}), b"PK", b"", b"\xd0\xcf\x11"])
def test_what_is_broken_is_told(octets: bytes) -> None:
    with pytest.raises(SourceError, match="broken"):
        read(octets)
