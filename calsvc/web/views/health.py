"""Health checks, for programs."""

from flask import Blueprint, Response

from calsvc.answers import Cache
from calsvc.web.site import get_site

bp = Blueprint("health", __name__)

NOTHING = (
    "Nothing is published yet: put an event file into the folder that is watched,"
    " or run calsvc publish."
)


@bp.get("/healthz")
def healthz() -> Response:
    """Report that the process is alive."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": Cache.NEVER})


@bp.get("/readyz")
def readyz() -> Response:
    """Tell whether there is something to serve, and what operators should know of event files."""
    live = get_site().live
    trouble = [f"{live.trouble} Calendars go on from memory."] if live.trouble else []
    if live.is_waiting:
        trouble = [NOTHING]
    lines = ["not ready" if trouble else "ok", *trouble, *live.notices]
    text = "".join(f"{line}\n" for line in lines)
    response = Response(text, 503 if trouble else 200, mimetype="text/plain")
    response.headers["Cache-Control"] = Cache.NEVER
    return response
