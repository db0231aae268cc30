"""The real events as their own pages have them, in every reader."""

import re
from datetime import UTC, datetime

import pytest
from conftest import SHARED
from feeds import feed
from readers import Read, Reader, each_reader

from calsvc.schedule.entries import Schedule


@pytest.fixture(scope="session")
def page() -> str:
    """The text of the page that ai-data-2025 is after."""
    return (SHARED / "agendas" / "ai-data-2025.txt").read_text("utf-8")


CLOCKS = re.compile(r"^(\d\d:\d\d [AP]M) - (\d\d:\d\d [AP]M)$", re.MULTILINE)
SPOKEN = re.compile(r"^(Speaker|Moderator|Panelist) (.+),(.+)$", re.MULTILINE)
AUTHORS = re.compile(r"^(.+)\n\nAuthors?: (.+)$", re.MULTILINE)


def timetable(page: str) -> dict[str, tuple[datetime, datetime]]:
    """Return the titles of the page's agenda with their times."""
    found = list(re.finditer(rf"{CLOCKS.pattern}\n(.+)$", page, re.MULTILINE))
    return {match[3]: (_pacific(match[1]), _pacific(match[2])) for match in found}


def _pacific(clock: str) -> datetime:
    # "Event times below are displayed in PT", which is UTC-7 in June.
    local = datetime.strptime(f"2025-06-25 {clock} -0700", "%Y-%m-%d %I:%M %p %z")
    return local.astimezone(UTC)


def speakers(page: str) -> dict[str, list[str]]:
    """Return the titles of the page's agenda with people as feeds write them."""
    starts = [*CLOCKS.finditer(page)]
    ends = [match.start() for match in starts[1:]] + [page.index("\nAuthors:")]
    return {
        page[start.end() + 1 :].split("\n", 1)[0]: [
            f"{role}: {name}, {organization}"
            for role, name, organization in SPOKEN.findall(page[start.end() : end])
        ]
        for start, end in zip(starts, ends, strict=True)
    }


def people_of(entry: Read) -> list[str]:
    """Return the lines of an entry's description that name people."""
    return re.findall(r"^(?:Speaker|Moderator|Panelist|Author|Host): .+$", entry.description, re.M)


def bullets(entry: Read) -> list[str]:
    """Return the lines of an entry's description that are listed."""
    return re.findall(r"^- (.+)$", entry.description, re.M)


@each_reader
def test_page_and_feed_have_the_same_timetable(
    page: str, reader: Reader, ai_data: Schedule
) -> None:
    expected = timetable(page)

    entries = reader(feed(ai_data, "banner=no"))

    assert len(expected) == 20
    assert expected["Attendee Registration"] == (
        datetime(2025, 6, 25, 15, 30, tzinfo=UTC),
        datetime(2025, 6, 25, 17, 0, tzinfo=UTC),
    )
    assert {entry.summary: (entry.start, entry.end) for entry in entries} == expected
    assert len(entries) == 20


@each_reader
def test_page_and_feed_have_the_same_people(page: str, reader: Reader, ai_data: Schedule) -> None:
    expected = speakers(page)

    entries = reader(feed(ai_data, "banner=no"))

    assert expected["Fireside Chat"] == [
        "Speaker: Aparna Ramani, Meta",
        "Speaker: Ion Stoica, AnyScale",
    ]
    assert sum(map(len, expected.values())) == 32
    assert {entry.summary: people_of(entry) for entry in entries} == expected


@each_reader
def test_page_and_feed_have_the_same_posters(page: str, reader: Reader, ai_data: Schedule) -> None:
    authors = {title.strip(): names for title, names in AUTHORS.findall(page)}

    entries = reader(feed(ai_data, "kind=poster&banner=no"))

    times = timetable(page)
    shown = sorted(when for title, when in times.items() if "Poster Sessions" in title)
    assert len(authors) == 28
    assert sorted((each.summary, each.start, each.end) for each in entries) == sorted(
        (title, start, end) for title in authors for start, end in shown
    )
    assert len(entries) == 84
    for entry in entries:
        assert _left(authors[entry.summary], people_of(entry)) == ""


def _left(written: str, people: list[str]) -> str:
    """Return what the page says of a poster's authors beyond the people that the feed names."""
    for person in people:
        name, _, organization = person.removeprefix("Author: ").partition(", ")
        assert name in written and organization in written
        written = written.replace(name, "", 1)
    for organization in {person.partition(", ")[2] for person in people} - {""}:
        written = written.replace(organization, "")
    # Their jobs in brackets, and what joins their names.
    return re.sub(r"\((?:DE|DS|SWEs)\)|\band\b|[,&\s]", "", written)


@each_reader
def test_poster_sessions_list_the_posters_of_the_page(
    page: str, reader: Reader, ai_data: Schedule
) -> None:
    posters = sorted(title.strip() for title, _ in AUTHORS.findall(page))

    entries = reader(feed(ai_data, "kind=poster-session&banner=no"))

    listed = {
        entry.summary: sorted(re.findall(r"^- (.+)$", entry.description, re.M)) for entry in entries
    }
    sessions = (
        "Lunch & Poster Sessions",
        "Break & Poster Sessions",
        "Happy Hour & Poster Sessions",
    )
    assert listed == dict.fromkeys(sessions, posters)
    assert len(posters) == 28


@each_reader
def test_page_and_feed_have_the_same_place(page: str, reader: Reader, ai_data: Schedule) -> None:
    name, address = re.findall(r"^Location: (.+)\n(.+)$", page, re.M)[0]

    entries = reader(feed(ai_data, "parts=yes"))

    assert {entry.location for entry in entries} == {f"{name}, {address}"}
    assert len(entries) == 1 + 20 + 84


def test_save_the_date_is_on_the_day_and_in_the_place_of_its_page() -> None:
    text = (SHARED / "agendas" / "systems-reliability-2026.txt").read_text("utf-8")

    lines = text.splitlines()

    assert lines[2:4] == ["June 25, 2026", "Bellevue, Washington"]
