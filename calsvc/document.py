"""A YAML 1.2 file as plain values, with the line and column of each.

The core schema of YAML 1.2: ``10:30`` and ``NO`` are text, and nothing is executed.  A
number is a number only where its text is not lost by that: ``007`` and ``1.10`` stay
text.  What makes a small file a large agenda (aliases of aliases), or hides half of it
(a repeated key), is a problem.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from calsvc.errors import Problem

MAX_DEPTH = 20
MAX_NODES = 200_000  # also bounds what aliases can repeat

Where = tuple[str | int, ...]
"""Keys and list places from the root of a file."""
Mark = tuple[int, int]
"""Line and column, from 1."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, object] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Document:
    """A YAML file as plain values, and where each of them stands."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.values: dict[Where, Mark] = {}
        self.keys: dict[Where, Mark] = {}
        self.root: Any = None
        self._nodes = 0
        self._anchors: dict[str, Any] = {}
        try:
            self._events = yaml.parse(text, Loader=_Loader)
            self.root = self._document()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            what = " ".join(filter(None, (error.context, error.problem)))
            self._add(line, column, f"is not YAML: {what}", "check indents, quotes and colons here")
        except yaml.reader.ReaderError as error:
            before = text[: error.position]
            line, column = before.count("\n") + 1, error.position - (before.rfind("\n") + 1) + 1
            self._add(line, column, f"has U+{ord(text[error.position]):04X}", "take it out")
        except _TooMuch as error:
            line, column = error.args[2]
            self._add(line, column, error.args[0], error.args[1])

    def _add(self, line: int, column: int, what: str, advice: str) -> None:
        self.problems.append(Problem(self.path, line, column, "", what, advice))

    def _document(self) -> Any:
        while not isinstance(event := next(self._events), yaml.DocumentStartEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return None
        root = self._node((), next(self._events))
        next(self._events)
        if isinstance(event := next(self._events), yaml.DocumentStartEvent):
            mark = _mark(event)
            self._add(*mark, "holds a second document", "keep one event in one file")
        return root

    def _node(self, where: Where, event: yaml.Event) -> Any:
        mark = _mark(event)
        self.values[where] = mark
        self._count(mark, len(where))
        anchor: str | None = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            if anchor not in self._anchors:
                raise _TooMuch(f"*{anchor} names itself or nothing", "write it out", mark)
            value, size = self._anchors[anchor]
            self._nodes += size
            return value
        before = self._nodes
        if isinstance(event, yaml.ScalarEvent):
            value = event.value if event.style else _resolved(event.value)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = [
                self._node((*where, place), each)
                for place, each in enumerate(self._until(yaml.SequenceEndEvent))
            ]
        else:
            value = self._mapping(where)
        if anchor:
            self._anchors[anchor] = value, self._nodes - before + 1
        return value

    def _mapping(self, where: Where) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in self._until(yaml.MappingEndEvent):
            mark = _mark(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _TooMuch("has a key that is not text", "write key: value", mark)
            key = event.value
            if key in mapping:
                first = self.keys[*where, key][0]
                self._add(*mark, f"key {key!r} is here again, after line {first}", "keep one")
            else:
                self.keys[*where, key] = mark
            value = self._node((*where, key), next(self._events))
            mapping.setdefault(key, value)
        return mapping

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _count(self, mark: Mark, depth: int) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _TooMuch(f"holds more than {MAX_NODES} values", "split it into events", mark)
        if depth > MAX_DEPTH:
            raise _TooMuch(f"is nested more than {MAX_DEPTH} deep", "write it flat", mark)

    def mark(self, where: Where, *, key: bool = False) -> Mark:
        """Return the position of a place, or of the nearest one around it that the file has."""
        marks = {**self.values, **self.keys} if key else self.values
        while where and where not in marks:
            where = where[:-1]
        return marks.get(where, (1, 1))


class _TooMuch(Exception):
    """The rest of a file cannot be read: what is wrong, what to do, and the mark."""


def _mark(event: yaml.Event) -> Mark:
    assert event.start_mark  # of every event that is parsed from a text
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolved(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    for number in (int, float):
        if re.fullmatch(r"-?\d+(?:\.\d+)?", text) and str(number(text)) == text:
            return number(text)
    return text
