"""The ids of an agenda's sessions, which sessions are parts of which, and errors in both."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from calsvc.errors import Where, hint

MAX_DEPTH = 8  # of parts within parts
MOST_SEARCHED = 50
"""Names without a session for which the likely one is looked for: each look compares all ids."""


class Fault(NamedTuple):
    """An error in an agenda, or a probable mistake."""

    where: Where
    what: str
    advice: str


class Outline(NamedTuple):
    """The ids of an agenda's sessions and of their wholes, by position in the agenda.

    A mistake in one session must not hide a mistake between others, so sessions that
    could not be read are included.
    """

    ids: Sequence[str | None]
    wholes: Mapping[int, Sequence[str]]

    def repeated_ids(self) -> Iterator[Fault]:
        """Yield a fault for each id that an earlier session has."""
        first: dict[str, int] = {}
        for index, name in enumerate(self.ids):
            if name is not None and first.setdefault(name, index) < index:
                yield Fault(
                    ("sessions", index, "id"),
                    f"{name!r} is taken by session number {first[name] + 1}",
                    "give each session an id of its own",
                )

    def unknown_wholes(self) -> Iterator[Fault]:
        """Yield a fault for each ``part_of`` that names no session of this event."""
        known = {each: None for each in self.ids if each is not None}
        searched = 0
        for index, names in self.wholes.items():
            for place, name in enumerate(names):
                if name not in known:
                    searched += 1
                    likely = hint(name, known) if searched <= MOST_SEARCHED else "correct it"
                    yield Fault(
                        ("sessions", index, "part_of", place),
                        f"there is no session {name!r} in this event",
                        likely,
                    )

    def circles(self) -> Iterator[Fault]:
        """Yield each session that is a part of itself."""
        wholes = self._unending()
        for index in self.wholes:
            seen, ahead = set[str](), list(wholes.get(self.ids[index] or "", ()))
            while ahead:
                name = ahead.pop()
                if name == self.ids[index]:
                    yield Fault(
                        ("sessions", index, "part_of"),
                        f"{name} is a part of itself",
                        "take one part_of out of the circle",
                    )
                    break
                if name not in seen:
                    seen.add(name)
                    ahead.extend(wholes.get(name, ()))

    def _unending(self) -> dict[str, list[str]]:
        """Return what is in a circle, or a part of what is, each with such wholes."""
        left = {name: list(names) for name, names in self._named().items()}
        parts: dict[str, list[str]] = defaultdict(list)
        for name, names in left.items():
            for whole in names:
                parts[whole].append(name)
        waits = {name: sum(whole in left for whole in names) for name, names in left.items()}
        ends = [name for name, count in waits.items() if not count]
        while ends:
            whole = ends.pop()
            del left[whole]
            for name in parts[whole]:
                waits[name] -= 1
                if not waits[name]:
                    ends.append(name)
        return {name: [each for each in names if each in left] for name, names in left.items()}

    def too_deep(self) -> Iterator[Fault]:
        """Yield each session that is the first of a chain of parts to be nested too deep."""
        deep, deeper = self._named(), self._named()
        for _ in range(MAX_DEPTH + 2):
            deep, deeper = deeper, _parts_of_any(deeper)
        for index in self.wholes:
            if (name := self.ids[index]) in deep and name not in deeper:
                yield Fault(
                    ("sessions", index, "part_of"),
                    f"{name} is a part of parts, more than {MAX_DEPTH} deep",
                    "name what they all belong to",
                )

    def _named(self) -> dict[str, Sequence[str]]:
        """Return what each session is a part of, by its id."""
        return {name: names for index, names in self.wholes.items() if (name := self.ids[index])}


def _parts_of_any(wholes: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    return {name: names for name, names in wholes.items() if any(map(wholes.__contains__, names))}
