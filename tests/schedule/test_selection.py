"""Filters: what a query string selects, and its one canonical form."""

from random import Random
from urllib.parse import parse_qsl

import pytest
from conftest import BASE_URL, schedule_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calsvc.addresses import Addresses
from calsvc.agenda.fields import slug
from calsvc.errors import QueryError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.display import MAX_ALARM, Display
from calsvc.schedule.query import MAX_VALUES, UNFIT, selection_of
from calsvc.schedule.selection import FILTERS, OPTIONS, Selection

KNOWN = (
    "The parameters are: track, kind, room, speaker, tag, language, level, day, session, q,"
    " alarm, busy, cancelled, banner, parts."
)
SCHEDULE = schedule_of(
    """
    name: Filter Conference
    timezone: America/Los_Angeles
    dates: {from: 2025-06-25, to: 2025-06-26}
    language: en
    sessions:
      - {id: registration, title: Registration, kind: registration, when: 2025-06-25 08:00-09:00}
      - id: keynote
        title: Café Keynote
        kind: keynote
        when: 2025-06-25 09:00-10:00
        room: Hall A
        track: Data
        tags: [Big Data, intro]
        level: Beginner
        people: ["Jelena Pješivac-Grbović, Meta"]
      - id: agents
        title: Agents
        when: 2025-06-25 23:30-24:00
        room: Hall B
        track: AI & ML
        language: pt-BR
        level: "007"
        description: How much trust an agent deserves.
        people: [Ada Example, {name: Bob Example, role: moderator}]
      - {id: posters, title: Poster Session, kind: poster-session, when: 2025-06-26 10:00-11:00}
      - id: cloning
        title: Zero-Copy Cloning
        kind: poster
        part_of: posters
        tags: intro
        room: ★
        people: [Cem Example]
      - id: dropped
        title: Dropped
        kind: break
        status: cancelled
        when: 2025-06-26 11:00-12:00
        room: Hall A
      - {id: closing, title: To be announced, kind: closing}
      - {id: never, title: Never, kind: social, status: cancelled}
    """
)
PROGRAMME = ["registration", "keynote", "agents", "posters", "dropped"]


def parsed(query: str) -> Selection:
    """Return the selection of a query string."""
    return selection_of(parse_qsl(query, keep_blank_values=True))


def sessions_of(query: str) -> list[str | None]:
    """Return the sessions that a query string selects."""
    return [entry.session for entry in parsed(query).entries(SCHEDULE)]


# --- filters ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("", PROGRAMME),
        ("track=Data", ["keynote"]),
        ("track=ai-ml", ["agents"]),
        ("track=AI+%26+ML", ["agents"]),
        ("kind=keynote", ["keynote"]),
        ("kind=talk", ["agents"]),
        ("room=Hall+A", ["keynote", "dropped"]),
        ("room=hall-b", ["agents"]),
        ("room=Hall", []),
        ("speaker=jelena-pjesivac-grbovic", ["keynote"]),
        ("speaker=Jelena+Pješivac+Grbović", ["keynote"]),
        ("speaker=bob-example", ["agents"]),
        ("tag=big-data", ["keynote"]),
        ("language=en", ["registration", "keynote", "posters", "dropped"]),
        ("language=pt", ["agents"]),
        ("language=pt-br", ["agents"]),
        ("language=PT-BR", ["agents"]),
        ("language=pt-PT", []),
        ("level=beginner", ["keynote"]),
        ("level=007", ["agents"]),
        ("level=7", []),
        # 23:30 in Los Angeles is the next day in UTC.
        ("day=2025-06-25", ["registration", "keynote", "agents"]),
        ("day=2025-06-26", ["posters", "dropped"]),
        ("day=2025-06-27", []),
        ("day=tomorrow", []),
        ("session=agents", ["agents"]),
        ("session=Agents", ["agents"]),
        ("session=nobody", []),
        ("q=cafe", ["keynote"]),
        ("q=CAFÉ+keynote", ["keynote"]),
        ("q=keynote+café+data+hall", ["keynote"]),
        ("q=keynote+agents", []),
        ("q=trust", ["agents"]),
        ("q=meta", ["keynote"]),
        ("q=big+data", ["keynote"]),
    ],
)
def test_filter_selects(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("kind=!break", ["registration", "keynote", "agents", "posters"]),
        ("kind=!break&kind=!talk", ["registration", "keynote", "posters"]),
        ("room=!hall-a", ["registration", "agents", "posters"]),
        ("room=hall-a&kind=!break", ["keynote"]),
        ("kind=talk&kind=!talk", []),
        ("q=!café+hall", ["registration", "agents", "posters", "dropped"]),
        ("kind=!!break", ["registration", "keynote", "agents", "posters"]),
        ("kind=%EF%BC%81break", ["registration", "keynote", "agents", "posters"]),
    ],
)
def test_filter_with_exclamation_mark_leaves_out(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("kind=talk&kind=keynote", ["keynote", "agents"]),
        ("kind=talk&kind=talk", ["agents"]),
        ("room=hall-a&room=hall-b&kind=talk", ["agents"]),
        ("track=data&room=hall-b", []),
        ("q=trust&q=meta", ["keynote", "agents"]),
    ],
)
def test_values_are_alternatives_and_names_must_all_hold(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("parts=yes", ["registration", "keynote", "agents", "cloning", "posters", "dropped"]),
        ("parts=no", PROGRAMME),
        ("kind=poster", ["cloning"]),
        ("kind=poster&kind=talk", ["agents", "cloning"]),
        ("speaker=cem-example", ["cloning"]),
        ("session=cloning", ["cloning"]),
        ("session=posters", ["posters"]),
        ("tag=intro", ["keynote", "cloning"]),
        ("q=cloning", ["cloning"]),
        ("q=zero+copy", ["cloning"]),
        # What a filter leaves out asks for nothing, and a day or a room is not of one part.
        ("kind=!talk", ["registration", "keynote", "posters", "dropped"]),
        ("day=2025-06-26", ["posters", "dropped"]),
        ("room=★", []),
        ("room=★&parts=yes", ["cloning"]),
        ("room=☆&parts=yes", []),
    ],
)
def test_parts_are_selected_when_asked_for(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("session=closing", ["closing"]),
        ("session=closing&session=agents", ["agents", "closing"]),
        ("session=!closing", PROGRAMME),
        ("kind=closing", []),
        ("q=announced", []),
        ("session=never", []),
    ],
)
def test_announced_session_is_selected_by_its_id_alone(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


@pytest.mark.parametrize(
    ("query", "sessions"),
    [
        ("cancelled=status", PROGRAMME),
        ("cancelled=mark", PROGRAMME),
        ("cancelled=drop", ["registration", "keynote", "agents", "posters"]),
        ("cancelled=drop&kind=break", []),
    ],
)
def test_cancelled_sessions_are_left_out_when_asked_for(query: str, sessions: list[str]) -> None:
    assert sessions_of(query) == sessions


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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kind=talk&room=Hall+A", "room=hall-a&kind=talk"),
        ("kind=talk&kind=keynote", "kind=keynote&kind=talk&kind=keynote"),
        ("speaker=Jelena+Pješivac-Grbović", "speaker=jelena-pjesivac-grbovic"),
        ("kind=TALK", "kind=talk&v=7&utm_source=mail"),
        ("banner=yes", ""),
        ("alarm=5", "alarm=005"),
    ],
)
def test_equal_selections_are_one_feed(one: str, other: str) -> None:
    blocks = Blocks(SCHEDULE, Addresses(BASE_URL))

    assert parsed(one) == parsed(other)
    assert event_feed(blocks, parsed(one)) == event_feed(blocks, parsed(other))
    assert event_feed(blocks, parsed(one)).etag == event_feed(blocks, parsed(other)).etag


def test_other_selections_are_other_feeds() -> None:
    queries = ["", "kind=talk", "kind=!talk", "room=hall-a", "alarm=5", "busy=yes", "banner=no"]
    queries += ["parts=yes", "cancelled=mark", "cancelled=drop", "kind=none", "q=none"]
    blocks = Blocks(SCHEDULE, Addresses(BASE_URL))

    etags = {event_feed(blocks, parsed(query)).etag for query in queries}

    assert len(etags) == len(queries)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ""),
        ("alarm=5", ""),
        ("kind=poster", "kind poster"),
        ("room=!Hall+A&kind=poster&kind=talk", "kind poster or talk, not room hall-a"),
    ],
)
def test_words_name_the_filters(query: str, words: str) -> None:
    assert parsed(query).words == words


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


# --- slugs --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hall A", "hall-a"),
        ("  AI & ML ", "ai-ml"),
        ("snake_case", "snake-case"),
        ("Jelena Pješivac-Grbović", "jelena-pjesivac-grbovic"),
        ("Straße", "strasse"),
        ("ﬁne", "fine"),
        ("Ünïcödé x²", "unicode-x2"),
        ("Αθήνα", "αθηνα"),
        ("Йога", "йога"),
        ("हिन्दी", "हिन्दी"),
        ("がぎ", "がぎ"),
        ("한국어", "한국어"),
        ("★", ""),
        ("", ""),
    ],
)
def test_slug_is_a_text_as_words(text: str, words: str) -> None:
    assert slug(text) == words


@given(st.text())
@settings(max_examples=200)
def test_slug_of_a_slug_is_the_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)
