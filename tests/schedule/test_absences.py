"""What was taken out of an event is known again, and told by nothing."""

import pytest
from conftest import event_of

from calsvc.errors import AbsentTextError
from calsvc.schedule.absences import Absence, refuse_absent

SALT = bytes(range(16))
AGENDA = """
    name: Conf
    timezone: UTC
    date: 2027-06-15
    sessions:
      - {id: first, title: First, people: [Bob Two]}
      - {id: keynote, title: Keynote, PLACE}
    """


@pytest.mark.parametrize(
    ("absent", "text"),
    [
        ("Zoë Exämple", "with Zoë Exämple, and others"),
        ("Zoë Exämple", "ZOE\u0308  EXÄMPLE"),
        ("Zoë Exämple", "Zoë\nExämple"),
        ("ada example", "(Ada Example)"),
        ("O'Neil", "Ann O'Neil-Two"),
        ("山田太郎", "講演者は山田太郎です"),
        ("+49 30 1234", "call +49 30 1234!"),
    ],
)
def test_text_is_known_again_as_words_of_its_own(absent: str, text: str) -> None:
    assert Absence.of(absent, SALT).is_in(text)


@pytest.mark.parametrize(
    ("absent", "text"),
    [
        ("Ada", "Adam and Nevada"),
        ("Ada Example", "Ada, Example"),
        ("Zoe", "Zoë"),
        ("Ada Example", ""),
        ("Ada Example", "Ada"),
    ],
)
def test_other_words_are_none_of_it(absent: str, text: str) -> None:
    assert not Absence.of(absent, SALT).is_in(text)


def test_it_tells_the_text_to_nobody() -> None:
    one, other = (Absence.of("Ada Example", bytes([number] * 16)) for number in (1, 2))

    assert one.digest != other.digest
    assert "ada" not in str(one).casefold()


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("people: [Ada Example]", "session keynote"),
        ("people: ['Bob Two, Ada Example Ltd']", "session keynote"),
        ("description: 'By **ada  example**.'", "session keynote"),
        ("url: 'https://example.org/by/Ada%20Example/'", "session keynote"),
        (None, "the event's own keys"),
    ],
)
def test_agenda_that_has_it_is_refused_with_the_place(place: str | None, where: str) -> None:
    text = AGENDA.replace("PLACE", place or "kind: keynote")
    if place is None:
        text = text.replace("name: Conf", "name: Conf of Ada Example")

    with pytest.raises(AbsentTextError) as raised:
        refuse_absent(event_of(text), [Absence.of("Ada Example", SALT)])

    assert str(raised.value) == (
        f"{where}: has a text that was taken out of all versions of conf; take it out of the file;"
        " or, if it may stand there again, run calsvc redact conf TEXT --allow"
    )


def test_agenda_without_it_is_fine() -> None:
    event = event_of(AGENDA.replace("PLACE", "id: ada-example").replace("id: keynote, ", ""))

    refuse_absent(event, [Absence.of("Ada Example", SALT)])
    refuse_absent(event, [])
