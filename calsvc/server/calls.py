"""A whole request, and what the application answers to it by WSGI (PEP 3333)."""

import logging
import sys
from collections.abc import Callable, Iterable
from http import HTTPStatus
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from calsvc.web.sent import Sent, plain

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

OWN_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
"""Headers that WSGI names without HTTP_ in front."""
OF_THE_WAY = {"content-length", "transfer-encoding"}
"""Headers about how a body came; it is whole by now, and its length is counted."""

log = logging.getLogger(__name__)


class Call(NamedTuple):
    """A request, once it is whole."""

    method: str
    path: str
    """As WSGI has it: the octets that the address means, each as one character."""
    query: str
    version: str
    headers: list[tuple[str, str]]
    """Their names are in small letters."""
    client: str
    """The address of who calls."""
    body: bytes
    length: int
    """The octets of the body; more than those in ``body`` if it is too large to be read."""


def environ(call: Call, server: tuple[str, int]) -> "WSGIEnvironment":
    """Return a request as WSGI has it; ``server`` is the address that listens."""
    found: dict[str, Any] = {
        "REQUEST_METHOD": call.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": call.path,
        "QUERY_STRING": call.query,
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{'1.0' if call.version == '1' else call.version}",
        "REMOTE_ADDR": call.client,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(call.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in call.headers:
        # With an underscore it would pass for another header, which a proxy may have checked.
        if name in OF_THE_WAY or "_" in name:
            continue
        key = OWN_NAMES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"
        mark = "; " if name == "cookie" else ","
        found[key] = f"{found[key]}{mark}{value}" if key in found else value
    if call.length or any(name in OF_THE_WAY for name, _ in call.headers):
        found["CONTENT_LENGTH"] = str(call.length)
    return found


def answered(app: "WSGIApplication", environ: "WSGIEnvironment") -> Sent:
    """Return what an application answers; 500 if it raises anything."""
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start(status: str, headers: list[tuple[str, str]], _: object = None) -> Callable[..., Any]:
        begun[:] = [(status, headers)]
        return written.append

    try:
        parts: Iterable[bytes] = app(environ, start)
        try:
            written.extend(parts)
        finally:
            if close := getattr(parts, "close", None):
                close()
        ((status, headers),) = begun
        return Sent(status, headers, [b"".join(written)])
    except Exception:
        # The address is not told: it may hold a key.
        log.exception("A request [%s] was not answered.", environ["REQUEST_METHOD"])
        return plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong here.")
