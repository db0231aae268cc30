"""Drafts of foreign agendas become event files: which fields, ids and days they get."""

import pytest
from foreign import DRAFTS, draft_of, drawn, event_of_drawing, talk
from hypothesis import given, settings

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.drawing import draw


@settings(max_examples=300)
@given(draft=DRAFTS)
def test_any_draft_is_an_event_file_with_its_sessions_or_refused(draft: Draft) -> None:
    try:
        drawing = draw(draft, Wishes(), "agenda.json")
    except SourceError:
        return

    event = event_of_drawing(drawing)

    assert [session.id for session in event.sessions] == [each["id"] for each in drawing.sessions]
