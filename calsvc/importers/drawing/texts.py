"""Foreign texts as event files accept them: nothing that a reader could miss is changed."""

import re
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global
from pydantic import TypeAdapter, ValidationError

from calsvc.agenda.colors import COLORS
from calsvc.agenda.fields import (
    LINE_LENGTH,
    OVERRIDES,
    TEXT_CONTROLS,
    TEXT_LENGTH,
    UNSAFE,
    Geo,
    Language,
    Link,
    Text,
)
from calsvc.agenda.slots import Uid

NAMED_IN = "fr es it nl pt pl cs da sv nb fi hu ro uk tr ja zh ko ru de en".split()
"""Languages whose own names are known, such as ``français``; German and English name all."""
SMALLEST = 0.0001  # degrees, which are 11 m; what is less would be written with an exponent
_BREAKS = re.compile("[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
"""What ends a line for some readers, and is refused in event files."""
_MISREAD = re.compile("[\xc2-\xf4][\x80-\xbf]+")
"""Characters of a text in UTF-8 that somebody read as Latin-1: ``â\\x80\\x99`` was ``’``."""
_LINK: TypeAdapter[str] = TypeAdapter(Link)
_LANGUAGE: TypeAdapter[str] = TypeAdapter(Language)
_TEXT: TypeAdapter[str] = TypeAdapter(Text)
_UID: TypeAdapter[str] = TypeAdapter(Uid)
_GEO: TypeAdapter[tuple[float, float]] = TypeAdapter(Geo)


def line(value: str | None, length: int = LINE_LENGTH) -> str | None:
    """Return a text on one line, without what cannot be seen, within ``length`` characters.

    None if nothing is left of it.
    """
    words = " ".join(_safe(_BREAKS.sub(" ", _reread(value or ""))).split())
    short = words if len(words) <= length else words[: length - 1].rstrip() + "…"
    return short if _is_accepted(_TEXT, short) else None


def text(value: str | None) -> str | None:
    """Return a text on any number of lines, within what a description holds; None if empty."""
    written = _reread(value or "").replace("\r\n", "\n").replace("\u2029", "\n\n")
    lines = _BREAKS.sub("\n", written)
    kept = "\n".join(each.rstrip() for each in _safe(lines).split("\n")).strip()
    kept = re.sub(r"\n{3,}", "\n\n", kept)
    short = kept if len(kept) <= TEXT_LENGTH else kept[: TEXT_LENGTH - 1].rstrip() + "…"
    return short if _is_accepted(_TEXT, short) else None


def _reread(value: str) -> str:
    """Return a text whose UTF-8 was read as Latin-1 as it was meant; others as they are.

    Control characters of Latin-1 are in no text that was read rightly.
    """
    if not re.search("[\x80-\x9f]", value):
        return value

    def meant(found: re.Match[str]) -> str:
        try:
            return found[0].encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return found[0]

    return _MISREAD.sub(meant, value)


def _safe(value: str) -> str:
    kept = UNSAFE.sub(lambda found: found[0] if found[0] in TEXT_CONTROLS else "", value)
    return OVERRIDES.sub("", kept)


def _is_accepted(kind: TypeAdapter[Any], value: Any) -> bool:
    if not value:
        return False
    try:
        kind.validate_python(value)
    except ValidationError:
        return False
    return True


def link(value: str | None) -> str | None:
    """Return a web address; None for what is none, such as ``tba``."""
    address = (value or "").strip()
    if re.match(r"(www\.)?[\w-]+(\.[\w-]+)*\.[^\W\d_]{2,}(/\S*)?$", address):
        address = f"https://{address}"
    address = re.sub(r"\s", "%20", address)
    return address if _is_accepted(_LINK, address) else None


def uid(value: str | None) -> str | None:
    """Return a uid as all calendar programs read it; None for others."""
    return value if _is_accepted(_UID, value) else None


def language(value: str | None) -> str | None:
    """Return the tag of a language, for a tag or for its English or own name; None for others.

    ``de``, ``de_DE`` and ``Deutsch`` are languages.
    """
    name = (value or "").strip().replace("_", "-")[:LINE_LENGTH]
    if re.fullmatch(r"[A-Za-z]{2}(-[A-Za-z0-9]{1,8})*", name) and _is_accepted(_LANGUAGE, name):
        return name[:2].lower() + name[2:]
    return _languages().get(name.casefold())


@cache
def _languages() -> dict[str, str]:
    """Return the codes of languages by their names, in small letters, and by longer codes."""
    known = {str(code): str(tag) for code, tag in get_global("language_aliases").items()}
    for speaks in NAMED_IN:
        for code, name in Locale(speaks).languages.items():
            if len(code) == 2 and (speaks in {"en", "de"} or code == speaks):
                known[name.casefold()] = code
    return {name: code for name, code in known.items() if len(code) == 2}


def place(value: tuple[float, float] | None) -> list[float] | None:
    """Return latitude and longitude; None for what is no place on earth."""
    try:
        found = [round(float(each), 6) for each in value or ()]
    except OverflowError:
        return None
    found = [0.0 if abs(each) < SMALLEST else each for each in found]
    return found if _is_accepted(_GEO, found) else None


def color(value: str | None) -> str | None:
    """Return the CSS name of the colour that is most like ``#ff8800``; None for what is none."""
    found = re.fullmatch(r"#?([0-9a-f]{6}|[0-9a-f]{3})", (value or "").strip().casefold())
    if not found:
        return value.strip().casefold() if value and value.strip().casefold() in COLORS else None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * each for each in found[1])
    red, green, blue = (int(digits[place : place + 2], 16) for place in (0, 2, 4))
    return min(BASIC, key=lambda name: _distance((red, green, blue), BASIC[name]))


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    weights = (3, 4, 2)  # as eyes tell colours apart, roughly
    return sum(w * (a - b) ** 2 for w, a, b in zip(weights, one, other, strict=True))


BASIC = {
    "black": (0, 0, 0),
    "gray": (128, 128, 128),
    "silver": (192, 192, 192),
    "white": (255, 255, 255),
    "maroon": (128, 0, 0),
    "red": (255, 0, 0),
    "tomato": (255, 99, 71),
    "salmon": (250, 128, 114),
    "orange": (255, 165, 0),
    "chocolate": (210, 105, 30),
    "gold": (255, 215, 0),
    "yellow": (255, 255, 0),
    "olive": (128, 128, 0),
    "yellowgreen": (154, 205, 50),
    "lime": (0, 255, 0),
    "green": (0, 128, 0),
    "seagreen": (46, 139, 87),
    "teal": (0, 128, 128),
    "turquoise": (64, 224, 208),
    "skyblue": (135, 206, 235),
    "steelblue": (70, 130, 180),
    "royalblue": (65, 105, 225),
    "blue": (0, 0, 255),
    "navy": (0, 0, 128),
    "slateblue": (106, 90, 205),
    "purple": (128, 0, 128),
    "orchid": (218, 112, 214),
    "hotpink": (255, 105, 180),
    "crimson": (220, 20, 60),
}
"""Colours of CSS that are far enough apart, as red, green and blue."""
