"""Files that were damaged: seeds with stretches cut, doubled, nested, and spliced with others."""

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from readings import damaged_tree

from fuzzing.mutations import HARMFUL, octets_of

SEEDS = Path(__file__).parent / "seeds"
TREES = {".json", ".jcal"}
SPLINTERS = tuple(
    octets_of(each)
    for each in (
        *("0001-01-01", "9999-12-31T23:59:59-14:00", "00010101T000000", "99991231T235959Z"),
        *("2027-03-28 02:30", "2027-10-31T02:30", "24:00", "12:00am", "25:61", "-1", "0", "1e308"),
        *("9" * 25, "9" * 5000, "1.5", "-0", "nan", "Infinity", "0x1F", "1_000", "٣", "½", "²"),
        *("PT", "P9999999999D", "-PT15M", "P1Y", "FREQ=SECONDLY", "COUNT=99999999", "INTERVAL=0"),
        *("BYSETPOS=-366;BYDAY=MO", "UNTIL=99991231", "BYEASTER=1", "RRULE:FREQ=YEARLY"),
        *("BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "\r\n ", "\\n", "\\,", ';TZID="', "^n", "=\r\n"),
        *("&amp;", "&lol;", "<![CDATA[", "]]>", "<!ENTITY a 'b'>", "<!DOCTYPE x>", "<?x?>", "<!--"),
        *("<table><tr><td rowspan=9999>", "</table>", "<script>", "<a href='javascript:1'>"),
        *(
            "*a",
            "&a ",
            "!!python/object:os.system ",
            "<<: ",
            "- - - ",
            "? ",
            "%YAML 9.9\n",
            "---\n",
        ),
        *(
            "{",
            "[",
            "}",
            "]",
            ",",
            ":",
            '"',
            "'",
            "|",
            ">",
            "#",
            "\t",
            "\n",
            "  ",
            "`",
            "**",
            "![](",
        ),
        *("null", "true", "~", "NO", "undefined", "Europe/Berlin", "PT", "CST", "Etc/GMT+99"),
        *("Ada Example, Engines", "Speaker:", "Moderator: ", "Room: ", " – ", " & ", " | ", "=1+1"),
        *(
            "\0",
            "\x0b",
            "\x1b[31m",
            "\x85",
            "\xa0",
            "\u2028",
            "\u202e",
            "\ufeff",
            "\ufffe",
            "\ud800",
        ),
        *HARMFUL,
        *("https://[", "https://x:99999/", "http://é.example/", "mailto:a", "//", "#ff8800"),
    )
)
MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\x03\x04", b"\xff")
LONGEST = 60_000  # octets of an input: what is slow shows in small ones


class Seed(NamedTuple):
    """A file that is right, or nearly."""

    name: str
    octets: bytes


@cache
def seeds(start: str = "") -> tuple[Seed, ...]:
    """Return the files of ``seeds/`` whose names begin so."""
    paths = sorted(SEEDS.glob(f"{start}*"))
    return tuple(Seed(path.name, path.read_bytes()) for path in paths)


def damaged(random: Random, seed: Seed, others: Sequence[Seed]) -> bytes:
    """Return a seed with a few changes of any kind."""
    octets = seed.octets
    if Path(seed.name).suffix in TREES and random.random() < 0.4:
        tree = damaged_tree(json.loads(octets), random, random.choice((1, 1, 2, 3, 6)))
        octets = json.dumps(tree, indent=random.choice((None, 1))).encode()
        if random.random() < 0.7:
            return octets
    for _ in range(random.choice((1, 1, 1, 2, 3, 5, 12))):
        octets = random.choice(CHANGES)(random, octets, others)[:LONGEST]
    if random.random() < 0.02:
        octets = octets.decode("utf-8", "replace").encode(random.choice(("utf-16", "utf-16-be")))
    return octets


def _stretch(random: Random, octets: bytes) -> tuple[int, int]:
    start = random.randrange(len(octets) + 1)
    return start, min(len(octets), start + random.choice((1, 2, 5, 20, 100, 500)))


def _splinter(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    start, end = _stretch(random, octets)
    end = random.choice((start, start, end))
    return octets[:start] + random.choice(SPLINTERS) + octets[end:]


def _token(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    """Put a splinter in the place of a word or a number."""
    places = [at for at in range(1, len(octets)) if octets[at - 1 : at] in b" :=\"'>,;[-"]
    if not places:
        return octets
    start = end = random.choice(places)
    while end < len(octets) and octets[end : end + 1] not in b" \"'<,;]\r\n":
        end += 1
    return octets[:start] + random.choice(SPLINTERS) + octets[end:]


def _cut(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    start, end = _stretch(random, octets)
    return octets[:start] + octets[end:]


def _end(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    return octets[: random.randrange(len(octets) + 1)]


def _double(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    start, end = _stretch(random, octets)
    count = random.choice((2, 2, 3, 10, 60, 400))
    return octets[:start] + octets[start:end] * count + octets[end:]


def _line(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    """Move a line, double it, or take it out."""
    lines = octets.splitlines(keepends=True) or [b""]
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.choice((0, 1, 1, 2, 30))):
        lines.insert(random.randrange(len(lines) + 1), line)
    return b"".join(lines)


def _nest(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    start, end = _stretch(random, octets)
    opened, closed = random.choice(
        (
            (b"[", b"]"),
            (b"{a: ", b"}"),
            (b'{"a":', b"}"),
            (b"<b>", b"</b>"),
            (b"(", b")"),
            (b"> ", b""),
        )
    )
    depth = random.choice((1, 2, 21, 100, 1500))
    return octets[:start] + opened * depth + octets[start:end] + closed * depth + octets[end:]


def _splice(random: Random, octets: bytes, others: Sequence[Seed]) -> bytes:
    other = random.choice(others).octets
    first, last = _stretch(random, other)
    start, end = _stretch(random, octets)
    return octets[:start] + other[first:last] + octets[random.choice((start, end)) :]


def _join(random: Random, octets: bytes, others: Sequence[Seed]) -> bytes:
    other = random.choice(others).octets
    return octets[: random.randrange(len(octets) + 1)] + other[random.randrange(len(other)) :]


def _noise(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    start, end = _stretch(random, octets)
    return octets[:start] + random.randbytes(min(8, end - start)) + octets[end:]


def _mark(random: Random, octets: bytes, _: Sequence[Seed]) -> bytes:
    return random.choice(MARKS) + octets


CHANGES: tuple[Callable[[Random, bytes, Sequence[Seed]], bytes], ...] = (
    *(_splinter, _splinter, _token, _token, _token, _cut, _end, _double, _line, _line, _nest),
    *(_splice, _join, _noise, _mark),
)
