"""What an event names beside its sessions: its tracks, who runs it, and where more stands."""

from calsvc.agenda.colors import Color
from calsvc.agenda.fields import Email, Line, Link, Text, Value


class Track(Value):
    """A theme that sessions share."""

    name: Line
    color: Color | None = None
    description: Text | None = None


class Organizer(Value):
    """Who runs the event."""

    name: Line
    email: Email | None = None
    url: Link | None = None


class Reference(Value):
    """A link with its words: slides, a paper, a recording."""

    url: Link
    title: Line | None = None
