"""Personal calendars, for both the API and the pages of My calendar."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from flask import request

from calsvc.agenda.fields import slug
from calsvc.errors import RetiredKeyError, StorageError, UnknownKeyError, UnknownNameError
from calsvc.schedule.itineraries import (
    Choice,
    Itinerary,
    Options,
    keys,
    new_edit_key,
    overlaps,
)
from calsvc.web.auth import cookie_key
from calsvc.web.models import Calendar, calendar_of
from calsvc.web.site import get_site

NEW_KEY = 20
"""As how many changes a new key counts: storage keeps each old one's hash for good."""
NAME_LENGTH = 60  # characters of a calendar's name in its address


def new_calendar(options: Options, choices: Iterable[Choice]) -> tuple[str, Itinerary]:
    """Make a calendar, and return its edit key and its itinerary.

    Raises ``TooManyCallsError``, ``TooManySessionsError``, ``StorageError``.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    empty = Itinerary(options=options, created=now.date(), revised=now)
    itinerary = empty.adding(choices)
    get_site().new_calendars.count(request.remote_addr or "")
    edit_key = new_edit_key()
    get_site().stored.make(edit_key, itinerary)
    return edit_key, itinerary


def present_choice(choice: Choice) -> Choice:
    """Return a choice with the present id of its event."""
    present_id = get_site().live.present_id(choice.event)
    return choice.model_copy(update={"event": present_id})


def known_choices(choices: Iterable[Choice]) -> list[Choice]:
    """Return the choices, with the present ids of their events.

    Raises ``UnknownNameError`` if one of them is on no agenda.
    """
    live = get_site().live
    found = list(map(present_choice, choices))
    for choice in found:
        schedule = live.event(choice.event).schedule
        entries = schedule.of_session(choice.session)
        if not entries:
            known = sorted({entry.session for entry in schedule.entries if entry.session})
            raise UnknownNameError("session", choice.session, known)
        if choice.slot and choice.slot not in {entry.uid for entry in entries}:
            raise UnknownNameError("slot", choice.slot, [entry.uid for entry in entries])
    return found


def own_calendar(edit_key: str) -> Itinerary:
    """Return the calendar of an edit key, with the present ids of its events.

    Raises ``UnknownKeyError``, ``RetiredKeyError``, ``StorageError``.
    """
    site = get_site()
    return site.stored.of_editor(edit_key).renaming(site.live.present_id)


def change_calendar(
    edit_key: str, edit: Callable[[Itinerary], Itinerary], calls: int = 1
) -> Itinerary:
    """Store what ``edit`` makes of a calendar with the present ids of its events; return it.

    Raises what ``edit`` raises, ``TooManyCallsError``, ``UnknownKeyError``, ``RetiredKeyError``,
    ``StorageError``.
    """
    site = get_site()
    _count_change(edit_key, calls)
    return site.stored.change(edit_key, lambda stored: edit(stored.renaming(site.live.present_id)))


def delete_calendar(edit_key: str) -> None:
    """Delete a calendar.  Raises what ``change_calendar`` does."""
    _count_change(edit_key)
    get_site().stored.delete(edit_key)


def _count_change(edit_key: str, calls: int = 1) -> None:
    """Raise ``TooManyCallsError`` where a calendar, or anything from an address, changes too often.

    An address may be a whole venue's, and whoever guesses keys has only that.
    """
    site = get_site()
    site.changes_from.count(request.remote_addr or "", calls)
    site.changes.count(edit_key, calls)


def shown_calendar(edit_key: str, itinerary: Itinerary) -> Calendar:
    """Return a calendar as its editor sees it."""
    site = get_site()
    secret = keys(edit_key, itinerary)
    chosen = site.live.chosen(itinerary)
    entries = [entry for _, found in chosen for entry in found]
    return calendar_of(
        itinerary,
        chosen,
        overlaps(entries, site.changeover),
        feed=site.addresses.personal_feed(secret.feed, _in_address(itinerary.options.name)),
        shared=site.addresses.shared(secret.share) if secret.share else None,
    )


def reader_choice() -> Itinerary | None:
    """Return this browser's calendar; None if there is none.

    Raises ``StorageError`` if that cannot be told now: storage is not asked while it is known
    to be away, because pages of an event can be shown without.
    """
    site, key = get_site(), cookie_key()
    if key is None or site.calendars is None:
        return None
    if site.live.trouble:
        raise StorageError(site.live.trouble)
    try:
        return own_calendar(key)
    except (UnknownKeyError, RetiredKeyError):
        return None


def _in_address(name: str) -> str:
    """Return a calendar's name for the end of its address: short, and in ASCII."""
    words = slug(name).encode("ascii", "ignore").decode()[:NAME_LENGTH].split("-")
    return "-".join(filter(None, words)) or "my-calendar"
