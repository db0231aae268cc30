"""The headers by which browsers guard pages, by the kind of answer.

==============================  ========================================================
``Content-Security-Policy``     pages: nothing inline, nothing from other sites, and who
                                may frame them: nobody, but for the pages made for frames
``Permissions-Policy``          pages: no camera, no place, none of what no page here needs
``Cross-Origin-Opener-Policy``  pages: windows of other sites have no hold on them
``Cross-Origin-Resource-…``     pages, and all that is one person's: no other site loads it
``Strict-Transport-Security``   pages of a site whose address is https and a host of its
                                own: browsers never ask for it unencrypted again (RFC 6797)
==============================  ========================================================

What every answer has stands in ``caching``, because feeds are sent in front of Flask too.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, current_app

from calsvc.addresses import Addresses
from calsvc.config import Settings

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
UNUSED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid"),
    *("magnetometer", "microphone", "midi", "payment", "publickey-credentials-get"),
    *("screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)
"""What browsers offer to pages, and none of these needs."""
OF_PAGES = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT = "Strict-Transport-Security"
OWN = {"Cross-Origin-Resource-Policy": "same-origin"}
"""What no other site may load: pages, and all that is one person's."""
DAY = 24 * 60 * 60  # seconds


def init_app(app: Flask, settings: Settings, addresses: Addresses) -> None:
    """Let an application send the policies of its settings."""
    app.config["CONTENT_SECURITY_POLICY"] = settings.content_security_policy or PAGE_POLICY
    app.config["FRAME_ANCESTORS"] = settings.frame_ancestors
    app.after_request(_add)
    parts = urlsplit(addresses.base_url)
    # Below a path, others have the host too, and it is theirs to decide.
    is_strict = parts.scheme == "https" and not parts.path and settings.hsts_days
    encrypted = {STRICT: f"max-age={settings.hsts_days * DAY}"} if is_strict else {}
    app.config["PAGE_HEADERS"] = OF_PAGES | encrypted


def _add(response: Response) -> Response:
    headers = response.headers
    if response.mimetype == "text/html":
        headers.setdefault("Content-Security-Policy", current_app.config["CONTENT_SECURITY_POLICY"])
        headers.update(current_app.config["PAGE_HEADERS"])
        if "Access-Control-Allow-Origin" not in headers:
            headers.update(OWN)
    return response


def direct(response: Response, name: str, sources: str) -> None:
    """Give a page the Content-Security-Policy of all pages, with one directive replaced."""
    directives = current_app.config["CONTENT_SECURITY_POLICY"].split(";")
    others = [each.strip() for each in directives if each.split()[:1] != [name]]
    response.headers["Content-Security-Policy"] = "; ".join([*others, f"{name} {sources}"])
