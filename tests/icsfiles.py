"""Small calendars of other programs, as they write them."""

from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.reading import read

TALK = """
UID:talk@source.example
DTSTART:20270615T070000Z
DTEND:20270615T074500Z
SUMMARY:A Talk
"""


def calendar(*entries: str, head: str = "", zones: str = "") -> bytes:
    """Return a calendar with these entries, each the lines of one VEVENT."""
    blocks = "".join(f"BEGIN:VEVENT\n{entry.strip()}\nEND:VEVENT\n" for entry in entries)
    begin = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Other//EN\n"
    lines = f"{begin}{head.strip()}\n{zones.strip()}\n{blocks}END:VCALENDAR\n"
    return "\r\n".join(filter(None, lines.split("\n"))).encode() + b"\r\n"


def draft_of(octets: bytes, wishes: Wishes | None = None) -> Draft:
    """Return what the reader of calendars finds."""
    draft, reader = read(Source("talks.ics", octets), wishes or Wishes())
    assert reader.name == "ics"
    return draft


def drafted(*entries: str, head: str = "", zones: str = "") -> Draft:
    """Return what is found in a calendar with these entries."""
    return draft_of(calendar(*entries, head=head, zones=zones))
