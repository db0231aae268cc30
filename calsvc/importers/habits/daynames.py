"""What months and weekdays are called, in the languages of the agendas that are imported.

Names are in small letters and without stops, as they are written: ``märz``, ``févr``.  Their
languages are Babel's, and a few names are what people write beside those.
"""

from collections.abc import Container
from functools import cache
from typing import Literal

from babel import Locale

LANGUAGES = ("en", "de", "fr", "es", "pt", "it", "nl")
MONTHS = {"sept": 9, "mrz": 3}
WEEKDAYS = {
    "tues": 1,
    "weds": 2,
    "thur": 3,
    "thurs": 3,
    "sonnabend": 5,
    "segunda": 0,
    "terça": 1,
    "quarta": 2,
    "quinta": 3,
    "sexta": 4,
}
"""Names beside those of Babel; 0 is Monday."""
_FORMS = ("format", "stand-alone")
_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")


@cache
def months(short_in: Container[str] = LANGUAGES) -> dict[str, int]:
    """Return the months by their names; ``short_in`` says in which languages short ones, too."""
    found = dict(MONTHS)
    for language, form, width in _tables(short_in):
        for number, name in Locale(language).months[form][width].items():
            found.setdefault(_bare(name), number)
    return found


@cache
def weekdays(short_in: Container[str] = LANGUAGES) -> dict[str, int]:
    """Return the weekdays by their names, likewise."""
    found = dict(WEEKDAYS)
    for language, form, width in _tables(short_in):
        for number, name in Locale(language).days[form][width].items():
            found.setdefault(_bare(name), number)
    return found


def _tables(short_in: Container[str]) -> list[tuple[str, str, Literal["wide", "abbreviated"]]]:
    return [
        (language, form, width)
        for language in LANGUAGES
        for form in _FORMS
        for width in _WIDTHS
        if width == "wide" or language in short_in
    ]


def _bare(name: str) -> str:
    return name.lower().strip(".")
