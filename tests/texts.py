"""Hostile texts, and agendas where each stands in every kind of place."""

import re
import unicodedata

from conftest import BASE_URL
from hypothesis import strategies as st

from calsvc.agenda.model import Event, Session

HOSTILE = (
    *("\\", "\\n", "\\N", "\\\\", "\\,", "\\;", "\\:", "C:\\New", "n", "N", "^n", "^'", "^^", "^"),
    *(
        ",",
        ";",
        ":",
        '"',
        "'",
        "=",
        "%",
        "&amp;",
        "<b>",
        "BEGIN:VEVENT",
        "END:VCALENDAR",
        "DTSTART",
    ),
    *(" ", "  ", "\u00a0", "\u3000", "\u2003", "\u200b", "\u00ad"),
    *("é", "e\u0301", "ß", "İ", "\u0327", "日本語", "ﬀ", "Ω", "क्षि"),
    *("😀", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "🇩🇪", "𝔘", "\U0010fffd"),
    *("שלום", "مرحبا", "\u200f", "\u200e", "\u2066", "\u2069"),
    *("a" * 74, "é" * 40, "😀" * 20, "\\" * 40, "," * 80),
)
EXPLICIT = (
    *("C:\\New", "\\N", "\\n", "\\\\n", "\\\\N", "trailing\\", "trailing\\\\", "\\", ";", ","),
    *('"', "^", "^n", ":", "a:b;c=d,e", "x" * 500, "😀" * 500, "\\" * 500, "," * 500),
)

SLOT = {"start": "2025-06-25T09:00", "duration": 60, "timezone": "Europe/Berlin"}

harmless = st.characters(
    exclude_categories=("Cc", "Cs", "Zl", "Zp"),
    exclude_characters="\ufeff\ufffe\uffff\u202a\u202b\u202c\u202d\u202e",
)
UNSEEN_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"


def is_seen(text: str) -> bool:
    """Tell whether a text has a character that leaves something to see."""
    kinds = {unicodedata.category(each) for each in text if each not in UNSEEN_LETTERS}
    return bool(kinds - {"Cc", "Cf", "Zs", "Zl", "Zp"})


pieces = st.one_of(st.sampled_from(HOSTILE), st.text(harmless, min_size=1, max_size=8))
lines = (
    st.lists(pieces, min_size=1, max_size=6)
    .map(lambda written: "".join(written)[:500].strip())
    .filter(is_seen)
)
breaks = st.sampled_from(["\n", "\n\n", "\n\t", "\t", "\n \n", "\\\n", "\n\\n"])
abstracts = st.lists(st.tuples(lines, breaks), min_size=1, max_size=4).map(
    lambda parts: "".join(line + broken for line, broken in parts)
)
MARKED = re.compile(r"[*_`~\[|]|^\s*(?:[>#=+-]|\d+[.)])|<\S*[:@]", re.MULTILINE)
"""What may be Markdown."""


def is_plain(text: str) -> bool:
    """Return whether a text has no Markdown, and no line that may be wrapped by hand."""
    return not MARKED.search(text) and not any(30 <= len(line) <= 120 for line in text.split("\n"))


def as_plain(text: str) -> str:
    """Return a text without what may be Markdown, and with lines that nobody wrapped by hand."""
    while MARKED.search(text):
        text = MARKED.sub("", text)
    cut = [line[:29] if 30 <= len(line) <= 120 else line for line in text.split("\n")]
    return "\n".join(cut)


# Made plain rather than picked: nearly all that is generated has a mark somewhere.
plain_abstracts = abstracts.map(as_plain).filter(lambda text: is_plain(text) and is_seen(text))

Said = tuple[str, str, str, tuple[str, ...]]
"""Title, description, place and categories of an entry."""


def event_with(texts: list[str], abstracts: list[str]) -> Event:
    """Return an agenda where each text stands in every kind of place."""

    def text(number: int) -> str:
        return texts[number % len(texts)]

    def tag(number: int) -> str:
        stripped = text(number).rstrip("\\ ")
        return stripped if is_seen(stripped) else "tag"

    sessions = [
        Session.model_validate(
            {
                "id": f"s{number}",
                "title": text(number),
                "when": {
                    "start": "2025-06-25T09:00",
                    "duration": 60,
                    "timezone": "Europe/Berlin",
                    "room": text(number + 1),
                },
                "track": tag(number + 2),
                "tags": [tag(number + 3), tag(number + 4)],
                "people": [{"name": text(number + 5), "organization": text(number + 6)}],
                "description": abstracts[number % len(abstracts)],
            }
        )
        for number in range(max(len(texts), len(abstracts)))
    ]
    return Event.model_validate(
        {
            "id": "conf",
            "name": text(0),
            "timezone": "Europe/Berlin",
            "date": "2025-06-25",
            "venue": {"name": text(1), "address": text(2), "geo": [52.52, 13.405]},
            "description": abstracts[0],
            "sessions": sessions,
        }
    )


def meant(event: Event) -> list[Said]:
    """Return what an agenda of ``event_with`` says: of the event itself, then of its sessions."""
    assert event.venue and event.venue.address
    venue = (event.venue.name, event.venue.address)
    home = f"{BASE_URL}/events/conf/"
    says: list[Said] = [
        (event.name, f"{event.description}\n\n{home}", ", ".join(dict.fromkeys(venue)), ())
    ]
    for session in event.sessions:
        [slot], [person] = session.when, session.people
        assert slot.room and session.track
        description = (
            f"Speaker: {person.name}, {person.organization}",
            session.description or "",
            "Wednesday 25 June 2025, 09:00–10:00 CEST (Europe/Berlin)",
            f"{home}sessions/{session.id}/",
        )
        says.append(
            (
                session.title,
                "\n\n".join(description),
                ", ".join(dict.fromkeys((slot.room, *venue))),
                tuple(dict.fromkeys((session.track, "talk", *session.tags))),
            )
        )
    return says
