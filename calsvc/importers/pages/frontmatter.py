"""The fields that site generators keep above a page: in YAML, or in TOML.

Of them, the title and the years that they name are taken; what makes a page of the rest is
left alone.
"""

import re
import tomllib
from typing import Any, NamedTuple

import yaml

from calsvc.importers.pages import days as written

FENCED = re.compile(
    r"\ufeff?\s*(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<fields>.*?)(?:^|\n)"
    r"(?:(?P=fence)|\.\.\.)[ \t]*(?:\r?\n|$)",
    re.DOTALL,
)
LONGEST = 20_000
TEMPLATE = re.compile(r"\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}")
"""What a site generator would fill in."""
YEARLY = frozenset({"title", "date", "year", "dates", "permalink", "url"})
"""Fields whose years may be the event's."""


class Parted(NamedTuple):
    """A page, apart from its own fields."""

    text: str
    title: str | None = None
    years: tuple[int, ...] = ()


def parted(text: str) -> Parted:
    """Return a page without the fields above it and what a generator would fill in."""
    match = FENCED.match(text)
    if not match:
        return Parted(TEMPLATE.sub("", text))
    fields = _fields(match["fields"], is_toml=match["fence"] == "+++")
    title = fields.get("title")
    years = [
        year
        for name, value in fields.items()
        if str(name) in YEARLY
        for year in written.years(str(value)[:300])
    ]
    rest = TEMPLATE.sub("", text[match.end() :])
    return Parted(rest, title if isinstance(title, str) else None, tuple(years))


def _fields(text: str, *, is_toml: bool) -> dict[Any, Any]:
    if len(text) > LONGEST or (not is_toml and "&" in text and "*" in text):
        return {}
    try:
        found = tomllib.loads(text) if is_toml else yaml.load(text, yaml.BaseLoader)  # noqa: S506  # strings alone
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
