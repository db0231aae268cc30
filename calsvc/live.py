"""What requests read: the newest schedule of each event, its blocks rendered once."""

from collections.abc import Iterable

from calsvc.errors import UnknownNameError
from calsvc.feeds import Feed, event_feed, session_feed, site_feed
from calsvc.schedule import Schedule
from calsvc.selection import Selection
from calsvc.vevent import Blocks

KEPT_FEEDS = 256  # of each event: filters are many, and most are asked for once


class LiveEvent:
    """The newest schedule of one event, and its feeds."""

    def __init__(self, schedule: Schedule, base_url: str) -> None:
        self.schedule = schedule
        self.blocks = Blocks(schedule, base_url)
        self._feeds: dict[tuple[str, str], Feed] = {}

    def feed(self, selection: Selection, session_id: str = "") -> Feed:
        """Return the event's feed, or one session as a download."""
        key = session_id, selection.query
        if feed := self._feeds.get(key):
            return feed
        if session_id:
            feed = session_feed(self.blocks, session_id, selection)
        else:
            feed = event_feed(self.blocks, selection)
        if len(self._feeds) >= KEPT_FEEDS:
            self._feeds.clear()
        self._feeds[key] = feed
        return feed


class Live:
    """The events of a site."""

    def __init__(self, schedules: Iterable[Schedule], base_url: str) -> None:
        self.base_url = base_url
        self._events = {schedule.event.id: LiveEvent(schedule, base_url) for schedule in schedules}

    @property
    def events(self) -> list[LiveEvent]:
        """Return the events, the first day first."""
        return sorted(
            self._events.values(),
            key=lambda event: (event.schedule.event.first_day, event.schedule.event.id),
        )

    def event(self, event_id: str) -> LiveEvent:
        """Return one event.  Raises ``UnknownNameError``."""
        if event_id not in self._events:
            raise UnknownNameError("event", event_id, sorted(self._events))
        return self._events[event_id]

    def session_feed(self, event_id: str, session_id: str, selection: Selection) -> Feed:
        """Return one session as a download.  Raises ``UnknownNameError``."""
        event = self.event(event_id)
        known = {entry.session for entry in event.schedule.entries if entry.session}
        if session_id not in known:
            raise UnknownNameError("session", session_id, sorted(known))
        return event.feed(selection, session_id)

    def site_feed(self, selection: Selection) -> Feed:
        """Return the banners of the site's events."""
        return site_feed([event.blocks for event in self.events], selection, self.base_url)
