"""The languages that calsvc speaks, and the catalog of each.

What is to be translated stands in the source in English, in ``N_`` or a template.  A
catalog is read as its translator wrote it (``messages.po``), so no compiled file can lag
behind.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGS = Path(__file__).parent
LANGUAGES = {"en": "English", "de": "Deutsch"}
"""Languages that pages have, each by its own name; the first where none is asked for."""


def N_(message: str) -> str:
    """Return the message as it is: by this name Babel finds what is to be translated."""
    return message


@cache
def catalog(language: str) -> NullTranslations:
    """Return the messages of a language; English is what stands in the source."""
    path = CATALOGS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)
