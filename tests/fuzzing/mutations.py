"""How an input is made: of seeds that are right, and of what does harm elsewhere."""

from collections.abc import Callable, Sequence
from random import Random

HARMFUL = (
    *("\0", "\r\n", "\n", "\r", "\t", "\x0b\x0c", "\x1b[31m", "\x7f", "\x85", "\u2028", "\ufeff"),
    *("%00", "%0d%0a", "%0a", "%ff", "%c0%af", "%ed%a0%80", "%", "%zz", "%25%32%65", "+"),
    *(
        "../",
        "..%2f",
        "%2e%2e/",
        "./",
        "//",
        "\\",
        "\\N",
        "\\;",
        "~",
        "..;/",
        "C:\\",
        "/etc/passwd",
    ),
    *("<script>alert(1)</script>", "javascript:alert(1)", "data:text/html,<b>", "]]>", "<!--"),
    *('"', "'", "`", "&amp;", "&#0;", "{{7*7}}", "${7*7}", "%s%n", "{0.__class__}", "; DROP TABLE"),
    *("=1+1", "@SUM(1)", "-1", "+1", "=cmd|' /C calc'!A0", "0x10", "1e999", "NaN", "-0", "∞", "٣"),
    *(
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        'X-A;B="C',
        ";TZID=",
        ":",
        ";",
        ",",
        "=",
        "&",
        "?",
        "#",
        "!",
    ),
    *(
        "é",
        "e\u0301",
        "ß",
        "İ",
        "ﬁ",
        "ﾊ",
        "🎉",
        "👩‍💻",
        "\u202e",
        "\u200f",
        "שלום",
        "\ud800",
        "\uffff",
    ),
    *("null", "true", "[]", "{}", "undefined", "None", "*", "9" * 30, "-" * 40, " " * 30),
)
"""Texts that did harm to some program at some time."""
LONG = (100, 255, 256, 1000, 4096, 9000, 17_000)
"""Lengths about which programs begin to differ."""

MOST = 40_000  # octets of what was changed: more than an address or a header may have


def harmful(random: Random) -> str:
    """Return a text that does harm elsewhere; now and then a long one."""
    text = random.choice(HARMFUL)
    if random.random() < 0.03:
        length = random.choice(LONG)
        text = (text * length)[:length]
    return text


def octets_of(text: str) -> bytes:
    """Return a text in UTF-8, with half surrogate pairs as they are."""
    return text.encode("utf-8", "surrogatepass")


def mutated(random: Random, octets: bytes) -> bytes:
    """Return octets that differ in a few places."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        octets = random.choice(CHANGES)(random, octets)[:MOST]
    return octets


def text_of(random: Random, seeds: Sequence[str]) -> str:
    """Return a seed, a seed that was changed, a harmful text, or several of them."""
    match random.randrange(6):
        case 0:
            return harmful(random)
        case 1:
            return random.choice(seeds) + harmful(random)
        case 2:
            return harmful(random) + random.choice(seeds)
        case 3:
            octets = mutated(random, octets_of(random.choice(seeds)))
            return octets.decode("utf-8", random.choice(("replace", "surrogateescape")))
    return random.choice(seeds)


def _flip(random: Random, octets: bytes) -> bytes:
    place = random.randrange(len(octets) + 1)
    return octets[:place] + random.randbytes(1) + octets[place + 1 :]


def _insert(random: Random, octets: bytes) -> bytes:
    place = random.randrange(len(octets) + 1)
    return octets[:place] + octets_of(harmful(random)) + octets[place:]


def _cut(random: Random, octets: bytes) -> bytes:
    first, last = sorted(random.randrange(len(octets) + 1) for _ in range(2))
    return octets[:first] + octets[last:]


def _repeat(random: Random, octets: bytes) -> bytes:
    first, last = sorted(random.randrange(len(octets) + 1) for _ in range(2))
    return octets[:last] + octets[first:last] * random.choice((1, 2, 50)) + octets[last:]


def _swap_case(random: Random, octets: bytes) -> bytes:
    place = random.randrange(len(octets) + 1)
    return octets[:place] + octets[place:].swapcase()


CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (_flip, _insert, _cut, _repeat, _swap_case)
