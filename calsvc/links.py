"""Addresses that open a feed, or one entry, in each calendar program; and their QR codes.

The programs contradict each other, and change: Google's ``cid`` took webcal in 2022 and
https in 2026 (afterclass-io/afterclass.io#498), and fails at times
(gpu-mode/kernelboard#256), so the address to copy is always included.  Outlook requires
https (sportstimes/f1#449).

No program documents the form that an entry opens; what is known of them is collected in
InteractionDesignFoundation/add-event-to-calendar-docs and add2cal/add-to-calendar-button.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, urlencode

import segno

from calsvc.addresses import Addresses
from calsvc.agenda.places import Place
from calsvc.ical.vevent import View, description, location, summary
from calsvc.schedule.entries import Content, Entry
from calsvc.translations import spoken_language

GOOGLE = "https://calendar.google.com/calendar"
OUTLOOK = "https://outlook.live.com/calendar"
MICROSOFT365 = "https://outlook.office.com/calendar"
MAP = "https://www.openstreetmap.org"
YAHOO = "https://calendar.yahoo.com/"

MOST_OF_GOOGLE = 1_000_000  # octets of a feed: Google leaves out what comes after them
LONGEST_FEED = 200  # characters: Google silently drops addresses longer than 256
LONGEST_LINK = 1999  # characters: some browsers and mail programs cut links off at 2,000
# Parts of a link, in percent-encoded characters; the description gets the rest.
LONGEST_TITLE = 500
LONGEST_LOCATION = 400
LONGEST_URL = 500


# --- a feed -------------------------------------------------------------------------------


def subscribe_links(feed: str, name: str) -> dict[str, str]:
    """Return the address that subscribes to a feed, by program; ``copy`` is the feed's own."""
    named = _query({"url": feed, "name": _shortened(name, LONGEST_TITLE)})
    return {
        "apple": f"webcal://{feed.partition('://')[2]}",
        # ICSx5 makes plain http of webcal, and https of webcals.
        "icsx5": f"webcal{'s' if feed.startswith('https:') else ''}://{feed.partition('://')[2]}",
        "google": f"{GOOGLE}/r?{_query({'cid': feed})}",
        "google_by_hand": f"{GOOGLE}/r/settings/addbyurl",
        "outlook": f"{OUTLOOK}/0/addfromweb/?{named}",
        "microsoft365": f"{MICROSOFT365}/0/addfromweb/?{named}",
        "copy": feed,
    }


def feed_code(feed: str, label: str) -> str:
    """Return the QR code by which phones subscribe to a feed; empty if its address is too long.

    The modules of a longer one are too small for phones.
    """
    return "" if len(feed) > LONGEST_FEED else qr_code(subscribe_links(feed, "")["apple"], label)


def qr_code(address: str, label: str) -> str:
    """Return an address as a QR code: an SVG element to put in a page, dark on white."""
    # Error correction M survives a scratched screen, and its modules are still large.
    code = segno.make_qr(address, error="m", boost_error=False)
    svg: str = code.svg_inline(
        dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return svg.replace("<svg ", f'<svg role="img" aria-label="{html.escape(label)}" ', 1)


# --- a place ------------------------------------------------------------------------------


def map_link(place: Place) -> str:
    """Return the address of a map that shows a place, or finds it by its name and address."""
    if place.geo:
        latitude, longitude = place.geo
        return f"{MAP}/?mlat={latitude}&mlon={longitude}#map=17/{latitude}/{longitude}"
    words = ", ".join(filter(None, (place.name, place.address)))
    return f"{MAP}/search?{_query({'query': words})}"


# --- one entry ----------------------------------------------------------------------------


def _encoded(text: str) -> str:
    # Spaces become %20: Outlook shows the + of form encoding.
    return quote(text, safe="")


def _encoded_html(text: str) -> str:
    return _encoded(html.escape(text, quote=False).replace("\n", "<br>"))


def _google_times(content: Content) -> dict[str, str]:
    if slot := content.timed:
        times = {"dates": f"{_basic(slot.start)}/{_basic(slot.end)}"}
        # Google accepts only zones named after places, not CET, UTC or Etc/GMT+1.
        if "/" in slot.timezone and not slot.timezone.startswith("Etc/"):
            times["ctz"] = slot.timezone
        return times
    first, end = _days(content)
    return {"dates": f"{first:%Y%m%d}/{end:%Y%m%d}"}


def _outlook_times(content: Content) -> dict[str, str]:
    if slot := content.timed:
        # Without Z, a time is taken to be in the reader's zone.
        form = "%Y-%m-%dT%H:%M:%SZ"
        return {"startdt": f"{slot.start:{form}}", "enddt": f"{slot.end:{form}}"}
    first, end = _days(content)
    return {"startdt": f"{first:%Y-%m-%d}", "enddt": f"{end:%Y-%m-%d}", "allday": "true"}


def _yahoo_times(content: Content) -> dict[str, str]:
    if slot := content.timed:
        return {"st": _basic(slot.start), "et": _basic(slot.end)}
    first, end = _days(content)
    if end - first == timedelta(days=1):
        return {"dur": "allday", "st": f"{first:%Y%m%d}"}
    # Yahoo has all-day entries of one day only; these times are in the reader's zone.
    return {"st": f"{first:%Y%m%d}T000000", "et": f"{end:%Y%m%d}T000000"}


def _basic(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def _days(content: Content) -> tuple[date, date]:
    """Return the first day of an all-day entry, and the day after its last."""
    assert content.days  # what has no time has them
    first, last = content.days
    return first, last + timedelta(days=1)


class EntryForm(NamedTuple):
    """The page of a calendar program that opens with an entry filled in."""

    address: str
    fixed: Mapping[str, str]
    times: Callable[[Content], Mapping[str, str]]
    # The program's names for the parts of an entry:
    title: str
    location: str
    description: str
    encoded: Callable[[str], str] = _encoded
    """How the description is encoded."""


COMPOSE = {"path": "/calendar/action/compose", "rru": "addevent"}
OUTLOOK_PARTS = ("subject", "location", "body", _encoded_html)
"""Outlook reads its body as HTML, in which line ends and ``<`` would be lost."""

ENTRY_FORMS = {
    "google": EntryForm(
        f"{GOOGLE}/render", {"action": "TEMPLATE"}, _google_times, "text", "location", "details"
    ),
    "outlook": EntryForm(f"{OUTLOOK}/deeplink/compose", COMPOSE, _outlook_times, *OUTLOOK_PARTS),
    "microsoft365": EntryForm(
        f"{MICROSOFT365}/deeplink/compose", COMPOSE, _outlook_times, *OUTLOOK_PARTS
    ),
    "yahoo": EntryForm(YAHOO, {"v": "60"}, _yahoo_times, "title", "in_loc", "desc"),
}


def add_links(
    entry: Entry, event_id: str, addresses: Addresses, language: str | None = None
) -> dict[str, str]:
    """Return the address that adds one entry, by program.

    ``file`` is the download for Apple's and all other programs: of the entry's session, or
    for the banner of the whole event.  An entry has the same texts as in a feed, shortened
    if the address would reach 2,000 characters.  ``language`` is the tag of the event's.
    """
    page = addresses.entry(event_id, entry.session)
    view = View(entry, page, language=spoken_language(language))
    links = {name: _filled_in(form, view) for name, form in ENTRY_FORMS.items()}
    if entry.session is None:
        return {**links, "file": addresses.feed(event_id)}
    return {**links, "file": addresses.session_feed(event_id, entry.session)}


def _filled_in(form: EntryForm, view: View) -> str:
    parts = {
        **form.fixed,
        **form.times(view.content),
        form.title: _shortened(summary(view), LONGEST_TITLE),
        form.location: _shortened(location(view.content), LONGEST_LOCATION),
    }
    link = f"{form.address}?{_query(parts)}&{form.description}="
    words, _, url = description(view).rpartition("\n\n")
    if len(_encoded(url)) > LONGEST_URL:
        url = view.page
    last = form.encoded(f"\n\n{url}" if words else url)
    left = LONGEST_LINK - len(link) - len(last)
    return link + form.encoded(_shortened(words, left, form.encoded)) + last


def _query(parts: Mapping[str, str]) -> str:
    filled = {name: value for name, value in parts.items() if value}
    return urlencode(filled, quote_via=quote, safe="")


def _shortened(text: str, room: int, encoded: Callable[[str], str] = _encoded) -> str:
    """Return a text cut to at most ``room`` characters when encoded.

    A longer text is cut after a word, and ends with ``…``; if its words are very long, or
    not separated by spaces, it is cut after any character.
    """
    if len(encoded(text)) <= room:
        return text
    lengths = range(min(len(text), room + 1))
    fits = bisect_right(lengths, room - len(encoded("…")), key=lambda n: len(encoded(text[:n]))) - 1
    at_word = re.match(rf".{{{fits // 2},}}(?=\s)", text[: fits + 1], re.DOTALL)
    return (at_word[0] if at_word else text[:fits]).rstrip() + "…"
