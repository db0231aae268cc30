"""Many requests over few connections that are kept alive: a small stand-in for wrk.

``python -m bench.loader PORT FILE SECONDS CONNECTIONS FIRST`` sends the requests of a file, a
path and perhaps an ETag a line, from the line FIRST on, and prints what ``load`` reads.  It
takes far more CPU time than wrk, so less is left for the servers: for all of them.
"""

import selectors
import socket
import sys
from itertools import count
from pathlib import Path
from time import perf_counter

END_OF_HEAD = b"\r\n\r\n"
READ = 256 * 1024  # octets at once


class Connection:
    """A connection that sends one request after another."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self._begun = 0.0
        self._head = b""
        self._left: int | None = None

    def send(self, request: bytes) -> None:
        """Send a request; the answer to the one before has been read."""
        self._head, self._left = b"", None
        self._begun = perf_counter()
        self.socket.sendall(request)

    def read(self) -> tuple[int, float] | None:
        """Read what is there; return status and seconds once an answer is complete."""
        octets = self.socket.recv(READ)
        if not octets:
            raise ConnectionError("the server hung up")
        if self._left is None:
            self._head += octets
            head, end, body = self._head.partition(END_OF_HEAD)
            if not end:
                return None
            self._head = head
            self._left = _length(head) - len(body)
        else:
            self._left -= len(octets)
        if self._left:
            return None
        return int(self._head[9:12]), perf_counter() - self._begun


def _length(head: bytes) -> int:
    if head[9:12] == b"304":
        return 0
    (value,) = (
        line.partition(b":")[2]
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    )
    return int(value)


def _request(line: str) -> bytes:
    path, _, etag = line.partition("\t")
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{condition}\r\n".encode()


def main(port: str, file: str, seconds: str, connections: str, first: str) -> None:
    """Print answers, seconds, median and 99th percentile in µs, and the number of errors."""
    requests = [_request(line) for line in Path(file).read_text("utf-8").splitlines()]
    turn = (requests[number % len(requests)] for number in count(int(first)))
    taken, errors = [], 0
    with selectors.DefaultSelector() as selector:
        for _ in range(int(connections)):
            connection = Connection(int(port))
            selector.register(connection.socket, selectors.EVENT_READ, connection)
            connection.send(next(turn))
        begun = perf_counter()
        while (now := perf_counter()) - begun < float(seconds):
            for key, _ in selector.select(1):
                if (answer := key.data.read()) is None:
                    continue
                taken.append(answer[1])
                errors += answer[0] >= 400
                key.data.send(next(turn))
    taken.sort()
    middle, slow = (taken[int(len(taken) * part)] * 1e6 for part in (0.5, 0.99))
    print(len(taken), now - begun, middle, slow, errors)


if __name__ == "__main__":
    main(*sys.argv[1:])
