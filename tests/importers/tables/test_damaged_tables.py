"""Tables with anything in them are read or refused: no other error, and no endless run."""

from random import Random
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from readings import STRANGE, damaged_octets, damaged_tree, json_source, read_or_refused
from test_reading_csv import WHOLE
from test_reading_records import NESTED, SCHEDULE
from workbooks import ods, xlsx

from calsvc.importers.fetch.sources import Source
from calsvc.importers.tables import cells

RANDOM = st.integers(0, 2**32).map(Random)
COUNT = st.integers(1, 6)
CSV = (WHOLE.strip() + "\n8,Talk,,16 June 2027,1:30pm,45 min,B,A; B,,,,<p>x</p>,,,,\n").encode()
YAML = b"""
name: A Conference
program:
  - {title: Opening, date: 2027-06-15, start_time: "08:00", room: Hall A, speakers: [Ada, Bo]}
  - title: Closing
    date: 2027-06-16
    time: 9:00-10:00
"""
TREES = {**NESTED, "ids": [*SCHEDULE, {"sessions": [{"id": 1, "title": "A", "speakers": [1]}]}]}
CELLS = st.one_of(
    st.text("0123456789:.-/ apmTZ+,Jun<>=\"'&;", max_size=30),
    st.integers(),
    st.floats(),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.sampled_from(STRANGE),
)


@given(random=RANDOM, count=COUNT)
@settings(max_examples=60)
def test_damaged_csv(random: Random, count: int) -> None:
    read_or_refused(Source("agenda.csv", damaged_octets(CSV, random, count)), ["csv"])


@given(random=RANDOM, count=COUNT)
@settings(max_examples=60)
def test_damaged_yaml(random: Random, count: int) -> None:
    read_or_refused(Source("agenda.yml", damaged_octets(YAML, random, count)), ["data"])


@pytest.mark.parametrize("name", TREES)
@given(random=RANDOM, count=COUNT)
@settings(max_examples=40)
def test_wrong_values_anywhere(name: str, random: Random, count: int) -> None:
    tree: Any = damaged_tree(TREES[name], random, count)

    read_or_refused(json_source(tree), ["data"])


@pytest.mark.parametrize("seed", range(8))
def test_damaged_spreadsheets(seed: int) -> None:
    random = Random(seed)  # noqa: S311 (the same damage in each run)
    rows = [line.split(",") for line in CSV.decode().splitlines()]
    octets = xlsx({"Agenda": rows}) if seed % 2 else ods(rows)

    source = Source("agenda.xlsx", damaged_octets(octets, random, 1))

    read_or_refused(source, ["spreadsheet"])


@example(cell=0.0001)
@given(cell=CELLS)
def test_no_cell_is_an_error(cell: Any) -> None:
    assert isinstance(cells.text(cell), str)
    assert isinstance(cells.moment(cell, is_clock=True), cells.Moment)
    assert isinstance(cells.moment(cell), cells.Moment)
    assert cells.minutes(cell) is None or 0 < cells.minutes(cell) <= cells.LONGEST_MINUTES
    assert all(person.name for person in cells.people(cell))


@pytest.mark.parametrize(
    ("name", "octets"),
    [
        ("csv", b"Title,Start\n" + b"," * 1_000_000),
        ("csv", b"Title" + b",Start" * 100_000 + b"\n" + b"9:00," * 100_000),
        ("csv", b'Title,Start\n"' * 10_000),
        ("csv", b"Title,Date,Start\n" + b"A,5/6/2027,1:00\n" * 3_000),
        ("csv", b"Title,Date,Start\nA,2027-06-15," + b"9:00 - " * 10_000),
        ("csv", b"Title,Date,Speaker\nA,2027-06-15," + b"a & " * 30_000),
        ("data", b'{"a":' * 900 + b"1" + b"}" * 900),
        ("data", b'{"sessions":[' * 300 + b"{}" + b"]}" * 300),
        ("data", b'{"id":1,"sessions":[1],"start":"9:00"}'),
        ("data", b"<x>" + b"<n><title>a</title><start>9:00</start></n>" * 3_000 + b"</x>"),
        ("data", b"<a b='1'>" * 200 + b"</a>" * 200),
        ("spreadsheet", b"PK\x03\x04" * 1_000),
        ("spreadsheet", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 1_000),
    ],
    ids=lambda each: repr(each[:30]),
)
def test_hostile_octets(name: str, octets: bytes) -> None:
    read_or_refused(Source("hostile", octets), [name])
