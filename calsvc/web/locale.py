"""The language of a page: ``?lang=`` wins over ``Accept-Language``.

Addresses carry language and zone (``?tz=``) on to the next page, so that any page can be
sent to a friend as it is seen.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from urllib.parse import unquote_to_bytes

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from flask import g, request
from werkzeug.datastructures import Accept, LanguageAccept
from werkzeug.http import parse_accept_header

from calsvc.errors import QueryError
from calsvc.schedule.selection import FILTERS, OPTIONS
from calsvc.translations import LANGUAGES, catalog

CARRIED = ("lang", "tz")
"""Parameters that every link of a page carries on to the next one."""
PARAMETERS = frozenset((*FILTERS, *OPTIONS))
"""Parameters by which a page shows a part of an agenda, and its feed has that part."""
KNOWN = frozenset((*PARAMETERS, *CARRIED, "view"))
"""Parameters of an address that change what a page shows; all else that it has is ignored."""

MOST_ACCEPTED = 20
"""Languages of Accept-Language that are looked at, the preferred ones first: a header has room
for thousands, which would take seconds to look up."""


def get_locale() -> Locale:
    """Return the locale of the request: one of ``LANGUAGES``, in the reader's own variant."""
    if "locale" not in g:
        g.locale = next(_locales(), Locale(next(iter(LANGUAGES))))
    found: Locale = g.locale
    return found


def _locales() -> Iterator[Locale]:
    """Yield the locales that the request accepts, the preferred one first."""
    accepted = _accepted(request.accept_languages)
    asked_for = _locale(request.args.get("lang", ""))
    if asked_for and asked_for.language in LANGUAGES:
        if not asked_for.territory:  # a reader who clicked "English" may well be in Britain
            yield from (each for each in accepted if each.language == asked_for.language)
        yield asked_for
    yield from accepted


def _accepted(languages: Accept) -> list[Locale]:
    return [
        found
        for tag, quality in islice(languages, MOST_ACCEPTED)
        if quality and (found := _locale(tag)) and found.language in LANGUAGES
    ]


def accepted_language(accept_language: str) -> str:
    """Return that of ``LANGUAGES`` which an Accept-Language prefers: ``de``."""
    for locale in _accepted(parse_accept_header(accept_language, LanguageAccept)):
        return str(locale.language)
    return next(iter(LANGUAGES))


@lru_cache(maxsize=256)
def _locale(tag: str) -> Locale | None:
    for name in (tag, tag.partition("-")[0]):  # CLDR may know the language, but not the place
        try:
            return Locale.parse(name, sep="-")
        except (ValueError, UnknownLocaleError, TypeError):
            continue
    return None


def gettext(words: str) -> str:
    """Return a message in the language of the request."""
    return catalog(get_locale().language).gettext(words)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the message for that number of things, in the language of the request."""
    return catalog(get_locale().language).ngettext(one, many, number)


def language_tag() -> str:
    """Return the language of the request as HTML names it: ``en-GB``."""
    return str(get_locale()).replace("_", "-")


def language_name(tag: str) -> str:
    """Return the name of a language: ``Brazilian Portuguese``; the tag if it is unknown."""
    try:
        return Locale.parse(tag, sep="-").get_display_name(get_locale()) or tag
    except (ValueError, UnknownLocaleError):
        return tag


def decimal(number: float) -> str:
    """Return a number with one digit behind its point, as the reader writes it: ``1.3``."""
    return format_decimal(number, "0.0", get_locale())


def query_pairs() -> list[tuple[str, str]]:
    """Return the filters and options of a page's address; a page ignores all else that it has."""
    return [pair for pair in request.args.items(multi=True) if pair[0] in PARAMETERS]


def feed_pairs() -> list[tuple[str, str]]:
    """Return all parameters of a feed's address.

    Raises ``QueryError`` where octets are not UTF-8: half a surrogate pair, Latin-1.
    """
    try:
        unquote_to_bytes(request.query_string).decode()
    except UnicodeDecodeError as error:
        octet = error.object[error.start]
        raise QueryError(f"The address has octet %{octet:02X}, which is not UTF-8.") from error
    return list(request.args.items(multi=True))
