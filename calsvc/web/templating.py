"""The filters and functions of templates: words, dates, zones, addresses of the same page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, g, request, url_for
from markupsafe import Markup, escape

from calsvc.agenda.model import Event
from calsvc.agenda.names import in_address
from calsvc.links import MOST_OF_GOOGLE, map_link
from calsvc.schedule.phrases import KIND_NAMES, ROLE_NAMES, Phrase
from calsvc.translations import LANGUAGES
from calsvc.web import markdown
from calsvc.web.dates import (
    clock,
    dated_clock,
    day,
    event_days,
    moment,
    short_day,
    short_duration,
)
from calsvc.web.locale import (
    CARRIED,
    KNOWN,
    decimal,
    get_locale,
    gettext,
    language_name,
    language_tag,
    ngettext,
)
from calsvc.web.zones import reader_zone, zone_letters, zone_name, zone_place

PAGES = ("pages.", "my.", "subscribe.", "embed.", "doctor.")
"""Blueprints whose addresses keep the parameters in ``CARRIED``; feeds have neither."""


def in_language(language: str, parameters: Mapping[str, list[str]] | None = None) -> str:
    """Return the address of the current page in another language.

    ``parameters`` are those of its address in canonical form, if the page has one.
    """
    pairs = list(request.args.items(multi=True))
    if parameters is not None:
        zone = [pair for pair in pairs if pair[0] == "tz" and pair[1]]
        pairs = [(name, value) for name, values in parameters.items() for value in values] + zone
    return _again(pairs, "lang", language)


def in_zone(name: str | None) -> str:
    """Return the address of the current page in another zone, or in the event's own."""
    return _again(known_pairs(), "tz", name)


def known_pairs() -> list[tuple[str, str]]:
    """Return what the address of the current page has that pages know."""
    return [pair for pair in request.args.items(multi=True) if pair[0] in KNOWN]


def _again(pairs: Iterable[tuple[str, str]], name: str, value: str | None) -> str:
    """Return the address of the current page, with another value of one parameter."""
    parameters = [pair for pair in pairs if pair[0] != name]
    parameters += [(name, value)] if value else []
    return f"{here()}?{urlencode(parameters, safe='!/')}"


def here() -> str:
    """Return the path of links to the current page: empty, or My calendar's if a form was sent.

    Where a form leads to its own page, that one stays.
    """
    is_there = request.url_rule is not None and "GET" in (request.url_rule.methods or ())
    if is_there or request.method in {"GET", "HEAD"}:
        return ""
    return urlsplit(url_for("my.my_page")).path


def of_language(event: Event, language: str | None = None) -> Markup:
    """Return the ``lang`` attribute for an event's words, if the page is in another language."""
    found = language or event.language
    if found is None or found.partition("-")[0] == get_locale().language:
        return Markup()
    return Markup(' lang="{}"').format(found)


def told(phrase: Phrase) -> Markup:
    """Return a phrase in the language of the page; what was before a change is struck out."""
    values = {
        name: escape(value) if isinstance(value, str) else told(value)
        for name, value in phrase.values.items()
    }
    if "after" in values:
        values["before"] = Markup("<del>{}</del>").format(values["before"])
    return escape(gettext(phrase.words)).format_map(values)


JINJA_FILTERS: tuple[Callable[..., str], ...] = (
    clock,
    dated_clock,
    day,
    decimal,
    event_days,
    language_name,
    moment,
    of_language,
    short_day,
    short_duration,
    zone_letters,
    zone_name,
    zone_place,
)


def init_app(app: Flask) -> None:
    """Add the filters, functions and translations to an application's templates."""
    jinja = app.jinja_env
    jinja.policies["ext.i18n.trimmed"] = True
    jinja.add_extension("jinja2.ext.i18n")
    jinja.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    jinja.filters.update({each.__name__: each for each in JINJA_FILTERS})
    jinja.filters.update(markdown=markdown.html, plain=markdown.plain, zone_of=reader_zone)
    jinja.filters.update(in_address=in_address, map_link=map_link)
    jinja.globals.update(KIND_NAMES=KIND_NAMES, ROLE_NAMES=ROLE_NAMES, LANGUAGES=LANGUAGES)
    jinja.globals.update(MOST_OF_GOOGLE=MOST_OF_GOOGLE, told=told)
    jinja.globals.update(locale=get_locale, tag=language_tag, translate=gettext)
    jinja.globals.update(here=here, in_language=in_language, in_zone=in_zone)
    jinja.globals.update(known_pairs=known_pairs)

    @app.url_defaults
    def keep_language_and_zone(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint.startswith(PAGES):
            for name in CARRIED:
                is_wrong = name == "tz" and g.get("has_unknown_zone")
                if (value := request.args.get(name)) and name not in values and not is_wrong:
                    values[name] = value
