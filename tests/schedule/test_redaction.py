"""A text is taken out of all that is stored of an event, and nothing else is."""

import unicodedata
from datetime import timedelta

import pytest
from conftest import NOW, event_of

from calsvc.schedule.differences import Change, changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.phrases import phrase
from calsvc.schedule.publishing import publish
from calsvc.schedule.redaction import Redaction, following, redacted, standing
from calsvc.schedule.versions import Version

AGENDA = """
    name: Conf of Ada Example
    timezone: Europe/Berlin
    date: 2027-06-15
    series: Ada Example's
    description: "By *Ada Example*, and Ada Example."
    venue: {name: Ada Example Hall, address: "Ada Example Str. 1"}
    organizer: {name: Ada Example, email: ada@example.org}
    url: https://example.org/Ada%20Example/
    tracks: [Ada Example]
    rooms: [{name: Room Ada Example, place: Ada Example House}]
    sessions:
      - id: ada-example
        title: "Ada Example: a life"
        when: {start: 09:00, end: 10:00, room: Room Ada Example, id: ada-example}
        track: Ada Example
        tags: [Ada Example, other]
        level: Ada Example
        people: [Ada Example, "Bob Two, Ada Example Inc.", Ada Example PhD]
        description: with Ada Example
        links: [{url: "https://example.org/", title: About Ada Example}, "https://a.org/Ada%20Example"]
        stream: https://example.org/Ada%20Example
      - {id: whole, title: Whole, when: 10:00-11:00, room: Foyer}
      - {id: part, title: Part of Ada Example, part_of: whole}
      - {id: later, title: Later with Ada Example}
"""
TEXT = "Ada Example"


def version(schedule: Schedule, *told: Change, message: str = "") -> Version:
    """Return the record of a schedule."""
    return Version(
        schedule.event.id, schedule.version, schedule.published, "a", "", message, told, False
    )


@pytest.fixture
def schedule() -> Schedule:
    """A schedule that has the text wherever people can write one."""
    return publish(event_of(AGENDA), None, NOW)


def test_text_is_nowhere_any_more(schedule: Schedule) -> None:
    draft = redacted(version(schedule), schedule, redaction := Redaction(TEXT))

    assert draft
    written = draft.schedule.model_dump_json()
    assert TEXT not in written
    assert "Ada%20Example" not in written
    assert redaction.places > 30
    assert redacted(version(draft.schedule), draft.schedule, Redaction(TEXT)) is None


def test_what_stands_in_its_place(schedule: Schedule) -> None:
    draft = redacted(version(schedule), schedule, Redaction(TEXT))

    assert draft
    event, session = draft.schedule.event, draft.schedule.event.sessions[0]
    assert event.name == "Conf of …"
    assert event.description == "By *…*, and …."
    assert event.url is None
    assert session.title == "…: a life"
    assert [person.name for person in session.people] == ["Bob Two", "… PhD"]
    assert session.people[0].organization == "… Inc."
    assert session.tags == ("…", "other")
    assert [(link.url, link.title) for link in session.links] == [
        ("https://example.org/", "About …")
    ]
    assert session.stream is None
    (entry,) = draft.schedule.of_session("ada-example")
    assert (entry.content.title, entry.content.room) == ("…: a life", "Room …")
    (whole,) = draft.schedule.of_session("whole")
    assert whole.content.titles == ("Part of …",)


def test_ids_uids_times_and_stamps_stay(schedule: Schedule) -> None:
    draft = redacted(version(schedule), schedule, Redaction("ada-example"))
    other = redacted(version(schedule), schedule, Redaction(TEXT))

    assert draft is None
    assert other
    for before, after in zip(schedule.entries, other.schedule.entries, strict=True):
        assert after.model_copy(update={"content": before.content}) == before
        if before.content.slot and after.content.slot:
            assert after.content.slot.start == before.content.slot.start


def test_result_can_be_read_again_as_it_is(schedule: Schedule) -> None:
    draft = redacted(version(schedule), schedule, Redaction(TEXT))

    assert draft
    written = draft.schedule.model_dump_json(by_alias=True, exclude_defaults=True)
    assert Schedule.model_validate_json(written).model_dump() == draft.schedule.model_dump()


def test_message_and_changes_of_both_kinds_are_cleared(schedule: Schedule) -> None:
    plain = event_of("{name: Conf, timezone: Europe/Berlin, date: 2027-06-15}")
    told = (
        *changes(schedule, publish(plain, schedule, NOW)),
        Change(title="Ada Example's talk: room Ada Example → B"),  # as they were stored once
        Change(title="T", facts=(phrase("with {name}", name=TEXT),)),
        Change(title="U", facts=(phrase("added, {when}", when=phrase("in {x}", x=TEXT)),)),
    )

    draft = redacted(
        version(schedule, *told, message="Ada Example asked"), schedule, Redaction(TEXT)
    )

    assert draft
    assert draft.message == "… asked"
    sentences = [change.told() for change in draft.changes]
    assert len(sentences) == len(told)
    assert not [sentence for sentence in sentences if TEXT in sentence]
    assert {"…'s talk: room … → B", "T: with …", "U: added, in …"} <= set(sentences)
    assert not [
        former for change in draft.changes for former in change.former if TEXT in str(former)
    ]


@pytest.mark.parametrize(
    ("text", "written", "left"),
    [
        ("Zoë Exämple", "Talk of Zoë Exämple", "Talk of …"),
        ("Zoë", unicodedata.normalize("NFD", "with Zoë!"), "with …!"),
        (unicodedata.normalize("NFD", "Zoë"), "with Zoë!", "with …!"),
        (
            "Zoe",
            unicodedata.normalize("NFD", "with Zoë!"),
            unicodedata.normalize("NFD", "with Zoë!"),
        ),
        ("Zoe", "zoe and ZOE", "… and …"),
        ("Ada", "ADA of Canada", "… of Canada"),
        ("Ada", "of Adas", "of …s"),
        ("Ada Example", "by Ada\nExample, Ada\N{NO-BREAK SPACE} example", "by …, …"),
        ("a.b", "axb a.b", "axb …"),
        ("(x)", "f(x)", "f…"),
        ("王小明", "与王小明对话", "与…对话"),
        ('"Q"', 'the "Q" talk', "the … talk"),
        ("aaa", "aaaaaa a", "…… a"),
    ],
)
def test_text_as_it_stands_and_in_other_capitals_forms_and_lines(
    text: str, written: str, left: str
) -> None:
    assert Redaction(text).of_text(written) == left


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (TEXT, "session ada-example"),
        ("Whole", "session whole"),
        ("Conf of", "the event's own keys"),
        ("nobody", None),
        ("PART OF", "session part"),
        ("ada-example", None),  # an id
    ],
)
def test_where_the_agenda_has_it(schedule: Schedule, text: str, place: str | None) -> None:
    assert standing(schedule.event, Redaction(text)) == place


def test_following_version_moves_the_stamps_of_what_had_it(schedule: Schedule) -> None:
    without = AGENDA.replace(TEXT, "Nobody").replace("Ada%20Example", "Nobody")
    gone = event_of("\n".join(each for each in without.splitlines() if "id: later" not in each))
    newest = publish(gone, publish(event_of(AGENDA), None, NOW), NOW + timedelta(hours=1))
    having = [entry for entry in newest.entries if TEXT in str(entry.content)]
    had = {entry.uid for entry in having}
    # One tells its former room, and one stands as cancelled.
    assert {entry.session for entry in having} == {"ada-example", "later"}

    draft = following(version(newest), newest, Redaction(TEXT), "here", NOW)

    assert TEXT not in draft.schedule.model_dump_json()
    assert draft.schedule.version == newest.version + 1
    assert draft.schedule.published >= newest.published
    assert draft.schedule.revised > newest.revised
    assert draft.schedule.event == newest.event
    for before, after in zip(newest.entries, draft.schedule.entries, strict=True):
        if before.uid in had:
            assert after.sequence == before.sequence + 1
            assert after.revised > before.revised
            assert after.is_cancelled == (after.session == "later")
        else:
            assert after == before
    assert [change.told() for change in draft.changes] == [
        "Something was taken out of earlier versions"
    ]
    # And the file, published again, brings nothing back.
    assert publish(gone, draft.schedule, NOW + timedelta(hours=2)) is draft.schedule
