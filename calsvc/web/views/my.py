"""My calendar: the page, which works with plain forms, the feed, and the page for friends.

Every change is a POST of one of this site's forms; then the browser is redirected to the
page (303), so that reloading it repeats nothing.
"""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, Response, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from calsvc.addresses import PATHS
from calsvc.answers import Cache
from calsvc.errors import CalsvcError, RetiredKeyError, TooManySessionsError, UnknownKeyError
from calsvc.links import qr_code
from calsvc.schedule.itineraries import MAX_SESSIONS, Choice, Itinerary, Options
from calsvc.schedule.query import selection_of
from calsvc.translations import N_
from calsvc.web.auth import forget_key, keep_key, presented_key, refuse_other_sites, required_key
from calsvc.web.caching import feed_response
from calsvc.web.chosen import by_day, chosen_entries, clashes
from calsvc.web.clients import CLIENTS
from calsvc.web.dates import duration
from calsvc.web.error_handlers import HTTP_STATUS
from calsvc.web.locale import feed_pairs, gettext
from calsvc.web.personal import (
    NEW_KEY,
    change_calendar,
    delete_calendar,
    known_choices,
    new_calendar,
    own_calendar,
    present_choice,
    shown_calendar,
)
from calsvc.web.personal_feeds import raise_known_trouble
from calsvc.web.policies import OWN
from calsvc.web.site import get_site

bp = Blueprint("my", __name__, url_prefix="/my")

VISIBLE = re.compile("[!-~]*")
WRONG_KEY: dict[type[CalsvcError], str] = {
    UnknownKeyError: N_("There is no calendar with this key. Please see that it is complete."),
    RetiredKeyError: N_("The calendar of this key has been deleted."),
}
WRONG_OPTION = {
    "name": N_("Please write a name on one line, of 100 characters at most."),
    "alarm": N_("Please write a number of minutes, up to four weeks of them."),
    "cancelled": N_("Please choose one of these."),
}
"""What a field says if its value was invalid."""


@bp.after_request
def _private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", Cache.NEVER)
    response.headers["X-Robots-Tag"] = "noindex"  # robots.txt must let feed fetchers in
    response.headers.update(OWN)
    return response


# --- pages --------------------------------------------------------------------------------


@bp.get("/")
def my_page() -> Response:
    """Return the page with the choice by day, its overlaps, its address and all actions."""
    key = presented_key()
    return _welcome_page() if key is None else _own_page(key)


def _own_page(key: str, status: int = 200, wrong: Collection[str] = ()) -> Response:
    """Return the page of a calendar; ``wrong`` names the invalid options of the form sent."""
    try:
        itinerary = own_calendar(key)
    except (UnknownKeyError, RetiredKeyError):
        return _lost_page()
    calendar = shown_calendar(key, itinerary)
    found = chosen_entries(get_site().live, itinerary)
    device = get_site().addresses.my(key)
    content = render_template(
        "my_page.html",
        **by_day(found, datetime.now(UTC)),
        calendar=calendar,
        clashes=clashes(calendar.overlaps, found),
        duration=duration,
        removed=_removed(itinerary),
        most=MAX_SESSIONS if status == 409 else None,
        links=calendar.links,
        clients=CLIENTS,
        qr_code=qr_code(calendar.links["apple"], gettext("QR code of the calendar")),
        events=get_site().live.events,
        options=request.form if wrong else _as_sent(itinerary.options),
        wrong={name: words for name, words in WRONG_OPTION.items() if name in wrong},
        edit_key=key,
        device=device,
        device_qr_code=qr_code(device, gettext("QR code with the key")),
    )
    return Response(content, status)


def _as_sent(options: Options) -> dict[str, object]:
    """Return options as their form would send them, without empty and unticked ones."""
    return {name: value for name, value in options if value is not None and value is not False}


def _removed(itinerary: Itinerary) -> tuple[Choice, str] | None:
    """Return the choice that was just removed, which can be undone, and its title; else None."""
    try:
        [choice] = known_choices([_choice(request.args.get("removed", ""))])
    except (BadRequest, CalsvcError):
        return None
    if choice in itinerary.choices:
        return None
    schedule = get_site().live.event(choice.event).schedule
    return choice, schedule.of_session(choice.session)[0].content.title


def _welcome_page(
    status: int = 200, *, was_lost: bool = False, wrong_key: str | None = None
) -> Response:
    """Return the page for a browser without a calendar, with the reason if it is known."""
    content = render_template(
        "welcome_page.html", events=get_site().live.events, was_lost=was_lost, wrong_key=wrong_key
    )
    return Response(content, status)


def _lost_page(status: int = 200) -> Response:
    """Return the page for a browser whose calendar no longer exists, and forget its key."""
    response = _welcome_page(status, was_lost=True)
    forget_key(response)
    return response


@bp.errorhandler(Unauthorized)
def _no_calendar(_: Unauthorized) -> Response:
    """Answer a form that needs a calendar, from a browser that has none."""
    response = _welcome_page(401, was_lost=True)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@bp.get("/shared/<share_key>/")
def shared_page(share_key: str) -> Response:
    """Return a choice, for friends to read."""
    itinerary = get_site().stored.of_share(share_key)
    found = chosen_entries(get_site().live, itinerary)
    content = render_template(
        "shared_page.html",
        **by_day(found, datetime.now(UTC)),
        clashes={},
        name=itinerary.options.name,
        share_key=share_key,
    )
    return Response(content)


# --- what forms do ------------------------------------------------------------------------


@bp.post("/add")
def add() -> BaseResponse:
    """Add a session; the first one makes the calendar."""
    refuse_other_sites()
    choice = _sent_choice()
    return _taken(known_choices([choice]), _back(choice))


def _taken(choices: list[Choice], response: Response) -> BaseResponse:
    """Add sessions to this browser's calendar, or make a calendar with them."""
    if key := presented_key():
        try:
            change_calendar(key, lambda itinerary: itinerary.adding(choices))
            return response
        except TooManySessionsError:
            return _own_page(key, 409)
        except (UnknownKeyError, RetiredKeyError):
            pass  # a new one takes its place
    key, _ = new_calendar(Options(name=gettext("My calendar")), choices)
    keep_key(response, key)
    return response


@bp.post("/remove")
def remove() -> BaseResponse:
    """Remove a session; the page that follows can undo it."""
    choice = present_choice(_sent_choice())
    removed = "/".join(filter(None, (choice.event, choice.session, choice.slot)))
    return _changed(lambda itinerary: itinerary.removing(choice), _back(choice, removed=removed))


def _changed(change: Callable[[Itinerary], Itinerary], back: Response, calls: int = 1) -> Response:
    """Change this browser's calendar, if it still exists, and return ``back``."""
    try:
        change_calendar(required_key(), change, calls)
    except (UnknownKeyError, RetiredKeyError) as error:
        return _lost_page(HTTP_STATUS[type(error)])
    return back


@bp.post("/options")
def options() -> BaseResponse:
    """Change the name, the reminder and how sessions are shown."""
    key, form = required_key(), request.form
    try:
        wanted = Options.model_validate(
            {
                "name": form.get("name") or gettext("My calendar"),
                "alarm": form.get("alarm") or None,
                "busy": "busy" in form,
                "cancelled": form.get("cancelled", "status"),
            }
        )
    except ValidationError as error:
        return _own_page(key, 400, {str(each["loc"][0]) for each in error.errors()})
    return _changed(
        lambda itinerary: itinerary.model_copy(update={"options": wanted}), _back(section="options")
    )


@bp.post("/rotate")
def rotate() -> BaseResponse:
    """Give the calendar a new address."""
    return _changed(Itinerary.rotated, _back(section="address"), NEW_KEY)


@bp.post("/share")
def share() -> BaseResponse:
    """Switch the page for friends on or off."""
    is_on = request.form.get("share") == "yes"
    back = _back(section="friends")
    return _changed(lambda itinerary: itinerary.sharing(is_on=is_on), back, NEW_KEY)


@bp.post("/delete")
def delete() -> BaseResponse:
    """Delete the calendar."""
    with suppress(UnknownKeyError, RetiredKeyError):  # another device was quicker
        delete_calendar(required_key())
    response = _back()
    forget_key(response)
    return response


@bp.post("/open")
def open_with_key() -> BaseResponse:
    """Use a calendar that was made on another device."""
    refuse_other_sites()
    key = request.form.get("key", "").strip()
    try:
        get_site().stored.of_editor(key)
    except (UnknownKeyError, RetiredKeyError) as error:
        return _welcome_page(HTTP_STATUS[type(error)], wrong_key=gettext(WRONG_KEY[type(error)]))
    response = _back()
    keep_key(response, key)
    return response


@bp.post("/shared/<share_key>/take")
def take(share_key: str) -> BaseResponse:
    """Add the ticked sessions of a friend's calendar to the reader's own."""
    refuse_other_sites()
    found = chosen_entries(get_site().live, get_site().stored.of_share(share_key))
    ticked = set(request.form.getlist("entry"))
    # A session with a slot that is not ticked is added slot by slot.
    divided = {chosen.choice for uid, chosen in found.items() if uid not in ticked}
    return _taken(
        [
            chosen.alone if chosen.choice in divided else chosen.choice
            for uid, chosen in found.items()
            if uid in ticked
        ],
        _back(),
    )


@bp.get("/<feed_key>/<name>.ics")
def personal_feed(feed_key: str, name: str) -> Response:
    """Return a personal feed.  Any name will do: the address must outlive a change of it."""
    selection = selection_of(feed_pairs(), filters=("download",), options=())
    raise_known_trouble()
    itinerary = get_site().stored.of_feed(feed_key)
    feed = get_site().live.personal_feed(itinerary.wanted)
    get_site().stored.used(feed_key)
    is_download = "1" in selection.wanted.get("download", ())
    return feed_response(feed, Cache.PERSONAL_FEED, is_download=is_download)


def _sent_choice() -> Choice:
    return _choice(f"{request.form.get('event', '')}/{request.form.get('session', '')}")


def _choice(words: str) -> Choice:
    """Return the choice that is written as ``event/session`` or ``event/session/slot``."""
    names = dict(zip(("event", "session", "slot"), words.split("/", 2), strict=False))
    try:
        return Choice.model_validate(names)
    except ValidationError as error:
        raise BadRequest("Name an event and a session of it.") from error


def _back(
    choice: Choice | None = None, *, section: str | None = None, removed: str | None = None
) -> Response:
    """Return a redirect to the page of the form: an agenda of this site, or My calendar."""
    back = request.form.get("back", "")
    path = back.removeprefix(request.script_root)
    if not (path.startswith(PATHS.events) and VISIBLE.fullmatch(path)):
        back = url_for("my.my_page", _anchor=section, removed=removed)
    elif choice:
        back += f"#s-{choice.session}"
    return Response(status=303, headers={"Location": back})
