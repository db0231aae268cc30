"""My calendar: the page, which works with plain forms, the feed, and the page for friends.

Every change is a POST of one of this site's forms; then the browser is redirected to the
page (303), so that reloading it repeats nothing.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.exceptions import BadRequest, Unauthorized
from werkzeug.wrappers import Response as BaseResponse

from calsvc.addresses import PATHS
from calsvc.answers import Cache
from calsvc.errors import (
    CalsvcError,
    RetiredKeyError,
    TooManySessionsError,
    UnknownKeyError,
)
from calsvc.schedule.itineraries import Choice, Itinerary, Options
from calsvc.schedule.query import selection_of
from calsvc.translations import LANGUAGES, N_, catalog
from calsvc.web.auth import forget_key, keep_key, presented_key, refuse_other_sites, required_key
from calsvc.web.caching import feed_response
from calsvc.web.chosen import by_day, chosen_entries, compared
from calsvc.web.error_handlers import HTTP_STATUS
from calsvc.web.locale import feed_pairs, gettext
from calsvc.web.mine import choice_of, lost_page, own_page, welcome_page
from calsvc.web.personal import (
    NEW_KEY,
    change_calendar,
    delete_calendar,
    known_choices,
    new_calendar,
    present_choice,
    reader_choice,
)
from calsvc.web.personal_feeds import raise_known_trouble
from calsvc.web.policies import OWN
from calsvc.web.site import get_site

bp = Blueprint("my", __name__, url_prefix="/my")

USUAL = N_("My calendar")
"""What a calendar is called that was given no name."""
VISIBLE = re.compile("[!-~]*")
WRONG_KEY: dict[type[CalsvcError], str] = {
    UnknownKeyError: N_(
        "There is no calendar with this key. Please check that you copied all of it."
    ),
    RetiredKeyError: N_("The calendar of this key has been deleted."),
}


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
    return welcome_page() if key is None else own_page(key)


@bp.errorhandler(Unauthorized)
def _no_calendar(_: Unauthorized) -> Response:
    """Answer a form that needs a calendar, from a browser that has none."""
    response = welcome_page(401, was_lost=True)
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


@bp.get("/shared/<share_key>/")
def shared_page(share_key: str) -> Response:
    """Return a choice, for friends to read."""
    live = get_site().live
    itinerary = get_site().stored.of_share(share_key)
    found = chosen_entries(live, itinerary)
    own = reader_choice()
    name = itinerary.options.name
    content = render_template(
        "shared_page.html",
        **by_day(found, datetime.now(UTC)),
        clashes={},
        instead={},
        compared=compared(found, chosen_entries(live, own) if own else {}),
        own_number=len(own.sessions) if own else None,
        name=None if name in {catalog(each).gettext(USUAL) for each in LANGUAGES} else name,
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
            return _done(
                change_calendar(key, lambda itinerary: itinerary.adding(choices)), response
            )
        except TooManySessionsError:
            return own_page(key, 409)
        except (UnknownKeyError, RetiredKeyError):
            pass  # a new one takes its place
    key, itinerary = new_calendar(Options(name=gettext(USUAL)), choices)
    response = _done(itinerary, response)
    keep_key(response, key)
    return response


def _done(itinerary: Itinerary, back: Response) -> Response:
    """Return ``back``; to the script of stars, which stays where it is, only how many there are."""
    if request.accept_mimetypes.best == "application/json":
        return jsonify(sessions=len(itinerary.sessions))
    return back


@bp.post("/remove")
def remove() -> BaseResponse:
    """Remove a session; the page that follows can undo it."""
    choice = present_choice(_sent_choice())
    removed = "/".join(filter(None, (choice.event, choice.session, choice.slot)))
    return _changed(lambda itinerary: itinerary.removing(choice), _back(choice, removed=removed))


def _changed(change: Callable[[Itinerary], Itinerary], back: Response, calls: int = 1) -> Response:
    """Change this browser's calendar, if it still exists, and return ``back``."""
    try:
        return _done(change_calendar(required_key(), change, calls), back)
    except (UnknownKeyError, RetiredKeyError) as error:
        return lost_page(HTTP_STATUS[type(error)])


@bp.post("/options")
def options() -> BaseResponse:
    """Change the name, the reminder and how sessions are shown."""
    key, form = required_key(), request.form
    try:
        wanted = Options.model_validate(
            {
                "name": form.get("name") or gettext(USUAL),
                "alarm": form.get("alarm") or None,
                "busy": "busy" in form,
                "cancelled": form.get("cancelled", "status"),
            }
        )
    except ValidationError as error:
        return own_page(key, 400, {str(each["loc"][0]) for each in error.errors()})
    return _changed(
        lambda itinerary: itinerary.model_copy(update={"options": wanted}), _back(done="options")
    )


@bp.post("/rotate")
def rotate() -> BaseResponse:
    """Give the calendar a new address."""
    return _changed(Itinerary.rotated, _back(done="address"), NEW_KEY)


@bp.post("/share")
def share() -> BaseResponse:
    """Switch the page for friends on or off."""
    is_on = request.form.get("share") == "yes"
    back = _back(done="sharing" if is_on else "no-sharing")
    return _changed(lambda itinerary: itinerary.sharing(is_on=is_on), back, NEW_KEY)


@bp.post("/delete")
def delete() -> BaseResponse:
    """Delete the calendar."""
    with suppress(UnknownKeyError, RetiredKeyError):  # another device was quicker
        delete_calendar(required_key())
    response = _back(done="deleted")
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
        return welcome_page(HTTP_STATUS[type(error)], wrong_key=gettext(WRONG_KEY[type(error)]))
    response = _back(done="opened")
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
        _back(done="taken"),
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
    try:
        return choice_of(f"{request.form.get('event', '')}/{request.form.get('session', '')}")
    except ValidationError as error:
        raise BadRequest(N_("Name an event and a session of it.")) from error


def _back(
    choice: Choice | None = None, *, done: str | None = None, removed: str | None = None
) -> Response:
    """Return a redirect to the page of the form: an agenda of this site, or My calendar.

    My calendar says there what was done.
    """
    back = request.form.get("back", "")
    path = back.removeprefix(request.script_root)
    if not (path.startswith(PATHS.events) and VISIBLE.fullmatch(path)):
        anchor = "done" if done else None
        back = url_for("my.my_page", _anchor=anchor, done=done, removed=removed)
    elif choice:
        back += f"#s-{choice.session}"
    return Response(status=303, headers={"Location": back})
