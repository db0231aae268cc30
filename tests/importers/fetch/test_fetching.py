"""What is fetched from addresses, and what is refused, from servers that do as they like."""

import gzip
import socket
import subprocess
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event

import pytest
from strangers import answering_as

from calsvc.errors import FetchError, SourceError
from calsvc.importers.fetch.fetching import Validators, fetched, opened
from calsvc.importers.fetch.sources import MAX_OCTETS, Source

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def serving(answer: Answer, tls: SSLContext | None = None) -> Iterator[str]:
    """Serve on the loopback whatever a function answers while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with answering_as(Handler, tls) as address:
        yield address


def answering(body: bytes = b"hello", status: int = 200, **headers: str) -> Answer:
    """Return what answers with this, and with its length unless it is given."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(status)  # with no Date of its own
        said = {"Content-Length": str(len(body))}
        said.update((name.replace("_", "-"), value) for name, value in headers.items())
        for name, value in said.items():
            if value:
                handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def failure_of(answer: Answer, **options: float) -> str:
    """Return why what a server answers is not taken, without its address."""
    with serving(answer) as address:
        with pytest.raises(SourceError) as raised:
            fetched(f"{address}/a.ics", private=True, seconds=options.get("seconds", 30))
        return str(raised.value).replace(address, "")


# --- what is taken ------------------------------------------------------------------------


def test_source_has_what_its_server_says() -> None:
    answer = answering(
        Content_Type='Text/Calendar; Charset="UTF-8"',
        ETag='"one"',
        Last_Modified="Tue, 15 Jun 2027 07:00:00 GMT",
    )

    with serving(answer) as address:
        found = fetched(f"{address}/a.ics?day=1#top", private=True)

    assert found == (
        Source(f"{address}/a.ics?day=1", b"hello", "text/calendar", "utf-8"),
        Validators('"one"', "Tue, 15 Jun 2027 07:00:00 GMT"),
    )


def test_request_says_who_asks_and_what_is_known() -> None:
    asked: list[dict[str, str]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(dict(handler.headers))
        answering(b"", 304)(handler)

    with serving(answer) as address:
        found = fetched(address, private=True, validators=Validators('"one"', "yesterday"))

    assert found is None
    [headers] = asked
    assert headers["User-Agent"].startswith("calsvc/")
    assert headers["Host"] == address.removeprefix("http://")
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('"one"', "yesterday")


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_packed_answer_is_unpacked(coding: str, pack: Callable[[bytes], bytes]) -> None:
    with serving(answering(pack(b"hello"), Content_Encoding=coding)) as address:
        assert opened(address, private=True).octets == b"hello"


def test_redirects_are_followed_to_the_last_address() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        number = int(handler.path.strip("/") or 0)
        if number < 5:
            answering(b"", 302, Location=f"/{number + 1}")(handler)
        else:
            answering()(handler)

    with serving(answer) as address:
        source = opened(address, private=True)

    assert (source.name, source.octets) == (f"{address}/5", b"hello")


def test_name_and_password_are_sent_to_their_own_site_and_told_to_nobody() -> None:
    asked: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Authorization"])
        answering()(handler)

    def leading(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Authorization"])
        answering(b"", 302, Location=other)(handler)

    with serving(answer) as other, serving(leading) as address:
        source = opened(address.replace("//", "//ada:secret@"), private=True)

    assert asked == ["Basic YWRhOnNlY3JldA==", None]
    assert source.name == f"{other}/"


def test_name_and_password_of_a_redirect_are_sent_to_nobody() -> None:
    asked: list[str | None] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Authorization"])
        answering()(handler)

    with serving(answer) as victim:
        guess = victim.replace("//", "//ada:guess@")
        with serving(answering(b"", 302, Location=guess)) as address:
            opened(address, private=True)

    assert asked == [None]


def test_address_of_webcal_is_one_of_https() -> None:
    with pytest.raises(FetchError, match=r"^https://127\.0\.0\.1/a\.ics: is in a private network"):
        opened("webcal://127.0.0.1/a.ics")


# --- what is refused ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (404, {}, "answers 404 (Not Found); check the address"),
        (403, {}, "answers 403 (Forbidden); make it public, or download the file"),
        (204, {}, "answers 204 (No Content); try again later"),
        (500, {}, "answers 500 (Internal Server Error); try again later"),
        (
            503,
            {"Retry_After": "120"},
            "answers 503 (Service Unavailable), and asks to wait 120 seconds; try again later",
        ),
        (
            429,
            {
                "Retry_After": "Tue, 15 Jun 2027 07:01:00 GMT",
                "Date": "Tue, 15 Jun 2027 07:00:00 GMT",
            },
            "answers 429 (Too Many Requests), and asks to wait 60 seconds; try again later",
        ),
        (503, {"Retry_After": "soon"}, "answers 503 (Service Unavailable); try again later"),
        (302, {}, "answers 302 (Found); try again later"),
        (304, {}, "answers 304 (Not Modified); try again later"),
    ],
)
def test_answer_that_is_none_is_told(status: int, headers: dict[str, str], expected: str) -> None:
    assert failure_of(answering(b"", status, **headers)) == f"/a.ics: {expected}"


def test_server_that_asks_to_wait_says_how_long_a_day_at_most() -> None:
    with serving(answering(b"", 503, Retry_After="999999")) as address:
        with pytest.raises(FetchError) as raised:
            fetched(address, private=True)

    assert raised.value.retry_after == timedelta(days=1)


def test_redirects_without_an_end_are_told() -> None:
    assert failure_of(answering(b"", 301, Location="/a.ics")) == (
        "/a.ics: leads on to another address more than 5 times;"
        " open it in a browser, and give where it ends"
    )


@pytest.mark.parametrize("location", ["ftp://a.example/x", "javascript:alert(1)", "file:///etc"])
def test_redirect_that_leaves_the_web_is_told(location: str) -> None:
    told = failure_of(answering(b"", 302, Location=location))

    assert told == f"{location}: is no web address; give one that starts with https:// or http://"


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"hello", {"Content_Length": "50"}),
        (b"5\r\nhello\r\n", {"Content_Length": "", "Transfer_Encoding": "chunked"}),
        (b"zz\r\nhello\r\n", {"Content_Length": "", "Transfer_Encoding": "chunked"}),
        (b"no gzip at all", {"Content_Encoding": "gzip"}),
    ],
    ids=["short", "no-last-chunk", "no-chunk", "no-gzip"],
)
def test_answer_that_is_cut_off_is_told(body: bytes, headers: dict[str, str]) -> None:
    assert failure_of(answering(body, **headers)) == (
        "/a.ics: breaks off its answer; try again later"
    )


def test_answer_that_is_no_http_is_told() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n")

    assert failure_of(answer) == "/a.ics: breaks off its answer; try again later"


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    """A thousandth of what it unpacks to: 80 MiB of zeros."""
    bomb = gzip.compress(bytes(MAX_OCTETS + 16 * 1024**2))

    told = failure_of(answering(bomb, Content_Encoding="gzip"))

    assert told.startswith("/a.ics: has more than 64 MiB; ")


def test_answer_without_an_end_is_refused() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:  # until the client hangs up
            handler.wfile.write(bytes(1024**2))

    assert failure_of(answer).startswith("/a.ics: has more than 64 MiB; ")


@pytest.mark.parametrize("is_in_head", [True, False])
def test_server_that_drips_is_left_in_time(is_in_head: bool) -> None:
    """Each octet comes in time; all of them never do."""
    is_over = Event()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X-Slow: " if is_in_head else b"\r\n"))
        while not is_over.wait(0.02):
            handler.wfile.write(b"x")

    try:
        told = failure_of(answer, seconds=0.5)
    finally:
        is_over.set()

    assert told == "/a.ics: takes too long to answer; try again later"


def test_server_that_says_nothing_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(FetchError, match="takes too long to answer; try again later"):
            fetched(address, private=True, seconds=0.3)


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(FetchError, match="does not take connections; check the address"):
        fetched(f"http://127.0.0.1:{port}/", private=True)


@pytest.mark.parametrize(
    "address",
    ["http://", "http:///x", "https://a b.example/", "http://a.example:port/", "ftp://a.example/x"],
)
def test_what_is_no_web_address_is_told(address: str) -> None:
    with pytest.raises(SourceError, match="is no web address; give one that starts with https"):
        opened(address)


def test_messages_hold_no_passwords_and_no_keys() -> None:
    with pytest.raises(FetchError) as raised:
        opened("http://ada:word@127.0.0.1/a.ics?private_token=abc&day=1")

    assert str(raised.value).startswith("http://127.0.0.1/a.ics?private_token=…&day=1: is in a ")


# --- networks -----------------------------------------------------------------------------


def test_redirect_to_a_private_network_is_refused() -> None:
    """The first host is let in by its name, as one of the open internet would be."""
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.path)
        answering(b"", 302, Location=f"http://inside.example:{port}/secret")(handler)

    with serving(answer) as address:
        port = address.rpartition(":")[2]
        with pytest.raises(FetchError) as raised:
            fetched(
                f"http://outside.example:{port}/a.ics",
                resolve=lambda host, _: ["8.8.8.8"] if host == "outside.example" else ["127.0.0.1"],
                seconds=0.3,
            )
    assert "takes too long" in str(raised.value) or "connections" in str(raised.value)
    assert asked == []


def test_name_is_looked_up_once_and_connected_to_as_it_was_checked() -> None:
    """A name that first is public and then private does not get what is at the second."""
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        asked.append(handler.headers["Host"])
        answering()(handler)

    with serving(answer) as address:
        port = address.rpartition(":")[2]
        found = fetched(
            f"http://changes.example:{port}/", private=True, resolve=lambda *_: next(answers)
        )

    assert found and found[0].octets == b"hello"
    assert asked == [f"changes.example:{port}"]
    assert next(answers) == ["127.0.0.2"]  # the second was never asked for


def test_redirect_is_looked_up_and_checked_anew() -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        if host == "first.example":
            return ["127.0.0.1"]
        raise socket.gaierror("Name or service not known")

    with serving(answering(b"", 302, Location="http://second.example/")) as address:
        port = address.rpartition(":")[2]
        with pytest.raises(FetchError, match=r"^http://second\.example/: "):
            fetched(f"http://first.example:{port}/", private=True, resolve=resolve)

    assert looked_up == ["first.example", "second.example"]


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"],  # noqa: S104 -- is refused
)
def test_private_network_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises(FetchError, match=r"is in a private network .*; add --private if you"):
        opened(f"http://{host}/a.ics")


def test_public_address_beside_a_private_one_is_the_one_that_is_asked() -> None:
    with pytest.raises(FetchError) as raised:
        fetched(
            "http://mixed.example:9/",
            resolve=lambda *_: ["127.0.0.1", "192.0.2.1", "10.0.0.1"],
            seconds=0.3,
        )

    assert "private network (127.0.0.1)" in str(raised.value)


def test_lookup_that_hangs_is_left_in_time() -> None:
    is_over = Event()

    def resolve(host: str, port: int) -> list[str]:
        is_over.wait(20)
        return []

    with pytest.raises(FetchError, match="takes too long to answer"):
        fetched("http://slow.example/", resolve=resolve, seconds=0.2)
    is_over.set()


def test_unknown_host_is_told() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise socket.gaierror("Name or service not known")

    with pytest.raises(FetchError, match=r"the host 'nowhere\.example' is not known"):
        fetched("https://nowhere.example/", resolve=resolve)


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/")

    with serving(answering()) as address:
        assert opened(address, private=True).octets == b"hello"


# --- certificates -------------------------------------------------------------------------


@pytest.fixture(name="certificate", scope="session")
def _certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key, and a certificate that it signed itself, for localhost."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext"
    subprocess.run(
        ["openssl", *words.split(), "subjectAltName=DNS:localhost,DNS:talks.example",
         "-keyout", path, "-out", path.with_suffix(".crt")],
        check=True, capture_output=True,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + path.with_suffix(".crt").read_bytes())
    return path


def secured(certificate: Path) -> SSLContext:
    """Return how a server shows that certificate."""
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    with serving(answering(), secured(certificate)) as address:
        with pytest.raises(FetchError, match="cannot be trusted: self-signed certificate; ask"):
            fetched(address, private=True)


def test_port_without_encryption_is_told_from_a_bad_certificate() -> None:
    with serving(answering()) as address:
        with pytest.raises(FetchError, match="does not answer with encryption"):
            fetched(address.replace("http:", "https:"), private=True)


def test_certificate_is_that_of_the_name_and_not_of_the_address(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address, and asks there for the name."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_suffix(".crt")))

    with serving(answering(), secured(certificate)) as address:
        port = address.rpartition(":")[2]
        found = fetched(
            f"https://talks.example:{port}/", private=True, resolve=lambda *_: ["127.0.0.1"]
        )
        with pytest.raises(FetchError, match="cannot be trusted: Hostname mismatch"):
            fetched(
                f"https://other.example:{port}/", private=True, resolve=lambda *_: ["127.0.0.1"]
            )

    assert found and found[0].octets == b"hello"
