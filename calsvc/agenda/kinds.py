"""The kinds of sessions, and what people are in each unless it is said."""

from enum import StrEnum

from calsvc.agenda.people import Role


class Kind(StrEnum):
    """What a session is."""

    TALK = "talk"
    KEYNOTE = "keynote"
    PANEL = "panel"
    WORKSHOP = "workshop"
    TUTORIAL = "tutorial"
    DEMO = "demo"
    LIGHTNING = "lightning"
    POSTER = "poster"
    POSTER_SESSION = "poster-session"
    OPENING = "opening"
    CLOSING = "closing"
    Q_AND_A = "q-and-a"
    REGISTRATION = "registration"
    BREAK = "break"
    MEAL = "meal"
    SOCIAL = "social"
    NETWORKING = "networking"
    OTHER = "other"


DEFAULT_ROLES: dict[Kind, Role] = {
    Kind.PANEL: "panelist",
    Kind.POSTER: "author",
    Kind.SOCIAL: "host",
}
