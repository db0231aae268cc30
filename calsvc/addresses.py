"""Every public address of the site.

Thousands of calendars hold these links, so they are built here and nowhere else; a test
checks that each one leads to its view.
"""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Addresses:
    """The addresses of one site."""

    base_url: str
    """The public address of the site, without a trailing slash."""

    @property
    def site(self) -> str:
        """Return the address of the page of all events."""
        return f"{self.base_url}/"

    def events_feed(self, suffix: str = "ics") -> str:
        """Return the address of the feed of all events."""
        return f"{self.base_url}/events.{suffix}"

    def event(self, event_id: str) -> str:
        """Return the address of an event's page."""
        return f"{self.base_url}/events/{event_id}/"

    def feed(self, event_id: str, suffix: str = "ics") -> str:
        """Return the address of an event in one of its formats."""
        return f"{self.base_url}/events/{event_id}.{suffix}"

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
        """Return the address of an event's agenda for a frame on another site."""
        return f"{self.event(event_id)}embed/"

    @property
    def embed_script(self) -> str:
        """Return the address of the script that other sites load."""
        return f"{self.base_url}/embed.js"

    @property
    def oembed(self) -> str:
        """Return the address of the oEmbed endpoint, which tells programs how to show a page."""
        return f"{self.base_url}/oembed"

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

    def shared(self, share_key: str) -> str:
        """Return the address of the page that shows a person's choice to friends."""
        return f"{self.base_url}/my/shared/{share_key}/"
