"""Where an event is, and its rooms."""

from typing import Annotated

from calsvc.agenda.fields import Geo, Line, Link, Value, named


class Place(Value):
    """Where an event is: a building, or a city while no more is known."""

    name: Line
    address: Line | None = None
    geo: Geo | None = None
    url: Link | None = None


class Room(Value):
    """A room of the event; its own place wins over the event's venue."""

    name: Line
    place: Annotated[Place, named(Place)] | None = None
    geo: Geo | None = None
