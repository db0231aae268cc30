"""The Flask application."""

from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.security import safe_join

from calsvc.answers import Cache, Content
from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.storage.calendars import Calendars
from calsvc.web import error_handlers, redirects, templating
from calsvc.web.caching import filled
from calsvc.web.limits import Limit
from calsvc.web.site import EXTENSION, Site
from calsvc.web.views import api, embed, feeds, health, my, pages, subscribe
from calsvc.web.views.api import CORS

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY = 256 * 1024  # octets

# Nothing from other sites, and nothing inline.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class _App(Flask):
    """A Flask that logs an address as its rule: the address itself may contain a key."""

    def log_exception(self, exc_info: Any, *args: Any) -> None:
        rule = request.url_rule or "an unknown address"
        self.logger.error("Exception on %s [%s]", rule, request.method, exc_info=exc_info)

    def send_static_file(self, filename: str) -> Response:
        """Return a file of ``static/``; an address with the digest of its content is immutable."""
        content, digest = _static(str(self.static_folder), filename)
        response = Response(mimetype=guess_type(filename)[0])
        response.headers["Access-Control-Allow-Origin"] = "*"  # embedding pages load modules
        # While copies of two versions run, one may get requests for the other's file.
        is_its_own = request.args.get("v") == digest
        return filled(response, content, Cache.IMMUTABLE if is_its_own else Cache.ASK_FIRST)


@cache
def _static(folder: str, filename: str) -> tuple[Content, str]:
    """Return a file of ``static/``, and its digest.  Raises ``NotFound``."""
    path = safe_join(folder, filename)
    if path is None or not Path(path).is_file():
        raise NotFound
    content = Content(Path(path).read_bytes())
    return content, sha256(content.octets).hexdigest()[:12]


class _Below:
    """Middleware that serves an application below the path of its public address.

    It works whether or not the proxy in front keeps that path when it forwards requests.
    """

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app = app
        self._path = path

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = path.removeprefix(self._path)
        environ["SCRIPT_NAME"] = self._path
        return self._app(environ, start_response)


def create_app(
    live: Live, calendars: Calendars | None = None, settings: Settings | None = None
) -> Flask:
    """Return the application that serves ``live``, and personal calendars if there are any."""
    settings = settings or Settings()
    app = _App("calsvc.web")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["CONTENT_SECURITY_POLICY"] = settings.content_security_policy or PAGE_POLICY
    app.config["FRAME_ANCESTORS"] = settings.frame_ancestors
    app.extensions[EXTENSION] = Site(
        live, calendars, settings.changeover, Limit(settings.new_calendars)
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]
    if path := urlsplit(live.addresses.base_url).path:
        app.wsgi_app = _Below(app.wsgi_app, path)  # type: ignore[method-assign]
    app.json = DefaultJSONProvider(app)
    app.json.ensure_ascii = app.json.sort_keys = False
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.globals["addresses"] = live.addresses
    templating.init_app(app)
    app.url_defaults(_version_static)
    for view in (feeds, pages, subscribe, embed, my, api, health):
        app.register_blueprint(view.bp)
    error_handlers.init_app(app)
    redirects.init_app(app)
    app.after_request(_headers)
    return app


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Put the digest of a static file into its address, so that caches may keep it."""
    if endpoint == "static":
        _, digest = _static(str(current_app.static_folder), values["filename"])
        values.setdefault("v", digest)


def _headers(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if response.status_code == 308:  # to a canonical address, whatever a proxy calls this host
        target = urlsplit(response.headers["Location"])
        response.headers["Location"] = target._replace(scheme="", netloc="").geturl()
    if request.path.startswith("/api/"):
        response.headers.update(CORS)
    if response.mimetype == "text/html":
        policy = current_app.config["CONTENT_SECURITY_POLICY"]
        response.headers.setdefault("Content-Security-Policy", policy)
    return response
