"""What a file is at all, and its octets."""

import re
from collections.abc import Callable, Iterator

from calsvc.doctor.clients import STRICT, Client, Effect, Shows
from calsvc.doctor.documents import BOM, Document
from calsvc.doctor.examples import Example, Frame, whole
from calsvc.doctor.findings import Found, Rule, Severity
from calsvc.translations import N_

WIDE = re.compile(rb"\xff\xfe|\xfe\xff|\s{,64}(?:\0+B|B\0+E)")
PACKED = re.compile(rb"\x1f\x8b|PK\x03\x04")
PAGE = re.compile(rb"\s*<", re.ASCII)
JSON = re.compile(rb"\s*[\[{]", re.ASCII)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1b\x1f\x7f]")
SEPARATOR = re.compile(rb"[\x0b\x0c\x1c-\x1e]|\xe2\x80[\xa8\xa9]|\xc2\x85")
"""What divides lines for some, control characters among it."""
HEAD = 1024  # octets in which it shows what a file is

SOUND = whole()
FORGOTTEN = (
    Effect(Client.THUNDERBIRD, N_("removes all entries that it had"), Shows.NOTHING),
    Effect(Client.EVOLUTION, N_("removes all entries that it had"), Shows.NOTHING),
)
REPLACED = (FORGOTTEN[1],)


def _kind(octets: bytes) -> str:
    """Return what a file is in which no calendar begins."""
    head = octets[:HEAD]
    if not octets.removeprefix(BOM).strip():
        return "empty"
    kinds = {"utf-16": WIDE, "packed": PACKED, "page": PAGE, "json": JSON}
    return next((kind for kind, sign in kinds.items() if sign.match(head)), "other")


def _is(kind: str) -> Callable[[Document], Iterator[Found]]:
    """Return what finds files of a kind, each as a whole."""

    def find(document: Document) -> Iterator[Found]:
        if not document.calendars and _kind(document.octets) == kind:
            first = next((each for each in document.physical if each.strip()), b"")
            yield Found(1, first[:HEAD].decode("utf-8", "replace"))

    return find


def _not_utf8(document: Document) -> Iterator[Found]:
    if document.calendars and not document.is_utf8:
        for line in document.lines:
            try:
                line.octets.decode()
            except UnicodeDecodeError:
                if line != document.torso:
                    yield Found(line.number, line.text)


def _bom(document: Document) -> Iterator[Found]:
    if document.calendars and document.octets.startswith(BOM):
        yield Found(1)


def _bom_inside(document: Document) -> Iterator[Found]:
    if document.calendars and document.octets.rfind(BOM) > 0:
        for number, octets in enumerate(document.physical, 1):
            if octets.startswith(BOM):
                yield Found(number, octets[:HEAD].decode("utf-8", "replace"))


def _holding(sign: re.Pattern[bytes]) -> Callable[[Document], Iterator[Found]]:
    """Return what finds lines with a sign, by the sign's name: ``U+000B``."""

    def find(document: Document) -> Iterator[Found]:
        if document.calendars and sign.search(document.octets):
            for number, octets in enumerate(document.physical, 1):
                if found := sign.search(octets):
                    yield Found(number, f"U+{ord(found[0].decode()):04X}")

    return find


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "empty-file",
        Severity.ERROR,
        N_("The file is empty."),
        N_("An address that gives nothing for a moment takes the calendar away from people."),
        FORGOTTEN,
        "RFC 5545, 3.4",
        N_("Answer with the last calendar that was whole, or with an error such as 503."),
        _is("empty"),
        Example(Frame.FILE, fails="", holds=SOUND),
    ),
    Rule(
        "web-page",
        Severity.ERROR,
        N_("The file is a web page or other markup, and no calendar: {value}"),
        N_("A login, an error or a check for robots was sent in place of the calendar."),
        REPLACED,
        "RFC 5545, 3.4; aaronpk/Meetable#138, amtgard/ORK3#502",
        N_("Let the address of the calendar answer everybody with the calendar itself."),
        _is("page"),
        Example(Frame.FILE, fails="<!DOCTYPE html>\n<title>Log in</title>\n", holds=SOUND),
    ),
    Rule(
        "json-file",
        Severity.ERROR,
        N_("The file is JSON, and no calendar: {value}"),
        N_("Calendar programs subscribe to iCalendar files; an API's answer is none."),
        REPLACED,
        "RFC 5545, 3.4",
        N_("Give the address of the iCalendar file, or write one."),
        _is("json"),
        Example(Frame.FILE, fails='{"error": "no such calendar"}\n', holds=SOUND),
    ),
    Rule(
        "packed-file",
        Severity.ERROR,
        N_("The file is packed (gzip or ZIP)."),
        N_("Programs look for a calendar in it, and do not unpack it."),
        REPLACED,
        "RFC 5545, 3.4",
        N_("Unpack it; a server that packs what it sends must say so in Content-Encoding."),
        _is("packed"),
        Example(
            Frame.OCTETS,
            fails="\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x03\x00\x00\x00\x00\x00",
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "no-calendar",
        Severity.ERROR,
        N_("No calendar begins in the file; it starts with {value}"),
        N_("A calendar stands between BEGIN:VCALENDAR and END:VCALENDAR."),
        REPLACED,
        "RFC 5545, 3.4",
        N_("Check that the address is that of the calendar, and that the server has no fault."),
        _is("other"),
        Example(Frame.FILE, fails="Too many requests\n", holds=SOUND),
    ),
    Rule(
        "utf-16",
        Severity.ERROR,
        N_("The file is written in UTF-16 or UTF-32."),
        N_("A calendar is UTF-8; read as such, no calendar begins in this one."),
        (),
        "RFC 5545, 3.1.4 and 8.1",
        N_("Save the file as UTF-8, without a byte order mark."),
        _is("utf-16"),
        Example(
            Frame.OCTETS,
            fails=SOUND[:36].encode("utf-16").decode("latin-1"),
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "not-utf-8",
        Severity.ERROR,
        N_("This line is not UTF-8: {value}"),
        N_("Programs show wrong letters in its place, or refuse the file."),
        (),
        "RFC 5545, 3.1.4 and 6",
        N_("Write the file as UTF-8, whatever the encoding of the source is."),
        _not_utf8,
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("Hall A", "Gr\xfcner Saal").replace("\n", "\r\n"),
            holds=SOUND.replace("Hall A", "Gr\xc3\xbcner Saal").replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "byte-order-mark",
        Severity.WARNING,
        N_("The file begins with a byte order mark."),
        N_("A file begins with BEGIN:VCALENDAR; a reader may take this one for no calendar."),
        (),
        "RFC 5545, 3.4",
        N_("Save the file as UTF-8 without a byte order mark."),
        _bom,
        Example(
            Frame.OCTETS,
            fails=("\xef\xbb\xbf" + SOUND).replace("\n", "\r\n"),
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "byte-order-mark-inside",
        Severity.ERROR,
        N_("A byte order mark stands in the middle of the file, before {value}"),
        N_("It belongs to the name that follows, which no reader knows then."),
        (),
        "RFC 5545, 3.1",
        N_("Take byte order marks away before files are put together."),
        _bom_inside,
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("BEGIN:VE", "\xef\xbb\xbfBEGIN:VE").replace("\n", "\r\n"),
            holds=SOUND.replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "control-character",
        Severity.ERROR,
        N_("The control character {value} stands in this line."),
        N_("The standard allows none but the tabulator; some readers break off there."),
        (STRICT,),
        "RFC 5545, 3.1 and 3.3.11; allenporter/ical 14.3.1",
        N_("Take control characters out of texts before they are written."),
        _holding(CONTROL),
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("Hall A", "Hall A:\x07first floor").replace("\n", "\r\n"),
            holds=SOUND.replace("Hall A", "Hall A: first floor").replace("\n", "\r\n"),
        ),
    ),
    Rule(
        "line-separator",
        Severity.WARNING,
        N_("The line separator {value} stands in this line."),
        N_("Readers that divide text into lines by Unicode's rules see two lines here."),
        (),
        "RFC 5545, 3.1; Unicode Standard, 5.8",
        N_("Write a line break in a text as \\n."),
        _holding(SEPARATOR),
        Example(
            Frame.OCTETS,
            fails=SOUND.replace("Hall A", "Hall A:\xe2\x80\xa8first floor").replace("\n", "\r\n"),
            holds=SOUND.replace("Hall A", "Hall A: first floor").replace("\n", "\r\n"),
        ),
    ),
)
