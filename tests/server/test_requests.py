"""Requests as they come over a socket: what is read, what is refused, and in which order."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from threading import Timer
from typing import Any
from wsgiref.validate import validator

import pytest
from conftest import schedule_of
from flask import Flask, Response
from flask import request as asked
from people import AGENDA
from servers import answering
from sockets import Reply, Wire, ask, request
from waiting import eventually

from calsvc.config import Settings
from calsvc.errors import StorageError
from calsvc.live.events import Live
from calsvc.server import gateway, lanes
from calsvc.server.calls import Call, answered, environ
from calsvc.storage.calendars import Calendars
from calsvc.storage.database import Database
from calsvc.web.app import MAX_BODY, create_app
from calsvc.web.site import EXTENSION

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


def site(calendars: Calendars | None = None) -> Flask:
    """Return a site with one event, and a doctor."""
    live = Live([schedule_of(AGENDA)], "http://example.org")
    return create_app(live, calendars, Settings(proxies=1, doctor=True))


@pytest.fixture(scope="module")
def app() -> Flask:
    """A site with a view that tells what it is asked."""
    app = site()
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

    plain = site()
    plain.wsgi_app = validator(app)  # type: ignore[method-assign,assignment,arg-type]
    sent = () if method != "POST" else ("Content-Length: 2", "Content-Type: text/plain")
    octets = request("/a%20b?c", "X-One: 1", *sent, method=method, body=b"ab" if sent else b"")

    with answering(plain) as port:
        reply = ask(port, octets, method)

    body = {"GET": b".", "HEAD": b"", "POST": b"ab."}[method]
    assert (reply.status, reply.body) == (200, body)


def test_target_may_have_letters_of_all_languages(port: int) -> None:
    got = echo(port, request("/echo/ä?q=münchen"))

    assert got["path"] == "/echo/ä"
    assert got["query"] == "q=m%C3%BCnchen"


def test_header_that_passes_for_another_is_left_out(port: int) -> None:
    got = echo(port, request("/echo/x", "X_Forwarded_For: 192.0.2.1"))

    assert got["caller"] == "127.0.0.1"
    assert echo(port, request("/echo/x", "X-Forwarded-For: 192.0.2.1"))["caller"] == "192.0.2.1"


def test_body_comes_whole(port: int) -> None:
    assert echo(port, request("/echo/x", "Content-Length: 5", method="POST", body=b"a=b&c"))[
        "body"
    ] == ("a=b&c")


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


def test_large_answer_arrives_whole_at_a_client_that_reads_little_at_a_time() -> None:
    body = b"".join(b"%07d\n" % number for number in range(500_000))
    large = site()
    large.add_url_rule("/large", view_func=lambda: Response(body))

    with answering(large) as port, Wire(port, receives=16_384) as wire:
        wire.send(request("/large") * 2)
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
    "lone CR": f"{LINE}\r\n{HOST}\r\nX: 1\rY: 2\r\n\r\n".encode(),
    "NUL": f"{LINE}\r\n{HOST}\r\nX: 1\0\r\n\r\n".encode(),
    "space in target": f"GET /health z HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "target without slash": f"GET healthz HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "tunnel": f"CONNECT a:1 HTTP/1.1\r\n{HOST}\r\n\r\n".encode(),
    "two lengths": f"POST / HTTP/1.1\r\n{HOST}\r\nContent-Length: 1\r\nContent-Length: 2\r\n"
    "\r\nab".encode(),
    "negative length": f"POST / HTTP/1.1\r\n{HOST}\r\nContent-Length: -1\r\n\r\n".encode(),
    "unknown coding": f"POST / HTTP/1.1\r\n{HOST}\r\nTransfer-Encoding: gzip\r\n\r\n".encode(),
}


@pytest.mark.parametrize("octets", WRONG.values(), ids=WRONG.keys())
def test_request_that_means_nothing_or_two_things_is_refused(port: int, octets: bytes) -> None:
    assert ask(port, octets).status == 400


@pytest.mark.parametrize("body", [b"2\r\na=\r\n0\r\n\r\n", b"5\r\nevent\r\nXYZ\r\n", b"9\r\nev"])
def test_body_in_chunks_is_refused_because_none_tells_whether_it_is_whole(
    port: int, body: bytes
) -> None:
    reply = ask(port, request("/my/add", *CHUNKED, method="POST", body=body))

    assert (reply.status, b"Content-Length" in reply.body) == (411, True)


@pytest.mark.parametrize(
    "octets",
    [
        request("/", *(f"X-{number}: x" for number in range(1000))),
        request("/" + "x" * 300_000),
        request("/", "X-Long: " + "x" * 300_000),
    ],
    ids=["many headers", "long target", "long header"],
)
def test_head_that_is_too_large_is_refused(port: int, octets: bytes) -> None:
    assert ask(port, octets).status == 431


def test_body_that_is_too_large_is_refused_in_the_words_of_the_site(port: int) -> None:
    size = 2 * MAX_BODY
    octets = request("/my/add", *FORM, f"Content-Length: {size}", method="POST", body=bytes(size))

    reply = ask(port, octets)

    assert (reply.status, b"This is too much at once." in reply.body) == (413, True)


@pytest.mark.slow
def test_calendar_for_the_doctor_may_be_larger_than_other_bodies(port: int) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n%s\r\n--x--\r\n'
    body = part % (b"x" * MAX_BODY)
    form = ("Content-Type: multipart/form-data; boundary=x", "Origin: http://example.org")
    length = f"Content-Length: {len(body)}"

    reply = ask(port, request("/doctor", *form, length, method="POST", body=body))

    assert (reply.status, b"pasted text" in reply.body) == (200, True)


def test_fault_of_the_application_is_a_500_without_the_address(
    caplog: pytest.LogCaptureFixture,
) -> None:
    call = Call("GET", "/my/secret/x.ics", "", "1.1", [], "192.0.2.1", b"", 0)

    sent = answered(lambda *_: 1 / 0, environ(call, ("127.0.0.1", 8000)))  # type: ignore[arg-type]

    assert (sent.status, sent.body) == (
        "500 Internal Server Error",
        [b"Something went wrong here.\n"],
    )
    assert [each.getMessage() for each in caplog.records] == ["A request [GET] was not answered."]
    assert "secret" not in caplog.text


def test_fault_while_counting_fails_no_answer(app: Flask) -> None:
    app.extensions[EXTENSION].figures.answered = lambda *_: 1 / 0

    with answering(app) as port:
        replies = [ask(port, request("/healthz")) for _ in range(2)]

    assert [each.status for each in replies] == [200, 200]


# --- clients that are slow, and storage that hangs ----------------------------------------


def test_body_that_does_not_come_is_not_waited_for(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "BODY_TIMEOUT", 0.1)
    half = request("/my/add", *FORM, "Content-Length: 9", method="POST", body=b"ev")

    with answering(app) as port:
        assert ask(port, half).status == 408


@pytest.fixture
def hanging(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A site whose storage hangs until there is a file; it is waited for a short time."""
    go_on = tmp_path / "go-on"
    monkeypatch.setattr(lanes, "PATIENCE", 0.3)

    def view(name: str) -> str:
        go_on.with_name(f"began-{name}").touch()
        eventually(go_on.exists)
        return name

    slow = site()
    slow.add_url_rule("/my/hanging/<name>", view_func=view, methods=["GET", "POST"])
    with answering(slow) as port:
        yield go_on.with_name(str(port))
        go_on.touch()


def test_what_is_in_memory_never_waits_for_storage(hanging: Path) -> None:
    port = int(hanging.name)
    with ExitStack() as stack:
        ask(port, request(FEED))
        polls = [stack.enter_context(Wire(port)) for _ in range(40)]
        for wire in polls:
            wire.send(request("/my/hanging/x.ics"))

        others = [
            ask(port, request(path)).status
            for path in (FEED, f"{FEED}?kind=talk", "/events/conf/", "/healthz")
        ]
        given_up = {(reply := wire.reply()).status: reply.headers["retry-after"] for wire in polls}
        hanging.with_name("go-on").touch()
        after = polls[0].send(request("/my/hanging/y.ics")).reply()

    assert others == [200] * 4
    assert given_up == {503: "30"}
    assert (after.status, after.body) == (200, b"y.ics")


def test_change_that_has_begun_is_not_given_up(hanging: Path) -> None:
    port = int(hanging.name)
    with ExitStack() as stack:
        wires = [stack.enter_context(Wire(port)) for _ in range(lanes.CHANGES.threads + 1)]
        for number, wire in enumerate(wires):
            wire.send(request(f"/my/hanging/{number}", "Content-Length: 0", method="POST"))
            if wire is not wires[-1]:  # for the last one no thread is there
                eventually(hanging.with_name(f"began-{number}").exists)
        late = wires[-1].reply()
        hanging.with_name("go-on").touch()
        first = [wire.reply().body for wire in wires[:-1]]

    assert late.status == 503
    assert first == [b"%d" % each for each in range(len(first))]


@pytest.mark.parametrize(
    ("method", "path", "cookie", "kind"),
    [
        ("GET", FEED, "", lanes.PAGES),
        ("GET", "/events/conf/", "", lanes.PAGES),
        ("GET", "/events/conf/", "other=1; calsvc_key=x", lanes.READS),
        ("GET", "/my/", "", lanes.READS),
        ("HEAD", "/my/key/name.ics", "", lanes.READS),
        ("POST", "/my/add", "", lanes.CHANGES),
        ("GET", "/api/events/conf", "", lanes.PAGES),
        ("GET", "/api/calendars/me", "", lanes.READS),
        ("PUT", "/api/calendars/me/sessions", "", lanes.CHANGES),
        ("GET", "/doctor", "", lanes.PAGES),
        ("POST", "/doctor", "calsvc_key=x", lanes.EXAMINATIONS),
        ("GET", "/healthz", "", lanes.HEALTH),
        ("GET", "/readyz", "other=1; calsvc_key=x", lanes.HEALTH),
        ("GET", "/metrics", "", lanes.HEALTH),
    ],
)
def test_lane_is_of_what_an_answer_waits_for(
    method: str, path: str, cookie: str, kind: lanes.Kind
) -> None:
    headers = [("cookie", cookie)] if cookie else []

    assert lanes.kind_of(Call(method, path, "", "1.1", headers, "", b"", 0), path) == kind


class Away(Calendars):
    """Calendars of a database that does not answer."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked = get_context("fork").Value("i", 0)

    def stored_of_feed(self, feed_hash: str) -> str:
        self.asked.value += 1
        raise StorageError("It does not answer.")


def test_storage_that_does_not_answer_is_asked_once(tmp_path: Path) -> None:
    away = Away(Database(f"sqlite:///{tmp_path}/calsvc.db"))
    with answering(site(away)) as port:
        reply = ask(port, request(f"/my/{'k' * 32}/name.ics"))

    assert (reply.status, away.asked.value) == (503, 1)


# --- the end ------------------------------------------------------------------------------


def test_request_under_way_is_finished_before_the_worker_ends(tmp_path: Path) -> None:
    begun, go_on = tmp_path / "begun", tmp_path / "go-on"
    slow = site()

    def view() -> str:
        begun.touch()
        eventually(go_on.exists)
        return "done"

    slow.add_url_rule("/slow", view_func=view)
    with ExitStack() as stack:
        with answering(slow) as port:
            busy = stack.enter_context(Wire(port))
            busy.send(request("/slow"))
            eventually(begun.exists)
            Timer(0.2, go_on.touch).start()  # while the server stops already

        assert busy.reply().body == b"done"
