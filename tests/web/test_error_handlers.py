"""Errors are told in words, to programs and to people; the oddest address gets an answer."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import Page, words_of
from realsite import EVENT, EVENT_PAGE, SESSION, SESSION_PAGE

KNOWN = (
    "The parameters are: track, kind, room, speaker, tag, language, level, day, session, q,"
    " alarm, busy, cancelled, banner, parts."
)
EVENTS = "The events are: ai-data-2025, networking-2025, product-2025, systems-reliability-2026."


@pytest.mark.parametrize(
    ("path", "words", "shown"),
    [
        (
            "/events/ai-data-2024{}",
            f"There is no event 'ai-data-2024'. Did you mean ai-data-2025? {EVENTS}",
            "There is no event “ai-data-2024”.",
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
    client: FlaskClient, path: str, words: str, shown: str
) -> None:
    text, page = client.get(path.format(".ics")), client.get(path.format("/"))

    assert (text.status_code, text.content_type) == (404, "text/plain; charset=utf-8")
    assert (page.status_code, page.content_type) == (404, "text/html; charset=utf-8")
    assert (words_of(text), words_of(page)) == (words, shown)
    assert "<h1>There is nothing at this address.</h1>" in page.text
    assert text.headers["Cache-Control"] == page.headers["Cache-Control"] == "no-store"


def test_unknown_session_is_answered_with_the_nearest(client: FlaskClient) -> None:
    text = client.get(SESSION.replace("metamate", "metamat"))
    page = client.get(SESSION_PAGE.replace("metamate", "metamat"))

    assert (text.status_code, page.status_code) == (404, 404)
    assert words_of(text).startswith(
        "There is no session 'metamat'. Did you mean metamate? The sessions are: "
    )
    assert words_of(page) == "There is no session “metamat”."
    shown = Page(page)
    assert (
        "There is no session “metamat”. Did you mean Metamate from Chatbot to Coworker?"
        " AI & Data @Scale 2025 All events" in shown.words
    )
    assert {SESSION_PAGE, EVENT_PAGE} <= set(shown.links)


@pytest.mark.parametrize(
    ("path", "title", "words"),
    [
        (
            "/events/ai-data-2024/",
            "Unter dieser Adresse ist nichts.",
            "Es gibt keine Veranstaltung „ai-data-2024“.",
        ),
        (
            f"{EVENT_PAGE}?tz=Europe/Berlinn",
            "Welche Zeitzone ist gemeint?",
            "Es gibt keine Zeitzone „Europe/Berlinn“. Vielleicht ist gemeint:",
        ),
        (
            f"{EVENT_PAGE}?alarm=soon",
            "Dieser Link enthält etwas Unbekanntes.",
            "Etwas hinter dem Fragezeichen der Adresse ist hier nicht zu gebrauchen.",
        ),
        ("/nowhere/", "Unter dieser Adresse ist nichts.", ""),
        (
            "/my/shared/none/",
            "Bitte gleich noch einmal versuchen.",
            "Die Kalender laufen mit dem letzten Stand weiter.",
        ),
    ],
)
def test_errors_are_told_in_the_language_of_the_reader(
    client: FlaskClient, path: str, title: str, words: str
) -> None:
    response = client.get(path, headers={"Accept-Language": "de"})

    assert f"<h1>{title}</h1>" in response.text
    assert words_of(response) == words


def test_unknown_event_leads_to_the_nearest_by_its_title(client: FlaskClient) -> None:
    page = Page(client.get("/events/ai-data-2024/?lang=de"))

    assert "War AI & Data @Scale 2025 gemeint?" in page.words
    assert "/events/ai-data-2025/?lang=de" in page.links


def test_page_of_an_address_with_a_wrong_value_leads_to_all_of_it(client: FlaskClient) -> None:
    page = Page(client.get(f"{EVENT_PAGE}?alarm=soon&kind=panel&lang=de"))

    assert "Alles zeigen" in page.words
    assert f"{EVENT_PAGE}?lang=de" in page.links


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
    client: FlaskClient, path: str, words: str | None
) -> None:
    response = client.get(path)

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
    client: FlaskClient, method: str, statuses: set[int], path: str
) -> None:
    response = client.open(path, method=method)

    assert response.status_code in statuses
    assert not re.search(r"[\r\n]", "".join(value for _, value in response.headers))
    assert response.mimetype == "text/plain" or "<script>" not in response.text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%ff%fe", 400),
        ("kind=%F0%9F%93%85", 200),
        ("kind=%00", 400),
        ("kind=%0d%0aX-Evil:1", 400),
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
def test_odd_query_is_a_selection_or_an_error(client: FlaskClient, query: str, status: int) -> None:
    response = client.get(f"{EVENT}?{query}")

    assert response.status_code == status
    assert response.content_type == (
        "text/calendar; charset=utf-8" if status == 200 else "text/plain; charset=utf-8"
    )
    assert "X-Evil" not in response.headers


PARTS = st.text(max_size=12) | st.sampled_from(["sessions", "ai-data-2025", "metamate", ".."])


@given(st.lists(PARTS, max_size=4), st.sampled_from(["", "/", ".ics"]), st.text(max_size=12))
@settings(max_examples=100)
def test_any_address_gets_an_answer(
    real_app: Flask, parts: list[str], end: str, query: str
) -> None:
    path = "/".join(["/events", *(quote(part, safe="") for part in parts)]) + end

    response = real_app.test_client().get(f"{path}?{quote(query)}")

    assert response.status_code < 500
