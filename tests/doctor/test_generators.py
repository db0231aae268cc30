"""What other libraries write of one agenda holds all of it, whatever else is wrong with it."""

from collections.abc import Callable, Iterable

import icalendar
import pytest
from generators import AGENDA, GENERATORS
from tiers import slow

Generator = Callable[[], bytes]
IN_NODE = {name for name in GENERATORS if name.startswith(("ical-generator", "npm-"))}
WITHOUT_A_ZONE = {"npm-ics-as-local"}
WITH_ZONES_OF_OTHER_NAMES = {"vobject"}


def each_of(names: Iterable[str]) -> pytest.MarkDecorator:
    """Run a test with each of these generators; those that start Node.js are slow."""
    names = sorted(names)
    cases = [slow(GENERATORS[each]) if each in IN_NODE else GENERATORS[each] for each in names]
    return pytest.mark.parametrize("written", cases, ids=names)


@each_of(GENERATORS)
def test_all_of_the_agenda_is_written(written: Generator) -> None:
    octets = written()

    entries = icalendar.Calendar.from_ical(octets).walk("VEVENT")

    assert octets.count(b"\nUID:") == len(AGENDA)
    assert sorted(str(entry["SUMMARY"]) for entry in entries) == sorted(
        item.title for item in AGENDA
    )
    for item in AGENDA:
        (entry,) = (each for each in entries if each["SUMMARY"] == item.title)
        assert entry.get("DESCRIPTION", "") == item.description
        assert entry.get("LOCATION") == item.room
        assert entry.get("URL", "") == item.url
        assert ("GEO" in entry) == (item.geo is not None)
        assert ("RRULE" in entry) == (item.weeks > 1)
        assert (entry.get("STATUS") == "CANCELLED") == item.is_cancelled
        if item.is_all_day:
            assert (entry.start, entry.end) == item.span


@each_of(GENERATORS.keys() - WITHOUT_A_ZONE - WITH_ZONES_OF_OTHER_NAMES)
def test_times_are_those_of_the_agenda(written: Generator) -> None:
    entries = icalendar.Calendar.from_ical(written()).walk("VEVENT")

    read = {str(entry["SUMMARY"]): (entry.start, entry.end) for entry in entries}

    assert read == {item.title: item.span for item in AGENDA}
