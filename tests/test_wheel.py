"""What is released: built from what is released, installed apart, and used there."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import PROJECT
from servers import free_port, get
from subscriber import read
from waiting import PATIENCE, eventually

from calsvc import __version__

pytestmark = pytest.mark.slow

TABLE = """\
Title,Date,Start,End,Room,Speakers
Opening,2027-06-15,09:00,09:30,Hall A,
Keynote,2027-06-15,09:30,10:15,Hall A,Ada Example
"""
PAGE = """\
<!doctype html><title>Conf 2027</title>
<h1>Conf 2027</h1><p>15 June 2027, Berlin</p>
<table><tr><th>Time</th><th>Session</th><th>Speaker</th></tr>
<tr><td>09:00 - 09:30</td><td>Opening</td><td></td></tr>
<tr><td>09:30 - 10:15</td><td>Calendars that stay right</td><td>Ada Example</td></tr></table>
"""


def environment() -> dict[str, str]:
    """Return an environment in which nothing leads to this source tree."""
    left_out = re.compile("PYTHON|CALSVC_|VIRTUAL_ENV|COV")
    return {name: value for name, value in os.environ.items() if not left_out.match(name)}


def call(*words: str | Path, folder: Path) -> str:
    """Run a program, which must succeed; return what it printed."""
    result = subprocess.run(
        words, cwd=folder, env=environment(), capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def made(folder: Path, requirements: str) -> Path:
    """Make a virtual environment of what a file asks for, by its hashes; return its programs."""
    call(sys.executable, "-m", "venv", folder, folder=folder.parent)
    listed = PROJECT / "requirements" / requirements
    words = ("install", "-q", "--no-deps", "--require-hashes", "-r", listed)
    call(folder / "bin" / "pip", *words, folder=folder)
    return folder / "bin"


class Release:
    """The two files of a release, and calsvc as it is installed from one of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        tree, dist = folder / "tree", folder / "dist"
        tree.mkdir()
        # As it is committed: what else lies about here is in no release.
        for name in call("git", "ls-files", folder=PROJECT).splitlines():
            if (PROJECT / name).is_file():
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(PROJECT / name, tree / name)
        (tree / "tests" / "clients" / "node_modules").mkdir()
        (tree / "tests" / "clients" / "node_modules" / "index.js").write_text("0")
        python = made(folder / "build", "build.txt") / "python"
        call(python, "-m", "hatchling", "build", "-t", "sdist", "-d", dist, folder=tree)
        (self.sdist,) = dist.glob("*.tar.gz")
        with tarfile.open(self.sdist) as archive:
            archive.extraction_filter = getattr(tarfile, "data_filter", None)  # new in 3.11.4
            archive.extractall(folder / "source")  # noqa: S202 -- ours
        (source,) = (folder / "source").iterdir()
        call(python, "-m", "hatchling", "build", "-t", "wheel", "-d", dist, folder=source)
        (self.wheel,) = dist.glob("*.whl")
        self._programs = made(folder / "venv", "run.txt")
        pip = (self._programs / "pip", "install", "-q", "--no-deps", "--no-index")
        call(*pip, self.wheel, folder=folder)

    def calsvc(self, *words: str | Path) -> str:
        """Run a command of the installed calsvc, far from its source; return what it printed."""
        return call(self._programs / "calsvc", *words, folder=self.folder)

    @contextmanager
    def serving(self, *words: str) -> Iterator[str]:
        """Serve while the block runs; give the address."""
        port = free_port()
        log = self.folder / "log"
        with log.open("w") as output:
            server = subprocess.Popen(
                [self._programs / "calsvc", "serve", *words, "--port", str(port)],
                cwd=self.folder,
                env=environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        address = f"http://127.0.0.1:{port}"
        try:
            eventually(lambda: server.poll() is not None or answers(f"{address}/healthz"))
            assert server.poll() is None, log.read_text()
            yield address
        finally:
            server.terminate()
            try:
                server.wait(PATIENCE)
            finally:
                server.kill()


def answers(address: str) -> bool:
    """Tell whether anything is answered at an address."""
    try:
        return get(address)[0] == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release, built and installed once."""
    return Release(tmp_path_factory.mktemp("release"))


# --- what is in it ------------------------------------------------------------------------


def test_wheel_has_all_of_the_package_and_nothing_else(release: Release) -> None:
    committed = set(call("git", "ls-files", "calsvc", folder=PROJECT).splitlines())
    with zipfile.ZipFile(release.wheel) as archive:
        names = set(archive.namelist())

    about = {name for name in names if name.startswith(f"calsvc-{__version__}.dist-info/")}
    assert names - about == committed
    for kind in (".html", ".css", ".js", ".po", "versions/0001_schedules.py"):
        assert any(name.endswith(kind) for name in committed)
    endings = ("licenses/LICENSE", "CHANGELOG.md", "METADATA")
    assert all(any(name.endswith(each) for name in about) for each in endings)


def test_metadata_has_the_readme(release: Release) -> None:
    readme = (PROJECT / "README.md").read_text("utf-8")
    with zipfile.ZipFile(release.wheel) as archive:
        metadata = archive.read(f"calsvc-{__version__}.dist-info/METADATA").decode()

    assert f"\nVersion: {__version__}\n" in metadata
    assert metadata.endswith(readme)


def test_sdist_has_what_is_committed_and_nothing_that_lies_about(release: Release) -> None:
    with tarfile.open(release.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml", "PKG-INFO"} <= names
    assert set(call("git", "ls-files", "calsvc", "tests", folder=PROJECT).splitlines()) <= names
    assert [name for name in names if "node_modules" in name] == []


# --- what it does -------------------------------------------------------------------------


def test_version_is_told(release: Release) -> None:
    assert release.calsvc("--version") == f"calsvc, version {__version__}\n"


def test_new_event_is_served_with_its_pages(release: Release) -> None:
    release.calsvc("new", "conf-2027")

    with release.serving("events") as address:
        status, feed = get(f"{address}/events/conf-2027.ics")
        _, page = get(f"{address}/events/conf-2027/")
        _, german = get(f"{address}/events/conf-2027/?lang=de")
        (styles,) = {*re.findall(rb'href="([^"]+\.css[^"]*)"', page)}
        scripts = {*re.findall(rb'src="([^"]+\.js[^"]*)"', page)}
        static = [get(f"{address}{path.decode()}") for path in (styles, *scripts)]

    assert (status, len(read(feed))) == (200, 3)
    assert b"The first talk" in page
    assert b'<html lang="de"' in german
    assert "Änderungen".encode() in german and "Änderungen".encode() not in page
    assert [code for code, _ in static] == [200] * len(static)
    assert len(static) > 1 and all(body for _, body in static)


def test_agendas_are_imported_and_exported(release: Release) -> None:
    (release.folder / "agenda.csv").write_text(TABLE)
    (release.folder / "page.html").write_text(PAGE)
    zone = ("--timezone", "Europe/Berlin")

    release.calsvc("import", "agenda.csv", "--name", "Table", *zone, "-o", "taken/table.yaml")
    release.calsvc("import", "page.html", *zone, "-o", "taken/page.yaml")
    checked = release.calsvc("check", "taken")
    table = release.calsvc("export", "table", "--events", "taken")
    page = release.calsvc("export", "page", "--events", "taken", "--format", "json")

    assert checked == "2 files: 0 errors, 0 warnings\n"
    assert "SUMMARY:Keynote" in table
    assert "Calendars that stay right" in page


def test_database_is_backed_up_and_brought_back(release: Release) -> None:
    release.calsvc("new", "other-2027")
    release.calsvc("publish", "events", "--database", "sqlite:///other.db")

    release.calsvc("backup", "other.bak", "--database", "sqlite:///other.db")
    told = release.calsvc("restore", "other.bak", "--database", "sqlite:///new.db")

    assert re.search(r"versions go on from \d{4,}\.$", told, re.MULTILINE)


def test_static_site_is_built(release: Release) -> None:
    release.calsvc("new", "built-2027")

    words = ["--database", "sqlite:///built.db", "--base-url", "https://calendar.example.org"]
    release.calsvc("build", "site", "events/built-2027.yaml", *words)

    files = {path.name for path in (release.folder / "site").rglob("*") if path.is_file()}
    assert {"built-2027.ics", "calsvc.css", "index.html", "404.html"} <= files
