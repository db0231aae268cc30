"""Agenda pages in Markdown."""

from datetime import date, datetime

import pytest
from agendapages import MARKDOWN

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import markdown


def read(text: str, first: date | None = None) -> Draft:
    """Return the draft of a page."""
    return markdown.read(Source("agenda.md", text.encode()), Wishes(date=first))


def day(number: int, hour: int, minute: int = 0) -> datetime:
    """Return a time in June 2027."""
    return datetime(2027, 6, number, hour, minute)


def times(draft: Draft) -> list[tuple[str, datetime | None, datetime | None]]:
    """Return titles with starts and ends."""
    return [(each.title, each.start, each.end) for each in draft.sessions]


def test_page_is_read_whole() -> None:
    draft = read(MARKDOWN)

    assert (draft.name, draft.timezone) == ("Sample Conf 2027", "CEST")
    assert times(draft) == [
        ("Opening", day(15, 9), day(15, 9, 30)),
        ("Of Boxes", day(15, 9, 30), day(15, 10, 15)),
        ("Of Bags", day(15, 9, 30), day(15, 10, 15)),
        ("Lunch", day(15, 12), day(15, 13)),
        ("Close", day(15, 13), None),
        ("Talks", day(16, 10), day(16, 11)),
        ("Coffee", day(16, 11), None),
        ("More talks", day(16, 11, 15), day(16, 12)),
    ]
    opening, boxes, bags, _, close, talks, coffee, _ = draft.sessions
    assert opening.url == "https://a.example/"
    assert opening.links == [("https://b.example/", "Video")]
    assert (opening.room, boxes.room, bags.room) == ("Hall A", "Hall B", "Hall A")
    assert boxes.people == [DraftPerson("Bob Sample", "Boxworks")]
    assert talks.people == [DraftPerson("Dan Trial")]
    assert talks.description == "- in two parts"
    assert bags.guessed == ["it has the time of the row above, Of Boxes"]
    assert close.guessed == ["1:00 is taken for 13:00"]
    assert coffee.guessed == ["11:00 is only about"]
    assert draft.guessed == [
        "in 2 titles, the names in brackets are taken for people",
        "the year is taken to be 2027, which stands elsewhere",
    ]


def test_columns_are_rooms_and_tracks() -> None:
    draft = read(
        """\
June 15, 2027

| Time | Track One - Room: C1 | Hall B | Track Three |
| --- | --- | --- | --- |
| 9:00 | Opening | Opening | Opening |
| 10:00 | Of Boxes | Of Bags | - |
| | | | |
| | Side table | | |
"""
    )

    found = [(each.title, each.room, each.track, each.start) for each in draft.sessions]
    assert found == [
        ("Opening", None, None, day(15, 9)),
        ("Of Boxes", "C1", "Track One", day(15, 10)),
        ("Of Bags", "Hall B", None, day(15, 10)),
        ("Side table", "C1", "Track One", None),
    ]
    assert any("no time and are not scheduled: Side table" in each for each in draft.guessed)


def test_days_stand_between_rows() -> None:
    """So do tables of kramdown, whose rows have fewer cells than the head, or more."""
    draft = read(
        """\
| | **Friday**
| --- | :--- | :---
| 13:00-13:10 | Welcome |
| 18:30- | Dinner |
|-----
| | **Saturday**
|-----
| 08:30-09:00 | Coffee | Ada Example
|
""",
        date(2027, 6, 18),
    )

    assert times(draft) == [
        ("Welcome", day(18, 13), day(18, 13, 10)),
        ("Dinner", day(18, 18, 30), None),
        ("Coffee", day(19, 8, 30), day(19, 9)),
    ]


def test_times_of_other_zones_are_no_titles_and_no_ends() -> None:
    draft = read(
        """\
| GMT | US East | |
| --- | --- | --- |
| 12:00 | 07:00 | Welcome |
| 13:10 | 08:10 | Break |
| 13:20 | 08:20 | Papers |
""",
        date(2027, 6, 18),
    )

    assert draft.timezone == "GMT"
    assert times(draft) == [
        ("Welcome", day(18, 12), None),
        ("Break", day(18, 13, 10), None),
        ("Papers", day(18, 13, 20), None),
    ]


def test_second_column_of_times_has_the_ends() -> None:
    draft = read(
        """\
|---|---|---|
| 11:00 | 11:20 | Break |
| 11:20 | 12:30 | Talks |
| 12:30 | 2:00 | Lunch |
""",
        date(2027, 6, 18),
    )

    assert times(draft) == [
        ("Break", day(18, 11), day(18, 11, 20)),
        ("Talks", day(18, 11, 20), day(18, 12, 30)),
        ("Lunch", day(18, 12, 30), day(18, 14)),
    ]


def test_tables_in_html_are_read() -> None:
    table = (
        "<table><tr><td>9:00</td><td>Opening</td></tr><tr><td>10:00</td><td>End</td></tr></table>"
    )

    assert times(read(f"## June 18, 2027\n\n{table}\n")) == [
        ("Opening", day(18, 9), None),
        ("End", day(18, 10), None),
    ]


def test_what_is_no_agenda_is_no_session() -> None:
    draft = read(
        """\
# Sample Meeting

- **Times**: 9:00AM - 5:00PM PT
- Doors open at 8am, and close at 5:30pm
- 500 E Sample St, Sampleton 78701

## June 18, 2027

- 9:00am - 9:15am: Introduction
- 9:15am - 10:15am: Talks
"""
    )

    assert [each.title for each in draft.sessions] == ["Introduction", "Talks"]
    assert draft.timezone == "PT"


def test_day_without_a_year_is_an_error() -> None:
    with pytest.raises(SourceError, match="in which year 18 June is; give the first day by --date"):
        read("## June 18\n\n- 9:00 Opening\n")


def test_list_that_goes_back_to_the_morning_is_on_the_next_day() -> None:
    draft = read("- 9:00 A\n- 21:00 B\n- 8:30 C\n", date(2027, 6, 18))

    assert times(draft) == [
        ("A", day(18, 9), None),
        ("B", day(18, 21), None),
        ("C", day(19, 8, 30), None),
    ]
    assert draft.guessed == [
        "a list goes on in the morning after an evening: on 2027-06-19, it seems"
    ]
