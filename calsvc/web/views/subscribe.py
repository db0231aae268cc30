"""How to subscribe to a feed: the steps for each calendar app.

The apps for the reader's own system come first, as far as User-Agent reveals it; all others
follow.  The filters and options of the feed are those of the page's address.  Of a long agenda
it first asks for a part: hundreds of entries make any calendar useless, and are more than
Google takes.
"""

from collections.abc import Container

from flask import Blueprint, Response, render_template, request

from calsvc.answers import Cache
from calsvc.links import LONGEST_FEED, feed_code, subscribe_links
from calsvc.schedule.entries import Schedule
from calsvc.schedule.query import selection_of
from calsvc.schedule.selection import FILTERS, FILTERS_IN_PATHS, OPTIONS, Selection
from calsvc.web.caching import cached
from calsvc.web.clients import programs_of
from calsvc.web.dates import duration
from calsvc.web.filters import Filter, chips, offered
from calsvc.web.locale import gettext, query_pairs
from calsvc.web.site import get_site

bp = Blueprint("subscribe", __name__)

MANY = 100
"""Sessions above which the page first asks for a part."""
PARTS = ("track", "room", "day")
"""Filters by whose values a part is offered."""
ALARMS = (5, 10, 15, 30, 60, 24 * 60)  # minutes


@bp.get("/events/<event_id>/subscribe/")
def subscribe_page(event_id: str) -> Response:
    """Return the page of how to subscribe to an event, limited by the address's filters."""
    live_event = get_site().live.event(event_id)
    schedule = live_event.schedule
    selection = selection_of(_filled_in()).meant(schedule)
    feed = selection.on(get_site().addresses.feed(event_id))
    links = subscribe_links(feed, selection.titled(schedule.event))
    is_long = len(feed) > LONGEST_FEED
    number = len({entry.session for entry in selection.entries(schedule)})
    programs = programs_of(request.user_agent.string)
    alarms = {*ALARMS} if selection.display.alarm is None else {*ALARMS, selection.display.alarm}
    content = render_template(
        "subscribe_page.html",
        event=schedule.event,
        selection=selection,
        chips=list(chips(schedule, selection)),
        number=number,
        parts=_parts(schedule, selection, number),
        octets=live_event.feed(selection).content.size,
        feed=feed,
        links=links,
        is_long=is_long,
        qr_code=""
        if programs.system.is_phone  # which does not see its own screen
        else feed_code(feed, gettext("QR code of the calendar")),
        filters=_parameters(selection, FILTERS),
        options=_parameters(selection, OPTIONS),
        alarms=[(each, duration(each)) for each in sorted(alarms)],
        programs=programs,
    )
    response = Response(content)
    response.vary.update(("User-Agent", "Accept-Language"))
    return cached(response, Cache.PAGE_OF_BROWSER)


def _parts(schedule: Schedule, selection: Selection, number: int) -> list[Filter]:
    """Return the filters by which a part of an agenda can be chosen, of so many sessions.

    As files, there are the parts that have addresses of their own, however many.
    """
    is_static = get_site().is_static
    if number <= MANY and not is_static:
        return []
    names = FILTERS_IN_PATHS if is_static else PARTS
    return [each for each in offered(schedule, selection) if each.name in names]


def _filled_in() -> list[tuple[str, str]]:
    """Return the parameters of the address, without those that its forms left empty."""
    return [(name, value) for name, value in query_pairs() if value]


def _parameters(selection: Selection, names: Container[str]) -> list[tuple[str, str]]:
    """Return the parameters of a selection that have one of the names."""
    return [
        (name, value)
        for name, values in selection.parameters.items()
        if name in names
        for value in values
    ]
