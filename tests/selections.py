"""An agenda to select from, by query strings."""

from urllib.parse import parse_qsl

from conftest import schedule_of

from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import Selection

SCHEDULE = schedule_of(
    """
    name: Filter Conference
    timezone: America/Los_Angeles
    dates: {from: 2025-06-25, to: 2025-06-26}
    language: en
    sessions:
      - {id: registration, title: Registration, kind: registration, when: 2025-06-25 08:00-09:00}
      - id: keynote
        title: Café Keynote
        kind: keynote
        when: 2025-06-25 09:00-10:00
        room: Hall A
        track: Data
        tags: [Big Data, intro]
        level: Beginner
        people: ["Jelena Pješivac-Grbović, Meta"]
      - id: agents
        title: Agents
        when: 2025-06-25 23:30-24:00
        room: Hall B
        track: AI & ML
        language: pt-BR
        level: "007"
        description: How much trust an agent deserves.
        people: [Ada Example, {name: Bob Example, role: moderator}]
      - {id: posters, title: Poster Session, kind: poster-session, when: 2025-06-26 10:00-11:00}
      - id: cloning
        title: Zero-Copy Cloning
        kind: poster
        part_of: posters
        tags: intro
        room: ★
        people: [Cem Example]
      - id: dropped
        title: Dropped
        kind: break
        status: cancelled
        when: 2025-06-26 11:00-12:00
        room: Hall A
      - {id: closing, title: To be announced, kind: closing}
      - {id: never, title: Never, kind: social, status: cancelled}
    """
)
PROGRAMME = ["registration", "keynote", "agents", "posters", "dropped"]


def parsed(query: str) -> Selection:
    """Return the selection of a query string."""
    return selection_of(parse_qsl(query, keep_blank_values=True))
