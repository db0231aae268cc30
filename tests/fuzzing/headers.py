"""Headers of a request: each with values that are right, half right and harmful."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from fuzzing.addresses import PATHS, octets_of_any
from fuzzing.mutations import harmful, text_of
from fuzzing.sites import HERE, FuzzedSite, Request, fuzzed_site

HEADERS: dict[str, tuple[str, ...]] = {
    "Host": ("calendar.example.org", "evil.example", "127.0.0.1:8000", "[::1]:80", "a:99999", ""),
    "Accept": ("text/html", "*/*;q=0.1", "application/json, text/calendar;q=0.5"),
    "Accept-Encoding": ("gzip", "br, gzip;q=0", "*", "identity;q=0", "gzip;q=1e9"),
    "Accept-Language": ("de", "en-GB,en;q=0.8", "zh-Hant-TW", "*", "x-klingon", "de-1996-x-a;q=2"),
    "Authorization": ("Bearer x", "Basic Og==", "bearer", "Digest a=b", "Bearer  a b"),
    "Cache-Control": ("no-cache", "max-age=0"),
    "Content-Type": ("application/json", "text/plain; charset=utf-7", "multipart/form-data"),
    "Content-Length": ("0", "-1", "1e3", "99999999999999999999", "٣"),
    "Cookie": ("calsvc_key=x", "__Host-calsvc_key=x; calsvc_key=y", 'a="b; c', "=;=", "calsvc_key"),
    "Forwarded": ("for=192.0.2.9;proto=https", 'for="[::1]"'),
    "If-Match": ('"x"', "*", 'W/"x", "y"'),
    "If-Modified-Since": ("Sat, 01 Mar 2025 12:00:00 GMT", "Sat, 99 Foo 0000 25:61:61 GMT"),
    "If-None-Match": ("*", '"x"', 'W/"x", "y', '"' + "x" * 32 + '"'),
    "Origin": (HERE, "null", "https://[", "https://evil.example"),
    "Range": ("bytes=0-1", "bytes=-9", "bytes=a-b"),
    "Referer": (f"{HERE}/my/", "https://[", "about:blank"),
    "User-Agent": ("Mozilla/5.0 (iPhone)", "Google-Calendar-Importer", "curl"),
    "Transfer-Encoding": ("chunked", "gzip, chunked", "identity"),
    "X-Forwarded-For": ("127.0.0.1", "::1, 10.0.0.1", "unknown"),
    "X-Forwarded-Host": ("evil.example",),
    "X-Forwarded-Prefix": ("/evil", "//evil.example"),
    "X-Forwarded-Proto": ("https", "javascript"),
    "X-Http-Method-Override": ("DELETE",),
}
COUNTS = (1, 1, 2, 3, 8)


@dataclass
class Headers:
    """The door."""

    site: FuzzedSite

    def made(self, random: Random) -> Request:
        """Return a request with some headers."""
        names = random.sample([*HEADERS], random.choice(COUNTS))
        headers = {name: _value(random, HEADERS[name]) for name in names}
        method = random.choice(("GET", "GET", "GET", "HEAD", "POST"))
        return Request(method, random.choice(PATHS), headers=headers)

    def taken(self, thrown: Request) -> None:
        """Send it."""
        self.site.ask(thrown)


def _value(random: Random, seeds: tuple[str, ...]) -> str:
    """Return a value, or a list of very many."""
    if random.random() < 0.01:
        values = (text_of(random, seeds) + str(number) for number in range(600))
        value = random.choice((",", ";", ", ", "; ")).join(values)
    else:
        value = text_of(random, seeds) + (harmful(random) if random.random() < 0.1 else "")
    # A server lets no line end, and no NUL, into a value.
    for each in "\r\n\0":
        value = value.replace(each, " ")
    return octets_of_any(value).decode("latin-1")


@contextmanager
def door() -> Iterator[Headers]:
    """Open the door."""
    with fuzzed_site() as site:
        yield Headers(site)
