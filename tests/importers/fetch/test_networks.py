"""Which addresses are open to all, and what people paste for the address of a file."""

import pytest

from calsvc.importers.fetch.networks import is_public
from calsvc.importers.fetch.pasted import raw


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "2001:4860:4860::8888",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",  # NAT64 of 8.8.8.8
        "2002:808:808::1",  # 6to4 of it
    ],
)
def test_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        # RFC 6890 and the registries that it made.
        "0.0.0.0",  # noqa: S104 -- is no address to listen on here
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",  # of Azure, for its own machines
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2001::1",  # Teredo
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "no address",
        "",
    ],
)
def test_address_of_somebody_s_own_network_is_not_public(address: str) -> None:
    assert not is_public(address)


ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"
SHEETS = "https://docs.google.com/spreadsheets/d"
CALENDAR = "https://calendar.google.com/calendar/ical/talks%40group.example/public/basic.ics"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (f"{SHEETS}/{ID}/edit?usp=sharing", f"{SHEETS}/{ID}/export?format=xlsx"),
        (f"{SHEETS}/{ID}/edit#gid=42", f"{SHEETS}/{ID}/export?format=csv&gid=42"),
        (f"{SHEETS}/{ID}/edit?gid=0#gid=0", f"{SHEETS}/{ID}/export?format=csv&gid=0"),
        (f"{SHEETS}/{ID}", f"{SHEETS}/{ID}/export?format=xlsx"),
        (f"{SHEETS}/e/2PACX-1vA_b/pubhtml", f"{SHEETS}/e/2PACX-1vA_b/pub?output=xlsx"),
        (
            f"{SHEETS}/e/2PACX-1vA_b/pubhtml?gid=7&single=true",
            f"{SHEETS}/e/2PACX-1vA_b/pub?output=csv&gid=7",
        ),
        (
            f"https://docs.google.com/document/d/{ID}/edit",
            f"https://docs.google.com/document/d/{ID}/export?format=html",
        ),
        (
            f"https://drive.google.com/file/d/{ID}/view?usp=sharing",
            f"https://drive.google.com/uc?export=download&id={ID}",
        ),
        (
            "https://calendar.google.com/calendar/embed?src=talks%40group.example&ctz=UTC",
            CALENDAR,
        ),
        ("https://calendar.google.com/calendar/u/0?cid=talks@group.example", CALENDAR),
        # The base64 of talks@group.example, without its padding.
        (
            "https://calendar.google.com/calendar/u/0/r?cid=dGFsa3NAZ3JvdXAuZXhhbXBsZQ",
            CALENDAR,
        ),
        (
            "https://github.com/conf/site/blob/main/data/talks.yml?plain=1#L7",
            "https://raw.githubusercontent.com/conf/site/main/data/talks.yml",
        ),
        (
            "https://git.example/group/sub/conf/-/blob/main/talks.yml",
            "https://git.example/group/sub/conf/-/raw/main/talks.yml",
        ),
        (
            "https://codeberg.org/conf/site/src/branch/main/talks.yml",
            "https://codeberg.org/conf/site/raw/branch/main/talks.yml",
        ),
        (
            "https://cloud.example/index.php/s/AbCdEfGhIjKlMnO",
            "https://cloud.example/index.php/s/AbCdEfGhIjKlMnO/download",
        ),
        (
            "https://www.dropbox.com/scl/fi/abc/talks.xlsx?rlkey=x&dl=0",
            "https://www.dropbox.com/scl/fi/abc/talks.xlsx?rlkey=x&dl=1",
        ),
        (f"{SHEETS}/{ID}/export?format=csv", None),
        ("https://raw.githubusercontent.com/conf/site/main/talks.yml", None),
        ("https://github.com/conf/site", None),
        ("https://cloud.example/s/AbCdEfGhIjKlMnO/download", None),
        ("https://conf.example/s/talks", None),
        ("https://calendar.google.com/calendar/embed?src=", None),
        ("https://calendar.google.com/calendar/r?cid=!!", None),
    ],
)
def test_page_that_shows_a_file_becomes_the_file(address: str, expected: str | None) -> None:
    found = raw(address)

    assert (found and found.address) == expected
    assert found is None or expected in found.told
