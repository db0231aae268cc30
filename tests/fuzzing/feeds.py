"""Texts of any kind in every field of an event: they stay texts to all who read its feed."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from conftest import NOW
from readers import READERS, component_of, unescaped
from texts import EXPLICIT, HOSTILE

from calsvc.agenda import eventfile
from calsvc.agenda.model import Event
from calsvc.errors import EventFileError
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Version, digest
from fuzzing.mutations import HARMFUL
from fuzzing.rendered import judged

PIECES = (
    *HOSTILE,
    *HARMFUL,
    *EXPLICIT,
    *(
        "\r\n ",
        "\\\r\n",
        "\\\n",
        "\\n\\",
        "\\;\\,",
        '";X-A=1:',
        "^n^'^^",
        "\u2029",
        "\u2066",
        "\u061c",
    ),
    *(
        "[a](javascript:alert(1))",
        "![a](x)",
        "<http://a>",
        "**",
        "__",
        "```",
        "# ",
        "> ",
        "1. ",
        "|a|",
    ),
    *(
        "\n\n- ",
        "[x]: javascript:1\n\n[x]",
        "<a href=x>",
        "&#x6A;",
        "<!--",
        "<![CDATA[",
        "\n    ",
        "~~~",
    ),
    *("x" * 70, "é" * 37, "👩‍💻" * 9, "a b " * 30),
)
UNFIT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufeff\ufffe\uffff]"
)
"""What an agenda refuses anywhere; left in now and then, to see that it does."""
NAMES = {
    *("BEGIN", "END", "SUMMARY", "DESCRIPTION", "LOCATION", "UID", "DTSTAMP", "DTSTART", "DTEND"),
    *("CREATED", "LAST-MODIFIED", "SEQUENCE", "STATUS", "TRANSP", "CATEGORIES", "URL", "GEO"),
    *("X-MICROSOFT-CDO-BUSYSTATUS", "X-APPLE-STRUCTURED-LOCATION", "CONFERENCE", "IMAGE"),
    *("RELATED-TO", "COLOR", "CLASS"),
}
"""The properties that an entry may have."""


@dataclass
class Feeds:
    """The door."""

    def made(self, random: Random) -> str:
        """Return an event file, in JSON, with any texts."""
        return written(random)

    def taken(self, thrown: str) -> None:
        """Publish it, and read its feed with every reader."""
        if event := event_of_json(thrown):
            schedule, history = published(event)
            feed = judged(schedule, history)
            _judge(feed, schedule, has_all=len(thrown) % 4 == 0)


def text(random: Random, *, is_line: bool = True) -> str:
    """Return a text of some pieces, which an agenda takes most of the time."""
    count = random.choice((1, 1, 2, 3, 5) if is_line else (1, 3, 6, 15))
    found = "".join(_piece(random) for _ in range(count))
    if random.random() < 0.995:
        found = UNFIT.sub("", found)
        found = re.sub(r"[\n\t]", " ", found) if is_line else found
    return found[: 480 if is_line else 15_000].strip() or "x"


def _piece(random: Random) -> str:
    if random.random() < 0.8:
        return random.choice(PIECES)
    last = random.choice((0x7F, 0x2FF, 0x2FFF, 0xFFFF, 0x1FFFF))
    return "".join(chr(random.randrange(0x20, last)) for _ in range(random.choice((1, 3, 10))))


def written(random: Random) -> str:
    """Return an event file whose texts are any, in all fields."""

    def link() -> str:
        return "https://x.example/" + re.sub(r'[\s<>"]', "", text(random))[:200]

    def session(number: int) -> dict[str, Any]:
        hour = 9 + number
        return {
            "id": f"s{number}",
            "title": text(random),
            "when": f"2027-06-15 {hour:02}:00-{hour:02}:45",
            "room": text(random),
            "track": text(random),
            "tags": [text(random), text(random)],
            "level": text(random),
            "people": [
                {"name": text(random), "organization": text(random), "url": link()},
                {"name": text(random), "role": random.choice(("moderator", "host", "author"))},
            ],
            "description": text(random, is_line=False),
            "url": link(),
            "links": [{"url": link(), "title": text(random)}],
            "stream": link(),
            "status": random.choice(("confirmed", "confirmed", "tentative", "cancelled")),
            **({"part_of": "s0"} if number == 2 else {}),
        }

    event = {
        "name": text(random),
        "series": text(random),
        "timezone": random.choice(("Europe/Berlin", "Asia/Kolkata", "America/St_Johns")),
        "date": "2027-06-15",
        "language": random.choice(("en", "de", "ar")),
        "description": text(random, is_line=False),
        "venue": {"name": text(random), "address": text(random), "geo": [52.5, 13.4]},
        "organizer": {"name": text(random)},
        "url": link(),
        "image": link(),
        "rooms": [{"name": text(random), "place": {"name": text(random), "address": text(random)}}],
        "tracks": [{"name": text(random), "color": "red"}],
        "sessions": [session(number) for number in range(random.choice((1, 2, 3)))],
    }
    if random.random() < 0.5:
        event["sessions"].append({"id": "later", "title": text(random)})
    return json.dumps(event, ensure_ascii=False)


def event_of_json(text: str) -> Event | None:
    """Return the event of a file in JSON; None if it is refused."""
    try:
        event, _ = eventfile.parse(text, "conf", "conf.yaml")
    except EventFileError as error:
        assert error.problems
        return None
    return event


def published(event: Event) -> tuple[Schedule, tuple[Version, ...]]:
    """Return the second schedule of an event, and how it came about, the newest first."""
    before = event.model_copy(
        update={
            "name": "Before",
            "sessions": tuple(
                each.model_copy(update={"title": f"Before {each.id}", "room": "Before"})
                for each in event.sessions
            ),
        }
    )
    first = publish(before, None, NOW)
    second = publish(event, first, NOW + timedelta(hours=1))
    told = tuple(changes(first, second))
    return second, (
        Version("conf", 2, second.published, "conf.yaml", digest(event), event.name, told, False),
        Version("conf", 1, first.published, "conf.yaml", digest(before), "", (), False),
    )


def _judge(feed: bytes, schedule: Schedule, *, has_all: bool) -> None:
    """Assert that every reader reads what stands in a feed, and that no text became more."""
    entries = component_of(feed).inside("VEVENT")
    expected = {
        entry.uid: (
            unescaped(entry_value(each, "SUMMARY")),
            unescaped(entry_value(each, "DESCRIPTION")),
            unescaped(entry_value(each, "LOCATION")),
        )
        for each in entries
        for entry in schedule.entries
        if entry.uid == each.value("UID")
    }
    assert len(expected) == len(entries)
    for each in entries:
        assert {prop.name for prop in each.properties} <= NAMES
    titles = {entry.uid: entry.title for entry in schedule.entries}
    for uid, (summary, _, _) in expected.items():
        assert summary.endswith(titles[uid]), (summary, titles[uid])
    for name, read in READERS.items():
        if has_all or name == "vobject":
            found = {
                each.uid: (each.summary, each.description, each.location) for each in read(feed)
            }
            assert found == expected, name


def entry_value(entry: Any, name: str) -> str:
    """Return the value of a property of an entry; empty for none."""
    return entry.value(name) or ""


@contextmanager
def door() -> Iterator[Feeds]:
    """Open the door."""
    yield Feeds()
