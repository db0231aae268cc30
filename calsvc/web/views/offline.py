"""The site without network: the script that keeps copies of pages, its page, and the manifest.

The script is a service worker.  It stands at the top of the site, because it may keep only what
is below its own place.  All that it knows of addresses is written in front of it here, with the
digests of the files that pages load: so it changes with each of them, and browsers take the new
one at once.
"""

import json
import re
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, current_app, render_template, request, url_for

from calsvc.addresses import PATHS
from calsvc.answers import BEST, Body, Cache
from calsvc.translations import LANGUAGES
from calsvc.web.caching import Page, body_response
from calsvc.web.locale import PARAMETERS, gettext, language_tag
from calsvc.web.policies import OWN
from calsvc.web.site import get_site

bp = Blueprint("offline", __name__)

KEPT = (
    "pages.site_page",
    "pages.event_page",
    "pages.days_page",
    "pages.day_page",
    "pages.session_page",
    "my.my_page",
)
"""Endpoints of pages that are kept once they were opened.  None has a key in its address."""
ANSWERED = (*KEPT, "pages.changes_page", "subscribe.subscribe_page")
"""Endpoints of pages for which there is an answer without network, if only that there is none."""
NO_PART = {"calendar.js", "elements.js", "embed.css", "embed.js", "looks.js", "offline.js"}
"""Static files that no page loads which is kept."""
POLICY = "default-src 'none'; connect-src 'self'"
"""The policy of the script: it fetches from this site alone."""
COLORS = {"background_color": "#ffffff", "theme_color": "#1f6fd6"}
"""Those of the stylesheet by day; a manifest has room for no others."""


@bp.get("/offline.js")
def keeper() -> Response:
    """Return the script, with what it knows of the site in front of it."""
    folder = Path(str(current_app.static_folder))
    return body_response(
        _script(folder, request.script_root, get_site().face.digest),
        "text/javascript; charset=utf-8",
        Cache.ASK_FIRST,
        also={"Content-Security-Policy": POLICY, **OWN},
    )


@lru_cache(maxsize=16)
def _script(folder: Path, root: str, logo: str) -> Body:
    """Return the script of a site with these files, below a path, and with a logo if any.

    Browsers ask for it with each page.
    """
    known = json.dumps(_known(folder), indent=2)
    return Body(f"const SITE = {known};\n".encode() + (folder / "offline.js").read_bytes(), BEST)


def _known(folder: Path) -> dict[str, object]:
    """Return what the script knows of the site; patterns are of paths below its home."""
    event = re.escape(PATHS.event("*")).replace(r"\*", "[^/]+")
    whole = PATHS.days("*").removeprefix(PATHS.event("*"))
    return {
        "home": _path("pages.site_page"),
        "mine": _path("my.my_page"),
        "kept": [_pattern(endpoint) for endpoint in KEPT],
        "answered": [_pattern(endpoint) for endpoint in ANSWERED],
        "agenda": rf"^({event.removeprefix('/')})({whole}([^/]+/)?)?$",
        "whole": whole,
        "parameters": sorted(PARAMETERS),
        "files": _files(folder),
        "nothing": {tag: url_for("offline.nothing_kept", lang=tag) for tag in LANGUAGES},
        "mark": f'href="{url_for("offline.manifest")}"',
    }


def _path(endpoint: str) -> str:
    return url_for(endpoint).partition("?")[0]  # a language is carried on to pages


def _pattern(endpoint: str) -> str:
    """Return the regular expression of the paths of an endpoint."""
    [rule] = current_app.url_map.iter_rules(endpoint)
    parts = re.split(r"<[^>]+>", rule.rule.removeprefix("/"))
    return f"^{'[^/]+'.join(map(re.escape, parts))}$"


def _files(folder: Path) -> list[str]:
    """Return the addresses of the files of kept pages; each has the digest of its content."""
    names = {path.name for path in folder.iterdir()} - NO_PART
    files = [url_for("static", filename=name) for name in sorted(names)]
    face = get_site().face
    return files + ([url_for("pages.logo", v=face.digest)] if face.logo else [])


@bp.get("/offline/")
def nothing_kept() -> Response:
    """Return the page that stands for one of which there is no copy."""
    response = Page(render_template("nothing_kept_page.html")).response()
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/site.webmanifest")
def manifest() -> Response:
    """Return what devices know of the site as an app, in the reader's language."""
    face, home = get_site().face, url_for("pages.site_page")
    name = face.name or gettext("Events")
    described = {
        "id": home,
        "name": name,
        "short_name": name,
        "description": face.description or gettext("Event calendars that update themselves."),
        "lang": language_tag(),
        "start_url": home,
        "scope": home,
        "display": "minimal-ui",  # pages have no buttons to go back and load again
        "icons": [
            {
                "src": url_for("static", filename="icon.svg"),
                "type": "image/svg+xml",
                "sizes": "any",
            }
        ],
        **COLORS,
    }
    body = Body(json.dumps(described, ensure_ascii=False).encode())
    media_type = "application/manifest+json"
    return body_response(body, media_type, Cache.PAGE, vary=("Accept-Language",), also=OWN)
