"""Three states of an agenda, of which each field is what it should be afterwards."""

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from foreign import SOURCE, drawn, talk
from hypothesis import given
from hypothesis import strategies as st

from calsvc.errors import SourceError
from calsvc.importers.drafts import DraftPerson, DraftSession
from calsvc.importers.drawing.drawing import Drawing
from calsvc.importers.updating.merging import Merge, merge
from calsvc.importers.updating.revising import applied
from calsvc.importers.updating.snapshots import Snapshot, is_same


def first_of(drawing: Drawing) -> Snapshot:
    """Return what is remembered of a first import."""
    merged = merge({**drawing.mapping, "sessions": []}, None, drawing, SOURCE, "frab-json")
    assert merged.snapshot
    return merged.snapshot


def again(before: Drawing, after: Drawing, file: Any = None) -> tuple[Merge, dict[str, Any]]:
    """Return the merge of a later state, and what the file has then.

    ``file`` is the mapping of the event file; as the first import made it, if nothing is said.
    """
    current = file or before.mapping
    merged = merge(current, first_of(before), after, SOURCE, "frab-json")
    return merged, applied(current, merged)


def one(**fields: Any) -> Drawing:
    return drawn(talk("One", "2027-06-15 09:00", "2027-06-15 10:00", key="1", **fields))


# --- one field ----------------------------------------------------------------------------

VALUES = (None, "A", "B", "C")


@pytest.mark.parametrize(("said", "mine", "theirs"), [*product(VALUES, VALUES, VALUES)])
def test_field_is_the_one_that_was_changed(
    said: str | None, mine: str | None, theirs: str | None
) -> None:
    before, after = one(room=said), one(room=theirs)
    file = {**before.mapping, "sessions": [{**before.sessions[0]}]}
    file["sessions"][0].pop("room", None)
    if mine:
        file["sessions"][0]["room"] = mine

    merged, now = again(before, after, file)

    expected = theirs if mine == said else mine
    assert now["sessions"][0].get("room") == expected
    assert bool(merged) == (expected != mine)
    is_told = mine not in (said, theirs) and (said or theirs)  # what is only added is not
    assert bool(merged.kept) == bool(is_told)


@pytest.mark.parametrize(
    ("said", "theirs", "told"),
    [
        ("A", "A", "session one: room stays 'B', as you wrote it; the source has 'A'"),
        (
            "A",
            "C",
            "session one: room stays 'B', as you wrote it; the source now has 'C' instead of 'A'",
        ),
        ("A", None, "session one: room stays 'B', as you wrote it; the source now has nothing"),
    ],
)
def test_what_stays_is_told(said: str, theirs: str | None, told: str) -> None:
    before = one(room=said)
    file = {**before.mapping, "sessions": [{**before.sessions[0], "room": "B"}]}

    merged, _ = again(before, one(room=theirs), file)

    (kept,) = merged.kept
    assert kept.startswith(told)


@pytest.mark.parametrize(("mine", "theirs"), [*product(VALUES, VALUES)])
def test_source_wins_where_nothing_is_remembered(mine: str | None, theirs: str | None) -> None:
    file = one(room=mine).mapping

    merged = merge(file, None, one(room=theirs), SOURCE, "frab-json")

    assert applied(file, merged)["sessions"][0].get("room") == (theirs or mine)
    assert merged.kept == []


def test_hand_made_fields_and_sessions_stay() -> None:
    before = one(room="A")
    session = {**before.sessions[0], "description": "Mine.", "status": "cancelled"}
    own = {"id": "dinner", "title": "Dinner", "when": "2027-06-15 19:00-22:00"}
    file = {**before.mapping, "venue": "Zentrum", "sessions": [session, own]}

    merged, now = again(before, one(room="B"), file)

    assert now == {**file, "sessions": [{**session, "room": "B"}, own]}
    assert merged.kept == []


def test_uid_alone_changes_nothing() -> None:
    """Some calendars have other uids at each fetch."""
    merged, _ = again(one(uid="a@example.org"), one(uid="b@example.org"))

    assert not merged


# --- the event ----------------------------------------------------------------------------


def days_of(fields: dict[str, Any]) -> tuple[str, str]:
    days = fields.get("dates") or {"from": fields["date"], "to": fields["date"]}
    return days["from"], days["to"]


def lasting(first: int, last: int) -> Drawing:
    return drawn(talk("One", f"2027-06-{first} 09:00"), talk("Two", f"2027-06-{last} 09:00"))


@pytest.mark.parametrize(
    ("said", "mine", "theirs", "expected"),
    [
        ((15, 15), (15, 15), (15, 16), (15, 16)),
        ((15, 16), (15, 16), (15, 15), (15, 15)),
        ((15, 16), (15, 17), (15, 16), (15, 17)),
        ((15, 16), (15, 17), (14, 16), (14, 17)),
        ((15, 16), (15, 17), (15, 18), (15, 18)),
        ((15, 15), (14, 15), (15, 16), (14, 16)),
    ],
)
def test_days_are_those_that_either_side_wants(
    said: tuple[int, int], mine: tuple[int, int], theirs: tuple[int, int], expected: tuple[int, int]
) -> None:
    before = lasting(*said)
    own = lasting(*mine).mapping
    file = {**{k: v for k, v in own.items() if k != "sessions"}, "sessions": before.sessions}

    _, now = again(before, lasting(*theirs), file)

    assert days_of(now) == tuple(f"2027-06-{day}" for day in expected)
    assert not {"date", "dates"} <= now.keys()


def in_zone(zone: str) -> Drawing:
    return drawn(talk("One", "2027-06-15 09:00", "2027-06-15 10:00", key="1"), timezone=zone)


def test_zone_of_the_source_is_taken_with_its_times() -> None:
    _, now = again(in_zone("Europe/Berlin"), in_zone("Europe/London"))

    assert now["timezone"] == "Europe/London"


def test_zone_is_not_taken_from_under_times_that_a_person_wrote() -> None:
    before = in_zone("Europe/Berlin")
    own = {"id": "dinner", "title": "Dinner", "when": "2027-06-15 19:00-22:00"}
    file = {**before.mapping, "sessions": [*before.sessions, own]}

    with pytest.raises(SourceError, match="you wrote some in Europe/Berlin: dinner"):
        again(before, in_zone("Europe/London"), file)


def test_times_of_another_zone_are_not_written_into_a_zone_that_a_person_chose() -> None:
    before = in_zone("Europe/Berlin")
    file = {**before.mapping, "timezone": "Europe/London"}

    with pytest.raises(SourceError, match="give --timezone Europe/London"):
        again(before, in_zone("Europe/Berlin"), file)


# --- which session is which ---------------------------------------------------------------

TIME = {"start": "2027-06-15 09:00", "end": "2027-06-15 10:00"}
LATER = {"start": "2027-06-15 11:00", "end": "2027-06-15 12:00"}


def at(title: str, key: str | None = None, who: str | None = None, **fields: Any) -> DraftSession:
    people = [DraftPerson(who)] if who else []
    return talk(title, key=key, people=people, **{**TIME, **fields})


OTHERS = [at(f"Other {n}", f"o{n}", start="2027-06-15 13:00", end=None) for n in range(4)]


@pytest.mark.parametrize(
    ("before", "after", "is_same_session"),
    [
        # the source's id
        (at("One", "1"), at("Uno", "1", **LATER), True),
        (at("One", "1"), at("Uno", "2", **LATER), False),
        # title and people, although the id is another one
        (at("One", "1", "Ada"), at("one", "2", "Ada", **LATER), True),
        (at("One", "1", "Ada"), at("One", "2", "Bo", **LATER), False),
        # title, time and room
        (at("One", "1"), at("One", "2"), True),
        (at("One", "1"), at("One", "2", **LATER), False),
        (at("One", "1"), at("Uno", "2"), False),
        # without ids
        (at("One"), at("One", **LATER), True),
        (at("One"), at("Uno"), True),
        (at("One", room="A"), at("Uno", room="B"), False),
        (at("One"), at("Uno", **LATER), False),
        # one of the two without
        (at("One"), at("One", "1", **LATER), True),
        (at("One", "1"), at("One", **LATER), True),
    ],
)
def test_session_is_known_among_others_whose_ids_last(
    before: DraftSession, after: DraftSession, is_same_session: bool
) -> None:
    merged, now = again(drawn(*OTHERS, before), drawn(*OTHERS, after))

    ids = [each["id"] for each in now["sessions"]]
    assert len(ids) == 5
    assert ("one" in ids) == is_same_session
    assert bool(merged.gone) == bool(merged.added) == (not is_same_session)


@pytest.mark.parametrize(
    ("title", "person", "is_same_session"),
    [
        ("One box and its lid", "Ada", True),
        ("One box and its lid", "Bo", False),
        ("Another box", "Ada", False),
    ],
)
def test_session_is_known_by_its_people_and_how_its_title_begins(
    title: str, person: str, is_same_session: bool
) -> None:
    before, after = at("One box", None, "Ada", room="A"), at(title, None, person, room="B", **LATER)

    merged, now = again(drawn(*OTHERS, before), drawn(*OTHERS, after))

    assert ("one-box" in [each["id"] for each in now["sessions"]]) == is_same_session
    assert bool(merged.gone) == (not is_same_session)


def test_what_a_person_wrote_into_a_session_that_has_gone_is_told() -> None:
    before = drawn(at("One", "1", room="A"), at("Two", "2"), at("Three", "3"))
    file = {**before.mapping, "sessions": [{**each} for each in before.sessions]}
    file["sessions"][0] |= {"room": "B", "description": "My own words."}

    merged, _ = again(before, drawn(at("Three", "3")), file)

    assert merged.gone == ["one", "two"]
    assert merged.lost == ["session one, in which you wrote room 'B', description 'My own words.'"]


def test_ids_that_were_all_replaced_do_not_matter() -> None:
    before = [at(f"Talk {n}", f"a{n}", start=f"2027-06-15 1{n}:00", end=None) for n in range(5)]
    after = [replace(each, key=f"b{n}") for n, each in enumerate(before)]
    after[0] = replace(after[0], title="Renamed")

    merged, now = again(drawn(*before), drawn(*after))

    assert [each["id"] for each in now["sessions"]] == [f"talk-{n}" for n in range(5)]
    assert merged.changed == {"talk-0": {"title": "Renamed"}}


def test_several_sessions_of_one_id_are_told_apart_by_title() -> None:
    """Some exports give one id to several sessions."""
    before = drawn(at("One", "1"), at("Two", "1"), at("Three", "1"))
    after = drawn(at("Three", "1"), at("One", "1", **LATER), at("Zwei", "1"))

    merged, now = again(before, after)

    assert [(each["id"], each["title"]) for each in now["sessions"]] == [
        ("one", "One"),
        ("two", "Zwei"),
        ("three", "Three"),
    ]
    assert not merged.gone and not merged.added


def test_sessions_of_one_title_are_known_by_their_times() -> None:
    lunches = [
        talk("Lunch", f"2027-06-{day} 12:00", f"2027-06-{day} 13:00") for day in (15, 16, 17)
    ]
    days = {"first_day": None, "timezone": "Europe/Berlin"}

    merged, now = again(drawn(*lunches, **days), drawn(lunches[2], lunches[1], **days))

    assert merged.gone == ["lunch"]
    assert [each["id"] for each in now["sessions"]] == ["lunch-2", "lunch-3"]
    assert not merged.changed


def test_id_of_what_has_gone_is_never_used_again() -> None:
    first = drawn(*OTHERS, at("Keynote", "1", "Ada"))
    file, snapshot = first.mapping, first_of(first)
    states = [
        drawn(*OTHERS),
        drawn(*OTHERS, at("Keynote", "2", "Bo", **LATER)),
        drawn(*OTHERS, at("Keynote", "2", "Bo", **LATER), at("Keynote", "1", "Ada")),
    ]
    ids = []
    for state in states:
        merged = merge(file, snapshot, state, SOURCE, "frab-json")
        assert merged.snapshot
        file, snapshot = applied(file, merged), merged.snapshot
        ids.append([(each["id"], each.get("people")) for each in file["sessions"][4:]])

    assert ids == [
        [],
        [("keynote-2", ["Bo"])],
        [("keynote-2", ["Bo"]), ("keynote", ["Ada"])],  # it is back
    ]


def test_session_that_a_person_took_out_stays_out() -> None:
    before = drawn(*OTHERS, at("One", "1"), at("Part", "2", part_of=["1"]))
    file = {**before.mapping, "sessions": before.sessions[:4]}

    merged, now = again(before, before, file)

    assert len(now["sessions"]) == 4
    assert merged.kept == [
        "session one is left out, as you took it out of the file",
        "session part is left out, as you took it out of the file",
    ]


def test_new_part_of_what_a_person_took_out_stands_alone() -> None:
    before = drawn(*OTHERS, at("One", "1"))
    file = {**before.mapping, "sessions": before.sessions[:4]}

    _, now = again(before, drawn(*OTHERS, at("One", "1"), at("Part", "2", part_of=["1"])), file)

    assert now["sessions"][-1] == {
        "id": "part",
        "title": "Part",
        "when": "2027-06-15 09:00-10:00",
    }


def test_id_that_a_person_changed_goes_on() -> None:
    before = drawn(*OTHERS, at("One", "1", "Ada"), at("Part", "2", part_of=["1"]))
    sessions = [{**each} for each in before.sessions]
    sessions[4] |= {"id": "uno", "title": "One"}
    sessions[5] |= {"part_of": "uno"}
    after = drawn(*OTHERS, at("One", "1", "Ada", **LATER), at("Part", "2", part_of=["1"]))

    merged, now = again(before, after, {**before.mapping, "sessions": sessions})

    assert merged.changed == {"uno": {"when": "2027-06-15 11:00-12:00"}}
    assert [each["id"] for each in now["sessions"][4:]] == ["uno", "part"]
    assert merged.snapshot and merged.snapshot.keys["uno"] == "1"


def test_hand_made_session_of_a_common_title_is_not_the_sources() -> None:
    before = drawn(*OTHERS)
    own = {"id": "dinner", "title": "Dinner", "when": "2027-06-15 19:00-22:00"}
    file = {**before.mapping, "sessions": [*before.sessions, own]}

    _, now = again(before, drawn(*OTHERS, at("Dinner", "9")), file)

    assert now["sessions"][-1]["id"] in {"dinner", "dinner-2"}
    assert own in now["sessions"]
    assert len(now["sessions"]) == 6


def test_import_that_ended_between_its_two_files_is_made_again() -> None:
    """The event file has the new state, and what is remembered is the old one."""
    before = drawn(*OTHERS)
    after = drawn(*OTHERS, at("Lunch", "9"), at("Talk", "10", "Ada"))

    merged, now = again(before, after, after.mapping)

    assert not merged
    assert now == after.mapping


def test_new_sessions_stand_where_the_source_has_them() -> None:
    before = drawn(OTHERS[0], OTHERS[1])
    after = drawn(at("A", "1"), at("B", "2"), OTHERS[0], at("C", "3"), at("D", "4"), OTHERS[1])

    _, now = again(before, after)

    assert [each["id"] for each in now["sessions"]] == ["a", "b", "other-0", "c", "d", "other-1"]


# --- by chance ----------------------------------------------------------------------------

TALKS = st.builds(
    at,
    st.sampled_from(["Lunch", "Talk", "Keynote", "Break"]),
    st.sampled_from([None, None, "1", "2", "3", "4"]),
    st.sampled_from([None, "Ada", "Bo"]),
    start=st.sampled_from([f"2027-06-15 {hour}:00" for hour in range(10, 14)]),
    end=st.none(),
    room=st.sampled_from([None, "A", "B"]),
)
STATES = st.lists(TALKS, min_size=1, max_size=6)


@given(states=st.lists(STATES, min_size=2, max_size=4))
def test_file_is_always_what_its_source_says(states: list[list[DraftSession]]) -> None:
    """No session is lost or doubled, no id is given twice, and one state makes no change."""
    drawings = [drawn(*state) for state in states]
    file, snapshot = drawings[0].mapping, first_of(drawings[0])
    for drawing in drawings[1:]:
        merged = merge(file, snapshot, drawing, SOURCE, "frab-json")
        assert merged.snapshot
        file, snapshot = applied(file, merged), merged.snapshot

        ids = [each["id"] for each in file["sessions"]]
        assert len(set(ids)) == len(ids)
        assert sorted(map(told, file["sessions"])) == sorted(map(told, drawing.sessions))
        assert merged.kept == []
        assert not merge(file, snapshot, drawing, SOURCE, "frab-json")


def told(session: dict[str, Any]) -> str:
    """Return all that a session says but for its id."""
    return str(sorted((key, str(value)) for key, value in session.items() if key != "id"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("101", 101, True),
        (["a"], "a", True),
        ([], None, True),
        ("a  b\n", "a b", True),
        ({"name": "A", "url": None}, {"name": "A"}, True),
        ("a", "b", False),
        (["a", "b"], ["b", "a"], False),
        (True, "true", False),
        (None, "a", False),
        ({"name": "A"}, "A", False),
    ],
)
def test_values_that_mean_the_same_are_the_same(one: Any, other: Any, same: bool) -> None:
    assert is_same(one, other) == same
