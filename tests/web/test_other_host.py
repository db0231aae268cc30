"""Who forgets to set the public address is told as soon as people use it."""

import logging

import pytest
from conftest import NOW, event_of

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app

CONF = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    sessions: [{id: one, title: One, when: 09:00-10:00}]
"""
TOLD = (
    "People ask for calendar.example.org; set CALSVC_BASE_URL to the address that they use,"
    " because links in calendars lead to http://127.0.0.1:8000"
)


def live_of(settings: Settings, *requests: tuple[str, str]) -> Live:
    """Return what is served after requests, each for a path at a host."""
    live = Live([publish(event_of(CONF), None, NOW)], settings.address)
    client = create_app(live, settings=settings).test_client()
    for path, host in requests:
        client.get(path, headers={"Host": host})
    return live


def test_host_of_others_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    asked = [("/events/conf.ics", "Calendar.example.org:8443"), ("/events/conf/", "b.example.org")]

    with caplog.at_level(logging.WARNING):
        live = live_of(Settings(), *asked)

    assert live.notices == (TOLD,)
    assert [record.getMessage() for record in caplog.records] == [TOLD]


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "", "\N{SNOWMAN}"]
)
def test_own_host_is_not_told(host: str) -> None:
    assert live_of(Settings(), ("/events/conf.ics", host)).notices == ()


def test_probe_by_another_address_is_not_told() -> None:
    assert live_of(Settings(), ("/healthz", "10.1.2.3:8000"), ("/readyz", "pod")).notices == ()


def test_site_with_a_public_address_is_not_told() -> None:
    settings = Settings(base_url="https://calendar.example.org")
    assert live_of(settings, ("/events/conf.ics", "other.example.org")).notices == ()
