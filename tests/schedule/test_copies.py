"""Which copy of an event file is an edit, and which an old copy: each situation by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from calsvc.schedule.copies import ALIVE, Copy, Standing, standing
from calsvc.schedule.versions import Version

NOW = datetime(2027, 6, 1, 12, 0, tzinfo=UTC)
STARTED = NOW - timedelta(minutes=1)
SOURCE = "events/conf.yaml on new"
OLD, NEWEST, OTHER = "old", "newest", "other"


def copy(publisher: str, digest: str, *, ago: timedelta, is_watched: bool = False) -> Copy:
    """Return what a folder's file said some time ago."""
    return Copy(publisher, "conf", digest, NOW - ago, is_watched)


def newest(source: str = "events/conf.yaml on first", *, is_withdrawn: bool = False) -> Version:
    """Return the version that is published now."""
    return Version("conf", 2, NOW, source, NEWEST, "", (), is_withdrawn)


def judged(*known: Copy, version: Version | None = None) -> Standing:
    """Return what a file is that says what was published before."""
    mine = copy("new:/events", OLD, ago=timedelta())
    return standing(mine, version or newest(), known, source=SOURCE, since=STARTED)


HOUR, SECONDS = timedelta(hours=1), timedelta(seconds=20)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([], Standing.OLD),
        ([copy("new:/events", NEWEST, ago=HOUR)], Standing.EDIT),
        ([copy("new:/events", OLD, ago=HOUR)], Standing.OLD),
        # A container with another host name took the place of one that stopped.
        ([copy("first:/events", NEWEST, ago=HOUR)], Standing.EDIT),
        ([copy("first:/events", NEWEST, ago=2 * timedelta(minutes=1))], Standing.EDIT),
        # It was not stopped, but killed long ago.
        ([copy("first:/events", NEWEST, ago=HOUR, is_watched=True)], Standing.EDIT),
        # Another one runs, or stopped after this one started and may come back.
        ([copy("first:/events", NEWEST, ago=SECONDS, is_watched=True)], Standing.BESIDE),
        ([copy("first:/events", NEWEST, ago=SECONDS)], Standing.BESIDE),
        # Another one runs, but does not hold what is published.
        (
            [
                copy("first:/events", NEWEST, ago=HOUR),
                copy("second:/events", OTHER, ago=SECONDS, is_watched=True),
            ],
            Standing.EDIT,
        ),
        # The predecessor's file said the same: something else was published on purpose.
        ([copy("first:/events", OLD, ago=HOUR)], Standing.OLD),
        (
            [copy("first:/events", NEWEST, ago=2 * HOUR), copy("second:/events", OLD, ago=HOUR)],
            Standing.OLD,
        ),
        # A clock that was years ahead neither lives for ever nor is the predecessor.
        (
            [
                copy("first:/events", NEWEST, ago=-timedelta(days=2000), is_watched=True),
                copy("second:/events", OLD, ago=HOUR),
            ],
            Standing.OLD,
        ),
    ],
)
def test_copy_that_says_what_was_published_before_is(known: list[Copy], expected: Standing) -> None:
    assert judged(*known) is expected


def test_copy_that_published_the_newest_itself_is_an_edit() -> None:
    assert judged(version=newest(SOURCE)) is Standing.EDIT


def test_copy_that_was_never_seen_brings_no_withdrawn_event_back() -> None:
    known = copy("first:/events", NEWEST, ago=HOUR)

    assert judged(known, version=newest(is_withdrawn=True)) is Standing.OLD


def test_watcher_that_stopped_counts_as_gone_after_a_while() -> None:
    mine = copy("new:/events", OLD, ago=timedelta())
    stopped = copy("first:/events", NEWEST, ago=ALIVE + SECONDS)

    stands = standing(mine, newest(), [stopped], source=SOURCE, since=NOW - HOUR)

    assert stands is Standing.EDIT
