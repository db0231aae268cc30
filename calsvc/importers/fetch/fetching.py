"""An address or a path → a source.

Each redirect is checked as the first address is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic
from typing import NamedTuple
from urllib.parse import urljoin

from urllib3 import HTTPResponse

from calsvc.errors import FetchError
from calsvc.importers.fetch.archives import read_file, unpacked
from calsvc.importers.fetch.exchanges import SECONDS, Exchanges, Request, Resolve, resolved
from calsvc.importers.fetch.pasted import Raw, raw
from calsvc.importers.fetch.sources import Source
from calsvc.importers.fetch.targets import (
    REDIRECTS,
    WEB,
    Target,
    redirected,
    shown,
    target_of,
)

MAX_REDIRECTS = 5
LONGEST_WAIT = timedelta(days=1)


class Validators(NamedTuple):
    """What an answer is known again by."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def headers(self) -> Mapping[str, str]:
        """Return the headers that ask for what is not known."""
        names = ("If-None-Match", "If-Modified-Since")
        return {name: value for name, value in zip(names, self, strict=True) if value}


NOTHING_KNOWN = Validators()


def opened(place: str | Path, *, private: bool = False, resolve: Resolve = resolved) -> Source:
    """Return what is at an address or a path; ``-`` is standard input.

    Raises ``SourceError``.
    """
    if not is_address(str(place)):
        return read_file(str(place))
    found = fetched(str(place), private=private, resolve=resolve)
    assert found  # without validators, there is an answer
    return found[0]


def is_address(place: str) -> bool:
    """Tell whether a place is an address, and no path."""
    return bool(WEB.match(place))


def meant(address: str) -> Raw:
    """Return the address to fetch for one that was pasted, and what was understood of it."""
    webbed = re.sub(r"^webcals?://", "https://", address.strip(), flags=re.IGNORECASE)
    return raw(webbed) or Raw(webbed, "")


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
    wanted, told = meant(address)
    visit = _Visit(Exchanges(private, resolve, monotonic() + seconds), validators)
    target = target_of(wanted)
    for _ in range(MAX_REDIRECTS + 1):
        answer = visit.ask(target)
        if isinstance(answer, str):
            target = redirected(answer)
            continue
        if answer is None:
            return None
        source, known = answer
        return unpacked(replace(source, told=(told,) if told else ())), known
    what = f"leads on to another address more than {MAX_REDIRECTS} times"
    raise FetchError(shown(address), what, "open it in a browser, and give where it ends")


@dataclass
class _Visit:
    """What is asked, and what is wanted of the answers."""

    exchanges: Exchanges
    validators: Validators

    def ask(self, target: Target) -> str | tuple[Source, Validators] | None:
        """Return what is at an address, the address that it leads to, or None if it is known."""
        request = Request(headers=self.validators.headers)
        return self.exchanges.ask(target, request, self._taken)

    def _taken(
        self, target: Target, response: HTTPResponse
    ) -> str | tuple[Source, Validators] | None:
        headers = response.headers
        if response.status in REDIRECTS and (location := headers.get("Location")):
            return urljoin(target.address, location)
        if response.status == 304 and any(self.validators):
            return None
        if response.status != 200:
            raise _refused(target, response)
        octets = b"".join(self.exchanges.chunks(target, response))
        media_type, _, rest = headers.get("Content-Type", "").partition(";")
        charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", rest, re.IGNORECASE)
        source = Source(
            target.shown,
            octets,
            media_type.strip().lower(),
            charset[1].lower() if charset else "",
        )
        return source, Validators(headers.get("ETag"), headers.get("Last-Modified"))


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
