"""My calendar: the page that works with plain forms, the feed, and the page for friends.

What changes something is a POST of this site's own form; then the browser is sent back
to the page (303), so that loading it again repeats nothing.
"""

import re
from typing import NamedTuple

from flask import Blueprint, Response, render_template, request, url_for
from pydantic import ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from calsvc import selection
from calsvc.errors import RetiredKeyError, UnknownKeyError
from calsvc.itineraries import Choice, Itinerary, Options
from calsvc.live import LiveEvent
from calsvc.schedule import Entry
from calsvc.web.desk import COOKIE, desk, edit_key, keep_key, presented_key, refuse_other_sites
from calsvc.web.feeds import answer

bp = Blueprint("my", __name__, url_prefix="/my")

PRIVATE = "private, max-age=300"
AGENDA = re.compile(r"/events/[!-~]*")


class Chosen(NamedTuple):
    """A chosen entry, with its event."""

    event: LiveEvent
    entry: Entry
    slot: str | None
    """Its uid where it was chosen by itself; None with its whole session."""


@bp.after_request
def _private(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex"  # robots.txt must let feed fetchers in
    return response


@bp.get("/")
def my_page() -> Response:
    """The choice by day, its overlaps, its address, and all that can be done with it."""
    key = presented_key()
    if key is None:
        return Response(render_template("welcome_page.html", events=_events()))
    try:
        itinerary = desk().stored.of_editor(key)
    except (UnknownKeyError, RetiredKeyError):
        response = Response(
            render_template("welcome_page.html", events=_events(), was_deleted=True)
        )
        response.delete_cookie(COOKIE)
        return response
    calendar = desk().show(key, itinerary)
    clashes: dict[str, list[str]] = {}
    titles = {each.uid: each.title for each in calendar.sessions}
    for overlap in calendar.overlaps:
        clashes.setdefault(overlap.first, []).append(titles[overlap.second])
        clashes.setdefault(overlap.second, []).append(titles[overlap.first])
    return Response(
        render_template(
            "my_page.html",
            calendar=calendar,
            chosen=_by_time(itinerary),
            clashes=clashes,
            edit_key=key,
            events=_events(),
        )
    )


def _events() -> list[LiveEvent]:
    return desk().live.events


def _by_time(itinerary: Itinerary) -> list[Chosen]:
    """Return the chosen entries: first what has a time, by it."""
    chosen = [
        Chosen(event, entry, None if None in wanted[entry.session] else str(entry.uid))
        for event, entries in desk().live.chosen(itinerary)
        for wanted in [itinerary.slots(event.schedule.event.id)]
        for entry in entries
    ]
    waiting = [each for each in chosen if each.entry.content.slot is None]
    timed = [each for each in chosen if each.entry.content.slot is not None]
    timed.sort(key=lambda each: each.entry.content.slot.start)  # type: ignore[union-attr]
    return timed + waiting


@bp.post("/add")
def add() -> BaseResponse:
    """Add a session; the first one makes the calendar."""
    refuse_other_sites()
    return _taken(desk().known([_choice(request.form)]))


def _taken(choices: list[Choice]) -> BaseResponse:
    """Add sessions to the calendar of this browser, or make it with them."""
    response = _back()
    key = presented_key()
    if key is not None and _is_known(key):
        desk().stored.change(key, lambda itinerary: itinerary.adding(choices))
    else:
        key, _ = desk().make(Options(), choices)
        keep_key(response, key)
    return response


def _is_known(key: str) -> bool:
    try:
        desk().stored.of_editor(key)
    except (UnknownKeyError, RetiredKeyError):
        return False
    return True


@bp.post("/remove")
def remove() -> BaseResponse:
    """Remove a session."""
    choice = _choice(request.form)
    desk().stored.change(edit_key(), lambda itinerary: itinerary.removing(choice))
    return _back()


@bp.post("/options")
def options() -> BaseResponse:
    """Change the name, the reminder and how sessions show."""
    form = request.form
    try:
        wanted = Options.model_validate(
            {
                "name": form.get("name") or Options().name,
                "alarm": form.get("alarm") or None,
                "busy": "busy" in form,
                "cancelled": form.get("cancelled", "status"),
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise BadRequest(f"{first['loc'][0]}: {first['msg']}") from error
    desk().stored.change(
        edit_key(), lambda itinerary: itinerary.model_copy(update={"options": wanted})
    )
    return _back()


@bp.post("/rotate")
def rotate() -> BaseResponse:
    """Give the calendar a new address."""
    desk().stored.change(edit_key(), Itinerary.rotated)
    return _back()


@bp.post("/share")
def share() -> BaseResponse:
    """Switch the page for friends on or off."""
    is_on = request.form.get("share") == "yes"
    desk().stored.change(edit_key(), lambda itinerary: itinerary.sharing(is_on=is_on))
    return _back()


@bp.post("/delete")
def delete() -> BaseResponse:
    """Delete the calendar."""
    desk().stored.delete(edit_key())
    response = _back()
    response.delete_cookie(COOKIE)
    return response


@bp.post("/open")
def open_with_key() -> BaseResponse:
    """Use a calendar that was made on another device."""
    refuse_other_sites()
    key = request.form.get("key", "").strip()
    desk().stored.of_editor(key)
    response = _back()
    keep_key(response, key)
    return response


@bp.get("/shared/<share_key>/")
def shared_page(share_key: str) -> Response:
    """A choice, for friends to read."""
    itinerary = desk().stored.of_share(share_key)
    return Response(
        render_template(
            "shared_page.html", itinerary=itinerary, chosen=_by_time(itinerary), key=share_key
        )
    )


@bp.post("/shared/<share_key>/take")
def take(share_key: str) -> BaseResponse:
    """Take a friend's sessions, those that are ticked, into one's own calendar."""
    refuse_other_sites()
    theirs = desk().stored.of_share(share_key)
    ticked = set(request.form.getlist("session"))
    return _taken([each for each in theirs.choices if f"{each.event}/{each.session}" in ticked])


@bp.get("/<feed_key>/<name>.ics")
def personal_feed(feed_key: str, name: str) -> Response:
    """A personal feed.  Any name will do: the address must outlive a change of it."""
    asked = selection.parse(request.args.items(multi=True), filters=("download",), options=())
    itinerary = desk().stored.of_feed(feed_key)
    feed = desk().live.personal_feed(itinerary)
    desk().stored.used(feed_key)
    return answer(feed, cache=PRIVATE, is_download="1" in asked.wanted.get("download", ()))


def _choice(form: MultiDict[str, str]) -> Choice:
    """Return the choice of a form, whose session may have one of its slots behind a slash."""
    session, _, slot = form.get("session", "").partition("/")
    try:
        return Choice(
            event=form.get("event", ""), session=session, slot=slot or form.get("slot") or None
        )
    except ValidationError as error:
        raise BadRequest("Name an event and a session of it.") from error


def _back() -> Response:
    """Send the browser back to where the form was: an agenda of this site, or My calendar."""
    back = request.form.get("back", "").rstrip("?")
    if not AGENDA.fullmatch(back.removeprefix(request.script_root)):
        back = url_for("my.my_page")
    elif session := request.form.get("session"):
        back += f"#s-{session.partition('/')[0]}"
    return Response(status=303, headers={"Location": back})
