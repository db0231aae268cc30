"""Filters: which sessions a selection holds, and its words."""

import pytest
from conftest import BASE_URL
from selections import PROGRAMME, SCHEDULE, parsed

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.selection import FILTERS, TOLD


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


# --- feeds --------------------------------------------------------------------------------


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
    first, second = (event_feed(blocks, parsed(each)) for each in (one, other))
    assert first._replace(content=second.content) == second
    assert (first.body, first.etag) == (second.body, second.etag)


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
    assert parsed(query).told() == words


def test_calendar_of_a_filter_is_named_in_the_event_s_language() -> None:
    german = SCHEDULE.event.model_copy(update={"name": "Konf", "language": "de-AT"})
    query = "room=!Hall+A&kind=poster&kind=talk&kind=x&speaker=ada&day=2025-06-25&q=graph"

    assert parsed(query).titled(german) == (
        "Konf: Art Poster oder Vortrag oder x, Person ada, Suche graph, Tag 2025-06-25,"
        " nicht Raum hall-a"
    )
    assert parsed("").titled(german) == "Konf"
    assert set(TOLD) == {*FILTERS, "series"}
