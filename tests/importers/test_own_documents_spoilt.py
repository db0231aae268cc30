"""What calsvc wrote and somebody spoilt: a draft or a clear refusal, and nothing else."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import schedule_of
from documents import SHORT, document, rows_of
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read

FORMATS = {"ics": "ics", "jcal": "jcal", "csv": "csv", "json": "frab-json", "xml": "frab-xml"}
OCTETS = {
    suffix: document(schedule_of(SHORT), suffix, "parts=yes&cancelled=mark").body
    for suffix in FORMATS
}
JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1e308, 10**40, "", "x", "=1", "2027-06-15T09:00:00+99:99", "\ud800"),
    *([], {}, [[[[]]]], [{}], {"name": {}}, {"x": [None]}),
)


def draft_of(octets: bytes, suffix: str) -> Draft | None:
    """Return the draft of octets; None if they are refused."""
    try:
        draft, _ = read(Source(f"conf.{suffix}", octets), Wishes(), FORMATS[suffix])
    except SourceError as error:
        assert str(error)
        return None
    return draft


@pytest.mark.parametrize("suffix", FORMATS)
def test_document_as_it_is_has_all_sessions(suffix: str) -> None:
    draft = draft_of(OCTETS[suffix], suffix)

    assert draft
    assert {"Opening <b> & =1+1", "Panel", "Party"} <= {each.title for each in draft.sessions}


@pytest.mark.parametrize("suffix", FORMATS)
@given(data=st.data())
@hypothesis_settings(max_examples=40)
def test_octets_that_are_cut_doubled_or_swapped(suffix: str, data: st.DataObject) -> None:
    octets = OCTETS[suffix]
    first, second = sorted(data.draw(st.integers(0, len(octets))) for _ in range(2))
    before, piece, after = octets[:first], octets[first:second], octets[second:]
    spoilt = data.draw(
        st.sampled_from(
            [before + after, before + piece * 2 + after, piece + before + after, before]
        )
    )

    draft_of(spoilt, suffix)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container of a value in JSON with each of its keys or positions."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    for key in keys:
        yield value, key
        if isinstance(value[key], dict | list):
            yield from places(value[key])


@pytest.mark.parametrize("suffix", ["json", "jcal"])
@given(data=st.data())
@hypothesis_settings(max_examples=60)
def test_values_of_wrong_types(suffix: str, data: st.DataObject) -> None:
    document = json.loads(OCTETS[suffix])
    found = list(places(document))
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = found[data.draw(st.integers(0, len(found) - 1))]
        container[key] = data.draw(st.sampled_from(JUNK))

    draft_of(json.dumps(document).encode(), suffix)


def test_cells_of_many_formulas_are_read_at_once() -> None:
    rows = OCTETS["csv"].decode().replace("Opening <b>", ";- " * 40_000 + "=" * 1_000)

    draft = draft_of(rows.encode(), "csv")

    assert draft
    assert len(draft.sessions) == len(rows_of(schedule_of(SHORT), "parts=yes"))
