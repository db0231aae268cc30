"""What the views of one application share."""

from dataclasses import dataclass, field
from functools import cached_property

from flask import current_app

from calsvc.addresses import Addresses
from calsvc.errors import NoCalendarsError
from calsvc.live.events import Live
from calsvc.storage.calendars import Calendars
from calsvc.web.caching import Pages
from calsvc.web.census import Census
from calsvc.web.face import Face
from calsvc.web.figures import Figures
from calsvc.web.limits import Limit, Places

EXTENSION = "calsvc"
MOST_EXAMINED = 2  # calendars at once, in each worker


@dataclass(frozen=True)
class Site:
    """All that the views of one application share."""

    live: Live
    calendars: Calendars | None
    """Personal calendars; None if the site keeps none."""
    changeover: int = 0
    """Minutes that a change of rooms takes."""
    new_calendars: Limit = field(default_factory=Limit)
    """How many calendars one client may make."""
    changes: Limit = field(default_factory=Limit)
    """How often one calendar may be changed."""
    changes_from: Limit = field(default_factory=Limit)
    """How often one client may change calendars, or try to."""
    examinations: Limit = field(default_factory=Limit)
    """How often one client may have a calendar examined."""
    examinations_of: Limit = field(default_factory=Limit)
    """How often calendars of one host may be examined."""
    examining: Places = field(default_factory=lambda: Places(MOST_EXAMINED))
    """The places of those whose calendars are examined now."""
    is_static: bool = False
    """Whether its pages become files, of which all readers see the same."""
    operator_token: str | None = field(default=None, repr=False)
    """What shows operators the details; None if nothing does from elsewhere."""
    memory: Pages = field(default_factory=Pages)
    """Pages that were rendered for everybody."""
    face: Face = field(default_factory=Face)
    """The site's name, logo and links."""
    told_of_storage: dict[str, float] = field(default_factory=dict)
    """When the log may have again what it said last of requests that storage did not answer."""

    figures: Figures = field(default_factory=Figures)
    """What the workers count of their answers."""

    @cached_property
    def census(self) -> Census | None:
        """Return what counts personal calendars; None if the site keeps none."""
        return Census(self.calendars.chosen) if self.calendars else None

    @property
    def addresses(self) -> Addresses:
        """Return the addresses of the site."""
        return self.live.addresses

    @property
    def stored(self) -> Calendars:
        """Return the stored calendars.  Raises ``NoCalendarsError`` if the site keeps none."""
        if self.calendars is None:
            raise NoCalendarsError
        return self.calendars


def get_site() -> Site:
    """Return the site of the application that handles the request."""
    site: Site = current_app.extensions[EXTENSION]
    return site
