"""The lines of calendar files, as programs write them."""

from datetime import UTC, datetime

import pytest
from icsfiles import TALK, calendar, draft_of, drafted

from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import Source
from calsvc.importers.ics import contentlines


def described(description: str) -> str | None:
    """Return the description of an entry that has one, line as it is written."""
    [session] = drafted(f"{TALK}DESCRIPTION:{description}").sessions
    return session.description


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one\\ntwo", "one\ntwo"),
        ("one\\Ntwo", "one\ntwo"),
        ("a\\, b\\; c", "a, b; c"),
        ("C:\\\\New", "C:\\New"),
        ("C:\\\\new", "C:\\new"),
        ("at 10\\:30", "at 10:30"),
        ("\\d+ stays", "\\d+ stays"),
        ("ends in one \\", "ends in one \\"),
    ],
)
def test_escapes_are_read_once(written: str, expected: str) -> None:
    assert described(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (b"our time...\\\r\n n\r\n ext", "our time...\next"),
        (b"Z\xc3\r\n \xbcrich", "Zürich"),
        (b"Z\xc3\n\t\xbcrich", "Zürich"),
        (b"one\r\n  two", "one two"),
        (b"one\r \rtwo", "one\ntwo"),
    ],
)
def test_lines_are_unfolded_before_they_are_text(written: bytes, expected: str) -> None:
    octets = calendar(f"{TALK}DESCRIPTION:HERE").replace(b"HERE", written)

    [session] = draft_of(octets).sessions

    assert session.description == expected


def test_lines_that_were_not_escaped_belong_to_the_text_before() -> None:
    entry = (
        "SUMMARY:A Talk\nDESCRIPTION:First line\nnote: the second\n\nlast\nDTSTART:20270615T070000Z"
    )

    [session] = drafted(entry).sessions

    assert session.description == "First line\nnote: the second\nlast"
    assert session.start is not None


@pytest.mark.parametrize(
    "line",
    [
        "Begin: 18 Uhr",
        "BEGIN: 18 Uhr",
        "End: 20 Uhr",
        "END:open",
        "Location: Halle",
        "Location : Halle",
        "Location:Halle",
        "url: ask for it",
        "Duration: 2 hours",
        "ACHTUNG: bring tea",
    ],
)
def test_words_with_a_colon_are_a_line_of_the_text(line: str) -> None:
    entry = f"SUMMARY:Yoga\nDESCRIPTION:For all\n{line}\nDTSTART:20270615T070000Z\nLOCATION:Saal"

    draft = drafted(f"{entry}\nDTEND:20270615T080000Z")

    [session] = draft.sessions
    assert session.description == f"For all\n{line}"
    assert session.start == datetime(2027, 6, 15, 7, tzinfo=UTC)
    assert session.end == datetime(2027, 6, 15, 8, tzinfo=UTC)
    assert session.room == "Saal"
    assert draft.left_out == []


@pytest.mark.parametrize("blank", ["", " "])
def test_names_are_read_in_small_letters_and_in_capitals_alike(blank: str) -> None:
    """RFC 5545, 1.3."""
    entry = "summary:Yoga\nDescription:For all\nLocation:Saal\ndtstart:20270615T070000Z"

    [session] = drafted(entry.replace(":", f":{blank}")).sessions

    assert (session.title, session.description, session.room) == ("Yoga", "For all", "Saal")
    assert session.start == datetime(2027, 6, 15, 7, tzinfo=UTC)


def test_single_names_in_small_letters_are_read_behind_a_text() -> None:
    [session] = drafted(f"{TALK}location:Saal\nx-other:1\nurl:https://a.example/").sessions

    assert (session.title, session.room, session.url) == ("A Talk", "Saal", "https://a.example/")


@pytest.mark.parametrize(
    "lines",
    [
        "SUMMARY:Talk\nLocation:Hall\nUrl:https://source.example/",
        "SUMMARY:Talk\nlocation: Hall\nUrl:https://source.example/",
        "LOCATION:Hall\nSummary:Talk\nurl:https://source.example/",
        "SUMMARY:Talk\nDESCRIPTION:About\nLocation;LANGUAGE=en:Hall\nURL:https://source.example/",
    ],
)
def test_names_in_any_letters_are_read_behind_titles_and_places(lines: str) -> None:
    times = "Dtstart:20270615T070000Z\nRrule:FREQ=DAILY;COUNT=2"
    for entry in (f"{lines}\n{times}", f"{times}\n{lines}", f"DESCRIPTION:x\n{times}\n{lines}"):
        one, two = drafted(f"UID:talk@source.example\n{entry}").sessions

        assert (one.title, one.room, one.url) == ("Talk", "Hall", "https://source.example/")
        assert (one.start, two.start) == (
            datetime(2027, 6, 15, 7, tzinfo=UTC),
            datetime(2027, 6, 16, 7, tzinfo=UTC),
        )


def test_components_that_nobody_knows_keep_what_is_theirs() -> None:
    guest = "BEGIN:VPARTICIPANT\nUID:guest\nSUMMARY:Guest\nDTSTART:20300101T000000Z"
    venue = "BEGIN:VVENUE\nNAME:Old Hall\nDESCRIPTION:Large\nEND:VVENUE"
    octets = calendar(f"{guest}\nEND:VPARTICIPANT\n{TALK}", head=venue)

    draft = draft_of(octets)

    assert (draft.name, [each.title for each in draft.sessions]) == (None, ["A Talk"])
    assert draft.sessions[0].start == datetime(2027, 6, 15, 7, tzinfo=UTC)


def test_components_begin_and_end_in_small_letters() -> None:
    octets = calendar(TALK).replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"END:V", b"End:v")

    assert [session.title for session in draft_of(octets).sessions] == ["A Talk"]


def test_beginning_of_nothing_is_told() -> None:
    draft = drafted(f"{TALK}CLASS:PUBLIC\nBegin: 18 Uhr\nURL:https://a.example/")

    assert draft.left_out == ["lines that cannot be read: 1"]
    assert draft.sessions[0].url == "https://a.example/"


def test_quoted_parameters_hold_colons_and_semicolons() -> None:
    entry = f'{TALK}ATTENDEE;CN="Ada; Example: PhD";ROLE=CHAIR:mailto:ada@source.example'

    [session] = drafted(entry).sessions

    assert [(each.name, each.role) for each in session.people] == [("Ada; Example: PhD", "Chair")]


def test_line_that_cannot_be_read_is_told() -> None:
    draft = drafted(f"{TALK}CLASS:PUBLIC\nthis is no property\n=!\nURL:https://a.example/")

    assert draft.left_out == ["lines that cannot be read: 2"]
    assert draft.sessions[0].url == "https://a.example/"


def test_file_that_is_cut_off_is_told() -> None:
    octets = calendar(TALK, TALK.replace("talk@", "other@").replace("A Talk", "Other"))
    cut = octets[: octets.rindex(b"SUMMARY:Other") + 11]

    draft = draft_of(cut)

    assert [session.title for session in draft.sessions] == ["A Talk", "Oth"]
    assert draft.left_out == ["what comes after the last line: the file is cut off"]


def test_entry_that_has_no_end_ends_where_the_next_begins() -> None:
    octets = calendar(TALK, "SUMMARY:Other").replace(b"END:VEVENT\r\n", b"", 1)

    draft = draft_of(octets)

    assert [session.title for session in draft.sessions] == ["A Talk", "Other"]


def test_calendar_of_1996_is_quoted_printable() -> None:
    line = "SUMMARY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Gr=C3=BC=\n=C3=9Fe, alle=0D=0Aheute"

    [session] = drafted(f"DTSTART:20270615T070000Z\n{line}").sessions

    assert session.title == "Grüße, alle heute"


def test_entries_without_a_frame_are_a_calendar() -> None:
    octets = f"BEGIN:VEVENT\n{TALK.strip()}\nEND:VEVENT\n".encode()

    assert [session.title for session in draft_of(octets).sessions] == ["A Talk"]


def test_text_in_latin_letters_of_old_is_read() -> None:
    octets = calendar(TALK.replace("A Talk", "Zürich, größer, Voilà"))

    draft = draft_of(octets.decode().encode("cp1252"))

    assert draft.sessions[0].title == "Zürich, größer, Voilà"
    assert draft.guessed == ["the file is not in UTF-8, so it is read as Windows-1252"]


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"Mus\xc3", "Mus"),
        (b"3 \xe2\x82", "3 "),
        (b"\xc3\x84 m\xc3 n", "Ä m n"),
        (b"\xc3\x84 Caf\xe9 um 9", "Ä Café um 9"),
        (b"Im Caf\xe9", "Im Café"),
        (b"REUNI\xc3O", "REUNIÃO"),
        (b"M\xf6we", "Möwe"),
    ],
)
def test_few_octets_that_are_not_utf_8_leave_the_rest_as_it_is(
    octets: bytes, expected: str
) -> None:
    other = TALK.replace("talk@", "other@").replace("A Talk", "Müller über Größe")
    feed = calendar(f"{TALK}DESCRIPTION:HERE\nLOCATION:Saal", other).replace(b"HERE", octets)

    draft = draft_of(feed)

    assert [each.title for each in draft.sessions] == ["A Talk", "Müller über Größe"]
    assert draft.sessions[0].description == expected.strip()
    assert draft.sessions[0].room == "Saal"
    assert draft.guessed == ["octets that are not UTF-8, read as Windows-1252 or dropped: 1"]


def test_letter_that_is_folded_in_two_is_not_guessed() -> None:
    octets = calendar(f"{TALK}DESCRIPTION:HERE").replace(b"HERE", b"Z\xc3\r\n \xbcrich")

    assert draft_of(octets).guessed == []


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_octets_of_zero_are_no_part_of_a_text(mark: bytes) -> None:
    octets = mark + calendar(f"{TALK}DESCRIPTION:HERE").replace(b"HERE", b"Gr\0\xc3\xbc\0\r\n\0 n")

    assert draft_of(octets).sessions[0].description == "Grün"


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(SourceError, match="is no text"):
        contentlines.read(Source("talks.ics", b"\x89PNG\0\r\nBEGIN:VCALENDAR"))


def test_text_in_utf_16_is_read() -> None:
    octets = calendar(TALK.replace("A Talk", "Zürich")).decode().encode("utf-16")

    assert draft_of(octets).sessions[0].title == "Zürich"


def test_page_is_no_calendar() -> None:
    source = Source("talks.ics", b"<!doctype html><title>BEGIN:VCALENDAR</title>")

    assert not contentlines.is_calendar(source)
    with pytest.raises(SourceError, match=r"talks\.ics: has no BEGIN:VCALENDAR; give the \.ics"):
        contentlines.read(source)


def test_calendar_without_entries_is_told() -> None:
    with pytest.raises(SourceError, match="is a calendar without entries"):
        draft_of(calendar())
