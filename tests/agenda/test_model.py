"""The agenda: what its forms mean, what is doubtful in it, and its JSON Schema."""

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from conftest import PROJECT, event_of
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.model import (
    Event,
    Kind,
    Organizer,
    Person,
    Place,
    Reference,
    Room,
    Session,
    Track,
)
from calsvc.agenda.review import doubts
from calsvc.agenda.slots import Slot
from calsvc.agenda.yamlfile import Document

ONE_DAY = """\
name: Small Conference
timezone: Europe/Berlin
date: 2025-06-25
"""
SEVERAL_DAYS = """\
name: Small Conference
timezone: Europe/Berlin
dates: {from: 2025-06-25, to: 2025-06-27}
"""
MARCH = """\
name: Night of Clocks
timezone: Europe/Berlin
date: 2025-03-30
"""
OCTOBER = """\
name: Night of Clocks
timezone: Europe/Berlin
date: 2025-10-26
"""


def utc(text: str) -> datetime:
    """Return the instant of ``25 07:00``: day and time in June 2025, or ``2025-10-26 07:00``."""
    return datetime.fromisoformat(text if "-" in text else f"2025-06-{text}").replace(tzinfo=UTC)


def session_of(text: str, head: str = ONE_DAY) -> Session:
    """Return a session that says this, a line each key."""
    lines = "".join(f"    {line}\n" for line in dedent(text).splitlines())
    [session] = event_of(f"{head}sessions:\n  - id: talk\n    title: A Talk\n{lines}").sessions
    return session


def warnings_of(text: str) -> list[str]:
    """Return the warnings of an event file."""
    _, problems = eventfile.parse(dedent(text), "conf", "conf.yaml")
    return [str(problem) for problem in problems]


# --- when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "start", "end"),
    [
        # Berlin is two hours ahead of UTC in June.
        ("09:00-09:45", "25 07:00", "25 07:45"),
        ("9:00-9:45", "25 07:00", "25 07:45"),
        ('" 09:00 - 09:45 "', "25 07:00", "25 07:45"),
        ("09:00 – 09:45", "25 07:00", "25 07:45"),
        ("09:00—09:45", "25 07:00", "25 07:45"),
        ("9:00:30-9:45:15", "25 07:00:30", "25 07:45:15"),
        ("2025-06-25 09:00-09:45", "25 07:00", "25 07:45"),
        ("2025-06-25T09:00-09:45", "25 07:00", "25 07:45"),
        ("2025-06-25 22:00 - 2025-06-26 01:00", "25 20:00", "25 23:00"),
        ("23:00-01:30+1", "25 21:00", "25 23:30"),
        ("23:00-01:30+2", "25 21:00", "26 23:30"),
        ("22:00-24:00", "25 20:00", "25 22:00"),
        ("00:00-24:00", "24 22:00", "25 22:00"),
        ("[09:00-09:45]", "25 07:00", "25 07:45"),
        ("{start: 09:00, end: 09:45}", "25 07:00", "25 07:45"),
        ("{start: 23:00, end: 01:30+1}", "25 21:00", "25 23:30"),
        ("{start: 09:00, end: 2025-06-26 09:45}", "25 07:00", "26 07:45"),
        ("{start: 2025-06-25T09:00, end: 2025-06-25T09:45}", "25 07:00", "25 07:45"),
        ("{start: 2025-06-25T09:00:00Z, end: 2025-06-25T09:45:00Z}", "25 09:00", "25 09:45"),
        ("{start: 2025-06-25T09:00+05:30, duration: 30}", "25 03:30", "25 04:00"),
        ("{start: 2025-06-25T09:00-0700, end: 19:00}", "25 16:00", "25 17:00"),
        # New York is four hours behind UTC in June.
        ("{start: 09:00, end: 09:45, timezone: America/New_York}", "25 13:00", "25 13:45"),
        ("{start: 09:00, end: 09:45, timezone: utc}", "25 09:00", "25 09:45"),
        ("{start: 09:00, end: 09:45, timezone: }", "25 07:00", "25 07:45"),
        ("{start: 09:00, end: , duration: 45}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 45}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: '45'}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 45m}", "25 07:00", "25 07:45"),
        ("{start: 09:00, duration: 1:30}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: PT1H30M}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: pt90m}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: 1h30m}", "25 07:00", "25 08:30"),
        ("{start: 09:00, duration: 2h}", "25 07:00", "25 09:00"),
        ("{start: 09:00, duration: PT720H}", "25 07:00", "2025-07-25 07:00"),
    ],
)
def test_when_means_these_instants(when: str, start: str, end: str) -> None:
    session = session_of(f"when: {when}")

    assert [(slot.start, slot.end) for slot in session.when] == [(utc(start), utc(end))]


@pytest.mark.parametrize(
    ("head", "when", "start", "end"),
    [
        pytest.param(
            MARCH,
            "{start: 01:30, duration: 60}",
            "2025-03-30 00:30",
            "2025-03-30 01:30",
            id="duration is of time that passes, not of what clocks show",
        ),
        pytest.param(
            MARCH,
            "01:30-03:30",
            "2025-03-30 00:30",
            "2025-03-30 01:30",
            id="the hour that clocks skip is not there",
        ),
        pytest.param(
            OCTOBER,
            "01:30-03:30",
            "2025-10-25 23:30",
            "2025-10-26 02:30",
            id="the hour that clocks repeat is there twice",
        ),
        pytest.param(
            OCTOBER,
            "{start: 2025-10-26T02:30+02:00, end: 2025-10-26T02:30+01:00}",
            "2025-10-26 00:30",
            "2025-10-26 01:30",
            id="an offset settles which of the two is meant",
        ),
        pytest.param(
            OCTOBER,
            "{start: 02:30+01:00, duration: 30}",
            "2025-10-26 01:30",
            "2025-10-26 02:00",
            id="an offset settles it also without a date",
        ),
        pytest.param(
            OCTOBER,
            "{start: 02:30, duration: 30, timezone: Europe/Lisbon}",
            "2025-10-26 02:30",
            "2025-10-26 03:00",
            id="another zone has its own hours",
        ),
        pytest.param(
            SEVERAL_DAYS,
            "{start: 2025-06-26 23:30, end: 00:30+1}",
            "2025-06-26 21:30",
            "2025-06-26 22:30",
            id="an end is on the day of its start",
        ),
    ],
)
def test_when_means_these_instants_at_the_edges(head: str, when: str, start: str, end: str) -> None:
    session = session_of(f"when: {when}", head)

    assert [(slot.start, slot.end) for slot in session.when] == [(utc(start), utc(end))]


def test_when_may_be_several_slots_with_their_own_rooms() -> None:
    event = event_of(
        SEVERAL_DAYS
        + """\
sessions:
  - id: posters
    title: Posters
    room: Foyer
    when:
      - 2025-06-25 12:00-13:00
      - {start: 2025-06-26 12:00, duration: 60, room: 101, id: second}
"""
    )

    [session] = event.sessions
    assert event.slots(session) == (
        Slot(start=utc("25 10:00"), end=utc("25 11:00"), timezone="Europe/Berlin", room="Foyer"),
        Slot(
            start=utc("26 10:00"),
            end=utc("26 11:00"),
            timezone="Europe/Berlin",
            room="101",
            id="second",
        ),
    )


def test_slot_is_shown_in_its_own_zone() -> None:
    session = session_of("when: {start: 09:00, end: 10:00, timezone: america/new_york}")

    [slot] = session.when
    assert slot.timezone == "America/New_York"
    assert f"{slot.local_start:%Y-%m-%d %H:%M %Z}" == "2025-06-25 09:00 EDT"
    assert f"{slot.local_end:%Y-%m-%d %H:%M %Z}" == "2025-06-25 10:00 EDT"


def test_session_without_when_is_announced_without_a_time() -> None:
    session = session_of("when:")

    assert session == Session(id="talk", title="A Talk")
    assert session.when == ()


@pytest.mark.parametrize("zone", ["Europe/Berlin", "europe/berlin", '" Europe/Berlin "'])
def test_zone_is_the_one_meant_however_it_is_written(zone: str) -> None:
    event = event_of(
        f"""
        name: Small Conference
        timezone: {zone}
        date: 2025-06-25
        sessions:
          - {{id: talk, title: A Talk, when: 09:00-10:00}}
        """
    )

    assert event.timezone == "Europe/Berlin"
    assert event.sessions[0].when == (
        Slot(start=utc("25 07:00"), end=utc("25 08:00"), timezone="Europe/Berlin"),
    )


def test_dates_of_one_day_are_as_good_as_a_date() -> None:
    event = event_of(
        """
        name: Small Conference
        timezone: Europe/Berlin
        dates: {from: 2025-06-25, to: 2025-06-25}
        sessions:
          - {id: talk, title: A Talk, when: 09:00-10:00}
        """
    )

    assert event.first_day == event.last_day == utc("25 00:00").date()
    assert event.sessions[0].when[0].start == utc("25 07:00")


def test_slot_may_start_on_the_events_day_in_the_events_zone_alone() -> None:
    # Half past midnight in Tokyo on the 26th is still the 25th in Berlin.
    session = session_of("when: {start: 2025-06-26 00:30, duration: 30, timezone: Asia/Tokyo}")

    assert session.when[0].start == utc("25 15:30")


def test_session_may_be_made_of_slots_and_of_instants() -> None:
    slot = Slot(start=utc("25 07:00"), end=utc("25 08:00"), timezone="Europe/Berlin")
    instants = {"start": slot.start, "end": slot.end, "timezone": "Europe/Berlin"}

    assert Session(id="talk", title="A Talk", when=[slot, instants]).when == (slot, slot)


def test_slot_refuses_a_time_without_a_zone() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Slot(start=datetime(2025, 6, 25, 9), end=datetime(2025, 6, 25, 10), timezone="UTC")


# --- parts --------------------------------------------------------------------------------

POSTERS = """
name: Small Conference
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - id: lunch
    title: Lunch
    room: Hall A
    when: [12:00-13:00, {start: 18:00, duration: 30, room: Bar}]
  - id: tea
    title: Tea
    when: 15:00-15:30
  - id: cloning
    title: Cloning
    part_of: lunch
  - id: copying
    title: Copying
    part_of: [tea, lunch]
    room: Booth 7
  - id: pasting
    title: Pasting
    part_of: lunch
    room: Booth 8
    when: 12:10-12:20
  - id: gluing
    title: Gluing
    part_of: pasting
  - id: someday
    title: Some Day
    part_of: later
  - id: later
    title: Later
"""


@pytest.mark.parametrize(
    ("session_id", "slots"),
    [
        ("lunch", [("25 10:00", "Hall A"), ("25 16:00", "Bar")]),
        ("tea", [("25 13:00", None)]),
        ("cloning", [("25 10:00", "Hall A"), ("25 16:00", "Bar")]),
        ("copying", [("25 13:00", "Booth 7"), ("25 10:00", "Booth 7"), ("25 16:00", "Booth 7")]),
        ("pasting", [("25 10:10", "Booth 8")]),
        ("gluing", [("25 10:10", "Booth 8")]),
        ("someday", []),
        ("later", []),
    ],
)
def test_part_is_on_with_its_wholes_and_there(
    session_id: str, slots: list[tuple[str, str | None]]
) -> None:
    event = event_of(POSTERS)
    session = event.session(session_id)
    assert session

    found = [(slot.start, slot.room) for slot in event.slots(session)]

    assert found == [(utc(start), room) for start, room in slots]


def test_wholes_and_parts_know_each_other() -> None:
    event = event_of(POSTERS)
    lunch, copying = event.session("lunch"), event.session("copying")
    assert lunch and copying

    assert [whole.id for whole in event.wholes(copying)] == ["tea", "lunch"]
    assert [part.id for part in event.parts(lunch)] == ["cloning", "copying", "pasting"]
    assert event.session("dinner") is None


# --- short forms --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "people"),
    [
        ("[Ada Example]", [Person(name="Ada Example", role="speaker")]),
        ('["Ada, Acme"]', [Person(name="Ada", organization="Acme", role="speaker")]),
        (
            '["Ada, Acme, Inc."]',
            [Person(name="Ada", organization="Acme, Inc.", role="speaker")],
        ),
        ('["Ada,"]', [Person(name="Ada", role="speaker")]),
        (
            "[{name: Ada, role: host}, Bob]",
            [Person(name="Ada", role="host"), Person(name="Bob", role="speaker")],
        ),
        (
            "[{name: Ada, url: https://example.org/ada}]",
            [Person(name="Ada", url="https://example.org/ada", role="speaker")],
        ),
        ("[]", []),
        ("", []),
    ],
)
def test_people_may_be_written_short(written: str, people: list[Person]) -> None:
    assert session_of(f"people: {written}").people == tuple(people)


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        *((kind, "speaker") for kind in Kind if kind not in {"panel", "poster", "social"}),
        (Kind.PANEL, "panelist"),
        (Kind.POSTER, "author"),
        (Kind.SOCIAL, "host"),
    ],
)
def test_kind_decides_the_role_that_is_not_given(kind: Kind, role: str) -> None:
    text = f"people: [Ada, {{name: Bob, role: moderator}}]\nkind: {kind}"

    assert [person.role for person in session_of(text).people] == [role, "moderator"]


def test_lists_of_one_may_be_written_as_the_one() -> None:
    session = session_of("tags: data\nlinks: https://example.org/slides")

    assert session.tags == ("data",)
    assert session.links == (Reference(url="https://example.org/slides"),)


def test_links_may_be_texts_and_mappings() -> None:
    session = session_of(
        """
        links:
          - https://example.org/slides
          - {url: https://example.org/paper, title: Paper}
        """
    )

    assert session.links == (
        Reference(url="https://example.org/slides"),
        Reference(url="https://example.org/paper", title="Paper"),
    )


def test_things_with_a_name_may_be_written_as_their_name() -> None:
    event = event_of(
        ONE_DAY
        + """\
venue: Town Hall
organizer: Team
tracks: [Data, {name: AI, color: TEAL}]
rooms: [101, {name: Hall B, place: Annex, geo: [52.5, 13.40]}]
"""
    )

    assert event.venue == Place(name="Town Hall")
    assert event.organizer == Organizer(name="Team")
    assert event.tracks == (Track(name="Data"), Track(name="AI", color="teal"))
    assert event.rooms == (
        Room(name="101"),
        Room(name="Hall B", place=Place(name="Annex"), geo=(52.5, 13.4)),
    )
    assert event.room("Hall B") == event.rooms[1]
    assert event.room("Hall C") is None


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://example.org", "https://example.org"),
        ("HTTPS://Example.ORG/A?b=c&d#e", "https://example.org/A?b=c&d#e"),
        ("https://example.org:8443/", "https://example.org:8443/"),
        ("https://bücher.example/straße", "https://xn--bcher-kva.example/stra%C3%9Fe"),
        ("https://example.org/100%25", "https://example.org/100%25"),
        ("http://[2001:db8::1]:80/", "http://[2001:db8::1]:80/"),
    ],
)
def test_address_reaches_calendars_in_ascii(written: str, address: str) -> None:
    assert session_of(f'url: "{written}"').url == address


@pytest.mark.parametrize(
    "written",
    [
        *("ftp://example.org/", "//example.org/", "https://", "https:///x", "mailto:a@b.c"),
        *("https://[", "https://a b/", "https://example.org:99999/", "https://example..org/"),
        *("data:text/html,x", "https://a<b>.org/", "https://xn--a\\u0080/", "x"),
    ],
)
def test_what_is_no_web_address_is_refused(written: str) -> None:
    with pytest.raises(eventfile.EventFileError) as caught:
        session_of(f'url: "{written}"')

    assert [problem.place for problem in caught.value.problems] == ["session talk, url"]


def test_text_keeps_its_lines_and_loses_space_at_its_ends() -> None:
    session = session_of('description: "  One\\n\\n\\tTwo 👩‍🚀  \\n"\nlevel: "  easy "')

    assert (session.description, session.level) == ("One\n\n\tTwo 👩‍🚀", "easy")


def test_values_are_frozen() -> None:
    session = session_of("when: 09:00-10:00")

    with pytest.raises(ValidationError, match="frozen"):
        session.title = "Another"  # type: ignore[misc]


def test_event_that_cannot_be_true_is_refused_however_it_is_made() -> None:
    event = event_of(POSTERS)
    sessions = (*event.sessions, event.sessions[0])

    with pytest.raises(ValidationError, match="'lunch' is taken by session number 1"):
        Event(**{**dict(event), "sessions": sessions})


# --- doubts -------------------------------------------------------------------------------


def test_real_events_raise_no_doubt() -> None:
    for path in event_files(PROJECT / "events"):
        assert warnings_of(path.read_text("utf-8")) == []


def test_two_sessions_in_one_room_at_once_are_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, room: Hall A, when: 09:00-10:00}
          - {id: two, title: Two, room: Hall A, when: 09:59-10:30}
          - {id: three, title: Three, room: Hall A, when: 10:30-11:00}
          - {id: four, title: Four, room: Hall B, when: 09:00-10:00}
          - {id: five, title: Five, room: Hall A, when: 10:30-11:00, status: cancelled}
          - id: six
            title: Six
            when: [09:00-10:00, {start: 10:45, duration: 5, room: Hall A}]
        """
    ) == [
        "conf.yaml:6:47: warning: session two, when: is in Hall A at the same time as one"
        " (2025-06-25 09:59); move one of them",
        "conf.yaml:12:11: warning: session six, when: is in Hall A at the same time as three"
        " (2025-06-25 10:45); move one of them",
    ]


def test_one_person_in_two_places_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, when: 09:00-10:00, people: [Ada, Bob]}
          - {id: two, title: Two, when: 09:30-10:30, people: [Bob, Cem]}
          - {id: three, title: Three, when: 10:30-11:00, people: [Bob, Bob]}
        """
    ) == [
        "conf.yaml:6:54: warning: session two, people: has Bob at the same time as one"
        " (2025-06-25 09:30); check the times"
    ]


def test_parts_share_the_room_of_their_whole_without_a_doubt() -> None:
    assert warnings_of(POSTERS) == []


def test_slot_longer_than_half_a_day_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        sessions:
          - {id: one, title: One, when: 09:00-21:00}
          - {id: two, title: Two, when: [09:00-10:00, 09:00-09:30+1]}
        """
    ) == ["conf.yaml:6:47: warning: session two, when 2: lasts 24.5 hours; check its end"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("EST", "EST never changes to summer time; did you mean America/New_York?"),
        ("mst", "MST never changes to summer time; did you mean America/Denver?"),
        (
            "Africa/Casablanca",
            "the clocks of Africa/Casablanca follow no yearly rule then;"
            " nothing to mend: its times go out in UTC, which every calendar understands",
        ),
    ],
)
def test_zone_that_is_seldom_meant_is_doubtful(zone: str, words: str) -> None:
    text = ONE_DAY.replace("Europe/Berlin", zone)

    assert warnings_of(text) == [f"conf.yaml:2:11: warning: timezone: {words}"]


@pytest.mark.parametrize("zone", ["UTC", "Etc/GMT", "Asia/Kolkata", "America/Phoenix"])
def test_zone_without_summer_time_is_not_doubtful(zone: str) -> None:
    assert warnings_of(ONE_DAY.replace("Europe/Berlin", zone)) == []


def test_room_or_track_that_is_not_listed_is_doubtful() -> None:
    assert warnings_of(
        """\
        name: Small Conference
        timezone: Europe/Berlin
        date: 2025-06-25
        rooms: [Hall A, Hall B]
        tracks: [Data]
        sessions:
          - {id: one, title: One, room: Hall A, track: Data}
          - {id: two, title: Two, room: Hal B, track: Networks}
          - {id: three, title: Three}
          - {id: four, title: Four, when: {start: 09:00, duration: 30, room: Bar}}
        """
    ) == [
        "conf.yaml:8:33: warning: session two, room: 'Hal B' is not among the event's"
        " rooms; did you mean 'Hall B'?",
        "conf.yaml:8:47: warning: session two, track: 'Networks' is not among the"
        " event's tracks; add it to tracks",
        "conf.yaml:10:70: warning: session four, when, room: 'Bar' is not among the"
        " event's rooms; add it to rooms",
    ]


# --- JSON Schema --------------------------------------------------------------------------


def refusals(text: str) -> list[str]:
    """Return where the schema refuses an event file's text."""
    validator = Draft202012Validator(eventfile.schema())
    root = Document("conf.yaml", dedent(text)).root
    return sorted(error.json_path for error in validator.iter_errors(root))


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(eventfile.schema())


def test_schema_accepts_the_real_events() -> None:
    for path in event_files(PROJECT / "events"):
        assert refusals(path.read_text("utf-8")) == []


def test_schema_accepts_every_short_form() -> None:
    text = """
        name: 2025
        timezone: Europe/Berlin
        date: 2025-06-25
        venue: Town Hall
        organizer: {name: Team, email: team@example.org}
        tracks: [Data, {name: AI, color: teal}]
        rooms: [101, {name: Hall B, place: Annex, geo: [52.5, 13]}]
        sessions:
          - {id: 1, title: 10:30, when: 9:00-9:30, room: 101, tags: data, level: 1.5}
          - {id: two, title: Two, when: [10:00-24:00+1], people: ["Ada, Acme", {name: Bob}]}
          - id: three
            title: Three
            when: {start: 2025-06-25T12:00+02:00, duration: 45, room: 101}
            part_of: two
            links: https://example.org/
          - id: four
            title: Four
            when: [{start: 12:00, end: 13:00, timezone: UTC, id: a}, 14:00-15:00]
            part_of: [two]
            links: [https://example.org/, {url: https://example.org/, title: Slides}]
        """

    event_of(text)
    assert refusals(text) == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("foo: 1", "$"),
        ("id: conf", "$"),
        ("venue: {name: Hall, adress: x}", "$.venue"),
        ("rooms: [{goe: [1, 2]}]", "$.rooms[0]"),
        ("sessions: [{id: a, titel: A}]", "$.sessions[0]"),
        ("sessions: [{id: a, title: A, kind: hackathon}]", "$.sessions[0].kind"),
        ("sessions: [{id: a, title: A, when: 9am}]", "$.sessions[0].when"),
        ("sessions: [{id: a, title: A, when: {start: 09:00, rom: B}}]", "$.sessions[0].when"),
        ("sessions: [{id: a, title: A, people: Ada}]", "$.sessions[0].people"),
        ("status: canceled", "$.status"),
    ],
)
def test_schema_refuses_what_check_refuses(written: str, place: str) -> None:
    text = f"{ONE_DAY}{written}\n"

    with pytest.raises(eventfile.EventFileError):
        event_of(text)
    assert set(refusals(text)) == {place}


def test_schema_asks_for_what_an_event_needs() -> None:
    schema = eventfile.schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["required"] == ["name", "timezone"]
    assert schema["$defs"]["Session"]["required"] == ["id", "title"]
    assert schema["additionalProperties"] is False


def test_schema_says_what_the_keys_mean() -> None:
    session = eventfile.schema()["$defs"]["Session"]["properties"]

    assert session["when"]["description"] == (
        "Its slots; none while it is announced without a time."
    )
    assert session["when"]["examples"] == [
        "09:00-09:45",
        "2025-06-26 09:00-09:45",
        "23:00-01:30+1",
    ]


def test_clashes_of_one_room_are_told_of_up_to_a_number() -> None:
    sessions = "\n".join(
        f"  - {{id: talk-{number}, title: Talk, room: Hall, when: 09:00-10:00}}"
        for number in range(60)
    )
    event = event_of(f"name: Conf\ntimezone: UTC\ndate: 2025-06-25\nsessions:\n{sessions}\n")

    found = list(doubts(event))

    assert len(found) == 50
    assert found[0].what == "is in Hall at the same time as talk-0 (2025-06-25 09:00)"
