"""A merge → the new text of an event file: every line that needs no change stays as it is.

The text is parted at its sessions.  Those that are gone leave with the comments directly
above them, new ones stand behind those that the source has before them, and of changed ones
only the lines of the changed fields are written.  No library for YAML keeps a file as exactly:
ruamel.yaml loses the comment above whatever follows a removed item, and moves others.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from calsvc.agenda.model import Event, Session
from calsvc.agenda.yamlfile import Document
from calsvc.errors import Where
from calsvc.importers.merging import Added, Merge
from calsvc.importers.sheets import (
    GUESSED,
    INDENT,
    SESSIONS,
    guess_comment,
    session_block,
    sheet,
    written,
)

_Lines = list[str]


@dataclass
class _Chunk:
    """The lines of one session: the comments above it, the item, and what follows it."""

    name: str
    above: _Lines
    item: _Lines
    below: _Lines


def revised(document: Document, text: str, merge: Merge) -> str:
    """Return the text of an event file with the changes of a merge.

    ``document`` is what ``text`` was read as.
    """
    lines = (text if text.endswith("\n") else text + "\n").splitlines(keepends=True)
    parts = _parted(document, lines)
    if parts is None:
        return _rewritten(document.root, merge)
    behind = {
        key for key in merge.event if _line(document, (key,)) > _line(document, ("sessions",))
    }
    head = _changed(parts.head, _only(merge.event, lambda key: key not in behind), Event)
    tail = _changed(parts.tail, _only(merge.event, lambda key: key in behind), Event)
    chunks = [chunk for chunk in parts.chunks if chunk.name not in merge.gone]
    for chunk in chunks:
        if changes := merge.changed.get(chunk.name):
            chunk.item = _item_changed(chunk.item, changes, merge.guesses.get(chunk.name, ()))
    indent = _indent(chunks[0].item[0]) if chunks else len(INDENT)
    known = {chunk.name: chunk for chunk in chunks}
    known |= {chunk.name: chunk for chunk in (_added(each, indent) for each in merge.added)}
    order = [known[name] for name in _ordered([each.name for each in chunks], merge.added)]
    listed = [line for each in order for line in (*each.above, *each.item, *each.below)]
    return "".join([*head, *parts.key, *listed, *tail])


def _only(changes: Mapping[str, Any], wanted: Any) -> dict[str, Any]:
    return {key: value for key, value in changes.items() if wanted(key)}


def _line(document: Document, where: Where) -> int:
    """Return the line of a key, from 1; 0 if it is not there."""
    return document.keys.get(where, (0, 0))[0]


def _added(added: Added, indent: int) -> _Chunk:
    block = session_block(added.fields, added.guesses).splitlines(keepends=True)
    lines = [" " * indent + line[len(INDENT) :] if line.strip() else line for line in block]
    return _Chunk(str(added.fields["id"]), [], lines, [])


def _rewritten(root: Mapping[str, Any], merge: Merge) -> str:
    """Return a whole new text, for a file whose sessions have no lines of their own."""
    there = {
        each["id"]: _present({**each, **merge.changed.get(each["id"], {})})
        for each in root.get("sessions", [])
        if each["id"] not in merge.gone
    }
    new = {str(each.fields["id"]): dict(each.fields) for each in merge.added}
    guesses = {str(each.fields["id"]): each.guesses for each in merge.added}
    sessions = {**there, **new}
    own = _present({**root, **merge.event})
    mapping = {**own, "sessions": [sessions[name] for name in _ordered(there, merge.added)]}
    return sheet(mapping, {**merge.guesses, **guesses})


def _ordered(names: Iterable[str], added: Iterable[Added]) -> Iterator[str]:
    """Yield the ids of sessions, each new one behind that which the source has before it."""
    behind: dict[str | None, list[str]] = defaultdict(list)
    for each in reversed([*added]):
        behind[each.after].append(str(each.fields["id"]))
    waiting = [*reversed([*names]), *behind.pop(None, [])]
    while waiting:
        name = waiting.pop()
        yield name
        waiting += behind.pop(name, [])
    for left in behind.values():  # what stood before them is in the source alone
        yield from reversed(left)


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


# --- parting ------------------------------------------------------------------------------


class _Parts(NamedTuple):
    """The lines of an event file."""

    head: _Lines
    key: _Lines
    """``sessions:``."""
    chunks: list[_Chunk]
    tail: _Lines


def _parted(document: Document, lines: _Lines) -> _Parts | None:
    """Return the parts of a file; None if its sessions do not have lines of their own."""
    sessions = document.root.get("sessions", [])
    key = _line(document, ("sessions",))
    if not key:
        return _Parts(lines, [SESSIONS], [], [])
    starts = [_dash(lines, document.values["sessions", place][0]) for place in range(len(sessions))]
    firsts = [start for start in starts if start is not None]
    if (
        not firsts
        or len(set(firsts)) < len(sessions)
        or lines[key - 1].split("#")[0].strip() != "sessions:"
    ):
        return None
    ends = [document.last_lines["sessions", place] for place in range(len(sessions))]
    column = _indent(lines[firsts[0]])
    begins = [key, *(_above(lines, start) for start in firsts[1:])]
    tail = ends[-1]
    while tail < len(lines) and (
        _indent(lines[tail]) >= column and lines[tail].strip().startswith("#") and column
    ):
        tail += 1
    stops = [*begins[1:], tail]
    chunks = [
        _Chunk(str(each.get("id")), lines[begin:start], lines[start:end], lines[end:stop])
        for each, begin, start, end, stop in zip(sessions, begins, firsts, ends, stops, strict=True)
    ]
    return _Parts(lines[: key - 1], lines[key - 1 : key], chunks, lines[tail:])


def _dash(lines: _Lines, number: int) -> int | None:
    """Return the index of the line in which an item begins whose value is in line ``number``."""
    for index in range(number - 1, max(number - 4, -1), -1):
        if re.match(r" *-(?: |$)", lines[index]):
            return index
    return None


def _above(lines: _Lines, index: int) -> int:
    """Return where the comments begin that stand directly above a line."""
    while lines[index - 1].lstrip().startswith("#"):
        index -= 1
    return index


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


# --- changing -----------------------------------------------------------------------------


def _item_changed(item: _Lines, changes: Mapping[str, Any], guesses: Iterable[str]) -> _Lines:
    """Return the lines of a session with new values, and with what was guessed of them."""
    indent = _indent(item[0])
    first = item[0][:indent] + item[0][indent:].replace("-", " ", 1)
    fields = Document("", "".join([first, *item[1:]]))
    is_flow = len({line for (*rest, _), (line, _) in fields.keys.items() if not rest}) < 2
    if is_flow and len(fields.root) > 1:
        block = session_block(_present({**fields.root, **changes}), guesses)
        return [" " * indent + line[len(INDENT) :] for line in block.splitlines(keepends=True)]
    lines = [line for line in [first, *item[1:]] if line.strip() or line is not first]
    lines = _changed(lines, changes, Session, guesses)
    return [lines[0][:indent] + "-" + lines[0][indent + 1 :], *lines[1:]]


def _changed(
    lines: _Lines,
    changes: Mapping[str, Any],
    model: type[Event] | type[Session],
    guesses: Iterable[str] = (),
) -> _Lines:
    """Return the lines of a mapping with other values; new keys stand in the model's order."""
    order = [*model.model_fields, "follow"]
    for key, value in changes.items():
        lines = _with_value(lines, key, value, order)
    if "when" in changes:
        lines = _with_guesses(lines, guess_comment(guesses))
    return lines


def _with_value(lines: _Lines, key: str, value: Any, order: list[str]) -> _Lines:
    fields = Document("", "".join(lines))
    there = {name: line - 1 for (*rest, name), (line, _) in fields.keys.items() if not rest}
    margin = " " * (fields.keys[next(iter(fields.keys))][1] - 1 if fields.keys else 0)
    new = [] if value is None else written({key: value}).splitlines(keepends=True)
    new = [margin + line if line.strip() else line for line in new]
    if key in there:
        start, stop = there[key], fields.last_lines[key,]
        if new and (comment := _comment_behind(lines[start:stop], fields.root.get(key))):
            new[0] = f"{new[0].rstrip()}{comment}\n"
        return [*lines[:start], *new, *lines[stop:]]
    earlier = [name for name in there if _rank(str(name), order) < _rank(key, order)]
    stop = max(
        (fields.last_lines[name,] for name in earlier), default=min(there.values(), default=0)
    )
    return [*lines[:stop], *new, *lines[stop:]]


def _comment_behind(lines: _Lines, value: Any) -> str:
    """Return the comment behind a value in one line, with the spaces before it."""
    if len(lines) > 1 or not isinstance(value, str | int | float):
        return ""
    found = re.search(
        r"""^[^"'#]*:\s+(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'\n]*?)(\s+#.*)$""", lines[0]
    )
    return found[1] if found else ""


def _rank(key: str, order: list[str]) -> int:
    return order.index(key) if key in order else len(order)


def _with_guesses(lines: _Lines, comment: str) -> _Lines:
    """Return a session's lines with the comment that tells what was guessed of it, if anything."""
    lines = [re.sub(rf"\s+# {GUESSED}.*$", "", line) for line in lines]
    whens = [index for index, line in enumerate(lines) if re.match(r" *when: +\S", line)]
    titles = [index for index, line in enumerate(lines) if re.match(r" *title: ", line)]
    if comment and (found := (whens or titles)):
        lines[found[0]] = f"{lines[found[0]].rstrip()}  {comment}\n"
    return lines
