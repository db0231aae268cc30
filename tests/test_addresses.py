"""Each address of the contract leads to its view, those in scripts too."""

import re
from urllib.parse import unquote, urlsplit

import pytest
from conftest import BASE_URL, PROJECT
from flask.testing import FlaskClient

from calsvc.addresses import Addresses

ADDRESSES = Addresses(BASE_URL)
STATIC = PROJECT / "calsvc" / "web" / "static"
CONF, TALK = {"event_id": "conf"}, {"event_id": "conf", "session_id": "talk"}
FEED = {"feed_key": "k", "name": "a b"}


LEADING = [
    ("site", ADDRESSES.site, "pages.site_page", {}),
    ("events_feed", ADDRESSES.events_feed(), "feeds.site_feed", {}),
    ("event", ADDRESSES.event("conf"), "pages.event_page", CONF),
    ("entry", ADDRESSES.entry("conf", None), "pages.event_page", CONF),
    ("entry", ADDRESSES.entry("conf", "talk"), "pages.session_page", TALK),
    ("feed", ADDRESSES.feed("conf"), "feeds.ics", CONF),
    ("feed", ADDRESSES.feed("conf", "atom"), "feeds.atom", CONF),
    ("changes", ADDRESSES.changes("conf"), "pages.changes_page", CONF),
    ("changes", ADDRESSES.changes("conf", "version-3"), "pages.changes_page", CONF),
    ("subscribe", ADDRESSES.subscribe("conf"), "subscribe.subscribe_page", CONF),
    ("embed", ADDRESSES.embed("conf"), "embed.embed_page", CONF),
    ("session", ADDRESSES.session("conf", "talk"), "pages.session_page", TALK),
    ("session_feed", ADDRESSES.session_feed("conf", "talk"), "feeds.session_feed", TALK),
    ("embed_script", ADDRESSES.embed_script, "embed.embed_script", {}),
    ("oembed", ADDRESSES.oembed, "embed.oembed", {}),
    ("api", f"{ADDRESSES.api}/openapi.json", "api.openapi", {}),
    ("api_event", ADDRESSES.api_event("conf"), "api.get_event", {"event": "conf"}),
    ("my", ADDRESSES.my(), "my.my_page", {}),
    ("my", ADDRESSES.my("key"), "my.my_page", {}),
    ("personal_feed", ADDRESSES.personal_feed("k", "a b"), "my.personal_feed", FEED),
    ("shared", ADDRESSES.shared("k"), "my.shared_page", {"share_key": "k"}),
]
"""What makes an address, the address, and the view with what it is given."""


@pytest.mark.parametrize(("maker", "address", "endpoint", "names"), LEADING)
def test_address_leads_to_its_view(
    client: FlaskClient, maker: str, address: str, endpoint: str, names: dict[str, str]
) -> None:
    path = unquote(urlsplit(address).path)

    assert address.startswith(BASE_URL)
    assert client.application.url_map.bind("").match(path) == (endpoint, names)


def test_every_address_is_tried() -> None:
    public = {name for name in vars(Addresses) if name[0] != "_"}

    assert public - {"base_url", "origin"} == {maker for maker, *_ in LEADING}


def test_scripts_ask_for_addresses_of_the_contract() -> None:
    embed = (STATIC / "embed.js").read_text("utf-8")
    calendar = (STATIC / "calendar.js").read_text("utf-8")
    event = '${encodeURIComponent(this.getAttribute("event") || "-")}'

    assert f"`{relative(ADDRESSES.event(event))}${{path}}`" in embed
    below = ADDRESSES.event("conf")
    pages = {ADDRESSES.embed("conf").removeprefix(below)}
    pages |= {f"{page}{name}" for page in set(pages) for name in ("subscribe/", "sessions/")}
    assert set(re.findall(r"[`\"](embed/[a-z/]*)", embed)) == pages
    assert f"`{relative(ADDRESSES.api)}/calendars${{path}}`" in calendar
    assert f"`{relative(ADDRESSES.my('${this.#key}'))}`" in calendar


def relative(address: str) -> str:
    """Return an address from the home of the site on."""
    return address.removeprefix(ADDRESSES.site)


def test_templates_and_views_put_no_address_together() -> None:
    folder = PROJECT / "calsvc"
    sources = [*folder.rglob("*.py"), *folder.rglob("*.html")]
    found = [
        f"{path.relative_to(folder)}: {line.strip()}"
        for path in sources
        if path.name != "addresses.py"
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"base_url\s*(\}|~|\+)", line) and "addresses.base_url}{path}" not in line
    ]

    assert found == []
