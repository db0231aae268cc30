"""Clients that write and read octets themselves, because no library would send such requests."""

import re
import socket
from contextlib import suppress
from typing import NamedTuple

from waiting import PATIENCE


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    headers: dict[str, str]
    """By names in small letters."""
    body: bytes


class Wire:
    """A connection to a server on this machine."""

    def __init__(self, port: int, *, receives: int | None = None, within: float = PATIENCE) -> None:
        """``receives`` is the size of the buffer of the system in octets, if it matters."""
        self.socket = socket.socket()
        if receives:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        self.socket.settimeout(within)
        self.socket.connect(("127.0.0.1", port))
        self._read = bytearray()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, octets: bytes) -> "Wire":
        """Send octets as they are."""
        self.socket.sendall(octets)
        return self

    def reply(self, method: str = "GET") -> Reply:
        """Return the next answer, to a request by a method."""
        while (end := self._read.find(b"\r\n\r\n")) < 0:
            self._more()
        head = self._take(end + 4)[:-4]
        first, *lines = head.decode("latin-1").split("\r\n")
        found = re.fullmatch(r"HTTP/1\.1 (\d{3}) [ -~]+", first)
        assert found, first
        status = int(found[1])
        pairs = [line.split(": ", 1) for line in lines]
        headers = {name.lower(): value for name, value in pairs}
        assert len(headers) == len(lines), "a header came twice"
        if method == "HEAD" or status in {100, 204, 304}:
            return Reply(status, headers, b"")
        length = int(headers["content-length"])
        while len(self._read) < length:
            self._more()
        return Reply(status, headers, self._take(length))

    def _take(self, length: int) -> bytes:
        taken = bytes(self._read[:length])
        del self._read[:length]
        return taken

    def _more(self) -> None:
        octets = self.socket.recv(65536)
        assert octets, f"the server hung up after {self._read!r}"
        self._read += octets

    def drip(self, octets: bytes, read: int) -> None:
        """Send and read a little, as long as the server has not hung up."""
        with suppress(OSError):
            if octets:
                self.send(octets)
            if read:
                self.socket.recv(read)

    @property
    def is_over(self) -> bool:
        """Wait for what comes next, and tell whether it is the end."""
        assert not self._read
        try:
            return self.socket.recv(1) == b""
        except ConnectionResetError:
            return True


def ask(port: int, octets: bytes, method: str = "GET", within: float = PATIENCE) -> Reply:
    """Return the answer to a request that is sent alone.

    Raises ``TimeoutError`` if nothing comes within some seconds.
    """
    with Wire(port, within=within) as wire:
        return wire.send(octets).reply(method)


def request(
    target: str, *headers: str, method: str = "GET", body: bytes = b"", host: str = "example.org"
) -> bytes:
    """Return a request as it is sent; a body needs headers that say how it comes."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
