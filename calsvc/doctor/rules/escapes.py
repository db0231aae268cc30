"""How texts are written: escapes, and characters that were read wrongly."""

import re
from collections.abc import Iterator

from calsvc.doctor.documents import Document, Property
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, where
from calsvc.translations import N_

TEXTS = ("SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT")
ESCAPE = re.compile(r"\\[\\;,nN]")
BARE = re.compile(r"[,;]")
ENTITY = re.compile(r"&#?\w{1,8};")
"""A character as HTML writes it, whose semicolon is told with it."""
TWICE = re.compile(r"\\[,;]|\\n(?=\\n|\s|[A-Z\d*-]|$)")
"""What an escape leaves in a text that was escaped twice; a path such as C:\\new has none."""
PATTERN = re.compile(r"\\[a-mo-z]")
"""Of a text about backslashes, such as a regular expression."""
LOST = "\ufffd"
QUOTED = re.compile(r"=[C-F][0-9A-F]=[89AB][0-9A-F]|=0[AD](?:=0[AD])?|=20$")
"""Octets of UTF-8, line ends and blanks in quoted-printable."""
MISREAD = re.compile(
    "(?<![A-ZÀ-ÖØ-Þ])Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u201a\u201e\u2020-\u2022\u2026\u2030\u20ac\u2122]"
    "|Â[\u00a0-\u00bf]|â€[\u0080-\u00bf\u0153\u02dc\u201c\u201d\u2122\u00a6\u0161]|ðŸ"
)
"""UTF-8 that was read as Latin-1 or Windows-1252 and written again."""


def _has_unknown_escape(each: Property) -> bool:
    return "\\" in each.value and "\\" in ESCAPE.sub("", each.value)


def _is_unescaped(each: Property) -> bool:
    return BARE.search(ENTITY.sub("", ESCAPE.sub("", each.value))) is not None


def _is_escaped_twice(each: Property) -> bool:
    if "\\\\" not in each.value:
        return False
    text = each.text
    return TWICE.search(text) is not None and PATTERN.search(text) is None


def _is_encoded(each: Property) -> bool:
    if each.parameters.get("ENCODING", "").strip().upper() == "QUOTED-PRINTABLE":
        return True
    return len(QUOTED.findall(each.value)) > 1


def _is_misread(each: Property) -> bool:
    return not each.value.isascii() and MISREAD.search(each.value) is not None


def _lost(document: Document) -> Iterator[Found]:
    """Find signs that the file has, and not those by which lines that are no UTF-8 are read."""
    if document.is_utf8 and LOST.encode() in document.octets:
        yield from where(lambda each: LOST in each.value, *TEXTS, "CATEGORIES")(document)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "escape-unknown",
        Severity.WARNING,
        N_("{value} has a backslash that escapes nothing."),
        N_("A backslash stands before a comma, a semicolon, an n or another backslash alone."),
        (),
        "RFC 5545, 3.3.11",
        N_("Write a colon and a quotation mark as they are, and a backslash as two."),
        where(_has_unknown_escape, *TEXTS),
        Example(Frame.ENTRY, fails="SUMMARY:Bridges\\: a view", holds="SUMMARY:Bridges: a view"),
    ),
    Rule(
        "text-not-escaped",
        Severity.NOTE,
        N_("{value} has a comma or a semicolon without a backslash before it."),
        N_("They divide values; strict readers take what follows for another one."),
        (),
        "RFC 5545, 3.3.11",
        N_("Write \\, and \\; for them."),
        where(_is_unescaped, *TEXTS),
        Example(Frame.ENTRY, fails="LOCATION:Hall A, Pier 2", holds="LOCATION:Hall A\\, Pier 2"),
    ),
    Rule(
        "text-escaped-twice",
        Severity.WARNING,
        N_("{value} was escaped twice."),
        N_("Programs take one escape away, and show the backslash of the other."),
        (),
        "RFC 5545, 3.3.11",
        N_("Escape a text once, where it is written into the file."),
        where(_is_escaped_twice, *TEXTS),
        Example(
            Frame.ENTRY, fails="LOCATION:Hall A\\\\\\, Pier 2", holds="LOCATION:Hall A\\, Pier 2"
        ),
    ),
    Rule(
        "text-quoted-printable",
        Severity.WARNING,
        N_("{value} is written as in the calendars of before 1998."),
        N_("It is not of this standard: programs that know this one alone show its signs."),
        (),
        "RFC 5545, 3.1.3, 8.3",
        N_("Write the text itself, in UTF-8."),
        where(_is_encoded, *TEXTS),
        Example(
            Frame.ENTRY,
            fails="SUMMARY;ENCODING=QUOTED-PRINTABLE:Br=C3=BCcken=0D=0A",
            holds="SUMMARY:Brücken",
        ),
    ),
    Rule(
        "text-misread",
        Severity.WARNING,
        N_("{value} has UTF-8 that was taken for Latin-1, and written again."),
        N_("All programs show two or three odd signs in place of such letters."),
        (),
        "RFC 5545, 3.1.4",
        N_("Read the text as UTF-8 where it comes from, and write it once."),
        where(_is_misread, *TEXTS, "CATEGORIES"),
        Example(Frame.ENTRY, fails="SUMMARY:BrÃ¼cken", holds="SUMMARY:Brücken"),
    ),
    Rule(
        "text-lost",
        Severity.WARNING,
        N_("{value} has signs in place of letters that could not be read."),
        N_("A program wrote U+FFFD for them: what stood there is lost, and nobody can read it."),
        (),
        "RFC 5545, 3.1, 3.1.4; kewisch/ical.js#439",
        N_("Read the text as UTF-8 where it comes from, and fold lines between whole characters."),
        _lost,
        Example(Frame.ENTRY, fails="SUMMARY:Br\ufffd\ufffdcken", holds="SUMMARY:Brücken"),
    ),
)
