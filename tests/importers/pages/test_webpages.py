"""Agenda pages in HTML."""

from datetime import datetime, timedelta, timezone

import pytest
from agendapages import CARDS, HTML, LINKED_DATA

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import webpages

SUMMER = timezone(timedelta(hours=2))


def read(text: str) -> Draft:
    """Return the draft of a page."""
    return webpages.read(Source("agenda.html", text.encode()), Wishes())


def day(hour: int, minute: int = 0) -> datetime:
    """Return a time on 18 June 2027."""
    return datetime(2027, 6, 18, hour, minute)


def test_table_is_read_with_its_spans() -> None:
    draft = read(HTML)

    assert draft.name == "Sample Days"
    assert [(each.title, each.start, each.end, each.room) for each in draft.sessions] == [
        ("Opening", day(9), day(10), None),
        ("Long workshop", day(10), day(13), "Hall A"),
        ("Of Boxes", day(10), day(11), "Hall B"),
        ("Of Bags", day(11), day(13), "Hall B"),
        ("Lunch", day(13), None, None),
    ]
    assert draft.sessions[3].people == [DraftPerson("Ada Example")]


def test_columns_are_days() -> None:
    draft = read(
        "<h1>Sample Week</h1><p>June 17-18, 2027</p><table>"
        "<tr><th>Time</th><th>Thursday</th><th>Friday</th></tr>"
        "<tr><td>9:00</td><td>Opening</td><td>Keynote</td></tr>"
        "<tr><td>10:00</td><td colspan=2>Coffee</td></tr></table>"
    )

    before = timedelta(days=1)
    assert [(each.title, each.start) for each in draft.sessions] == [
        ("Opening", day(9) - before),
        ("Keynote", day(9)),
        ("Coffee", day(10) - before),
        ("Coffee", day(10)),
    ]


def test_marked_moments_are_taken() -> None:
    draft = read(CARDS)

    assert [(each.title, each.start, each.end, each.room) for each in draft.sessions] == [
        ("Opening", day(9).replace(tzinfo=SUMMER), day(9, 30).replace(tzinfo=SUMMER), "Hall A"),
        ("Of Boxes", day(9, 30).replace(tzinfo=SUMMER), None, None),
    ]
    assert draft.sessions[1].people == [DraftPerson("Ada Example")]


def test_events_beside_the_text_are_taken() -> None:
    draft = read(LINKED_DATA)

    assert (draft.name, draft.venue, draft.address) == (
        "Sample Conf",
        "Sample Hall",
        "Street 1, Sampleton",
    )
    opening, party = draft.sessions
    assert (opening.title, opening.room) == ("Opening", "Hall A")
    assert opening.start == day(9).replace(tzinfo=SUMMER)
    assert opening.end == day(9, 30).replace(tzinfo=SUMMER)
    assert opening.people == [DraftPerson("Ada Example", "Engines")]
    assert (party.title, party.is_cancelled, opening.is_cancelled) == ("Party", True, False)


def test_microdata_is_taken() -> None:
    event = (
        '<div itemscope itemtype="https://schema.org/Event"><b itemprop="name">{0}</b>'
        '<time itemprop="startDate" datetime="2027-06-18T{1}">soon</time></div>'
    )

    draft = read(event.format("Opening", "09:00") + event.format("Party", "20:00"))

    assert [(each.title, each.start) for each in draft.sessions] == [
        ("Opening", day(9)),
        ("Party", day(20)),
    ]


def test_times_below_their_titles_belong_to_them() -> None:
    draft = read(
        "<h2>18 June 2027</h2>"
        "<h3>Opening</h3><p>9:00 AM – 9:30 AM</p><p>Hall A</p>"
        "<h3>Of Boxes</h3><p>9:30 AM – 10:15 AM</p><p>Ada Example</p><p>All about boxes.</p>"
    )

    assert [(each.title, each.start, each.end) for each in draft.sessions] == [
        ("Opening", day(9), day(9, 30)),
        ("Of Boxes", day(9, 30), day(10, 15)),
    ]
    opening, boxes = draft.sessions
    assert (opening.room, boxes.people) == ("Hall A", [DraftPerson("Ada Example")])
    assert boxes.description == "All about boxes."


def test_what_stands_beside_a_session_has_its_time_and_that_is_told() -> None:
    draft = read(
        "<h2>18 June 2027</h2><p>9:00</p><h4>Of Boxes</h4><h4>Of Bags</h4>"
        "<p>10:00</p><h4>Coffee</h4>"
    )

    assert [(each.title, each.start) for each in draft.sessions] == [
        ("Of Boxes", day(9)),
        ("Of Bags", day(9)),
        ("Coffee", day(10)),
    ]
    assert "it has no time of its own, and is taken to be at that of Of Boxes" in (
        draft.sessions[1].guessed
    )


@pytest.mark.parametrize("text", ["", "<html></html>", "<p>A page.</p>", "<!doctype html>"])
def test_page_without_an_agenda_is_an_error(text: str) -> None:
    with pytest.raises(SourceError):
        read(text)


@pytest.mark.parametrize(
    ("head", "is_page"),
    [
        ("<!DOCTYPE html><html>", True),
        ("\n<html lang='en'>", True),
        ("<schedule><day/></schedule>", False),
        ('{"a": "<html>"}', False),
        ("# Agenda", False),
    ],
)
def test_pages_are_recognised(head: str, is_page: bool) -> None:
    assert webpages.recognises(Source("agenda", head.encode())) is is_page
