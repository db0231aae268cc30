"""Addresses as people copy them from their browsers → addresses of the files they mean.

Sites that show a file on a page of their own have another address for the file itself.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs, quote, unquote, urlsplit


class Raw(NamedTuple):
    """The address of a file itself, and what the page is that shows it."""

    address: str
    told: str


def _sheet(found: re.Match[str], address: str) -> str:
    """Return one sheet as CSV if the address names it, else the whole workbook."""
    gid = re.search(r"[?#&]gid=(\d+)", address)
    form = f"csv&gid={gid[1]}" if gid else "xlsx"
    if found["published"]:
        return f"https://docs.google.com/spreadsheets/d/e/{found['published']}/pub?output={form}"
    return f"https://docs.google.com/spreadsheets/d/{found['id']}/export?format={form}"


def _calendar(found: re.Match[str], address: str) -> str | None:
    query = parse_qs(urlsplit(address).query)
    name = next(iter(query.get("src", [])), "")
    if not name and (coded := next(iter(query.get("cid", [])), "")):
        name = unquote(coded)
        if "@" not in name:
            padded = name + "=" * (-len(name) % 4)
            try:
                name = b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
            except ValueError:
                return None
    if "@" not in name:
        return None
    return f"https://calendar.google.com/calendar/ical/{quote(name, safe='')}/public/basic.ics"


_Meant = Callable[[re.Match[str], str], str | None]
_PAGES: tuple[tuple[str, str, _Meant], ...] = (
    (
        "a Google spreadsheet",
        r"https?://docs\.google\.com/spreadsheets/(?:u/\d+/)?d/"
        r"(?:e/(?P<published>[\w-]+)/pubhtml|(?P<id>[\w-]{10,})(?:/(?:edit|view|htmlview)?)?)"
        r"(?:[?#].*)?",
        _sheet,
    ),
    (
        "a Google document",
        r"https?://docs\.google\.com/document/(?:u/\d+/)?d/(?P<id>[\w-]{10,})"
        r"(?:/(?:edit|view|mobilebasic)?)?(?:[?#].*)?",
        lambda found, _: f"https://docs.google.com/document/d/{found['id']}/export?format=html",
    ),
    (
        "a file on Google Drive",
        r"https?://drive\.google\.com/file/d/(?P<id>[\w-]{10,})(?:/(?:view|edit)?)?(?:[?#].*)?",
        lambda found, _: f"https://drive.google.com/uc?export=download&id={found['id']}",
    ),
    (
        "a Google calendar",
        r"https?://calendar\.google\.com/calendar/(?:u/\d+/?)?(?:embed|r|render)?\?.*",
        _calendar,
    ),
    (
        "a file on GitHub",
        r"https?://(?:www\.)?github\.com/(?P<of>[\w.-]+/[\w.-]+)/(?:blob|blame)/(?P<path>[^?#]+)"
        r"(?:[?#].*)?",
        lambda found, _: f"https://raw.githubusercontent.com/{found['of']}/{found['path']}",
    ),
    (
        "a gist",
        r"https?://gist\.github\.com/(?P<of>[\w.-]+/[0-9a-f]{20,})/?(?:[?#].*)?",
        lambda found, _: f"https://gist.githubusercontent.com/{found['of']}/raw",
    ),
    (
        "a file on GitLab",
        r"(?P<of>https?://[^/?#]+/[^?#]+/-)/(?:blob|blame)/(?P<path>[^?#]+)(?:[?#].*)?",
        lambda found, _: f"{found['of']}/raw/{found['path']}",
    ),
    (
        "a file on Codeberg",
        r"https?://codeberg\.org/(?P<of>[\w.-]+/[\w.-]+)/src/(?P<path>[^?#]+)(?:[?#].*)?",
        lambda found, _: f"https://codeberg.org/{found['of']}/raw/{found['path']}",
    ),
    (
        "a shared file of Nextcloud",
        r"(?P<share>https?://[^?#]+/s/[A-Za-z0-9]{15})/?(?:\?(?:dir|path|openfile)=[^#]*)?(?:#.*)?",
        lambda found, _: f"{found['share']}/download",
    ),
    (
        "a shared file of Dropbox",
        r"(?P<share>https?://(?:www\.)?dropbox\.com/[^#]*[?&])dl=0(?P<rest>[^#]*)(?:#.*)?",
        lambda found, _: f"{found['share']}dl=1{found['rest']}",
    ),
)
"""What a page is, the form of its address, and how to find the file's own."""


def raw(address: str) -> Raw | None:
    """Return the address of the file that a page shows; None where an address is that already."""
    for name, pattern, meant in _PAGES:
        if (found := re.fullmatch(pattern, address)) and (better := meant(found, address)):
            return Raw(better, f"the address is that of {name}: {better} is read")
    return None
