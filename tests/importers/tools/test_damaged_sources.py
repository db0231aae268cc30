"""Whatever comes in is read or refused: no other error, and no endless run."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readings import (
    damaged_octets,
    damaged_tree,
    folder_source,
    json_source,
    read_or_refused,
    xml_source,
)
from test_reading_frab_json import EVENT, version_1
from test_reading_frab_xml import WHOLE, event, schedule
from test_reading_hoverboard import WHOLE as HOVERBOARD
from test_reading_indico import EVENT as INDICO
from test_reading_open_event import PARTS
from test_reading_pretalx import SUBMISSION
from test_reading_sessionize import GRID, VIEW_ALL
from tiers import slow

from calsvc.importers.fetch.sources import Source

TREES: dict[str, Any] = {
    "frab-json": version_1([{"date": "2027-06-15", "rooms": {"Gray Room": [EVENT]}}]),
    "sessionize": VIEW_ALL,
    "sessionize, by day": GRID,
    "pretalx": {"count": 1, "results": [SUBMISSION]},
    "hoverboard": HOVERBOARD,
    "indico": {"results": [INDICO]},
}
XML = schedule(WHOLE, event("09:00"), conference="<time_zone_name>Asia/Tokyo</time_zone_name>")
RANDOM = st.integers(0, 2**32).map(Random)
COUNT = st.integers(1, 6)
SAMPLED = [slow(name) if place else name for place, name in enumerate(TREES)]


@pytest.mark.parametrize(
    "name", [slow(name) if place else name for place, name in enumerate(TREES)]
)
@given(random=RANDOM, count=COUNT)
@settings(max_examples=60)
def test_wrong_values_anywhere(name: str, random: Random, count: int) -> None:
    tree = damaged_tree(TREES[name], random, count)

    read_or_refused(json_source(tree), [name.partition(",")[0]])


@given(random=RANDOM, count=COUNT)
@settings(max_examples=60)
def test_wrong_values_in_a_folder(random: Random, count: int) -> None:
    tree = damaged_tree(PARTS, random, count)
    parts = tree if isinstance(tree, dict) else {"sessions": tree}

    read_or_refused(folder_source(**parts), ["open-event", "hoverboard"])


@given(random=RANDOM, count=COUNT)
@settings(max_examples=60)
def test_damaged_xml(random: Random, count: int) -> None:
    octets = damaged_octets(xml_source(XML).octets, random, count)

    read_or_refused(Source("schedule.xml", octets), ["frab-xml"])


@pytest.mark.parametrize(
    "name", [slow(name) if place else name for place, name in enumerate(TREES)]
)
@given(random=RANDOM, count=COUNT)
@settings(max_examples=10)
def test_damaged_json(name: str, random: Random, count: int) -> None:
    octets = damaged_octets(json.dumps(TREES[name]).encode(), random, count)

    read_or_refused(Source("schedule.json", octets))


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        slow(b"[" * 100_000),
        b'{"a":' * 100_000,
        b'{"sessions":' * 900 + b"1" + b"}" * 900,
        slow(b"<schedule>" * 100_000),
        slow(b"<schedule><conference/>" + b"<day>" * 200 + b"<event/>" * 20_000),
        b'<!DOCTYPE s [<!ENTITY a "b">]><schedule><event>&a;</event></schedule>',
        b"\xff\xfe<\x00s\x00",
        b"9" * 100_000,
        b'{"results": [' + b"9" * 10_000 + b"]}",
    ],
    ids=lambda octets: repr(octets[:30]),
)
def test_hostile_octets(octets: bytes) -> None:
    read_or_refused(Source("hostile", octets))
