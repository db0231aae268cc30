"""The pages of My calendar, as addresses and forms answer with them: one's own, and a welcome."""

from collections.abc import Collection
from datetime import UTC, datetime

from flask import Response, render_template, request
from pydantic import ValidationError

from calsvc.errors import CalsvcError, RetiredKeyError, UnknownKeyError
from calsvc.links import feed_code, qr_code
from calsvc.schedule.itineraries import MAX_SESSIONS, Choice, Itinerary, Options
from calsvc.translations import N_
from calsvc.web.auth import forget_key
from calsvc.web.chosen import by_day, chosen_entries, clashes, instead
from calsvc.web.clients import programs_of
from calsvc.web.coming import ComingAndPast, coming_and_past
from calsvc.web.dates import duration
from calsvc.web.locale import gettext
from calsvc.web.personal import known_choices, own_calendar, shown_calendar
from calsvc.web.site import get_site

FEW = 100
"""Sessions that no program has too little room for."""
DONE = {
    "options": N_("Your options are saved."),
    "address": N_("Your calendar has a new address: subscribe with it. The old one has stopped."),
    "sharing": N_("Sharing is on. Send your friends the link."),
    "no-sharing": N_("Sharing is off: the link to your sessions has stopped."),
    "opened": N_("This is your calendar, on this device too now."),
    "taken": N_("The sessions are in your calendar."),
    "deleted": N_("Your calendar is deleted."),
}
"""What a page says of what was just done, which its address names."""
WRONG_OPTION = {
    "name": N_("Please write a name on one line, of 100 characters at most."),
    "alarm": N_("Please write a number of minutes, up to four weeks of them."),
    "cancelled": N_("Please choose one of these."),
}
"""What a field says if its value was invalid."""


def own_page(key: str, status: int = 200, wrong: Collection[str] = ()) -> Response:
    """Return the page of a calendar; ``wrong`` names the invalid options of the form sent."""
    try:
        itinerary = own_calendar(key)
    except (UnknownKeyError, RetiredKeyError):
        return lost_page()
    live, now = get_site().live, datetime.now(UTC)
    calendar = shown_calendar(key, itinerary)
    found = chosen_entries(live, itinerary)
    device = get_site().addresses.my(key)
    events = _to_choose_from(now)
    programs = programs_of(request.user_agent.string)
    content = render_template(
        "my_page.html",
        **by_day(found, now),
        calendar=calendar,
        clashes=clashes(calendar.overlaps, found),
        instead=instead(calendar.overlaps, found, live),
        duration=duration,
        own_number=len(itinerary.sessions),
        removed=_removed(itinerary),
        done=_done(),
        most=MAX_SESSIONS if status == 409 else None,
        links=calendar.links,
        octets=_octets(itinerary),
        programs=programs,
        qr_code=_code_for_phones(calendar.feed, is_phone=programs.system.is_phone),
        events=events.coming or events.past,
        options=request.form if wrong else _as_sent(itinerary.options),
        wrong={name: words for name, words in WRONG_OPTION.items() if name in wrong},
        edit_key=key,
        device=device,
        device_qr_code=qr_code(device, gettext("QR code with the key")),
    )
    return Response(content, status)


def _octets(itinerary: Itinerary) -> int:
    """Return the size of a calendar's feed; 0 for one that is small in any case."""
    if len(itinerary.sessions) < FEW:
        return 0
    return get_site().live.personal_feed(itinerary.wanted).content.size


def _code_for_phones(feed: str, *, is_phone: bool) -> str:
    """Return the QR code of a feed; none on a phone, which cannot see its own screen."""
    return "" if is_phone else feed_code(feed, gettext("QR code of the calendar"))


def _as_sent(options: Options) -> dict[str, object]:
    """Return options as their form would send them, without empty and unticked ones."""
    return {name: value for name, value in options if value is not None and value is not False}


def _done() -> dict[str, str]:
    """Return what was just done, with the words for it; nothing else is in it."""
    name = request.args.get("done", "")
    return {name: DONE[name]} if name in DONE else {}


def choice_of(words: str) -> Choice:
    """Return the choice that is written as ``event/session`` or ``event/session/slot``.

    Raises ``ValidationError``.
    """
    names = dict(zip(("event", "session", "slot"), words.split("/", 2), strict=False))
    return Choice.model_validate(names)


def _removed(itinerary: Itinerary) -> tuple[Choice, str] | None:
    """Return the choice that was just removed, which can be undone, and its title; else None."""
    try:
        [choice] = known_choices([choice_of(request.args.get("removed", ""))])
    except (ValidationError, CalsvcError):
        return None
    if choice in itinerary.choices:
        return None
    schedule = get_site().live.event(choice.event).schedule
    return choice, schedule.of_session(choice.session)[0].content.title


def _to_choose_from(now: datetime) -> ComingAndPast:
    """Return the events with sessions to choose: those that are not called off."""
    held = [each for each in get_site().live.events if each.event.status != "cancelled"]
    return coming_and_past(held, now)


def welcome_page(
    status: int = 200, *, was_lost: bool = False, wrong_key: str | None = None
) -> Response:
    """Return the page for a browser without a calendar, with the reason if it is known."""
    content = render_template(
        "welcome_page.html",
        **_to_choose_from(datetime.now(UTC))._asdict(),
        own_number=0,
        done=_done(),
        was_lost=was_lost,
        wrong_key=wrong_key,
    )
    return Response(content, status)


def lost_page(status: int = 200) -> Response:
    """Return the page for a browser whose calendar no longer exists, and forget its key."""
    response = welcome_page(status, was_lost=True)
    forget_key(response)
    return response
