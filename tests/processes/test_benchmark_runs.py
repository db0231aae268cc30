"""The benchmark runs through; how fast anything is, no test says."""

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import PROJECT

from bench.__main__ import NAMES
from bench.sites import has


@pytest.mark.slow
def test_benchmark_runs_through(tmp_path: Path) -> None:
    if not has("nginx"):
        pytest.skip("needs nginx, which stands for a server of static files")
    parts = ["feeds", "personal-sqlite", "pages", "making"]
    words = [word for name in parts for word in ("--only", name)]

    subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--seconds", "0.2", "--out", tmp_path, *words],
        cwd=PROJECT,
        check=True,
    )

    table = (tmp_path / "bench.md").read_text("utf-8")
    asked = re.findall(r"^\| ([^|]+?) \| calsvc", table, re.MULTILINE)
    assert set(parts) <= set(NAMES)
    assert {"event feed, 200", "event feed, 304", "agenda page, 500 sessions"} <= set(asked)
    assert sum(name.startswith("personal feed, SQLite") for name in asked) == 4
    picture = ElementTree.parse(tmp_path / "bench.svg").getroot()  # noqa: S314 -- our own
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
