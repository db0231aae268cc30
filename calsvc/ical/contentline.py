"""Content lines (RFC 5545, 3.1): the values of properties, escaped, and whole lines, folded.

Lines are written here as icalendar writes them, octet for octet, in a fraction of its time;
parameters are quoted by icalendar.  Texts are escaped here, because icalendar reads a backslash
before a capital N in a text as a line break: the path of a folder ``New`` on drive C would lose
two characters.
"""

from datetime import date, datetime
from functools import lru_cache

from icalendar.parser import Parameters

LONGEST = 74
"""Octets of a line; with the space before what goes on, 75 (RFC 5545, 3.1)."""
ESCAPES = b"\\^"
"""What a line does not end with: some readers take the escape apart from what it escapes."""


class Raw(str):
    """A property's value, as it is written in the file, with its parameters."""

    parameters: str
    """As they are written between the name and the value."""

    def __new__(cls, value: str, **params: str) -> "Raw":
        raw = super().__new__(cls, value)
        raw.parameters = _parameters(tuple(params.items()))
        return raw


@lru_cache(maxsize=4096)
def _parameters(given: tuple[tuple[str, str], ...]) -> str:
    named = Parameters({name.replace("_", "-"): value for name, value in given})
    octets: bytes = named.to_ical(sorted=False)
    return f";{octets.decode()}" if octets else ""


def line(name: str, value: str) -> str:
    """Return a property as a content line, folded, with its end."""
    parameters = value.parameters if isinstance(value, Raw) else ""
    return folded(f"{name}{parameters}:{value}\r\n")


def folded(line: str) -> str:
    """Return a line folded; a character is never divided."""
    if len(line) <= LONGEST and line.isascii():
        return line
    octets = line.encode()
    parts, start, last = [], 0, len(octets) - len(b"\r\n")
    while last - start > LONGEST:
        end = start + LONGEST
        while octets[end] & 0xC0 == 0x80:  # within a character
            end -= 1
        if octets[end - 1] in ESCAPES:
            end -= 1
        parts.append(octets[start:end])
        start = end
    return b"\r\n ".join((*parts, octets[start:])).decode()


def escaped(text: str) -> str:
    """Return a text as a TEXT value (RFC 5545, 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def text_value(value: str | None) -> str | None:
    """Return a text as a TEXT value, escaped; None if it is empty or None."""
    return escaped(value) if value else None


def one_line(value: str) -> str:
    """Return a text on one line, for clients that show no more."""
    lines = value.replace("\t", "\n").split("\n")
    return " ".join(filter(None, map(str.strip, lines)))


@lru_cache(maxsize=4096)
def date_time_value(moment: datetime) -> str:
    """Return a UTC instant as a DATE-TIME value (RFC 5545, 3.3.5)."""
    return f"{moment:%Y%m%dT%H%M%SZ}"


def date_value(value: date) -> Raw:
    """Return a day as a DATE value (RFC 5545, 3.3.4)."""
    return Raw(f"{value:%Y%m%d}", VALUE="DATE")


@lru_cache(maxsize=4096)
def degrees_value(degrees: float) -> str:
    """Return degrees of latitude or longitude as calendars have them: ``-121.975``.

    A FLOAT has no exponent (RFC 5545, 3.3.7): libical 3 reads ``5e-05`` as 5 degrees.  Seven
    decimals are a centimetre; libical 4 takes 15 characters at most.
    """
    text = f"{round(degrees, 7) + 0.0:.7f}".rstrip("0")  # + 0.0: there is no minus zero
    return f"{text}0" if text.endswith(".") else text
