"""What an event file may say without being meant to: comments, commas, unseen characters."""

import json

import pytest
from conftest import event_of
from pydantic import ValidationError

from calsvc.agenda import eventfile
from calsvc.agenda.fields import STORED
from calsvc.agenda.model import Event, Session
from calsvc.errors import EventFileError

HEAD = """name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
  - id: one
"""


def warnings_of(text: str) -> list[str]:
    _, problems = eventfile.parse(text, "conf", "conf.yaml")
    return list(map(str, problems))


def errors_of(text: str) -> list[str]:
    with pytest.raises(EventFileError) as refused:
        event_of(text)
    return list(map(str, refused.value.problems))


# --- comments -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("title: Lightning Talks #1", "#1"),
        ("title: Talk\n    room: Room  #2 upstairs", "#2 upstairs"),
        ("title: Talk\n    room: #5", "#5"),
        ("title: Talk\n    track: Web\t#frontend", "#frontend"),
        ("title: Talk\n    tags:\n      - C #sharp", "#sharp"),
    ],
)
def test_comment_that_cuts_a_text_is_told_of(line: str, comment: str) -> None:
    (warning,) = warnings_of(f"{HEAD}    {line}\n")

    assert f"ends before {comment!r}, which is a comment to YAML; put all of the text" in warning
    assert warning.startswith(f"conf.yaml:{6 + line.count(chr(10))}:")


@pytest.mark.parametrize(
    "line",
    [
        "title: Talk # a comment",
        "title: Talk #",
        "title: Talk ## a heading",
        'title: "Talk #1"',
        'title: "Talk" #1',
        "title: Talk#1",
        "title: Talk\n    #room: Hall",
        "title: Talk\n    when: 09:00-10:00 #moved",
        "title: Talk\n    kind: panel #todo",
        "title: Talk\n    description: |\n      # A heading\n      A #tag",
    ],
)
def test_ordinary_comment_is_not_told_of(line: str) -> None:
    assert warnings_of(f"{HEAD}    {line}\n") == []


def test_comment_that_cuts_a_mapping_in_one_line_is_told_of() -> None:
    text = HEAD.replace("  - id: one\n", "  - {id: one, title: Lightning #1, when: 09:00-10:00}\n")

    assert errors_of(text) == [
        "conf.yaml:5:32: '#1, when: 09:00-10:0' is a comment to YAML, up to the end of the line;"
        " put all of the text in quotes"
    ]


# --- tags ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("python, django", ("python", "django")),
        ("python; django", ("python", "django")),
        ("人工智能、数据；云", ("人工智能", "数据", "云")),
        ("python", ("python",)),
        ("python,django , python,", ("python", "django")),
        ("人工智能，数据", ("人工智能", "数据")),
        ('["a, b", c]', ("a, b", "c")),
        ("2027", ("2027",)),
    ],
)
def test_tags_in_one_text_are_several(written: str, tags: tuple[str, ...]) -> None:
    event = event_of(f"{HEAD}    title: Talk\n    tags: {written}\n")

    assert event.sessions[0].tags == tags


# --- characters ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["202A", "202B", "202C", "202D", "202E"])
def test_text_that_reads_as_another_is_refused(code: str) -> None:
    (error,) = errors_of(f'{HEAD}    title: "Price \\u{code}05 is 50"\n')

    assert error.startswith(f"conf.yaml:6:12: session one, title: has U+{code} (")
    assert "at character 7; take it out" in error


@pytest.mark.parametrize("code", ["2066", "2067", "2068"])
def test_isolates_are_fine(code: str) -> None:
    event = event_of(f'{HEAD}    title: "a \\u{code}b\\u2069"\n')

    assert event.sessions[0].title == f"a {chr(int(code, 16))}b\u2069"


@pytest.mark.parametrize("codes", ["00AD", "200B", "2060", "200E", "3164", "2800", "200B 00AD"])
def test_title_that_nobody_can_see_is_refused(codes: str) -> None:
    escaped = "".join(f"\\u{code}" for code in codes.split())
    (error,) = errors_of(f'{HEAD}    title: "{escaped}"\n')

    assert "title: has only characters that nobody can see (U+" in error


@pytest.mark.parametrize("title", ["1", "★", "é", "e\u0301", "😀", "日", "👩\u200d👧", "ש", "."])
def test_title_of_one_character_is_seen(title: str) -> None:
    assert Session.model_validate({"id": "a", "title": title}).title == title


def test_what_was_stored_before_these_rules_can_be_read() -> None:
    chain = [{"id": "s0", "title": "a\u202eb"}] + [
        {"id": f"s{number}", "title": "\u200b", "part_of": f"s{number - 1}"}
        for number in range(1, 30)
    ]
    stored = {
        "id": "conf",
        "name": "\u00ad",
        "timezone": "Europe/Berlin",
        "date": "2027-06-15",
        "sessions": chain,
    }

    event = Event.model_validate_json(json.dumps(stored), context=STORED)

    assert [session.title for session in event.sessions[:2]] == ["a\u202eb", "\u200b"]
    assert event.slots(event.sessions[-1]) == ()
    with pytest.raises(ValidationError):
        Event.model_validate_json(json.dumps(stored))


# --- indents and keys ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (HEAD.replace("  - id", "\u00a0\u00a0- id"), 5),
        (f"{HEAD}\u00a0\u00a0\u00a0\u00a0title: One\n", 6),
        (f"{HEAD}  \u00a0 title: One\n", 6),
        (f"{HEAD}    title: One\n\u00a0   room: Hall\n", 7),
    ],
)
def test_indent_of_no_break_spaces_is_told_of(text: str, line: int) -> None:
    (error,) = errors_of(text)

    assert error.startswith(f"conf.yaml:{line}:")
    assert error.endswith(": the indent has no-break spaces; indent with ordinary spaces")


@pytest.mark.parametrize(
    ("space", "words"),
    [
        ("\u2003", "an em space"),
        ("\u3000", "an ideographic space"),
        ("\u2009", "a thin space"),
        ("\u202f", "a narrow no-break space"),
    ],
)
def test_indent_of_another_space_is_told_of(space: str, words: str) -> None:
    (error,) = errors_of(HEAD.replace("  - id", f"{space * 2}- id"))

    assert error.endswith(f"conf.yaml:5:1: the indent has {words}; indent with ordinary spaces")


@pytest.mark.parametrize(
    "rest",
    [
        "    title: One\n    description: |\n      Text\n      \u00a0key: value\n",
        '    title: One\n    description: "Text\n      \u00a0key: value"\n',
        "    title: One\u00a0- two\n",
    ],
)
def test_no_break_space_in_a_text_is_fine(rest: str) -> None:
    assert event_of(HEAD + rest).sessions


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("begin", "start"),
        ("starts", "start"),
        ("from", "start"),
        ("strat", "start"),
        ("Begin", "start"),
    ],
)
def test_unknown_key_of_a_slot_is_told_with_the_one_that_is_meant(key: str, meant: str) -> None:
    text = f"{HEAD}    title: One\n    when:\n      {key}: 09:00\n      until: 10:00\n"

    assert errors_of(text) == [
        f"conf.yaml:8:7: session one, when: unknown key {key!r}; did you mean {meant}?",
        "conf.yaml:9:7: session one, when: unknown key 'until'; did you mean end?",
    ]


def test_unknown_key_of_one_slot_of_several_has_its_line() -> None:
    slots = "      - 09:00-10:00\n      - start: 11:00\n        to: 12:00\n        colour: red\n"

    assert errors_of(f"{HEAD}    title: One\n    when:\n{slots}") == [
        "conf.yaml:10:9: session one, when 2: unknown key 'to'; did you mean end?",
        "conf.yaml:11:9: session one, when 2: unknown key 'colour'; the keys here are start, end,"
        " duration, room, timezone, id, uid",
    ]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("# An event\n\n- a\n- b\n", "conf.yaml:3:1: is a list"),
        ("\n7\n", "conf.yaml:2:1: is the number 7"),
        ("# nothing\n", "conf.yaml: is empty"),
    ],
)
def test_file_that_is_no_mapping_is_told_of_where_it_begins(text: str, error: str) -> None:
    advice = "give it name, timezone, date and sessions, as calsvc new does"

    assert errors_of(text) == [f"{error}; {advice}"]


@pytest.mark.parametrize(
    ("key", "advice"),
    [
        ("starts", "did you mean when: {start: …}?"),
        ("start", "did you mean when: {start: …}?"),
        ("time", "did you mean when: {start: …}?"),
        ("Ends", "did you mean when: {end: …}?"),
        ("duration", "did you mean when: {duration: …}?"),
        ("date", "did you mean when?"),
        ("speakers", "did you mean people?"),
        ("where", "did you mean room?"),
        ("abstract", "did you mean description?"),
        ("staus", "did you mean status?"),
    ],
)
def test_unknown_key_of_a_session_is_told_with_the_one_that_is_meant(key: str, advice: str) -> None:
    assert errors_of(f"{HEAD}    title: One\n    {key}: '09:00'\n") == [
        f"conf.yaml:7:5: session one: unknown key {key!r}; {advice}"
    ]


def test_misspelt_key_that_a_session_needs_is_told_of_once() -> None:
    assert errors_of(f"{HEAD}    name: One\n") == [
        "conf.yaml:6:5: session one: unknown key 'name'; did you mean title?"
    ]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("location", "venue"), ("tz", "timezone"), ("talks", "sessions"), ("starts", "dates")],
)
def test_unknown_key_of_an_event_is_told_with_the_one_that_is_meant(key: str, meant: str) -> None:
    (error,) = errors_of(f"{key}: x\n{HEAD}    title: One\n")

    assert error == f"conf.yaml:1:1: unknown key {key!r}; did you mean {meant}?"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("dates: {start: 2027-06-15, to: 2027-06-16}", "start'; did you mean from?"),
        ("dates: {from: 2027-06-15, end: 2027-06-16}", "end'; did you mean to?"),
        ("date: 2027-06-15\nvenue: {nam: X}", "nam'; did you mean name?"),
    ],
)
def test_unknown_key_of_a_mapping_is_told_with_the_one_that_is_meant(line: str, error: str) -> None:
    errors = errors_of(f"name: Conf\ntimezone: UTC\n{line}\n")

    assert [each.endswith(error) for each in errors] == [True]


def test_organization_by_another_key_is_told_of() -> None:
    (error,) = errors_of(f"{HEAD}    title: One\n    people: [{{name: Ada, company: Acme}}]\n")

    assert error.endswith("people 1: unknown key 'company'; did you mean organization?")


# --- zones --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Etc/GMT+2", "Etc/GMT+2 is 2 hours behind UTC"),
        ("Etc/GMT-1", "Etc/GMT-1 is 1 hour ahead of UTC"),
        ("etc/gmt+12", "Etc/GMT+12 is 12 hours behind UTC"),
    ],
)
def test_zone_whose_sign_is_turned_round_is_told_of(zone: str, words: str) -> None:
    (warning,) = warnings_of(f"{HEAD.replace('Europe/Berlin', zone)}    title: One\n")

    assert warning.startswith(f"conf.yaml:2:11: warning: timezone: {words}: its sign is")


def test_zone_of_one_slot_is_looked_at_too() -> None:
    slot = "{start: 09:00, duration: 30, timezone: Etc/GMT+2}"
    (warning,) = warnings_of(f"{HEAD}    title: One\n    when: {slot}\n")

    assert "session one, when, timezone: Etc/GMT+2 is 2 hours behind UTC" in warning


@pytest.mark.parametrize("zone", ["Etc/GMT", "Etc/GMT+0", "Etc/UTC", "UTC", "Asia/Kolkata"])
def test_zone_that_is_what_it_says_is_fine(zone: str) -> None:
    assert warnings_of(f"{HEAD.replace('Europe/Berlin', zone)}    title: One\n") == []
