"""One request to an address, and what is taken of its answer, with no more trust than it deserves.

Names are looked up once, and the connection goes to the address that was checked: an answer
of the DNS that changes meanwhile leads nowhere else.  Proxies that the environment names are
not asked, because behind them nothing could be checked.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from threading import Thread, Timer
from time import monotonic
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

import calsvc
from calsvc.errors import FetchError
from calsvc.importers.fetch.archives import too_large
from calsvc.importers.fetch.networks import is_public
from calsvc.importers.fetch.sources import MAX_OCTETS
from calsvc.importers.fetch.targets import Target

SECONDS = 30.0  # for all that one address takes
CONNECTING = 10.0  # seconds, to one of the addresses of a host
CHUNK = 64 * 1024
MOST_TRIED = 3  # addresses of one host
AGENT = f"calsvc/{calsvc.__version__}"
BROKEN = (HTTPError, HTTPException, OSError, ValueError)
"""What a connection, or an answer that is none, raises."""
Taken = TypeVar("Taken")
Resolve = Callable[[str, int], Iterable[str]]
"""Returns the IP addresses of a host; raises ``OSError`` for one that is unknown."""


def resolved(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


class Request(NamedTuple):
    """What is asked of an address."""

    method: str = "GET"
    accept: str = "*/*"
    """Empty to send none."""
    encodings: str = "gzip, deflate"
    agent: str = AGENT
    headers: Mapping[str, str] = MappingProxyType({})
    """Any others."""


@dataclass
class Exchanges:
    """The exchanges that one address takes, all of them within one time."""

    private: bool
    """Whether it may be in a network of one's own."""
    resolve: Resolve
    deadline: float
    """By the clock ``monotonic``, in seconds."""
    users: dict[str, str] = field(default_factory=dict)
    """Name and password, by the site that they are for."""
    most: int = MAX_OCTETS
    """Octets of an answer, unpacked."""

    def left(self, target: Target) -> float:
        """Return the seconds that are left.  Raises ``FetchError`` if none are."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise FetchError(target.shown, "takes too long to answer", "try again later")
        return left

    def ask(
        self, target: Target, request: Request, take: Callable[[Target, HTTPResponse], Taken]
    ) -> Taken:
        """Return what ``take`` makes of the answer, while the connection is there.

        Raises ``FetchError`` where there is no answer, or none in time.
        """
        failure: Exception | None = None
        for place in self.places(target)[:MOST_TRIED]:
            connection = self._connection(target, place)
            sockets: list[socket.socket] = []
            timer = Timer(self.left(target), _hang_up, [connection, sockets])
            timer.daemon = True
            timer.start()
            try:
                connection.connect()
                assert connection.sock  # now it is connected
                sockets.append(connection.sock)
                connection.sock.settimeout(self.left(target))
                headers = self._headers(target, request)
                connection.request(
                    request.method, target.path, headers=headers, preload_content=False
                )
                with closing(connection.getresponse()) as response:
                    return take(target, response)
            except BROKEN as error:
                failure = error
                self.left(target)
                if sockets:  # whoever is there has answered, if badly
                    break
            finally:
                timer.cancel()
                connection.close()
        raise FetchError(target.shown, *_failed(failure)) from failure

    def chunks(self, target: Target, response: HTTPResponse) -> Iterator[bytes]:
        """Yield the octets of an answer as they come, unpacked.

        Raises ``SourceError`` for more than anybody wants, and what is in ``BROKEN`` for an
        answer that is cut off.
        """
        number = 0
        while chunk := response.read(CHUNK, decode_content=True):
            number += len(chunk)
            if number > self.most:
                raise too_large(target.shown, self.most)
            self.left(target)
            yield chunk
        self.left(target)  # or what ended is the connection, by its time

    def places(self, target: Target) -> list[str]:
        """Return the IP addresses of a host that may be asked.

        Raises ``FetchError`` for a host that is unknown, or that nobody else can reach.
        """
        found = self._looked_up(target)
        allowed = [each for each in found if self.private or is_public(each)]
        if found and not allowed:
            what = f"is in a private network ({found[0]})"
            raise FetchError(target.shown, what, "add --private if you mean that one")
        return allowed

    def refuses(self, target: Target, place: str) -> bool:
        """Tell whether nothing takes connections at an IP address of a host."""
        try:
            with socket.create_connection((place, target.port), timeout=self.left(target)):
                return False
        except ConnectionRefusedError:
            return True
        except OSError:  # what is between here and there may be what fails
            return False

    def _looked_up(self, target: Target) -> list[str]:
        """Look a host up, in a thread: the system's way of it cannot be told to stop."""
        found: list[str] = []
        errors: list[Exception] = []

        def look_up() -> None:
            try:
                found.extend(self.resolve(target.host, target.port))
            except (OSError, UnicodeError) as error:
                errors.append(error)

        thread = Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(self.left(target))
        self.left(target)
        if not found:
            what = f"the host {target.host!r} is not known"
            raise FetchError(target.shown, what, "check the address") from next(iter(errors), None)
        return found

    def _connection(self, target: Target, place: str) -> HTTPConnection:
        left = min(self.left(target), CONNECTING)
        if target.scheme == "http":
            return HTTPConnection(place, target.port, timeout=left)
        return HTTPSConnection(
            place,
            target.port,
            timeout=left,
            ssl_context=ssl.create_default_context(),
            server_hostname=target.host,
        )

    def _headers(self, target: Target, request: Request) -> dict[str, str]:
        headers = {"Host": target.authority, "User-Agent": request.agent}
        if request.accept:
            headers["Accept"] = request.accept
        headers["Accept-Encoding"] = request.encodings
        if target.user:
            self.users[target.site] = target.user
        if user := self.users.get(target.site):
            headers.update(make_headers(basic_auth=user))
        return {**headers, **request.headers}


def _hang_up(connection: HTTPConnection, sockets: Iterable[socket.socket]) -> None:
    """End a connection whatever it waits for: a server may send an octet now and then for ever.

    ``sockets`` are those that an answer is read from, which a connection may have given away.
    """
    for each in (*sockets, connection.sock):
        if each:
            with suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(each, socket.SHUT_RDWR)


def _failed(error: Exception | None) -> tuple[str, str]:
    """Return what went wrong with a connection, and what to do."""
    text = str(error)
    if "timed out" in text:
        return "takes too long to answer", "try again later"
    if "certificate" in text.casefold():
        reason = re.search(
            r"certificate verify failed: ([^(\]]+)|hostname '[^']*' doesn't match.*", text
        )
        what = (reason[1] or reason[0]).strip() if reason else "its certificate is not valid"
        return f"cannot be trusted: {what}", "ask whoever runs it, or download the file"
    if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
        return (
            "does not answer with encryption",
            "check the address: its port, and http:// or https://",
        )
    if "refused" in text or "unreachable" in text:
        return "does not take connections", "check the address, or try again later"
    return "breaks off its answer", "try again later"
