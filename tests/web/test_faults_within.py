"""A fault while an answer is made: the answer is an error that says when to ask again."""

from collections.abc import Callable

import pytest
from conftest import BASE_URL, schedule_of
from flask import Flask

from calsvc.live.events import Live
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions: [{id: talk, title: Talk, when: "09:00-10:00"}]
"""


def out_of_memory(*_: object) -> None:
    raise MemoryError


def out_of_files(*_: object) -> None:
    raise OSError(24, "Too many open files")


@pytest.mark.parametrize("fault", [out_of_memory, out_of_files])
@pytest.mark.parametrize("path", ["/events/conf.ics", "/events/conf.ics?kind=talk", "/events.ics"])
def test_feed_that_cannot_be_made_now_is_an_error_to_ask_again(
    path: str, fault: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    app: Flask = create_app(Live([schedule_of(AGENDA)], BASE_URL))
    client = app.test_client()

    with monkeypatch.context() as patched:
        patched.setattr("calsvc.ical.feeds._calendar", fault)
        broken = client.get(path)
    mended = client.get(path)

    assert (broken.status_code, broken.headers["Retry-After"]) == (500, "300")
    assert broken.headers["Cache-Control"] == "no-store"
    assert b"BEGIN:" not in broken.data
    assert mended.status_code == 200
    assert mended.data.endswith(b"END:VCALENDAR\r\n")
