"""What stands where in JSON of a shape that nobody promises.

Each function takes any value and gives the empty one of its kind for what has another
shape; so a reader says what it looks for, and never what it found instead.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from calsvc.importers.habits.markup import plain

LONGEST_KEY = 200  # characters
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,8})*")
Object = Mapping[str, Any]


def mapping(value: Any) -> dict[str, Any]:
    """Return an object; empty if it is none."""
    return value if isinstance(value, dict) else {}


def values(value: Any) -> list[Any]:
    """Return what a list holds, or an object that is used as one; empty for anything else."""
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a list, or of an object that is used as one."""
    return [each for each in values(value) if isinstance(each, dict)]


def first(holder: Object, *names: str) -> Any:
    """Return what stands under the first of these names that has something; else None."""
    for name in names:
        value = holder.get(name)
        if value not in (None, "", [], {}):
            return value
    return None


def translated(value: Any, language: str | None = None) -> Any:
    """Return the text of one language of ``{"en": …, "de": …}``; other values as they are.

    Without that language it is English, or the first one that has a text.
    """
    if not isinstance(value, dict) or not value or not all(map(_LANGUAGE.fullmatch, value)):
        return value
    if not all(text is None or isinstance(text, str) for text in value.values()):
        return value
    return first(value, *filter(None, [language, "en"]), *value)


def line(value: Any, language: str | None = None) -> str | None:
    """Return a plain line: of a text, a number, a translated text, or what has a name."""
    value = translated(value, language)
    if isinstance(value, dict):
        named = first(value, "name", "title", "label", "slug")
        value = translated(named, language) if named is not None else None
    return plain(value)


def lines(value: Any, language: str | None = None) -> list[str]:
    """Return the plain lines of a list, each once; of a single text, that alone."""
    several = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(filter(None, (line(each, language) for each in several))))


def key(value: Any) -> str | None:
    """Return an id: a number or a short text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return plain(value if isinstance(value, str) else str(value)[: LONGEST_KEY + 1]) and (
        text if len(text := str(plain(value))) <= LONGEST_KEY else None
    )


def keyed(rows: Any, *names: str) -> dict[str, dict[str, Any]]:
    """Return objects by their ids, which stand under the first of these names.

    An object that is used as a list has the ids for keys, where its objects do not tell.
    """
    found: dict[str, dict[str, Any]] = {}
    pairs: Iterable[tuple[Any, Any]] = (
        rows.items() if isinstance(rows, dict) else ((None, each) for each in values(rows))
    )
    for name, each in pairs:
        if isinstance(each, dict):
            own = name if name is not None else first(each, *names)
            if (known := key(own)) is not None:
                found.setdefault(known, each)
    return found


def link(value: Any) -> str | None:
    """Return a web address; None for anything else."""
    text = value.strip() if isinstance(value, str) else ""
    return text if re.match(r"https?://\S+$", text, re.IGNORECASE) else None
