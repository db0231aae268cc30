"""Foreign agendas as sources, and what readers find in them."""

import contextlib
import copy
import json
import textwrap
from collections.abc import Iterable
from datetime import date
from random import Random
from typing import Any

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import READERS


def xml_source(text: str) -> Source:
    """Return a source of XML, whose lines may be indented."""
    return Source("schedule.xml", textwrap.dedent(text).strip().encode())


def json_source(tree: Any) -> Source:
    """Return a source of JSON."""
    return Source("schedule.json", json.dumps(tree).encode())


def folder_source(**parts: Any) -> Source:
    """Return a folder of JSON files, each named by its part."""
    members = {f"{name}.json": json_source(tree) for name, tree in parts.items()}
    return Source("folder", members=members)


def times(draft: Draft) -> list[tuple[str, str, str, str | None]]:
    """Return title, start, end and room of each session; times as they were written."""
    return [
        (
            each.title,
            each.start.isoformat(" ", "minutes") if each.start else "",
            each.end.isoformat(" ", "minutes") if each.end else "",
            each.room,
        )
        for each in draft.sessions
    ]


# --- sources that are damaged --------------------------------------------------------------

STRANGE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    10**40,
    1e308,
    float("nan"),
    "",
    "\x00\ud800\u202e",
    "9999-12-31T23:59:59-14:00",
    "24:00",
    "<p>" * 50,
    "x" * 3000,
    [],
    [[]],
    [None, 1, "a", {}],
    {},
    {"": {}},
    {"id": {"id": []}, "name": ["a"], "en": 7},
)
"""Values that no reader expects where it finds them."""


def damaged_tree(tree: Any, random: Random, count: int) -> Any:
    """Return a copy of JSON in which values, at places anywhere in it, are other ones."""
    damaged = json.loads(json.dumps(tree))
    for _ in range(count):
        root: Any = {"root": damaged}
        holder = root
        key: Any = "root"
        while isinstance(inner := holder[key], dict | list) and inner and random.random() < 0.9:
            holder = inner
            key = random.choice([*inner] if isinstance(inner, dict) else range(len(inner)))
        if isinstance(holder, list) and random.random() < 0.3:
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = copy.deepcopy(random.choice(STRANGE))
        damaged = root["root"]
    return damaged


def damaged_octets(octets: bytes, random: Random, count: int) -> bytes:
    """Return octets of which stretches are cut out, doubled, swapped or overwritten."""
    for _ in range(count):
        start, middle, end = sorted(random.randrange(len(octets) + 1) for _ in range(3))
        end = min(end, middle + 200)
        one, two = octets[start:middle], octets[middle:end]
        change = random.choice(("cut", "double", "swap", "overwrite", "end"))
        octets = {
            "cut": octets[:middle] + octets[end:],
            "double": octets[:middle] + two + octets[middle:],
            "swap": octets[:start] + two + one + octets[end:],
            "overwrite": octets[:middle] + random.randbytes(len(two)) + octets[end:],
            "end": octets[:middle],
        }[change]
    return octets


def read_or_refused(source: Source, names: Iterable[str] = READERS) -> None:
    """Read a source by each of these readers, which find a draft in it or refuse it."""
    for name in names:
        for wishes in (Wishes(), Wishes(timezone="Europe/Berlin", date=date(2027, 6, 15))):
            with contextlib.suppress(SourceError):
                READERS[name].recognises(source)
            with contextlib.suppress(SourceError):
                draft = READERS[name].read(source, wishes)
                assert all(session.title for session in draft.sessions)
                assert all(len(told) < 400 for told in (*draft.left_out, *draft.guessed))
