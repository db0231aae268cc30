"""The values of content lines (RFC 5545, 3.1), as they are written in a calendar.

icalendar writes and folds the lines; texts are escaped here, because icalendar reads a
backslash before a capital N in a text as a line break: the path of a folder ``New`` on
drive C would lose two characters.
"""

from datetime import date, datetime

from icalendar.parser import Parameters


class Raw(str):
    """A property's value, as it is written in the file, with its parameters."""

    params: Parameters

    def __new__(cls, value: str, **params: str) -> "Raw":
        raw = super().__new__(cls, value)
        raw.params = Parameters({name.replace("_", "-"): each for name, each in params.items()})
        return raw

    def to_ical(self) -> bytes:
        """Return the value in UTF-8; icalendar calls this."""
        return self.encode("utf-8")


def escaped(text: str) -> str:
    """Return a text as a TEXT value (RFC 5545, 3.3.11)."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def text_value(value: str | None) -> Raw | None:
    """Return a text as a TEXT value, escaped; None if it is empty or None."""
    return Raw(escaped(value)) if value else None


def one_line(value: str) -> str:
    """Return a text on one line, for clients that show no more."""
    lines = value.replace("\t", "\n").split("\n")
    return " ".join(filter(None, map(str.strip, lines)))


def date_time_value(moment: datetime) -> Raw:
    """Return a UTC instant as a DATE-TIME value (RFC 5545, 3.3.5)."""
    return Raw(f"{moment:%Y%m%dT%H%M%SZ}")


def date_value(value: date) -> Raw:
    """Return a day as a DATE value (RFC 5545, 3.3.4)."""
    return Raw(f"{value:%Y%m%d}", VALUE="DATE")


def degrees_value(degrees: float) -> str:
    """Return degrees of latitude or longitude as calendars have them: ``-121.975``.

    A FLOAT has no exponent (RFC 5545, 3.3.7): libical 3 reads ``5e-05`` as 5 degrees.  Seven
    decimals are a centimetre; libical 4 takes 15 characters at most.
    """
    text = f"{round(degrees, 7) + 0.0:.7f}".rstrip("0")  # + 0.0: there is no minus zero
    return f"{text}0" if text.endswith(".") else text
