"""The public addresses that calendars, feeds and other sites hold.

Thousands of calendars hold these links, so they are built here and nowhere else; a test
checks that each one leads to its view.  Pages find their files and each other by their views.
"""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

_OF_HEALTH = {"/healthz", "/readyz", "/metrics"}
_PART = re.compile(r"/events/([^/]+)/([^/]+)/[^/]+\.ics")
_PERSONAL_FEED = re.compile(r"/my/([A-Za-z0-9_-]{1,64})/[^/]+\.ics")


@dataclass(frozen=True)
class Addresses:
    """The addresses of one site."""

    base_url: str
    """The public address of the site, without a trailing slash."""

    @property
    def site(self) -> str:
        """Return the address of the page of all events."""
        return f"{self.base_url}/"

    def of_path(self, path: str) -> str:
        """Return the address of a path that the application has."""
        return f"{self.base_url}{quote(path)}"

    def events_feed(self, suffix: str = "ics") -> str:
        """Return the address of the feed of all events."""
        return f"{self.base_url}/events.{suffix}"

    @property
    def events(self) -> str:
        """Return the common beginning of the addresses of all events' pages."""
        return f"{self.base_url}/events/"

    def event(self, event_id: str) -> str:
        """Return the address of an event's page."""
        return f"{self.events}{event_id}/"

    def days(self, event_id: str, day: str | None = None) -> str:
        """Return the address of the page of all days of an event, or of one of them."""
        return f"{self.event(event_id)}days/" + (f"{day}/" if day else "")

    def feed(self, event_id: str, suffix: str = "ics") -> str:
        """Return the address of an event in one of its formats."""
        return f"{self.events}{event_id}.{suffix}"

    def part(self, event_id: str, filter_name: str, value: str) -> str:
        """Return the address of an event's feed with one value of a filter, without a query."""
        return f"{self.event(event_id)}{filter_name}/{quote(value)}.ics"

    def part_of(self, address: str) -> tuple[str, str] | None:
        """Return the event's id and the filter in the address of a part; None for any other."""
        found = _PART.fullmatch(address.removeprefix(self.base_url))
        return (found[1], found[2]) if found else None

    def changes(self, event_id: str, place: str | None = None) -> str:
        """Return the address of an event's page of changes, or of one place on it."""
        return f"{self.event(event_id)}changes/" + (f"#{place}" if place else "")

    def session(self, event_id: str, session_id: str) -> str:
        """Return the address of a session's page."""
        return f"{self.event(event_id)}sessions/{session_id}/"

    def subscribe(self, event_id: str) -> str:
        """Return the address of the page that explains how to subscribe to an event."""
        return f"{self.event(event_id)}subscribe/"

    def embed(self, event_id: str) -> str:
        """Return the address of an event's agenda for a frame elsewhere."""
        return f"{self.event(event_id)}embed/"

    def embed_days(self, event_id: str, day: str | None = None) -> str:
        """Return the address of all days of an event, or of one of them, for a frame elsewhere."""
        return f"{self.embed(event_id)}days/" + (f"{day}/" if day else "")

    def embed_subscribe(self, event_id: str) -> str:
        """Return the address of buttons that subscribe to an event, for a frame elsewhere."""
        return f"{self.embed(event_id)}subscribe/"

    def embed_session(self, event_id: str, session_id: str) -> str:
        """Return the address of a session for a frame elsewhere."""
        return f"{self.embed(event_id)}sessions/{session_id}/"

    def embed_help(self, event_id: str) -> str:
        """Return the address of the page of all that other sites can show of an event."""
        return f"{self.embed(event_id)}help"

    @property
    def embed_script(self) -> str:
        """Return the address of the script that other sites load."""
        return f"{self.base_url}/embed.js"

    def oembed(self, page: str, language: str) -> str:
        """Return the address that tells programs in JSON or XML how to show a page (oEmbed)."""
        return f"{self.base_url}/oembed?{urlencode({'url': page, 'format': language})}"

    @property
    def origin(self) -> str:
        """Return the origin of the site (RFC 6454): scheme, host and port."""
        return "/".join(self.base_url.split("/")[:3])

    def entry(self, event_id: str, session_id: str | None) -> str:
        """Return the address of an entry's page: its session's, or for a banner its event's."""
        if session_id is None:
            return self.event(event_id)
        return self.session(event_id, session_id)

    def session_feed(self, event_id: str, session_id: str) -> str:
        """Return the address that downloads one session."""
        return f"{self.event(event_id)}sessions/{session_id}.ics"

    @property
    def api(self) -> str:
        """Return the common beginning of all addresses of the API."""
        return f"{self.base_url}/api"

    def is_of_api(self, address: str) -> bool:
        """Tell whether an address is of the API."""
        return address.startswith(f"{self.api}/")

    def api_event(self, event_id: str) -> str:
        """Return the address of an event's agenda as JSON."""
        return f"{self.api}/events/{event_id}"

    def my(self, edit_key: str | None = None) -> str:
        """Return the address of My calendar; with an edit key, the one for another device.

        Browsers never send what follows ``#``, so the key appears in no log.
        """
        return f"{self.base_url}/my/" + (f"#{edit_key}" if edit_key else "")

    def personal_feed(self, feed_key: str, name: str) -> str:
        """Return the address of a personal feed; any ``name`` will do."""
        return f"{self.base_url}/my/{feed_key}/{quote(name)}.ics"

    def feed_key(self, address: str) -> str | None:
        """Return the key of a personal feed's address; None for any other address."""
        found = _PERSONAL_FEED.fullmatch(address.removeprefix(self.base_url))
        return found[1] if found else None

    def is_of_health(self, address: str) -> bool:
        """Tell whether an address is asked for to see whether all is well."""
        return address.removeprefix(self.base_url) in _OF_HEALTH

    def is_personal(self, address: str) -> bool:
        """Tell whether an address is of personal calendars, which are in storage."""
        return address.startswith((f"{self.base_url}/my/", f"{self.api}/calendars"))

    def is_of_doctor(self, address: str) -> bool:
        """Tell whether an address is of the page that examines anybody's calendar."""
        return address == f"{self.base_url}/doctor"

    def shared(self, share_key: str) -> str:
        """Return the address of the page that shows a person's choice to friends."""
        return f"{self.base_url}/my/shared/{share_key}/"


class Nowhere(Addresses):
    """Those of a calendar in a file that is on no site: none, so that it leads only elsewhere."""

    def event(self, event_id: str) -> str:
        """Return no address."""
        return ""

    def feed(self, event_id: str, suffix: str = "ics") -> str:
        """Return no address."""
        return ""

    def part(self, event_id: str, filter_name: str, value: str) -> str:
        """Return no address."""
        return ""

    def session(self, event_id: str, session_id: str) -> str:
        """Return no address."""
        return ""


NOWHERE = Nowhere("")
PATHS = Addresses("")
"""The paths of all addresses, as an application has them in its requests."""
