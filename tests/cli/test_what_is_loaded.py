"""A command loads what it needs: foreign parsers, a database and a server cost time and memory."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from tiers import slow

PARSERS = {"bs4", "lxml", "markdownify", "python_calamine"}
DATABASE = {"alembic", "sqlalchemy"}
SERVER = {"flask", "granian", "jinja2"}
FETCHING = {"urllib3"}
ALL = PARSERS | DATABASE | SERVER | FETCHING
# As the command that is installed, which tells at its end what it has loaded.
PROGRAM = """
import sys
from calsvc.cli import main
try:
    main(prog_name="calsvc")
finally:
    print(*sys.modules, file=sys.stderr)
"""
EVENT = str(PROJECT / "events" / "ai-data-2025.yaml")


def loaded(folder: Path, *words: str) -> set[str]:
    """Return the packages and modules that a process loads for a command."""
    command = [sys.executable, "-c", PROGRAM, *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "module", "others"),
    [
        (["--help"], "calsvc.cli", ALL | {"pydantic"}),
        (["check", EVENT], "calsvc.cli.files", ALL),
        slow(["publish", "--dry-run", EVENT], "calsvc.cli.versions", PARSERS | SERVER),
        (["serve", "--help"], "calsvc.cli.serve", PARSERS | FETCHING),
        slow(["import", "--help"], "calsvc.cli.importing", PARSERS | DATABASE | SERVER),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_command_loads_what_it_needs_alone(
    words: list[str], module: str, others: set[str], tmp_path: Path
) -> None:
    found = loaded(tmp_path, *words)

    assert module in found
    assert found & others == set()


def test_all_of_that_is_what_others_load() -> None:
    """Else what is not loaded could be what there is not."""
    assert [name for name in sorted(ALL) if importlib.util.find_spec(name) is None] == []
