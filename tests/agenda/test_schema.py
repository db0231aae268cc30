"""The JSON Schema of event files refuses what ``check`` refuses, and nothing else."""

from textwrap import dedent

import pytest
from agendas import ONE_DAY
from conftest import PROJECT, event_of
from jsonschema import Draft202012Validator

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.yamlfile import Document


def refusals(text: str) -> list[str]:
    """Return where the schema refuses an event file's text."""
    validator = Draft202012Validator(eventfile.schema())
    root = Document("conf.yaml", dedent(text)).root
    return sorted(error.json_path for error in validator.iter_errors(root))


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(eventfile.schema())


def test_schema_accepts_the_real_events() -> None:
    for path in event_files(PROJECT / "events"):
        assert refusals(path.read_text("utf-8")) == []


def test_schema_accepts_every_short_form() -> None:
    text = """
        name: 2025
        timezone: Europe/Berlin
        date: 2025-06-25
        venue: Town Hall
        organizer: {name: Team, email: team@example.org}
        tracks: [Data, {name: AI, color: teal}]
        rooms: [101, {name: Hall B, place: Annex, geo: [52.5, 13]}]
        sessions:
          - {id: 1, title: 10:30, when: 9:00-9:30, room: 101, tags: data, level: 1.5}
          - {id: two, title: Two, when: [10:00-24:00+1], people: ["Ada, Acme", {name: Bob}]}
          - id: three
            title: Three
            when: {start: 2025-06-25T12:00+02:00, duration: 45, room: 101}
            part_of: two
            links: https://example.org/
          - id: four
            title: Four
            when: [{start: 12:00, end: 13:00, timezone: UTC, id: a}, 14:00-15:00]
            part_of: [two]
            links: [https://example.org/, {url: https://example.org/, title: Slides}]
        """

    event_of(text)
    assert refusals(text) == []


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("foo: 1", "$"),
        ("id: conf", "$"),
        ("venue: {name: Hall, adress: x}", "$.venue"),
        ("rooms: [{goe: [1, 2]}]", "$.rooms[0]"),
        ("sessions: [{id: a, titel: A}]", "$.sessions[0]"),
        ("sessions: [{id: a, title: A, kind: hackathon}]", "$.sessions[0].kind"),
        ("sessions: [{id: a, title: A, when: 9am}]", "$.sessions[0].when"),
        ("sessions: [{id: a, title: A, when: {start: 09:00, rom: B}}]", "$.sessions[0].when"),
        ("sessions: [{id: a, title: A, people: Ada}]", "$.sessions[0].people"),
        ("status: canceled", "$.status"),
    ],
)
def test_schema_refuses_what_check_refuses(written: str, place: str) -> None:
    text = f"{ONE_DAY}{written}\n"

    with pytest.raises(eventfile.EventFileError):
        event_of(text)
    assert set(refusals(text)) == {place}


def test_schema_asks_for_what_an_event_needs() -> None:
    schema = eventfile.schema()

    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["anyOf"] == [{"required": ["name", "timezone"]}, {"required": ["repair"]}]
    assert schema["$defs"]["Session"]["required"] == ["id", "title"]
    assert schema["additionalProperties"] is False


def test_schema_says_what_the_keys_mean() -> None:
    session = eventfile.schema()["$defs"]["Session"]["properties"]

    assert session["when"]["description"] == (
        "Its slots; none while it is announced without a time."
    )
    assert session["when"]["examples"] == [
        "09:00-09:45",
        "2025-06-26 09:00-09:45",
        "23:00-01:30+1",
        "2025-06-26",
        "2025-06-26 - 2025-06-28",
    ]
