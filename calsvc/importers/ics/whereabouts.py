"""Where the entries of a calendar are: rooms, and the venue that all of them share.

Many programs, calsvc among them, write ``Room, Venue, Address`` into each LOCATION.
"""

from collections.abc import Iterable
from typing import NamedTuple

COMMA = ", "


class Venue(NamedTuple):
    """The end that all locations share, in parts between commas."""

    parts: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        """Return the first part."""
        return self.parts[0] if self.parts else None

    @property
    def address(self) -> str | None:
        """Return the rest."""
        return COMMA.join(self.parts[1:]) or None

    def room(self, location: str) -> str | None:
        """Return a location without the venue; None where nothing else is left."""
        if not self.parts:
            return location or None
        return location.removesuffix(COMMA.join(self.parts)).removesuffix(COMMA) or None


def of_banner(banner: str, locations: Iterable[str]) -> Venue:
    """Return the venue that the event's own entry names, if the others have it too."""
    venue = Venue(tuple(banner.split(COMMA))) if banner else Venue()
    return venue if all(each.endswith(banner) for each in locations if each) else Venue()


def shared(locations: Iterable[str]) -> Venue:
    """Return the end that all of at least two different locations share.

    An end that is a whole location itself is a venue only if it has an address too: rooms
    may be called ``Hall A`` and ``Stage, Hall A``.
    """
    different = [each.split(COMMA) for each in dict.fromkeys(filter(None, locations))]
    if len(different) < 2:
        return Venue()
    count = 0
    for each in zip(*(reversed(parts) for parts in different), strict=False):
        if len(set(each)) > 1:
            break
        count += 1
    while count and not _is_balanced(different[0][-count:]):
        count -= 1
    parts = tuple(different[0][-count:]) if count else ()
    is_one_itself = any(len(each) == count for each in different)
    return Venue() if is_one_itself and count < 2 else Venue(parts)


def _is_balanced(parts: list[str]) -> bool:
    text = COMMA.join(parts)
    return text.count("(") == text.count(")")
