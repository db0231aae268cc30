"""The addresses that are fetched, in the parts that a request needs."""

import re
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from calsvc.agenda.fields import ascii_host
from calsvc.errors import FetchError

WEB = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
"""How an address begins that is no path."""
PORTS = {"http": 80, "https": 443}
REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses of answers that lead to another address."""
SECRET = re.compile(r"([?&;][^=&;]*(?:token|key|secret|sig|auth|pass|code)[^=&;]*=)[^&;#]+", re.I)


def shown(address: str) -> str:
    """Return an address for messages: without passwords and keys."""
    return SECRET.sub(r"\1…", re.sub(r"(?<=://)[^/?#]*@", "", address))


class Target(NamedTuple):
    """An address, in its parts."""

    scheme: str
    host: str
    port: int
    path: str
    user: str | None
    """Name and password, as they are sent."""

    @property
    def address(self) -> str:
        """Return the address without name and password."""
        return f"{self.site}{self.path}"

    @property
    def site(self) -> str:
        """Return the part of the address that names the server."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Return host and port, as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = PORTS[self.scheme]
        return host if self.port == usual else f"{host}:{self.port}"

    @property
    def shown(self) -> str:
        """Return the address for messages."""
        return shown(self.address)


def target_of(address: str) -> Target:
    """Return the parts of an address.  Raises ``FetchError`` for what is none of the web."""
    advice = "give one that starts with https:// or http://"
    try:
        parts = urlsplit(address)
        host = ascii_host(parts.hostname or "")
        port = parts.port or PORTS[parts.scheme]
        path = quote(parts.path, safe="/%:@!$&'()*+,;=~")
        query = quote(parts.query, safe="/%:@!$&'()*+,;=~?[]")
    except (ValueError, KeyError) as error:
        raise FetchError(shown(address), "is no web address", advice) from error
    if not host or re.search(r"[\s\x00-\x20\x7f]", host):
        raise FetchError(shown(address), "is no web address", advice)
    user = f"{parts.username or ''}:{parts.password or ''}" if "@" in parts.netloc else None
    return Target(parts.scheme, host, port, urlunsplit(("", "", path or "/", query, "")), user)


def redirected(address: str) -> Target:
    """Return the parts of an address that a redirect leads to.  Raises ``FetchError``.

    No name and password of it are used: nobody's server has passwords tried elsewhere.
    """
    return target_of(address)._replace(user=None)
