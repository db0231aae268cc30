"""What tests share: the real events, small events, and a site of them."""

import os
import shutil
import textwrap
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2.bccache import Bucket, BytecodeCache

from calsvc.agenda import eventfile
from calsvc.agenda.folder import event_files
from calsvc.agenda.model import Event
from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"
BASE_URL = "https://calendar.example.org"
COUNTED = ("zone_years", "instants")
TOKEN = "-".join(["a", "token", "of", "operators"])
NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)

# Tests on schedules and agendas that are beside the project in some places, and not in it.
collect_ignore = [] if SHARED.joinpath("agendas").is_dir() else ["shared"]

# What tests share stands in the modules beside this one; some of them have fixtures.
pytest_plugins = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if not path.stem.startswith(("test_", "conftest"))
)
pytest.register_assert_rewrite(*pytest_plugins)  # before one of them imports another


class Compiled(BytecodeCache):
    """Templates, compiled once for all the sites that tests make."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of the same text before."""
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self._code[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}

settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def tool(name: str) -> str:
    """Return the path of a program; without it the test is skipped, but in CI it fails."""
    path = shutil.which(name)
    if path is None:
        message = f"{name} is not installed"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return path


def event_of(text: str, event_id: str = "conf") -> Event:
    """Return the event of an event file's text."""
    event, _ = eventfile.parse(textwrap.dedent(text), event_id, f"{event_id}.yaml")
    return event


def schedule_of(text: str, event_id: str = "conf") -> Schedule:
    """Return the first schedule of an event file's text."""
    return publish(event_of(text, event_id), None, NOW)


def client_of(*schedules: Schedule) -> FlaskClient:
    """Return an HTTP client of a site with these events."""
    return create_app(Live(schedules, BASE_URL)).test_client()


def operator_of(live: Live) -> FlaskClient:
    """Return an HTTP client of a site for who may read what operators should know."""
    client = create_app(live, settings=Settings(operator_token=TOKEN)).test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture(scope="session")
def real_schedules() -> list[Schedule]:
    """The events of ``events/``, published."""
    return [publish(eventfile.read(path), None, NOW) for path in event_files(PROJECT / "events")]


@pytest.fixture(scope="session")
def ai_data(real_schedules: list[Schedule]) -> Schedule:
    """The schedule of ai-data-2025."""
    return next(each for each in real_schedules if each.event.id == "ai-data-2025")


@pytest.fixture(scope="session")
def real_app(real_schedules: list[Schedule]) -> Flask:
    """The site of ``events/``, which remembers its pages from test to test."""
    return create_app(Live(real_schedules, BASE_URL))


@pytest.fixture
def client(real_app: Flask) -> FlaskClient:
    """An HTTP client of the site of ``events/``, without cookies."""
    return real_app.test_client()


@pytest.fixture
def write_event(tmp_path: Path) -> Callable[..., Path]:
    """Write an event file into a folder of its own; return its path."""

    def write(text: str, event_id: str = "conf") -> Path:
        folder = tmp_path / "events"
        folder.mkdir(exist_ok=True)
        path = folder / f"{event_id}.yaml"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show how many times in how many zones and years were found right."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.getreports("passed"):
        counts.update({name: value for name, value in report.user_properties if name in COUNTED})
    if counts:
        shown = ", ".join(f"{counts[name]} {name.replace('_', '-')}" for name in COUNTED)
        terminalreporter.write_line(f"Times checked: {shown}, all right")
