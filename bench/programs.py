"""Calendar programs as they poll: how often, with which headers, and on what they depend.

How often they ask, and by which conditions, was measured or read from their source by others;
how many people use each is a guess, so shares are of no use but to have all of them.
"""

from typing import NamedTuple


class Program(NamedTuple):
    """How a program asks for a feed."""

    name: str
    share: int
    """Of a hundred polls, about."""
    has_etag: bool = False
    """Whether it sends the ETag that it knows."""
    has_date: bool = False
    """Whether it sends the Last-Modified that it knows."""
    is_kept: bool = False
    """Whether it keeps its connection for the next feed."""
    headers: tuple[tuple[str, str], ...] = ()


PROGRAMS = (
    Program("Google", 10, headers=(("User-Agent", "Google-Calendar-Importer"),)),
    Program("Outlook.com", 15),
    Program("Outlook", 10, has_etag=True, has_date=True),
    Program("Apple", 40, has_etag=True, has_date=True, is_kept=True),
    Program(
        "Thunderbird",
        10,
        has_etag=True,
        is_kept=True,
        headers=(("Accept", "text/calendar,text/plain;q=0.8,*/*;q=0.5"),),
    ),
    Program("Evolution", 5, has_etag=True),
    Program("Nextcloud", 5, headers=(("Accept", "text/calendar, application/calendar+json"),)),
    Program(
        "ICSx5",
        5,
        has_etag=True,
        has_date=True,
        headers=(("Accept", "text/calendar, */*;q=0.9"), ("Accept-Encoding", "br,gzip")),
    ),
)
