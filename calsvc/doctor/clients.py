"""The calendar programs that suffer from a fault, and how."""

from enum import StrEnum
from typing import NamedTuple

from calsvc.translations import N_


class Client(StrEnum):
    """A calendar program, by the name that people call it."""

    GOOGLE = "Google Calendar"
    OUTLOOK = "Outlook for Windows"
    OUTLOOK_WEB = "Outlook.com and Microsoft 365"
    OUTLOOK_MAC = "Outlook for Mac"
    APPLE = "Apple Calendar"
    THUNDERBIRD = "Thunderbird"
    NEXTCLOUD = "Nextcloud"
    EVOLUTION = "GNOME Calendar and Evolution"
    KORGANIZER = "KOrganizer"
    ICSX5 = "ICSx5 on Android"
    HOME_ASSISTANT = "Home Assistant"
    VDIRSYNCER = "vdirsyncer"


class Shows(StrEnum):
    """What becomes of a calendar, or of an entry, in a program: the worst first."""

    NOTHING = "nothing"
    """The calendar is refused, or stays empty."""
    MISSING = "missing"
    """The entry is not there."""
    TIME = "time"
    """The entry is there at a wrong time."""
    TWICE = "twice"
    """The entry is there more than once, or comes and goes."""
    STALE = "stale"
    """What changed is not seen, or late."""
    TEXT = "text"
    """The words are wrong, or full of signs."""
    ODD = "odd"
    """Something else is not as it should be."""


class Effect(NamedTuple):
    """What a fault does in one program."""

    client: Client
    does: str
    """In words, as they go on after the program's name: "shows the time an hour off"."""
    shows: Shows = Shows.ODD


STRICT = Effect(Client.HOME_ASSISTANT, N_("refuses the whole calendar"), Shows.NOTHING)
"""Of what breaks the grammar: one bad component or property is enough."""
