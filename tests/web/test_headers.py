"""What each address answers, to the header, whoever asks."""

import re

import pytest
from flask.testing import FlaskClient
from pages import headers_of
from realsite import EVENT, FEEDS, PAGES, SESSION, TEXTS, VARY

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self';"
    " frame-ancestors 'none'"
)
PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(),"
    " magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(),"
    " screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
)


@pytest.mark.parametrize(
    ("path", "disposition"),
    [
        ("/events.ics", 'inline; filename="events.ics"'),
        ("/events.ics?series=@Scale", 'inline; filename="events.ics"'),
        (EVENT, 'inline; filename="ai-data-2025.ics"'),
        (f"{EVENT}?kind=poster&alarm=10", 'inline; filename="ai-data-2025.ics"'),
        (f"{EVENT}?room=nowhere", 'inline; filename="ai-data-2025.ics"'),
        (SESSION, 'attachment; filename="ai-data-2025-metamate.ics"'),
    ],
)
def test_feed_has_these_headers(client: FlaskClient, path: str, disposition: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert headers_of(response) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Content-Disposition": disposition,
        "Cache-Control": "public, max-age=30, stale-while-revalidate=30, stale-if-error=86400",
        "ETag": response.headers["ETag"],
        "Last-Modified": f"Sat, 01 Mar 2025 12:00:0{int(path.startswith('/events.ics'))} GMT",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])


@pytest.mark.parametrize("path", PAGES)
def test_page_has_these_headers(client: FlaskClient, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert response.text.startswith("<!doctype html>\n")
    assert headers_of(response) == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Cache-Control": "public, max-age=300",
        "Vary": VARY[path],
        "ETag": response.headers["ETag"],
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
    }
    assert re.fullmatch(r'"[0-9a-f]+"', response.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "text", "cache"),
    [
        ("/healthz", "ok\n", "no-store"),
        ("/robots.txt", "User-agent: *\nAllow: /\n", "public, max-age=300"),
    ],
)
def test_text_has_these_headers(client: FlaskClient, path: str, text: str, cache: str) -> None:
    response = client.get(path)

    assert (response.status_code, response.text) == (200, text)
    assert headers_of(response) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def test_address_without_its_slash_leads_to_the_page(client: FlaskClient) -> None:
    response = client.get("/events/ai-data-2025?kind=talk", headers={"Host": "elsewhere.example"})

    assert response.status_code == 308
    assert response.headers["Location"] == "/events/ai-data-2025/?kind=talk"


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS])
def test_canonical_address_answers_without_a_redirect_or_a_cookie(
    client: FlaskClient, path: str
) -> None:
    response = client.get(path)

    assert response.status_code == 200
    assert not {"Location", "Set-Cookie", "Content-Encoding"} & set(response.headers.keys())
    assert response.headers.get("Vary") == VARY.get(path)


@pytest.mark.parametrize("path", [*FEEDS, *PAGES])
def test_answer_is_the_same_whoever_asks(client: FlaskClient, path: str) -> None:
    usual = client.get(path)
    asking: list[dict[str, str]] = [
        {"Accept": "text/html"},
        {"Accept": "application/json"},
        {"Accept": "nonsense"},
        {"User-Agent": "Google-Calendar-Importer"},
        {"User-Agent": ""},
        {"Accept-Language": "fr" if path in PAGES else "de"},
        {"Cookie": "session=x; calendar=y"},
        {"Host": "evil.example"},
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"Origin": "https://evil.example"},
        {"Authorization": "Bearer x"},
    ]

    responses = [client.get(path, headers=headers) for headers in asking]

    assert [each.data for each in responses] == [usual.data] * len(asking)
    assert [headers_of(each) for each in responses] == [headers_of(usual)] * len(asking)


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS])
def test_other_methods_are_told_what_there_is(client: FlaskClient, path: str) -> None:
    methods = ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"]

    responses = [client.open(path, method=method, data=b"x=1") for method in methods]

    words = {"text/html": "This cannot be done", "text/plain": "The method is not allowed"}
    for response in responses:
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
        assert words[response.mimetype] in response.text
