"""Who may read what operators should know: names of hosts and files, and values in them.

That is whoever sends the token of the settings; and, where the site's own address is of this
machine, whoever asks on this machine without a proxy.  A site with a public address has a proxy
in front as a rule, and then everybody seems to ask on this machine.
"""

import hmac
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from calsvc.config import LOOPBACK
from calsvc.live.bulletin import UNWRITTEN
from calsvc.web.site import get_site

FORWARDING = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")
"""Headers by which a proxy says that it asks for somebody else."""


FOR_EVERYBODY = {UNWRITTEN}
"""Notices that name no host and no file."""


def is_operator() -> bool:
    """Tell whether the request may be told the details."""
    return _has_token() or _is_on_this_machine()


def _has_token() -> bool:
    token = get_site().operator_token
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    if token is None or scheme.casefold() != "bearer":
        return False
    digests = (sha256(each.encode("utf-8", "replace")).digest() for each in (token, sent.strip()))
    return hmac.compare_digest(*digests)


def _is_on_this_machine() -> bool:
    own = urlsplit(get_site().addresses.base_url).hostname
    try:
        asked = urlsplit(f"//{request.host}").hostname
        is_near = ip_address(request.remote_addr or "").is_loopback
    except ValueError:  # no host, or no address
        return False
    is_forwarded = any(name in request.headers for name in FORWARDING)
    return is_near and {own, asked} <= LOOPBACK and not is_forwarded
