"""Who sent a request: the edit key of a personal calendar, and the site of a form.

The key comes as ``Authorization: Bearer``, or on the site's own pages as a cookie.
Browsers also send a cookie with requests that other sites cause, so a request that changes
something must come from this site (Origin), in addition to the cookie's SameSite.
"""

from urllib.parse import urlsplit

from flask import Response, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from calsvc.translations import N_
from calsvc.web.site import get_site

COOKIE = "calsvc_key"
COOKIE_AGE = 400 * 24 * 60 * 60  # 400 days, as long as browsers keep one
SAFE = {"GET", "HEAD", "OPTIONS"}


def presented_key() -> str | None:
    """Return the edit key of the request, or None.

    Raises ``Forbidden`` if another site would change something with the cookie.
    """
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.casefold() == "bearer" and credentials.strip():
        return credentials.strip()
    key = cookie_key()
    if key and request.method not in SAFE:
        refuse_other_sites()
    return key


def cookie_key() -> str | None:
    """Return the edit key that this browser keeps, or None."""
    return request.cookies.get(COOKIE) or None


def required_key() -> str:
    """Return the edit key of the request.  Raises ``Unauthorized`` (401) without one."""
    key = presented_key()
    if key is None:
        raise Unauthorized(
            "Send the calendar's edit key as Authorization: Bearer.",
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return key


def refuse_other_sites() -> None:
    """Raise ``Forbidden`` (403) for a form that another site made a browser send."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    try:
        sent_from = urlsplit(origin).netloc
    except ValueError:  # not a valid address
        sent_from = ""
    if sent_from not in {urlsplit(get_site().addresses.base_url).netloc, request.host}:
        raise Forbidden(N_("Your calendar can be changed from this site alone."))


def keep_key(response: Response, key: str) -> None:
    """Make the browser keep an edit key for this site."""
    response.set_cookie(
        COOKIE,
        key,
        max_age=COOKIE_AGE,
        path=_cookie_path(),
        httponly=True,
        samesite="Lax",
        secure=get_site().addresses.base_url.startswith("https:"),
    )


def forget_key(response: Response) -> None:
    """Make the browser forget the edit key that it keeps for this site."""
    response.delete_cookie(COOKIE, path=_cookie_path())


def _cookie_path() -> str:
    """Return the path of this site: other sites may share its host."""
    return f"{request.script_root}/"
