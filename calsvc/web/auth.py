"""Who sent a request: the edit key of a personal calendar, and the site of a form.

The key comes as ``Authorization: Bearer``, or on the site's own pages as a cookie.
Browsers also send a cookie with requests that other sites cause, so a request that changes
something must come from this site (Origin), in addition to the cookie's SameSite.

The cookie's name says what browsers promise of it (RFC 6265bis, 4.1.3): one that begins with
``__Host-`` was set by this host, over https; no other site of the domain can plant it.  People
whose cookie has another name, of an earlier release or an earlier address of the site, get this
one as well at the next visit; the earlier one stays, for copies of calsvc that know no other.
"""

from typing import TypedDict
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from calsvc.translations import N_
from calsvc.web.site import get_site

COOKIE = "calsvc_key"
COOKIES = (f"__Host-{COOKIE}", f"__Secure-{COOKIE}", COOKIE)
"""All names that the cookie can have, the one promised most of first."""
COOKIE_AGE = 400 * 24 * 60 * 60  # 400 days, as long as browsers keep one
PAGES = {"my", "pages"}
"""Blueprints whose answers may be one person's."""
SAFE = {"GET", "HEAD", "OPTIONS"}


def init_app(app: Flask) -> None:
    """Let an application give the cookie its present name, wherever an answer is one person's."""
    app.after_request(_rename_cookie)


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
    names = dict.fromkeys((cookie_name(), *COOKIES))
    return next(filter(None, map(request.cookies.get, names)), None)


def cookie_name() -> str:
    """Return the name of the cookie at this site's address."""
    base = urlsplit(get_site().addresses.base_url)
    if base.scheme != "https":
        return COOKIE
    return COOKIES[1] if base.path else COOKIES[0]


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
    if _origin(origin) not in _own_origins():
        raise Forbidden(N_("Your calendar can be changed from this site alone."))


def _own_origins() -> set[str]:
    """Return the origins whose forms are this site's own.

    At the host of its address that is one.  A proxy may call it by another host; by which
    scheme cannot be seen here, and such a host has cookies of its own.
    """
    own = get_site().addresses.origin.lower()
    host = request.host.lower()
    if host == urlsplit(own).netloc:
        return {own}
    return {own, f"http://{host}", f"https://{host}"}


def _origin(address: str) -> str:
    """Return the origin of an address (RFC 6454): its scheme, host and port; empty if none."""
    try:
        parts = urlsplit(address)
    except ValueError:  # not a valid address
        return ""
    return f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else ""


def keep_key(response: Response, key: str) -> None:
    """Make the browser keep an edit key for this site."""
    _forget(response, *(set(COOKIES) - {cookie_name()}))
    _set(response, key)


def forget_key(response: Response) -> None:
    """Make the browser forget the edit key that it keeps for this site."""
    _forget(response, *COOKIES)


def _set(response: Response, key: str) -> None:
    response.set_cookie(cookie_name(), key, max_age=COOKIE_AGE, **_scope(cookie_name()))


def _forget(response: Response, *names: str) -> None:
    """Make the browser forget the cookies of these names that it sent, or was sent."""
    for name in names:
        if name in request.cookies or name == cookie_name():
            response.delete_cookie(name, **_scope(name))


def _scope(name: str) -> "_Scope":
    """Return what browsers ask of a cookie of that name, and where it is sent."""
    # Other sites may share the host, but for where the name says otherwise.
    path = "/" if name.startswith("__Host-") else f"{request.script_root}/"
    is_secure = name != COOKIE or get_site().addresses.base_url.startswith("https:")
    return {"path": path, "httponly": True, "samesite": "Lax", "secure": is_secure}


class _Scope(TypedDict):
    """The attributes of a cookie, but for how long it is kept."""

    path: str
    httponly: bool
    samesite: str
    secure: bool


def _rename_cookie(response: Response) -> Response:
    """Set the cookie by its present name, where a browser has it by another one alone.

    Only with an answer that no cache keeps, and that says nothing of the cookie itself.
    """
    is_private = "no-store" in response.headers.get("Cache-Control", "")
    is_page = request.blueprint in PAGES and response.status_code < 400
    key = cookie_key() if is_private and is_page else None
    if key and cookie_name() not in request.cookies and "Set-Cookie" not in response.headers:
        _set(response, key)
    return response
