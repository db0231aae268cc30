"""Addresses by which each calendar program takes a feed.

What they want contradicts and changes: Google's ``cid`` took webcal in 2022 and https in
2026 (afterclass-io/afterclass.io#498), and fails at times (gpu-mode/kernelboard#256), so
the address to copy is always among them.  Outlook wants https (sportstimes/f1#449).
"""

from urllib.parse import quote

GOOGLE = "https://calendar.google.com/calendar/r"


def subscribe_links(feed: str, name: str) -> dict[str, str]:
    """Return an address for each program, by its name; ``copy`` is the feed's own."""
    address, title = quote(feed, safe=""), quote(name, safe="")
    return {
        "apple": f"webcal://{feed.partition('://')[2]}",
        "google": f"{GOOGLE}?cid={address}",
        "google_by_hand": f"{GOOGLE}/settings/addbyurl",
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb/?url={address}&name={title}",
        "microsoft365": (
            f"https://outlook.office.com/calendar/0/addfromweb/?url={address}&name={title}"
        ),
        "copy": feed,
    }
