"""What the site gives to devices for when there is no network: a script, a page, a manifest."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from conftest import BASE_URL, client_of, schedule_of
from flask import Flask
from flask.testing import FlaskClient
from pages import Page

from calsvc.addresses import PATHS
from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.web.app import create_app

CONF = schedule_of(
    """
    name: Conf
    timezone: UTC
    dates: {from: 2027-06-15, to: 2027-06-16}
    sessions: [{id: one, title: One, when: 2027-06-15 09:00-10:00}]
    """
)
KEPT = (
    "/",
    PATHS.event("conf"),
    PATHS.days("conf"),
    PATHS.days("conf", "2027-06-15"),
    PATHS.session("conf", "one"),
    PATHS.my(),
)
LEFT_ALONE = (
    PATHS.feed("conf"),
    PATHS.events_feed(),
    PATHS.session_feed("conf", "one"),
    PATHS.personal_feed("key", "name"),
    PATHS.shared("key"),
    PATHS.embed("conf"),
    PATHS.embed_session("conf", "one"),
    PATHS.api_event("conf"),
    f"{PATHS.api}/calendars/me",
    "/healthz",
    "/readyz",
    "/logo",
    "/static/site.js",
)


def known(client: FlaskClient, path: str = "/offline.js") -> dict[str, Any]:
    """Return what the script knows of the site."""
    text = client.get(path).text
    found: dict[str, Any] = json.loads(text[len("const SITE = ") : text.index(";\n")])
    return found


def test_script_is_asked_for_anew_each_time_and_stands_above_the_whole_site() -> None:
    response = client_of(CONF).get("/offline.js")

    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["ETag"]
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; connect-src 'self'"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("path", KEPT)
def test_agendas_sessions_and_my_calendar_are_kept(path: str) -> None:
    patterns = known(client_of(CONF))["kept"]

    assert any(re.search(pattern, path.removeprefix("/")) for pattern in patterns)


@pytest.mark.parametrize("path", LEFT_ALONE)
def test_feeds_and_what_has_a_key_in_its_address_are_left_alone(path: str) -> None:
    site = known(client_of(CONF))

    patterns = [*site["kept"], *site["answered"]]
    assert [each for each in patterns if re.search(each, path.removeprefix("/"))] == []


@pytest.mark.parametrize(
    ("path", "agenda"),
    [
        (PATHS.event("conf"), "events/conf/"),
        (PATHS.days("conf"), "events/conf/"),
        (PATHS.days("conf", "2027-06-15"), "events/conf/"),
        (PATHS.session("conf", "one"), None),
        (PATHS.changes("conf"), None),
        (PATHS.embed("conf"), None),
    ],
)
def test_copy_of_all_days_stands_for_the_pages_of_an_agenda(path: str, agenda: str | None) -> None:
    site = known(client_of(CONF))

    found = re.search(site["agenda"], path.removeprefix("/"))

    assert (found and found[1]) == agenda
    assert f"/{found[1]}{site['whole']}" == PATHS.days("conf") if found else True


def test_script_below_a_path_knows_it() -> None:
    client = create_app(Live([CONF], f"{BASE_URL}/cal")).test_client()

    site = known(client, "/cal/offline.js")

    assert (site["home"], site["mine"]) == ("/cal/", "/cal/my/")
    assert site["leaving"] == ["/cal/my/delete", "/cal/my/open"]
    assert {each.split("static/")[0] for each in site["files"]} == {"/cal/"}
    assert [client.get(each).status_code for each in site["files"]] == [200] * len(site["files"])
    assert 'href="/cal/site.webmanifest"' == site["mark"]


@pytest.mark.parametrize("path", KEPT)
def test_script_keeps_all_files_that_pages_load(path: str) -> None:
    client = client_of(CONF)
    page = client.get(path).text
    scripts = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    imported = [
        f"/static/{name}"
        for script in scripts
        for name in re.findall(r'(?:from |import\()"\./([^"]+)"', client.get(script).text)
    ]

    assert imported and set(scripts + imported) <= set(known(client)["files"])


def test_script_keeps_the_logo(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    client = create_app(Live([CONF], BASE_URL), settings=Settings(site_logo=logo)).test_client()

    [address] = [each for each in known(client)["files"] if "logo" in each]

    assert address in client.get("/").text
    assert client.get(address).mimetype == "image/svg+xml"


def release(folder: Path, **changed: str) -> Flask:
    """Return a site of a release, whose static files differ in what is added to some."""
    app = create_app(Live([CONF], BASE_URL))
    for path in Path(str(app.static_folder)).iterdir():
        added = changed.get(path.stem, "").encode() if path.suffix == ".js" else b""
        folder.joinpath(path.name).write_bytes(path.read_bytes() + added)
    app.static_folder = str(folder)
    return app


@pytest.mark.parametrize("name", ["site", "present", "offline"])
def test_new_release_of_any_file_is_a_new_script(tmp_path: Path, name: str) -> None:
    bodies = []
    for number, changed in enumerate(({}, {}, {name: "// newer\n"})):
        folder = tmp_path / str(number)
        folder.mkdir()
        bodies.append(release(folder, **changed).test_client().get("/offline.js").data)

    assert bodies[0] == bodies[1] != bodies[2]


def test_module_is_imported_by_the_digest_of_its_content(tmp_path: Path) -> None:
    def digests(changed: dict[str, str]) -> dict[str, str]:
        folder = tmp_path / str(len(changed))
        folder.mkdir()
        client = release(folder, **changed).test_client()
        return dict(re.findall(r"/static/(\w+)\.js\?v=(\w+)", client.get(PATHS.event("conf")).text))

    before, after = digests({}), digests({"present": "// newer\n"})

    # Whoever has the old agenda.js has the old present.js with it.
    assert before["agenda"] != after["agenda"]
    assert before["site"] == after["site"]


def test_page_for_what_was_never_opened_speaks_each_language() -> None:
    client = client_of(CONF)
    pages = known(client)["nothing"]

    titles = {tag: Page(client.get(address)).headings[0] for tag, address in pages.items()}

    assert titles == {"en": "No connection", "de": "Keine Verbindung"}


def test_manifest_is_of_the_site_in_the_readers_language() -> None:
    client = client_of(CONF)

    response = client.get("/site.webmanifest", headers={"Accept-Language": "de-AT"})

    assert response.mimetype == "application/manifest+json"
    assert response.headers["Vary"].startswith("Accept-Language")
    described = json.loads(response.text)
    assert (described["name"], described["lang"]) == ("Veranstaltungen", "de-AT")
    assert (described["start_url"], described["scope"]) == ("/", "/")
    assert [client.get(icon["src"]).mimetype for icon in described["icons"]] == ["image/svg+xml"]


def test_manifest_has_the_sites_own_name_and_place() -> None:
    settings = Settings(site_name="Konferenzen", site_description="Alle Termine")
    client = create_app(Live([CONF], f"{BASE_URL}/cal"), settings=settings).test_client()

    described = json.loads(client.get("/cal/site.webmanifest").text)

    assert (described["name"], described["description"]) == ("Konferenzen", "Alle Termine")
    assert (described["start_url"], described["scope"]) == ("/cal/", "/cal/")


@pytest.mark.parametrize("path", KEPT)
def test_page_names_manifest_and_script(path: str) -> None:
    text = client_of(CONF).get(path).text

    assert '<link rel="manifest" href="/site.webmanifest">' in text
    assert 'data-keeper="/offline.js"' in text


def test_pages_for_frames_keep_nothing() -> None:
    text = client_of(CONF).get(PATHS.embed("conf")).text

    assert "manifest" not in text
    assert "offline.js" not in text
