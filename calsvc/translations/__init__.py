"""The languages that calsvc speaks, and the message catalog of each.

Messages are written in the source in English, in ``N_`` or in a template.  A catalog is
read as its translator wrote it (``messages.po``), so no compiled file can lag behind.
"""

from collections.abc import Callable
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGS = Path(__file__).parent
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""The languages of pages, each under its own name; the first is the default."""
Translate = Callable[[str], str]
"""Takes English words of the source, and returns them in another language: a ``gettext``."""


def N_(message: str) -> str:
    """Return the message unchanged; Babel extracts messages to translate by this name."""
    return message


def spoken_language(tag: str | None) -> str:
    """Return the language in ``LANGUAGES`` for a tag: ``de`` for ``de-AT``; English for others."""
    language = (tag or "").partition("-")[0].lower()
    return language if language in LANGUAGES else next(iter(LANGUAGES))


@cache
def catalog(language: str) -> NullTranslations:
    """Return a language's messages; without a catalog, the English of the source."""
    path = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
