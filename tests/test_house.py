"""What the house promises of itself: its tools are content, and its lists are true."""

import ast
import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from conftest import PROJECT
from flask.testing import FlaskClient
from tiers import slow
from werkzeug.serving import make_server

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
CONSTRAINTS = (PROJECT / "constraints.txt").read_text("utf-8").splitlines()
PACKAGES = [
    importlib.import_module(f"calsvc{name}")
    for name in (
        "",
        ".agenda",
        ".importers",
        ".importers.fetch",
        ".importers.habits",
        ".importers.tools",
        ".importers.ics",
        ".importers.tables",
        ".importers.pages",
        ".importers.drawing",
        ".importers.updating",
        ".importers.following",
        ".schedule",
        ".ical",
        ".live",
        ".exporters",
        ".storage",
        ".server",
        ".web",
        ".web.views",
        ".cli",
    )
]
"""Packages that list their modules."""
LAYERED = [each for each in PACKAGES if each.__name__ != "calsvc.web.views"]
"""Those whose list is in the order of imports."""
MOST_NAMES = 24  # at the top of the package
LONGEST_MODULE = 330  # lines
LONGEST_FUNCTION = 50  # lines
# Put together here, so that this file does not hold what it looks for.
FORBIDDEN = [f"/{name}/" for name in ("work", "tmp")] + [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted", "org"),
        ("registry", "npmjs", "org"),
    )
]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program in the project's folder."""
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def listed(package: ModuleType) -> list[str]:
    """Return the modules that a package tells of, in its order."""
    return re.findall(r"^``(\w+)/?``", package.__doc__ or "", re.MULTILINE)


def canonical(requirement: str) -> str:
    """Return the name of a requirement as package indexes compare it (PEP 503)."""
    name = re.match(r"[\w.-]+", requirement)
    assert name
    return re.sub(r"[-_.]+", "-", name[0]).lower()


def exact(pin: str) -> tuple[str, str]:
    """Return the name and the version of a pin."""
    return canonical(pin), pin.partition("==")[2]


# --- tools --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        (sys.executable, "-m", "ruff", "check"),
        (sys.executable, "-m", "ruff", "format", "--check"),
        slow((sys.executable, "-m", "mypy")),
        (Path(sys.executable).with_name("lint-imports"),),
    ],
    ids=["ruff", "format", "mypy", "imports"],
)
def test_tool_is_content(command: tuple[str | Path, ...]) -> None:
    result = run(*command)

    assert result.returncode == 0, result.stdout + result.stderr


# --- modules ------------------------------------------------------------------------------


@pytest.mark.parametrize("package", PACKAGES, ids=lambda each: each.__name__)
def test_modules_listed_are_those_there(package: ModuleType) -> None:
    there = {
        path.stem
        for path in Path(str(package.__file__)).parent.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }

    assert set(listed(package)) == there - {"__init__", "__main__"}


@pytest.mark.parametrize("package", LAYERED, ids=lambda each: each.__name__)
def test_modules_listed_are_in_the_order_of_imports(package: ModuleType) -> None:
    (layers,) = [
        contract["layers"]
        for contract in PYPROJECT["tool"]["importlinter"]["contracts"]
        if contract.get("containers") == [package.__name__]
    ]

    assert listed(package) == layers[::-1]


def test_top_level_is_taken_in_at_a_glance() -> None:
    names = {path.name for path in (PROJECT / "calsvc").iterdir()} - {"__pycache__"}

    assert len(names) <= MOST_NAMES


def test_functions_fit_a_screen() -> None:
    lengths = {
        f"{path.relative_to(PROJECT)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for folder in ("calsvc", "bench")
        for path in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno
    }

    assert {name: count for name, count in lengths.items() if count > LONGEST_FUNCTION} == {}


def test_modules_are_short() -> None:
    lines = {
        str(path.relative_to(PROJECT)): len(path.read_text("utf-8").splitlines())
        for folder in ("calsvc", "bench")
        for path in (PROJECT / folder).rglob("*")
        if path.suffix in {".py", ".js"}
    }

    assert {path: count for path, count in lines.items() if count > LONGEST_MODULE} == {}


# --- packages -----------------------------------------------------------------------------


def test_modules_of_tests_have_names_of_their_own() -> None:
    """pytest reads them by their names alone."""
    names = Counter(path.stem for path in (PROJECT / "tests").rglob("test_*.py"))

    assert [name for name in names if names[name] > 1] == []


def test_pins_are_exact() -> None:
    build = PYPROJECT["build-system"]["requires"]

    assert [pin for pin in CONSTRAINTS + build if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []


def test_pins_hold_all_that_is_asked_for() -> None:
    extras = PYPROJECT["project"]["optional-dependencies"]
    asked = {canonical(each) for each in sum(extras.values(), PYPROJECT["project"]["dependencies"])}

    assert asked - {"calsvc"} - set(map(canonical, CONSTRAINTS)) == set()


def test_pins_of_the_build_agree_with_the_others() -> None:
    pinned = {canonical(pin): pin for pin in CONSTRAINTS}
    build = PYPROJECT["build-system"]["requires"]

    assert [pin for pin in build if pinned.get(canonical(pin), pin) != pin] == []


@pytest.mark.parametrize("name", ["build", "ci", "run"])
def test_packages_with_hashes_are_the_pinned_ones(name: str) -> None:
    text = (PROJECT / "requirements" / f"{name}.txt").read_text("utf-8")
    build = PYPROJECT["build-system"]["requires"]
    pinned = {exact(pin) for pin in (build if name == "build" else CONSTRAINTS)}
    requirements = re.split(r"\n(?=\w)", text.split("\n", 2)[2])

    assert {exact(each.split(" ", 1)[0]) for each in requirements} - pinned == set()
    assert [each for each in requirements if "--hash=sha256:" not in each] == []


def test_all_that_is_asked_for_has_hashes() -> None:
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"]
    asked = {
        "build": PYPROJECT["build-system"]["requires"],
        "ci": sum(extras.values(), project["dependencies"]),
        "run": project["dependencies"] + extras["postgres"],
    }
    for name, requirements in asked.items():
        text = (PROJECT / "requirements" / f"{name}.txt").read_text("utf-8")
        there = {canonical(line) for line in text.splitlines() if line[:1].isalnum()}

        assert {canonical(each) for each in requirements} - {"calsvc"} - there == set(), name


def test_files_name_no_machine_and_no_package_host() -> None:
    found = {
        f"{name}: {needle}"
        for name in run("git", "ls-files").stdout.splitlines()
        if (path := PROJECT / name).is_file()
        for needle in FORBIDDEN
        if needle.encode() in path.read_bytes()
    }

    assert found == set()


# --- SECURITY.md --------------------------------------------------------------------------


def test_every_promise_of_security_names_tests_that_are_there() -> None:
    security = (PROJECT / "SECURITY.md").read_text("utf-8")
    rows = re.findall(r"^\| (?!from |---)(.+) \|$", security, re.MULTILINE)
    named = [re.findall(r"`(tests/[^`]+)`", row.rpartition(" | ")[2]) for row in rows]

    assert len(rows) >= 10
    assert [row for row, tests in zip(rows, named, strict=True) if not tests] == []
    assert [name for tests in named for name in tests if not (PROJECT / name).is_file()] == []
    for who in ("stranger", "attendee", "organizer", "other site", "network", "operator"):
        assert any(who.removeprefix("other ") in row.partition(" | ")[0] for row in rows)


# --- the image ----------------------------------------------------------------------------


def test_image_takes_what_is_there_and_let_in() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text("utf-8")
    let_in = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    copied = re.findall(r"^COPY (?:--chown\S+ )?((?!--)\S.*) \S+$", dockerfile, re.MULTILINE)
    names = [name for names in copied for name in names.split()]

    assert sorted(f"!{name}" for name in names) == [line for line in let_in if line[0] == "!"]
    assert [name for name in names if not (PROJECT / name).exists()] == []


def test_image_asks_for_its_health(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text("utf-8")
    (command,) = re.findall(r"^HEALTHCHECK .*CMD (\[.+\])$", dockerfile, re.MULTILINE)
    program, *arguments = json.loads(command)
    server = make_server("127.0.0.1", 0, client.application)
    monkeypatch.setenv("CALSVC_PORT", str(server.port))
    thread = Thread(target=server.serve_forever)

    thread.start()
    well = run(sys.executable, *arguments)
    server.shutdown()
    thread.join()
    server.server_close()
    ill = run(sys.executable, *arguments)

    assert program == "python"
    assert (well.returncode, ill.returncode) == (0, 1), well.stderr
