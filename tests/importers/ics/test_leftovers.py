"""What a calendar says that its repair does not: each of it is told."""

from datetime import date

import pytest
from icsfiles import TALK, calendar, draft_of

from calsvc.importers.drafts import Draft, Wishes

EXACT = Wishes(entry_for_entry=True)
DAY = "UID:day\nDTSTART;VALUE=DATE:20270615\nDTEND;VALUE=DATE:20270617\nSUMMARY:Conf"


def exact(*entries: str, head: str = "X-WR-CALNAME:Conf", wishes: Wishes = EXACT) -> Draft:
    """Return what is found in a calendar that is to be repaired."""
    return draft_of(calendar(*entries, head=head), wishes)


def test_nothing_is_told_of_an_entry_that_is_kept_whole() -> None:
    draft = exact(
        f"{TALK}LOCATION:Hall A\nGEO:52.5;13.4\nURL:https://source.example/\nCLASS:PUBLIC\n"
        "CATEGORIES:Keynote,Data\nSTATUS:TENTATIVE\nTRANSP:TRANSPARENT\nSEQUENCE:3\n"
        "ATTACH:https://source.example/slides.pdf\nDTSTAMP:20270101T000000Z"
    )

    assert draft.left_out == []
    (session,) = draft.sessions
    assert (session.room, session.url, session.is_tentative) == (
        "Hall A",
        "https://source.example/",
        True,
    )
    assert (session.kind, session.tags) == ("Keynote", ["Keynote", "Data"])
    assert draft.rooms[0].geo == (52.5, 13.4)


def test_properties_that_are_not_kept_are_counted() -> None:
    draft = exact(
        f"{TALK}PRIORITY:1\nX-OTHER:1\nATTACH:cid:1@source.example",
        TALK.replace("talk@", "two@") + "PRIORITY:2\nCOLOR:red\nURL:message://1",
        head="X-WR-CALNAME:Conf\nX-COLOR:red",
    )

    assert draft.left_out == [
        "properties that entries do not have here:"
        " ATTACH (1), COLOR (1), PRIORITY (2), URL (1), X-OTHER (1)",
        "properties that calendars do not have here: X-COLOR",
    ]


def test_addresses_with_blanks_lead_where_they_are_meant_to() -> None:
    draft = exact(
        f"{TALK}URL:http://source.example/ä b\nATTACH:https://source.example/my slides.pdf",
        TALK.replace("talk@", "two@") + "URL:http://a.example http://b.example",
    )

    assert draft.sessions[0].url == "http://source.example/ä%20b"
    assert draft.sessions[0].links == [("https://source.example/my%20slides.pdf", "")]
    assert draft.sessions[1].url is None
    assert draft.left_out == ["properties that entries do not have here: URL (1)"]


def test_further_addresses_to_join_are_links_and_those_of_telephones_are_told() -> None:
    draft = exact(
        f"{TALK}CONFERENCE:tel:+49-30-1\nCONFERENCE;LABEL=Stage:https://a.example/1\n"
        "CONFERENCE;LABEL=Chat:https://b.example/2\nX-GOOGLE-CONFERENCE:https://a.example/1"
    )

    (session,) = draft.sessions
    assert (session.stream, session.links) == (
        "https://a.example/1",
        [("https://b.example/2", "Chat")],
    )
    assert draft.left_out == ["properties that entries do not have here: CONFERENCE (1)"]


def test_address_of_a_place_is_a_link_of_each_showing_once() -> None:
    draft = exact(
        f"{TALK}RRULE:FREQ=DAILY;COUNT=3\nLOCATION:https://zoom.example/1\n"
        "X-GOOGLE-CONFERENCE:https://meet.example/x"
    )

    assert [(each.stream, each.links) for each in draft.sessions] == [
        ("https://meet.example/x", [("https://zoom.example/1", "")])
    ] * 3
    assert draft.left_out == []


def test_second_value_of_what_entries_have_once_is_told() -> None:
    draft = exact(
        f"{TALK}SUMMARY:Ein Vortrag\nSUMMARY:A Talk\nDESCRIPTION:\nDESCRIPTION:About\n"
        "LOCATION:Hall\nLOCATION: Room\nURL:https://a.example/\nURL:https://b.example/"
    )

    assert draft.left_out == [
        "further values of what entries have once: LOCATION (1), SUMMARY (1), URL (1)"
    ]
    assert (draft.sessions[0].title, draft.sessions[0].description) == ("A Talk", "About")


def test_what_further_calendars_of_a_file_say_is_told() -> None:
    one = calendar(TALK, head="X-WR-CALNAME:Conf\nURL:https://a.example/")
    other = calendar(
        TALK.replace("talk@", "two@"),
        head="X-WR-CALNAME:Other\nURL:https://a.example/\nX-COLOR:red\nX-WR-CALDESC:More",
    )

    draft = draft_of(one + other, EXACT)

    assert draft.name == "Conf"
    assert draft.left_out == [
        "properties that calendars do not have here: X-COLOR",
        "what calendars behind the first say of themselves: X-WR-CALDESC, X-WR-CALNAME",
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("X-TITLE=Hall A:geo:52.52,13.40", (52.52, 13.4)),
        ('X-APPLE-RADIUS=70;X-TITLE="Hall A":GEO:-52.52,13.40,34.5;u=35', (-52.52, 13.4)),
        ("X-TITLE=Hall A:geo:52.52,13.40\nGEO:1;2", (1, 2)),
    ],
)
def test_coordinates_are_read_as_apple_writes_them(
    written: str, expected: tuple[float, float]
) -> None:
    """RFC 5870."""
    apple = f"X-APPLE-STRUCTURED-LOCATION;VALUE=URI;{written}"

    there = exact(f"{TALK}LOCATION:Hall A\n{apple}")
    nowhere = exact(TALK + apple)

    assert ([each.geo for each in there.rooms], there.left_out) == ([expected], [])
    assert nowhere.left_out == ["coordinates of entries without a place: 1"]


def test_people_who_were_invited_are_nobodys_speakers() -> None:
    draft = exact(
        f"{TALK}ORGANIZER;CN=Bo:mailto:bo@source.example\nATTENDEE;CN=Ada:mailto:ada@source.example"
    )

    assert draft.sessions[0].people == []
    assert draft.organizer is None
    assert draft.left_out == [
        "properties that entries do not have here: ATTENDEE (1), ORGANIZER (1)"
    ]


def test_entry_that_belongs_to_another_stays_an_entry_of_its_own() -> None:
    draft = exact(TALK, TALK.replace("talk@", "part@") + "RELATED-TO:talk@source.example")

    assert [each.part_of for each in draft.sessions] == [[], []]
    assert draft.left_out == ["properties that entries do not have here: RELATED-TO (1)"]


def test_reminders_and_secrets_are_told_and_busy_time_is_not() -> None:
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM"

    draft = exact(f"{TALK}CLASS:PRIVATE\nTRANSP:OPAQUE\nGEO:52.5;13.4\n{alarm}")

    assert draft.left_out == [
        "reminders, which whoever subscribes can ask for by alarm=15: 1",
        "that entries are private or confidential, which all can read here: 1",
        "coordinates of entries without a place: 1",
    ]


def test_all_day_entry_is_not_taken_for_the_event() -> None:
    assert [each.title for each in exact(DAY, TALK).sessions] == ["Conf", "A Talk"]
    assert [each.title for each in draft_of(calendar(DAY, TALK)).sessions] == ["A Talk"]


def test_end_that_all_places_share_stays_where_it_is() -> None:
    draft = exact(f"{TALK}LOCATION:A, House", f"{TALK}LOCATION:B, House".replace("talk@", "two@"))

    assert [each.room for each in draft.sessions] == ["A, House", "B, House"]
    assert draft.venue is None


def test_series_without_an_end_goes_on_until_the_day_that_is_asked_for() -> None:
    until = Wishes(entry_for_entry=True, until=date(2027, 7, 1))

    draft = exact(f"{TALK}RRULE:FREQ=WEEKLY", wishes=until)

    assert [f"{each.start:%m-%d}" for each in draft.sessions] == ["06-15", "06-22", "06-29"]
    assert draft.sessions[0].guessed == ["it repeats without an end: it is here until 2027-07-01"]


def test_series_without_an_end_is_not_here_from_long_ago() -> None:
    """A feed of all years would be too large for Google."""
    until = Wishes(entry_for_entry=True, until=date(2027, 7, 1))
    long_ago = TALK.replace("2027", "2009")

    sessions = exact(f"{long_ago}RRULE:FREQ=DAILY", wishes=until).sessions

    days = [each.start.date() for each in sessions if each.start]
    assert days[:2] == [date(2009, 6, 15), date(2025, 7, 1)]
    assert (days[-1], len(days)) == (date(2027, 7, 1), 732)
    assert sessions[0].uid == "talk@source.example"
    assert len({each.uid for each in sessions} - {None}) == len(sessions)
    assert sessions[0].guessed == [
        "it repeats without an end: it is here at first and from 2025-07-01 until 2027-07-01"
    ]


def test_all_day_entries_are_all_day_sessions() -> None:
    session = exact(DAY, TALK).sessions[0]

    assert (session.day, session.last_day) == (date(2027, 6, 15), date(2027, 6, 16))
    assert session.guessed == []


def test_what_few_calendars_say_of_times_and_places_is_told() -> None:
    draft = exact(
        f"{TALK}RRULE:FREQ=WEEKLY;COUNT=3\nRDATE;VALUE=PERIOD:20270620T070000Z/PT1H\n"
        "LOCATION:Hall A\nGEO:52.5;13.4",
        TALK.replace("0615", "0623")
        + "RECURRENCE-ID;RANGE=THISANDFUTURE:20270622T070000Z\nLOCATION:Hall A\nGEO:1;1",
        TALK.replace("talk@", "two@").replace("070000Z", "070030Z"),
    )

    assert draft.left_out == [
        "seconds of times: 1",
        "that changes of a series count from there on, and not for that time alone: 1",
        "lengths of single times of a series: 1",
        "coordinates of entries that others in the same place have otherwise: 2",
    ]


def test_series_that_are_cut_off_are_told_of() -> None:
    cut = "it repeats more often than is looked at: it is here until"

    often = exact(f"{TALK}RRULE:FREQ=DAILY;COUNT=1001").sessions
    just = exact(f"{TALK}RRULE:FREQ=DAILY;COUNT=1000").sessions
    seldom = exact(f"{TALK}RRULE:FREQ=DAILY;BYDAY=TU;UNTIL=20310101").sessions

    assert (len(often), often[0].guessed) == (1000, [f"{cut} 2030-03-10"])
    assert (len(just), just[0].guessed) == (1000, [])
    assert (len(seldom), seldom[0].guessed) == (158, [f"{cut} 2030-06-18"])
