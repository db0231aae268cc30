"""What of a request is let in: how long its address and headers are, and a body that arrives.

This stands in front of Flask, whatever server is in front of it in turn.  Limits on what a body
holds are the application's (``MAX_CONTENT_LENGTH``), and those on time the server's.
"""

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_from_bytes

from werkzeug.exceptions import ClientDisconnected, HTTPException

from calsvc.web.sent import Sent, plain

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_ADDRESS = 16 * 1024  # octets of path and query: 100 ids of 80 characters fit
MAX_PASTED = 2 * 1024 * 1024  # octets of a form with a calendar in it; other bodies are small
MAX_HEADERS = 32 * 1024  # octets of names and values: other sites of a host may set many cookies
TOO_LONG = plain(HTTPStatus.REQUEST_URI_TOO_LONG, "This address is too long; ask for fewer values.")
TOO_MANY = plain(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "The headers are too long; send fewer, or delete the cookies of this site.",
)
AS_IT_IS = bytes(range(0x21, 0x7F)).decode()
"""What stays as it is in a query: all of ASCII that can be seen, also escapes."""


class Bounded:
    """Middleware that refuses what no browser and no calendar program sends."""

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer a request that is too long, or let the application answer."""
        query = environ.get("QUERY_STRING", "")
        if len(environ.get("PATH_INFO", "")) + len(query) > MAX_ADDRESS:
            return _refused(TOO_LONG, start_response)
        if _octets_of_headers(environ) > MAX_HEADERS:
            return _refused(TOO_MANY, start_response)
        # Some servers let octets in that an address has no room for (RFC 3986, 2); they mean
        # what their escapes mean, and may be no UTF-8.
        environ["QUERY_STRING"] = quote_from_bytes(query.encode("latin-1"), AS_IT_IS)
        environ["wsgi.input"] = _Arriving(environ["wsgi.input"])
        return self._app(environ, start_response)


def _octets_of_headers(environ: "WSGIEnvironment") -> int:
    given = ((name, value) for name, value in environ.items() if name.startswith("HTTP_"))
    return sum(len(name) + len(value) for name, value in given)


def _refused(answer: Sent, start_response: "StartResponse") -> Iterable[bytes]:
    start_response(answer.status, [*answer.headers])
    return answer.body


class _Arriving:
    """A body as a server gives it; one that cannot be read is the client's fault (400)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Return octets.  Raises ``ClientDisconnected``."""
        try:
            octets: bytes = self._stream.read(size)
        except HTTPException:
            raise
        except Exception as error:  # each server has errors of its own
            raise ClientDisconnected from error
        return octets
