"""A whole answer, as HTTP sends it: conditions and compression."""

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from conftest import NOW, client_of, event_of, schedule_of
from flask.testing import FlaskClient
from pages import headers_of
from realsite import EVENT, FEEDS, PAGES, TEXTS, VARY
from werkzeug.http import http_date

from calsvc.answers import (
    CHANGED,
    QUICK,
    Answer,
    Body,
    Cache,
    Feed,
    Joined,
    Request,
    answer,
    feed_answer,
)
from calsvc.exporters.atom import ATOM
from calsvc.ical.feeds import ICALENDAR
from calsvc.schedule.publishing import publish

TALK = """
name: Conf
timezone: Europe/Berlin
date: 2025-06-25
sessions:
  - {id: one, title: One, when: 12:00-13:00}
"""


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS, "/events/none.ics", "/events/none/"])
def test_head_answers_as_get_without_the_body(client: FlaskClient, path: str) -> None:
    got = client.get(path)

    response = client.head(path)

    assert response.status_code == got.status_code
    assert headers_of(response) == headers_of(got)
    assert response.headers["Content-Length"] == str(len(got.data))
    assert response.data == b""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*FEEDS, *PAGES])
def test_client_that_has_the_bytes_gets_none(client: FlaskClient, method: str, path: str) -> None:
    got = client.get(path)
    forms = ["{}", "W/{}", '"other", {}', 'W/"x", W/{} , "y"', "*"]

    responses = [
        client.open(
            path, method=method, headers={"If-None-Match": form.format(got.headers["ETag"])}
        )
        for form in forms
    ]

    assert [(each.status_code, each.data) for each in responses] == [(304, b"")] * len(forms)
    kept = {
        name: value
        for name, value in headers_of(got).items()
        if name not in {"Content-Type", "Content-Length", "Last-Modified"}
    }
    assert [headers_of(each) for each in responses] == [kept] * len(forms)


@pytest.mark.parametrize("path", [*FEEDS, *PAGES])
def test_client_that_has_other_bytes_gets_these(client: FlaskClient, path: str) -> None:
    body = client.get(path).data
    tags = ['"other"', 'W/"other", "another"', "other", ""]

    responses = [client.get(path, headers={"If-None-Match": each}) for each in tags]

    assert [(each.status_code, each.data) for each in responses] == [(200, body)] * len(tags)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sat, 01 Mar 2025 12:00:01 GMT", 304),
        ("Sat, 01 Mar 2025 12:00:02 GMT", 304),
        ("Sat, 01 Mar 2025 11:59:59 GMT", 200),
        ("some day", 200),
        ("Sat, 99 Mar 99999 12:00:00 GMT", 200),
    ],
)
def test_feed_that_changed_since_is_sent(
    client: FlaskClient, path: str, since: str, status: int
) -> None:
    response = client.get(path, headers={"If-Modified-Since": since})

    assert response.status_code == status
    assert response.headers["ETag"] == client.get(path).headers["ETag"]


def test_date_that_is_yet_to_come_says_nothing(client: FlaskClient) -> None:
    since = {"If-Modified-Since": "Fri, 01 Mar 2999 12:00:00 GMT"}

    assert client.get(EVENT, headers=since).status_code == 200


TODAY = datetime(2026, 11, 25, 12, tzinfo=UTC)
DATE = "Wed, 25 Nov 2026 12:00:00 GMT"
AHEAD = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "told"),
    [(TODAY - timedelta(days=1), "Tue, 24 Nov 2026 12:00:00 GMT"), (TODAY, DATE), (AHEAD, DATE)],
)
def test_last_modified_is_never_later_than_the_answer(changed: datetime, told: str) -> None:
    feed = Feed(Body(b"BEGIN:VCALENDAR"), ICALENDAR, changed, "x.ics")

    sent = feed_answer(feed, Request(), TODAY)

    assert sent.headers["Last-Modified"] == told


def test_change_that_was_stored_while_the_clock_was_ahead_is_sent_to_who_asks_by_date() -> None:
    feed = Feed(Body(b"BEGIN:VCALENDAR"), ICALENDAR, AHEAD, "x.ics")

    asked = [Request(if_modified_since=date) for date in (DATE, http_date(AHEAD))]

    assert [feed_answer(feed, each, TODAY).status for each in asked] == [200, 200]


def test_etag_goes_before_the_time(client: FlaskClient) -> None:
    since = {"If-Modified-Since": "Sat, 01 Mar 2025 12:00:00 GMT"}
    tag = client.get(EVENT).headers["ETag"]
    before = {"If-Modified-Since": "Sat, 01 Mar 2024 12:00:00 GMT"}

    assert client.get(EVENT, headers={**since, "If-None-Match": '"other"'}).status_code == 200
    assert client.get(EVENT, headers={**before, "If-None-Match": tag}).status_code == 304


def test_feed_is_never_sent_in_part(client: FlaskClient) -> None:
    response = client.get(EVENT, headers={"Range": "bytes=0-99"})

    assert (response.status_code, response.data) == (200, client.get(EVENT).data)
    assert "Content-Range" not in response.headers


def test_filters_of_one_selection_have_one_etag(client: FlaskClient) -> None:
    one = client.get(f"{EVENT}?kind=poster&kind=talk&speaker=Aparna+Ramani&v=1")
    other = client.get(f"{EVENT}?speaker=aparna-ramani&kind=talk&kind=poster&utm_source=mail")
    whole = client.get(EVENT)

    assert one.headers["ETag"] == other.headers["ETag"] != whole.headers["ETag"]
    assert one.data == other.data != whole.data


def test_last_modified_is_when_people_last_saw_a_change() -> None:
    first = schedule_of(TALK)
    second = publish(
        event_of(TALK.replace("12:00-13:00", "12:00-13:30")), first, NOW.replace(hour=15)
    )

    response = client_of(second).get("/events/conf.ics")

    assert response.headers["Last-Modified"] == "Sat, 01 Mar 2025 15:00:00 GMT"


# --- compression --------------------------------------------------------------------------


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("encoding", ["gzip", "gzip, deflate, br, zstd", "*", "identity;q=0"])
def test_feed_is_never_compressed(client: FlaskClient, path: str, encoding: str) -> None:
    usual = client.get(path)

    response = client.get(path, headers={"Accept-Encoding": encoding})

    assert response.data == usual.data
    assert headers_of(response) == headers_of(usual)
    assert "Content-Encoding" not in response.headers


@pytest.mark.parametrize(
    ("path", "vary"),
    [
        *VARY.items(),
        ("/api/events", "Accept-Encoding"),
    ],
)
def test_page_is_compressed_for_who_asks(client: FlaskClient, path: str, vary: str) -> None:
    plain = client.get(path)

    packed = client.get(path, headers={"Accept-Encoding": "gzip"})
    tag = packed.headers["ETag"]
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    refused = client.get(path, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {vary}
    assert tag != plain.headers["ETag"]
    assert (again.status_code, again.data) == (304, b"")


# --- the function alone -------------------------------------------------------------------

MEDIA_TYPE = "text/x; charset=utf-8"
LONG = Body(b"long " * 200)
PLAIN, PACKED = f'"{LONG.etag}"', f'"{LONG.compressed.etag}"'
GZIP, OTHER = "br, gzip", '"other"'
YESTERDAY = TODAY - timedelta(days=1)
BEFORE, SINCE = http_date(YESTERDAY - timedelta(seconds=1)), http_date(YESTERDAY)
ALWAYS = {"Cache-Control": "public, max-age=60", "X-Also": "yes"}
VARIES = {"Vary": "Accept-Language, Accept-Encoding"}
WHOLE = {"Content-Type": MEDIA_TYPE, "Last-Modified": SINCE}
IN_FULL = ALWAYS | VARIES | WHOLE | {"ETag": PLAIN, "Content-Length": "1000"}
IN_GZIP = (
    ALWAYS
    | VARIES
    | WHOLE
    | {
        "ETag": PACKED,
        "Content-Encoding": "gzip",
        "Content-Length": str(len(LONG.compressed.octets)),
    }
)
HAS_FULL, HAS_GZIP = ALWAYS | VARIES | {"ETag": PLAIN}, ALWAYS | VARIES | {"ETag": PACKED}
WORDS = f"{CHANGED}\n".encode()
REFUSED = {
    "Cache-Control": "no-store",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": str(len(WORDS)),
}


def sent(request: Request, status: int = 200) -> Answer:
    """Return the answer that sends ``LONG``, which changed yesterday."""
    return answer(
        LONG,
        request,
        MEDIA_TYPE,
        Cache.API,
        is_compressed=True,
        vary=("Accept-Language",),
        also={"X-Also": "yes"},
        last_modified=YESTERDAY,
        now=TODAY,
        status=status,
    )


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("none_match", "since", "match", "encoding", "status", "headers"),
    [
        (None, None, None, None, 200, IN_FULL),
        (None, None, None, GZIP, 200, IN_GZIP),
        (None, None, None, "gzip;q=0", 200, IN_FULL),
        (PLAIN, None, None, None, 304, HAS_FULL),
        (PACKED, None, None, GZIP, 304, HAS_GZIP),
        ("*", None, None, GZIP, 304, HAS_GZIP),
        (f"{OTHER}, W/{PACKED}", None, None, GZIP, 304, HAS_GZIP),
        (PLAIN, None, None, GZIP, 200, IN_GZIP),  # another encoding is another body
        (PACKED, None, None, None, 200, IN_FULL),
        (OTHER, None, None, None, 200, IN_FULL),
        (None, SINCE, None, None, 304, HAS_FULL),
        (None, SINCE, None, GZIP, 304, HAS_GZIP),
        (None, BEFORE, None, None, 200, IN_FULL),
        (None, http_date(AHEAD), None, None, 200, IN_FULL),
        (OTHER, SINCE, None, None, 200, IN_FULL),  # If-None-Match goes before
        (PLAIN, BEFORE, None, None, 304, HAS_FULL),
        (None, None, PLAIN, None, 200, IN_FULL),
        (None, None, f"{OTHER}, {PACKED}", GZIP, 200, IN_GZIP),
        (None, None, "*", GZIP, 200, IN_GZIP),
        (None, None, "", None, 200, IN_FULL),
        (None, None, OTHER, None, 412, REFUSED),
        (None, None, OTHER, GZIP, 412, REFUSED),
        (None, None, f"W/{PLAIN}", None, 412, REFUSED),  # weak: not surely the same bytes
        (None, None, PLAIN, GZIP, 412, REFUSED),
        (PLAIN, None, PLAIN, None, 304, HAS_FULL),  # what If-Match lets through is asked on
        (None, SINCE, PLAIN, None, 304, HAS_FULL),
        (OTHER, None, PLAIN, None, 200, IN_FULL),
        (PLAIN, SINCE, OTHER, None, 412, REFUSED),
    ],
)
def test_answer_depends_on_these_headers(
    method: str,
    none_match: str | None,
    since: str | None,
    match: str | None,
    encoding: str | None,
    status: int,
    headers: dict[str, str],
) -> None:
    bodies = {412: WORDS, 304: b"", 200: LONG.octets}
    body = LONG.compressed.octets if headers is IN_GZIP else bodies[status]

    found = sent(Request(method, none_match, since, match, encoding))

    assert (found.status, found.headers) == (status, headers)
    assert found.body == (b"" if method == "HEAD" else body)


def test_conditions_apply_to_nothing_but_what_is_there() -> None:
    for request in (Request(if_none_match="*"), Request(if_match=OTHER)):
        assert sent(request, 410) == (410, IN_FULL, LONG.octets, MEDIA_TYPE)


def test_small_body_is_not_compressed() -> None:
    sizes = {
        size: answer(
            Body(b"x" * size),
            Request(accept_encoding="gzip"),
            MEDIA_TYPE,
            Cache.PAGE,
            is_compressed=True,
        )
        for size in (0, 500, 501)
    }

    assert [size for size, each in sizes.items() if "Content-Encoding" in each.headers] == [501]
    assert {each.headers["Vary"] for each in sizes.values()} == {"Accept-Encoding"}
    assert all("Last-Modified" not in each.headers for each in sizes.values())


@pytest.mark.parametrize(
    ("cache", "is_download", "kind", "origin"),
    [
        (Cache.FEED, False, "inline", {"Access-Control-Allow-Origin": "*"}),
        (Cache.FEED, True, "attachment", {"Access-Control-Allow-Origin": "*"}),
        (Cache.PERSONAL_FEED, False, "inline", {}),
    ],
)
def test_answer_of_a_feed_is_complete(
    cache: Cache, is_download: bool, kind: str, origin: dict[str, str]
) -> None:
    feed = Feed(Body(b"BEGIN:VCALENDAR"), ICALENDAR, YESTERDAY, "x.ics")
    kept = {
        "Cache-Control": str(cache),
        "Content-Disposition": f'{kind}; filename="x.ics"',
        "ETag": f'"{feed.etag}"',
        **origin,
    }
    about = {"Content-Type": ICALENDAR.media_type, "Content-Length": "15", "Last-Modified": SINCE}

    def given(**headers: str) -> Answer:
        return feed_answer(feed, Request(**headers), TODAY, cache, is_download=is_download)

    assert given(accept_encoding="gzip") == (200, kept | about, feed.body, ICALENDAR.media_type)
    assert given(if_none_match=feed.etag) == (304, kept, b"", ICALENDAR.media_type)
    assert given(if_match=OTHER)[:3] == (412, REFUSED, WORDS)


class Unsent(Joined):
    """Octets that nobody may join."""

    @property
    def octets(self) -> bytes:
        raise AssertionError("joined")


def test_who_has_what_is_joined_of_parts_is_told_so_without_joining_it() -> None:
    parts, digests = [b"BEGIN:", b"VCALENDAR"], [b"1", b"2"]
    whole = Feed(Joined(parts, digests), ICALENDAR, YESTERDAY, "x.ics")
    feed = whole._replace(content=Unsent(parts, digests))

    assert feed_answer(whole, Request(), TODAY).body == b"BEGIN:VCALENDAR"
    assert feed_answer(feed, Request(if_none_match=f'"{whole.etag}"'), TODAY).status == 304
    with pytest.raises(AssertionError, match="joined"):
        feed_answer(feed, Request(if_none_match='"other"'), TODAY)


def test_feed_is_compressed_quickly() -> None:
    entries = b"".join(b"<entry>%d</entry>" % each for each in range(999))
    feed = Feed(Body(entries), ATOM, YESTERDAY, "x")

    packed = feed_answer(feed, Request(accept_encoding="gzip"), TODAY)

    assert packed.body == gzip.compress(feed.body, QUICK, mtime=0)
    assert packed.body != gzip.compress(feed.body, mtime=0)


# --- If-Match, over HTTP ------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*FEEDS, *PAGES, "/events/ai-data-2025.atom", "/embed.js"])
def test_who_wants_other_bytes_only_is_refused(client: FlaskClient, method: str, path: str) -> None:
    asked = {"Accept-Encoding": "gzip"}
    got = client.open(path, method=method, headers=asked)
    tag = got.headers["ETag"]

    same = [
        client.open(path, method=method, headers={**asked, "If-Match": each}) for each in (tag, "*")
    ]
    refused = client.open(path, method=method, headers={**asked, "If-Match": OTHER})

    assert [(each.status_code, each.data, headers_of(each)) for each in same] == [
        (200, got.data, headers_of(got))
    ] * 2
    assert (refused.status_code, refused.data) == (412, WORDS if method == "GET" else b"")
    assert headers_of(refused).items() >= REFUSED.items()
    described = {"ETag", "Last-Modified", "Content-Encoding", "Content-Disposition"}
    assert not described & set(refused.headers.keys())


@pytest.mark.parametrize("path", ["/api/events", "/api/events/ai-data-2025", "/api/openapi.json"])
def test_api_refuses_it_as_it_tells_errors(client: FlaskClient, path: str) -> None:
    refused = client.get(path, headers={"If-Match": OTHER, "Accept-Encoding": "gzip"})

    assert (refused.status_code, refused.mimetype) == (412, "application/problem+json")
    assert refused.json == {
        "type": "about:blank",
        "title": "Precondition Failed",
        "status": 412,
        "detail": CHANGED,
    }
    assert refused.headers["Cache-Control"] == "no-store"
    assert not {"ETag", "Content-Encoding"} & set(refused.headers.keys())
