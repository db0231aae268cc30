"""The headers by which browsers guard pages: each where it fits, and nowhere else."""

import pytest
from conftest import BASE_URL, client_of, schedule_of
from flask.testing import FlaskClient

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.web.app import create_app

CONF = schedule_of(
    """
    name: Conf
    timezone: UTC
    date: 2027-06-15
    sessions: [{id: one, title: One, when: 09:00-10:00}]
    """
)
STS = "Strict-Transport-Security"
OWN = ("/", "/events/conf/", "/events/conf/sessions/one/", "/events/conf/subscribe/", "/my/", "/x/")
FRAMES = (
    *("/events/conf/embed/", "/events/conf/embed/days/", "/events/conf/embed/subscribe/"),
    "/events/conf/embed/help",
)
PUBLIC = ("/static/site.js", "/embed.js", "/oembed", *FRAMES)
OFFLINE = ("/offline.js", "/site.webmanifest", "/offline/")
FEEDS = ("/events/conf.ics", "/events.ics", "/events/conf.csv", "/api/events/conf")


@pytest.fixture
def site() -> FlaskClient:
    """A site of one event."""
    return client_of(CONF)


@pytest.mark.parametrize("path", [*OWN, *FRAMES])
def test_page_may_use_nothing_of_the_device(site: FlaskClient, path: str) -> None:
    policy = site.get(path).headers["Permissions-Policy"]

    for feature in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in policy.split(", ")
    assert "clipboard" not in policy  # addresses are copied


@pytest.mark.parametrize("path", OWN)
def test_page_is_shut_off_from_other_sites(site: FlaskClient, path: str) -> None:
    headers = site.get(path).headers

    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


@pytest.mark.parametrize("path", PUBLIC)
def test_what_other_sites_show_may_be_loaded_by_them(site: FlaskClient, path: str) -> None:
    assert site.get(path).headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("path", OFFLINE)
def test_what_devices_keep_is_loaded_by_no_other_site(site: FlaskClient, path: str) -> None:
    assert site.get(path).headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_pages_may_load_their_scripts_and_manifest_from_this_site_alone(site: FlaskClient) -> None:
    policy = site.get("/").headers["Content-Security-Policy"]

    sources = dict(each.strip().split(" ", 1) for each in policy.split(";"))
    # Service workers are scripts, by CSP 3 (6.1.15), and manifests nothing else (6.1.8).
    assert (sources["default-src"], sources.get("worker-src")) == ("'none'", None)
    assert sources["script-src"] == sources["manifest-src"] == "'self'"


@pytest.mark.parametrize("path", FEEDS)
def test_feed_may_be_read_by_any_site(site: FlaskClient, path: str) -> None:
    headers = site.get(path).headers

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Cross-Origin-Resource-Policy" not in headers


@pytest.mark.parametrize(
    "path", [*OWN, *FRAMES, *FEEDS, *OFFLINE, "/static/site.js", "/robots.txt"]
)
def test_every_answer_has_its_own_type_and_tells_no_other_site_where_one_was(
    site: FlaskClient, path: str
) -> None:
    headers = site.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


# --- https --------------------------------------------------------------------------------

PAGES = (*OWN, *FRAMES, "/events/conf", "/events/nothing/")


def sent(base_url: str, **settings: int) -> set[str | None]:
    """Return what the pages of a site say of https; some are remembered the second time."""
    client = create_app(Live([CONF], base_url), settings=Settings(**settings)).test_client()
    return {client.get(path).headers.get(STS) for path in PAGES * 2}


def test_site_by_https_is_asked_by_https_alone() -> None:
    assert sent(BASE_URL) == {"max-age=31536000"}
    assert sent(BASE_URL, hsts_days=1) == {"max-age=86400"}


@pytest.mark.parametrize(
    ("base_url", "days"),
    [("http://calendar.example.org", 365), (BASE_URL, 0), (f"{BASE_URL}/cal", 365)],
    ids=["no https", "switched off", "others have the host too"],
)
def test_site_leaves_browsers_alone(base_url: str, days: int) -> None:
    assert sent(base_url, hsts_days=days) == {None}
