"""A calendar program, as simple as one can be: it takes what a feed says, by uid.

It knows nothing of calsvc: it reads bytes, keeps the entry with the higher sequence or
the newer stamp, and forgets what a feed no longer holds.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kept:
    """What a program keeps of one VEVENT."""

    octets: bytes
    sequence: int
    stamp: str
    properties: dict[str, str] = field(hash=False, compare=False)

    def __getitem__(self, name: str) -> str:
        return self.properties[name]


def read(body: bytes) -> dict[str, Kept]:
    """Return the entries of a feed by uid; the text of each property as it stands there."""
    entries = {}
    for part in body.split(b"BEGIN:VEVENT\r\n")[1:]:
        octets = part.partition(b"END:VEVENT\r\n")[0]
        lines = octets.replace(b"\r\n ", b"").decode("utf-8").split("\r\n")
        properties = {}
        for line in filter(None, lines):
            name, _, value = line.partition(":")
            properties[name.partition(";")[0]] = value
        uid = properties["UID"]
        assert uid not in entries, f"{uid} is there twice"
        sequence, stamp = int(properties["SEQUENCE"]), properties["DTSTAMP"]
        assert stamp == properties["LAST-MODIFIED"]
        entries[uid] = Kept(octets, sequence, stamp, properties)
    return entries


class Subscriber:
    """A program that has subscribed to one feed."""

    def __init__(self) -> None:
        self.kept: dict[str, Kept] = {}

    def fetch(self, body: bytes) -> None:
        """Take over a feed."""
        offered = read(body)
        for uid, entry in offered.items():
            mine = self.kept.get(uid)
            if mine is None or entry.sequence > mine.sequence or entry.stamp > mine.stamp:
                self.kept[uid] = entry
        self.kept = {uid: entry for uid, entry in self.kept.items() if uid in offered}

    def agenda(self) -> set[tuple[str, str, str]]:
        """Return what is on, as title, start and end; not the all-day entries."""
        return {
            (entry["SUMMARY"], entry["DTSTART"], entry["DTEND"])
            for entry in self.kept.values()
            if entry["STATUS"] != "CANCELLED" and "T" in entry["DTSTART"]
        }
