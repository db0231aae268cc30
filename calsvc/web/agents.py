"""Which family of programs asks, told by its User-Agent; the text itself is kept nowhere.

Outlook.com, Microsoft 365 and the Outlooks of each system are one family: Microsoft's servers
fetch for most of them, under one name.
"""

import re
from functools import lru_cache
from typing import NamedTuple

LONGEST = 400  # characters of a User-Agent that are looked at
KNOWN = 1024  # User-Agents whose family is remembered


class Family(NamedTuple):
    """Programs that are counted together."""

    name: str
    agent: re.Pattern[str]
    """Matches their User-Agent."""


def _family(name: str, agent: str) -> Family:
    return Family(name, re.compile(agent, re.IGNORECASE))


FAMILIES = (  # the first match counts: calendar programs say Mozilla too, and so do crawlers
    _family("google", "Google-Calendar"),
    _family("outlook", "Outlook|Microsoft[ .]?(?:Office|Exchange)|Exchange(?:Services|/)"),
    _family("thunderbird", "Thunderbird|Lightning/"),
    _family("nextcloud", "Nextcloud|ownCloud"),
    _family("icsx5", "ICSx5|DAVx5"),
    _family("gnome", "Evolution|gnome-calendar"),
    _family("kde", "KOrganizer|Akonadi|KIO/|Merkuro"),
    _family("apple", "dataaccessd|CalendarAgent|CalendarStore|iCal/|remindd|accountsd|CalDAV.*Mac"),
    _family("proton", "Proton"),
    _family("fastmail", "Fastmail|Cyrus"),
    _family("home_assistant", "Home ?Assistant"),
    _family("yahoo", "Yahoo.*Calendar|YahooCalendar"),
    _family("crawler", "bot\\b|bot/|crawl|spider|Slurp|preview|facebookexternalhit"),
    _family("script", "curl/|Wget/|python|Go-http-client|okhttp|Java/|libwww|node|axios"),
    _family("browser", "Mozilla/"),
    _family("other", ""),
)
"""The label ``client`` of answers that are counted."""


@lru_cache(maxsize=KNOWN)
def _place(agent: str) -> int:
    return next(place for place, each in enumerate(FAMILIES) if each.agent.search(agent))


def family_of(agent: str) -> int:
    """Return the place among ``FAMILIES`` of who sends a User-Agent."""
    return _place(agent if len(agent) <= LONGEST else agent[:LONGEST])
