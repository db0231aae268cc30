"""The Flask application, and how errors answer."""

from functools import cache
from hashlib import sha256
from http import HTTPStatus
from mimetypes import guess_type
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, render_template, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import safe_join

from calsvc.calendars import Calendars
from calsvc.config import Settings
from calsvc.errors import (
    CalsvcError,
    NoEventsError,
    QueryError,
    RetiredKeyError,
    StorageError,
    TooManyCallsError,
    TooManySessionsError,
    UnknownKeyError,
    UnknownNameError,
    UnknownZoneError,
    WithdrawnEventError,
)
from calsvc.live import Live
from calsvc.web import api, embed, feeds, my, pages, subscribe, words
from calsvc.web.answers import ProblemDetails
from calsvc.web.api import CORS
from calsvc.web.caching import cached
from calsvc.web.desk import Desk
from calsvc.web.words import N_

STATUS: dict[type[CalsvcError], int] = {
    QueryError: 400,
    UnknownZoneError: 400,
    NoEventsError: 404,
    UnknownNameError: 404,
    UnknownKeyError: 404,
    TooManySessionsError: 409,
    WithdrawnEventError: 410,
    RetiredKeyError: 410,
    TooManyCallsError: 429,
    StorageError: 503,
}
ERRORS = {
    400: N_("This address asks for something that is not known here."),
    401: N_("This needs the key of your calendar."),
    403: N_("This cannot be done from there."),
    404: N_("There is nothing at this address."),
    405: N_("This cannot be done from there."),
    409: N_("This is more than a calendar can hold."),
    410: N_("This is no longer here."),
    413: N_("This is too much at once."),
    429: N_("Please wait a little, and try again."),
    500: N_("Something went wrong here. Please try again later."),
    503: N_("Please try again in a moment."),
}
"""What a page says of an error, before the detail, which is in English."""
RETRY_AFTER = {429: 600, 503: 30}  # seconds
MAX_BODY = 256 * 1024  # octets

# Nothing from elsewhere, and nothing that stands in the page itself.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class _App(Flask):
    """A Flask whose log tells of an address by its rule: the address may hold a key."""

    def log_exception(self, exc_info: Any, *args: Any) -> None:
        rule = request.url_rule or "an unknown address"
        self.logger.error("Exception on %s [%s]", rule, request.method, exc_info=exc_info)

    def send_static_file(self, filename: str) -> Response:
        """Return a file of ``static/``, compressed; its address changes with its content."""
        path = safe_join(str(self.static_folder), filename)
        if path is None or not Path(path).is_file():
            raise NotFound
        response = Response(Path(path).read_bytes(), mimetype=guess_type(filename)[0])
        response.headers["Access-Control-Allow-Origin"] = "*"  # modules of an embedding page
        return cached(response, "public, max-age=31536000, immutable")


def create_app(
    live: Live, calendars: Calendars | None = None, settings: Settings | None = None
) -> Flask:
    """Return the application that serves ``live``, and personal calendars where there are."""
    settings = settings or Settings()
    app = _App("calsvc.web")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["CONTENT_SECURITY_POLICY"] = settings.content_security_policy or PAGE_POLICY
    app.config["FRAME_ANCESTORS"] = settings.frame_ancestors
    app.extensions["calsvc.desk"] = Desk(
        live, calendars, settings.changeover, settings.new_calendars
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]
    app.json = DefaultJSONProvider(app)
    app.json.ensure_ascii = app.json.sort_keys = False
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals["base_url"] = live.base_url
    words.init_app(app)
    app.url_defaults(_version_static)
    app.register_blueprint(feeds.bp)
    app.register_blueprint(pages.bp)
    app.register_blueprint(subscribe.bp)
    app.register_blueprint(embed.bp)
    app.register_blueprint(my.bp)
    app.register_blueprint(api.bp)
    app.register_error_handler(CalsvcError, _calsvc_error)
    app.register_error_handler(HTTPException, _http_error)
    app.after_request(_headers)
    return app


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Put the digest of a static file into its address, so that caches may keep it."""
    if endpoint == "static":
        values.setdefault("v", _digest(values["filename"]))


@cache
def _digest(filename: str) -> str:
    content = (Path(str(current_app.static_folder)) / filename).read_bytes()
    return sha256(content).hexdigest()[:12]


def _calsvc_error(error: CalsvcError) -> Response:
    if type(error) not in STATUS:
        raise error
    response = _error(STATUS[type(error)], str(error))
    if wait := RETRY_AFTER.get(response.status_code):
        response.headers["Retry-After"] = str(wait)
    return response


def _http_error(error: HTTPException) -> Response:
    response = _error(error.code or 500, error.description or error.name)
    for name, value in error.get_headers():
        if name in {"Retry-After", "WWW-Authenticate"}:
            response.headers[name] = value
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _error(status: int, detail: str) -> Response:
    """Answer in the form that was asked for: a page, a short text, or problem details."""
    if request.path.startswith("/api/"):
        title = HTTPStatus(status).phrase
        problem = ProblemDetails(title=title, status=status, detail=detail)
        content = problem.model_dump_json()
        response = Response(content, status, mimetype="application/problem+json")
    elif "." in request.path.rpartition("/")[2]:
        response = Response(f"{detail}\n", status, mimetype="text/plain")
    else:
        title = words.gettext(ERRORS.get(status, ERRORS[500]))
        response = Response(render_template("error_page.html", title=title, detail=detail), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.status_code == 308:  # to a canonical address, whatever a proxy calls this host
        there = urlsplit(response.headers["Location"])
        response.headers["Location"] = there._replace(scheme="", netloc="").geturl()
    if request.path.startswith("/api/"):
        response.headers.update(CORS)
    if response.mimetype == "text/html":
        policy = current_app.config["CONTENT_SECURITY_POLICY"]
        response.headers.setdefault("Content-Security-Policy", policy)
    return response
