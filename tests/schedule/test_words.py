"""Searches in many texts find what a look into each text finds, at once for all of them."""

import pytest
from conftest import schedule_of
from hypothesis import example, given
from hypothesis import strategies as st

from calsvc.agenda.names import in_address, plain
from calsvc.schedule import selection
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import FILTERS
from calsvc.schedule.words import Words

LETTERS = st.text("abé日", min_size=1, max_size=6)
TEXTS = st.lists(st.lists(LETTERS, max_size=5).map(" ".join), max_size=6)


@given(texts=TEXTS, asked=st.lists(LETTERS, max_size=4).map(" ".join))
@example(texts=["", "a"], asked="")
@example(texts=["abab ab", "baba", "abba"], asked="abab ab")
@example(texts=["ab ab"], asked="abab")
def test_words_are_where_each_text_has_them(texts: list[str], asked: str) -> None:
    places = Words(texts).places(asked)

    assert places == {
        place
        for place, text in enumerate(texts)
        if all(letters in text for letters in asked.split())
    }


AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2025-06-25
    tracks: [C++, Data]
    sessions:
      - {id: a-b, title: "Über Größe", when: "09:00-10:00", track: C++, people: ["Zoë A, ACME"]}
      - {id: a.b, title: Data data, when: "09:00-10:00", track: Data, room: Hall A, tags: [x, y]}
      - {id: part, title: Part, part_of: a-b, kind: poster, tags: ["Y"]}
      - {id: later, title: Later, description: "ＮＥＴ *works*", tags: [x]}
    """
SCHEDULE = schedule_of(AGENDA)
VALUES = (
    "c c-plus-plus data hall-a x y z zoe-a zoe-a-acme poster talk 2025-06-25 a-b a.b part"
    " grosse uber net data+data dat+a acme"
).split()


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(list(FILTERS)),
            st.sampled_from([*VALUES, *(f"!{value}" for value in VALUES)]),
        ),
        max_size=4,
    )
)
def test_entries_are_those_whose_own_values_match(pairs: list[tuple[str, str]]) -> None:
    schedule = SCHEDULE
    asked = selection_of([("parts", "yes"), *((name, v.replace("+", " ")) for name, v in pairs)])
    meant = asked.meant(schedule)

    def has(place: int, name: str, value: str) -> bool:
        entry = schedule.entries[place]
        if name == "q":
            content = entry.content
            words = [content.title, content.description, content.track, content.room]
            words += [*content.tags]
            words += [part for each in content.people for part in (each.name, each.organization)]
            return all(word in plain(" ".join(filter(None, words))) for word in value.split())
        if name == "session":
            return entry.session == value
        return value in map(in_address, filter(None, FILTERS[name](entry, schedule.event)))

    found = [
        entry
        for place, entry in enumerate(schedule.entries)
        if not entry.is_banner
        and (entry.content.slot or "session" in meant.wanted)
        and all(any(has(place, name, v) for v in values) for name, values in meant.wanted.items())
        and not any(has(place, name, v) for name, values in meant.unwanted.items() for v in values)
    ]

    assert asked.entries(schedule) == found


def test_text_of_an_entry_is_made_plain_once(monkeypatch: pytest.MonkeyPatch) -> None:
    schedule = schedule_of(AGENDA)
    made = []

    def counted(text: str) -> str:
        made.append(text)
        return plain(text)

    monkeypatch.setattr(selection, "plain", counted)

    selection_of([("q", "data über data"), ("q", "!zoe"), ("q", "net")]).entries(schedule)
    selection_of([("q", "acme")]).entries(schedule)

    assert len(made) == len(schedule.entries) - 1  # the banner has no part in it


def test_copy_of_a_schedule_is_searched_anew() -> None:
    schedule = schedule_of(AGENDA)
    asked = selection_of([("q", "data")])
    assert [entry.session for entry in asked.entries(schedule)] == ["a.b"]

    copied = schedule.model_copy(update={"entries": schedule.entries[:2]})

    assert [entry.session for entry in copied.entries] == [None, "a-b"]
    assert asked.entries(copied) == []
    assert (len(schedule.of_session("a.b")), copied.of_session("a.b")) == (1, ())
