"""How a key could be told by accident."""

from base64 import urlsafe_b64decode


def forms(key: str) -> list[bytes]:
    """Return the octets by which a key could be told: as it is written, raw and in hex."""
    raw = urlsafe_b64decode(key)
    return [key.encode(), raw, raw.hex().encode(), raw.hex().upper().encode()]
