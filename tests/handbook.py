"""The pages of the documentation, as their tests read them: sections, tables, links."""

import re
from pathlib import Path

from conftest import PROJECT

DOCS = PROJECT / "docs"
README = (PROJECT / "README.md").read_text("utf-8")
SITE = "http://127.0.0.1:8000"
YAML = re.compile(r"^```yaml\n(.+?)^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Return all pages, in the order of their names."""
    return sorted(DOCS.rglob("*.md"))


def text_of(name: str) -> str:
    """Return the text of a page: ``reference/commands``."""
    return (DOCS / f"{name}.md").read_text("utf-8")


def sections(text: str) -> dict[str, str]:
    """Return what stands below each heading of a page, by the heading; above all, below ``""``."""
    top, *rest = re.split(r"^##+ ", text, flags=re.MULTILINE)
    return {"": top, **{heading: body for heading, _, body in (x.partition("\n") for x in rest)}}


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables in a text, row by row, without their heads."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if re.fullmatch(r"\|(?:-+\|)+", line):
            found.pop()  # what stands above it is a head
        elif line.startswith("|"):
            found.append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def code(cell: str) -> list[str]:
    """Return what of a cell, or of any text, is code."""
    return re.findall(r"`([^`]+)`", cell)


def column(text: str) -> list[str]:
    """Return the code at the start of each row of the tables, or of each list item."""
    return re.findall(r"^(?:\| |- )`([^`]+)`", text, re.MULTILINE)
