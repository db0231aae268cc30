"""Blocks that are carried over to a new version are those that would be rendered for it."""

from datetime import timedelta

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from feeds import RICH
from hypothesis import given, settings
from hypothesis import strategies as st

from calsvc.addresses import Addresses
from calsvc.ical import blocks as blocks_module
from calsvc.ical.blocks import Blocks
from calsvc.ical.vevent import Block, View, render
from calsvc.schedule.display import Display
from calsvc.schedule.publishing import publish

ADDRESSES = Addresses(BASE_URL)
CHANGES = {
    "title": ("title: Opening", "title: Beginning"),
    "time": ("2026-10-24 09:00-09:30", "2026-10-24 09:10-09:40"),
    "room": ("room: Annex", "room: Saal"),
    "person": ("people: [Ada]", "people: [Ben]"),
    "track colour": ("color: Red", "color: Blue"),
    "venue": ("Haus, ", "House, "),
    "status": ("status: tentative", "status: cancelled"),
    "status of the event": ("series: Confs", "status: cancelled"),
    "language": ("language: de", "language: en"),
    "zone": ("timezone: Europe/Berlin", "timezone: Europe/Vienna"),
    "zone of a session": ("timezone: America/Los_Angeles", "timezone: Asia/Tokyo"),
    "years": ("to: 2026-10-26}", "to: 2035-10-26}"),
    "part's title": ("Poster, one", "Poster, 1"),
    "waiting": ("title: Waiting", "title: Still waiting"),
    "a link": ("https://example.org/a,b;c", "https://example.org/d"),
    "gone": ('      - {id: leaves, title: Leaves, when: "2026-10-24 13:00-14:00"}\n', ""),
    "picture": ("logo.png", "logo.jpg"),
    "room's place": ("geo: [52.5, -13.25]", "geo: [52.6, -13.25]"),
}
LOOKS = (
    Display(),
    Display(alarm=10, busy=True),
    Display(alarm=0, busy=True, cancelled="mark"),
    Display(cancelled="mark"),
)


def changed(names: frozenset[str]) -> str:
    """Return the rich agenda with some changes."""
    text = RICH
    for name in names:
        before, after = CHANGES[name]
        assert before in text, name
        text = text.replace(before, after)
    return text


def written(blocks: Blocks) -> list[Block]:
    """Return all blocks, in each look, in zones and in UTC."""
    entries = blocks.schedule.entries
    return [
        block
        for display in LOOKS
        for zones in (None, frozenset[str]())
        for block in blocks.of_all(entries, display, zones)
    ]


@settings(max_examples=40)
@given(
    first=st.frozensets(st.sampled_from(sorted(CHANGES)), max_size=3),
    second=st.frozensets(st.sampled_from(sorted(CHANGES)), max_size=3),
    looks=st.frozensets(st.integers(0, len(LOOKS) - 1)),
)
def test_carried_blocks_are_those_of_a_fresh_start(
    first: frozenset[str], second: frozenset[str], looks: frozenset[int]
) -> None:
    before = publish(event_of(changed(first)), None, NOW)
    after = publish(event_of(changed(second)), before, NOW + timedelta(hours=1))
    past = Blocks(before, ADDRESSES)
    for look in looks:
        past.of_all(before.entries, LOOKS[look])

    carried = Blocks(after, ADDRESSES, before=past)

    assert written(carried) == written(Blocks(after, ADDRESSES))


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_change_shows_in_carried_blocks(name: str) -> None:
    before = schedule_of(RICH)
    after = publish(event_of(changed(frozenset([name]))), before, NOW + timedelta(hours=1))
    past = Blocks(before, ADDRESSES)
    written(past)

    fresh = written(Blocks(after, ADDRESSES))

    assert written(Blocks(after, ADDRESSES, before=past)) == fresh
    assert fresh != written(past)


def test_another_address_carries_nothing_over() -> None:
    schedule = schedule_of(RICH)
    past = Blocks(schedule, ADDRESSES)
    written(past)
    elsewhere = Addresses("https://elsewhere.example")

    carried = Blocks(schedule, elsewhere, before=past)

    assert written(carried) == written(Blocks(schedule, elsewhere))


def test_changed_session_renders_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    before = schedule_of(RICH)
    past = Blocks(before, ADDRESSES)
    past.of_all(before.entries, Display())
    after = publish(event_of(changed(frozenset(["title"]))), before, NOW + timedelta(hours=1))
    rendered = []

    def counted(view: View) -> Block:
        rendered.append(view.entry.session)
        return render(view)

    monkeypatch.setattr(blocks_module, "render", counted)

    Blocks(after, ADDRESSES, before=past).of_all(after.entries, Display())

    assert rendered == ["opening"]
