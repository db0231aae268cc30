"""The calendar programs that people use, and the systems on which they run."""

import re
from typing import NamedTuple

from calsvc.translations import N_


class System(NamedTuple):
    """The operating system of a reader's device."""

    name: str
    """Empty if it could be any."""
    words: str
    agent: re.Pattern[str]
    """Matches the User-Agent of its browsers."""
    is_phone: bool = False


SYSTEMS = (  # the first match counts: Android says Linux too, and an iPhone "like Mac OS X"
    System("ios", N_("On your iPhone or iPad"), re.compile("iPhone|iPad|iPod"), True),
    System("android", N_("On your Android phone"), re.compile("Android"), True),
    System("windows", N_("On your Windows computer"), re.compile("Windows NT")),
    System("mac", N_("On your Mac"), re.compile("Macintosh")),  # an iPad may say so too
    System("linux", N_("On your computer"), re.compile("Linux|X11|CrOS")),
)
ANY_SYSTEM = System("", N_("Calendar apps"), re.compile(""))


class Client(NamedTuple):
    """A calendar program; its steps are the macro named by its id in ``subscribe_steps.html``."""

    id: str
    name: str
    link: str | None
    """Which of ``subscribe_links`` opens it; None if people paste the address."""
    hours: tuple[int, int] | None
    """Shortest and longest time between two fetches of a feed; None if its steps say more."""
    systems: tuple[str, ...] = ()
    """Systems on which most people use it."""
    is_google: bool = False
    """Whether Google fetches the feed, and cuts what is too long for it."""


# How often each fetches: Google and Outlook.com as measured by edjopato.de (2017) and stated
# by their own help; Outlook by the feed's X-PUBLISHED-TTL of 15 minutes; Thunderbird, GNOME,
# Nextcloud and ICSx5 by their source; Home Assistant by the documentation of Remote Calendar;
# Proton and Fastmail by docs.casecalendar.net/subscribing.html.  Apple's is a setting, KDE's is
# off by default, and Yahoo does not say.
CLIENTS = (
    Client("apple", N_("Apple Calendar"), "apple", None, ("ios", "mac")),
    Client(
        "google",
        N_("Google Calendar"),
        "google",
        (12, 24),
        ("ios", "android", "mac", "windows", "linux"),
        is_google=True,
    ),
    Client("icsx5", "ICSx5", "icsx5", None, ("android",)),
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
    Client("proton", "Proton Calendar", None, (4, 16)),
    Client("fastmail", "Fastmail", None, (0, 1)),
    Client("home_assistant", "Home Assistant", None, (0, 24)),
    Client("yahoo", N_("Yahoo Calendar"), None, None),
)


class Programs(NamedTuple):
    """The calendar programs, as a reader's device has them."""

    system: System
    own: list[Client]
    """Those that most people use on that system."""
    others: list[Client]


def programs_of(agent: str) -> Programs:
    """Return the calendar programs for a browser, by its User-Agent."""
    system = system_of(agent)
    own = [each for each in CLIENTS if system.name in each.systems]
    return Programs(system, own, [each for each in CLIENTS if each not in own])


def system_of(agent: str) -> System:
    """Return the system of a browser, by its User-Agent."""
    return next((each for each in SYSTEMS if each.agent.search(agent)), ANY_SYSTEM)
