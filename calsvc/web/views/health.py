"""Health checks and figures, for programs."""

from flask import Blueprint, Response
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from calsvc.answers import Cache
from calsvc.web.metrics import MEDIA_TYPE, exposition
from calsvc.web.operators import FOR_EVERYBODY, is_operator
from calsvc.web.site import get_site

bp = Blueprint("health", __name__)

NOTHING = (
    "Nothing is published yet: put an event file into the folder that is watched,"
    " or run calsvc publish."
)
AWAY = "The database does not answer now."
WHY = "The last try to store something failed:"
TOLD = (
    "There is something to see to: the log tells what, and so does this address to those who"
    " send CALSVC_OPERATOR_TOKEN as Authorization: Bearer."
)
FOR_OPERATORS = (
    "These figures are for those who send CALSVC_OPERATOR_TOKEN as Authorization: Bearer."
)


@bp.get("/healthz")
def healthz() -> Response:
    """Report that the process is alive."""
    return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": Cache.NEVER})


@bp.get("/readyz")
def readyz() -> Response:
    """Tell whether there is something to serve, and operators what they should know besides."""
    live = get_site().live
    is_told = is_operator()
    trouble = []
    if live.trouble:
        trouble = [f"{live.trouble if is_told else AWAY} Calendars go on from memory."]
    if live.is_waiting:
        trouble = [NOTHING]
    why = [f"{WHY} {live.unwritten}"] if is_told and live.unwritten else []
    notices = [each for each in live.notices if is_told or each in FOR_EVERYBODY]
    if len(notices) < len(live.notices):
        notices.append(TOLD)
    lines = ["not ready" if trouble else "ok", *trouble, *notices, *why]
    text = "".join(f"{line}\n" for line in lines)
    response = Response(text, 503 if trouble else 200, mimetype="text/plain")
    response.headers["Cache-Control"] = Cache.NEVER
    return response


@bp.get("/metrics")
def metrics() -> Response:
    """Tell operators what is counted, in Prometheus's text format."""
    if not is_operator():
        raise Unauthorized(FOR_OPERATORS, www_authenticate=WWWAuthenticate("bearer"))
    figures = exposition(get_site())
    return Response(figures, content_type=MEDIA_TYPE, headers={"Cache-Control": Cache.NEVER})
