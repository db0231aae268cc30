"""Agenda pages that are broken in any way: a draft or an error that says what to do."""

from datetime import date

import pytest
from agendapages import (
    CARDS,
    HTML,
    LINKED_DATA,
    MARKDOWN,
    TEXT,
    assert_is_draft_or_error,
    mutated,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import clocks, halves
from calsvc.importers.pages import days, markdown

PAGES = {"markdown": MARKDOWN, "html": HTML, "cards": CARDS, "linked": LINKED_DATA, "text": TEXT}


@pytest.mark.parametrize("name", PAGES)
@given(seed=st.integers(0, 2**32))
@settings(max_examples=15, deadline=None)
def test_mutated_pages_give_a_draft_or_an_error(name: str, seed: int) -> None:
    assert_is_draft_or_error(mutated(PAGES[name].encode(), seed))


@given(octets=st.binary(max_size=300))
@settings(max_examples=50, deadline=None)
def test_any_octets_give_a_draft_or_an_error(octets: bytes) -> None:
    assert_is_draft_or_error(octets)


@given(text=st.text(alphabet="0129:.-–~ apmhUTC+()|noto/&é\t", max_size=60))
@settings(max_examples=300, deadline=None)
def test_any_text_has_hours_or_none(text: str) -> None:
    beside = (clocks.leading(text), clocks.trailing(text))
    for found in (clocks.whole(text), *(each[0] for each in beside if each)):
        if found:
            settled = halves.settled([found])[0]
            assert settled.start is None or 0 <= settled.start < 2 * clocks.DAY
            assert None in settled[:2] or settled.end > settled.start  # type: ignore[operator]


@given(text=st.text(alphabet="0123456789./- ,thMayDecFrieoag", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_has_days_or_none(text: str) -> None:
    found = [*days.dates(text), *filter(None, [days.heading(text)])]

    resolved, _ = days.resolved(found, date(2027, 6, 15), [2027])

    assert len(resolved) == len(found)


@pytest.mark.parametrize(
    "octets",
    [
        b"<div>" * 20_000 + b"9:00 a",
        b"<table><tr><td>" * 2_000 + b"9:00 a",
        b"<table>" + b"<tr><td rowspan=500 colspan=500>9:00" * 500,
        b"> " * 5_000 + b"9:00 a\n" + b"- " * 5_000 + b"9:00 b",
        b"|a\n" + b"-" * 50_000 + b"x\n" + b" " * 50_000 + b"x",
        b"9:00 a " + b"- " * 20_000 + b"room",
        b"[" * 5_000 + b"9:00 x" + b"](" * 5_000,
        b"|a" * 5_000 + b"\n" + b"|-" * 5_000 + b"\n" + b"|9:00" * 5_000,
        b"9:00 - 10:00 talk " * 10_000,
        b"9:00 a\nSpeaker: " + b"Ada Example, " * 10_000,
        b"<script type='application/ld+json'>" + b"[" * 50_000 + b"</script><p>9:00 a",
        b"<div itemscope itemtype='Event'>" * 200 + b"<i itemprop=name>" * 1_000,
    ],
    ids=range(12),
)
def test_pages_that_nest_or_repeat_are_read_or_refused(octets: bytes) -> None:
    assert_is_draft_or_error(octets)


@pytest.mark.slow
def test_ten_thousand_sessions_are_all_there() -> None:
    lines = (
        f"- {9 + at % 9}:{at % 6}0-{9 + at % 9}:{at % 6}5 Talk {at}"
        if at % 400
        else f"\n## June {1 + at // 400}, 2027\n\n- 9:00-9:05 Talk {at}"
        for at in range(10_000)
    )

    draft = markdown.read(Source("agenda.md", "\n".join(lines).encode()), Wishes())

    assert [each.title for each in draft.sessions] == [f"Talk {at}" for at in range(10_000)]
    assert all(each.start and each.end for each in draft.sessions)


def test_paragraph_of_very_many_lines_is_read() -> None:
    """Such a page took minutes: with each line, all of the paragraph was looked through."""
    lines = "".join(f"9:00 Talk {number}\n" for number in range(400))

    draft = markdown.read(Source("agenda.md", lines.encode()), Wishes(date=date(2027, 6, 15)))

    assert len(draft.sessions) == 400
