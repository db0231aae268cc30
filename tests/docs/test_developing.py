"""What developers are told works: the examples are plugged in, and quotations are the source's."""

import importlib.util
import re
import shutil
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from conftest import PROJECT, schedule_of
from feeds import feed
from handbook import DOCS, text_of
from walkthrough import follow

from calsvc.errors import SourceError
from calsvc.ical import vevent
from calsvc.importers import formats, reading
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import Reader

PYTHON = re.compile(r"^ *```python\n(.+?)^ *```", re.MULTILINE | re.DOTALL)
EXAMPLE = DOCS / "examples" / "add-import-format"
WISHES = Wishes(timezone="Europe/Berlin", date=date(2027, 6, 15))
AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions:
      - {id: talk, title: Talk, when: 09:00-10:00, people: [Ben Sample]}
      - {id: party, title: Party, kind: social, when: 20:00-23:00, people: ["Ada; Example"]}
    """


def meant(row: str, names: dict[str, Any], function: str = "") -> Any:
    """Return what a row of a table on a page means, where a function stands above the table."""
    exec(function, names)  # noqa: S102 -- the page's own code
    return eval(row.strip(), names)  # noqa: S307 -- the same


@pytest.fixture
def rota(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example's reader, plugged in as the page says."""
    spec = importlib.util.spec_from_file_location("rota", EXAMPLE / "rota.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    _, row, name = PYTHON.findall(text_of("howto/add-import-format"))
    (reader,) = meant(row, {"Reader": Reader, "rota": module})
    monkeypatch.setattr(reading, "READERS", {reader.name: reader, **reading.READERS})
    monkeypatch.setattr(formats, "FORMATS", {**meant(f"{{{name}}}", {}), **formats.FORMATS})
    assert reader.name in formats.FORMATS
    return module


def test_format_of_ones_own_is_recognised_and_read(rota: ModuleType) -> None:
    source = Source("meeting.rota", (EXAMPLE / "meeting.rota").read_bytes())

    draft, reader = reading.read(source, WISHES)

    assert reader.name == "rota"
    welcome, second = draft.sessions
    assert (welcome.title, welcome.room, second.title) == (
        "Welcome",
        "Hall A",
        "What Keeps Us Afloat",
    )
    assert welcome.end and welcome.start and welcome.end - welcome.start == timedelta(minutes=30)
    assert draft.left_out == ["lines that cannot be read, such as 'tea when the kettle boils' (1)"]


def test_format_of_ones_own_says_what_is_none(rota: ModuleType) -> None:
    with pytest.raises(SourceError, match="let its first line be ROTA 1"):
        reading.read(Source("letter.txt", b"Dear all,"), WISHES, "rota")
    with pytest.raises(SourceError, match="give --date"):
        reading.read(Source("meeting.rota", b"ROTA 1\n"), Wishes(), "rota")


def test_reader_that_is_walked_through_is_quoted_as_it_is() -> None:
    quoted, *_ = PYTHON.findall(text_of("howto/add-import-format"))
    source = (PROJECT / "calsvc/importers/tools/sessionize.py").read_text("utf-8")

    assert [line for line in quoted.splitlines() if line and line not in source] == []


def test_property_of_ones_own_is_written_where_it_has_a_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, function = PYTHON.findall(text_of("howto/add-property"))
    added = meant(row, dict(vars(vevent)), function)
    before = feed(schedule_of(AGENDA)).decode()
    monkeypatch.setattr(vevent, "PROPERTIES", (*vevent.PROPERTIES, *added))

    after = feed(schedule_of(AGENDA)).decode()

    assert set(after.splitlines()) - set(before.splitlines()) == {r"CONTACT:Ada\; Example"}
    assert len(after.splitlines()) == len(before.splitlines()) + 1


@pytest.mark.slow
def test_catalogs_are_made_as_told(tmp_path: Path) -> None:
    shutil.copytree(
        PROJECT / "calsvc", tmp_path / "calsvc", ignore=shutil.ignore_patterns("__pycache__")
    )

    assert follow(DOCS / "howto" / "translate.md", tmp_path) == 4

    made = tmp_path / "calsvc/translations/nl/LC_MESSAGES/messages.po"
    assert 'msgid "My calendar"' in made.read_text("utf-8")
