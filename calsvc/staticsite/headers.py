"""What servers of files should say of them, as Cloudflare Pages, Netlify and others read it.

Values of one header are joined where several rules hold for an address, so no two rules that
hold for one name the same header.
"""

from collections.abc import Mapping

from calsvc.addresses import PATHS
from calsvc.answers import Cache
from calsvc.exporters.table import EXPORTERS
from calsvc.web.caching import ALWAYS_SENT

NAME = "_headers"
ANY_SITE = {"Access-Control-Allow-Origin": "*"}


def rules(logo: str) -> dict[str, Mapping[str, str]]:
    """Return the headers of files, by the pattern of their addresses.

    ``logo`` is the media type of the site's logo.
    """
    of_feeds = {
        f"/*.{suffix}": {
            "Content-Type": exporter.format.media_type,
            "Cache-Control": str(Cache.FEED),
            **ANY_SITE,
        }
        for suffix, exporter in EXPORTERS.items()
    }
    json = {"Content-Type": "application/json", "Cache-Control": str(Cache.API), **ANY_SITE}
    return {
        "/*": ALWAYS_SENT,
        **of_feeds,
        PATHS.api_event("*"): json,
        # A pattern does not tell the address with a digest from that without one.
        "/static/*": {"Cache-Control": str(Cache.ASK_FIRST), **ANY_SITE},
        "/logo": {"Content-Type": logo},
        "/embed.js": {"Cache-Control": str(Cache.SCRIPT), **ANY_SITE},
    }


def text(logo: str) -> str:
    """Return the file that holds the rules."""
    lines = []
    for pattern, headers in rules(logo).items():
        lines += [pattern, *(f"  {name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\n" for line in lines)
