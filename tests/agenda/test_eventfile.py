"""The event file: whole files and folders, and the words for all that can be wrong with them."""

import json
import re
from pathlib import Path

import pytest
from agendas import ONE_DAY, errors_of
from conftest import PROJECT, event_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from calsvc.agenda import eventfile
from calsvc.agenda.eventfile import MAX_OCTETS
from calsvc.agenda.yamlfile import MAX_NODES
from calsvc.errors import EventFileError

BROKEN = Path(__file__).parent / "broken"


# --- the corpus ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_broken_file_says_what_is_wrong_where_and_what_to_do(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text("utf-8")

    found = errors_of(path.read_bytes().decode("utf-8"), path.name)

    assert found + "\n" == expected


def test_broken_files_and_their_words_stand_in_pairs() -> None:
    files = {path.stem for path in BROKEN.glob("*.yaml")}
    words = {path.stem for path in BROKEN.glob("*.txt")}

    assert len(files) >= 40
    assert files == words
    assert {path.suffix for path in BROKEN.iterdir()} == {".yaml", ".txt"}


# --- whole files --------------------------------------------------------------------------


def test_read_gives_the_event_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "small-2025.yaml"
    path.write_text(ONE_DAY, encoding="utf-8")

    event = eventfile.read(path)

    assert event.id == "small-2025"
    assert event == event_of(ONE_DAY, "small-2025")


def test_read_overlooks_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + ONE_DAY.replace("\n", "\r\n").encode())

    event = eventfile.read(path)

    assert event == event_of(ONE_DAY)


def test_error_in_a_file_with_windows_line_ends_has_its_line(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_bytes((ONE_DAY + "color: tael\nurl: \x01\n").replace("\n", "\r\n").encode())

    with pytest.raises(EventFileError) as caught:
        eventfile.read(path)

    assert str(caught.value) == f"{path}:5:6: has U+0001 (a control character); take it out"


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        pytest.param(
            ONE_DAY.encode() + "venue: Café Köln".encode("latin-1"),
            ":4:11: has octet 0xE9, which is not UTF-8; save the file as UTF-8",
            id="latin-1",
        ),
        pytest.param(
            ONE_DAY.encode("utf-16"),
            ":1:1: has octet 0xFF, which is not UTF-8; save the file as UTF-8",
            id="utf-16",
        ),
        pytest.param(
            b"\xef\xbb\xbfname: \xc3\xbc \xc3",
            ":1:9: has octet 0xC3, which is not UTF-8; save the file as UTF-8",
            id="cut-short",
        ),
        pytest.param(
            b"\x89PNG\r\n\x1a\n",
            ":1:1: has octet 0x89, which is not UTF-8; save the file as UTF-8",
            id="picture",
        ),
        pytest.param(
            b"PK\x03\x04", ":1:3: has U+0003 (a control character); take it out", id="archive"
        ),
        pytest.param(
            b"#" * (MAX_OCTETS + 1),
            ": has 16777217 octets; keep an event within 16777216 octets",
            id="too-large",
        ),
    ],
)
def test_read_refuses_a_file_that_holds_no_text(tmp_path: Path, octets: bytes, words: str) -> None:
    path = tmp_path / "conf.yaml"
    path.write_bytes(octets)

    with pytest.raises(EventFileError) as caught:
        eventfile.read(path)

    assert str(caught.value) == f"{path}{words}"


def test_read_tells_of_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"

    with pytest.raises(EventFileError) as caught:
        eventfile.read(path)

    assert str(caught.value) == (
        f"{path}: cannot be read: No such file or directory; check its name and rights"
    )


def test_read_reads_no_more_of_a_file_than_an_event_can_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(eventfile, "MAX_OCTETS", 100)
    path = tmp_path / "conf.yaml"
    path.symlink_to("/proc/cpuinfo")  # as a file that grows: it has no octets until it is read

    with pytest.raises(EventFileError) as raised:
        eventfile.read(path)

    assert str(raised.value) == f"{path}: has 101 octets; keep an event within 100 octets"


def test_read_tells_of_a_folder_in_the_place_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.mkdir()

    with pytest.raises(EventFileError) as caught:
        eventfile.read(path)

    assert str(caught.value) == f"{path}: is a folder; rename it, or take it out"


def test_read_hands_on_each_warning(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(ONE_DAY.replace("Europe/Berlin", "EST"), encoding="utf-8")
    warnings: list[str] = []

    eventfile.read(path, on_warning=lambda problem: warnings.append(str(problem)))

    assert warnings == [
        f"{path}:2:11: warning: timezone: EST never changes to summer time;"
        " did you mean America/New_York?"
    ]


def test_parse_refuses_half_of_a_surrogate_pair() -> None:
    assert errors_of(f"{ONE_DAY}venue: \ud83d\n") == (
        "conf.yaml:4:8: has U+D83D (a control character); take it out"
    )


def test_parse_refuses_more_values_than_an_event_can_need() -> None:
    text = ONE_DAY + "rooms:\n" + "- x\n" * MAX_NODES

    # The mapping, its three values and the list come before the values of the list.
    line = 4 + MAX_NODES - 5 + 1
    assert errors_of(text) == (
        f"conf.yaml:{line}:3: holds more than {MAX_NODES} values; split it into events"
    )


def test_message_about_a_long_value_stays_short() -> None:
    text = f"{ONE_DAY}sessions:\n  - {{id: a, title: A, when: {'9' * 100_000}}}\n"

    assert errors_of(text) == (
        f"conf.yaml:5:29: session a, when: '{'9' * 57}…' is not a time; write it as 09:00-09:45"
    )


def test_number_that_is_too_large_is_told_in_short() -> None:
    text = f"{ONE_DAY}venue: {{name: Hall, geo: [{'9' * 500}, 13]}}\nsessions: []\n"

    assert errors_of(text) == (f"conf.yaml:4:27: venue, geo 1: is {'9' * 97}…; give 90 or less")


def test_problems_are_sorted_by_line_and_hold_their_parts() -> None:
    text = "name: ''\ntimezone: PT\ndate: 2025-06-25\nfoo: 1\n"

    with pytest.raises(EventFileError) as caught:
        eventfile.parse(text, "conf", "conf.yaml")

    assert [problem.line for problem in caught.value.problems] == [1, 2, 4]
    assert caught.value.problems[1].as_dict() == {
        "path": "conf.yaml",
        "line": 2,
        "column": 11,
        "place": "timezone",
        "what": "there is no time zone 'PT'",
        "advice": "did you mean America/Los_Angeles?",
        "level": "error",
    }


# --- anything at all ----------------------------------------------------------------------


def refuse_nothing_else(text: str) -> None:
    """Parse a text; only an error that is meant for its author may come of it."""
    words = errors_of(text)

    for line in words.splitlines():
        path, _, rest = line.partition(":")
        assert path == "conf.yaml"
        assert "; " in rest


KEYS = [
    *("name", "series", "timezone", "date", "dates", "from", "to", "venue", "address", "geo"),
    *("url", "description", "organizer", "email", "language", "image", "color", "status"),
    *("stream", "registration", "notes_url", "tracks", "rooms", "place", "sessions", "id"),
    *("title", "kind", "when", "start", "end", "duration", "room", "part_of", "people", "role"),
    *("organization", "track", "tags", "level", "links", "titel", "<<", ""),
]
WORDS = [
    *("Europe/Berlin", "PT", "2025-06-25", "9999-12-31", "09:00-10:00", "2025-06-25 24:00"),
    *("10:00", "23:00-01:00+1", "9999-12-31 24:00-24:00+9", "PT1H", "a", "b", "talk"),
    *("https://example.org/", "http://[", "team@example.org", "teal", "en", "\ufeff", "\x85"),
]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.text(max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6)
    ),
    max_leaves=10,
)
SESSIONS = st.fixed_dictionaries(
    {"id": st.sampled_from("ab") | VALUES, "title": SCALARS},
    optional={key: VALUES for key in ("when", "part_of", "people", "links", "room", "tags")},
)
EVENTS = st.fixed_dictionaries(
    {
        "name": SCALARS,
        "timezone": st.sampled_from(["Europe/Berlin", "PT", " UTC "]),
        "date": st.sampled_from(["2025-06-25", "2036-12-31", "2025-10-26"]) | VALUES,
    },
    optional={
        **{key: VALUES for key in KEYS if key not in ("name", "timezone", "date")},
        "sessions": st.lists(SESSIONS | VALUES, max_size=4),
    },
)


@pytest.mark.parametrize(
    "text",
    [
        f"sessions:\n  - id: {'x' * 5000}\n    title: A\n",
        'sessions:\n  - id: "a\\nb.yaml:1:1: all is well"\n    title: A\n',
        'sessions:\n  - id: "a\\e[31m\\u202E"\n    title: A\n',
        f"{'x' * 5000}: 1\n",
        '"x\\ny\\x9b": 1\n',
        f"{'x' * 900}: 1\n{'x' * 900}: 2\n",
        f"series: *{'x' * 5000}\n",
        f"series: !{'x' * 5000} a\n",
        f"? {{{'x' * 5000}: 1}}\n: 1\n",
    ],
    ids=[
        *("long id", "id of two lines", "id that moves a terminal", "long key", "key of two lines"),
        *("long key again", "long alias", "long tag", "mapping as a key"),
    ],
)
def test_problem_is_a_short_line_whatever_the_file_holds(text: str) -> None:
    lines = errors_of(ONE_DAY + text).split("\n")

    assert [line for line in lines if not re.match(r"conf\.yaml:\d+:\d+: ", line)] == []
    assert [line for line in lines if not line.isprintable() or len(line) > 400] == []


def test_zone_of_very_many_letters_is_refused() -> None:
    """All that such a name could be a slip of took minutes to try."""
    text = ONE_DAY.replace("Europe/Berlin", "os" * 500_000)

    assert errors_of(text) == (
        "conf.yaml:2:11: timezone: has 1000000 characters; keep it within 500"
    )


@given(st.text())
@example("%YAML 1.2\n---\n")
@example("...\n---\n...\n")
@example("\ufeff\ufeffname: x")
@example("? ? ?")
@example("&a *a")
@example("!<tag:yaml.org,2002:map> {}")
@settings(max_examples=150)
def test_any_text_is_an_event_or_an_error_for_its_author(text: str) -> None:
    refuse_nothing_else(text)


@given(st.text(alphabet=":-?[]{},&*!|>'\"%@`#<=~ \t\n\\0ax\x85\u2028\ufeffé", max_size=60))
@settings(max_examples=200)
def test_any_yaml_is_an_event_or_an_error_for_its_author(text: str) -> None:
    refuse_nothing_else(text)
    refuse_nothing_else(f"{ONE_DAY}sessions:\n  - id: {text}")


@given(VALUES | EVENTS)
@settings(max_examples=100)
def test_any_agenda_is_an_event_or_an_error_for_its_author(agenda: object) -> None:
    refuse_nothing_else(json.dumps(agenda, ensure_ascii=False))


@given(st.data())
@settings(max_examples=50)
def test_real_file_that_is_spoilt_is_an_event_or_an_error_for_its_author(
    data: st.DataObject,
) -> None:
    text = (PROJECT / "events" / "systems-reliability-2026.yaml").read_text("utf-8")[:1500]
    place = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 20))
    spoilt = data.draw(st.text(alphabet=":-?[]{},&*!|>'\"\t\n @0a", max_size=5))

    refuse_nothing_else(text[:place] + spoilt + text[place + length :])
