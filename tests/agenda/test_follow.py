"""The source that an event file follows: how it is written, and what cannot be."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from agendas import ONE_DAY
from conftest import event_of

from calsvc.agenda import eventfile
from calsvc.agenda.follow import Follow
from calsvc.errors import EventFileError
from calsvc.schedule.versions import digest

URL = "https://example.org/schedule.json"


def followed(text: str, folder: Path) -> Follow | None:
    path = folder / "conf.yaml"
    path.write_text(text)
    return eventfile.followed(path)


@pytest.mark.parametrize(
    ("written", "every"),
    [
        ("1m", timedelta(minutes=1)),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("5 m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("7d", timedelta(days=7)),
    ],
)
def test_interval(written: str, every: timedelta, tmp_path: Path) -> None:
    text = f"{ONE_DAY}follow: {{url: '{URL}', every: {written}}}\n"

    found = followed(text, tmp_path)

    assert event_of(text)
    assert found == Follow(url=URL, every=every)


def test_all_that_can_be_said(tmp_path: Path) -> None:
    text = (
        f"{ONE_DAY}follow:\n  url: {URL}\n  every: 1h\n  format: frab-json\n"
        "  timezone: europe/berlin\n  date: 2027-06-15\n  private: true\n"
    )

    assert event_of(text)
    assert followed(text, tmp_path) == Follow(
        url=URL,
        every=timedelta(hours=1),
        format="frab-json",
        timezone="Europe/Berlin",
        date=date(2027, 6, 15),
        private=True,
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("{}", "4:9: follow: has no url; add url: https://example.org/"),
        (URL, f"4:9: follow: is '{URL}'; write a mapping: key: value"),
        ("{url: x}", "4:15: follow, url: 'x' is not a web address"),
        ("{url: 'file:///etc/passwd'}", "is not a web address"),
        (f"{{url: '{URL}', every: 30s}}", "every: '30s' is no interval from 1m to 7d"),
        (f"{{url: '{URL}', every: 8d}}", "every: '8d' is no interval from 1m to 7d"),
        (f"{{url: '{URL}', every: 5}}", "every: the number 5 is no interval"),
        (f"{{url: '{URL}', evry: 5m}}", "unknown key 'evry'; did you mean every?"),
        (f"{{url: '{URL}', timezone: PT}}", "did you mean America/Los_Angeles?"),
        ("{url: 'https://me:secret@example.org/'}", "holds a name or a password"),
    ],
)
def test_what_cannot_be_followed_is_told_and_not_followed(
    written: str, told: str, tmp_path: Path
) -> None:
    text = f"{ONE_DAY}follow: {written}\n"

    with pytest.raises(EventFileError) as refused:
        event_of(text)

    assert told in str(refused.value)
    assert "secret" not in str(refused.value)
    assert followed(text, tmp_path) is None


@pytest.mark.parametrize("text", ["", "[]", "follow: [", "name: x", "follow:", "\x00"])
def test_file_that_follows_nothing(text: str, tmp_path: Path) -> None:
    assert followed(text, tmp_path) is None


def test_files_that_cannot_be_read_follow_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")

    for name in ("folder.yaml", "pipe.yaml", "none.yaml"):
        assert eventfile.followed(tmp_path / name) is None


def test_where_an_agenda_comes_from_is_not_published() -> None:
    plain = event_of(ONE_DAY)
    following = event_of(f"{ONE_DAY}follow: {{url: '{URL}'}}\n")

    assert digest(plain) == digest(following)
