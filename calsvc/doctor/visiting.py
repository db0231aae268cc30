"""An address → a visit: the requests that calendar programs make, each in its turn.

Each is made once, but where the address, or /robots.txt, leads on to others.

Only redirects make more of them.  The first request takes as long as it takes to import an
address, and all others together as long again at most.  A large calendar is fetched once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from urllib3 import HTTPResponse

from calsvc.doctor.visits import Answer, Visit
from calsvc.errors import SourceError
from calsvc.importers.fetch.exchanges import (
    BROKEN,
    SECONDS,
    Exchanges,
    Request,
    Resolve,
    resolved,
)
from calsvc.importers.fetch.fetching import Validators, meant
from calsvc.importers.fetch.sources import MAX_OCTETS
from calsvc.importers.fetch.targets import PORTS, REDIRECTS, Target, redirected, target_of

MOST_REDIRECTS = 6  # that are followed: one more than some programs follow
OF_ROBOTS = 2  # redirects of /robots.txt that are followed
PATIENCE = 10.0  # seconds for each request after the first
AT_ONCE = 3.0  # seconds in which an address refuses connections, if it does
TOO_MANY = 429
ROBOTS = 500 * 1024  # octets that /robots.txt has at most
LARGE = 1 / 8  # of what an answer may have: a larger one is not asked for again
GOOGLE = "Google-Calendar-Importer"
"""As which Google Calendar fetches, without Accept (aaronpk/Meetable#138)."""
PLAIN = Request(encodings="identity")


def visited(
    address: str,
    *,
    private: bool = False,
    briefly: bool = False,
    resolve: Resolve = resolved,
    seconds: float = SECONDS,
    most: int = MAX_OCTETS,
) -> Visit:
    """Return what programs get at an address.

    ``private`` lets it be in a network of one's own, ``briefly`` makes the first request alone,
    ``seconds`` is how long that may take, and all others together, and ``most`` is how many
    octets an answer has.

    Raises ``SourceError`` where there is no answer, and for one of more octets; any other answer
    is one.
    """
    wanted = meant(address).address
    guest = _Guest(Exchanges(private, resolve, monotonic() + seconds, most=most))
    *redirects, answer = guest.followed(wanted)
    first = target_of(wanted)
    visit = Visit(address.strip(), wanted, answer, tuple(redirects))
    if briefly or not visit.gives:
        return visit
    later = replace(guest.exchanges, deadline=monotonic() + seconds)
    return _Guest(later).looked_around(visit, first)


@dataclass
class _Guest:
    """Who asks a server, and takes whatever it says."""

    exchanges: Exchanges

    def ask(self, target: Target, request: Request) -> Answer:
        """Return an answer.  Raises ``SourceError`` where there is none."""
        return self.exchanges.ask(target, request, self._taken)

    def followed(self, address: str, redirects: int = MOST_REDIRECTS) -> Iterator[Answer]:
        """Yield the answer at an address, and at so many where it leads to."""
        target = target_of(address)
        for _ in range(redirects + 1):
            answer = self.ask(target, PLAIN)
            yield answer
            address = answer.leads_to
            if not address or not address.lower().startswith(tuple(f"{each}://" for each in PORTS)):
                return
            target = redirected(address)

    def looked_around(self, visit: Visit, first: Target) -> Visit:
        """Return a visit with the answers to what else programs ask."""
        target = target_of(visit.answer.address)
        visit = replace(visit, head=self._asked(target, PLAIN._replace(method="HEAD")))
        if len(visit.answer.octets) <= self.exchanges.most * LARGE:
            visit = self._fetched_again(visit, first)
        return replace(visit, robots=self._robots(first), refusing=tuple(self._refusing(first)))

    def _fetched_again(self, visit: Visit, first: Target) -> Visit:
        """Return a visit with the answers that may be the same calendar."""
        last = visit.answer
        target = target_of(last.address)
        return replace(
            visit,
            again=self._asked(target, PLAIN._replace(headers=_validators(last))),
            packed=self._asked(target, PLAIN._replace(encodings="gzip")),
            google=self._asked(target, PLAIN._replace(agent=GOOGLE, accept="")),
            port_80=self._on_port_80(first),
        )

    def _asked(self, target: Target, request: Request) -> Answer | None:
        """Return an answer, one without a status if it does not come.

        None if time is over, or the server finds that it is asked too often.
        """
        try:
            answer = self._hurried().ask(target, request)
        except SourceError:
            is_over = self.exchanges.deadline <= monotonic()
            return None if is_over else Answer(target.address)
        return None if answer.status == TOO_MANY else answer

    def _hurried(self, seconds: float = PATIENCE) -> "_Guest":
        """Return a guest who waits for one answer only so long."""
        deadline = min(self.exchanges.deadline, monotonic() + seconds)
        return _Guest(replace(self.exchanges, deadline=deadline))

    def _on_port_80(self, first: Target) -> Answer | None:
        if first.scheme != "https" or first.port != PORTS["https"]:
            return None
        return self._asked(first._replace(scheme="http", port=PORTS["http"], user=None), PLAIN)

    def _robots(self, first: Target) -> str:
        guest = _Guest(replace(self._hurried().exchanges, most=ROBOTS))
        try:
            *_, answer = guest.followed(f"{first.site}/robots.txt", OF_ROBOTS)
        except SourceError:
            return ""
        return answer.octets.decode("utf-8", "replace") if answer.status == 200 else ""

    def _refusing(self, first: Target) -> Iterator[str]:
        """Yield the IPv6 addresses that refuse what others take; the first of them is enough."""
        hurried = self._hurried(AT_ONCE).exchanges
        try:
            places = hurried.places(first)
        except SourceError:
            return
        of_ipv6 = [each for each in places if ":" in each]
        if len(of_ipv6) < len(places):
            yield from (each for each in of_ipv6[:1] if hurried.refuses(first, each))

    def _taken(self, target: Target, response: HTTPResponse) -> Answer:
        headers = {name.lower(): response.headers[name] for name in response.headers}
        octets, is_cut = bytearray(), False
        if response.status not in REDIRECTS:
            try:
                for chunk in self.exchanges.chunks(target, response):
                    octets += chunk
            except BROKEN:
                self.exchanges.left(target)  # or it was cut from here
                is_cut = True
        return Answer(target.address, response.status, headers, bytes(octets), is_cut)


def _validators(answer: Answer) -> dict[str, str]:
    """Return the headers that ask whether an answer still holds, as Thunderbird has them."""
    etag, modified = answer.header("ETag"), answer.header("Last-Modified")
    return dict(Validators(etag or None, None if etag else modified or None).headers)
