"""Feeds of choices: their blocks, and validators that tell their bytes without reading them."""

from datetime import timedelta
from typing import NamedTuple

from conftest import BASE_URL, NOW, event_of, schedule_of
from feeds import RICH
from hypothesis import given
from hypothesis import strategies as st

from calsvc.addresses import Addresses
from calsvc.answers import Feed
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import personal_feed
from calsvc.schedule.itineraries import WHOLE, Options, Sessions, Wanted
from calsvc.schedule.publishing import publish

ADDRESSES = Addresses(BASE_URL)
FIRST = schedule_of(RICH)
RENAMED = publish(
    event_of(RICH.replace("title: Opening", "title: Beginning")), FIRST, NOW + timedelta(days=1)
)
OTHER = schedule_of(
    """
    name: Other
    timezone: Asia/Tokyo
    date: 2026-10-24
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00}
    """,
    "other",
)
SITE = [Blocks(schedule, ADDRESSES) for schedule in (FIRST, RENAMED, OTHER)]
UIDS = {entry.uid: entry.session for entry in FIRST.entries if entry.session}
IDS = sorted(set(UIDS.values()))
OPTIONS = st.builds(
    Options,
    name=st.sampled_from(["My calendar", "Mine"]),
    alarm=st.sampled_from([None, 0, 10]),
    busy=st.booleans(),
    cancelled=st.sampled_from(["status", "mark", "drop"]),
)


def by_session(uids: set[str], whole: set[str]) -> Sessions:
    """Return the choice of some slots, and of some sessions whenever they are on."""
    sessions: Sessions = {}
    for uid in sorted(uids):
        sessions[UIDS[uid]] = sessions.get(UIDS[uid], frozenset()) | {uid}
    return sessions | {each: sessions.get(each, frozenset()) | WHOLE for each in sorted(whole)}


WHOLE_SESSIONS = st.sets(st.sampled_from([*IDS, "gone"])).map(lambda ids: by_session(set(), ids))
CHOICES = WHOLE_SESSIONS | st.builds(
    by_session, st.sets(st.sampled_from(sorted(UIDS))), st.sets(st.sampled_from(IDS))
)


class Made(NamedTuple):
    """What a feed is made of."""

    events: list[int]
    sessions: Sessions
    options: Options
    seconds: int
    """That the choice was changed after the agenda."""

    @property
    def feed(self) -> Feed:
        """Return the feed."""
        revised = NOW + timedelta(days=2, seconds=self.seconds)
        wanted = Wanted({"conf": self.sessions}, self.options, NOW.date(), revised)
        chosen = [(SITE[each], self.sessions) for each in self.events]
        return personal_feed(chosen, wanted, revised, ADDRESSES)


@given(CHOICES, OPTIONS)
def test_blocks_of_sessions_are_their_entries(sessions: Sessions, options: Options) -> None:
    blocks = Blocks(FIRST, ADDRESSES)
    entries = [
        entry
        for entry in FIRST.entries
        if entry.session in sessions and sessions[entry.session] & {entry.uid, None}
    ]
    shown = [each for each in entries if not (each.is_cancelled and options.cancelled == "drop")]
    expected = [blocks.of(entry, options) for entry in shown]

    assert [blocks.of_sessions(sessions, options) for _ in range(2)] == [expected] * 2


def test_choice_of_what_is_on_no_agenda_is_not_kept() -> None:
    blocks = Blocks(FIRST, ADDRESSES)

    for number in range(9):
        assert blocks.of_sessions({f"gone-{number}": WHOLE}, Options()) == []

    assert not any(blocks._whole.values())


@given(
    st.lists(
        st.builds(
            Made,
            events=st.sampled_from([[], [0], [1], [2], [0, 2], [2, 0]]),
            sessions=CHOICES,
            options=OPTIONS,
            seconds=st.sampled_from([0, 1]),
        ),
        min_size=2,
        max_size=12,
    )
)
def test_feeds_have_one_validator_if_they_have_the_same_bytes_and_only_then(
    made: list[Made],
) -> None:
    feeds = [each.feed for each in made] + [made[0].feed]

    assert len({feed.etag for feed in feeds}) == len({feed.body for feed in feeds})
    assert len({(feed.etag, feed.body) for feed in feeds}) == len({feed.body for feed in feeds})
    assert all(feed.content.size == len(feed.body) for feed in feeds)


def test_validator_of_a_choice_is_the_same_in_each_copy_of_calsvc() -> None:
    made = Made([0], by_session(set(), set(IDS)), Options(), 0)
    before = made.feed

    copy = personal_feed(
        [(Blocks(schedule_of(RICH), Addresses(BASE_URL)), made.sessions)],
        Wanted({"conf": made.sessions}, Options(), NOW.date(), NOW + timedelta(days=2)),
        NOW + timedelta(days=2),
        Addresses(BASE_URL),
    )

    assert (copy.etag, copy.body) == (before.etag, before.body)
