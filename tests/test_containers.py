"""The image, and ``compose.yaml``: what containers may do, and that it is all there.

``.ci/image`` builds the image and runs it.
"""

import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import PROJECT, event_of, tool
from flask.testing import FlaskClient

from calsvc import __version__
from calsvc.cli import COMMANDS
from calsvc.exporters.table import EXPORTERS
from calsvc.releases import publish_event
from calsvc.storage.schedules import Storage

DOCKERFILE = (PROJECT / "Dockerfile").read_text("utf-8")
COMPOSE = (PROJECT / "compose.yaml").read_text("utf-8")
PROFILES = {
    "alone": {"calsvc"},
    "many": {"database", "publisher", "copies", "proxy"},
    "static": {"build", "files"},
}
OWN = ("calsvc", "publisher", "copies", "build")
CONF = "name: Conf\ntimezone: UTC\ndate: 2027-06-15\n"
BY_DIGEST = re.compile(r"[\w./-]+:\d[\w.-]+@sha256:[0-9a-f]{64}")


def instructions(name: str) -> list[str]:
    """Return the arguments of an instruction of the Dockerfile, each time it is there."""
    text = DOCKERFILE.replace("\\\n", "")
    return re.findall(rf"^{name} (.+)$", text, re.MULTILINE)


# --- the image ----------------------------------------------------------------------------


def test_base_is_one_image_by_its_digest() -> None:
    base, *others = instructions("ARG")

    assert BY_DIGEST.fullmatch(base.removeprefix("BASE="))
    assert base.startswith("BASE=python:3.11.")
    assert "-slim-" in base
    assert instructions("FROM") == ["${BASE} AS build", "${BASE}"]
    assert others == ["VERSION=unknown", "REVISION=unknown"]


def test_all_that_is_installed_has_hashes() -> None:
    installed = [run for run in DOCKERFILE.split("&&") if " install" in run and "pip" in run]

    assert len(installed) == 3
    assert all("--require-hashes" in run or "--no-index" in run for run in installed)


def test_image_runs_as_nobody_and_writes_into_its_volume_alone() -> None:
    assert instructions("USER") == ["10001:10001"]
    assert instructions("VOLUME") == ["/data"]
    assert instructions("WORKDIR")[-1] == "/data"
    assert "PYTHONDONTWRITEBYTECODE=1" in DOCKERFILE
    assert instructions("STOPSIGNAL") == ["SIGTERM"]
    # Words and no shell: the first process is calsvc itself, which gets the signal.
    assert instructions("ENTRYPOINT") == ['["calsvc"]']


def test_image_says_what_it_is() -> None:
    (labels,) = instructions("LABEL")

    assert set(re.findall(r"org\.opencontainers\.image\.(\w+)=", labels)) == {
        *("title", "description", "licenses", "version", "revision"),
    }
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", __version__)  # what VERSION is to be


# --- compose.yaml -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what compose.yaml needs, with the settings of the examples."""
    home = tmp_path_factory.mktemp("compose")
    shutil.copytree(PROJECT / "deploy", home / "deploy")
    for example in (home / "deploy").glob("*.example"):
        shutil.copy(example, example.with_suffix(""))
    shutil.copy(PROJECT / "compose.yaml", home)
    shutil.copy(PROJECT / "Dockerfile", home)
    return home


def composed(folder: Path, profile: str) -> dict[str, Any]:
    """Return what Compose makes of the file, the services of a profile by their names."""
    words = [tool("docker-compose"), "-f", "compose.yaml", "--profile", profile, "config"]
    result = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    services = yaml.safe_load(result.stdout)["services"]
    return {name: each for name, each in services.items() if profile in each["profiles"]}


@pytest.mark.parametrize("profile", PROFILES)
def test_compose_takes_each_profile(folder: Path, profile: str) -> None:
    services = composed(folder, profile)

    assert set(services) == PROFILES[profile]
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["restart"] == ("no" if name == "build" else "unless-stopped"), name
        assert "cap_add" not in service and "privileged" not in service, name
        if name in OWN:
            assert service["image"] == "calsvc"
            assert service.get("command", ["serve"])[0] in COMMANDS
        else:
            assert BY_DIGEST.fullmatch(service["image"]), name
            assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
            assert "test" in service["healthcheck"], name
        for port in service.get("ports", ()):
            assert str(port).startswith("127.0.0.1:"), name


def test_many_is_three_copies_that_publish_nothing_and_one_that_does(folder: Path) -> None:
    services = composed(folder, "many")

    assert services["copies"]["deploy"]["replicas"] == 3
    assert services["copies"]["command"] == ["serve"]
    assert "volumes" not in services["copies"]  # neither event files nor anything else of its own
    assert services["copies"]["working_dir"] == "/tmp"  # noqa: S108 -- where no events/ is
    assert services["publisher"]["command"] == ["publish", "/events", "--watch"]
    assert services["publisher"]["hostname"] == "publisher"
    for name in ("copies", "publisher"):
        assert services[name]["environment"]["CALSVC_DATABASE"] == (
            "postgresql://calsvc@database/calsvc"
        )
    upstream = (PROJECT / "deploy/nginx/upstream.compose.conf").read_text("utf-8")
    assert f"server copies:{instructions('EXPOSE')[0]} " in upstream
    cache = (PROJECT / "deploy/nginx/calsvc.conf").read_text("utf-8")
    zones = re.findall(r"^ *(?:zone |.*keys_zone=)(\w+)", upstream + cache, re.MULTILINE)
    assert sorted(zones) == ["calsvc", "copies"]  # each has a name of its own, or nginx refuses


def test_secrets_stand_in_files_that_are_not_kept_here() -> None:
    named = set(re.findall(r"deploy/\w+\.env", COMPOSE))

    assert named == {"deploy/calsvc.env", "deploy/database.env"}
    assert all((PROJECT / f"{name}.example").is_file() for name in named)
    assert "deploy/*.env" in (PROJECT / ".gitignore").read_text("utf-8").splitlines()
    assert re.findall(r"(?i)(?:password|token)\w*[:=] *\S+", COMPOSE) == []
    examples = [(PROJECT / f"{name}.example").read_text("utf-8") for name in named]
    assert re.findall(r"(?m)^#?\w*(?:PASSWORD|TOKEN)=\S+", "".join(examples)) == []


def test_files_that_are_mounted_are_there() -> None:
    mounted = re.findall(r"- (\./\S+?):", COMPOSE)

    assert len(mounted) == 3
    assert [name for name in mounted if not (PROJECT / name).is_file()] == []


# --- what docs/howto/ says ----------------------------------------------------------------

CONTAINERS = (PROJECT / "docs/howto/containers.md").read_text("utf-8")
PROXIES = (PROJECT / "docs/howto/proxies.md").read_text("utf-8")


def test_words_of_compose_are_told_with_their_defaults() -> None:
    told = re.findall(r"^\| `(CALSVC_\w+)` \| `(\S+)` \|", CONTAINERS, re.MULTILINE)

    assert set(told) == set(re.findall(r"\$\{(CALSVC_\w+):-([^}]+)\}", COMPOSE))


def test_profiles_are_told() -> None:
    assert re.findall(r"^\| `(\w+)` \| (?!`)", CONTAINERS, re.MULTILINE) == list(PROFILES)
    assert set(re.findall(r"--profile (\w+)", CONTAINERS)) == set(PROFILES)
    for name in re.findall(r"(?:exec|run --rm)(?: -T| --entrypoint sh)* (\w+)", CONTAINERS):
        assert f"\n  {name}:\n" in COMPOSE


def test_backup_has_what_was_published_last(
    sqlite_url: str, open_storage: Callable[[str], Storage], tmp_path: Path
) -> None:
    """Also what still stands in the write-ahead log, while calsvc has the database open."""
    (program,) = re.findall(r'calsvc python -c "(.+)" > calsvc-backup\.db', CONTAINERS)
    storage = open_storage(sqlite_url)
    with closing(sqlite3.connect(tmp_path / "calsvc.db")) as server:
        server.execute("SELECT * FROM sqlite_schema").fetchall()
        publish_event(storage, event_of(CONF), "conf.yaml")
        logged = (tmp_path / "calsvc.db-wal").stat().st_size
        copied = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, check=True
        )

    backup = tmp_path / "backup"
    backup.mkdir()
    (backup / "calsvc.db").write_bytes(copied.stdout)

    assert logged > 0
    assert open_storage(f"sqlite:///{backup / 'calsvc.db'}").numbers() == {"conf": 1}


@pytest.mark.parametrize(
    ("row", "paths"),
    [
        ("feeds of events", [f"/events/ai-data-2025.{suffix}" for suffix in EXPORTERS]),
        ("pages of events", ["/", "/events/ai-data-2025/", "/events/ai-data-2025/embed/"]),
        ("`/events/…/subscribe/`", ["/events/ai-data-2025/subscribe/"]),
        ("`/embed.js`", ["/embed.js"]),
        ("`/api/events…`", ["/api/events", "/api/events/ai-data-2025"]),
        ("`/my/…`", ["/healthz", "/readyz", "/my/unknown/a.ics", "/api/calendars/me"]),
    ],
)
def test_what_caches_may_keep_is_what_they_are_told(
    client: FlaskClient, row: str, paths: list[str]
) -> None:
    (told,) = re.findall(rf"^\| {re.escape(row)}[^|]* \| (.+?) \|", PROXIES, re.MULTILINE)
    allowed = re.findall(r"`([^`]+)`", told)

    for path in paths:
        said = client.get(path).headers["Cache-Control"]
        assert any(said.startswith(each) or said == each for each in allowed), (path, said)
