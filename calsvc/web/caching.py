"""How pages, JSON and Atom are sent: compressed where that is asked for, and as 304."""

import gzip

from flask import Response, request

LEVEL = 6
SMALL = 500  # octets below which compression gains nothing


def cached(response: Response, cache: str) -> Response:
    """Return a response that caches may keep as ``cache`` says, or 304.

    The ETag is over the bytes sent, so each encoding has its own (RFC 9110, 8.8.3).
    Feeds for calendar programs do not come here: gzip has emptied Outlook subscriptions.
    """
    response.headers["Cache-Control"] = cache
    response.vary.add("Accept-Encoding")
    content = response.get_data()
    if len(content) > SMALL and request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(content, LEVEL, mtime=0))
        response.content_encoding = "gzip"
    response.add_etag()
    response.make_conditional(request)
    return response
