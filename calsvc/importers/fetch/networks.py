"""Which addresses of the internet are open to all, and which belong to somebody's own network.

A server that fetches what people name must not reach its neighbours for them.  Addresses of
IPv6 that stand for one of IPv4 are judged by that one.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NAT64 = IPv6Network("64:ff9b::/96")
"""Well-known prefix of RFC 6052; that of RFC 8215 is for networks of one's own."""
COMPATIBLE = IPv6Network("::/96")
"""IPv4-compatible addresses, which RFC 4291 did away with, and which some systems still route."""

ASSIGNED = (
    IPv4Network("192.0.0.0/24"),  # protocols (RFC 6890)
    IPv4Network("168.63.129.16/32"),  # what Azure tells its own machines
    IPv6Network("fec0::/10"),  # sites (RFC 3879)
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
)
"""What the ipaddress module lets through."""


def is_public(address: str) -> bool:
    """Tell whether an IP address, as numbers, is one of the open internet."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public(found)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        if address.teredo:
            return False
        if meant := _meant(address):
            return _is_public(meant)
    return address.is_global and not (
        any(address in network for network in ASSIGNED)
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_private
    )


def _meant(address: IPv6Address) -> IPv4Address | None:
    """Return the address of IPv4 that one of IPv6 stands for; None for any other."""
    if address in NAT64 or address in COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
