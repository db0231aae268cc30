"""The ids of an agenda's sessions, what is a part of what, and what is wrong with that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from calsvc.errors import Where, hint


class Fault(NamedTuple):
    """Something in an agenda that cannot be, or that is doubtful."""

    where: Where
    what: str
    advice: str


class Outline(NamedTuple):
    """The ids of an agenda's sessions and what they are parts of, by their places.

    An author's mistake in one session must not hide one between others, so this may
    also speak of sessions that could not be read.
    """

    ids: Sequence[str | None]
    wholes: Mapping[int, Sequence[str]]

    def repeated_ids(self) -> Iterator[Fault]:
        """Yield each id that an earlier session has."""
        first: dict[str, int] = {}
        for index, name in enumerate(self.ids):
            if name is not None and first.setdefault(name, index) < index:
                yield Fault(
                    ("sessions", index, "id"),
                    f"{name!r} is taken by session number {first[name] + 1}",
                    "give each session an id of its own",
                )

    def unknown_wholes(self) -> Iterator[Fault]:
        """Yield each session that is a part of none that is there."""
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
        """Yield each session that is a part of itself."""
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
