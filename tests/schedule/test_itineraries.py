"""My calendar in itself: keys, a choice that sessions come to and go from, overlaps."""

import hmac
from base64 import urlsafe_b64decode
from datetime import UTC, date, datetime

import pytest
from conftest import event_of, schedule_of
from hypothesis import given
from hypothesis import strategies as st

from calsvc.errors import TooManySessionsError
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.itineraries import (
    KEY_LENGTH,
    MAX_SESSIONS,
    Choice,
    Itinerary,
    Keys,
    Overlap,
    derived,
    hashed,
    joined,
    keys,
    new_edit_key,
    overlaps,
)
from calsvc.schedule.publishing import publish

EMPTY = Itinerary(created=date(2027, 6, 1), revised=datetime(2027, 6, 1, 12, tzinfo=UTC))
SLOTS = [f"{number:08x}-0000-5000-8000-000000000000" for number in range(3)]


def choice(session: str, slot: str | None = None, event: str = "conf") -> Choice:
    """Return the choice of a session, or of one of its slots."""
    return Choice(event=event, session=session, slot=slot)


# --- keys ---------------------------------------------------------------------------------


def test_edit_keys_have_192_random_bits() -> None:
    made = [new_edit_key() for _ in range(4000)]

    octets = [urlsafe_b64decode(key) for key in made]
    ones = [sum(key[bit // 8] >> bit % 8 & 1 for key in octets) for bit in range(192)]
    assert len(set(made)) == 4000
    assert {len(key) for key in made} == {KEY_LENGTH}
    assert {len(key) for key in octets} == {24}
    # Each bit is one in half of the keys: 8 standard deviations of 32 are room enough.
    assert [bit for bit, number in enumerate(ones) if not 1744 < number < 2256] == []


def test_keys_are_of_the_present_generations() -> None:
    edit_key = new_edit_key()
    shared = EMPTY.model_copy(update={"generation": 4, "share": 2})
    unshared = EMPTY.model_copy(update={"generation": 4, "share": -2})

    feed, share = derived(edit_key, "feed", 4), derived(edit_key, "share", 2)

    assert keys(edit_key, shared) == Keys(edit_key, feed, share)
    assert keys(edit_key, unshared) == Keys(edit_key, feed, None)
    assert keys(edit_key, EMPTY).share is None


def test_derived_keys_differ_by_edit_key_purpose_and_generation() -> None:
    edit_keys = [new_edit_key() for _ in range(3)]

    made = {
        derived(key, purpose, generation)
        for key in edit_keys
        for purpose in ("feed", "share")
        for generation in range(1, 30)
    }

    assert len(made) == 3 * 2 * 29
    assert {len(key) for key in made} == {KEY_LENGTH}
    assert made.isdisjoint(edit_keys)


def test_derived_key_is_a_keyed_digest_of_the_edit_key() -> None:
    # It stays in calendars for years: the way it is made cannot change.
    assert derived("A" * 32, "feed", 1) == "8FcnjTwJkKsItxR_fwsJc8tnrDO2mYD3"
    whole = hmac.digest(b"A" * 32, b"calsvc/feed/1", "sha256")
    assert urlsafe_b64decode(derived("A" * 32, "feed", 1)) == whole[:24]


def test_derived_key_makes_no_other_key_of_the_calendar() -> None:
    secret = keys(new_edit_key(), EMPTY.model_copy(update={"share": 1}))
    assert secret.share

    for key in (secret.feed, secret.share, hashed(secret.feed), hashed(secret.edit)):
        made = {
            derived(key, purpose, number) for purpose in ("feed", "share") for number in range(9)
        }
        assert made.isdisjoint(secret)


@given(st.text(st.characters(codec=None), max_size=50))
def test_hashed_takes_any_text(key: str) -> None:
    assert len(hashed(key)) == 64
    assert hashed(key) != hashed(f"{key}x")


# --- the choice ---------------------------------------------------------------------------

choices = st.builds(
    choice,
    st.sampled_from(["opening", "posters", "closing"]),
    st.sampled_from([None, *SLOTS]),
    st.sampled_from(["conf", "other"]),
)


def test_adding_keeps_the_order_of_choosing() -> None:
    added = EMPTY.adding([choice("b"), choice("a")]).adding([choice("c"), choice("b")])

    assert added == EMPTY.model_copy(update={"choices": (choice("b"), choice("a"), choice("c"))})


def test_adding_takes_a_session_by_slot_and_whole() -> None:
    by_slot = EMPTY.adding([choice("posters", SLOTS[0]), choice("posters", SLOTS[1])])

    whole = by_slot.adding([choice("posters")])

    assert by_slot.slots("conf") == {"posters": {SLOTS[0], SLOTS[1]}}
    assert whole.slots("conf") == {"posters": {SLOTS[0], SLOTS[1], None}}
    assert whole.slots("other") == {}


@given(st.lists(choices))
def test_sessions_of_two_events_that_are_one_are_joined(chosen: list[Choice]) -> None:
    as_one = [each.model_copy(update={"event": "conf"}) for each in chosen]

    sessions = EMPTY.adding(chosen).wanted.sessions

    both = joined(sessions.get("conf", {}), sessions.get("other", {}))
    assert both == EMPTY.adding(as_one).slots("conf")


@given(st.lists(choices), choices)
def test_adding_again_changes_nothing(before: list[Choice], one: Choice) -> None:
    once = EMPTY.adding(before).adding([one])

    assert once.adding([one]) == once
    assert once.adding([*before, one]) == once


@given(st.lists(choices), choices)
def test_removing_again_changes_nothing(before: list[Choice], one: Choice) -> None:
    once = EMPTY.adding(before).removing(one)

    assert once.removing(one) == once


@given(st.lists(choices), choices)
def test_removing_takes_away_that_and_nothing_else(before: list[Choice], one: Choice) -> None:
    itinerary = EMPTY.adding(before)

    left = itinerary.removing(one).choices

    for each in itinerary.choices:
        is_it = (each.event, each.session) == (one.event, one.session)
        assert (each in left) == (not is_it or (one.slot is not None and one.slot != each.slot))
    assert [each for each in itinerary.choices if each in left] == list(left)


@given(st.lists(choices), choices)
def test_adding_then_removing_leaves_what_was(before: list[Choice], one: Choice) -> None:
    itinerary = EMPTY.adding(before)

    assert itinerary.adding([one]).removing(one) == itinerary.removing(one)


def test_adding_stops_at_the_limit() -> None:
    full = EMPTY.adding(choice(f"talk-{number}") for number in range(MAX_SESSIONS))

    with pytest.raises(TooManySessionsError) as raised:
        full.adding([choice("one-more")])

    assert str(raised.value) == "My calendar holds 500 sessions at most; remove some first."
    assert full.adding([choice("talk-0")]) == full
    assert len(full.removing(choice("talk-0")).adding([choice("one-more")]).choices) == MAX_SESSIONS


@given(st.lists(st.booleans()))
def test_sharing_gives_a_key_that_never_was(switched: list[bool]) -> None:
    edit_key, itinerary = new_edit_key(), EMPTY
    given_keys = []

    for is_on in switched:
        was_on = itinerary.share > 0
        itinerary = itinerary.sharing(is_on=is_on)
        share_key = keys(edit_key, itinerary).share
        assert (share_key is not None) == is_on
        if is_on and not was_on:
            given_keys.append(share_key)

    assert len(set(given_keys)) == len(given_keys)


def test_rotated_has_another_feed_key_alone() -> None:
    edit_key = new_edit_key()
    before = EMPTY.adding([choice("a")]).sharing(is_on=True)

    after = before.rotated().rotated()

    assert after == before.model_copy(update={"generation": 3})
    assert keys(edit_key, after)._replace(feed="") == keys(edit_key, before)._replace(feed="")
    assert keys(edit_key, after).feed != keys(edit_key, before).feed


# --- overlaps -----------------------------------------------------------------------------

DAY = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    venue: Old Hall
    rooms: [{name: Annex, place: New Hall}]
    sessions:
"""


def entries(*sessions: str) -> tuple[Entry, ...]:
    """Return the entries of an event with these sessions."""
    return schedule_of(DAY + "".join(f"      - {{{each}}}\n" for each in sessions)).entries


def pairs(found: list[Overlap]) -> list[tuple[str | None, str | None, int]]:
    """Return overlaps by the ids of their sessions."""
    return [(each.first.session, each.second.session, each.minutes) for each in found]


@pytest.mark.parametrize(
    ("times", "minutes"),
    [
        (("09:00-10:00", "09:30-10:30"), 30),
        (("09:00-10:00", "09:00-10:00"), 60),
        (("09:00-12:00", "10:00-10:20"), 20),
        (("09:00-10:00", "09:59-11:00"), 1),
        (("09:00-09:30", "09:00-12:00"), 30),
    ],
)
def test_overlaps_tell_how_long(times: tuple[str, str], minutes: int) -> None:
    first, second = times

    found = overlaps(entries(f"id: a, title: A, when: {first}", f"id: b, title: B, when: {second}"))

    assert pairs(found) == [("a", "b", minutes)]


@pytest.mark.parametrize(
    ("rooms", "gap", "changeover", "expected"),
    [
        (("Hall A", "Hall B"), 0, 0, []),
        (("Hall A", "Hall B"), 0, 5, [("a", "b", 0)]),
        (("Hall A", "Hall B"), 4, 5, [("a", "b", -4)]),
        (("Hall A", "Hall B"), 5, 5, []),
        (("Hall A", "Hall A"), 0, 30, []),
        (("Hall A", "Annex"), 0, 5, [("a", "b", 0)]),
        (("Hall A", None), 0, 5, [("a", "b", 0)]),
        ((None, None), 0, 5, []),
    ],
)
def test_overlaps_leave_time_to_walk(
    rooms: tuple[str | None, str | None],
    gap: int,
    changeover: int,
    expected: list[tuple[str, str, int]],
) -> None:
    first, second = (f", room: {room}" if room else "" for room in rooms)

    found = overlaps(
        entries(
            f"id: a, title: A, when: 09:00-10:00{first}",
            f"id: b, title: B, when: 10:{gap:02}-11:00{second}",
        ),
        changeover,
    )

    assert pairs(found) == expected


def test_overlaps_know_rooms_of_one_name_in_two_buildings() -> None:
    here = entries("id: a, title: A, when: 09:00-10:00, room: Hall A")
    there = publish(
        event_of(
            """
            name: Elsewhere
            timezone: Europe/Berlin
            date: 2027-06-15
            venue: New Hall
            sessions: [{id: b, title: B, when: 10:00-11:00, room: Hall A}]
            """,
            "other",
        ),
        None,
        datetime(2027, 1, 1, tzinfo=UTC),
    ).entries

    assert pairs(overlaps([*here, *there], 5)) == [("a", "b", 0)]
    assert pairs(overlaps([*here, *there], 0)) == []


@pytest.mark.parametrize("whole", ["a-whole", "z-whole"])
def test_overlaps_are_not_between_a_part_and_its_whole(whole: str) -> None:
    # The order of ids is the order of entries that start together.
    found = overlaps(
        entries(
            f"id: {whole}, title: Posters, kind: poster-session, when: 12:00-13:00, room: Hall A",
            f"id: m-part, title: A poster, kind: poster, part_of: {whole}, room: Board 7",
            f"id: n-part, title: A talk, when: 12:30-12:45, part_of: {whole}",
        ),
        10,
    )

    assert pairs(found) == [("m-part", "n-part", 15)]


def test_overlaps_are_not_between_parts_of_one_whole_in_one_room() -> None:
    posters = entries(
        "id: posters, title: Posters, kind: poster-session, when: [09:00-10:00, 11:00-12:00]",
        "id: one, title: One, kind: poster, part_of: posters",
        "id: two, title: Two, kind: poster, part_of: posters",
        "id: talk, title: Talk, when: 11:30-12:30",
    )

    assert pairs(overlaps(posters)) == [
        ("one", "talk", 30),
        ("posters", "talk", 30),
        ("two", "talk", 30),
    ]


def test_overlaps_are_between_parts_of_one_whole_in_two_rooms() -> None:
    block = entries(
        "id: block, title: Block, when: 09:00-12:00",
        "id: one, title: One, part_of: block, when: 09:00-10:00, room: Hall A",
        "id: two, title: Two, part_of: block, when: 09:30-10:30, room: Hall B",
    )

    assert pairs(overlaps(block)) == [("one", "two", 30)]


def test_overlaps_are_not_of_what_is_cancelled_or_has_no_time() -> None:
    found = overlaps(
        entries(
            "id: a, title: A, when: 09:00-10:00",
            "id: b, title: B, when: 09:00-10:00, status: cancelled",
            "id: c, title: C",
            "id: d, title: D",
        )
    )

    assert found == []


def test_overlaps_are_in_the_order_of_time_whatever_that_of_choosing() -> None:
    day = entries(
        "id: late, title: L, when: 10:30-12:00",
        "id: early, title: E, when: 09:00-11:00",
        "id: between, title: B, when: 10:00-10:45",
    )

    expected = [("early", "between", 45), ("early", "late", 30), ("between", "late", 15)]
    assert pairs(overlaps(day)) == pairs(overlaps(day[::-1])) == expected


times = st.lists(
    st.tuples(st.integers(0, 60), st.integers(1, 60), st.sampled_from(["Hall A", "Hall B"])),
    max_size=8,
)


@given(times, st.integers(0, 30))
def test_overlaps_are_those_of_all_pairs(
    times: list[tuple[int, int, str]], changeover: int
) -> None:
    shown = [
        f"id: s{number}, title: S, when: {clock(start)}-{clock(start + length)}, room: {room}"
        for number, (start, length, room) in enumerate(times)
    ]

    found = overlaps(entries(*shown), changeover)

    expected = {}
    for second, (start, length, room) in enumerate(times):
        for first, (earlier, its_length, its_room) in enumerate(times):
            if (earlier, f"s{first}") < (start, f"s{second}"):
                together = min(earlier + its_length, start + length) - start
                if together > (0 if room == its_room else -changeover):
                    expected[f"s{first}", f"s{second}"] = together
    assert {(one, other): minutes for one, other, minutes in pairs(found)} == expected


def clock(minutes: int) -> str:
    """Return the time that many minutes after nine."""
    return f"{9 + minutes // 60:02}:{minutes % 60:02}"


def test_overlaps_are_not_between_real_posters_of_one_session(ai_data: Schedule) -> None:
    posters = [entry for entry in ai_data.entries if entry.content.kind == "poster"]
    lunch = ai_data.of_session("lunch-posters")

    assert len(posters) == 84
    assert overlaps([*posters, *lunch]) == []
