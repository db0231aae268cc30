"""The ids of an agenda's sessions, which sessions are parts of which, and errors in both."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from calsvc.errors import Where, hint


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
        known = {each for each in self.ids if each is not None}
        for index, names in self.wholes.items():
            for place, name in enumerate(names):
                if name not in known:
                    yield Fault(
                        ("sessions", index, "part_of", place),
                        f"there is no session {name!r} in this event",
                        hint(name, [each for each in self.ids if each is not None]),
                    )

    def circles(self) -> Iterator[Fault]:
        """Yield a fault for each session that is a part of itself, directly or indirectly."""
        wholes = {self.ids[index]: names for index, names in self.wholes.items()}
        for index, names in self.wholes.items():
            seen, ahead = set[str](), list(names)
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
