"""Which showing is which: by key, start, day and nearest time, in whatever order they stand."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
import pytz
from conftest import NOW, event_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.matching import FEW_HOURS, Showing, matched
from calsvc.schedule.publishing import publish

BERLIN = pytz.timezone("Europe/Berlin")
MIDNIGHT = datetime(2027, 6, 13, 22, tzinfo=pytz.utc)  # of 14 June in Berlin
YOGA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {{from: 2027-06-10, to: 2027-06-20}}
    sessions:
      - {{id: yoga, title: Yoga, when: [{when}]}}
"""


def published(when: list[str], previous: Schedule | None = None) -> Schedule:
    return publish(event_of(YOGA.format(when=", ".join(when))), previous, NOW)


def on(schedule: Schedule) -> dict[str, Entry]:
    """Return what is still on, by its local start."""
    return {
        f"{entry.content.slot.local_start:%m-%d %H:%M}": entry
        for entry in schedule.of_session("yoga")
        if entry.content.slot and not entry.is_cancelled
    }


def cancelled(schedule: Schedule) -> set[str]:
    return {entry.uid for entry in schedule.of_session("yoga") if entry.is_cancelled}


DAILY = ["2027-06-14 07:00-08:00", "2027-06-15 07:00-08:00", "2027-06-16 07:00-08:00"]


@pytest.mark.parametrize(
    ("before", "after", "same", "gone"),
    [
        (  # the middle one is dropped, the others begin later
            DAILY,
            ["2027-06-14 07:30-08:30", "2027-06-16 07:30-08:30"],
            {"06-14 07:00": "06-14 07:30", "06-16 07:00": "06-16 07:30"},
            {"06-15 07:00"},
        ),
        (  # the first one is dropped
            DAILY,
            ["2027-06-16 06:30-07:30", "2027-06-15 06:30-07:30"],
            {"06-15 07:00": "06-15 06:30", "06-16 07:00": "06-16 06:30"},
            {"06-14 07:00"},
        ),
        (  # from the morning to the evening of its day, which the next morning is nearer to
            DAILY,
            ["2027-06-14 20:00-21:00", "2027-06-16 07:30-08:30"],
            {"06-14 07:00": "06-14 20:00", "06-16 07:00": "06-16 07:30"},
            {"06-15 07:00"},
        ),
        (  # over midnight
            ["2027-06-14 23:30-24:00", "2027-06-15 23:30-24:00", "2027-06-16 23:30-24:00"],
            ["2027-06-15 00:15-01:00", "2027-06-17 00:15-01:00"],
            {"06-14 23:30": "06-15 00:15", "06-16 23:30": "06-17 00:15"},
            {"06-15 23:30"},
        ),
        (  # two a day: the nearest of the day
            ["2027-06-14 09:00-10:00", "2027-06-14 15:00-16:00", "2027-06-15 15:00-16:00"],
            ["2027-06-14 14:00-15:00", "2027-06-15 14:00-15:00"],
            {"06-14 15:00": "06-14 14:00", "06-15 15:00": "06-15 14:00"},
            {"06-14 09:00"},
        ),
        (  # another day, the nearest
            DAILY,
            ["2027-06-18 07:00-08:00", "2027-06-14 07:00-08:00"],
            {"06-16 07:00": "06-18 07:00", "06-14 07:00": "06-14 07:00"},
            {"06-15 07:00"},
        ),
        (  # one more does not take the uid of another
            DAILY,
            ["2027-06-13 07:00-08:00", *DAILY],
            {each: each for each in ("06-14 07:00", "06-15 07:00", "06-16 07:00")},
            set(),
        ),
    ],
)
def test_showing_keeps_its_uid(
    before: list[str], after: list[str], same: dict[str, str], gone: set[str]
) -> None:
    first = published(before)
    second = published(after, first)

    assert {old: on(second)[new].uid for old, new in same.items()} == {
        old: on(first)[old].uid for old in same
    }
    assert cancelled(second) == {on(first)[old].uid for old in gone}


def test_days_are_those_of_the_events_clocks() -> None:
    event = YOGA.replace("Europe/Berlin", "Pacific/Auckland")
    # In UTC 09:00 on the 15th is of the 14th, as is 23:00 on the 14th.
    before = event.format(when="2027-06-14 23:00-23:30, 2027-06-15 23:00-23:30")
    after = event.format(when="2027-06-15 09:00-09:30")
    first = publish(event_of(before), None, NOW)
    second = publish(event_of(after), first, NOW)

    assert on(second)["06-15 09:00"].uid == on(first)["06-15 23:00"].uid


def test_two_rooms_that_move_together_keep_their_uids() -> None:
    def times(clock: str, rooms: str) -> str:
        slots = [f"{{start: 2027-06-14 {clock}, duration: 30, room: {room}}}" for room in rooms]
        return YOGA.format(when=", ".join(slots))

    first = publish(event_of(times("09:00", "AB")), None, NOW)
    second = publish(event_of(times("09:30", "BA")), first, NOW)

    def rooms(schedule: Schedule) -> dict[str | None, str]:
        return {entry.content.room: entry.uid for entry in schedule.of_session("yoga")}

    assert rooms(second) == rooms(first)


def test_cancelled_showing_is_not_moved_to_a_new_time() -> None:
    first = published(DAILY)
    second = published(DAILY[:1], first)
    third = published([DAILY[0], "2027-06-15 09:00-10:00"], second)

    assert on(third)["06-15 09:00"].uid not in {entry.uid for entry in first.entries}
    assert cancelled(third) == {on(first)[each].uid for each in ("06-15 07:00", "06-16 07:00")}


def test_session_that_comes_back_comes_back_by_day() -> None:
    first = published(DAILY)
    away = publish(event_of(YOGA.format(when="").replace("yoga", "other")), first, NOW)
    back = published(["2027-06-15 07:30-08:30", "2027-06-16 07:30-08:30"], away)

    assert on(back)["06-15 07:30"].uid == on(first)["06-15 07:00"].uid
    assert on(back)["06-16 07:30"].uid == on(first)["06-16 07:00"].uid


# --- whatever the showings ----------------------------------------------------------------

starts = st.integers(0, 7 * 24 * 4).map(lambda quarter: MIDNIGHT + timedelta(minutes=15 * quarter))
showings = st.lists(
    st.tuples(starts, st.sampled_from([None, "A", "B"]), st.booleans()), max_size=7
).map(
    lambda found: [
        Showing(place, f"#{place + 1}", start, start + timedelta(minutes=30), room, is_cancelled)
        for place, (start, room, is_cancelled) in enumerate(found)
    ]
)
wanted_showings = showings.map(
    lambda found: [each._replace(key=None, is_cancelled=False) for each in found]
)


def day(start: datetime) -> date:
    return start.astimezone(BERLIN).date()


def distance(pair: tuple[Showing, Showing]) -> tuple[bool, timedelta]:
    one, other = pair[0].start, pair[1].start
    assert one and other
    return day(one) != day(other) and abs(one - other) >= FEW_HOURS, abs(one - other)


@given(wanted_showings, showings)
def test_pairs_are_the_best_first(wanted: list[Showing], past: list[Showing]) -> None:
    found = matched(wanted, past, BERLIN)

    comes_back = all(each.is_cancelled for each in past)
    taken = [(wanted[now], past[then]) for now, then in found.items()]
    ahead, left = list(wanted), list(past)
    while True:  # by looking at all pairs there are, again and again
        pairs = [
            (one, other)
            for one in ahead
            for other in left
            if one.start == other.start or comes_back or not other.is_cancelled
        ]
        if not pairs:
            break
        best = min(map(distance, pairs))
        # The order of equals is free: what was found must be among them.
        pair = next(each for each in taken if each in pairs and distance(each) == best)
        ahead.remove(pair[0])
        left.remove(pair[1])
        taken.remove(pair)
    assert taken == []


@given(wanted_showings, showings, st.randoms())
def test_order_of_the_list_changes_nothing(
    wanted: list[Showing], past: list[Showing], random: object
) -> None:
    shuffled = list(wanted)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = [each._replace(place=place) for place, each in enumerate(shuffled)]

    def named(showings: list[Showing], found: dict[int, int]) -> list[object]:
        return sorted((str(each._replace(place=0)), found.get(each.place, -1)) for each in showings)

    assert named(wanted, matched(wanted, past, BERLIN)) == named(
        again, matched(again, past, BERLIN)
    )


@given(st.lists(starts, min_size=2, max_size=7, unique=True), st.data())
def test_dropping_one_and_shifting_the_rest_keeps_every_uid(
    times: list[datetime], data: st.DataObject
) -> None:
    gap = min(later - earlier for earlier, later in pairwise(sorted(times)))
    most = int(gap / timedelta(minutes=2)) - 1
    shift = timedelta(minutes=data.draw(st.integers(-most, most)))
    dropped = data.draw(st.integers(0, len(times) - 1))
    # By more than a few hours, what moved onto the day of another one is that other one.
    kept = [place for place in range(len(times)) if place != dropped]
    assume(
        abs(shift) < FEW_HOURS
        or all(day(times[place]) == day(times[place] + shift) for place in kept)
    )
    past = [
        Showing(place, f"#{place}", start, start + timedelta(minutes=5), None)
        for place, start in enumerate(times)
    ]
    wanted = [
        Showing(place, None, times[old] + shift, times[old] + shift + timedelta(minutes=5), None)
        for place, old in enumerate(kept)
    ]

    assert matched(wanted, past, BERLIN) == dict(enumerate(kept))


when_lists = st.lists(
    st.tuples(st.integers(10, 20), st.integers(0, 47)), min_size=1, max_size=5, unique=True
).map(
    lambda found: [
        f"{{start: 2027-06-{day} {half // 2:02}:{half % 2 * 30:02}, duration: 20}}"
        for day, half in found
    ]
)


@settings(max_examples=30)
@given(st.lists(when_lists, min_size=1, max_size=4), st.randoms())
def test_no_two_entries_have_one_uid_and_the_list_may_be_permuted(
    versions: list[list[str]], random: object
) -> None:
    straight: Schedule | None = None
    turned: Schedule | None = None
    for when in versions:
        straight = published(when, straight)
        random.shuffle(when)  # type: ignore[attr-defined]
        turned = published(when, turned)

        uids = [entry.uid for entry in straight.entries]
        assert len(set(uids)) == len(uids)
        assert {uid(entry) for entry in straight.entries} == {
            uid(entry) for entry in turned.entries
        }


def uid(entry: Entry) -> tuple[str, str, datetime | None, bool]:
    slot = entry.content.slot
    return entry.uid, entry.key, slot and slot.start, entry.is_cancelled
