"""The Flask application, and how errors answer."""

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from calsvc.errors import (
    CalsvcError,
    QueryError,
    StorageError,
    UnknownNameError,
    WithdrawnEventError,
)
from calsvc.live import Live
from calsvc.vevent import location, spoken_day
from calsvc.web import feeds, pages

STATUS: dict[type[CalsvcError], int] = {
    QueryError: 400,
    UnknownNameError: 404,
    WithdrawnEventError: 410,
    StorageError: 503,
}
RETRY_AFTER = 30  # seconds

# No script, and nothing from elsewhere but pictures that an organizer names.
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' https:; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'self'"
)


def create_app(live: Live) -> Flask:
    """Return the application that serves ``live``."""
    app = Flask("calsvc.web")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.extensions["calsvc"] = live
    app.jinja_env.globals["base_url"] = live.base_url
    app.jinja_env.filters |= {"location": location, "spoken_day": spoken_day}
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.register_blueprint(feeds.bp)
    app.register_blueprint(pages.bp)
    app.register_error_handler(CalsvcError, _calsvc_error)
    app.register_error_handler(HTTPException, _http_error)
    app.after_request(_headers)
    return app


def _calsvc_error(error: CalsvcError) -> Response:
    if type(error) not in STATUS:
        raise error
    response = _error(STATUS[type(error)], str(error))
    if response.status_code == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _http_error(error: HTTPException) -> BaseResponse:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # a redirect to the canonical address
    response = _error(status, error.description or error.name)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _error(status: int, words: str) -> Response:
    """Answer in the form that was asked for: a page, or a short text for programs."""
    if "." in request.path.rpartition("/")[2]:
        response = Response(f"{words}\n", status, mimetype="text/plain")
    else:
        response = Response(render_template("error_page.html", words=words, status=status), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    return response
