"""The addresses of the site: what each answers, to the header."""

import gzip
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, urljoin, urlsplit

import pytest
from conftest import BASE_URL, NOW, client_of, event_of, schedule_of
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from calsvc.live import Live
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app
from calsvc.web.caching import MEMORY, Memory

EVENT = "/events/ai-data-2025.ics"
EVENT_PAGE = "/events/ai-data-2025/"
SESSION = "/events/ai-data-2025/sessions/metamate.ics"
SESSION_PAGE = "/events/ai-data-2025/sessions/metamate/"
FEEDS = ["/events.ics", "/events.ics?series=@Scale", EVENT, f"{EVENT}?kind=poster", SESSION]
PAGES = ["/", EVENT_PAGE, SESSION_PAGE]
TEXTS = ["/healthz", "/robots.txt"]
VARY = {
    "/": "Accept-Language, Accept-Encoding",
    EVENT_PAGE: "Accept-Language, Accept-Encoding, Cookie",  # one's own stars
    SESSION_PAGE: "Accept-Language, Accept-Encoding, Cookie",
}
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
    " img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
KNOWN = (
    "The parameters are: track, kind, room, speaker, tag, language, level, day, session, q,"
    " alarm, busy, cancelled, banner, parts."
)
EVENTS = "The events are: ai-data-2025, networking-2025, product-2025, systems-reliability-2026."


@pytest.fixture(scope="module")
def site(real_schedules: list[Schedule]) -> FlaskClient:
    """An HTTP client of the site of ``events/``, the same for every test."""
    return client_of(*real_schedules)


def headers_of(response: TestResponse) -> dict[str, str]:
    """Return a response's headers, without the date, which is the clock's."""
    return {name: value for name, value in response.headers if name != "Date"}


def words_of(response: TestResponse) -> str:
    """Return what a text says, or what a page says below its heading."""
    if response.mimetype == "text/html":
        main = response.text[response.text.index("</h1>") :]
        words = [unescape(each) for each in re.findall(r"<p[^>]*>([^<]*)</p>", main)]
        return " ".join(words)
    return response.text.removesuffix("\n")


# --- what each address answers ------------------------------------------------------------


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
def test_feed_has_these_headers(site: FlaskClient, path: str, disposition: str) -> None:
    response = site.get(path)

    assert response.status_code == 200
    assert response.data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert headers_of(response) == {
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Length": str(len(response.data)),
        "Content-Disposition": disposition,
        "Cache-Control": "public, max-age=300, stale-while-revalidate=3600, stale-if-error=86400",
        "ETag": response.headers["ETag"],
        "Last-Modified": "Sat, 01 Mar 2025 12:00:00 GMT",
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }
    assert re.fullmatch(r'"[0-9a-f]{32}"', response.headers["ETag"])


@pytest.mark.parametrize("path", PAGES)
def test_page_has_these_headers(site: FlaskClient, path: str) -> None:
    response = site.get(path)

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
    }
    assert re.fullmatch(r'"[0-9a-f]+"', response.headers["ETag"])


@pytest.mark.parametrize(
    ("path", "text", "cache"),
    [
        ("/healthz", "ok\n", "no-store"),
        ("/robots.txt", "User-agent: *\nAllow: /\n", "public, max-age=300"),
    ],
)
def test_text_has_these_headers(site: FlaskClient, path: str, text: str, cache: str) -> None:
    response = site.get(path)

    assert (response.status_code, response.text) == (200, text)
    assert headers_of(response) == {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(text)),
        "Cache-Control": cache,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
    }


def test_last_modified_is_when_people_last_saw_a_change() -> None:
    first = schedule_of(HOSTILE)
    second = publish(
        event_of(HOSTILE.replace("12:00-13:00", "12:00-13:30")), first, NOW.replace(hour=15)
    )

    response = client_of(second).get("/events/conf.ics")

    assert response.headers["Last-Modified"] == "Sat, 01 Mar 2025 15:00:00 GMT"


def test_filters_of_one_selection_have_one_etag(site: FlaskClient) -> None:
    one = site.get(f"{EVENT}?kind=poster&kind=talk&speaker=Aparna+Ramani&v=1")
    other = site.get(f"{EVENT}?speaker=aparna-ramani&kind=talk&kind=poster&utm_source=mail")
    whole = site.get(EVENT)

    assert one.headers["ETag"] == other.headers["ETag"] != whole.headers["ETag"]
    assert one.data == other.data != whole.data


def test_series_keeps_to_its_events() -> None:
    head = "timezone: UTC\ndate: 2025-06-25\n"
    client = client_of(
        schedule_of(f"name: One\nseries: '@Scale'\n{head}", "one"),
        schedule_of(f"name: Two\nseries: Other Days\n{head}", "two"),
        schedule_of(f"name: Three\n{head}", "three"),
    )

    found = {
        query: re.findall(r"SUMMARY:(.*)\r\n", client.get(f"/events.ics{query}").text)
        for query in ("", "?series=@Scale", "?series=scale&series=other-days")
    }

    assert found == {
        "": ["One", "Three", "Two"],
        "?series=@Scale": ["One"],
        "?series=scale&series=other-days": ["One", "Two"],
    }


def test_series_can_be_left_out() -> None:
    head = "timezone: UTC\ndate: 2025-06-25"
    site = client_of(
        schedule_of(f"name: One\nseries: '@Scale'\n{head}", "one"),
        schedule_of(f"name: Two\nseries: Other Days\n{head}", "two"),
    )

    feed = site.get("/events.ics?series=!@Scale").text

    assert re.findall(r"^SUMMARY:(.*)\r$", feed, re.MULTILINE) == ["Two"]


def test_site_says_that_no_event_matches() -> None:
    site = client_of(schedule_of("name: One\ntimezone: UTC\ndate: 2025-06-25", "one"))

    feed = site.get("/events.ics?series=gone").text

    assert re.findall(r"^(?:SUMMARY|URL):(.*)\r$", feed, re.MULTILINE) == [
        f"{BASE_URL}/",
        "No event matches this calendar now",
        f"{BASE_URL}/",
    ]


def test_site_without_events_says_so() -> None:
    response = client_of().get("/events.ics")

    assert (response.status_code, response.text) == (503, "Nothing is published here yet.\n")


def test_address_without_its_slash_leads_to_the_page(site: FlaskClient) -> None:
    response = site.get("/events/ai-data-2025?kind=talk", headers={"Host": "elsewhere.example"})

    assert response.status_code == 308
    assert response.headers["Location"] == "/events/ai-data-2025/?kind=talk"


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS])
def test_canonical_address_answers_without_a_redirect_or_a_cookie(
    site: FlaskClient, path: str
) -> None:
    response = site.get(path)

    assert response.status_code == 200
    assert not {"Location", "Set-Cookie", "Content-Encoding"} & set(response.headers.keys())
    assert response.headers.get("Vary") == VARY.get(path)


# --- HEAD, conditions, other methods ------------------------------------------------------


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS, "/events/none.ics", "/events/none/"])
def test_head_answers_as_get_without_the_body(site: FlaskClient, path: str) -> None:
    got = site.get(path)

    response = site.head(path)

    assert response.status_code == got.status_code
    assert headers_of(response) == headers_of(got)
    assert response.headers["Content-Length"] == str(len(got.data))
    assert response.data == b""


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [*FEEDS, *PAGES])
def test_client_that_has_the_bytes_gets_none(site: FlaskClient, method: str, path: str) -> None:
    got = site.get(path)
    forms = ["{}", "W/{}", '"other", {}', 'W/"x", W/{} , "y"', "*"]

    responses = [
        site.open(path, method=method, headers={"If-None-Match": form.format(got.headers["ETag"])})
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
def test_client_that_has_other_bytes_gets_these(site: FlaskClient, path: str) -> None:
    body = site.get(path).data
    tags = ['"other"', 'W/"other", "another"', "other", ""]

    responses = [site.get(path, headers={"If-None-Match": each}) for each in tags]

    assert [(each.status_code, each.data) for each in responses] == [(200, body)] * len(tags)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Sat, 01 Mar 2025 12:00:00 GMT", 304),
        ("Sat, 01 Mar 2025 12:00:01 GMT", 304),
        ("Sat, 01 Mar 2025 11:59:59 GMT", 200),
        ("some day", 200),
        ("Sat, 99 Mar 99999 12:00:00 GMT", 200),
    ],
)
def test_feed_that_changed_since_is_sent(
    site: FlaskClient, path: str, since: str, status: int
) -> None:
    response = site.get(path, headers={"If-Modified-Since": since})

    assert response.status_code == status
    assert response.headers["ETag"] == site.get(path).headers["ETag"]


def test_etag_goes_before_the_time(site: FlaskClient) -> None:
    since = {"If-Modified-Since": "Sat, 01 Mar 2025 12:00:00 GMT"}
    tag = site.get(EVENT).headers["ETag"]
    before = {"If-Modified-Since": "Sat, 01 Mar 2024 12:00:00 GMT"}

    assert site.get(EVENT, headers={**since, "If-None-Match": '"other"'}).status_code == 200
    assert site.get(EVENT, headers={**before, "If-None-Match": tag}).status_code == 304


def test_feed_is_never_sent_in_part(site: FlaskClient) -> None:
    response = site.get(EVENT, headers={"Range": "bytes=0-99"})

    assert (response.status_code, response.data) == (200, site.get(EVENT).data)
    assert "Content-Range" not in response.headers


@pytest.mark.parametrize("path", [*FEEDS, *PAGES, *TEXTS])
def test_other_methods_are_told_what_there_is(site: FlaskClient, path: str) -> None:
    methods = ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"]

    responses = [site.open(path, method=method, data=b"x=1") for method in methods]

    words = {"text/html": "This cannot be done", "text/plain": "The method is not allowed"}
    for response in responses:
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")
        assert words[response.mimetype] in response.text


# --- errors -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "words", "shown"),
    [
        (
            "/events/ai-data-2024{}",
            f"There is no event 'ai-data-2024'. Did you mean ai-data-2025? {EVENTS}",
            "There is no event “ai-data-2024”. Did you mean ai-data-2025?",
        ),
        (
            "/events/pycon{}",
            f"There is no event 'pycon'. {EVENTS}",
            "There is no event “pycon”.",
        ),
        (
            "/events/pycon/sessions/metamate{}",
            f"There is no event 'pycon'. {EVENTS}",
            "There is no event “pycon”.",
        ),
        (
            "/events/networking-2025/sessions/metamate{}",
            "There is no session 'metamate'. There are no sessions here.",
            "There is no session “metamate”.",
        ),
        (
            "/nowhere{}",
            "The requested URL was not found on the server. If you entered the URL manually"
            " please check your spelling and try again.",
            "",
        ),
    ],
)
def test_what_is_unknown_is_answered_with_what_is_known(
    site: FlaskClient, path: str, words: str, shown: str
) -> None:
    text, page = site.get(path.format(".ics")), site.get(path.format("/"))

    assert (text.status_code, text.content_type) == (404, "text/plain; charset=utf-8")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert (words_of(text), words_of(page)) == (words, shown)
    assert "<h1>There is nothing at this address.</h1>" in page.text
    assert text.headers["Cache-Control"] == page.headers["Cache-Control"] == "no-store"


def test_unknown_session_is_answered_with_the_nearest(site: FlaskClient) -> None:
    text = site.get(SESSION.replace("metamate", "metamat"))
    page = site.get(SESSION_PAGE.replace("metamate", "metamat"))

    assert (text.status_code, page.status_code) == (404, 404)
    assert words_of(text).startswith(
        "There is no session 'metamat'. Did you mean metamate? The sessions are: "
    )
    assert words_of(page) == "There is no session “metamat”. Did you mean metamate?"


@pytest.mark.parametrize(
    ("path", "title", "words"),
    [
        (
            "/events/ai-data-2024/",
            "Unter dieser Adresse ist nichts.",
            "Es gibt keine Veranstaltung „ai-data-2024“. War ai-data-2025 gemeint?",
        ),
        (
            f"{EVENT_PAGE}?tz=Europe/Berlinn",
            "Diese Adresse fragt nach etwas, das hier nicht bekannt ist.",
            "Es gibt keine Zeitzone „Europe/Berlinn“. War Europe/Berlin gemeint?",
        ),
        ("/nowhere/", "Unter dieser Adresse ist nichts.", ""),
        ("/my/shared/none/", "Bitte gleich noch einmal versuchen.", "Die Kalender gehen weiter."),
    ],
)
def test_errors_are_told_in_the_language_of_the_reader(
    site: FlaskClient, path: str, title: str, words: str
) -> None:
    response = site.get(path, headers={"Accept-Language": "de"})

    assert f"<h1>{title}</h1>" in response.text
    assert words_of(response) == words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"{EVENT}?colour=red", f"Unknown parameter 'colour'. {KNOWN}"),
        (f"{EVENT}?kinds=talk", f"Unknown parameter 'kinds'. Did you mean kind? {KNOWN}"),
        (f"{EVENT}?alarm=soon", "alarm=soon cannot be: give minutes, 0 to 40320."),
        (f"{EVENT}?alarm={'0' * 9}{'9' * 5000}", None),
        (f"{EVENT}?busy=perhaps", "busy=perhaps cannot be: give yes or no."),
        (f"{EVENT}?busy=yes&busy=no", "busy is given twice: 'yes' and 'no'."),
        (
            f"{EVENT}?{'&'.join(f'q={n}' for n in range(101))}",
            "More than 100 values; ask for fewer.",
        ),
        (
            f"{SESSION}?kind=talk",
            "Unknown parameter 'kind'. The parameters are: alarm, busy, cancelled.",
        ),
        (
            "/events.ics?kind=talk",
            "Unknown parameter 'kind'. The parameters are: series, cancelled.",
        ),
    ],
)
def test_query_that_cannot_be_is_answered_with_what_can(
    site: FlaskClient, path: str, words: str | None
) -> None:
    response = site.get(path)

    assert (response.status_code, response.content_type) == (400, "text/plain; charset=utf-8")
    assert response.headers["Cache-Control"] == "no-store"
    if words:
        assert words_of(response) == words


ODD_PATHS = [
    *("/events/..ics", "/events/.ics", "/events/%00.ics", "/events/%2e%2e%2f.ics", "//events.ics"),
    *("/events/../etc/passwd.ics", "/events/%ff%fe.ics", "/events/%0d%0aX-Evil:1.ics", "/%"),
    *("/events/a b.ics", "/events/<script>.ics", "/events/%F0%9F%93%85.ics", "/events/ics"),
    *("/events/ai-data-2025.ics/", "/events/ai-data-2025.ICS", "/Events.ics", "/events/"),
    *(f"/events/{'a' * 9000}.ics", f"/{'a/' * 2000}", "/static/../app.py", "/static/%2e%2e/x"),
    *("/events/ai-data-2025/sessions/.ics", "/events/ai-data-2025/sessions/", "/healthz/"),
    *("/events//ai-data-2025.ics", "/events/ai-data-2025/sessions/%00/", "/.git/config"),
]


@pytest.mark.parametrize("path", ODD_PATHS)
@pytest.mark.parametrize(
    ("method", "statuses"), [("GET", {308, 404}), ("HEAD", {308, 404}), ("POST", {308, 404, 405})]
)
def test_odd_address_is_not_found(
    site: FlaskClient, method: str, statuses: set[int], path: str
) -> None:
    response = site.open(path, method=method)

    assert response.status_code in statuses
    assert not re.search(r"[\r\n]", "".join(value for _, value in response.headers))
    assert response.mimetype == "text/plain" or "<script>" not in response.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%ff%fe", 200),
        ("kind=%F0%9F%93%85", 200),
        ("kind=%00", 200),
        ("kind=%0d%0aX-Evil:1", 200),
        ("q=" + "x" * 9000, 200),
        ("q=%", 200),
        ("&&&", 200),
        ("kind", 200),
        ("%ff=1", 400),
        ("=", 400),
        ("kind;room=x", 400),
        ("%3Cscript%3E=1", 400),
    ],
)
def test_odd_query_is_a_selection_or_an_error(site: FlaskClient, query: str, status: int) -> None:
    response = site.get(f"{EVENT}?{query}")

    assert response.status_code == status
    assert response.content_type == (
        "text/calendar; charset=utf-8" if status == 200 else "text/plain; charset=utf-8"
    )
    assert "X-Evil" not in response.headers


PARTS = st.text(max_size=12) | st.sampled_from(["sessions", "ai-data-2025", "metamate", ".."])


@given(st.lists(PARTS, max_size=4), st.sampled_from(["", "/", ".ics"]), st.text(max_size=12))
@settings(max_examples=100)
def test_any_address_gets_an_answer(
    site: FlaskClient, parts: list[str], end: str, query: str
) -> None:
    path = "/".join(["/events", *(quote(part, safe="") for part in parts)]) + end

    response = site.get(f"{path}?{quote(query)}")

    assert response.status_code < 500


# --- what people see ----------------------------------------------------------------------

HOSTILE = """
name: "</title><script>alert('name')</script> & \\"Sons\\""
timezone: Europe/Berlin
date: 2025-06-25
venue: {name: "<b onclick=x>Hall</b>", address: "<!-- 1 Main Street"}
url: "https://example.org/?a=1&b='x'"
description: "<script>alert('description')</script>"
sessions:
  - id: one
    title: "<img src=x onerror=alert(1)>"
    kind: workshop
    when: 12:00-13:00
    room: "</p><script>alert('room')</script>"
    people:
      - {name: "<script>alert('person')</script>", organization: "<i>", url: "https://example.org/"}
    description: "<script>alert('abstract')</script>"
    links: [{url: "https://example.org/'x'", title: "<script>alert('link')</script>"}]
  - id: two
    title: "<script>alert('part')</script>"
    part_of: one
  - {id: three, title: "<script>alert('waiting')</script>"}
"""


class Page(HTMLParser):
    """The elements of a page, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.links: list[str] = []
        self.names: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element, but not a script that is a file of the site, or no program."""
        given = dict(attrs)
        is_file = (given.get("src") or "").startswith("/")
        if tag != "script" or not (is_file or given.get("type") == "application/ld+json"):
            self.elements.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/events/conf/", "/events/conf/sessions/one/", "/events/conf/sessions/two/"),
        *("/events/%3Cscript%3E/", "/events/conf/sessions/%3Cimg onerror=x%3E/", "/<script>/"),
    ],
)
def test_hostile_words_stay_words(path: str) -> None:
    page = Page(client_of(schedule_of(HOSTILE)).get(path).text)

    assert not page.elements & {"script", "img", "b", "i"}
    assert not {name for name in page.names if name.startswith("on") or name == "style"}
    assert "html" in page.elements


def test_hostile_words_are_shown_as_they_are() -> None:
    text = unescape(client_of(schedule_of(HOSTILE)).get("/events/conf/sessions/one/").text)

    for word in ("person", "abstract", "link", "part"):
        assert f"<script>alert('{word}')</script>" in text
    assert "<img src=x onerror=alert(1)>" in text


def test_every_link_of_the_site_leads_somewhere(site: FlaskClient) -> None:
    waiting, seen = ["/"], {"/"}

    broken = []
    while waiting:
        path = waiting.pop()
        response = site.get(path)
        links = Page(response.text).links if response.mimetype == "text/html" else []
        response.close()
        if response.status_code != 200:
            broken.append((path, response.status))
        for link in links:
            target = urljoin(f"{BASE_URL}{path}", link.replace("webcal://", "https://"))
            parts = urlsplit(target)
            local = parts._replace(scheme="", netloc="", fragment="").geturl()
            if target.startswith(BASE_URL) and local not in seen:
                seen.add(local)
                waiting.append(local)

    assert broken == []
    assert {"/", "/events.ics", EVENT, EVENT_PAGE, SESSION, SESSION_PAGE} <= seen


def test_event_page_has_the_agenda_by_time_and_what_has_none(site: FlaskClient) -> None:
    client = client_of(schedule_of(AGENDA))

    text = client.get("/events/conf/?lang=en-GB").text

    shown = re.findall(r"<h[1-4][^>]*>(?:<\w+ [^>]*>)?([^<]+)", text)
    assert [each.strip() for each in shown] == [
        "Agenda Conference",
        *("Wednesday, 25 June 2025", "09:00", "First", "10:00", "Second"),
        *("Thursday, 26 June 2025", "09:00", "Third"),
        *("Announced, with a time to come", "Later"),
    ]
    assert re.findall(r'<time datetime="([^"]+T[^"]+)">([^<]+)</time> –', text) == [
        ("2025-06-25T09:00+02:00", "09:00"),
        ("2025-06-25T10:00+02:00", "10:00"),
        ("2025-06-26T09:00+02:00", "09:00"),
    ]
    assert text.count(">Cancelled</strong>") == 1


AGENDA = """
name: Agenda Conference
timezone: Europe/Berlin
dates: {from: 2025-06-25, to: 2025-06-26}
language: de
sessions:
  - {id: third, title: Third, when: 2025-06-26 09:00-10:00}
  - {id: second, title: Second, when: 2025-06-25 10:00-11:00, status: cancelled}
  - {id: first, title: First, when: 2025-06-25 09:00-10:00}
  - {id: part, title: A Part, part_of: first}
  - {id: later, title: Later}
"""


def test_page_marks_words_of_an_event_in_another_language() -> None:
    client = client_of(schedule_of(AGENDA))

    english = client.get("/events/conf/?lang=en").text
    german = client.get("/events/conf/?lang=de").text

    assert re.findall(r"<h1([^>]*)>", english) == [' lang="de"']
    assert re.findall(r"<h1([^>]*)>", german) == [""]


def test_session_page_knows_its_parts_and_wholes() -> None:
    client = client_of(schedule_of(AGENDA))

    whole, part, later = (
        client.get(f"/events/conf/sessions/{name}/").text for name in ("first", "part", "later")
    )

    assert '<a href="/events/conf/sessions/part/">A Part</a>' in whole
    assert '<h2>Part of</h2>\n<ul>\n<li><a href="/events/conf/sessions/first/">First</a>' in part
    assert "The time will be announced." in later
    assert "The time will be announced." not in part


def test_session_that_left_the_agenda_says_so() -> None:
    first = schedule_of(AGENDA)
    without = AGENDA.replace("  - {id: third, title: Third, when: 2025-06-26 09:00-10:00}\n", "")
    client = client_of(publish(event_of(without), first, NOW))

    page = client.get("/events/conf/sessions/third/")
    feed = client.get("/events/conf/sessions/third.ics")

    assert (page.status_code, feed.status_code) == (410, 200)
    assert words_of(page) == "This session is no longer on the agenda."
    again = client.get(page.request.path, headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.data) == (410, page.data)
    assert ">Third</h1>" in page.text
    assert re.findall(r"^(?:STATUS|SUMMARY):.*(?=\r)", feed.text, re.MULTILINE) == [
        "STATUS:CANCELLED",
        "SUMMARY:Cancelled: Third",
    ]


# --- independence -------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*FEEDS, *PAGES])
def test_answer_is_the_same_whoever_asks(site: FlaskClient, path: str) -> None:
    usual = site.get(path)
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

    responses = [site.get(path, headers=headers) for headers in asking]

    assert [each.data for each in responses] == [usual.data] * len(asking)
    assert [headers_of(each) for each in responses] == [headers_of(usual)] * len(asking)


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("encoding", ["gzip", "gzip, deflate, br, zstd", "*", "identity;q=0"])
def test_feed_is_never_compressed(site: FlaskClient, path: str, encoding: str) -> None:
    usual = site.get(path)

    response = site.get(path, headers={"Accept-Encoding": encoding})

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
def test_page_is_compressed_for_who_asks(site: FlaskClient, path: str, vary: str) -> None:
    plain = site.get(path)

    packed = site.get(path, headers={"Accept-Encoding": "gzip"})
    tag = packed.headers["ETag"]
    again = site.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": tag})
    refused = site.get(path, headers={"Accept-Encoding": "gzip;q=0"})

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == refused.data
    assert {plain.headers["Vary"], packed.headers["Vary"]} == {vary}
    assert tag != plain.headers["ETag"]
    assert (again.status_code, again.data) == (304, b"")


# --- files of the pages -------------------------------------------------------------------


def test_static_file_is_kept_for_good_under_the_address_of_its_content(site: FlaskClient) -> None:
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', site.get("/").text)

    own, old = site.get(address), site.get("/static/calsvc.css?v=000000000000")

    assert own.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert old.headers["Cache-Control"] == "no-cache"
    assert own.data == old.data
    assert own.headers["Access-Control-Allow-Origin"] == "*"
    assert site.get("/static/../app.py").status_code == 404
    assert site.get("/static/nothing.css").status_code == 404


# --- a site below a path ------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/cal"], ids=["proxy takes the path off", "it does not"])
def test_site_below_a_path_stays_below_it(prefix: str) -> None:
    base_url = "https://example.org/cal"
    client = create_app(Live([schedule_of(AGENDA)], base_url)).test_client()

    page = client.get(f"{prefix}/events/conf/").text

    links = [each for each in Page(page).links if not each.startswith(("?", "#", "https:"))]
    assert links and all(each.startswith("/cal/") for each in links)
    assert '<form method="post" action="/cal/my/add"' in page
    assert 'name="back" value="/cal/events/conf/"' in page
    assert client.get(f"{prefix}/events/conf.ics").status_code == 200
    moved = client.get(f"{prefix}/events/conf")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/cal/events/conf/")


# --- what is remembered -------------------------------------------------------------------


def test_pages_are_remembered_by_what_they_show() -> None:
    made = []
    memory = Memory()

    def render() -> str:
        made.append("once more")
        return "a page " * 1000

    pages = [memory.page(key, render) for key in ("one", "two", "one")]

    assert len(made) == 2
    assert pages[0] is pages[2]


def test_page_that_nobody_asked_for_longest_is_forgotten_first() -> None:
    memory = Memory()
    large = "x" * (MEMORY // 3)

    def made(key: str) -> bool:
        rendered = []
        memory.page(key, lambda: rendered.append(key) or large)  # type: ignore[func-returns-value]
        return bool(rendered)

    assert [made(key) for key in ("one", "two", "three", "one")] == [True, True, True, False]
    assert made("four")
    assert [made("one"), made("two")] == [False, True]


def test_address_with_a_tracker_shows_the_page_that_is_remembered(site: FlaskClient) -> None:
    plain = site.get(EVENT_PAGE)

    tracked = site.get(f"{EVENT_PAGE}?utm_source=mail&fbclid=xyz&kind=&q=")

    assert tracked.headers["ETag"] == plain.headers["ETag"]
