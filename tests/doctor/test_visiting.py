"""What the doctor tells of servers that answer as they like, asked over connections."""

import gzip
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from strangers import CALENDAR, Answering, Asked, Reply, sound, stranger

from calsvc.doctor import examination
from calsvc.doctor.patients import Patient
from calsvc.doctor.visiting import GOOGLE, OF_ROBOTS, visited
from calsvc.errors import FetchError, SourceError
from calsvc.importers.fetch import targets

PAGE = Reply(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Sign in</title>")
PLACES = ["127.0.0.1"]


def found(answer: Answering, path: str = "/agenda.ics") -> list[str]:
    """Return the names of the rules that a server breaks."""
    with stranger(answer) as address:
        visit = visited(f"{address}{path}", private=True)
    return [each.rule.name for each in examination.of_answers(visit)]


def test_sound_server_is_sound_and_asked_a_few_times() -> None:
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        return sound(each)

    assert found(answer) == []
    assert [(each.method, each.path) for each in asked] == [
        ("GET", "/agenda.ics"),
        ("HEAD", "/agenda.ics"),
        *[("GET", "/agenda.ics")] * 3,
        ("GET", "/robots.txt"),
    ]
    plain, head, again, packed, google, _ = (each.headers for each in asked)
    assert plain["User-Agent"] == head["User-Agent"] != google["User-Agent"] == GOOGLE
    assert again["If-None-Match"] == '"a1"'
    encodings = [each["Accept-Encoding"] for each in (plain, packed, google)]
    assert encodings == ["identity", "gzip", "identity"]
    assert ("Accept" in plain, "Accept" in google) == (True, False)


@pytest.mark.parametrize(
    ("reply", "rule"),
    [
        (Reply(404), "not-found"),
        (Reply(410), "gone"),
        (Reply(403, {}, b"Just a moment"), "refused"),
        (Reply(500, {}, b"<h1>Oh no</h1>"), "failing"),
        (Reply(503), "busy-without-end"),
        (Reply(503, {"Retry-After": "60"}), "failing"),
        (Reply(204), "failing"),
        (PAGE, "page-for-calendar"),
        (Reply(), "empty-answer"),
        (Reply(200, {}, b"Fatal error"), "answer-without-calendar"),
        (Reply(302, {"Location": "webcal://a.example/"}), "redirect-to-nowhere"),
        (Reply(302), "redirect-to-nowhere"),
        (Reply(200, {"Content-Length": "99999"}, CALENDAR[:100]), "answer-cut"),
        (Reply(200, {"Content-Encoding": "gzip"}, b"no gzip"), "answer-cut"),
    ],
)
def test_answer_that_is_no_calendar_is_told(reply: Reply, rule: str) -> None:
    assert found(lambda _: reply) == [rule]


@pytest.mark.parametrize(
    ("headers", "rules"),
    [
        ({"ETag": 'W/"a1"'}, []),
        ({"Content_Type": "text/plain"}, ["media-type-of-text"]),
        ({"Content_Type": "application/ics"}, ["other-media-type"]),
        ({"ETag": ""}, ["never-not-modified", "no-etag"]),
        ({"ETag": "", "Last_Modified": ""}, ["no-validators"]),
        ({"Cache_Control": "public, max-age=604800"}, ["kept-for-days"]),
        ({"Set_Cookie": "session=1"}, ["sets-cookie"]),
    ],
)
def test_headers_of_a_calendar_are_told(headers: Mapping[str, str], rules: list[str]) -> None:
    assert sorted(found(lambda asked: sound(asked, CALENDAR, **headers))) == rules


def test_spelling_of_an_address_is_told_where_nothing_answers() -> None:
    with stranger(sound) as address:  # which knows no TLS
        patient = Patient(address.replace("http", "webcals") + "/agenda.ics", private=True)
        ignoring = Patient(patient.place, {"webcals"}, private=True)
        for each in (patient, ignoring):
            each.look()

    assert patient.failure and ignoring.failure
    assert ([*patient.findings], [*ignoring.findings]) == (["webcals"], [])


def test_tag_that_is_new_each_time_is_told() -> None:
    numbers = count()

    assert found(lambda asked: sound(asked, ETag=f'"{next(numbers)}"')) == ["validator-moves"]


def test_head_is_asked() -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(405) if asked.method == "HEAD" else sound(asked)

    assert found(answer) == ["head-refused"]


def test_server_that_finds_itself_asked_too_often_is_not_blamed() -> None:
    numbers = count()

    assert found(lambda asked: sound(asked) if not next(numbers) else Reply(429)) == []


def test_request_without_an_answer_is_told() -> None:
    def answer(asked: Asked) -> Reply:
        if asked.method == "HEAD":
            raise ConnectionError
        return sound(asked)

    assert found(answer) == ["head-refused"]


def test_packed_answers_are_told_to_be_asked_for_or_not() -> None:
    body = gzip.compress(CALENDAR)

    def always(asked: Asked) -> Reply:
        return sound(asked, body, Content_Encoding="gzip")

    def asked_for(asked: Asked) -> Reply:
        return always(asked) if asked.headers["Accept-Encoding"] == "gzip" else sound(asked)

    assert found(always) == ["packed-unasked"]
    assert found(asked_for) == ["packed-without-vary"]


def test_google_is_asked_for() -> None:
    def challenging(asked: Asked) -> Reply:
        is_robot = asked.headers["User-Agent"] == GOOGLE
        return Reply(403, {}, b"Just a moment") if is_robot else sound(asked)

    def negotiating(asked: Asked) -> Reply:
        return sound(asked) if "Accept" in asked.headers else PAGE

    assert found(challenging) == ["google-refused"]
    assert found(negotiating) == ["google-gets-other"]


@pytest.mark.parametrize(
    ("robots", "rules"),
    [
        (b"User-agent: *\nDisallow: /", ["barred-by-robots"]),
        (b"User-agent: *\nAllow: /", []),
        (b"\xff\xfe\0", []),
    ],
)
def test_robots_are_asked_for(robots: bytes, rules: list[str]) -> None:
    def answer(asked: Asked) -> Reply:
        return Reply(200, {}, robots) if asked.path == "/robots.txt" else sound(asked)

    assert found(answer) == rules


def test_large_calendar_is_fetched_once_and_a_larger_one_not_to_its_end() -> None:
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        return sound(each)

    with stranger(answer) as address:
        visited(f"{address}/agenda.ics", private=True, most=len(CALENDAR))
        with pytest.raises(SourceError, match="has more than"):
            visited(f"{address}/agenda.ics", private=True, most=len(CALENDAR) - 1)

    assert [each.method for each in asked if each.path == "/agenda.ics"] == ["GET", "HEAD", "GET"]


def test_robots_are_not_followed_for_long() -> None:
    asked: list[str] = []

    def answer(each: Asked) -> Reply:
        asked.append(each.path)
        return sound(each) if each.path == "/agenda.ics" else Reply(302, {"Location": "/x"})

    assert found(answer) == []
    assert asked.count("/x") == OF_ROBOTS


def test_name_and_password_of_a_redirect_are_sent_to_nobody() -> None:
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        return sound(each)

    with stranger(answer) as victim:
        guess = Reply(302, {"Location": f"{victim.replace('//', '//ada:guess@')}/agenda.ics"})
        found(lambda _: guess)

    assert asked
    assert not any("Authorization" in each.headers for each in asked)


@pytest.mark.parametrize(
    ("status", "times", "rule"),
    [
        (301, 1, "redirect-for-good"),
        (307, 1, "redirect-for-now"),
        (301, 6, "redirects-without-end"),
        (302, 99, "redirects-without-end"),
    ],
)
def test_redirects_are_counted(status: int, times: int, rule: str) -> None:
    def answer(asked: Asked) -> Reply:
        number = int(asked.path.strip("/").removesuffix(".ics") or times)
        moved = Reply(status, {"Location": f"/{number + 1}.ics"})
        return moved if number < times else sound(asked)

    assert found(answer, "/0.ics") == [rule]


def test_ipv6_that_refuses_is_told() -> None:
    """An address of IPv6, as it is written, at which this machine does not listen."""
    with stranger(sound) as address:
        port = address.rpartition(":")[2]
        visit = visited(
            f"http://both.example:{port}/agenda.ics",
            private=True,
            resolve=lambda *_: ["127.0.0.1", "::ffff:127.0.0.2"],
        )

    assert visit.refusing == ("::ffff:127.0.0.2",)


# --- both ports ---------------------------------------------------------------------------


@pytest.fixture(name="tls", scope="module")
def _tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SSLContext]:
    """How a server shows a certificate of river.example, which is believed."""
    key, shown = (tmp_path_factory.mktemp("tls") / name for name in ("key.pem", "shown.pem"))
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=river.example -addext"
    subprocess.run(
        ["openssl", *words.split(), "subjectAltName=DNS:river.example",
         "-keyout", key, "-out", shown],
        check=True, capture_output=True,
    )  # fmt: skip
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(shown, key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(shown))
        yield context


@contextmanager
def at_home(tls: SSLContext, plain: Answering, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let a sound server, and one without encryption, have the usual ports."""
    with stranger(sound, tls) as secure, stranger(plain) as open_one:
        for scheme, address in (("https", secure), ("http", open_one)):
            monkeypatch.setitem(targets.PORTS, scheme, int(address.rpartition(":")[2]))
        yield


def rules_of(address: str) -> list[str]:
    visit = visited(address, private=True, resolve=lambda *_: PLACES)
    return [each.rule.name for each in examination.of_answers(visit)]


@pytest.mark.parametrize(
    ("plain", "rules"),
    [
        (Reply(301, {"Location": "https://river.example/agenda.ics"}), []),
        (Reply(301, {"Location": "https://river.example/"}), ["port-80-lost"]),
        (Reply(404), ["port-80-lost"]),
        (Reply(200, {}, CALENDAR), []),
    ],
)
def test_port_80_is_asked_where_there_is_encryption(
    tls: SSLContext, monkeypatch: pytest.MonkeyPatch, plain: Reply, rules: list[str]
) -> None:
    with at_home(tls, lambda _: plain, monkeypatch):
        assert rules_of("https://river.example/agenda.ics") == rules


def test_encryption_that_a_redirect_leaves_is_told(
    tls: SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stranger(sound) as lower:
        moved = Reply(302, {"Location": f"{lower}/agenda.ics"})
        with stranger(lambda _: moved, tls) as secure:
            port = secure.rpartition(":")[2]
            found = rules_of(f"https://river.example:{port}/agenda.ics")

    assert found == ["redirect-to-unencrypted"]


@pytest.mark.parametrize(("scheme", "rule"), [("webcal", "webcal"), ("webcals", "webcals")])
def test_scheme_of_links_is_one_of_https(
    tls: SSLContext, monkeypatch: pytest.MonkeyPatch, scheme: str, rule: str
) -> None:
    with at_home(tls, sound, monkeypatch):
        assert rules_of(f"{scheme}://river.example/agenda.ics") == [rule]


# --- what is refused ----------------------------------------------------------------------


def test_private_network_is_refused_after_a_redirect_too() -> None:
    with pytest.raises(FetchError, match="is in a private network"):
        visited("http://127.0.0.1/agenda.ics")


def test_nobody_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    with pytest.raises(FetchError, match="does not take connections"):
        visited(f"http://127.0.0.1:{port}/agenda.ics", private=True)


def test_certificate_that_nobody_vouches_for_is_refused(
    tls: SSLContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = tmp_path / "nobody.pem"
    nobody.touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(nobody))

    with stranger(sound, tls) as address, pytest.raises(FetchError, match="cannot be trusted"):
        visited(f"{address}/agenda.ics", private=True)
