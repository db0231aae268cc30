"""How each request is answered: at once from memory, or in a thread once it is whole.

RSGI is granian's own interface to Python: a coroutine for each request, in one thread.
"""

import asyncio
import logging
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask
from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from calsvc.addresses import PATHS
from calsvc.answers import Request
from calsvc.server.calls import Call, answered, environ
from calsvc.server.lanes import KINDS, Lane, kind_of
from calsvc.web.app import MAX_BODY
from calsvc.web.bounds import MAX_PASTED
from calsvc.web.busy import Busy
from calsvc.web.finished import FINISHED, FinishedFeeds
from calsvc.web.personal_feeds import PERSONAL_FEEDS, PersonalFeeds
from calsvc.web.sent import Sent, plain
from calsvc.web.site import EXTENSION

if TYPE_CHECKING:
    from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]

BODY_TIMEOUT = 20.0  # seconds in which the body of a request must come
CONDITIONS = ("if-none-match", "if-modified-since", "if-match", "accept-encoding")
"""The headers of an ``answers.Request``, in its order."""
NO_REQUEST = plain(HTTPStatus.BAD_REQUEST, "This is no request that can be understood.")
LENGTH_REQUIRED = plain(  # granian does not tell chunks that end too soon from whole ones
    HTTPStatus.LENGTH_REQUIRED, "Please say how long this is, by Content-Length."
)
TOO_LATE = plain(HTTPStatus.REQUEST_TIMEOUT, "This request did not come in time; please try again.")

log = logging.getLogger(__name__)


class Gateway:
    """An application as granian asks it, in one worker."""

    def __init__(self, app: Flask, server: tuple[str, int], below: str = "") -> None:
        """``server`` is the address that listens; requests may have ``below`` in front."""
        self._app = app
        self._finished: FinishedFeeds | None = app.extensions.get(FINISHED)
        self._personal: PersonalFeeds | None = app.extensions.get(PERSONAL_FEEDS)
        self._busy = Busy(app)
        self._figures = app.extensions[EXTENSION].figures
        self._server = server
        self._below = below
        self._lanes = {kind: Lane(kind) for kind in KINDS}

    async def answer(self, scope: "Scope", protocol: "HTTPProtocol") -> None:
        """Answer a request."""
        address = self._path(_as_wsgi(scope.path)), _as_wsgi(scope.query_string)
        asked = Request(scope.method, *map(scope.headers.get, CONDITIONS))
        found = self._finished and self._finished.at_once(address, asked)
        status, headers, (body,) = found or await self._in_time(address, asked, scope, protocol)
        code = int(status[:3])
        if asked.method == "HEAD" or not body:
            protocol.response_empty(code, headers)
        else:
            protocol.response_bytes(code, headers, body)
        try:
            self._figures.answered(scope.headers.get("user-agent") or "", *address, code)
        except Exception:  # the answer is on its way, and no count is worth more than that
            log.debug("An answer was not counted.", exc_info=True)

    async def _in_time(
        self, address: tuple[str, str], asked: Request, scope: "Scope", protocol: "HTTPProtocol"
    ) -> Sent:
        """Return the answer to a request that is not finished in memory, once it is whole."""
        headers = scope.headers.items()
        hosts = sum(name == "host" for name, _ in headers)
        if scope.path[:1] != "/" or hosts > 1 or (not hosts and scope.http_version != "1"):
            return NO_REQUEST  # RFC 9112, 3.2
        about = dict(headers)
        if "transfer-encoding" in about:
            return LENGTH_REQUIRED
        body, length = b"", int(about.get("content-length", 0))
        most = MAX_PASTED if PATHS.is_of_doctor(address[0]) else MAX_BODY
        if 0 < length <= most:  # else the application says that it is too large
            try:
                async with asyncio.timeout(BODY_TIMEOUT):
                    body = await protocol()
            except TimeoutError:
                return TOO_LATE
            except ProtocolClosed:  # it is shorter than it says
                return NO_REQUEST
        call = Call(
            asked.method,
            _as_wsgi(scope.path),
            address[1],
            scope.http_version,
            headers,
            scope.client.rpartition(":")[0].strip("[]"),
            body,
            length,
        )
        lane = self._lanes[kind_of(call, address[0])]
        made = await lane.answer(partial(self._made, call, address, asked))
        return made or self._busy.answer(address[0], about.get("accept-language", ""))

    def _made(self, call: Call, address: tuple[str, str], asked: Request) -> Sent:
        """Return the answer to a whole request, in a thread."""
        noted: dict[str, Any] = {}
        if self._personal and (found := self._personal.answer(address, asked, noted)):
            return found
        return answered(self._app.wsgi_app, environ(call, self._server) | noted)

    def _path(self, path: str) -> str:
        """Return the path of a request as the application has it."""
        if self._below and f"{path}/".startswith(f"{self._below}/"):
            return path.removeprefix(self._below)
        return path


def _as_wsgi(text: str) -> str:
    """Return a part of an address as WSGI has it: each octet as one character."""
    return text if text.isascii() else text.encode().decode("latin-1")
