"""The Flask application."""

import logging
import re
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from flask import Flask, Response, current_app, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import NotFound
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.utils import get_content_type

from calsvc.addresses import PATHS
from calsvc.answers import BEST, Body, Cache
from calsvc.config import LOOPBACK, Settings
from calsvc.errors import NothingPublishedError, SettingsError
from calsvc.live.events import Live
from calsvc.live.memory import MEBIBYTE
from calsvc.storage.calendars import Calendars
from calsvc.web import auth, error_handlers, policies, redirects, templating
from calsvc.web.bounds import Bounded
from calsvc.web.caching import ALWAYS_SENT, body_response
from calsvc.web.face import face_of
from calsvc.web.figures import Figures
from calsvc.web.finished import FINISHED, FinishedFeeds
from calsvc.web.limits import Limit
from calsvc.web.personal_feeds import PERSONAL_FEEDS, PersonalFeeds
from calsvc.web.site import EXTENSION, Site, get_site
from calsvc.web.views import api, doctor, embed, feeds, health, my, offline, pages, subscribe

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_BODY = 256 * 1024  # octets
OF_A_VENUE = 100  # times what one calendar may be changed
OF_A_HOST = 5  # times what one client may have examined
HOST = re.compile(r"[a-zA-Z0-9.-]{1,253}")
# What a module imports of its own folder; two never import each other.
IMPORT = re.compile(rb'(\b(?:from |import |import\()"\./([\w.-]+))(?=")')
UNKNOWN = "application/octet-stream"
CORS_OF_STATIC = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""Pages of other sites load modules and stylesheets."""
ALWAYS = {
    "static",
    "pages.site_page",
    "pages.logo",
    "pages.robots",
    "embed.embed_script",
    "api.openapi",
    "api.preflight",
    "health.healthz",
    "health.readyz",
    "health.metrics",
    "doctor.doctor_page",
    "offline.keeper",
    "offline.nothing_kept",
    "offline.manifest",
}
"""What answers also while nothing was ever published."""

API_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
}
"""Headers by which pages of any site may call the API."""

log = logging.getLogger(__name__)


class _App(Flask):
    """A Flask that logs an address as its rule: the address itself may contain a key."""

    def log_exception(self, exc_info: Any, *args: Any) -> None:
        rule = request.url_rule or "an unknown address"
        self.logger.error("Exception on %s [%s]", rule, request.method, exc_info=exc_info)

    def send_static_file(self, filename: str) -> Response:
        """Return a file of ``static/``; an address with the digest of its content is immutable."""
        body, digest = _static(str(self.static_folder), filename)
        media_type = get_content_type(guess_type(filename)[0] or UNKNOWN, "utf-8")
        # While copies of two versions run, one may get requests for the other's file.
        is_its_own = request.args.get("v") == digest
        cache = Cache.IMMUTABLE if is_its_own else Cache.ASK_FIRST
        return body_response(body, media_type, cache, also=CORS_OF_STATIC)


def _static(folder: str, filename: str) -> tuple[Body, str]:
    """Return a file of ``static/``, and its digest.  Raises ``NotFound``."""
    try:
        return _static_files(folder)[filename]
    except KeyError:
        raise NotFound from None


@cache
def _static_files(folder: str) -> dict[str, tuple[Body, str]]:
    """Return the files of a folder, each by its one name: no address reaches the disk."""
    texts = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
    files: dict[str, tuple[Body, str]] = {}

    def file(name: str) -> tuple[Body, str]:
        if name not in files:
            body = Body(IMPORT.sub(versioned, texts[name]), BEST)
            files[name] = body, sha256(body.octets).hexdigest()[:12]
        return files[name]

    def versioned(found: re.Match[bytes]) -> bytes:
        _, digest = file(found[2].decode())
        return b"%s?v=%s" % (found[0], digest.encode())

    return {name: file(name) for name in texts}


class _Below:
    """Middleware that serves an application below the path of its public address.

    It works whether or not the proxy in front keeps that path when it forwards requests.
    """

    def __init__(self, app: "WSGIApplication", path: str) -> None:
        self._app = app
        self._path = unquote_to_bytes(path).decode("latin-1")  # as WSGI has it (PEP 3333)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == self._path or path.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = path.removeprefix(self._path)
        environ["SCRIPT_NAME"] = self._path
        return self._app(environ, start_response)


def create_app(
    live: Live,
    calendars: Calendars | None = None,
    settings: Settings | None = None,
    *,
    is_static: bool = False,
) -> Flask:
    """Return the application that serves ``live``, and personal calendars if there are any.

    With ``is_static``, its pages have nothing that takes a server, so that they can be files.
    """
    settings = settings or Settings()
    app = _App("calsvc.web")
    app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.extensions[EXTENSION] = _site(live, calendars, settings, is_static)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies)  # type: ignore[method-assign]
    app.wsgi_app = Bounded(app.wsgi_app)  # type: ignore[method-assign]
    octets = settings.feed_memory * MEBIBYTE
    app.extensions[FINISHED] = finished = FinishedFeeds(app.wsgi_app, live, octets)
    app.wsgi_app = finished  # type: ignore[method-assign]
    if calendars:
        app.extensions[PERSONAL_FEEDS] = own = PersonalFeeds(app.wsgi_app, live, calendars, octets)
        app.wsgi_app = own  # type: ignore[method-assign]
    if path := urlsplit(live.addresses.base_url).path:
        app.wsgi_app = _Below(app.wsgi_app, path)  # type: ignore[method-assign]
    app.json = DefaultJSONProvider(app)
    app.json.ensure_ascii = app.json.sort_keys = False
    app.jinja_options = {**app.jinja_options, "trim_blocks": True, "lstrip_blocks": True}
    has_doctor = settings.doctor and not is_static
    app.jinja_env.globals.update(addresses=live.addresses, face=app.extensions[EXTENSION].face)
    app.jinja_env.globals.update(is_static=is_static, has_doctor=has_doctor)
    templating.init_app(app)
    app.url_defaults(_version_static)
    app.url_map.converters["filter"] = feeds.FilterConverter
    for view in (feeds, pages, subscribe, embed, my, offline, api, health):
        app.register_blueprint(view.bp)
    if has_doctor:
        app.register_blueprint(doctor.bp)
    _refuse_own_path(app, live.addresses.base_url)
    error_handlers.init_app(app)
    app.before_request(_wait)
    if settings.base_url is None:
        app.before_request(_tell_of_host)
    redirects.init_app(app)
    auth.init_app(app)
    policies.init_app(app, settings, live.addresses)
    app.after_request(_headers)
    return app


def _site(live: Live, calendars: Calendars | None, settings: Settings, is_static: bool) -> Site:
    """Return what the views share."""
    changes, of_a_venue = settings.changes, settings.changes * OF_A_VENUE
    return Site(
        live,
        calendars,
        settings.changeover,
        Limit(settings.new_calendars),
        Limit(changes, "A calendar can be changed {} times in an hour; try again later."),
        Limit(of_a_venue, "One address can make {} changes in an hour; try again later."),
        Limit(settings.examinations, "One address can have {} calendars examined in an hour."),
        Limit(settings.examinations * OF_A_HOST, "{} calendars of a host are examined in an hour."),
        is_static=is_static,
        operator_token=settings.operator_token,
        face=face_of(settings),
        figures=Figures(settings.workers),
    )


def _refuse_own_path(app: Flask, base_url: str) -> None:
    """Raise ``SettingsError`` for a base address whose path begins like one of the site's own.

    Below /my, a request for /my/ is My calendar where the proxy in front takes the path
    off, and the first page where it does not; nothing in the request tells which.
    """
    first = urlsplit(base_url).path.removeprefix("/").partition("/")[0]
    own = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()} - {""}
    if first in own:
        raise SettingsError(
            f"setting base_url (CALSVC_BASE_URL): {base_url!r} cannot be used; /{first} is the"
            " beginning of addresses of calsvc's own: take another path, such as /calendar"
        )


def _wait() -> None:
    """Raise ``NothingPublishedError`` where an answer would be that of a site without events."""
    if request.endpoint and request.endpoint not in ALWAYS and get_site().live.is_waiting:
        raise NothingPublishedError


def _tell_of_host() -> None:
    """Tell operators once of a host that people ask for, and to which no link leads."""
    live = get_site().live
    own = urlsplit(live.addresses.base_url).hostname
    host = HOST.match(request.host)
    # Probes of a container ask for its own address.
    if host and live.other_host is None and request.blueprint != "health":
        if host[0].lower() not in {own, *LOOPBACK}:
            live.other_host = host[0].lower()
            log.warning("%s", live.notices[-1])


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Put the digest of a static file into its address, so that caches may keep it."""
    if endpoint == "static":
        _, digest = _static(str(current_app.static_folder), values["filename"])
        values.setdefault("v", digest)


def _headers(response: Response) -> Response:
    response.headers.update(ALWAYS_SENT)
    if response.status_code == 308:  # to a canonical address, whatever a proxy calls this host
        target = urlsplit(response.headers["Location"])
        response.headers["Location"] = target._replace(scheme="", netloc="").geturl()
    if PATHS.is_of_api(request.path):
        response.headers.update(API_CORS)
    return response
