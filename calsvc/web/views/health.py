"""What programs ask to know whether the site is well."""

from flask import Blueprint, Response

from calsvc.answers import Cache
from calsvc.web.site import get_site

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def healthz() -> Response:
    """Tell that the process answers."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": Cache.NEVER})


@bp.get("/readyz")
def readyz() -> Response:
    """Tell whether storage answers, and what operators should know of the event files."""
    live = get_site().live
    trouble = [f"{live.trouble} Calendars go on from memory."] if live.trouble else []
    lines = ["not ready" if trouble else "ok", *trouble, *live.notices]
    text = "".join(f"{line}\n" for line in lines)
    response = Response(text, 503 if trouble else 200, mimetype="text/plain")
    response.headers["Cache-Control"] = Cache.NEVER
    return response
