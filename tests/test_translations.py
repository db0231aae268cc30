"""Words in each language: complete, and alike in their places and marks."""

import re
from collections import Counter
from functools import cache
from html import unescape
from itertools import chain

import pytest
from babel.messages import Catalog
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from conftest import PROJECT
from fullsite import FullSite

from calsvc.translations import LANGUAGES

PACKAGE = PROJECT / "calsvc"
CATALOGS = PACKAGE / "translations"
OTHERS = [language for language in LANGUAGES if language != "en"]


@cache
def in_source() -> set[str | tuple[str, ...]]:
    """Return the words that stand in the source, singular and plural together."""
    with (CATALOGS / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file, "babel.cfg")
    found = extract_from_dir(PACKAGE, methods, options)
    return {text for _, _, text, _, _ in found if text}


@cache
def catalog(language: str) -> Catalog:
    """Return what a translator wrote."""
    with (CATALOGS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def messages(language: str) -> list[Message]:
    """Return the messages of a catalog without its header."""
    return [message for message in catalog(language) if message.id]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """Return a message's forms: one, or one for each number."""
    return [text] if isinstance(text, str) else list(text or ())


def places(text: str) -> Counter[str]:
    """Return the names that values have in a text, and its HTML."""
    return Counter(re.findall(r"%\(\w+\)s|\{\w+\}|<[^>]+>", text))


# --- catalogs -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
def test_every_word_has_a_translation_and_none_is_left_over(language: str) -> None:
    written = {
        tuple(message.id) if isinstance(message.id, (tuple, list)) else message.id
        for message in messages(language)
        if all(forms(message.string)) and not message.fuzzy
    }

    assert {"missing": in_source() - written, "left over": written - in_source()} == {
        "missing": set(),
        "left over": set(),
    }
    assert not catalog(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_places_of_values_and_the_links(language: str) -> None:
    wrong = [
        (message.id, text)
        for message in messages(language)
        for text in forms(message.string)
        if places(text) not in [places(original) for original in forms(message.id)]
    ]

    assert wrong == []


@pytest.mark.parametrize("language", OTHERS)
def test_translations_end_as_the_original_does(language: str) -> None:
    wrong = [
        (original, text)
        for message in messages(language)
        for original, text in zip(forms(message.id), forms(message.string), strict=True)
        if (original[-1] in ".:?!") != (text[-1] in ".:?!")
    ]

    assert wrong == []


@pytest.mark.slow
def test_every_page_says_its_words_in_german(full_site: FullSite) -> None:
    """Whatever is English on a German page is the event's own words."""
    english = {text for text in in_source() if isinstance(text, str) and len(text) > 12}
    told = {text: catalog("de")[text].string for text in english if catalog("de").get(text)}
    another = {text for text in english if told.get(text) != text}

    for sample in full_site.samples:
        html = full_site.get(sample, "de").text
        said = re.findall(r'>([^<>]+)<|"([^"<>]+)"', re.sub(r"\s+", " ", html))
        left = {unescape(words).strip() for words in chain.from_iterable(said)} & another
        assert '<html lang="de"' in html
        assert (sample, left) == (sample, set())
