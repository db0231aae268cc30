"""Stamps move with what is written, with nothing else, and never back."""

from datetime import UTC, datetime, timedelta

import pytest
from conftest import NOW, event_of
from hypothesis import given
from hypothesis import strategies as st

from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.renditions import (
    Renderer,
    Rendition,
    behind,
    dated,
    renewed,
    renewed_site,
    stamped,
)

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: one, title: One, when: 09:00-10:00}
      - {id: two, title: TWO, when: 10:00-11:00}
"""
FIRST = publish(event_of(AGENDA), None, NOW)
SECOND = publish(event_of(AGENDA.replace("TWO", "Two")), FIRST, NOW + timedelta(hours=1))
LATER = NOW + timedelta(days=1)
OLD = Renderer("old", NOW - timedelta(days=9))
NEW = Renderer("new", NOW - timedelta(days=1))


def rendition(
    past: Rendition | None,
    schedule: Schedule,
    written: str = "",
    renderer: Renderer = OLD,
    now: datetime = NOW,
    *,
    is_new: bool = True,
) -> Rendition:
    """Return what follows when a copy writes ``written`` of the session one."""
    return renewed(past, schedule, digests_of(written, schedule), renderer, now, is_new=is_new)


def digests_of(written: str, schedule: Schedule) -> dict[str, str]:
    """Return what tells the entries of a copy that writes ``written``."""
    return {
        entry.uid: f"{entry.content.title} {written if entry.session == 'one' else ''}"
        for entry in schedule.entries
    }


def stamps(schedule: Schedule) -> dict[str | None, tuple[int, datetime]]:
    """Return the sequence number and the time of each session's entry."""
    return {entry.session: (entry.sequence, entry.revised) for entry in schedule.entries}


def test_first_rendition_changes_no_stamp() -> None:
    first = rendition(None, FIRST)

    assert stamped(FIRST, first) is FIRST
    assert first.modified == FIRST.revised + timedelta(seconds=1)


def test_date_is_later_than_that_of_an_older_calsvc_which_writes_something_else() -> None:
    first = rendition(None, FIRST, is_new=False)  # a database of before there were renditions
    second = rendition(first, SECOND, renderer=NEW, now=SECOND.revised)

    assert first.modified >= FIRST.revised
    assert second.modified > SECOND.revised  # which is what that one tells of it
    assert rendition(None, SECOND, now=SECOND.revised).modified > SECOND.revised


def test_entry_whose_bytes_change_gets_new_stamps_and_no_other_does() -> None:
    first = rendition(None, FIRST, "http")

    second = rendition(first, FIRST, "https", NEW, LATER)

    before, after = stamps(FIRST), stamps(stamped(FIRST, second))
    assert after.pop("one") == (before.pop("one")[0] + 1, LATER)
    assert after == before
    assert stamped(FIRST, second).revised == LATER
    assert second.modified == LATER


def test_change_of_the_agenda_goes_on_from_the_stamps_that_were_told() -> None:
    first = rendition(None, FIRST, "http")
    second = rendition(first, FIRST, "https", NEW, LATER)
    moved = publish(
        event_of(AGENDA.replace("09:00", "09:15")), FIRST, FIRST.published + timedelta(minutes=1)
    )

    third = rendition(second, moved, "https", NEW, LATER + timedelta(days=1))

    assert stamps(moved)["one"][0] == 1
    assert stamps(stamped(moved, third))["one"] == (2, LATER + timedelta(seconds=1))


def test_renderer_that_writes_the_same_moves_the_date_and_no_stamp() -> None:
    first = rendition(None, FIRST, "http")

    second = rendition(first, FIRST, "http", NEW, LATER)

    assert second.stamps == first.stamps
    assert (second.modified, second.digest != first.digest) == (LATER, True)


def test_bytes_that_are_written_again_get_new_stamps_again() -> None:
    first = rendition(None, FIRST, "http")
    second = rendition(first, FIRST, "https", NEW, LATER)
    third = rendition(second, FIRST, "http", Renderer("old", LATER), LATER)

    assert stamps(stamped(FIRST, third))["one"] == (2, LATER + timedelta(seconds=1))
    assert third.modified == LATER + timedelta(seconds=1)


def test_copy_that_started_last_decides() -> None:
    first = rendition(None, FIRST, "http", OLD)
    second = rendition(first, FIRST, "https", NEW, LATER)

    assert first.yields_to(NEW)
    assert not second.yields_to(OLD)
    assert second.yields_to(Renderer("new", OLD.started))
    assert second.yields_to(Renderer("old", LATER))


def test_copy_that_does_not_decide_tells_a_newer_version_with_stamps_that_go_on() -> None:
    first = rendition(None, FIRST, "http")
    known = rendition(first, FIRST, "https", NEW, LATER)

    told = stamps(stamped(SECOND, known))

    assert told["one"] == stamps(stamped(FIRST, known))["one"]
    assert told["two"] == stamps(SECOND)["two"]


def test_copy_that_does_not_decide_is_behind_where_it_writes_something_else() -> None:
    known = rendition(rendition(None, FIRST, "http"), FIRST, "https", NEW, LATER)
    decides = rendition(known, SECOND, "https", NEW, LATER)

    other, alike = (behind(decides, SECOND, digests_of(each, SECOND)) for each in ("http", "https"))
    told, same = stamped(SECOND, other), stamped(SECOND, alike)

    now = stamps(stamped(SECOND, decides))
    assert stamps(told)["one"] == (now["one"][0] - 1, now["one"][1] - timedelta(seconds=1))
    assert stamps(told)["two"] == now["two"]
    assert stamps(same) == now
    # Another copy's dates are of other bytes, for all that this one knows.
    assert other.modified == alike.modified == decides.modified - timedelta(seconds=1)


def test_copy_that_does_not_decide_is_behind_before_the_other_has_read_a_version() -> None:
    known = rendition(rendition(None, FIRST, "http"), FIRST, "https", NEW, LATER)

    told = behind(known, SECOND, digests_of("http", SECOND))

    decides = rendition(known, SECOND, "https", NEW, LATER)
    after = stamps(stamped(SECOND, decides))
    for session, stamp in stamps(stamped(SECOND, told)).items():
        assert stamp <= after[session], session
    assert stamps(stamped(SECOND, told))["two"][0] == stamps(SECOND)["two"][0]
    assert told.modified < decides.modified


def test_date_of_a_version_that_nobody_recorded_is_later_than_that_of_the_one_before() -> None:
    known = rendition(None, FIRST, "https", NEW)
    soon = SECOND.model_copy(update={"published": FIRST.published})

    decides = rendition(known, SECOND, "https", NEW, LATER)
    told = behind(known, SECOND, digests_of("http", SECOND))

    assert known.modified < dated(SECOND, known) == decides.modified
    assert known.modified < dated(SECOND, told) == decides.modified - timedelta(seconds=1)
    assert known.modified < dated(soon, known)
    assert dated(FIRST, known) == known.modified


def test_entry_that_comes_back_goes_on_from_its_stamps() -> None:
    first = rendition(rendition(None, FIRST, "a"), FIRST, "b", NEW, LATER)
    without = Schedule(**{**dict(FIRST), "version": 2, "entries": FIRST.entries[2:]})
    second = rendition(first, without, "b", NEW, LATER)

    third = rendition(second, FIRST.model_copy(update={"version": 3}), "b", NEW, LATER)

    assert third.stamps == first.stamps


def test_event_that_an_older_calsvc_served_keeps_its_stamps_but_not_its_date() -> None:
    found = rendition(None, SECOND, now=LATER, is_new=False)

    assert stamped(SECOND, found) is SECOND
    assert found.modified == LATER


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=2000)])
def test_clock_that_was_ahead_once_is_right_again(ahead: timedelta) -> None:
    first = rendition(None, FIRST, "a", now=NOW)
    wrong = rendition(first, FIRST, "b", NEW, LATER + ahead)

    right = rendition(wrong, SECOND, "b", NEW, LATER + timedelta(hours=1))

    assert right.modified == LATER + timedelta(hours=1)
    told = [stamps(stamped(FIRST, wrong))["one"], stamps(stamped(SECOND, right))["one"]]
    assert told[0] == told[1] == (1, LATER + ahead)


def test_site_is_new_when_it_says_something_else() -> None:
    first = renewed_site(None, "a", OLD, NOW, is_new=True)
    same = renewed_site(first, "a", NEW, LATER, is_new=False)
    other = renewed_site(same, "b", NEW, LATER, is_new=False)

    assert first.modified == same.modified < FIRST.revised
    assert other.modified == LATER
    assert renewed_site(None, "a", OLD, NOW, is_new=False).modified == NOW


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([FIRST, SECOND]), st.integers(-3, 3)),
        min_size=2,
        max_size=12,
    )
)
def test_nothing_ever_goes_back(steps: list[tuple[str, Schedule, int]]) -> None:
    past: Rendition | None = None
    told: dict[str | None, tuple[int, datetime]] = {}
    now, version = datetime(2026, 1, 1, tzinfo=UTC), 0
    for written, schedule, seconds in steps:
        now += timedelta(seconds=seconds)
        version += 1
        # Versions alternate here as no publisher would let them: own stamps may go back.
        shown = schedule.model_copy(update={"version": version})
        before = past
        past = rendition(past, shown, written, Renderer(written, now), now)
        after = stamps(stamped(shown, past))
        for session, stamp in after.items():
            known = told.get(session, stamp)
            assert stamp[0] >= known[0]
            assert stamp == known or stamp[1] > known[1]
        assert before is None or past.modified > before.modified
        told |= after
