"""The addresses that calendar programs and feed readers fetch.

A feed's strong ETag is a hash of its bytes, so a client that asks again gets 304 until
something that people see has changed.
"""

from collections.abc import Callable

from flask import Blueprint, Response
from werkzeug.routing import BaseConverter

from calsvc.answers import Feed
from calsvc.exporters.table import EXPORTERS, Exporter
from calsvc.live.event import LiveEvent
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import DISPLAY_OPTIONS, FILTERS_IN_PATHS
from calsvc.web.caching import feed_response
from calsvc.web.finished import finish
from calsvc.web.locale import feed_pairs
from calsvc.web.site import get_site


class FilterConverter(BaseConverter):
    """The name of a filter in a path."""

    regex = "|".join(FILTERS_IN_PATHS)


bp = Blueprint("feeds", __name__)


@bp.get("/events.ics")
def site_feed() -> Response:
    """Every event of the site as a banner; ``?series=`` keeps to one series."""
    selection = selection_of(feed_pairs(), filters=("series",), options=("cancelled",))
    return feed_response(get_site().live.site_feed(selection))


@bp.get("/events/<event_id>/sessions/<session_id>.ics")
def session_feed(event_id: str, session_id: str) -> Response:
    """One session as a download."""
    selection = selection_of(feed_pairs(), filters=(), options=DISPLAY_OPTIONS)
    live_event = get_site().live.event(event_id)
    return _sent(live_event.session_feed(session_id, selection), event_id, live_event)


def _event_feed(suffix: str, exporter: Exporter) -> Callable[[str], Response]:
    def event_feed(event_id: str) -> Response:
        live_event = get_site().live.event(event_id)
        selection = selection_of(feed_pairs(), filters=exporter.filters, options=exporter.options)
        return _sent(live_event.feed(selection, suffix), event_id, live_event)

    return event_feed


@bp.get("/events/<event_id>/<filter:filter_name>/<value>.ics")
def part_feed(event_id: str, filter_name: str, value: str) -> Response:
    """An event's feed with one value of a filter: an address that files can have."""
    live_event = get_site().live.event(event_id)
    selection = selection_of([(filter_name, value), *feed_pairs()])
    return _sent(live_event.feed(selection), event_id, live_event)


def _sent(feed: Feed, event_id: str, live_event: LiveEvent) -> Response:
    is_former = event_id != live_event.event.id  # which another event may take over
    return feed_response(feed) if is_former else finish(feed, live_event)


for _suffix, _exporter in EXPORTERS.items():
    bp.add_url_rule(f"/events/<event_id>.{_suffix}", _suffix, _event_feed(_suffix, _exporter))
