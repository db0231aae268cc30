"""What a request can ask beyond an import: other methods and headers, and who takes no calls."""

from collections.abc import Mapping
from time import monotonic

import pytest
from strangers import Asked, Reply, stranger
from urllib3 import HTTPResponse

from calsvc.importers.fetch.exchanges import AGENT, Exchanges, Request
from calsvc.importers.fetch.targets import Target, target_of


@pytest.fixture(name="exchanges")
def _exchanges() -> Exchanges:
    return Exchanges(True, lambda *_: ["127.0.0.1"], monotonic() + 30)


def asked_of(exchanges: Exchanges, request: Request) -> tuple[Asked, Reply]:
    """Return what a server is asked, and what comes of its answer."""
    asked: list[Asked] = []

    def answer(each: Asked) -> Reply:
        asked.append(each)
        return Reply(403, {"X-Said": "no"}, b"No.")

    def take(target: Target, response: HTTPResponse) -> Reply:
        octets = b"".join(exchanges.chunks(target, response))
        return Reply(response.status, {"X-Said": response.headers["X-Said"]}, octets)

    with stranger(answer) as address:
        reply = exchanges.ask(target_of(f"{address}/a.ics"), request, take)
    [only] = asked
    return only, reply


def test_answer_of_any_status_is_there_to_take(exchanges: Exchanges) -> None:
    asked, reply = asked_of(exchanges, Request())

    assert (asked.method, asked.headers["User-Agent"]) == ("GET", AGENT)
    assert reply == Reply(403, {"X-Said": "no"}, b"No.")


def test_head_has_headers_alone(exchanges: Exchanges) -> None:
    asked, reply = asked_of(exchanges, Request("HEAD"))

    assert (asked.method, reply.headers, reply.body) == ("HEAD", {"X-Said": "no"}, b"")


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (Request(), {"Accept": "*/*", "Accept-Encoding": "gzip, deflate", "X-Own": None}),
        (Request(accept=""), {"Accept": None, "Accept-Encoding": "gzip, deflate"}),
        (Request(encodings="identity", headers={"X-Own": "1"}), {"X-Own": "1"}),
        (Request(agent="Somebody"), {"User-Agent": "Somebody"}),
    ],
)
def test_headers_are_those_of_the_request(
    exchanges: Exchanges, request_: Request, expected: Mapping[str, str | None]
) -> None:
    asked, _ = asked_of(exchanges, request_)

    assert {name: asked.headers.get(name) for name in expected} == expected


def test_address_that_refuses_connections_is_told_from_one_that_takes_them(
    exchanges: Exchanges,
) -> None:
    with stranger(lambda _: Reply()) as address:
        target = target_of(address)
        assert not exchanges.refuses(target, "127.0.0.1")
        assert exchanges.refuses(target, "127.0.0.2")
