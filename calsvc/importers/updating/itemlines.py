"""The lines of an event file that hold its sessions, and what comes in their place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from calsvc.agenda.yamlfile import Document
from calsvc.importers.updating.keylines import Edit, KeyLines, Lines, comment_behind, edited
from calsvc.importers.updating.merging import Added, Merge
from calsvc.importers.updating.sheets import (
    GUESSED,
    INDENT,
    SESSIONS,
    flow,
    guess_comment,
    session_block,
)

WIDEST = 100  # characters of a session in one line


class _Item(NamedTuple):
    """The lines of one session: from the comments directly above it to its last field."""

    place: int
    above: int
    start: int
    stop: int


class ItemLines:
    """Where the sessions of a file are."""

    def __init__(self, document: Document, lines: Lines, keys: KeyLines) -> None:
        self._document = document
        self._lines = lines
        self._keys = keys
        self._sessions: list[dict[str, Any]] = document.root.get("sessions") or []
        self._is_flow = bool(self._sessions) and self._keys.is_flow(("sessions",))
        at = document.values.get(("sessions",), (0, 1 + len(INDENT)))
        self._column = at[1] - 1 if self._sessions and not self._is_flow else len(INDENT)
        self._items = {} if self._is_flow else self._found()

    def _found(self) -> dict[str, _Item]:
        items: dict[str, _Item] = {}
        last = self._document.keys["sessions",][0] if self._sessions else 0
        dash = re.compile(rf" {{{self._column}}}-(?:\s|$)")
        for place, session in enumerate(self._sessions):
            where = "sessions", place
            start = self._document.values[where][0] - 1
            while start > last and not dash.match(self._lines[start]):
                start -= 1
            above = start
            while above > last and re.match(rf" {{0,{self._column}}}#", self._lines[above - 1]):
                above -= 1
            last = self._keys.stop(where, start)
            items[str(session["id"])] = _Item(place, above, start, last)
        return items

    def edits(self, merge: Merge, applied: Mapping[str, Any]) -> Iterator[Edit]:
        """Yield the edits of a merge; ``applied`` is the mapping that the file has then."""
        if self._is_flow or not self._sessions:
            if merge.added or merge.changed or merge.gone:
                yield self._whole_list(merge, applied.get("sessions", []))
            return
        for name in merge.gone:
            item = self._items[name]
            yield Edit(item.above, self._behind_blanks(item.stop), [])
        for name, changes in merge.changed.items():
            item = self._items[name]
            new = self._changed(item, changes, merge.guesses.get(name, ()))
            yield Edit(item.start, item.stop, new)
        places: dict[str | None, int] = {name: item.stop for name, item in self._items.items()}
        places[None] = min(item.above for item in self._items.values())
        for added in merge.added:
            place = places[str(added.fields["id"])] = places[added.after]
            block, blank = self._block(added), ["\n"] * self._has_blanks()
            is_first = place == places[None]
            yield Edit(place, place, [*block, *blank] if is_first else [*blank, *block])

    def _behind_blanks(self, stop: int) -> int:
        while stop < len(self._lines) and not self._lines[stop].strip():
            stop += 1
        return stop

    def _has_blanks(self) -> bool:
        """Tell whether blank lines stand between most sessions."""
        pairs = [*pairwise(self._items.values())]
        blank = [one for one, _ in pairs if self._behind_blanks(one.stop) > one.stop]
        return 2 * len(blank) > len(pairs)

    def _block(self, added: Added) -> Lines:
        return self._indented(session_block(added.fields, added.guesses))

    def _indented(self, block: str) -> Lines:
        margin = " " * self._column
        lines = block.splitlines(keepends=True)
        return [margin + line[len(INDENT) :] if line.strip() else line for line in lines]

    def _whole_list(self, merge: Merge, sessions: Iterable[Mapping[str, Any]]) -> Edit:
        """Return what writes all sessions anew, for a list in one line, or none."""
        added = {str(each.fields["id"]): each.guesses for each in merge.added}
        blocks = [
            line
            for each in sessions
            for line in self._indented(session_block(each, added.get(str(each["id"]), ())))
        ]
        if ("sessions",) not in self._document.keys:
            return Edit(len(self._lines), len(self._lines), [SESSIONS, *blocks] if blocks else [])
        start, stop = self._keys.span(("sessions",))
        comment = comment_behind(self._lines[start]) if stop == start + 1 else ""
        return Edit(start, stop, [f"{SESSIONS.rstrip()}{comment}\n", *blocks])

    # --- one session ----------------------------------------------------------------------

    def _changed(self, item: _Item, changes: Mapping[str, Any], guesses: Iterable[str]) -> Lines:
        """Return the lines of a session with new values, and with what was guessed of them."""
        where = "sessions", item.place
        lines = self._lines[item.start : item.stop]
        fields = {**self._sessions[item.place], **changes}
        fields = {key: value for key, value in fields.items() if value is not None}
        margin = " " * self._column
        if len(lines) == 1 and self._keys.is_flow(where):
            short = f"{margin}- {flow(fields)}{_comment_after(lines[0])}\n"
            if len(short) <= WIDEST and not guess_comment(guesses):
                return [short]
        if not self._keys.is_apart(where):
            return self._indented(session_block(fields, guesses))
        lines[0] = lines[0].replace("-", " ", 1)
        new = edited(lines, self._keys.edits(where, changes), item.start)
        if "when" in changes:
            column = self._keys.column(where)
            new = _with_guesses(new, column, guess_comment(guesses))
        return [margin + "-" + (new[0][len(margin) + 1 :] or "\n"), *new[1:]]


def _comment_after(line: str) -> str:
    """Return the comment behind a mapping in braces."""
    found = re.search(r"\}(\s+#.*)$", line)
    return found[1] if found else ""


def _with_guesses(lines: Lines, column: int, comment: str) -> Lines:
    """Return a session's lines with the comment that tells what was guessed of it, if anything.

    ``column`` is that of its keys.
    """
    places = [
        place
        for key in ("when", "title")
        for place, line in enumerate(lines)
        if re.match(rf" {{{column}}}{key}: +\S", line)
    ]
    for place in places:
        lines[place] = re.sub(rf"\s+# {GUESSED}.*", "", lines[place])
    if comment and places:
        lines[places[0]] = f"{lines[places[0]].rstrip()}  {comment}\n"
    return lines
