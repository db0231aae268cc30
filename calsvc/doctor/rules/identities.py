"""Uids: what programs know entries by."""

import re
from collections.abc import Iterator

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document
from calsvc.doctor.examples import Example, Frame
from calsvc.doctor.findings import Found, Rule, Severity, at, entries_where, where
from calsvc.translations import N_

COUNTING = re.compile(
    r"(?:(?:(?:[a-z]|events?|entry|item|meeting|node|post|row|session|talk|test|u?id)[-_.# ]?)?"
    r"\d{1,6}|[^@]{1,4})"
    r"(?:@(?:default|localhost|local|localdomain|calendar|ical|events?|example\.(?:com|org)|)?)?",
    re.IGNORECASE | re.ASCII,
)
"""A number, or little more, that others count by too; nothing behind it says whose it is."""
LONGEST_COUNTED = 40  # characters
OF_EXCHANGE = "040000008200E00074C5B7101A82E008"
"""What the uids begin with that Exchange makes (MS-OXCICAL, 2.1.3.1.1.20.26), in hexadecimals."""
EXCHANGE_HEAD = 80  # hexadecimals of such a uid before its data; the last 8 are their length
OCTETS_KEPT = 255
OCTETS_TAKEN = 512
LONG = "\n -that-bend-in-the-wind-and-sway-in-the-rain-above-the-long-river"
"""Of a UID in an example, a line of 65 octets."""


def _uid(entry: Component) -> str:
    each = entry.one("UID")
    return each.value.strip() if each else ""


def _octets(uid: str) -> int:
    return len(uid.encode("utf-8", "replace"))


def _is_counting(uid: str) -> bool:
    return bool(uid) and len(uid) <= LONGEST_COUNTED and COUNTING.fullmatch(uid) is not None


def _is_broken_exchange(uid: str) -> bool:
    """Tell whether a uid begins as those of Exchange do, and is none."""
    if not uid.upper().startswith(OF_EXCHANGE):
        return False
    try:
        octets = bytes.fromhex(uid)
    except ValueError:
        return True
    head = EXCHANGE_HEAD // 2
    return len(octets) < head or int.from_bytes(octets[head - 4 : head], "little") != len(
        octets[head:]
    )


def _says(entry: Component) -> frozenset[tuple[str, str]]:
    """Return what an entry says, without what tells its revision."""
    untold = {"DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE"}
    return frozenset((each.name, each.value) for each in entry.own if each.name not in untold)


def _again(document: Document, *, is_same: bool) -> Iterator[Found]:
    """Find entries with the uid of one before, and no RECURRENCE-ID of their own."""
    first: dict[tuple[str, str], Component] = {}
    for entry in document.entries:
        if uid := _uid(entry):
            occurrence = entry.one("RECURRENCE-ID")
            key = (uid, occurrence.value.strip() if occurrence else "")
            former = first.setdefault(key, entry)
            each = entry.one("UID")
            if each and former is not entry and (_says(former) == _says(entry)) is is_same:
                yield at(each, entry, uid)


def _shared(document: Document) -> Iterator[Found]:
    return _again(document, is_same=False)


def _twice(document: Document) -> Iterator[Found]:
    return _again(document, is_same=True)


def _alike(document: Document) -> Iterator[Found]:
    spelt: dict[str, str] = {}
    for entry in document.entries:
        uid, each = _uid(entry), entry.one("UID")
        if uid and each and spelt.setdefault(uid.casefold(), uid) != uid:
            yield at(each, entry, uid)


RULES: tuple[Rule[Document], ...] = (
    Rule(
        "uid-missing",
        Severity.ERROR,
        N_("The entry has no UID."),
        N_("Without one, no program knows an entry again when it has changed."),
        (
            Effect(Client.NEXTCLOUD, N_("leaves the entry out"), Shows.MISSING),
            Effect(Client.EVOLUTION, N_("takes it for a new entry at each look"), Shows.TWICE),
            Effect(Client.OUTLOOK, N_("gives an error, in old versions")),
        ),
        "RFC 5545, 3.6.1; alphagov/calendars#17",
        N_("Give each entry a UID, such as a UUID, and keep it."),
        entries_where(lambda entry: not _uid(entry)),
        Example(Frame.ENTRY, fails="-UID", holds="UID:bridges-that-bend@river.example"),
    ),
    Rule(
        "uid-of-several-entries",
        Severity.ERROR,
        N_("{value} is the UID of another entry before, which says something else."),
        N_("A UID stands for one entry: of those that share it, programs keep only one."),
        (
            Effect(Client.GOOGLE, N_("shows one of them"), Shows.MISSING),
            Effect(Client.KORGANIZER, N_("keeps the one of the higher SEQUENCE"), Shows.MISSING),
        ),
        "RFC 5545, 3.8.4.7; geeksforsocialchange/PlaceCal#2993, Kozea/Radicale#401",
        N_("Give each entry a UID of its own; a changed showing of a series has a RECURRENCE-ID."),
        _shared,
        Example(
            Frame.BODY,
            fails="BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
            "BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270616T070000Z\nDTEND:20270616T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
            holds="BEGIN:VEVENT\nUID:bridges-1@river.example\nDTSTAMP:20270301T120000Z\n"
            "SEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
            "BEGIN:VEVENT\nUID:bridges-2@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270616T070000Z\nDTEND:20270616T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
        ),
    ),
    Rule(
        "entry-twice",
        Severity.WARNING,
        N_("The entry with the UID {value} is in the file twice."),
        N_("A UID stands for one entry, so that the second adds nothing but octets."),
        (),
        "RFC 5545, 3.8.4.7; Kozea/Radicale#401",
        N_("Write each entry once."),
        _twice,
        Example(
            Frame.BODY,
            fails="BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
            "BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
            holds="BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
        ),
    ),
    Rule(
        "uid-over-512-octets",
        Severity.ERROR,
        N_("The UID is longer than 512 octets: {value}"),
        N_("Programs need not keep more than 255 octets of a UID."),
        (Effect(Client.NEXTCLOUD, N_("leaves the entry out"), Shows.MISSING),),
        "RFC 5545, 3.8.4.7; nextcloud/server, RefreshWebcalService.php",
        N_("Take a UUID, or a short name of your own."),
        where(lambda each: _octets(each.value.strip()) > OCTETS_TAKEN, "UID"),
        Example(Frame.ENTRY, fails="UID:bridges" + LONG * 8, holds="UID:bend-1@river.example"),
    ),
    Rule(
        "uid-over-255-octets",
        Severity.WARNING,
        N_("The UID is longer than 255 octets: {value}"),
        N_("Programs need not keep more than 255 octets of a UID."),
        (),
        "RFC 5545, 3.8.4.7",
        N_("Take a UUID, or a short name of your own."),
        where(lambda each: OCTETS_KEPT < _octets(each.value.strip()) <= OCTETS_TAKEN, "UID"),
        Example(
            Frame.ENTRY,
            fails="UID:bridges" + LONG * 4,
            holds="UID:bridges" + LONG * 3,
        ),
    ),
    Rule(
        "uid-that-others-have",
        Severity.WARNING,
        N_("{value} is a UID that other calendars have too."),
        N_("A UID must be one of its kind in the world, not in its calendar alone."),
        (
            Effect(
                Client.GOOGLE,
                N_("leaves out entries of which it knew the UID before, even deleted ones"),
                Shows.MISSING,
            ),
        ),
        "RFC 5545, 3.8.4.7; msramalho/SigTools#52",
        N_("Take a UUID, or put your own host behind the number: 12@conf.example.org."),
        where(lambda each: _is_counting(each.value.strip()), "UID"),
        Example(Frame.ENTRY, fails="UID:0@default", holds="UID:0@river.example"),
    ),
    Rule(
        "uid-like-those-of-exchange",
        Severity.WARNING,
        N_("{value} begins as the UIDs of Exchange do, and goes on differently."),
        N_("Exchange takes any text for a UID, but reads what begins so as one of its own."),
        (),
        "MS-OXCICAL, 2.1.3.1.1.20.26",
        N_("Begin the UID with something else."),
        where(lambda each: _is_broken_exchange(each.value.strip()), "UID"),
        Example(
            Frame.ENTRY,
            fails=f"UID:{OF_EXCHANGE}-bridges",
            holds=f"UID:{OF_EXCHANGE}\n {'0' * 40}04000000DEADBEEF",
        ),
    ),
    Rule(
        "uids-alike-but-for-case",
        Severity.NOTE,
        N_("{value} is the UID of another entry, but for small and capital letters."),
        N_("Where entries are files named by their UIDs, one of the two may replace the other."),
        (),
        "RFC 5545, 3.8.4.7",
        N_("Let UIDs differ in more than small and capital letters."),
        _alike,
        Example(
            Frame.BODY,
            fails="BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
            "BEGIN:VEVENT\nUID:Bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270616T070000Z\nDTEND:20270616T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
            holds="BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
            "BEGIN:VEVENT\nUID:bridges-2@river.example\nDTSTAMP:20270301T120000Z\nSEQUENCE:1\n"
            "DTSTART:20270616T070000Z\nDTEND:20270616T080000Z\nSUMMARY:Bridges\nEND:VEVENT",
        ),
    ),
    Rule(
        "uid-with-a-blank",
        Severity.NOTE,
        N_("{value} is a UID with a blank, or with a sign that cannot be seen."),
        N_("A UID may become part of an address or of a file name, where such signs change."),
        (),
        "RFC 5545, 3.3.11, 3.8.4.7",
        N_("Write UIDs of letters, digits and signs such as - . @ alone."),
        where(
            lambda each: not each.value.strip().isprintable() or " " in each.value.strip(), "UID"
        ),
        Example(Frame.ENTRY, fails="UID:bridges that bend", holds="UID:bridges-that-bend"),
    ),
)
