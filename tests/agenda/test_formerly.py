"""What an event was called before: how it is written, and what cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest
from agendas import ONE_DAY
from conftest import event_of

from calsvc.agenda import eventfile
from calsvc.agenda.formerly import claimed_twice
from calsvc.errors import EventFileError, Problem
from calsvc.schedule.versions import digest


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pycon", ("pycon",)),
        ("[pycon]", ("pycon",)),
        ("[pycon, pycon-de]", ("pycon", "pycon-de")),
        ("[]", ()),
        ("2026", ("2026",)),
    ],
)
def test_one_stands_for_a_list(written: str, meant: tuple[str, ...]) -> None:
    assert event_of(f"{ONE_DAY}formerly: {written}\n", "conf").formerly == meant


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("[conf]", "conf.yaml:4:11: formerly: names conf, as the file is called now; take it out"),
        ("conf", "conf.yaml:4:11: formerly: names conf, as the file is called now; take it out"),
        ("[a, a]", "conf.yaml:4:11: formerly: names 'a' twice; keep one of them"),
        (
            "[Py Con]",
            "conf.yaml:4:12: formerly 1: 'Py Con' cannot stand in an address; write py-con",
        ),
    ],
)
def test_what_cannot_be_is_told_with_its_place(written: str, told: str) -> None:
    with pytest.raises(EventFileError) as raised:
        event_of(f"{ONE_DAY}formerly: {written}\n", "conf")

    assert str(raised.value) == told


def test_agendas_without_it_keep_their_digest() -> None:
    # Computed by the calsvc before this key.
    assert (
        digest(event_of(ONE_DAY, "conf"))
        == "d4f977059ca3ea899542b37d26dafc4fa577c3b53d81806cfe412669187dcb1b"
    )


def test_schema_has_it() -> None:
    described = eventfile.schema()["properties"]["formerly"]

    kinds = {each["type"] for each in described["anyOf"]}
    assert {"array", "string"} <= kinds


def test_file_of_a_former_id_is_told_of(write_event: Callable[..., Path]) -> None:
    found: list[Problem] = []
    write_event(ONE_DAY, "pycon").rename(write_event(ONE_DAY, "pycon").with_suffix(".yml"))
    path = write_event(f"{ONE_DAY}formerly: [other, pycon]\n", "pycon-2027")

    eventfile.read(path, on_warning=found.append)

    (problem,) = found
    assert (problem.line, problem.place, problem.level) == (4, "formerly 2", "warning")
    assert problem.what == "formerly names pycon, which still has a file of its own"
    assert problem.advice == "delete pycon.yml; or, if it is another event, take pycon out"


def test_id_that_two_files_name_is_told_of_once() -> None:
    one, two = Path("e/a.yaml"), Path("e/b.yaml")
    event = event_of(f"{ONE_DAY}formerly: pycon\n")

    (problem,) = claimed_twice([(event, one), (event, two)])

    assert str(problem) == (
        "e/b.yaml: formerly: names pycon, as a.yaml does;"
        " an event goes on in one file only: take it out of one of the two"
    )
