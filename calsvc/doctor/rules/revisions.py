"""Stamps of entries: what tells programs that something changed."""

import re
from collections.abc import Iterator
from datetime import datetime

from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component, Document, Property
from calsvc.doctor.examples import CALENDAR, Example, Frame, whole
from calsvc.doctor.findings import Find, Found, Rule, Severity, at, entries_where, where
from calsvc.doctor.values import is_stamp, moment, moment_of
from calsvc.translations import N_

ONCE = tuple(
    """
    UID DTSTAMP DTSTART DTEND DURATION CLASS CREATED DESCRIPTION GEO LAST-MODIFIED LOCATION
    ORGANIZER PRIORITY SEQUENCE STATUS SUMMARY TRANSP URL RECURRENCE-ID COLOR
    """.split()
)
"""Properties that an entry has once at most (RFC 5545, 3.6.1; RFC 7986, 5.9)."""
STAMPS = ("DTSTAMP", "CREATED", "LAST-MODIFIED")
NUMBER = re.compile(r"[+-]?\d+", re.ASCII)
LARGEST = 2_147_483_647  # of the whole numbers of the standard


def _is_not_utc(each: Property) -> bool:
    found = moment(each.value)
    is_utc = isinstance(found, datetime) and found.tzinfo is not None
    return is_stamp(each) and (not is_utc or bool(each.tzid))


def _is_out_of_range(each: Property) -> bool:
    number = each.value.strip()
    if NUMBER.fullmatch(number) is None:
        return False
    digits = number.lstrip("+-0")
    is_large = len(digits) > len(str(LARGEST)) or int(digits or 0) > LARGEST
    return is_large or (number.startswith("-") and bool(digits))


def _is_unmarked(entry: Component) -> bool:
    return not entry.all("SEQUENCE") and not entry.all("LAST-MODIFIED")


def _is_older_than_itself(entry: Component) -> bool:
    changed, made = moment_of(entry, "LAST-MODIFIED"), moment_of(entry, "CREATED")
    if not isinstance(changed, datetime) or not isinstance(made, datetime):
        return False
    return bool(changed.tzinfo and made.tzinfo and changed < made)


def _repeated(document: Document) -> Iterator[Found]:
    for entry in document.entries:
        for name in ONCE:
            if len(entry.all(name)) > 1:
                _, second, *_ = entry.each(name)
                yield at(second, entry)


def _stamped_together(*, is_published: bool) -> Find:
    """Return what finds such a stamp in calendars that have a METHOD, or have none."""

    def find(document: Document) -> Iterator[Found]:
        if any(each.first("METHOD") for each in document.vcalendars) == is_published:
            yield from _common_stamp(document)

    return find


def _common_stamp(document: Document) -> Iterator[Found]:
    """Find the one DTSTAMP of all entries if each of them was changed before, at another time."""
    stamps, changes = (
        {moment_of(entry, name) for entry in document.entries}
        for name in ("DTSTAMP", "LAST-MODIFIED")
    )
    times = [each for each in (*stamps, *changes) if isinstance(each, datetime) and each.tzinfo]
    if len(times) == len(stamps) + len(changes) and len(stamps) == 1 and len(changes) > 1:
        first = document.entries[0]
        each = first.one("DTSTAMP")
        if each and times[0] > max(times[1:]):
            yield at(each, first)


TWO_ENTRIES = (
    "BEGIN:VEVENT\nUID:bridges@river.example\nDTSTAMP:{stamp}\n"
    "LAST-MODIFIED:20270301T120000Z\nSEQUENCE:1\n"
    "DTSTART:20270615T070000Z\nDTEND:20270615T080000Z\nSUMMARY:Bridges\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:boats@river.example\nDTSTAMP:20270401T060000Z\n"
    "LAST-MODIFIED:20270302T120000Z\nSEQUENCE:1\n"
    "DTSTART:20270616T070000Z\nDTEND:20270616T080000Z\nSUMMARY:Boats\nEND:VEVENT\n"
)
STAMPED_TOGETHER = TWO_ENTRIES.format(stamp="20270401T060000Z")
STAMPED_APART = TWO_ENTRIES.format(stamp="20270301T120000Z").replace(
    "20270401T060000Z", "20270302T120000Z"
)
PUBLISHED = f"{CALENDAR}METHOD:PUBLISH\n"
RENEWED = tuple(
    Effect(each, N_("takes all entries for changed, each time"), Shows.ODD)
    for each in (Client.NEXTCLOUD, Client.EVOLUTION)
)

RULES: tuple[Rule[Document], ...] = (
    Rule(
        "stamp-missing",
        Severity.ERROR,
        N_("The entry has no DTSTAMP."),
        N_("It tells of which state the entry is, and each entry must have it."),
        (Effect(Client.OUTLOOK, N_("gives an error, in old versions")),),
        "RFC 5545, 3.6.1, 3.8.7.2; alphagov/calendars#17",
        N_("Write when the entry was last changed, in UTC: DTSTAMP:20270301T120000Z."),
        entries_where(lambda entry: not entry.all("DTSTAMP")),
        Example(Frame.ENTRY, fails="-DTSTAMP", holds="DTSTAMP:20270302T120000Z"),
    ),
    Rule(
        "stamp-unreadable",
        Severity.ERROR,
        N_("{value} is no time that there is."),
        N_("When something was made or changed is told in UTC, with a Z."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.7.1, 3.8.7.2, 3.8.7.3; allenporter/ical 14.3.1",
        N_("Write the time in UTC, with a Z and no TZID: 20270301T120000Z."),
        where(lambda each: not is_stamp(each), *STAMPS),
        Example(
            Frame.ENTRY,
            fails="DTSTAMP:2027-03-01T12:00:00Z",
            holds="DTSTAMP:20270301T120000Z",
        ),
    ),
    Rule(
        "stamp-not-in-utc",
        Severity.WARNING,
        N_("{value} is no time in UTC."),
        N_("When something was made or changed is told in UTC, with a Z."),
        (),
        "RFC 5545, 3.8.7.1, 3.8.7.2, 3.8.7.3",
        N_("Write the time in UTC, with a Z and no TZID: 20270301T120000Z."),
        where(_is_not_utc, *STAMPS),
        Example(
            Frame.ENTRY,
            fails="LAST-MODIFIED:20270301T130000",
            holds="LAST-MODIFIED:20270301T120000Z",
        ),
    ),
    Rule(
        "stamp-of-the-file",
        Severity.WARNING,
        N_("All entries have {value}, which is later than the last change of each."),
        N_("It looks like the time at which the file was made: each new file changes all entries."),
        RENEWED,
        "RFC 5545, 3.8.7.2; nextcloud/server#58193",
        N_("Write in DTSTAMP what LAST-MODIFIED says: when the entry was last changed."),
        _stamped_together(is_published=False),
        Example(Frame.BODY, fails=STAMPED_TOGETHER, holds=STAMPED_APART),
    ),
    Rule(
        "stamp-of-the-publication",
        Severity.NOTE,
        N_("All entries have {value}, which is later than the last change of each."),
        N_("With METHOD that is what the standard asks; yet each new file changes all entries."),
        RENEWED,
        "RFC 5545, 3.8.7.2; nextcloud/server#58193",
        N_("Leave METHOD out, and write in DTSTAMP what LAST-MODIFIED says."),
        _stamped_together(is_published=True),
        Example(
            Frame.FILE,
            fails=whole(PUBLISHED, STAMPED_TOGETHER),
            holds=whole(PUBLISHED, STAMPED_APART),
        ),
    ),
    Rule(
        "revision-untold",
        Severity.WARNING,
        N_("The entry has neither SEQUENCE nor LAST-MODIFIED."),
        N_("Programs see by them that an entry changed, and is not the one they know."),
        (
            Effect(
                Client.GOOGLE,
                N_("adds new entries, and leaves changed ones as they were"),
                Shows.STALE,
            ),
        ),
        "RFC 5545, 3.8.7.3, 3.8.7.4; GatherPress/gatherpress#2058, aaronpk/Meetable#176",
        N_("Count SEQUENCE up and set LAST-MODIFIED with each change, and never without one."),
        entries_where(_is_unmarked),
        Example(
            Frame.ENTRY,
            fails="-SEQUENCE\n-LAST-MODIFIED",
            holds="SEQUENCE:2\nLAST-MODIFIED:20270302T120000Z",
        ),
    ),
    Rule(
        "sequence-unreadable",
        Severity.ERROR,
        N_("{value} is no whole number."),
        N_("The SEQUENCE counts the changes of an entry, from 0 on."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.8.7.4; allenporter/ical 14.3.1",
        N_("Write a number that is counted up with each change, and never down."),
        where(lambda each: NUMBER.fullmatch(each.value.strip()) is None, "SEQUENCE"),
        Example(Frame.ENTRY, fails="SEQUENCE:1.0", holds="SEQUENCE:0"),
    ),
    Rule(
        "sequence-out-of-range",
        Severity.WARNING,
        N_("{value} is no number from 0 to 2147483647."),
        N_("Whole numbers of the standard go no further, and programs may cut larger ones."),
        (),
        "RFC 5545, 3.3.8, 3.8.7.4",
        N_("Count the changes of the entry, from 0 on; a time has its place in LAST-MODIFIED."),
        where(_is_out_of_range, "SEQUENCE"),
        Example(Frame.ENTRY, fails="SEQUENCE:20270301120000", holds="SEQUENCE:12"),
    ),
    Rule(
        "changed-before-created",
        Severity.NOTE,
        N_("{value} is before the entry was created."),
        N_("One of the two times is wrong; programs may take the entry for an old one."),
        (),
        "RFC 5545, 3.8.7.1, 3.8.7.3",
        N_("Write when the entry was last changed in LAST-MODIFIED."),
        entries_where(_is_older_than_itself, "LAST-MODIFIED"),
        Example(
            Frame.ENTRY,
            fails="CREATED:20270302T120000Z\nLAST-MODIFIED:20270301T120000Z",
            holds="CREATED:20270301T120000Z\nLAST-MODIFIED:20270302T120000Z",
        ),
    ),
    Rule(
        "property-twice",
        Severity.ERROR,
        N_("{value} is the second of its kind in the entry."),
        N_("An entry may have one: some programs take the first, some the last."),
        (Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING),),
        "RFC 5545, 3.6.1; allenporter/ical 14.3.1",
        N_("Keep one of them."),
        _repeated,
        Example(
            Frame.ENTRY,
            fails="LOCATION:Hall A\nLOCATION:Hall B",
            holds="LOCATION:Hall A and Hall B",
        ),
    ),
)
