"""Every address of the contract, from the public address of the site.

Links to these sit in thousands of calendars, so none is put together anywhere else; that
each leads to its view is held by a test.
"""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True)
class Addresses:
    """The addresses of one site."""

    base_url: str
    """The public address of the site, without a slash at its end."""

    @property
    def site(self) -> str:
        """Return the page of all events."""
        return f"{self.base_url}/"

    def events_feed(self, suffix: str = "ics") -> str:
        """Return the feed of all events."""
        return f"{self.base_url}/events.{suffix}"

    def event(self, event_id: str) -> str:
        """Return the page of an event."""
        return f"{self.base_url}/events/{event_id}/"

    def feed(self, event_id: str, suffix: str = "ics") -> str:
        """Return an event in one of its formats."""
        return f"{self.base_url}/events/{event_id}.{suffix}"

    def changes(self, event_id: str, number: int | None = None) -> str:
        """Return the page of what changed in an event; the place of one version on it."""
        place = "" if number is None else f"#version-{number}"
        return f"{self.event(event_id)}changes/{place}"

    def session(self, event_id: str, session_id: str) -> str:
        """Return the page of a session."""
        return f"{self.event(event_id)}sessions/{session_id}/"

    def subscribe(self, event_id: str) -> str:
        """Return the page of how to subscribe to an event."""
        return f"{self.event(event_id)}subscribe/"

    def embed(self, event_id: str) -> str:
        """Return the agenda of an event for a frame on another site."""
        return f"{self.event(event_id)}embed/"

    @property
    def embed_script(self) -> str:
        """Return the script that other sites load."""
        return f"{self.base_url}/embed.js"

    @property
    def oembed(self) -> str:
        """Return what tells programs how to show a page."""
        return f"{self.base_url}/oembed"

    @property
    def origin(self) -> str:
        """Return the origin of the site (RFC 6454): scheme, host and port."""
        return "/".join(self.base_url.split("/")[:3])

    def entry(self, event_id: str, session_id: str | None) -> str:
        """Return the page of an entry: its session's; its event's for the event's own entry."""
        if session_id is None:
            return self.event(event_id)
        return self.session(event_id, session_id)

    def session_feed(self, event_id: str, session_id: str) -> str:
        """Return one session as a download."""
        return f"{self.event(event_id)}sessions/{session_id}.ics"

    @property
    def api(self) -> str:
        """Return what all addresses of the API begin with."""
        return f"{self.base_url}/api"

    def api_event(self, event_id: str) -> str:
        """Return the agenda of an event as JSON."""
        return f"{self.api}/events/{event_id}"

    def my(self, edit_key: str | None = None) -> str:
        """Return the page of My calendar; with a key, as another device opens it.

        What follows ``#`` is sent to nobody, so the key is in no log.
        """
        return f"{self.base_url}/my/" + (f"#{edit_key}" if edit_key else "")

    def personal_feed(self, feed_key: str, name: str) -> str:
        """Return a personal feed; any ``name`` will do."""
        return f"{self.base_url}/my/{feed_key}/{quote(name)}.ics"

    def shared(self, share_key: str) -> str:
        """Return the page of a choice, for friends."""
        return f"{self.base_url}/my/shared/{share_key}/"
