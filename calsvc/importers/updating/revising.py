"""A merge → the new text of an event file: every line that needs no change stays as it is.

Sessions that are gone leave with the comments directly above them, new ones stand behind
those that the source has before them, and of changed ones only the lines of the changed
fields are written.  No library for YAML keeps a file as exactly: ruamel.yaml loses the
comment above whatever follows a removed item, and moves others.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from calsvc.agenda.eventfile import BYTE_ORDER_MARK
from calsvc.agenda.yamlfile import Document
from calsvc.importers.updating.itemlines import ItemLines
from calsvc.importers.updating.keylines import KeyLines, edited
from calsvc.importers.updating.merging import Added, Merge
from calsvc.importers.updating.sheets import OneLine, sheet


def revised(path: str, text: str, merge: Merge) -> str:
    """Return the text of an event file with the changes of a merge.

    Its byte order mark, its line ends and a last line without one stay as they are.
    """
    mark = BYTE_ORDER_MARK if text.startswith(BYTE_ORDER_MARK) else ""
    plain = text.removeprefix(mark)
    has_crlf = "\r\n" in plain and not re.search(r"(?<!\r)\n|\r(?!\n)", plain)
    if has_crlf:
        plain = plain.replace("\r\n", "\n")
    is_cut = not plain.endswith("\n")
    new = _revised(Document(path, plain), plain + "\n" * is_cut, merge)
    if is_cut and new.endswith("\n" + plain.rpartition("\n")[2] + "\n"):
        new = new[:-1]
    return mark + (new.replace("\n", "\r\n") if has_crlf else new)


def _revised(document: Document, text: str, merge: Merge) -> str:
    expected = applied(document.root, merge)
    lines = text.splitlines(keepends=True)
    keys = KeyLines(document, lines)
    # A text in lines would take in a comment that follows it, further to the right.
    for _ in range(2) if keys.is_apart(()) else ():
        items = ItemLines(document, lines, keys)
        edits = [*keys.edits((), merge.event), *items.edits(merge, expected)]
        new = "".join(edited(lines, edits))
        if Document(document.path, new).root == expected:
            return new
        document.root, merge = _in_one_line(document.root), _in_one_line(merge)
    # What is written like no other file is written anew; what it says stays.
    guesses = {str(each.fields["id"]): each.guesses for each in merge.added}
    return sheet({"sessions": [], **expected}, {**merge.guesses, **guesses})


def _in_one_line(value: Any) -> Any:
    """Return a value whose texts are written in one line each."""
    match value:
        case Merge():
            added = [replace(each, fields=_in_one_line(each.fields)) for each in value.added]
            event, changed = _in_one_line(value.event), _in_one_line(value.changed)
            return replace(value, event=event, changed=changed, added=added)
        case Mapping():
            return {key: _in_one_line(each) for key, each in value.items()}
        case list():
            return [_in_one_line(each) for each in value]
        case str() if "\n" in value:
            return OneLine(value)
    return value


def applied(root: Mapping[str, Any], merge: Merge) -> dict[str, Any]:
    """Return the mapping of an event file with the changes of a merge."""
    there = {
        each["id"]: _present({**each, **merge.changed.get(each["id"], {})})
        for each in root.get("sessions", [])
        if each["id"] not in merge.gone
    }
    sessions = {**there, **{str(each.fields["id"]): dict(each.fields) for each in merge.added}}
    listed = [sessions[name] for name in _ordered(there, merge.added)]
    return _present({**root, **merge.event, "sessions": listed or None})


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _ordered(names: Iterable[str], added: Iterable[Added]) -> Iterator[str]:
    """Yield the ids of sessions, each new one behind that which the source has before it."""
    behind = {each.after: str(each.fields["id"]) for each in added}
    for name in (None, *names):
        if name is not None:
            yield name
        last = name
        while last in behind:
            last = behind.pop(last)
            yield last
