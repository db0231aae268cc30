"""The site's own face: what an operator sets is on every page, and nothing of it misleads."""

from pathlib import Path

import pytest
from conftest import BASE_URL, schedule_of
from flask.testing import FlaskClient
from pages import Page

from calsvc import config
from calsvc.errors import SettingsError
from calsvc.live.events import Live
from calsvc.web.app import create_app

pytestmark = pytest.mark.usefixtures("elsewhere")

LINKS = "Imprint & law=https://example.org/imprint?a=b,c, Contact = mailto:hi@example.org, Us=/us"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
EVENT = "{name: Conf, timezone: Europe/Berlin, date: 2036-06-15}"


def site_of(**settings: object) -> FlaskClient:
    """Return a site with one event and these settings."""
    live = Live([schedule_of(EVENT)], BASE_URL)
    return create_app(live, settings=config.load(**settings)).test_client()


@pytest.fixture
def named(tmp_path: Path) -> FlaskClient:
    """A site with a face of its own."""
    logo = tmp_path / "logo.svg"
    logo.write_bytes(SVG)
    return site_of(
        site_name="Web <Culture>",
        site_description="Days & nights",
        site_logo=logo,
        footer_links=LINKS,
    )


@pytest.mark.parametrize("path", ["/", "/my/", "/events/conf/", "/nowhere/"])
def test_every_page_has_the_name_and_the_links_of_the_site(named: FlaskClient, path: str) -> None:
    response = named.get(path)

    page = Page(response)
    assert response.text.count("Web &lt;Culture&gt;</title>") == 1
    assert page.links[1] == "/"
    assert page.links[-4:-1] == [  # the last one is of a star's words
        "https://example.org/imprint?a=b,c",
        "mailto:hi@example.org",
        "/us",
    ]
    assert "Imprint & law Contact Us" in page.words


def test_first_page_says_what_the_site_is(named: FlaskClient) -> None:
    response = named.get("/")

    assert Page(response).headings[0] == "Web <Culture>"
    assert "Days & nights" in Page(response).words
    assert '<meta name="description" content="Days &amp; nights">' in response.text


def test_logo_is_a_picture_alone(named: FlaskClient) -> None:
    page = named.get("/events/conf/").text
    address = page.partition('<img class="logo" src="')[2].partition('"')[0]

    logo = named.get(address)

    assert (logo.status_code, logo.data, logo.mimetype) == (200, SVG, "image/svg+xml")
    assert "immutable" in logo.headers["Cache-Control"]
    assert logo.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "immutable" not in named.get("/logo").headers["Cache-Control"]


def test_site_without_a_face_is_named_by_what_it_has() -> None:
    client = site_of()

    response = client.get("/")

    assert Page(response).headings[0] == "Events"
    assert "<title>Events</title>" in response.text
    assert "logo" not in response.text
    assert client.get("/logo").mimetype == "image/svg+xml"


@pytest.mark.parametrize(
    "text",
    [
        "Imprint",
        "Imprint=javascript:alert(1)",
        "=https://example.org",
        "a=https://b c",
        "x=ftp://y",
    ],
)
def test_footer_link_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SettingsError) as refused:
        config.load(footer_links=text)

    assert str(refused.value) == (
        f"setting footer_links (CALSVC_FOOTER_LINKS): {text!r} cannot be used;"
        " write Imprint=https://example.org/imprint, Contact=mailto:hi@example.org"
    )


@pytest.mark.parametrize("name", ["missing.svg", "logo.txt"])
def test_logo_that_is_no_picture_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "logo.txt").write_text("no picture")

    with pytest.raises(SettingsError, match="name a file that ends in"):
        config.load(site_logo=str(tmp_path / name))
