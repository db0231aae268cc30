"""How to subscribe to a feed: the steps for each calendar program.

The programs for the reader's own system come first, as far as User-Agent tells it; all
others follow.  The filters and options of the feed are those of the page's address.
"""

import re
from collections.abc import Container
from typing import NamedTuple

from babel.units import format_unit
from flask import Blueprint, Response, render_template, request

from calsvc import selection
from calsvc.facts import N_
from calsvc.links import qr_code, subscribe_links
from calsvc.selection import Selection
from calsvc.web.caching import cached
from calsvc.web.desk import desk
from calsvc.web.filters import chips
from calsvc.web.words import asked, gettext, locale

bp = Blueprint("subscribe", __name__)

CACHE = "private, max-age=300"  # two programs' pages of one address differ
LONGEST_FEED = 200  # characters: Google drops what is longer than 256 without a word
ALARMS = (5, 10, 15, 30, 60, 24 * 60)  # minutes


class System(NamedTuple):
    """What a reader's device runs."""

    name: str
    """Empty where it could be any."""
    words: str
    agent: re.Pattern[str]
    """Found in the User-Agent of its browsers."""


SYSTEMS = (  # the first that fits: Android says Linux too, and an iPhone "like Mac OS X"
    System("ios", N_("On your iPhone or iPad"), re.compile("iPhone|iPad|iPod")),
    System("android", N_("On your Android phone"), re.compile("Android")),
    System("windows", N_("On your Windows computer"), re.compile("Windows NT")),
    System("mac", N_("On your Mac"), re.compile("Macintosh")),  # an iPad may say so too
    System("linux", N_("On your computer"), re.compile("Linux|X11|CrOS")),
)
ANY_SYSTEM = System("", N_("Calendar programs"), re.compile(""))


class Client(NamedTuple):
    """A calendar program; its steps are the macro of that name in ``subscribe_steps.html``."""

    id: str
    name: str
    link: str | None
    """Which of ``subscribe_links`` opens it; None where the address is pasted."""
    hours: tuple[int, int] | None
    """Least and most between two looks at a feed; None where its steps say more of it."""
    systems: tuple[str, ...] = ()
    """Where it is what people mostly have."""


# How often each looks: Google and Outlook.com as measured by edjopato.de (2017) and said by
# their own help; Outlook by the feed's X-PUBLISHED-TTL of one hour; Thunderbird, GNOME,
# Nextcloud and ICSx5 by their source.  Apple's is a setting, KDE's is off at first, and
# Yahoo says nothing.
CLIENTS = (
    Client("apple", N_("Apple Calendar"), "apple", None, ("ios", "mac")),
    Client("google", N_("Google Calendar"), "google", (12, 24), ("windows", "linux")),
    Client("android", "Android", None, (12, 24), ("android",)),
    Client("outlook", "Outlook.com", "outlook", (3, 24), ("windows",)),
    Client(
        "microsoft365",
        N_("Microsoft 365 and the new Outlook"),
        "microsoft365",
        (3, 24),
        ("windows",),
    ),
    Client("outlook_classic", N_("Outlook (classic)"), None, (0, 1), ("windows",)),
    Client("outlook_mac", N_("Outlook for Mac"), None, (3, 24), ("mac",)),
    Client("thunderbird", "Thunderbird", None, (0, 1), ("linux",)),
    Client("gnome", N_("GNOME Calendar"), None, (0, 1), ("linux",)),
    Client("kde", "KOrganizer", None, None, ("linux",)),
    Client("nextcloud", "Nextcloud", None, (0, 1)),
    Client("yahoo", N_("Yahoo Calendar"), None, None),
)


def system_of(agent: str) -> System:
    """Return the system of a browser, by its User-Agent."""
    return next((each for each in SYSTEMS if each.agent.search(agent)), ANY_SYSTEM)


@bp.get("/events/<event_id>/subscribe/")
def subscribe_page(event_id: str) -> Response:
    """How to subscribe to an event, or to what the filters of the address leave of it."""
    schedule = desk().live.event(event_id).schedule
    chosen = selection.parse(_filled_in())
    feed = desk().feed_address(event_id, chosen)
    links = subscribe_links(feed, chosen.titled(schedule.event.name))
    is_long = len(feed) > LONGEST_FEED
    system = system_of(request.user_agent.string)
    own = [each for each in CLIENTS if system.name in each.systems]
    alarms = {*ALARMS} if chosen.alarm is None else {*ALARMS, chosen.alarm}
    content = render_template(
        "subscribe_page.html",
        event=schedule.event,
        selection=chosen,
        chips=list(chips(schedule, chosen)),
        number=len(chosen.entries(schedule)),
        feed=feed,
        links=links,
        is_long=is_long,
        # The modules of a longer one are too small for phones.
        qr_code="" if is_long else qr_code(links["apple"], gettext("QR code of the calendar")),
        filters=_parameters(chosen, selection.FILTERS),
        options=_parameters(chosen, selection.OPTIONS),
        alarms=[(each, duration(each)) for each in sorted(alarms)],
        system=system,
        own=own,
        others=[each for each in CLIENTS if each not in own],
    )
    response = Response(content)
    response.vary.update(("User-Agent", "Accept-Language"))
    return cached(response, CACHE)


def _filled_in() -> list[tuple[str, str]]:
    """Return what the address asks for, without the options that its form left empty."""
    return [(name, value) for name, value in asked() if value or name not in selection.OPTIONS]


def _parameters(chosen: Selection, names: Container[str]) -> list[tuple[str, str]]:
    """Return those of a selection's parameters that have one of the names."""
    return [
        (name, value)
        for name, values in chosen.parameters.items()
        if name in names
        for value in values
    ]


def duration(minutes: int) -> str:
    """Return a number of minutes in the largest unit that has no fraction: ``1 hour``."""
    for unit, length in (("day", 24 * 60), ("hour", 60)):
        if minutes and minutes % length == 0:
            return format_unit(minutes // length, unit, locale=locale())
    return format_unit(minutes, "minute", locale=locale())
