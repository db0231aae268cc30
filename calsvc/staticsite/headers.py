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


def rules() -> dict[str, Mapping[str, str]]:
    """Return the headers of files, by the pattern of their addresses."""
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
        "/static/*": {"Cache-Control": str(Cache.IMMUTABLE), **ANY_SITE},
        "/embed.js": {"Cache-Control": str(Cache.SCRIPT), **ANY_SITE},
    }


def text() -> str:
    """Return the file that holds the rules."""
    lines = []
    for pattern, headers in rules().items():
        lines += [pattern, *(f"  {name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\n" for line in lines)
