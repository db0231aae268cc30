"""An address or a path → a source, with no more trust than it deserves.

Names are looked up once, and the connection goes to the address that was checked: an answer
of the DNS that changes meanwhile leads nowhere else.  Each redirect is checked anew.  Proxies
that the environment names are not asked, because behind them nothing could be checked.
"""

import re
import socket
import ssl
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from threading import Thread, Timer
from time import monotonic
from typing import NamedTuple
from urllib.parse import urljoin

from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

import calsvc
from calsvc.errors import FetchError
from calsvc.importers.fetch.archives import read_file, too_large, unpacked
from calsvc.importers.fetch.networks import is_public
from calsvc.importers.fetch.pasted import raw
from calsvc.importers.fetch.sources import MAX_OCTETS, Source
from calsvc.importers.fetch.targets import Target, shown, target_of

MAX_REDIRECTS = 5
SECONDS = 30.0  # for all of it
CONNECTING = 10.0  # seconds, to one of the addresses of a host
CHUNK = 64 * 1024
MOST_TRIED = 3  # addresses of one host
LONGEST_WAIT = timedelta(days=1)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
AGENT = f"calsvc/{calsvc.__version__}"
WEB = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)

Resolve = Callable[[str, int], Iterable[str]]
"""Returns the IP addresses of a host; raises ``OSError`` for one that is unknown."""


class Validators(NamedTuple):
    """What an answer is known again by."""

    etag: str | None = None
    last_modified: str | None = None


NOTHING_KNOWN = Validators()


def resolved(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host, as the system finds them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def opened(place: str | Path, *, private: bool = False, resolve: Resolve = resolved) -> Source:
    """Return what is at an address or a path; ``-`` is standard input.

    Raises ``SourceError``.
    """
    if not WEB.match(str(place)):
        return read_file(str(place))
    found = fetched(str(place), private=private, resolve=resolve)
    assert found  # without validators, there is an answer
    return found[0]


def fetched(
    address: str,
    *,
    private: bool = False,
    validators: Validators = NOTHING_KNOWN,
    resolve: Resolve = resolved,
    seconds: float = SECONDS,
) -> tuple[Source, Validators] | None:
    """Return what is at an address, with its validators; None if ``validators`` still hold.

    ``private`` lets it be in a network of one's own.  Raises ``SourceError``, for what may be
    there later a ``FetchError``.
    """
    better = raw(re.sub(r"^webcal(s?)://", r"https://", address.strip(), flags=re.IGNORECASE))
    told = (better.told,) if better else ()
    wanted = better.address if better else address.strip()
    wanted = re.sub(r"^webcals?://", "https://", wanted, flags=re.IGNORECASE)
    visit = _Visit(private, validators, resolve, monotonic() + seconds)
    for _ in range(MAX_REDIRECTS + 1):
        answer = visit.ask(target_of(wanted))
        if isinstance(answer, str):
            wanted = answer
            continue
        if answer is None:
            return None
        source, known = answer
        return unpacked(replace(source, told=told)), known
    what = f"leads on to another address more than {MAX_REDIRECTS} times"
    raise FetchError(shown(address), what, "open it in a browser, and give where it ends")


@dataclass
class _Visit:
    """The requests that one address takes, all of them within one time."""

    private: bool
    validators: Validators
    resolve: Resolve
    deadline: float
    users: dict[str, str] = field(default_factory=dict)
    """Name and password, by the site that they are for."""

    def left(self, target: Target) -> float:
        """Return the seconds that are left.  Raises ``FetchError`` if none are."""
        left = self.deadline - monotonic()
        if left <= 0:
            raise FetchError(target.shown, "takes too long to answer", "try again later")
        return left

    def ask(self, target: Target) -> str | tuple[Source, Validators] | None:
        """Return what is at an address, the address that it leads to, or None if it is known."""
        failure: Exception | None = None
        for place in self._places(target)[:MOST_TRIED]:
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
                connection.request(
                    "GET", target.path, headers=self._headers(target), preload_content=False
                )
                with closing(connection.getresponse()) as response:
                    return self._answer(target, response)
            except (HTTPError, HTTPException, OSError, ValueError) as error:
                failure = error
                self.left(target)
                if sockets:  # whoever is there has answered, if badly
                    break
            finally:
                timer.cancel()
                connection.close()
        raise FetchError(target.shown, *_failed(failure)) from failure

    def _places(self, target: Target) -> list[str]:
        """Return the IP addresses of a host that may be asked."""
        found = self._looked_up(target)
        allowed = [each for each in found if self.private or is_public(each)]
        if found and not allowed:
            what = f"is in a private network ({found[0]})"
            raise FetchError(target.shown, what, "add --private if you mean that one")
        return allowed

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

    def _headers(self, target: Target) -> dict[str, str]:
        headers = {
            "Host": target.authority,
            "User-Agent": AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
        }
        if target.user:
            self.users[target.site] = target.user
        if user := self.users.get(target.site):
            headers.update(make_headers(basic_auth=user))
        if self.validators.etag:
            headers["If-None-Match"] = self.validators.etag
        if self.validators.last_modified:
            headers["If-Modified-Since"] = self.validators.last_modified
        return headers

    def _answer(
        self, target: Target, response: HTTPResponse
    ) -> str | tuple[Source, Validators] | None:
        headers = response.headers
        if response.status in REDIRECTS and (location := headers.get("Location")):
            return urljoin(target.address, location)
        if response.status == 304 and any(self.validators):
            return None
        if response.status != 200:
            raise _refused(target, response)
        octets = self._body(target, response)
        media_type, _, rest = headers.get("Content-Type", "").partition(";")
        charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", rest, re.IGNORECASE)
        source = Source(
            target.shown,
            octets,
            media_type.strip().lower(),
            charset[1].lower() if charset else "",
        )
        return source, Validators(headers.get("ETag"), headers.get("Last-Modified"))

    def _body(self, target: Target, response: HTTPResponse) -> bytes:
        octets = bytearray()
        while chunk := response.read(CHUNK, decode_content=True):
            octets += chunk
            if len(octets) > MAX_OCTETS:
                raise too_large(target.shown)
            self.left(target)
        self.left(target)  # or what ended is the connection, by its time
        return bytes(octets)


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
    if isinstance(error, ssl.SSLError) or "certificate" in text.casefold():
        reason = re.search(
            r"certificate verify failed: ([^(\]]+)|hostname '[^']*' doesn't match.*", text
        )
        what = (reason[1] or reason[0]).strip() if reason else "its certificate is not valid"
        return f"cannot be trusted: {what}", "ask whoever runs it, or download the file"
    if "timed out" in text:
        return "takes too long to answer", "try again later"
    if "refused" in text or "unreachable" in text:
        return "does not take connections", "check the address, or try again later"
    return "breaks off its answer", "try again later"


def _refused(target: Target, response: HTTPResponse) -> FetchError:
    """Return the error that an answer other than 200 is, with how long it asks to wait."""
    reason = f" ({response.reason})" if response.reason and response.reason.isprintable() else ""
    what = f"answers {response.status}{reason}"
    wait = _wait(response)
    if wait is not None:
        what += f", and asks to wait {round(wait.total_seconds())} seconds"
    if response.status in {401, 403}:
        advice = "make it public, or download the file"
    elif response.status in {404, 410}:
        advice = "check the address"
    else:
        advice = "try again later"
    return FetchError(target.shown, what, advice, wait)


def _wait(response: HTTPResponse) -> timedelta | None:
    """Return how long an answer asks to wait, a day at most; None if it does not say."""
    said = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", said, re.ASCII):
        return min(timedelta(seconds=int(said)), LONGEST_WAIT)
    until, now = (_date(text) for text in (said, response.headers.get("Date", "")))
    if until is None or now is None:
        return None
    return max(min(until - now, LONGEST_WAIT), timedelta(0))


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text) if text else None
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found and found.tzinfo else None
