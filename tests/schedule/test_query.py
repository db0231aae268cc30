"""Query strings: the selection that each means, and its one canonical form."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from selections import SCHEDULE, parsed

from calsvc.errors import QueryError
from calsvc.schedule.display import MAX_ALARM, Display
from calsvc.schedule.query import MAX_VALUES, UNFIT, selection_of
from calsvc.schedule.selection import FILTERS, OPTIONS, Selection

KNOWN = (
    "The parameters are: track, kind, room, speaker, tag, language, level, day, session, q,"
    " alarm, busy, cancelled, banner, parts."
)


# --- options ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "selection"),
    [
        ("", Selection()),
        ("alarm=0", Selection(display=Display(alarm=0))),
        ("alarm=+10+", Selection(display=Display(alarm=10))),
        ("alarm=010", Selection(display=Display(alarm=10))),
        (f"alarm={MAX_ALARM}", Selection(display=Display(alarm=MAX_ALARM))),
        ("busy=yes", Selection(display=Display(busy=True))),
        ("busy=no", Selection(display=Display(busy=False))),
        ("cancelled=mark", Selection(display=Display(cancelled="mark"))),
        ("banner=no", Selection(banner=False)),
        ("banner=yes", Selection()),
        ("parts=yes&parts=yes", Selection(parts=True)),
        ("kind=b&kind=!c&kind=a", Selection({"kind": ("a", "b")}, {"kind": ("c",)})),
    ],
)
def test_query_gives_the_selection(query: str, selection: Selection) -> None:
    assert parsed(query) == selection


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("colour=red", f"Unknown parameter 'colour'. {KNOWN}"),
        ("Kind=talk", f"Unknown parameter 'Kind'. Did you mean kind? {KNOWN}"),
        ("speakers=x", f"Unknown parameter 'speakers'. Did you mean speaker? {KNOWN}"),
        ("=x", f"Unknown parameter ''. {KNOWN}"),
        ("series=x", f"Unknown parameter 'series'. {KNOWN}"),
        ("alarm=soon", f"alarm=soon cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=-5", f"alarm=-5 cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=", f"alarm= cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=40321", f"alarm=40321 cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=000000099999", f"alarm=000000099999 cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=%D9%A3", f"alarm=٣ cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("alarm=%C2%B2", f"alarm=² cannot be: give minutes, 0 to {MAX_ALARM}."),
        ("busy=maybe", "busy=maybe cannot be: give yes or no."),
        ("busy=", "busy= cannot be: give yes or no."),
        ("banner=0", "banner=0 cannot be: give yes or no."),
        ("cancelled=hide", "cancelled=hide cannot be: give status, mark or drop."),
        ("alarm=5&alarm=10", "alarm is given twice: '5' and '10'."),
    ],
)
def test_query_that_cannot_be_is_an_error_that_says_what_can(query: str, words: str) -> None:
    with pytest.raises(QueryError) as caught:
        parsed(query)

    assert str(caught.value) == words


def test_query_of_another_address_names_its_own_parameters() -> None:
    with pytest.raises(QueryError) as caught:
        selection_of([("kind", "talk")], filters=("series",), options=("cancelled",))

    assert str(caught.value) == ("Unknown parameter 'kind'. The parameters are: series, cancelled.")


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=x&utm_medium=y&utm_=z",
        "gad_source=1&mc_cid=2&msclkid=3&_gl=4",
        "fbclid=1",
        "gclid=1",
        "v=2",
        "v=2&v=3",
        "v=",
    ],
)
def test_what_link_trackers_add_is_ignored(query: str) -> None:
    assert parsed(query) == Selection()
    assert parsed(f"kind=talk&{query}") == parsed("kind=talk")


@pytest.mark.parametrize("query", ["kind=", "kind=!", "kind=+", "q=", "q=!!", "kind=!+!", "room=́"])
def test_filter_without_a_value_is_ignored(query: str) -> None:
    assert parsed(query) == Selection()


def test_hundred_values_are_the_most() -> None:
    pairs = [("kind", f"k{number}") for number in range(MAX_VALUES)]

    assert len(selection_of([*pairs, *pairs]).wanted["kind"]) == MAX_VALUES
    with pytest.raises(QueryError) as caught:
        selection_of([*pairs, ("room", "!x")])
    assert str(caught.value) == "More than 100 values; ask for fewer."


# --- the canonical form -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("parts=no&banner=yes&cancelled=status", ""),
        ("room=Hall+A&kind=Talk&kind=!break", "kind=!break&kind=talk&room=hall-a"),
        ("kind=talk&kind=keynote&kind=talk", "kind=keynote&kind=talk"),
        ("q=++Big+++DATA", "q=big+data"),
        ("q=a%26b%3Dc", "q=a%26b%3Dc"),
        ("room=★", "room=%E2%98%85"),
        ("parts=yes&busy=no&alarm=05&banner=no", "alarm=5&banner=no&busy=no&parts=yes"),
        ("v=1&cancelled=drop&utm_x=1", "cancelled=drop"),
    ],
)
def test_selection_has_one_canonical_query(query: str, canonical: str) -> None:
    assert parsed(query).query == canonical


NAMES = st.sampled_from([*FILTERS, *FILTERS, "v", "utm_campaign"])
FIT = st.text(max_size=8).filter(lambda text: not UNFIT.search(text))
TEXTS = FIT | st.sampled_from(["Hall A", "!hall-a", "★", "！a", "́!x", "ﬁ", "ǰ"])
OPTION_PAIRS = st.fixed_dictionaries(
    {},
    optional={
        "alarm": st.integers(0, MAX_ALARM).map(str),
        "busy": st.sampled_from(["yes", "no"]),
        "cancelled": st.sampled_from(["status", "mark", "drop"]),
        "banner": st.sampled_from(["yes", "no"]),
        "parts": st.sampled_from(["yes", "no"]),
    },
).map(lambda options: list(options.items()))
PAIRS = st.tuples(st.lists(st.tuples(NAMES, TEXTS), max_size=8), OPTION_PAIRS).map(
    lambda both: [*both[0], *both[1]]
)


@given(PAIRS)
@example([("q", "！a")])
@example([("room", "!!!★")])
@settings(max_examples=200)
def test_canonical_query_gives_the_selection_again(pairs: list[tuple[str, str]]) -> None:
    selection = selection_of(pairs)

    again = parsed(selection.query)

    assert again == selection
    assert again.query == selection.query


@given(PAIRS, st.randoms(use_true_random=False))
@settings(max_examples=100)
def test_order_and_repetition_of_pairs_do_not_matter(
    pairs: list[tuple[str, str]], random: Random
) -> None:
    shuffled = [*pairs, *pairs]
    random.shuffle(shuffled)

    assert selection_of(shuffled) == selection_of(pairs)
    assert [each.uid for each in selection_of(shuffled).entries(SCHEDULE)] == [
        each.uid for each in selection_of(pairs).entries(SCHEDULE)
    ]


@given(st.lists(st.tuples(st.sampled_from([*FILTERS, *OPTIONS, "x", ""]), st.text()), max_size=4))
@settings(max_examples=100)
def test_any_query_gives_a_selection_or_an_error_for_its_author(
    pairs: list[tuple[str, str]],
) -> None:
    try:
        selection = selection_of(pairs)
    except QueryError as error:
        assert str(error).endswith(".")
    else:
        assert set(selection.entries(SCHEDULE)) <= set(SCHEDULE.entries)
