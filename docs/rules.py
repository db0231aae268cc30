"""Makes the catalogue of the doctor's rules, ``rules.md``, from their tables.

.venv/bin/python docs/rules.py
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from calsvc.doctor import rules
from calsvc.doctor.findings import Rule
from calsvc.doctor.report import sufferings

PAGE = Path(__file__).parent / "rules.md"
HEAD = """\
# What the doctor looks for

<!-- Made by docs/rules.py from the tables in calsvc/doctor/rules; edit those. -->

[`calsvc doctor`](howto/doctor.md) tells what is wrong with a calendar feed, anybody's, and who
suffers from it.
Each rule has a name, by which `--ignore` leaves it out, and two examples: one in which it finds
something, and a sound twin in which no rule does.

An **error** makes some program show nothing, too little, or something wrong; a **warning** makes
it show something worse, or later, than it could; a **note** is good to know.
Sources are the RFCs with their sections, and threads `owner/repository#number` on GitHub in which
people told of the fault.

"""
PARTS: tuple[tuple[str, str, Sequence[Rule[Any]]], ...] = (
    ("In the file", "Rules about a calendar as it is.", rules.FILES),
    ("In what the server says", "Rules about addresses and answers.", rules.ANSWERS),
    ("Between two fetches", "Rules about what changes, and what should not.", rules.CHANGES),
)
STANDS = {
    "entry": "in an entry",
    "calendar": "in the calendar, before its components",
    "zone": "the definition of the zone",
    "body": "in the calendar",
    "file": "the whole file",
    "octets": "the whole file, octet by octet",
    "entries": "how many entries there are",
    "answer": "the answer",
    "change": "before, and after",
}
"""What an example is, by its frame."""
UNPRINTABLE = re.compile(r"[^\n -~\u00a1-\U0010ffff]")


def catalogue() -> str:
    """Return the text of the page."""
    return HEAD + "\n".join(line for part in PARTS for line in _part(*part)) + "\n"


def _part(title: str, about: str, table: Sequence[Rule[Any]]) -> Iterator[str]:
    yield from (f"## {title}", "", f"{about} There are {len(table)}.", "")
    yield from ("| rule | severity | what is wrong |", "|---|---|---|")
    for rule in table:
        yield f"| [{rule.name}](#{rule.name}) | {rule.severity} | {_said(rule)} |"
    yield ""
    for rule in table:
        yield from _section(rule)


def _section(rule: Rule[Any]) -> Iterator[str]:
    yield from (f"### {rule.name}", "", f"**{rule.severity.capitalize()}.** {_said(rule)}", "")
    yield from (_text(rule.why), "")
    if rule.effects:
        yield from (f"- {_text(each)}." for each in sufferings(rule.effects))
        yield ""
    yield from (f"Cure: {_text(rule.cure)}", "", f"Source: {_text(rule.source)}", "")
    for word, lines in (("Fails", rule.example.fails), ("Holds", rule.example.holds)):
        yield from (f"{word} ({STANDS[rule.example.frame]}):", "", "```text")
        yield from _lines(lines, is_raw=rule.example.frame == "octets")
        yield from ("```", "")


def _said(rule: Rule[Any]) -> str:
    return _text(rule.what.format(value="…"))


def _text(words: str) -> str:
    """Return words as Markdown has them: signs that mean something there are escaped."""
    return re.sub(r"([\\`*_<>|\[\]])", r"\\\1", words)


def _lines(lines: str, *, is_raw: bool) -> list[str]:
    """Return an example's lines, with what cannot be seen written as escapes."""
    if is_raw:
        lines = lines.replace("\r", "\\r").replace("\n", "\\n\n")
    shown = UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), lines)
    return [f"{line[:200]}…" if len(line) > 200 else line for line in _first(shown.split("\n"))]


def _first(lines: list[str], most: int = 60) -> list[str]:
    lines = lines[:-1] if lines and not lines[-1] else lines
    return lines if len(lines) <= most else [*lines[:most], f"… and {len(lines) - most} more lines"]


if __name__ == "__main__":
    PAGE.write_text(catalogue(), encoding="utf-8")
