"""The pages hold together: all are listed, links and names lead somewhere, and they are built."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import PROJECT
from handbook import DOCS, pages, text_of

TEXTS = [*pages(), PROJECT / "README.md", PROJECT / "SECURITY.md"]
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)[^)]*\)")
PLACE = re.compile(r"`((?:calsvc|tests|docs|bench|\.ci)/[\w./-]+)`")


def named(path: Path) -> str:
    """Return a page as test reports name it."""
    return str(path.relative_to(PROJECT))


def test_all_pages_are_listed() -> None:
    linked = set(LINK.findall(text_of("index")))
    there = {str(page.relative_to(DOCS)) for page in pages()} - {"index.md"}

    assert there - linked == set(), "give each of these a line in docs/index.md"


@pytest.mark.parametrize("page", TEXTS, ids=named)
def test_links_and_places_are_there(page: Path) -> None:
    text = page.read_text("utf-8")
    unfenced = FENCED.sub("", text)

    links = {link for link in LINK.findall(unfenced) if not (page.parent / link).exists()}
    places = {place for place in PLACE.findall(unfenced) if not (PROJECT / place).exists()}

    assert links | places == set()


@pytest.mark.parametrize("page", pages(), ids=named)
def test_page_has_one_title(page: Path) -> None:
    unfenced = FENCED.sub("", page.read_text("utf-8"))

    assert len(re.findall(r"^# .+", unfenced, re.MULTILINE)) == 1
    assert unfenced.startswith("# ")


def test_names_of_code_are_where_the_pages_say() -> None:
    said = [
        found
        for page in pages()
        for found in re.findall(r"`(\w+)`[^`|]* (?:in|of) `(calsvc/[\w/]+\.py)`", page.read_text())
    ]

    assert len(said) >= 10
    missing = {(n, p) for n, p in said if n not in (PROJECT / p).read_text("utf-8")}
    assert missing == set()


@pytest.mark.slow
def test_pages_are_built_without_a_warning(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-qW", "--keep-going", "-n", str(DOCS), str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (built.returncode, built.stderr) == (0, "")
    there = {str(page.relative_to(tmp_path)) for page in tmp_path.rglob("*.html")}
    assert {str(page.relative_to(DOCS).with_suffix(".html")) for page in pages()} <= there
