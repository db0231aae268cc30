"""The lines of a file: how they end and how they are folded."""

import re
from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Document
from calsvc.doctor.examples import VEVENT, Example, Frame, whole
from calsvc.doctor.findings import Found, Rule, Severity
from calsvc.translations import N_

LONGEST = 75  # octets, without the line end (RFC 5545, 3.1)
BLANKS = (b" ", b"\t")
INDENTED = re.compile(rb"[ \t]+(?:BEGIN|END):V[A-Z]+\s*", re.IGNORECASE)
SHOWN = 24  # octets on each side of a fold that a finding tells
CONTINUED = range(0x80, 0xC0)  # octets with which no character of UTF-8 begins
ESCAPED = frozenset(b"nN,;\\")  # what stands behind a backslash

SOUND = whole()
HIDDEN = """\
X-WR-CALDESC:All talks
  BEGIN:VEVENT
  SUMMARY:Bridges that sing
  END:VEVENT
"""


def _ends(document: Document) -> dict[str, int]:
    """Return how many lines have each kind of end."""
    octets = document.octets
    if b"\n" in octets:
        octets = octets.removesuffix(b"\r")  # cut off between the two
    both = octets.count(b"\r\n")
    counts = {"CR LF": both, "LF": octets.count(b"\n") - both, "CR": octets.count(b"\r") - both}
    return {end: count for end, count in counts.items() if count}


def _wrong_ends(document: Document) -> Iterator[Found]:
    ends = [*_ends(document)]
    if document.calendars and len(ends) == 1 and ends != ["CR LF"]:
        yield Found(1, ends[0])


def _mixed_ends(document: Document) -> Iterator[Found]:
    ends = _ends(document)
    if document.calendars and len(ends) > 1:
        yield Found(0, ", ".join(f"{count} × {end}" for end, count in ends.items()))


def _endless(document: Document) -> Iterator[Found]:
    is_ended = document.octets.endswith((b"\n", b"\r"))
    if document.calendars and not is_ended and not document.torso:
        yield Found(len(document.physical), document.lines[-1].text)


def _long(document: Document) -> Iterator[Found]:
    if document.calendars:
        for number, octets in enumerate(document.physical, 1):
            if len(octets) > LONGEST:
                yield Found(number, str(len(octets)))


def _folds(document: Document) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each fold: the line that continues another one, what is before it, and it."""
    physical = document.physical if document.calendars else []
    for number, octets in enumerate(physical[1:], 2):
        if octets[:1] in BLANKS:
            yield number, physical[number - 2], octets[1:]


def _folded_character(document: Document) -> Iterator[Found]:
    if document.is_utf8:
        for number, before, octets in _folds(document):
            if octets and octets[0] in CONTINUED:
                shown = before[-SHOWN:] + octets[:SHOWN]
                yield Found(number - 1, shown.decode("utf-8", "ignore"))


def _folded_escape(document: Document) -> Iterator[Found]:
    is_open = False  # a backslash waits for what it escapes
    last = 0
    for number, before, octets in _folds(document):
        plain = before[1:] if before[:1] in BLANKS else before
        signs = len(plain) - len(plain.rstrip(b"\\"))
        if signs == len(plain) and last == number - 1:
            signs += is_open
        is_open, last = signs % 2 == 1, number
        if is_open and octets and octets[0] in ESCAPED:
            shown = before[-SHOWN:] + " ↵ ".encode() + octets[:SHOWN]
            yield Found(number - 1, shown.decode("utf-8", "ignore"))


def _empty(document: Document) -> Iterator[Found]:
    last = max((each.number for each in document.lines), default=0)
    for number, octets in enumerate(document.physical[:last] if document.calendars else [], 1):
        if not octets:
            yield Found(number)


def _blank_fold(document: Document) -> Iterator[Found]:
    return (Found(number) for number, _, octets in _folds(document) if not octets.strip(b" \t"))


def _indented(document: Document) -> Iterator[Found]:
    for number, octets in enumerate(document.physical if document.calendars else [], 1):
        if octets[:1] in BLANKS and INDENTED.fullmatch(octets[: LONGEST * 2]):
            yield Found(number, octets.decode("utf-8", "replace").strip())


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "wrong-line-ends",
        Severity.ERROR,
        N_("Lines end in {value} alone."),
        N_("A line of a calendar ends in CR and LF, both."),
        (Effect(Client.APPLE, N_("may show the file as text"), Shows.NOTHING),),
        "RFC 5545, 3.1; markuspoerschke/iCal#72",
        N_("End each line in \\r\\n, and see that no tool converts line ends on the way."),
        _wrong_ends,
        Example(Frame.OCTETS, fails=SOUND, holds=SOUND.replace("\n", "\r\n")),
    ),
    Rule(
        "mixed-line-ends",
        Severity.ERROR,
        N_("Lines end in different ways: {value}."),
        N_("Readers disagree about where a line ends, and so about what it says."),
        (Effect(Client.APPLE, N_("may show the file as text"), Shows.NOTHING),),
        "RFC 5545, 3.1; markuspoerschke/iCal#72",
        N_("End each line in \\r\\n, and write a line break in a text as \\n."),
        _mixed_ends,
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("\n", "\r\n").replace("END:VEVENT\r\n", "END:VEVENT\n"),
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "last-line-without-end",
        Severity.WARNING,
        N_("The last line, {value}, has no line end."),
        N_("Each line ends in CR and LF, the last one too; it looks as if the file was cut off."),
        (),
        "RFC 5545, 3.1",
        N_("Write \\r\\n behind END:VCALENDAR."),
        _endless,
        Example(
            Frame.OCTETS,
            fails=SOUND.strip().replace("\n", "\r\n"),
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "long-line",
        Severity.WARNING,
        N_("The line has {value} octets."),
        N_("Lines should have at most 75 octets; longer ones are folded."),
        (),
        "RFC 5545, 3.1",
        N_("Fold the line: put CR, LF and a blank between two characters of it."),
        _long,
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("Hall A", "Hall A: first floor. " * 4).replace("\n", "\r\n"),
            holds=SOUND.replace("Hall A", "Hall A: first floor. " * 3).replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "folded-character",
        Severity.ERROR,
        N_("The line is folded within a character: {value}"),
        N_("Readers that decode the lines before they unfold them lose the character."),
        (),
        "RFC 5545, 3.1; ical4j/ical4j#800, icalendar/icalendar#158, kewisch/ical.js#439",
        N_("Fold between characters, never between the octets of one."),
        _folded_character,
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("Hall A", "Gr\xc3\n \xbcner Saal").replace("\n", "\r\n"),
            holds=SOUND.replace("Hall A", "Gr\n \xc3\xbcner Saal").replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "folded-escape",
        Severity.NOTE,
        N_("The line is folded within an escape: {value}"),
        N_("It is allowed, but a reader that looks at single lines shows a backslash there."),
        (),
        "RFC 5545, 3.1 and 3.3.11",
        N_("Fold before the backslash."),
        _folded_escape,
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Bridges bend.\\\n nSome of them.",
            holds="DESCRIPTION:Bridges bend.\n \\nSome of them.",
        ),
    ),
    Rule(
        "empty-line",
        Severity.WARNING,
        N_("A line is empty."),
        N_("A calendar has no empty lines; a reader may stop there, or refuse the file."),
        (),
        "RFC 5545, 3.1",
        N_("Take the line away; write a line break in a text as \\n."),
        _empty,
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Bridges bend.\n\nLOCATION:Hall A",
            holds="DESCRIPTION:Bridges bend.\\n\nLOCATION:Hall A",
        ),
    ),
    Rule(
        "blank-fold",
        Severity.NOTE,
        N_("A line holds nothing but blanks."),
        N_("It continues the line before it; what takes blanks away makes it an empty line."),
        (),
        "RFC 5545, 3.1",
        N_("Take blanks at the end of texts away, and fold before a word."),
        _blank_fold,
        Example(
            Frame.ENTRY,
            fails="DESCRIPTION:Bridges bend.\n  \nLOCATION:Hall A",
            holds="DESCRIPTION:Bridges bend.\nLOCATION:Hall A",
        ),
    ),
    Rule(
        "indented",
        Severity.ERROR,
        N_("{value} is indented."),
        N_("A line that begins with a blank is a part of the one before it."),
        (),
        "RFC 5545, 3.1",
        N_("Take the blanks at the beginnings of lines away."),
        _indented,
        Example(
            Frame.BODY,
            fails=f"{HIDDEN}{VEVENT}",
            holds=f"X-WR-CALDESC:All talks\n{VEVENT}",
        ),
    ),
)
