"""A YAML 1.2 file as plain values, with the line and column of each.

The core schema of YAML 1.2: ``10:30`` and ``NO`` are text, and nothing is executed.  A
number is read as one only if that preserves its text: ``007`` and ``1.10`` stay text.  A
key without a value is left out.  Whatever makes a small file a large agenda (aliases of
aliases) or hides half of it (a repeated key) is a problem, and so is whatever YAML readers
disagree on: tags, ``<<``, and U+2028, which ends a line for some.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import yaml

from calsvc.agenda.quoting import brief, shown
from calsvc.errors import Problem, Where

MAX_DEPTH = 20
MAX_NODES = 300_000  # counts what aliases repeat, too

Mark = tuple[int, int]
"""Line and column, from 1."""

_REFUSED = re.compile("[^\t\n\r -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What YAML 1.2 keeps out of files, and U+0085, U+2028 and U+2029, which YAML 1.1 takes for
the end of a line."""
_TIGHT_COMMENT = re.compile(r"[ \t]+(#[^\s#][^\r\n]*)")
_ODD_INDENT = re.compile(r"[ \t]*([\u00a0\u2000-\u200a\u202f\u205f\u3000])")
IN_QUOTES = "put all of the text in quotes"
_LINE_END = re.compile(r"\r\n|\r|\n")


class _Mistake(NamedTuple):
    """A syntax error, in the author's terms."""

    at: Literal["context", "problem"]
    """Which mark of the parser's error locates it: where it began to read, or gave up."""
    what: str
    advice: str


_INDENT = _Mistake("problem", "a tab stands in the indent", "indent with spaces")
_MISTAKES = {
    "found a tab character that violates indentation": _INDENT,
    "found unexpected end of stream": _Mistake(
        "context", "the quote that opens here is never closed", "close it"
    ),
    "found character that cannot start any token": _Mistake(
        "problem", "a value cannot start with this character", "put the text in quotes"
    ),
    "did not find expected alphabetic or numeric character": _Mistake(
        "context", "a value cannot start with this character", "put the text in quotes"
    ),
    "mapping values are not allowed in this context": _Mistake(
        "problem", "a colon cannot stand here", "put the text in quotes, or correct the indent"
    ),
    "did not find expected key": _Mistake(
        "problem", "a key was expected here", "put all of a text in quotes, or correct the indent"
    ),
    "did not find expected '-' indicator": _Mistake(
        "problem", "the next - of the list was expected here", "correct the indent"
    ),
    "did not find expected ',' or ']'": _Mistake(
        "context", "the list that opens here is broken", "put commas between, and ] at its end"
    ),
    "did not find expected ',' or '}'": _Mistake(
        "context", "the mapping that opens here is broken", "put commas between, and } at its end"
    ),
    "found unknown escape character": _Mistake(
        "problem", "a backslash in double quotes begins an escape", "use single quotes"
    ),
    "did not find expected node content": _Mistake(
        "problem", "a value was expected here", "write one, or put all of a text in quotes"
    ),
    "did not find expected comment or line break": _Mistake(
        "problem", "text cannot follow | or > in its line", "put it on the next line, indented"
    ),
    "could not find expected ':'": _Mistake(
        "context", "this line has no colon", "write key: value"
    ),
}
"""libyaml's message → the mistake that it most often means."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, object] = {
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


class Document:
    """A YAML file as plain values, with the position of each."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.problems: list[Problem] = []
        self.values: dict[Where, Mark] = {}
        self.keys: dict[Where, Mark] = {}
        self.last_lines: dict[Where, int] = {}
        """The line, from 1, in which each value ends, without comments behind it."""
        self.tight_comments: dict[Where, str] = {}
        """Comments behind a value that have no space after #, by the place of the value."""
        self.root: Any = None
        self._text = text
        self._verbatim: set[int] = set()
        self._nodes = 0
        self._anchors: dict[str, Any] = {}
        if refused := _REFUSED.search(text):
            *lines, last = _LINE_END.split(text[: refused.start()])
            name = unicodedata.name(refused[0], "a control character")
            what = f"has U+{ord(refused[0]):04X} ({name})"
            self._add(len(lines) + 1, len(last) + 1, what, "take it out")
            return
        try:
            self._events = yaml.parse(text, Loader=_Loader)
            self.root = self._document()
        except yaml.MarkedYAMLError as error:
            self._add_mistake(error, text)
        except _TooMuch as error:
            line, column = error.args[2]
            self._add(line, column, error.args[0], error.args[1])
        self._refuse_odd_indent()

    def _refuse_odd_indent(self) -> None:
        """Add a problem, in place of all that follow from it, where no-break spaces indent.

        Such lines are copied from web pages.  YAML takes them for text.
        """
        for number, line in enumerate(_LINE_END.split(self._text)):
            odd = _ODD_INDENT.match(line)
            if odd and number not in self._verbatim and re.search(r":(\s|$)|^\s*- ", line):
                name = unicodedata.name(odd[1]).lower()
                what = (
                    "the indent has no-break spaces"
                    if odd[1] == "\xa0"
                    else f"the indent has {'an' if name[0] in 'aeiou' else 'a'} {name}"
                )
                self.root, self.problems = None, []
                self._add(number + 1, odd.start(1) + 1, what, "indent with ordinary spaces")
                return

    def _add_mistake(self, error: yaml.MarkedYAMLError, text: str) -> None:
        words = " ".join(filter(None, (error.context, error.problem)))
        unknown = _Mistake("problem", f"is not YAML: {words}", "check indents, quotes and colons")
        mistake = _MISTAKES.get(error.problem or "", unknown)
        mark = error.context_mark if mistake.at == "context" else error.problem_mark
        assert mark  # every error in a text has both
        if text[mark.index : mark.index + 1] == "\t":
            mistake = _INDENT
        first = error.context_mark or mark
        if first.line == mark.line or mistake.at == "context":
            line = text[first.index :].partition("\n")[0]
            if cut := _TIGHT_COMMENT.search(line):
                comment = f"{cut[1][:20]!r} is a comment to YAML, up to the end of the line"
                self._add(first.line + 1, first.column + cut.start(1) + 1, comment, IN_QUOTES)
                return
        self._add(mark.line + 1, mark.column + 1, mistake.what, mistake.advice)

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
        self._count(mark, len(where), 1)
        anchor: str | None = getattr(event, "anchor", None)
        self._end(where, event)
        if isinstance(event, yaml.AliasEvent):
            if anchor not in self._anchors:
                raise _TooMuch(
                    f"*{brief(str(anchor))} names itself or nothing", "write it out", mark
                )
            value, size = self._anchors[anchor]
            self._count(mark, len(where) + _height(value), size)
            return value
        self._refuse_tag(event)
        before = self._nodes
        if isinstance(event, yaml.ScalarEvent):
            value = event.value if event.style or event.tag else _resolved(event.value)
            self._note(where, event)
        elif isinstance(event, yaml.SequenceStartEvent):
            value = [
                self._node((*where, place), item)
                for place, item in enumerate(self._until(yaml.SequenceEndEvent, where))
            ]
        else:
            value = self._mapping(where)
        if anchor:
            self._anchors[anchor] = value, self._nodes - before + 1
        return value

    def _end(self, where: Where, event: yaml.Event) -> None:
        """Note in which line a value ends, and so all that it is in."""
        assert event.end_mark  # every event that is parsed from a text has one
        line = event.end_mark.line + (event.end_mark.column > 0)
        for length in range(len(where) + 1):
            self.last_lines[where[:length]] = max(self.last_lines.get(where[:length], 0), line)

    def _note(self, where: Where, event: yaml.ScalarEvent) -> None:
        """Note the comment behind a value, and the lines in which a text is kept as it is."""
        assert event.start_mark and event.end_mark  # of every event that is parsed from a text
        if event.style:
            self._verbatim.update(range(event.start_mark.line + 1, event.end_mark.line + 1))
        elif comment := _TIGHT_COMMENT.match(self._text, event.end_mark.index):
            self.tight_comments[where] = comment[1]

    def _refuse_tag(self, event: yaml.Event) -> None:
        if tag := getattr(event, "tag", None):
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            advice = "take it out, or put all of a text in quotes"
            self._add(*_mark(event), f"has the tag {brief(tag)}", advice)

    def _mapping(self, where: Where) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for event in self._until(yaml.MappingEndEvent, where):
            mark = _mark(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _TooMuch("has a key that is not text", "write key: value", mark)
            self._refuse_tag(event)
            place = (*where, event.value)
            if event.value == "<<" and not event.style:
                self._add(*mark, "<< merges nothing in YAML 1.2", "write the keys out")
                place = (*where, f"<< in line {mark[0]}")
            elif place in self.keys:
                again = f"key {shown(event.value)} is here again, after line {self.keys[place][0]}"
                self._add(*mark, again, "keep one")
                place = (*where, f"{event.value} in line {mark[0]}")
            self.keys[place] = mark
            value = self._node(place, next(self._events))
            if place[-1] == event.value and value is not None:
                mapping[event.value] = value
        return mapping

    def _until(self, end: type[yaml.Event], where: Where) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self._events), end):
            yield event
        assert event.start_mark and event.end_mark  # as of every event
        if event.start_mark.index < event.end_mark.index:  # a bracket, perhaps in its own line
            self._end(where, event)

    def _count(self, mark: Mark, depth: int, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise _TooMuch(f"holds more than {MAX_NODES} values", "split it into events", mark)
        if depth > MAX_DEPTH:
            raise _TooMuch(f"is nested more than {MAX_DEPTH} deep", "write it flat", mark)

    def placed(self, where: Where) -> Where:
        """Return a place, or the nearest enclosing one that the file has.

        The file may have less: one value stands for a list of one, a text for a mapping.
        """
        placed: Where = ()
        for key in where:
            if (*placed, key) in self.values:
                placed = (*placed, key)
            elif key != 0:
                break
        return placed

    def mark(self, where: Where, *, key: bool = False) -> Mark:
        """Return the line and column of a place, or of the nearest enclosing one in the file.

        ``key`` asks for its key's position instead of its value's.
        """
        placed = self.placed(where)
        is_there = placed[-1:] == where[-1:]
        return (self.keys if key and is_there else self.values).get(placed, (1, 1))


class _TooMuch(Exception):
    """A problem that ends reading; its arguments: what is wrong, what to do, the mark."""


def _height(value: Any) -> int:
    """Return the nesting depth of a value; 0 for a scalar or an empty collection."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(_height, inner), default=0) if inner else 0


def _mark(event: yaml.Event) -> Mark:
    assert event.start_mark  # every event that is parsed from a text has one
    return event.start_mark.line + 1, event.start_mark.column + 1


def _resolved(text: str) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text):
        number = float(text) if "." in text else int(text)
        return number if str(number) == text else text
    return text
