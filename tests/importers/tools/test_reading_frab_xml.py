"""Schedules of frab and its likes in XML: when things are, and what else is told of them."""

import textwrap
from datetime import date

import pytest
from readings import times, xml_source

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, Wishes
from calsvc.importers.tools import frab_xml


def schedule(*events: str, conference: str = "", day: str = 'index="1" date="2027-06-15"') -> str:
    inner = "\n".join(map(textwrap.dedent, events))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference><title>Example Conf</title>{conference}</conference>
  <day {day}><room name="Hall A">{inner}</room></day>
</schedule>"""


def event(start: str, more: str = "<duration>00:45</duration>", title: str = "Talk") -> str:
    return f"<event id='1'><start>{start}</start>{more}<title>{title}</title></event>"


def read(text: str, timezone: str | None = None) -> Draft:
    source = xml_source(text)
    assert frab_xml.recognises(source)
    return frab_xml.read(source, Wishes(timezone=timezone))


WHOLE = """
    <event id="7" guid="0f0f-7">
      <date>2027-06-15T09:00:00+02:00</date><start>09:00</start><duration>01:30</duration>
      <room>Hall B</room><slug>conf-7-engines</slug>
      <title>Engines &amp;amp; more</title><subtitle>A history</subtitle>
      <track>Machines</track><type>lecture</type><language>en</language>
      <abstract>&lt;p&gt;About &lt;b&gt;engines&lt;/b&gt;.&lt;/p&gt;</abstract>
      <description>Longer.</description>
      <persons><person id="1">Ada Example</person><person id="2">Bo Sample</person></persons>
      <links><link href="https://example.org/slides">Slides</link>
        <link href="mailto:x">no</link></links>
      <attachments><attachment href="/a.pdf">Paper</attachment></attachments>
      <url>https://example.org/talk/7</url>
      <recording><license>CC BY</license><optout>false</optout></recording>
    </event>"""


def test_event_is_read_whole() -> None:
    draft = read(schedule(WHOLE))
    (talk,) = draft.sessions

    assert times(draft) == [
        ("Engines & more", "2027-06-15 09:00+02:00", "2027-06-15 10:30+02:00", "Hall B")
    ]
    assert (talk.key, talk.kind, talk.track, talk.language) == (
        "0f0f-7",
        "lecture",
        "Machines",
        "en",
    )
    assert talk.people == [DraftPerson("Ada Example"), DraftPerson("Bo Sample")]
    assert talk.description == "A history\n\nAbout **engines**.\n\nLonger."
    assert talk.url == "https://example.org/talk/7"
    assert talk.links == [("https://example.org/slides", "Slides")]
    assert draft.left_out == ["attachments (1)"]


def test_conference_is_read() -> None:
    conference = """<subtitle>On engines</subtitle><venue>Old Hall</venue><city>Berlin</city>
        <start>2027-06-15</start><end>2027-06-16</end><acronym>ex</acronym>
        <base_url>https://example.org/</base_url><time_zone_name>Europe/Berlin</time_zone_name>
        <track name="Machines" slug="machines"/>"""
    draft = read(schedule(event("09:00"), conference=conference))

    assert (draft.name, draft.timezone) == ("Example Conf", "Europe/Berlin")
    assert (draft.first_day, draft.last_day) == (date(2027, 6, 15), date(2027, 6, 16))
    assert (draft.venue, draft.address) == ("Old Hall", "Berlin")
    assert (draft.url, draft.description) == ("https://example.org/", "On engines")
    assert draft.rooms == [DraftRoom("Hall A")]


# --- when an event is ---------------------------------------------------------------------


def test_without_instants_clocks_are_of_the_day() -> None:
    draft = read(schedule(event("09:00"), event("23:30", "<duration>1:30:00</duration>")))

    assert times(draft) == [
        ("Talk", "2027-06-15 09:00", "2027-06-15 09:45", "Hall A"),
        ("Talk", "2027-06-15 23:30", "2027-06-16 01:00", "Hall A"),
    ]
    assert [each.guessed for each in draft.sessions] == [[], []]


def test_what_is_before_the_change_of_days_is_of_the_night_after() -> None:
    change = "<day_change>04:00</day_change>"
    draft = read(schedule(event("00:15"), event("04:00"), conference=change))

    assert [start for _, start, _, _ in times(draft)] == ["2027-06-16 00:15", "2027-06-15 04:00"]
    assert [each.guessed for each in draft.sessions] == [[], []]


def test_a_change_of_days_after_the_morning_does_not_move_the_morning() -> None:
    """Pentabarf's default is 09:00, and FOSDEM's doors open at 08:30."""
    change = "<day_change>09:00:00</day_change>"
    draft = read(schedule(event("08:30"), event("01:00"), conference=change))

    assert [start for _, start, _, _ in times(draft)] == ["2027-06-15 08:30", "2027-06-16 01:00"]
    assert draft.sessions[0].guessed == [
        "08:30 is taken for the morning, although the day begins at 09:00"
    ]


def test_midnight_as_the_change_of_days_moves_nothing() -> None:
    draft = read(schedule(event("00:15"), conference="<day_change>00:00:00</day_change>"))

    assert times(draft)[0][1] == "2027-06-15 00:15"


def test_a_night_of_which_nothing_is_said_is_told() -> None:
    draft = read(schedule(event("01:00")))

    assert times(draft)[0][1] == "2027-06-16 01:00"
    assert draft.sessions[0].guessed == ["01:00 is taken for the night after the day"]


def test_instants_win_over_a_day_that_is_cut_in_utc() -> None:
    """In India the day begins at 22:30 of the day before in UTC, as some tools write it."""
    day = 'date="2027-06-14" start="2027-06-14T22:30:00+00:00" end="2027-06-15T22:29:59+00:00"'
    zone = "<time_zone_name>Asia/Kolkata</time_zone_name>"
    dated = "<date>2027-06-15T03:30:00+00:00</date><duration>00:30</duration>"
    draft = read(schedule(event("09:00", dated), event("09:00"), conference=zone, day=day))

    assert [start for _, start, _, _ in times(draft)] == [
        "2027-06-15 03:30+00:00",  # 09:00 in India
        "2027-06-15 09:00",  # without <date>, the day is that of its bounds in India
    ]
    assert draft.guessed == []
    assert draft.left_out == []


def test_a_zone_that_contradicts_instants_changes_none_of_them() -> None:
    zone = "<time_zone_name>UTC</time_zone_name>"
    draft = read(
        schedule(event("09:00", "<date>2027-01-15T09:00:00+01:00</date>"), conference=zone)
    )

    assert times(draft)[0][1] == "2027-01-15 09:00+01:00"
    assert draft.timezone == "UTC"


def test_local_clocks_that_claim_to_be_utc_are_local_and_told() -> None:
    dated = "<date>2027-06-15T09:00:00+00:00</date><duration>00:30</duration>"
    draft = read(schedule(event("09:00", dated)), timezone="Europe/Berlin")

    assert times(draft)[0][1:3] == ("2027-06-15 09:00", "2027-06-15 09:30")
    assert draft.guessed == [
        "dates are in UTC, and starts the same clock; both are taken for Europe/Berlin"
    ]


def test_utc_stays_utc_where_the_zone_is_utc_or_unknown() -> None:
    dated = "<date>2027-06-15T09:00:00Z</date>"
    zone = "<time_zone_name>UTC</time_zone_name>"
    unnamed = read(schedule(event("09:00", dated)))
    named = read(schedule(event("09:00", dated), conference=zone), timezone="Europe/Berlin")

    assert times(unnamed)[0][1] == times(named)[0][1] == "2027-06-15 09:00+00:00"
    assert unnamed.guessed == named.guessed == []


def test_one_start_that_disagrees_is_told_and_moves_no_other() -> None:
    zone = "<time_zone_name>Europe/Berlin</time_zone_name>"
    right = event("11:00", "<date>2027-06-15T09:00:00+00:00</date>")
    wrong = event("16:00", "<date>2027-06-15T13:00:00+00:00</date>")
    draft = read(schedule(right, right, wrong, conference=zone))

    assert [start for _, start, _, _ in times(draft)] == [
        "2027-06-15 09:00+00:00",
        "2027-06-15 09:00+00:00",
        "2027-06-15 13:00+00:00",
    ]
    told = "starts that disagree with their dates, which were taken, such as '16:00' (1)"
    assert draft.left_out == [told]


def test_bounds_of_a_day_say_whose_night_it_is() -> None:
    """The first day may begin late in the morning: its end tells when nights end."""
    day = 'date="2027-06-15" start="2027-06-15T10:30:00+02:00" end="2027-06-16T03:59:00+02:00"'
    draft = read(schedule(event("03:30"), event("04:00"), event("10:00"), day=day))
    assert [start for _, start, _, _ in times(draft)] == [
        "2027-06-16 03:30",
        "2027-06-15 04:00",
        "2027-06-15 10:00",
    ]
    assert [each.guessed for each in draft.sessions] == [[], [], []]

    day = 'date="2027-06-15" start="2027-06-15T00:00:00" end="2027-06-15T23:59:00"'
    assert times(read(schedule(event("01:00"), day=day)))[0][1] == "2027-06-15 01:00"


def test_days_of_the_conference_are_those_of_its_clocks() -> None:
    conference = """<start>2027-06-14T22:00:00+00:00</start><end>2027-06-16T21:59:00Z</end>
        <time_zone_name>Europe/Berlin</time_zone_name>"""
    draft = read(schedule(event("09:00"), conference=conference))

    assert (draft.first_day, draft.last_day) == (date(2027, 6, 15), date(2027, 6, 16))


def test_days_without_dates_are_counted_from_the_first() -> None:
    text = schedule(event("09:00"), conference="<start>2027-06-15</start>", day='index="2"')

    assert times(read(text))[0][1] == "2027-06-16 09:00"


def test_time_that_cannot_be_read_is_told_and_its_session_stays() -> None:
    draft = read(schedule(event("25 o'clock"), event("09:00", "<duration>long</duration>")))

    assert [each[1:3] for each in times(draft)] == [("", ""), ("2027-06-15 09:00", "")]
    assert draft.left_out == [
        'times that cannot be read, such as "25 o\'clock" of Talk (1)',
        "ends that cannot be read, such as 'long' of Talk (1)",
    ]


# --- other shapes -------------------------------------------------------------------------


def test_namespaces_comments_and_missing_rooms_do_not_matter() -> None:
    text = """<schedule xmlns="urn:example"><!-- made by hand -->
      <day date="2027-06-15"><!-- no room -->
        <event id="3"><start>10:00</start><room>Attic</room><title>Here</title></event>
      </day></schedule>"""

    assert times(read(text)) == [("Here", "2027-06-15 10:00", "", "Attic")]


def test_entries_of_europython_are_events() -> None:
    text = """<schedule><day date="2014-07-21"><entry id="37">
        <category>Keynote</category><audience>Novice</audience>
        <topics><topic>Other</topic></topics>
        <start>0930</start><duration>30</duration><room id="1">C01</room><title>Welcome</title>
        <speakers><speaker><name>Ada Example</name></speaker></speakers>
      </entry></day></schedule>"""
    draft = read(text)
    (talk,) = draft.sessions

    assert times(draft) == [("Welcome", "2014-07-21 09:30", "2014-07-21 10:00", "C01")]
    assert (talk.kind, talk.level, talk.tags) == ("Keynote", "Novice", ["Other"])
    assert talk.people == [DraftPerson("Ada Example")]


@pytest.mark.parametrize("text", ["<schedule/>", "<rss><channel/></rss>", "no XML"])
def test_other_documents_are_refused(text: str) -> None:
    source = xml_source(text)

    assert not frab_xml.recognises(source)
    with pytest.raises(SourceError, match=r"is no frab schedule in XML.*; give a schedule\.xml"):
        frab_xml.read(source, Wishes())
