"""Drafts of foreign agendas, small and as chance has them, and what is made of them."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import strategies as st

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.importers import reading
from calsvc.importers.drafts import Draft, DraftPerson, DraftRoom, DraftSession, Wishes
from calsvc.importers.drawing.drawing import Drawing, draw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.updating import updating
from calsvc.importers.updating.sheets import sheet

SOURCE = "agenda.json"
BERLIN = Wishes(timezone="Europe/Berlin")


def talk(
    title: str, start: str | None = None, end: str | None = None, **fields: Any
) -> DraftSession:
    """Return a showing with times as ISO 8601 has them: ``2027-06-15 09:00``."""
    times = {"start": start, "end": end}
    given = {key: datetime.fromisoformat(each) for key, each in times.items() if each}
    return DraftSession(title, **given, **fields)


def draft_of(*sessions: DraftSession, **fields: Any) -> Draft:
    """Return a draft of a conference in Berlin, unless something else is said."""
    given = {"name": "Conf", "timezone": "Europe/Berlin", **fields}
    return Draft(sessions=[*sessions], **given)


def drawn(*sessions: DraftSession, **fields: Any) -> Drawing:
    """Return what is drawn of such a draft."""
    return draw(draft_of(*sessions, **fields), Wishes(), SOURCE)


def event_of_drawing(drawing: Drawing) -> Event:
    """Return the event that an event file of a drawing describes."""
    text = sheet(drawing.mapping, drawing.guesses)
    event, _ = eventfile.parse(text, "conf", "conf.yaml")
    return event


# --- by chance ----------------------------------------------------------------------------

ODD_LETTERS = "ab \n\t#:-'\"{}[]&*!|>%@`,، \\\r\x00\x85\u2028\u200b\ufeff\ud800é漢🎉"
ODD_TEXTS = [*"-|%'\" ", "", "null", "true", "12", "1.50", "a: b", "- a", "# a", "a # b", "\u200b"]
LONG_TEXTS = ["Ada, PhD", "mail ada@example.org", "x" * 600, "  a\n b\n\n\n#c"]
ANY_TEXT = st.one_of(
    st.text(max_size=12),
    st.text(ODD_LETTERS, max_size=16),
    st.sampled_from(ODD_TEXTS),
    st.sampled_from(LONG_TEXTS),
)
ZONES = st.sampled_from(
    "Europe/Berlin America/New_York Australia/Lord_Howe Asia/Kolkata UTC"
    " America/St_Johns Pacific/Apia Europe/Dublin Etc/GMT+5".split()
)
NEAR_CHANGES = st.sampled_from(
    [
        datetime(*each)
        for each in [
            (2027, 3, 28, 1),
            (2027, 10, 31, 1),
            (2027, 3, 14, 1),
            (2027, 11, 7, 0),
            (2027, 4, 4, 1),
            (2027, 10, 3, 1),
            (2011, 12, 29, 22),
            (2027, 6, 15, 22),
        ]
    ]
)
OFFSETS = st.one_of(
    st.just(UTC),
    st.just(UTC),
    st.integers(-14 * 4, 14 * 4).map(lambda each: timezone(timedelta(minutes=15 * each))),
)
MINUTES = st.integers(-300, 3000).map(lambda each: timedelta(minutes=each))
ODD_TIMES = st.sampled_from(
    [
        datetime(1, 1, 1),
        datetime(9999, 12, 31, 23, 59),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-14))),
        datetime(1960, 1, 1, 9),
        datetime(2036, 12, 31, 23, 59, 59, 999),
    ]
)
LOCAL_TIMES = st.builds(lambda day, later: day + later, NEAR_CHANGES, MINUTES)
INSTANTS = st.builds(lambda local, zone: local.replace(tzinfo=zone), LOCAL_TIMES, OFFSETS)
TIMES = st.one_of(LOCAL_TIMES, LOCAL_TIMES, INSTANTS, ODD_TIMES)
KEYS = st.one_of(st.none(), st.sampled_from(["1", "2", "3"]), ANY_TEXT)
PEOPLE = st.builds(
    DraftPerson, ANY_TEXT, st.none() | ANY_TEXT, st.sampled_from([None, "Moderator", "x"])
)
DAYS = st.none() | st.dates(date(2027, 6, 1), date(2027, 6, 30)) | st.just(date.min)
SESSIONS = st.builds(
    DraftSession,
    title=st.sampled_from(["Talk", "Lunch", "Talk"]) | ANY_TEXT,
    key=KEYS,
    uid=st.none() | ANY_TEXT,
    start=st.none() | TIMES,
    end=st.none() | TIMES,
    day=st.none() | st.none() | DAYS,
    last_day=DAYS | st.just(date.max),
    timezone=st.none() | ZONES | ANY_TEXT,
    room=st.sampled_from([None, "A", "B"]) | ANY_TEXT,
    kind=st.sampled_from([None, "Poster session", "Keynote"]) | ANY_TEXT,
    track=st.none() | ANY_TEXT,
    people=st.lists(PEOPLE, max_size=2),
    description=st.none() | ANY_TEXT | st.just("long " * 5000),
    tags=st.lists(ANY_TEXT, max_size=3),
    language=st.sampled_from([None, "de_DE", "x"]) | ANY_TEXT,
    level=st.none() | ANY_TEXT,
    url=st.sampled_from([None, "https://example.org/ä b", "www.example.org", "x"]) | ANY_TEXT,
    links=st.lists(st.tuples(st.just("https://example.org") | ANY_TEXT, ANY_TEXT), max_size=2),
    is_cancelled=st.booleans(),
    is_tentative=st.booleans(),
    part_of=st.lists(st.sampled_from(["1", "2", "3", "x"]), max_size=2),
    guessed=st.lists(ANY_TEXT, max_size=2),
)
PLACES = st.none() | st.tuples(st.floats(), st.floats())
DRAFTS = st.builds(
    Draft,
    name=st.just("Conf"),
    timezone=ZONES | ZONES | st.sampled_from([None, "PT", "CST", "x"]),
    first_day=DAYS,
    last_day=DAYS,
    sessions=st.lists(SESSIONS, min_size=1, max_size=6),
    venue=st.none() | ANY_TEXT,
    address=st.none() | ANY_TEXT | st.just("Street 1, 12345 Berlin, Germany"),
    geo=PLACES,
    url=st.none() | ANY_TEXT,
    description=st.none() | ANY_TEXT,
    organizer=st.none() | ANY_TEXT,
    language=st.none() | ANY_TEXT,
    rooms=st.lists(st.builds(DraftRoom, ANY_TEXT, PLACES), max_size=3),
    tracks=st.lists(
        st.tuples(ANY_TEXT, st.sampled_from([None, "#ff8800", "navy", "x"])), max_size=3
    ),
    guessed=st.lists(ANY_TEXT, max_size=2),
    left_out=st.lists(ANY_TEXT, max_size=2),
)


@pytest.fixture
def reading_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read sources in this process, which is quicker; test_apart.py has them in their own."""

    def drafted(source: Source, wishes: Wishes, form: str | None) -> tuple[Draft, str]:
        draft, reader = reading.read(source, wishes, form)
        return draft, reader.name

    monkeypatch.setattr(updating, "drafted", drafted)
