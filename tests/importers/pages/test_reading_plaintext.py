"""Agendas as text."""

from datetime import datetime

import pytest

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.pages import plaintext


def read(text: str) -> Draft:
    """Return the draft of a text."""
    return plaintext.read(Source("agenda.txt", text.encode()), Wishes())


PAGE = """\
Sample Summit
June 25, 2027
Location: Sample Hall
All times are in PT.

08:30 AM - 09:30 AM
Registration
11:55 AM - 12:20 PM
How to Sample

We take samples.

Speaker Ada Example,Engines
Moderator Bob Sample,Thinking Boxes
12:20 PM - 01:20 PM
Lunch & Poster Session
A Poster of Samples

Authors: Cora Test, Dan Trial, and Eve Proof Engines

All about samples.
And more.

Boxes in Boxes

Author: Fay Check, Boxworks

SPEAKERS AND MODERATORS

Ada samples since 1999... read more

Ada Example
"""


def test_page_is_read_whole() -> None:
    draft = read(PAGE)

    assert (draft.name, draft.timezone, draft.venue) == ("Sample Summit", "PT", "Sample Hall")
    assert [(each.title, each.start, each.end) for each in draft.sessions] == [
        ("Registration", datetime(2027, 6, 25, 8, 30), datetime(2027, 6, 25, 9, 30)),
        ("How to Sample", datetime(2027, 6, 25, 11, 55), datetime(2027, 6, 25, 12, 20)),
        ("Lunch & Poster Session", datetime(2027, 6, 25, 12, 20), datetime(2027, 6, 25, 13, 20)),
        ("A Poster of Samples", None, None),
        ("Boxes in Boxes", None, None),
    ]
    talk, posters, poster, boxes = draft.sessions[1:]
    assert talk.people == [
        DraftPerson("Ada Example", "Engines", "Speaker"),
        DraftPerson("Bob Sample", "Thinking Boxes", "Moderator"),
    ]
    assert talk.description == "We take samples."
    assert poster.people == [
        DraftPerson("Cora Test", "Engines", "Author"),
        DraftPerson("Dan Trial", "Engines", "Author"),
        DraftPerson("Eve Proof", "Engines", "Author"),
    ]
    assert poster.description == "All about samples.\n\nAnd more."
    assert (poster.kind, poster.part_of) == ("Poster", [posters.key])
    assert boxes.people == [DraftPerson("Fay Check", "Boxworks", "Author")]


def test_text_without_an_agenda_is_an_error() -> None:
    with pytest.raises(SourceError, match="has no times"):
        read("A letter.\n\nIt says nothing of when.\n")


def test_agenda_without_a_day_is_an_error() -> None:
    with pytest.raises(SourceError, match=r"on which days .* give the first day by --date"):
        read("9:00 Welcome\n9:30 Talk\n10:30 Break\n")
