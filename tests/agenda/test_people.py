"""The ways in which an agenda may write persons, and what it may have meant."""

import pytest
from conftest import event_of, schedule_of

from calsvc.addresses import Addresses
from calsvc.agenda import eventfile
from calsvc.agenda.fields import STORED
from calsvc.agenda.people import Person
from calsvc.errors import EventFileError
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.selection import Selection

HEAD = """name: Conf
timezone: Europe/Berlin
date: 2027-06-15
sessions:
"""


def text_of(*lists: str) -> str:
    rows = [
        f"  - {{id: s{number}, title: T, when: {9 + number}:00-{9 + number}:30, people: {people}}}"
        for number, people in enumerate(lists)
    ]
    return HEAD + "\n".join(rows)


def people_of(people: str) -> list[tuple[str, str | None]]:
    (session,) = event_of(text_of(people)).sessions
    return [(person.name, person.organization) for person in session.people]


def warnings_of(*lists: str) -> list[str]:
    _, problems = eventfile.parse(text_of(*lists), "conf", "conf.yaml")
    return [f"{problem.place}: {problem.what}" for problem in problems]


@pytest.mark.parametrize(
    ("written", "name", "organization"),
    [
        ("Ada Example", "Ada Example", None),
        ("Ada Example, Acme", "Ada Example", "Acme"),
        ("Ada Example , Acme", "Ada Example", "Acme"),
        ("Ann One, Acme, Inc.", "Ann One", "Acme, Inc."),
        ("Ann One, Acme, PhD", "Ann One", "Acme, PhD"),
        ("Sam Doe, Jr., Acme", "Sam Doe, Jr.", "Acme"),
        ("Sam Doe, Jr.", "Sam Doe, Jr.", None),
        ("Sam Doe Jr., Acme", "Sam Doe Jr.", "Acme"),
        ("Kim Lee, PhD, Uni", "Kim Lee, PhD", "Uni"),
        ("Kim Lee, Ph.D., Uni", "Kim Lee, Ph.D.", "Uni"),
        ("Kim Lee,phd,Uni", "Kim Lee, phd", "Uni"),
        ("Kim Lee, Jr., M.D., PhD, Uni, Dept.", "Kim Lee, Jr., M.D., PhD", "Uni, Dept."),
        ("Henry Fifth, III, Crown", "Henry Fifth, III", "Crown"),
        ("Pat Law, Esq., Law & Co.", "Pat Law, Esq.", "Law & Co."),
        ("Max Muster, Dr., Institut", "Max Muster, Dr.", "Institut"),
        ("Eve Boss, MBA, Bank", "Eve Boss, MBA", "Bank"),
        ("Dr. Kim Lee, Uni", "Dr. Kim Lee", "Uni"),
        ("王伟，示例大学", "王伟", "示例大学"),
        ("山田太郎、東京大学", "山田太郎", "東京大学"),
        ("山田太郎､東京大学", "山田太郎", "東京大学"),
        ("王伟，示例大学，北京", "王伟", "示例大学，北京"),
        ("ليلى، جامعة", "ليلى", "جامعة"),
        ("Kim Lee, MD Anderson", "Kim Lee", "MD Anderson"),
    ],
)
def test_person_in_short(written: str, name: str, organization: str | None) -> None:
    assert people_of(f'["{written}"]') == [(name, organization)]


@pytest.mark.parametrize(
    ("written", "name", "organization"),
    [
        ('"Ada Example <ada@example.org>, Acme"', "Ada Example", "Acme"),
        ('"Ada Example (ada.x+y@mail.example.org), Acme"', "Ada Example", "Acme"),
        ('"Ada Example ada@example.org"', "Ada Example", None),
        ('"Ada Example, ada@example.org"', "Ada Example", None),
        ('"Ada Example, Acme <mailto:ada@example.org>"', "Ada Example", "Acme"),
        ('{name: "Ada Example <ada@example.org>"}', "Ada Example", None),
        ('{name: Ada, organization: "Acme, ada@example.org"}', "Ada", "Acme,"),
    ],
)
def test_address_of_a_person_is_told_of_and_never_published(
    written: str, name: str, organization: str | None
) -> None:
    blocks = Blocks(schedule_of(text_of(f"[{written}]")), Addresses("http://127.0.0.1:8000"))

    assert people_of(f"[{written}]") == [(name, organization)]
    assert warnings_of(f"[{written}]") == [
        "session s0, people 1: has an e-mail address, which is left out: feeds are public"
    ]
    assert b"ada" not in event_feed(blocks, Selection()).body.replace(b"\r\n ", b"")


@pytest.mark.parametrize("written", ["Ada @ Acme", "Ada @ada", "Ada @ada@social.example.org"])
def test_handle_is_no_address(written: str) -> None:
    assert people_of(f'["{written}"]') == [(written, None)]
    assert warnings_of(f'["{written}"]') == []


def test_address_alone_is_no_name() -> None:
    with pytest.raises(EventFileError) as refused:
        event_of(text_of("[ada@example.org]"))

    (problem,) = refused.value.problems
    assert (problem.line, problem.place) == (5, "session s0, people 1")
    assert problem.what == "has an e-mail address for a name"


def test_what_was_stored_with_an_address_stays_until_it_is_published_again() -> None:
    stored = {"name": "Ada <ada@example.org>"}

    assert Person.model_validate(stored, context=STORED).name == "Ada <ada@example.org>"
    assert Person.model_validate(stored).name == "Ada"


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (
            ["[Ann One, Acme, Bob Two, Acme]"],
            [
                "session s0, people 2: names 'Acme', which may be an organization",
                "session s0, people 4: names 'Acme' twice",
            ],
        ),
        (
            ["[Ann One, Acme]", '["Bob Two, Acme"]'],
            ["session s0, people 2: names 'Acme', which is an organization too"],
        ),
        (["[Ann One, Ann One]"], ["session s0, people 2: names 'Ann One' twice"]),
        (["[Ann One]", "[Ann One]"], []),
        (
            ['["Wei Wang, One", "Wei Wang, Other"]'],
            ["session s0, people 2: Wei Wang is of 'Other' here, and of 'One' elsewhere"],
        ),
        (["[{name: Ann, role: moderator}, {name: Ann, role: speaker}]"], []),
        (
            ["[Ann One, Acme GmbH, Bob Two, Beta Ltd]"],
            [
                "session s0, people 2: names 'Acme GmbH', which may be an organization",
                "session s0, people 4: names 'Beta Ltd', which may be an organization",
            ],
        ),
        (
            ["[Ann One, Example University, Bob Two]"],
            ["session s0, people 2: names 'Example University', which may be an organization"],
        ),
        (
            ["[山田太郎, 東京大学]"],
            ["session s0, people 2: names '東京大学', which may be an organization"],
        ),
        (
            ["[Ann One, Acme, Bob Two, Beta]"],
            [
                "session s0, people 2: names 'Acme', which may be an organization",
                "session s0, people 4: names 'Beta', which may be an organization",
            ],
        ),
        (["[Acme GmbH]", "[Ann One]", "[Acme GmbH, Beta Ltd]"], []),
        (["[Ann One, Plato]", "[Ann One, Kim Sa, Bob Two, Le Co]", "[Ada, Bo, Cy, Di]"], []),
        (['["Ann One, Acme GmbH", Plato, "Bob Two, Acme", Sokrates]'], []),
    ],
)
def test_organization_that_stands_as_a_person_is_doubtful(
    lists: list[str], words: list[str]
) -> None:
    assert warnings_of(*lists) == words


@pytest.mark.parametrize(
    ("lists", "words"),
    [
        (
            ["[Ann Ex, ann ex]"],
            ["session s0, people 2: names 'ann ex' twice, at first as 'Ann Ex'"],
        ),
        (
            ["['Zoë Ex', 'Zoe\u0308 Ex']"],
            ["session s0, people 2: names 'Zoe\u0308 Ex' twice, at first as 'Zoë Ex'"],
        ),
        (
            ['[Ann Ex, "ANN  EX, Acme"]'],
            ["session s0, people 2: names 'ANN  EX' twice, at first as 'Ann Ex'"],
        ),
        (
            ["[{name: Ann Ex, role: moderator}, ann ex]"],
            ["session s0, people 2: names 'ann ex' twice, at first as 'Ann Ex'"],
        ),
        (
            ["[Ann Ex]", "[ANN EX]", "[ann ex]", "[Ann Ex]"],
            ["session s1, people 1: is 'ANN EX' here, and 'Ann Ex' in session s0"],
        ),
        (
            ["[Zoë]", "['Zoe\u0308']"],
            [
                "session s1, people 1: is 'Zoe\u0308' here, and 'Zoë' in session s0; they differ"
                " by U+0308 (COMBINING DIAERESIS) at character 4"
            ],
        ),
        (["[Ann Ex]", "[Anne Ex]"], []),
    ],
)
def test_person_of_two_spellings_is_doubtful(lists: list[str], words: list[str]) -> None:
    assert warnings_of(*lists) == words


def test_person_of_two_spellings_is_in_one_place_at_a_time() -> None:
    text = text_of("[Ann Ex]", "[ann ex]").replace("10:00-10:30", "09:15-10:00")

    _, problems = eventfile.parse(text, "conf", "conf.yaml")

    assert "has Ann Ex at the same time as s0 (2027-06-15 09:15)" in [
        problem.what for problem in problems
    ]
