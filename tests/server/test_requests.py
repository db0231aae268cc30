"""Requests as they come over a socket: what is read, what is refused, and in which order."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any
from wsgiref.validate import validator

import pytest
from conftest import schedule_of
from flask import Flask, Response
from flask import request as asked
from people import AGENDA
from servers import answering
from sockets import Reply, Wire, ask, request

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.web.app import MAX_BODY, create_app

FEED = "/events/conf.ics"
FORM = ("Content-Type: application/x-www-form-urlencoded", "Origin: http://example.org")
CHUNKED = (*FORM, "Transfer-Encoding: chunked")


def told() -> dict[str, object]:
    """Return what an application gets of a request."""
    return {
        "method": asked.method,
        "path": asked.path,
        "query": asked.query_string.decode("latin-1"),
        "headers": {name.lower(): value for name, value in asked.headers},
        "body": asked.get_data().decode("latin-1"),
        "host": asked.host,
        "caller": asked.remote_addr,
    }


@pytest.fixture(scope="module")
def app() -> Flask:
    """A site with one event, and a view that tells what it is asked."""
    app = create_app(Live([schedule_of(AGENDA)], "http://example.org"), None, Settings(proxies=1))
    methods = ["GET", "POST", "PUT", "PROPFIND"]
    app.add_url_rule("/echo/<path:rest>", view_func=lambda rest: told(), methods=methods)
    return app


@pytest.fixture(scope="module")
def port(app: Flask) -> Iterator[int]:
    """The port of a worker that serves it."""
    with answering(app) as port:
        yield port


def echo(port: int, octets: bytes) -> dict[str, object]:
    """Return what the application got of a request."""
    reply = ask(port, octets)
    assert reply.status == 200, reply
    told: dict[str, object] = Response(reply.body, mimetype="application/json").get_json()
    return told


# --- what is read -------------------------------------------------------------------------


def test_application_gets_a_request_as_it_came(port: int) -> None:
    got = echo(port, request("/echo/a%20b/%C3%A4?q=%20+&q", "X-One: 1", "X-One: 2", "Cookie: a=b"))

    assert got == {
        "method": "GET",
        "path": "/echo/a b/ä",
        "query": "q=%20+&q",
        "headers": {"host": "example.org", "x-one": "1,2", "cookie": "a=b"},
        "body": "",
        "host": "example.org",
        "caller": "127.0.0.1",
    }


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_application_is_called_as_the_standard_has_it(method: str) -> None:
    def app(environ: dict[str, Any], start: Callable[..., object]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
        start("200 OK", [("Content-Type", "text/plain")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body, b"."]

    plain = Flask("plain")
    plain.wsgi_app = validator(app)  # type: ignore[method-assign,assignment,arg-type]
    sent = () if method != "POST" else ("Content-Length: 2", "Content-Type: text/plain")
    octets = request("/a%20b?c", "X-One: 1", *sent, method=method, body=b"ab" if sent else b"")

    with answering(plain) as port:
        reply = ask(port, octets, method)

    body = {"GET": b".", "HEAD": b"", "POST": b"ab."}[method]
    assert (reply.status, reply.body) == (200, body)


def test_target_may_have_letters_of_all_languages(port: int) -> None:
    got = echo(port, request("/echo/ä?q=münchen"))

    assert (got["path"], got["query"]) == ("/echo/ä", "q=m%C3%BCnchen")


def test_target_may_name_the_host(port: int) -> None:
    got = echo(port, request("http://other.example:81/echo/x?y", host="example.org"))

    assert (got["path"], got["query"], got["host"]) == ("/echo/x", "y", "other.example:81")


def test_header_that_passes_for_another_is_left_out(port: int) -> None:
    got = echo(port, request("/echo/x", "X_Forwarded_For: 192.0.2.1"))

    assert got["caller"] == "127.0.0.1"
    assert echo(port, request("/echo/x", "X-Forwarded-For: 192.0.2.1"))["caller"] == "192.0.2.1"


def test_body_comes_whole_or_in_chunks(port: int) -> None:
    whole = echo(port, request("/echo/x", "Content-Length: 5", method="POST", body=b"a=b&c"))
    chunks = b"2\r\na=\r\n3;some=thing\r\nb&c\r\n0\r\nX-Late: 1\r\n\r\n"
    parts = echo(port, request("/echo/x", CHUNKED[-1], method="POST", body=chunks))

    assert whole["body"] == parts["body"] == "a=b&c"
    assert parts["headers"] == {"host": "example.org", "content-length": "5"}


def test_request_may_come_octet_by_octet(port: int) -> None:
    octets = request("/echo/x?y", "Content-Length: 2", method="PUT", body=b"ab")

    with Wire(port) as wire:
        for octet in octets:
            wire.send(bytes([octet]))
        reply = wire.reply()

    assert (reply.status, b'"body":"ab"' in reply.body.replace(b" ", b"")) == (200, True)


def test_client_that_asks_first_is_told_to_go_on(port: int) -> None:
    headers = ("Content-Length: 3", "Expect: 100-continue")

    with Wire(port) as wire:
        wire.send(request("/echo/x", *headers, method="POST"))
        first = wire.reply()
        second = wire.send(b"abc").reply()

    assert first == Reply(100, {}, b"")
    assert (second.status, b"abc" in second.body) == (200, True)


def test_client_that_asks_first_with_too_much_is_told_at_once(port: int) -> None:
    headers = (*FORM, f"Content-Length: {MAX_BODY + 1}", "Expect: 100-continue")

    reply = ask(port, request("/my/add", *headers, method="POST"))

    assert reply.status == 413


# --- connections --------------------------------------------------------------------------


def test_answers_come_in_the_order_of_requests(port: int) -> None:
    ask(port, request(FEED))  # so that it is answered from memory, and quicker than a page

    with Wire(port) as wire:
        wire.send(request("/events/conf/") + request(FEED) + request("/echo/x") + request(FEED))
        replies = [wire.reply() for _ in range(4)]
        again = wire.send(request(FEED)).reply()

    kinds = [each.headers["content-type"].partition(";")[0] for each in replies]
    assert kinds == ["text/html", "text/calendar", "application/json", "text/calendar"]
    assert replies[1].body == replies[3].body == again.body


def test_more_requests_at_once_than_anybody_sends_are_answered_in_part(port: int) -> None:
    with Wire(port) as wire:
        wire.send(request("/events/conf/") + request("/healthz") * 200)
        replies = [wire.reply() for _ in range(64)]

        assert {each.status for each in replies} == {200}
        assert [each.headers.get("connection") for each in replies[-2:]] == [None, "close"]
        assert wire.is_over


@pytest.mark.parametrize("target", [FEED, "/events/conf/", "/nowhere"])
def test_head_has_the_headers_of_get_and_no_body(port: int, target: str) -> None:
    whole = ask(port, request(target))

    with Wire(port) as wire:
        wire.send(request(target, method="HEAD") + request("/healthz"))
        head = wire.reply("HEAD")
        after = wire.reply()

    assert (head.status, head.headers["content-length"]) == (whole.status, str(len(whole.body)))
    assert after.body == b"ok\n"


@pytest.mark.parametrize(
    ("line", "header", "said"),
    [
        ("HTTP/1.1", "", None),
        ("HTTP/1.1", "Connection: close\r\n", "close"),
        ("HTTP/1.0", "", "close"),
        ("HTTP/1.0", "Connection: keep-alive\r\n", "keep-alive"),
    ],
)
@pytest.mark.parametrize("target", [FEED, "/healthz"])
def test_connection_goes_on_as_the_client_wants(
    port: int, line: str, header: str, said: str | None, target: str
) -> None:
    octets = f"GET {target} {line}\r\nHost: example.org\r\n{header}\r\n".encode()

    with Wire(port) as wire:
        for _ in range(2):
            reply = wire.send(octets).reply()
            assert (reply.status, reply.headers.get("connection")) == (200, said)
            if said == "close":
                assert wire.is_over
                return


def test_protocol_that_is_not_spoken_is_not_changed_to(port: int) -> None:
    with Wire(port) as wire:
        wire.send(request("/healthz", "Connection: Upgrade", "Upgrade: h2c") + b"PRI * HTTP/2.0")
        reply = wire.reply()

        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert wire.is_over


def test_client_that_has_sent_all_still_gets_its_answer(port: int) -> None:
    with Wire(port) as wire:
        wire.send(request("/events/conf/"))
        wire.socket.shutdown(1)  # SHUT_WR

        assert wire.reply().status == 200
        assert wire.is_over


def test_large_answer_arrives_whole_at_a_client_that_reads_little_at_a_time() -> None:
    body = b"".join(b"%07d\n" % number for number in range(500_000))
    large = Flask("large")
    large.add_url_rule("/", view_func=lambda: Response(body))

    with answering(large) as port, Wire(port, receives=16_384) as wire:
        wire.send(request("/") * 2)
        bodies = [wire.reply().body for _ in range(2)]

    assert bodies == [body, body]


# --- what is refused ----------------------------------------------------------------------

LINE = "GET /healthz HTTP/1.1"
HOST = "Host: a"
WRONG = {
    "no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no host": f"{LINE}\r\n\r\n".encode(),
    "two hosts": f"{LINE}\r\n{HOST}\r\nHost: b\r\n\r\n".encode(),
    "space before colon": f"{LINE}\r\nHost : a\r\n\r\n".encode(),
    "folded header": f"{LINE}\r\n{HOST}\r\nX: 1\r\n 2\r\n\r\n".encode(),
    "no CR": f"{LINE}\n{HOST}\n\n".encode(),
    "lone CR": f"{LINE}\r\n{HOST}\r\nX: 1\rY: 2\r\n\r\n".encode(),
    "NUL": f"{LINE}\r\n{HOST}\r\nX: 1\0\r\n\r\n".encode(),
    "space in target": f"GET /health z HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "target without slash": f"GET healthz HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "tunnel": f"CONNECT a:1 HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "length and chunks": f"POST / HTTP/1.1\r\n{HOST}\r\nContent-Length: 1\r\n"
    "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
    "two lengths": f"POST / HTTP/1.1\r\n{HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
    "\r\nab".encode(),
    "negative length": f"POST / HTTP/1.1\r\n{HOST}\r\nContent-Length: -1\r\n\r\n".encode(),
    "unknown coding": f"POST / HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: gzip\r\n\r\n".encode(),
    "bad chunk": request("/my/add", *CHUNKED, method="POST", body=b"5\r\nevent\r\nXYZ\r\n"),
    "chunk longer than it says": request(
        "/my/add", *CHUNKED, method="POST", body=b"2\r\nevent\r\n0\r\n\r\n"
    ),
}


@pytest.mark.parametrize("octets", WRONG.values(), ids=WRONG.keys())
def test_request_that_means_nothing_or_two_things_is_refused(port: int, octets: bytes) -> None:
    with Wire(port) as wire:
        reply = wire.send(octets).reply()

        assert reply.status == 400
        assert reply.body == b"This is no request that can be understood.\n"
        assert reply.headers["connection"] == "close"
        assert wire.is_over


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        (f"BREW / HTTP/1.1\r\n{HOST}\r\n\r\n".encode(), 501),
        (f"GET / HTTP/2.0\r\n{HOST}\r\n\r\n".encode(), 505),
        (b"GET /\r\n\r\n", 505),
        (request("/", "X-Long: " + "x" * 100_000), 431),
        (request("/", *(f"X-{number}: x" for number in range(1000))), 431),
        (request("/" + "x" * 300_000), 431),
    ],
    ids=["method", "version", "no version", "long header", "many headers", "long target"],
)
def test_request_that_is_not_taken_is_told_why(port: int, octets: bytes, status: int) -> None:
    with Wire(port) as wire:
        reply = wire.send(octets).reply()

        assert (reply.status, reply.headers["content-type"][:10]) == (status, "text/plain")
        assert wire.is_over


def test_head_that_never_ends_is_refused_before_it_ends(port: int) -> None:
    with Wire(port) as wire:
        wire.send(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 100_000)

        assert wire.reply().status == 431


def test_requests_before_a_wrong_one_are_answered_first(port: int) -> None:
    with Wire(port) as wire:
        wire.send(request("/events/conf/") + request("/healthz") + WRONG["folded header"])

        assert [wire.reply().status for _ in range(3)] == [200, 200, 400]
        assert wire.is_over


@pytest.mark.parametrize("is_chunked", [False, True])
def test_body_that_is_too_large_is_refused_in_the_words_of_the_site(
    port: int, is_chunked: bool
) -> None:
    size = 2 * MAX_BODY
    how = "Transfer-Encoding: chunked" if is_chunked else f"Content-Length: {size}"
    body = b"%x\r\n%s\r\n0\r\n\r\n" % (size, b"x" * size) if is_chunked else b"x" * size

    with Wire(port) as wire:
        reply = wire.send(request("/my/add", *FORM, how, method="POST", body=body)).reply()

        assert (reply.status, b"This is too much at once." in reply.body) == (413, True)
        assert reply.headers["connection"] == "close"
        assert wire.is_over


def test_fault_of_the_application_is_a_500_without_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = Flask("broken")
    broken.wsgi_app = lambda *_: 1 / 0  # type: ignore[method-assign,assignment,return-value]

    with answering(broken) as port, Wire(port) as wire:
        replies = [wire.send(request("/my/secret/x.ics")).reply() for _ in range(2)]

    assert [each.status for each in replies] == [500, 500]
    assert replies[0].body == b"Something went wrong here.\n"
    assert [record.getMessage() for record in caplog.records] == [
        "A request [GET] was not answered."
    ] * 2
    assert "secret" not in caplog.text


def test_header_with_a_line_break_is_never_sent() -> None:
    split = Flask("split")

    def app(environ: object, start: Callable[..., object]) -> list[bytes]:
        start("200 OK", [("X-Name", "a\r\nSet-Cookie: b")])
        return [b""]

    split.wsgi_app = app  # type: ignore[method-assign,assignment]

    with answering(split) as port:
        reply = ask(port, request("/"))

    assert (reply.status, "set-cookie" in reply.headers) == (500, False)


# --- the end ------------------------------------------------------------------------------


def test_request_under_way_is_finished_before_the_worker_ends() -> None:
    begun, go_on = Event(), Event()
    slow = Flask("slow")

    def view() -> str:
        begun.set()
        go_on.wait()
        return "done"

    slow.add_url_rule("/", view_func=view)
    server = answering(slow)
    port = server.__enter__()
    with Wire(port) as busy, Wire(port) as idle:
        busy.send(request("/"))
        begun.wait()
        go_on.set()
        server.__exit__(None, None, None)

        assert busy.reply().body == b"done"
        assert idle.is_over
