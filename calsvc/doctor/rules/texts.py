"""The words of entries: titles, places and descriptions."""

import re
from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, entries_where, where
from calsvc.translations import N_

TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION")
TAG = re.compile(
    r"<(/?)(p|br|a|b|i|u|em|strong|span|div|ul|ol|li|h[1-6]|table|tr|td|img|font|pre|code|small)"
    r"((?:\s[^<>]*)?/?)>",
    re.IGNORECASE,
)
ALONE = frozenset({"br", "img"})
"""Tags that have no end."""
ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[aou]uml|szlig|[aeiou]acute|[aeiou]grave|[aeio]circ|ccedil"
    r"|ntilde|hellip|[nm]dash|[lr][sd]quo|#\d{1,7}|#x[0-9a-f]{1,6});",
    re.IGNORECASE | re.ASCII,
)
NOTHINGS = frozenset(
    {"none", "null", "undefined", "nan", "nil", "[object object]", "(null)", "<null>", "(none)"}
)
"""What programs print that had nothing to print."""
OBJECT = "[object Object]"
BLANK = re.compile(
    r"\{\{[^{}\n]{1,80}\}\}|\{%[^{}\n]{1,80}%\}|\$\{[A-Za-z_.]{1,80}\}|%%[A-Z_]{2,80}%%"
)
"""What stands in a template where a value should be."""
LONGEST_WORDS = 300  # characters of a text that can be nothing but such a thing
MOST_OCTETS = 16_000  # of a description


def _has_tags(text: str) -> bool:
    """Tell whether a text is HTML: it has a tag with its end, or one that has none."""
    if "<" not in text:
        return False
    opened: set[str] = set()
    for found in TAG.finditer(text):
        name = found[2].lower()
        is_again, is_word = name in opened, _is_word(text, found)
        if name in ALONE and (is_again or not is_word):
            return True
        if found[1] and is_again and not is_word:
            return True
        opened.add(name)
    return False


def _is_word(text: str, found: re.Match[str]) -> bool:
    """Tell whether a tag stands in a text as a word does: "The <br> tag"."""
    before, behind = found.start(), found.end()
    around = f"{text[max(before - 1, 0) : before]}{text[behind : behind + 1]}"
    return not found[3] and len(around) > 1 and around.isspace() and "\n" not in around


def _has_entities(each: Property) -> bool:
    return "&" in each.value and bool(ENTITY.search(each.text)) and not _has_tags(each.text)


def _is_nothing(each: Property) -> bool:
    if OBJECT in each.value:
        return True
    if len(each.value) > LONGEST_WORDS:
        return False
    text = each.text
    return text.casefold() in NOTHINGS or BLANK.fullmatch(text) is not None


def _has_no_title(entry: Component) -> bool:
    each = entry.one("SUMMARY")
    return each is None or not each.value.strip()


def _is_html_alone(entry: Component) -> bool:
    each = entry.one("DESCRIPTION")
    has_html = any(each.value.strip() for each in entry.each("X-ALT-DESC", "STYLED-DESCRIPTION"))
    return has_html and (each is None or not each.value.strip())


def _is_untyped_html(each: Property) -> bool:
    return each.parameters.get("FMTTYPE", "").strip().lower() != "text/html"


def _long(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        for each in entry.each("DESCRIPTION"):
            octets = len(each.value.encode("utf-8", "replace"))
            if octets > MOST_OCTETS:
                yield at(each, entry, str(octets))


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "title-missing",
        Severity.WARNING,
        N_("The entry has no title."),
        N_("Nobody sees what it is."),
        (),
        "RFC 5545, 3.8.1.12",
        N_("Write what it is in SUMMARY."),
        entries_where(_has_no_title),
        Example(Frame.ENTRY, fails="-SUMMARY", holds="SUMMARY:Bridges"),
    ),
    Rule(
        "html-in-text",
        Severity.WARNING,
        N_("{value} has HTML in it."),
        N_("What entries say is plain text, and most programs show the tags."),
        (
            Effect(Client.APPLE, N_("shows the tags"), Shows.TEXT),
            Effect(Client.OUTLOOK, N_("shows the tags"), Shows.TEXT),
            Effect(Client.EVOLUTION, N_("shows the tags"), Shows.TEXT),
            Effect(Client.THUNDERBIRD, N_("shows the tags"), Shows.TEXT),
        ),
        "RFC 5545, 3.3.11, 3.8.1.5; spatie/calendar-links#97, tutao/tutanota#4724",
        N_("Write plain text with \\n for new lines, and HTML in X-ALT-DESC;FMTTYPE=text/html."),
        where(lambda each: _has_tags(each.text), *TEXTS),
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:<p>How bridges <b>bend</b>.</p>",
            holds="DESCRIPTION:How bridges <3 bend\\, where load < strength.",
        ),
    ),
    Rule(
        "html-entities",
        Severity.WARNING,
        N_("{value} has a character written as HTML does."),
        N_("What entries say is plain text, and programs show such signs as they stand there."),
        (),
        "RFC 5545, 3.3.11",
        N_("Write the character itself."),
        where(_has_entities, *TEXTS),
        Example(Frame.ENTRY, fails="SUMMARY:Bend &amp; break", holds="SUMMARY:Bend & break"),
    ),
    Rule(
        "words-of-a-program",
        Severity.WARNING,
        N_("{value} is what a program writes that has nothing to say."),
        N_("A value was missing, and its place was filled."),
        (),
        "RFC 5545, 3.8.1; ietf-tools/datatracker#8498",
        N_("Leave the property out where there is nothing to say."),
        where(_is_nothing, *TEXTS, "URL", "CATEGORIES", "COMMENT", "CONTACT"),
        Example(Frame.ENTRY, fails="LOCATION:None", holds="-LOCATION"),
    ),
    Rule(
        "title-of-several-lines",
        Severity.WARNING,
        N_("{value} has a line break."),
        N_("Calendars have one line for a title, and show what is behind the break elsewhere."),
        (),
        "RFC 5545, 3.8.1.12",
        N_("Write the title on one line, and the rest in DESCRIPTION."),
        where(lambda each: "\n" in each.text, "SUMMARY"),
        Example(
            Frame.ENTRY,
            fails="SUMMARY:Bridges\\nthat bend",
            holds="SUMMARY:Bridges that bend\nDESCRIPTION:Bridges\\nthat bend",
        ),
    ),
    Rule(
        "description-too-long",
        Severity.NOTE,
        N_("The description has {value} octets."),
        N_("Long texts make a calendar large, and Google reads no more than a megabyte."),
        (Effect(Client.GOOGLE, N_("leaves out what lies behind a megabyte"), Shows.MISSING),),
        "ilios/ilios#1229, roed314/seminars#777",
        N_("Write a short text, and a link to the whole."),
        _long,
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Bridges" + f"\n  that bend in the wind{' and sway' * 5}" * 240,
            holds="DESCRIPTION:Bridges that bend in the wind",
        ),
    ),
    Rule(
        "html-without-its-type",
        Severity.WARNING,
        N_("{value} does not say that it is HTML."),
        N_("Outlook takes the HTML of a description by its type."),
        (Effect(Client.OUTLOOK, N_("leaves out how the description looks"), Shows.TEXT),),
        "MS-OXCICAL; nextcloud/tasks#3206",
        N_("Write X-ALT-DESC;FMTTYPE=text/html."),
        where(_is_untyped_html, "X-ALT-DESC"),
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Bridges\nX-ALT-DESC:<p>Bridges</p>",
            holds="DESCRIPTION:Bridges\nX-ALT-DESC;FMTTYPE=text/html:<p>Bridges</p>",
        ),
    ),
    Rule(
        "html-alone",
        Severity.WARNING,
        N_("The entry has a description as HTML alone."),
        N_("Programs that do not read it show no description."),
        (),
        "RFC 9073, 6.5; nextcloud/tasks#3206",
        N_("Write the same as plain text in DESCRIPTION."),
        entries_where(_is_html_alone, "X-ALT-DESC"),
        Example(
            Frame.ENTRY,
            fails="X-ALT-DESC;FMTTYPE=text/html:<p>Bridges</p>",
            holds="DESCRIPTION:Bridges\nX-ALT-DESC;FMTTYPE=text/html:<p>Bridges</p>",
        ),
    ),
)
