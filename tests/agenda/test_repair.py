"""The calendar that an event file repairs: how it is written, and what cannot be."""

from datetime import timedelta
from pathlib import Path

import pytest
from agendas import ONE_DAY
from conftest import event_of
from jsonschema import Draft202012Validator, ValidationError

from calsvc.agenda import eventfile
from calsvc.agenda.follow import Repair
from calsvc.errors import EventFileError, UnreadSourceError

URL = "https://conf.example/feed.ics"
ALONE = f"repair: {{url: '{URL}'}}\n"
WITH_A_TALK = f"{ONE_DAY}{ALONE}sessions: [{{id: talk, title: Talk, when: 10:00-11:00}}]\n"


def test_repair_is_what_a_file_repairs(tmp_path: Path) -> None:
    path = tmp_path / "conf.yaml"
    path.write_text(
        f"repair: {{url: '{URL}', every: 1h, timezone: europe/berlin, private: true}}\n"
    )

    assert eventfile.followed(path) == Repair(
        url=URL, every=timedelta(hours=1), timezone="Europe/Berlin", private=True
    )


@pytest.mark.parametrize(
    "more", ["", "name: Conf\n", "timezone: Europe/Berlin\n", "date: 2027-06-15\n", ONE_DAY]
)
def test_file_that_says_nothing_else_is_unread_and_not_wrong(more: str) -> None:
    with pytest.raises(UnreadSourceError) as caught:
        event_of(more + ALONE)

    (problem,) = caught.value.problems
    assert (problem.level, problem.place) == ("warning", "repair")


def test_file_with_sessions_is_an_event_without_an_entry_of_its_own() -> None:
    assert event_of(WITH_A_TALK).banner is False
    assert event_of(f"{WITH_A_TALK}banner: true\n").banner is True
    assert event_of(WITH_A_TALK.replace("repair", "follow")).banner is True


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("repair: {}\n", "1:9: repair: has no url; add url: https://example.org/"),
        (f"repair: {URL}\n", f"1:9: repair: is '{URL}'; write a mapping: key: value"),
        (f"repair: {{url: '{URL}', every: 30s}}\n", "repair, every: '30s' is no interval"),
        (f"repair: {{url: '{URL}', format: ics}}\n", "unknown key 'format'"),
        (f"repare: {{url: '{URL}'}}\n", "unknown key 'repare'; did you mean repair?"),
        (f"timezone: PT\n{ALONE}", "did you mean America/Los_Angeles?"),
        (f"{ALONE}nme: Conf\n", "did you mean name?"),
        (f"{ALONE}date: 2027-06-31\n", "2:7: date: "),
        (f"{ALONE}follow: {{url: '{URL}'}}\n", "repair: stands beside follow; keep one of them"),
        (f"{ALONE}sessions: []\n", "has no name"),
    ],
)
def test_what_is_wrong_is_told(text: str, told: str) -> None:
    with pytest.raises(EventFileError) as caught:
        event_of(text)

    assert any(told in str(problem) for problem in caught.value.problems)
    assert "error" in {problem.level for problem in caught.value.problems}


def test_schema_takes_a_file_that_says_nothing_else() -> None:
    judge = Draft202012Validator(eventfile.schema())

    judge.validate({"repair": {"url": URL, "every": "15m"}})
    for wrong in ({}, {"name": "Conf"}, {"repair": {}}, {"repair": {"url": URL, "format": "ics"}}):
        with pytest.raises(ValidationError):
            judge.validate(wrong)
