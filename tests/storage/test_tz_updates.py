"""Clock times stay when the tz database changes; instants follow the new rules.

The older tz database comes in the wheel of an older pytz, which a process of its own imports.
What is right is told by zoneinfo, which reads the newest tz database from another package.
"""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, reset_tzpath

import pytest
import pytz
from conftest import PROJECT

from calsvc import timezones
from calsvc.agenda.folder import event_files
from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage

OLDER = "2025.2"  # tz database 2025b
DAYS = [datetime(year, month, 15).date() for year in (2026, 2027, 2031) for month in range(1, 13)]
NINE, TEN = time(9), time(10)

OFFSETS = """
import json, sys
from datetime import datetime
import pytz
days = json.load(sys.stdin)
found = {}
for name in pytz.all_timezones:
    tz = pytz.timezone(name)
    found[name] = [
        tz.localize(datetime.fromisoformat(day + "T09:00")).utcoffset().total_seconds()
        for day in days
    ]
json.dump(found, sys.stdout)
"""
PUBLISH = """
import sys
from pathlib import Path
from calsvc import timezones
from calsvc.agenda.folder import event_files
from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage
storage = Storage(sys.argv[1])
storage.migrate()
outcome = publish_files(storage, event_files(Path(sys.argv[2])))
assert not outcome.problems, outcome.problems
print(timezones.TZ_DATABASE, len(outcome.published))
"""


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds an older pytz, to be imported before the one that is installed."""
    folder = tmp_path_factory.mktemp("pytz")
    pip = (sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(folder))
    subprocess.run([*pip, f"pytz=={OLDER}"], check=True)
    return folder


def run(older: Path | None, script: str, *words: str, stdin: str = "") -> str:
    """Run a script with the older pytz, or with the one that is installed."""
    path = os.pathsep.join(map(str, filter(None, (older, PROJECT))))
    return subprocess.run(
        [sys.executable, "-c", script, *words],
        env={**os.environ, "PYTHONPATH": path},
        input=stdin,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


@pytest.fixture(scope="module")
def differing(older: Path) -> dict[str, list[str]]:
    """The zones whose clocks differ between the two, with the days on which they do."""
    days = [str(day) for day in DAYS]
    old, new = (json.loads(run(path, OFFSETS, stdin=json.dumps(days))) for path in (older, None))
    return {
        name: [day for day, was, is_ in zip(days, old[name], new[name], strict=True) if was != is_]
        for name in sorted(old.keys() & new.keys())
        if old[name] != new[name]
    }


@pytest.fixture
def folder(tmp_path: Path, differing: dict[str, list[str]]) -> Path:
    """An event in each such zone, with a session at nine on each such day."""
    folder = tmp_path / "events"
    folder.mkdir()
    for name, days in differing.items():
        sessions = [f"  - {{id: d{day}, title: Talk, when: {day} 09:00-10:00}}\n" for day in days]
        text = f"name: {name}\ntimezone: {name}\ndates: {{from: {days[0]}, to: {days[-1]}}}\n"
        event_id = name.casefold().replace("/", "-").replace("_", "-")
        (folder / f"{event_id}.yaml").write_text(f"{text}sessions:\n{''.join(sessions)}", "utf-8")
    return folder


@pytest.mark.slow
def test_tz_databases_differ(differing: dict[str, list[str]]) -> None:
    assert timezones.TZ_DATABASE > "2025b"
    assert "America/Vancouver" in differing


@pytest.mark.slow
def test_update_of_the_tz_database_moves_instants_and_never_clock_times(
    older: Path, folder: Path, differing: dict[str, list[str]], tmp_path: Path
) -> None:
    reset_tzpath([])  # zoneinfo reads the package tzdata, not what the machine has
    url = f"sqlite:///{tmp_path}/calsvc.db"
    printed = run(older, PUBLISH, url, str(folder))
    storage = Storage(url)
    storage.migrate()
    wrong_clocks, wrong_instants, checked = [], [], 0

    for event_id in storage.numbers():
        _, schedule = storage.newest(event_id) or (None, None)
        assert schedule
        zone = ZoneInfo(schedule.event.timezone)
        for entry in schedule.entries:
            if slot := entry.content.slot:
                checked += 1
                day = slot.local_start.date()
                if (slot.local_start.time(), slot.local_end.time()) != (NINE, TEN):
                    wrong_clocks.append((event_id, slot))
                right = datetime.combine(day, NINE, zone).astimezone(UTC)
                if slot.start != right or entry.session != f"d{day}":
                    wrong_instants.append((event_id, slot, right))
    outcome = publish_files(storage, event_files(folder))
    storage.close()

    assert printed.split() == ["2025b", str(len(differing))]
    assert checked == sum(map(len, differing.values()))
    assert (wrong_clocks, wrong_instants) == ([], [])
    assert outcome.published == []  # nothing moved on any agenda


@pytest.mark.slow
def test_older_tz_database_reads_the_clock_times_of_a_newer_one(
    older: Path, folder: Path, differing: dict[str, list[str]], tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/calsvc.db"
    storage = Storage(url)
    storage.migrate()
    assert len(publish_files(storage, event_files(folder)).published) == len(differing)
    storage.close()

    assert run(older, PUBLISH, url, str(folder)).split() == ["2025b", "0"]


def test_what_clocks_repeat_or_skip_since_an_update_has_an_instant() -> None:
    berlin = pytz.timezone("Europe/Berlin")
    repeated, skipped = datetime(2027, 10, 31, 2, 30), datetime(2027, 3, 28, 2, 30)

    assert timezones.resolved(repeated, "Europe/Berlin") == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )
    assert timezones.resolved(skipped, "Europe/Berlin") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    shown = timezones.resolved(skipped, "Europe/Berlin").astimezone(berlin)
    assert f"{shown:%H:%M}" == "03:30"
