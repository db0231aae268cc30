"""What a /robots.txt lets a robot fetch (RFC 9309)."""

import re
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

TOKEN = re.compile(r"\*|[A-Za-z_-]*")
ALL = "*"


class _Line(NamedTuple):
    agent: str
    """The robot that it is for, in small letters; ``*`` for all that are not named."""
    pattern: str
    """The beginning of a path, in which ``*`` stands for anything, and ``$`` for its end."""
    is_allowed: bool


def barred(robots: str, agents: Sequence[str], path: str) -> str:
    """Return the name under which a /robots.txt bars a path; empty if it does not.

    ``agents`` are the names that a robot answers to: the first that is there decides, else what
    is said to all.  Of the lines that match a path the longest counts, and ``Allow`` before
    ``Disallow``.
    """
    lines = [*_lines(robots, {ALL, *(each.lower() for each in agents)})]
    names = {line.agent for line in lines}
    agent = next((each for each in agents if each.lower() in names), ALL)
    matching = [
        (len(line.pattern), line.is_allowed)
        for line in lines
        if line.agent == agent.lower() and _matches(line.pattern, path)
    ]
    _, is_allowed = max(matching, default=(0, True))
    return "" if is_allowed else agent


def _lines(robots: str, known: Set[str]) -> Iterator[_Line]:
    """Yield each line once for each known robot that it is for; an empty path matches nothing."""
    agents: set[str] = set()
    is_heading = False
    for text in robots.splitlines():
        key, _, value = (part.strip() for part in text.partition("#")[0].partition(":"))
        match key.lower():
            case "user-agent":
                found = TOKEN.match(value)
                assert found  # even of nothing
                agents = (agents if is_heading else set()) | ({found[0].lower()} & known)
                is_heading = True
            case "allow" | "disallow" as kind:
                is_heading = False
                yield from (_Line(each, value, kind == "allow") for each in agents)


def _matches(pattern: str, path: str) -> bool:
    if not pattern:
        return False
    is_whole = pattern.endswith("$")
    first, *others = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    if not others:
        return not is_whole or path == first
    place = len(first)
    for each in others[:-1]:
        place = path.find(each, place)
        if place < 0:
            return False
        place += len(each)
    last = others[-1]
    return path[place:].endswith(last) if is_whole else last in path[place:]
