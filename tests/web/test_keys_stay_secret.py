"""No key stands in any log, error page, redirect or cache, whatever people do with theirs."""

import logging
from collections.abc import Iterator

import pytest
from conftest import BASE_URL
from leaks import forms
from people import Browser, MySite, shared_by
from werkzeug.test import TestResponse

from calsvc.schedule.itineraries import derived
from calsvc.web.auth import COOKIES

FORM = {"Origin": BASE_URL}
SLIPS = (
    *("/my/{0}", "/my/{0}/", "/my/{0}/x.ics/", "/my/{0}/x.ICS", "/my//{0}/x.ics", "/MY/{0}/x.ics"),
    *("/my/{0}x/x.ics", "/mi/{0}/x.ics", "/my/{0}/x.ics?colour=red", "/my/{0}/x.ics?q=%ff"),
    *("/my/shared/{0}", "/my/shared/{0}x/", "/my/shared/{0}/take", "/{0}", "/events/x?key={0}"),
    *("/api/calendars/{0}", "/api/calendars/me/{0}", "/my/?key={0}", "/static/{0}", "/readyz?{0}"),
    *("/my/{0}/%2e%2e/x.ics", "/my/{0}/x.html", "/my/{0}.ics", "/my/shared/{0}/x/y/z"),
)


def visits(site: MySite, person: Browser, keys: list[str]) -> Iterator[tuple[str, TestResponse]]:
    """Yield what answers all that people, and who read an address wrong, do with keys."""
    client = site.browser().client.application.test_client(use_cookies=False)
    for key in keys:
        for slip in SLIPS:
            for headers in ({}, {"Referer": f"{BASE_URL}{slip.format(key)}"}):
                yield key, client.get(slip.format(key), headers=headers)
        for name in COOKIES:
            yield key, client.post("/my/rotate", headers={"Cookie": f"{name}={key}x", **FORM})
            yield key, client.post("/my/rotate", headers={"Cookie": f"{name}={key}"})
        yield key, client.post("/my/open", data={"key": f"{key}x"}, headers=FORM)
        yield key, client.post("/my/add", data={"event": "conf", "session": "x"}, headers=FORM)
        for method in ("GET", "PATCH", "DELETE", "PUT", "BREW"):
            bearer = {"Authorization": f"Bearer {key}x"}
            yield key, client.open("/api/calendars/me", method=method, headers=bearer, data=b"[")
            basic = {"Authorization": f"Basic {key}"}
            yield key, client.open("/api/calendars/me", method=method, headers=basic)


@pytest.fixture
def keys(person: Browser) -> list[str]:
    """The keys of a person's calendar, with those of its feed from before."""
    person.choose("talk")
    shared_by(person)
    person.send(person.page().form("/my/rotate"))
    own = person.key
    return [own, derived(own, "feed", 1), derived(own, "feed", 2), derived(own, "share", 1)]


@pytest.mark.parametrize("is_away", [False, True], ids=["usually", "while storage is away"])
def test_nothing_that_is_logged_has_a_key(
    my_site: MySite,
    person: Browser,
    keys: list[str],
    caplog: pytest.LogCaptureFixture,
    is_away: bool,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("calsvc").info("The log is on.")

    if is_away:
        with my_site.away():
            answers = [answer for _, answer in visits(my_site, person, keys)]
    else:
        answers = [answer for _, answer in visits(my_site, person, keys)]

    assert len(answers) > 200
    assert not [each.status_code for each in answers if each.status_code in {500, 502}]
    said = "\n".join(logging.Formatter().format(each) for each in caplog.records).encode()
    assert b"The log is on." in said
    assert [key for key in keys for form in forms(key) if form in said] == []


def test_no_answer_tells_a_key_that_was_not_sent_and_none_is_kept_by_a_cache(
    my_site: MySite, person: Browser, keys: list[str]
) -> None:
    for sent, answer in visits(my_site, person, keys):
        told = answer.data + str(answer.headers).encode()
        others = [key for key in keys if key != sent and key.encode() in told]
        assert others == [], answer.request.path
        if answer.status_code == 308:  # to the same address with its slashes
            assert answer.headers["Location"].startswith("/my/")
        elif sent.encode() in told:
            assert answer.status_code >= 400 or answer.request.path.startswith("/my/")
        if sent.encode() in told or answer.status_code in {401, 403, 410}:
            assert "public" not in answer.headers["Cache-Control"], answer.request.path


def test_pages_with_keys_in_their_addresses_tell_no_other_site_of_them(
    person: Browser, keys: list[str]
) -> None:
    paths = ["/my/", f"/my/shared/{keys[3]}/", f"/my/{keys[2]}/x.ics"]

    answers = [person.get(path) for path in paths]

    assert [each.status_code for each in answers] == [200, 200, 200]
    for each in answers:
        assert each.headers["Referrer-Policy"] == "same-origin"
        assert each.headers["X-Robots-Tag"] == "noindex"
        assert (
            "private" in each.headers["Cache-Control"]
            or "no-store" in (each.headers["Cache-Control"])
        )
