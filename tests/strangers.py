"""Servers of somebody else on this machine, which answer as they like."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from threading import Thread

from calsvc.doctor.examples import Frame, document

CALENDAR = document(Frame.ENTRY, "")
SOUND = {
    "Content-Type": "text/calendar; charset=utf-8",
    "ETag": '"a1"',
    "Last-Modified": "Mon, 01 Mar 2027 12:00:00 GMT",
}


@dataclass(frozen=True)
class Reply:
    """What a server answers."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Beyond the length, which may be here, too, if it is not the true one."""
    body: bytes = b""


@dataclass(frozen=True)
class Asked:
    """What a server is asked."""

    method: str
    path: str
    headers: Mapping[str, str]


Answering = Callable[[Asked], Reply]


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients may hang up."""


@contextmanager
def answering_as(
    handler: type[BaseHTTPRequestHandler], tls: SSLContext | None = None
) -> Iterator[str]:
    """Serve on the loopback as a handler does while the block runs; give the address."""
    server = _Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def stranger(answer: Answering, tls: SSLContext | None = None) -> Iterator[str]:
    """Serve whatever a function answers while the block runs; give the address."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            reply = answer(Asked(self.command, self.path, dict(self.headers)))
            self.send_response_only(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)

        do_GET = do_HEAD = _answer

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with answering_as(Handler, tls) as address:
        yield address


def sound(asked: Asked, body: bytes = CALENDAR, **headers: str) -> Reply:
    """Answer as a sound server does: with a calendar, and with 304 to who has it.

    ``headers`` take the place of others, with ``_`` for ``-``; an empty one takes it away.
    """
    if asked.path == "/robots.txt":
        return Reply(404)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in {**SOUND, **given}.items() if value}
    if sent.get("ETag") and asked.headers.get("If-None-Match") == sent["ETag"]:
        return Reply(304, sent | {"Content-Length": "0"})
    return Reply(200, sent, body)
