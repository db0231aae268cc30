"""The doctor's page: what it says, whom it refuses, and that nothing is kept of what it saw."""

import logging
import re
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import pytest
from conftest import BASE_URL, client_of
from flask.testing import FlaskClient
from origins import Answer, Origin
from pages import Page
from people import CONF, Browser, my_site_of
from tiers import slow
from werkzeug.formparser import FormDataParser
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.doctor import consultation
from calsvc.doctor.examination import MOST_PLACES
from calsvc.doctor.examples import Frame, document
from calsvc.errors import FaultError, FetchError, SourceError
from calsvc.importers.fetch import exchanges, fetching
from calsvc.live.events import Live
from calsvc.web.app import OF_A_HOST, create_app
from calsvc.web.bounds import MAX_PASTED
from calsvc.web.site import EXTENSION, MOST_EXAMINED
from calsvc.web.troubles import TROUBLES
from calsvc.web.views.doctor import MOST_REPEATED

SOUND = document(Frame.ENTRY, "").decode()
FLOATING = document(Frame.ENTRY, "DTSTART:20270615T090000").decode()
PART = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n'
IN_PARTS = "multipart/form-data; boundary=x"
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def browser() -> Browser:
    """A browser at a site that has a doctor."""
    return browser_of()


def browser_of(**options: int) -> Browser:
    settings = Settings(**{"examinations": 0, **options}, doctor=True)
    return Browser(create_app(Live((), BASE_URL), settings=settings).test_client())


def examined(browser: Browser, text: str = "", address: str = "", lang: str = "en") -> TestResponse:
    """Return the answer to the page's form, which a browser sends in parts."""
    fields = {"text": text, "address": address}
    parts = "".join(f"{PART.format(name)}{value}\r\n" for name, value in fields.items())
    headers = {"Origin": BASE_URL, "Content-Type": IN_PARTS}
    return browser.client.post(f"/doctor?lang={lang}", headers=headers, data=f"{parts}--x--\r\n")


# --- what it says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ("Google Calendar, GNOME Calendar and Evolution: at a wrong time: its only entry",)),
        ("de", ("zur falschen Zeit: der einzige Eintrag", "Was zu tun ist:", "Zeile")),
    ],
)
def test_fault_is_told_with_who_suffers_and_what_to_do(
    browser: Browser, lang: str, words: tuple[str, ...]
) -> None:
    answer = examined(browser, FLOATING, lang=lang)

    page = Page(answer)
    assert answer.status_code == 200
    assert [each for each in words if each not in page.words] == []
    assert "DTSTART:20270615T090000" in page.words
    assert "time-without-zone" in page.words
    assert "https://www.rfc-editor.org/rfc/rfc5545#section-3.3.5" in page.links
    assert "https://github.com/ulsklyc/yuvomi/issues/818" in page.links
    assert "11:00" in page.words  # as UTC, in Berlin


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "This calendar is sound."), ("de", "Dieser Kalender ist in Ordnung.")],
)
def test_sound_calendar_gets_a_kind_word(browser: Browser, lang: str, words: str) -> None:
    page = Page(examined(browser, SOUND, lang=lang))

    assert words in page.words
    assert "Bridges that bend" in page.words
    assert "✕" not in page.words and "≠" not in page.words


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "at least 1000 times"), ("de", "mindestens 1000-mal")]
)
def test_what_is_not_counted_to_the_end_is_told_as_the_least(
    browser: Browser, lang: str, words: str
) -> None:
    entry = "BEGIN:VEVENT\r\nDTSTART:20270615T090000\r\nEND:VEVENT\r\n"
    many = SOUND.replace("END:VCALENDAR", f"{entry * (MOST_PLACES + 1)}END:VCALENDAR")

    assert words in Page(examined(browser, many, lang=lang)).words


def test_calendar_without_entries_is_not_praised(browser: Browser) -> None:
    words = Page(examined(browser, "no calendar")).words

    assert "is sound" not in words


def test_form_and_report_lead_to_the_same_page_in_the_other_language(browser: Browser) -> None:
    for page in (browser.page("/doctor"), Page(examined(browser, SOUND))):
        assert "?lang=de" in page.links


def test_report_is_of_what_is_at_an_address(
    browser: Browser, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_address = partial(consultation.of_address, is_private=True)
    monkeypatch.setattr(consultation, "of_address", of_address)
    origin.answer = Answer(FLOATING.encode(), media_type="text/calendar")

    page = Page(examined(browser, address=origin.url))

    assert f"Report on {origin.url}" in page.words
    assert "time-without-zone" in page.words
    assert page.values["address"] == origin.url


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "two seconds later no more. Its server does not answer, or breaks off."),
        ("de", "zwei Sekunden später nicht mehr. Der Server antwortet nicht oder bricht ab."),
    ],
)
def test_calendar_that_fails_at_a_second_look_is_not_sound(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, lang: str, words: str
) -> None:
    failure = FetchError("x", "breaks off its answer", "")
    found = replace(consultation.of_text(SOUND.encode()), failure=failure)
    monkeypatch.setattr(consultation, "of_address", lambda _: found)

    page = Page(examined(browser, address="conf.example", lang=lang))

    assert words in page.words
    assert "This calendar is sound" not in page.words and "Well made" not in page.words
    assert "Dieser Kalender ist in Ordnung" not in page.words


# --- what cannot be examined --------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("", 422, "Please give the address of a calendar, or its text."),
        ("127.0.0.1/agenda.ics", 422, "Nothing on the open internet has this address."),
        ("nothing.invalid/a.ics", 422, "Nothing on the open internet has this address."),
        ("file:///etc/passwd", 422, "This is no address of the web."),
    ],
)
def test_why_nothing_was_examined_is_said_on_the_page(
    browser: Browser, address: str, status: int, words: str
) -> None:
    answer = examined(browser, address=address)

    assert answer.status_code == status
    assert words in Page(answer).words
    assert Page(answer).values["address"] == address


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (FetchError("x", "answers 404 (<b>Gone)", ""), 502, "Its server answers 404 in place"),
        (FetchError("x", "breaks off its answer", ""), 502, "does not answer, or breaks off"),
        (FetchError("x", "some words of a host", ""), 502, "This cannot be read."),
        (SourceError("x", "takes more than 10 seconds to read", ""), 422, "more than can be"),
        (SourceError("x", "has more than 64 MiB", ""), 422, "more than can be"),
        (SourceError("x", "is no text", ""), 422, "This cannot be read."),
        (FaultError("x", "ValueError: some words"), 500, "by a fault of ours"),
    ],
)
def test_no_words_of_a_host_or_of_an_error_are_repeated(
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: SourceError,
    status: int,
    words: str,
) -> None:
    def refused(_: str) -> None:
        raise error

    monkeypatch.setattr(consultation, "of_address", refused)

    answer = examined(browser, address="https://example.org/")

    assert answer.status_code == status
    assert words in Page(answer).words
    for where in (answer.text, caplog.text):
        assert "some words" not in where and "Gone" not in where
    assert ("An examination failed: ValueError" in caplog.text) == (status == 500)


def test_what_fetching_says_is_known_to_the_page() -> None:
    places = (Path(each.__file__) for each in (exchanges, fetching))
    source = "".join(each.read_text("utf-8") for each in places)
    said = re.findall(
        r'"((?:is in|takes too long|does not (?:take|answer)|breaks off|answers)[^"{]*)', source
    )

    assert len(said) >= 5
    for words in (each.replace("answers ", "answers 404") for each in said):
        assert re.search("|".join(pattern for pattern, _, _ in TROUBLES[:-1]), words), words


def test_too_many_are_told_to_wait() -> None:
    browser = browser_of(examinations=1)
    assert examined(browser, SOUND).status_code == 200

    answer = examined(browser, SOUND)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "600")
    assert "Please wait a little" in Page(answer).words
    assert "SUMMARY:Bridges that bend" in Page(answer).words  # it need not be pasted again


def test_one_too_many_at_once_is_told_to_come_again(browser: Browser) -> None:
    places = browser.client.application.extensions[EXTENSION].examining
    for number in range(MOST_EXAMINED):
        assert places.take(f"192.0.2.{number}")

    answer = examined(browser, SOUND)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Others are being examined just now." in Page(answer).words


def test_one_client_takes_one_place(browser: Browser) -> None:
    places = browser.client.application.extensions[EXTENSION].examining
    assert places.take("127.0.0.1")

    assert examined(browser, SOUND).status_code == 503

    places.give_back("127.0.0.1")
    assert examined(browser).status_code == 422


def test_host_is_not_asked_without_end(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refused(address: str) -> None:
        asked.append(address)
        raise FetchError("x", "answers 404", "")

    monkeypatch.setattr(consultation, "of_address", refused)
    browser = browser_of(examinations=1)
    site = browser.client.application.extensions[EXTENSION]
    site.examinations.hourly = 0  # as of so many clients
    places = ["conf.example/a", "webcal://CONF.example:8080/b", "https://conf.example./c"]

    answers = [examined(browser, address=each).status_code for each in places * 3]

    assert answers == [502] * OF_A_HOST + [429] * (len(answers) - OF_A_HOST)
    assert examined(browser, address="other.example").status_code == 502
    assert "conf.example" not in repr(vars(site.examinations_of))


# --- what a form costs --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("media_type", "form", "status"),
    [
        ("application/x-www-form-urlencoded", "a=&" * 100_000, 413),
        (IN_PARTS, f"{PART}\r\n" * 5 + "--x--", 413),
        (IN_PARTS, f"{PART}\r\n" * 2 + "--x--", 422),
    ],
    ids=["pairs", "parts", "few"],
)
def test_form_of_many_fields_is_refused(
    browser: Browser, media_type: str, form: str, status: int
) -> None:
    headers = {"Origin": BASE_URL, "Content-Type": media_type}

    assert browser.client.post("/doctor", headers=headers, data=form).status_code == status


def test_whoever_sends_nothing_is_counted_and_then_no_large_form_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = browser_of(examinations=1)
    assert examined(browser).status_code == 422
    monkeypatch.setattr(FormDataParser, "parse", lambda *_: pytest.fail("the form was read"))

    large, other = (
        examined(browser, "x" * (MOST_REPEATED + 1)),
        browser.post("/doctor", [("text", SOUND)]),
    )

    assert (large.status_code, other.status_code) == (429, 429)


@pytest.mark.slow
def test_places_are_given_back(browser: Browser) -> None:
    for _ in range(MOST_EXAMINED + 1):
        assert examined(browser, address="127.0.0.1").status_code == 422


def test_form_of_another_site_is_refused(browser: Browser) -> None:
    answer = browser.post("/doctor", [("text", SOUND)], origin="https://evil.example")

    assert answer.status_code == 403


# --- hostile texts ------------------------------------------------------------------------


def test_no_text_becomes_html(browser: Browser) -> None:
    text = FLOATING.replace("Bridges that bend", HOSTILE).replace(
        "20270615T090000", f"20270615T090000{HOSTILE}"
    )

    for answer in (
        examined(browser, text),
        examined(browser, FLOATING.replace("Bridges that bend", HOSTILE)),
        examined(browser, address=f"https://127.0.0.1/{HOSTILE}"),
    ):
        assert "<script>alert" not in answer.text
        assert escape("<script>") in answer.text
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "text",
    [
        slow("BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\n" * 20_000),
        "BEGIN:VCALENDAR\r\n" + "BEGIN:X\r\n" * 20_000,
        slow("BEGIN:VEVENT\r\nSUMMARY:" + "x" * 1_000_000),
        slow("A;B=" + '"' * 500_000),
        slow("\0" * 1000 + "\u202e" * 1000),
        slow("\r\n ".join("x" * 1000)),
    ],
    ids=["entries", "depth", "title", "quotes", "signs", "folds"],
)
def test_text_of_any_kind_is_answered(browser: Browser, text: str) -> None:
    answer = examined(browser, text)

    assert answer.status_code == 200
    assert not re.search("[\0\u202e]", answer.text)


@pytest.mark.slow
def test_megabyte_is_examined_and_more_is_refused(browser: Browser) -> None:
    entry = SOUND[SOUND.index("BEGIN:VEVENT") : SOUND.index("END:VCALENDAR")]
    number = 1_000_000 // len(entry)
    text = SOUND.replace("END:VCALENDAR", entry * number + "END:VCALENDAR")

    answer = examined(browser, text)

    assert answer.status_code == 200
    assert f"{number + 1} entries" in answer.text
    assert examined(browser, "x" * (MAX_PASTED + 1)).status_code == 413


# --- nothing is kept ----------------------------------------------------------------------


def test_nothing_is_kept_of_what_was_examined(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    site = my_site_of(tmp_path, CONF, doctor=True, examinations=0)
    browser = site.browser()
    files = {path: path.read_bytes() for path in tmp_path.iterdir()}

    answers = [
        browser.get("/doctor"),
        examined(browser, FLOATING.replace("Bridges that bend", "Confidential")),
        examined(browser, address="https://127.0.0.1/confidential.ics"),
    ]

    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == files
    assert "confidential" not in caplog.text.lower()
    assert [each.headers.get("Set-Cookie") for each in answers] == [None] * 3
    for answer in answers[1:]:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "ETag" not in answer.headers


# --- where it is off ----------------------------------------------------------------------


def test_it_is_off_unless_it_is_turned_on() -> None:
    client = client_of(CONF)

    assert client.get("/doctor").status_code == 404
    assert client.post("/doctor", headers={"Origin": BASE_URL}).status_code == 404
    assert "doctor" not in client.get("/events/conf/").text


def test_each_page_leads_there_where_it_is_on() -> None:
    on = Settings(doctor=True)
    client = create_app(Live((CONF,), BASE_URL), settings=on).test_client()

    for path in ("/", "/events/conf/", "/doctor"):
        assert "/doctor" in Page(client.get(path)).links
    assert leads_there(client, "/doctor/")


def leads_there(client: FlaskClient, path: str) -> bool:
    answer = client.get(path)
    return answer.status_code == 404 and "/doctor" in Page(answer).links


def test_site_of_files_has_none() -> None:
    app = create_app(Live((CONF,), BASE_URL), settings=Settings(doctor=True), is_static=True)

    assert app.test_client().get("/doctor").status_code == 404
    assert "doctor" not in app.test_client().get("/events/conf/").text
