"""Reading in a process of its own: the same as here, and always over in time."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from calsvc.errors import SourceError
from calsvc.importers import apart
from calsvc.importers.apart import drafted
from calsvc.importers.confined import asked
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read

CSV = b"Title,Date,Start,End,Room\nOne,2027-06-15,09:00,10:00,A\nZwei,2027-06-15,10:00,11:00,B\n"
WISHES = Wishes(timezone="Europe/Berlin", name="Conf")
ADJUSTED = Path("/proc/self/oom_score_adj")
TELLING = f"""
import os
from pathlib import Path
from calsvc.importers.apart import BOUNDS
from calsvc.importers.confined import answer

def told():
    place = Path({str(ADJUSTED)!r})
    oom = place.read_text().strip() if place.exists() else ""
    return {{"environ": dict(os.environ), "nice": os.nice(0), "oom": oom}}

answer(told, BOUNDS)
"""


def test_it_is_what_reading_here_gives() -> None:
    source = Source("agenda.csv", CSV)
    draft, reader = read(source, WISHES)

    assert drafted(source, WISHES, None) == (draft, reader.name)


def test_what_is_no_agenda_is_said() -> None:
    with pytest.raises(SourceError) as raised:
        drafted(Source("agenda.json", b"{"), WISHES, None)

    assert raised.value.what.startswith("is broken JSON")


def test_what_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BOUNDS", apart.BOUNDS._replace(patience=1))

    with pytest.raises(SourceError, match="takes too long to read"):
        drafted(Source("agenda.md", b"[" * 400_000), WISHES, "markdown")


def test_fault_of_its_own_is_told_and_harms_nobody() -> None:
    with pytest.raises(SourceError, match="by a fault of calsvc's own"):
        drafted(Source("agenda.csv", CSV), "no wishes", None)  # type: ignore[arg-type]


@pytest.fixture(name="told")
def _told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What a process tells of itself that runs a module within bounds."""
    monkeypatch.setenv("CALSVC_OPERATOR_TOKEN", "secret")
    monkeypatch.setenv("PGPASSWORD", "secret")
    monkeypatch.setenv("LC_TIME", "C")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    (tmp_path / "telling.py").write_text(TELLING, "utf-8")
    told: dict[str, Any] = asked("telling", (), apart.BOUNDS, "x", "")
    return told


def test_settings_and_passwords_are_not_inherited(told: dict[str, Any]) -> None:
    assert {"PATH", "PYTHONPATH", "LC_TIME"} <= told["environ"].keys()
    assert "secret" not in told["environ"].values()


def test_whatever_else_runs_goes_first(told: dict[str, Any]) -> None:
    assert told["nice"] == min(os.nice(0) + 10, 19)
    if ADJUSTED.exists():
        assert told["oom"] == "1000"
