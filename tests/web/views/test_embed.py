"""What other sites get to show: over HTTP, without a browser."""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import parse_qs, quote, urljoin, urlsplit
from xml.etree import ElementTree

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from calsvc.config import Settings
from calsvc.live.events import Live
from calsvc.schedule import selection
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.web.app import create_app
from calsvc.web.auth import COOKIE
from calsvc.web.policies import PAGE_POLICY

EVENT = "/events/ai-data-2025/"
FRAMES = [
    *(f"{EVENT}embed/", f"{EVENT}embed/subscribe/", f"{EVENT}embed/sessions/genai-startups/"),
    *(f"{EVENT}embed/days/", f"{EVENT}embed/days/2025-06-25/"),
]
HELP = f"{EVENT}embed/help"
LARGEST_SCRIPT = 20_000  # octets, compressed
CONF = """
    name: Conf
    timezone: America/New_York
    date: 2027-05-04
    sessions:
      - {id: talk, title: A <Talk>, when: 09:00-10:00, room: Hall A}
      - {id: twice, title: Twice, when: [10:00-11:00, 12:00-13:00]}
      - {id: off, title: Off, when: 14:00-15:00, status: cancelled}
      - {id: later, title: Later}
      - {id: gone, title: Gone, when: 16:00-17:00}
    """


class Tags(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attributes}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Return the attributes of each tag of that name that has these."""
        return [
            given for name, given in self.found if name == tag and wanted.items() <= given.items()
        ]


@pytest.fixture
def conf() -> FlaskClient:
    """A site of one event, of whose agenda a session was taken."""
    first = schedule_of(CONF)
    without = "".join(line for line in CONF.splitlines(keepends=True) if "gone" not in line)
    schedule = publish(event_of(without), first, NOW)
    return create_app(Live([schedule], BASE_URL)).test_client()


def site_of(schedule: Schedule, **settings: str) -> FlaskClient:
    """Return a client of a site with settings."""
    return create_app(Live([schedule], BASE_URL), settings=Settings(**settings)).test_client()


# --- who may show it ----------------------------------------------------------------------


def policy_of(client: FlaskClient, path: str) -> list[str]:
    """Return the directives of a page's policy, sorted."""
    return sorted(client.get(path).headers["Content-Security-Policy"].split("; "))


def test_frames_may_stand_anywhere_and_other_pages_nowhere(client: FlaskClient) -> None:
    of_pages = PAGE_POLICY.split("; ")
    of_frames = [each for each in of_pages if each != "frame-ancestors 'none'"]

    for path in [*FRAMES, "/events/unknown/embed/", f"{EVENT}embed/sessions/unknown/"]:
        assert policy_of(client, path) == sorted([*of_frames, "frame-ancestors *"])
    for path in ("/", EVENT, "/nothing/"):
        assert policy_of(client, path) == sorted(of_pages)
    assert policy_of(client, HELP) == sorted([*of_pages, "frame-src 'self'"])


def test_settings_name_the_sites_and_the_policy(ai_data: Schedule) -> None:
    one = site_of(ai_data, frame_ancestors="https://conf.example.org https://*.example.net")
    other = site_of(ai_data, content_security_policy="default-src 'self'; frame-ancestors 'none';")

    assert "frame-ancestors https://conf.example.org https://*.example.net" in policy_of(
        one, FRAMES[0]
    )
    assert "frame-ancestors 'none'" in policy_of(one, EVENT)
    assert policy_of(other, EVENT) == ["default-src 'self'", "frame-ancestors 'none'"]
    assert policy_of(other, FRAMES[0]) == ["default-src 'self'", "frame-ancestors *"]


def test_any_site_may_read_frames_and_the_script(client: FlaskClient) -> None:
    for path in [*FRAMES, "/embed.js", "/oembed", "/events/unknown/embed/"]:
        headers = client.get(path, headers={"Origin": "https://conf.example.org"}).headers

        assert headers["Access-Control-Allow-Origin"] == "*", path
        assert "Access-Control-Allow-Credentials" not in headers, path


@pytest.mark.parametrize("path", FRAMES)
def test_frame_is_the_same_for_everybody(client: FlaskClient, path: str) -> None:
    anonymous = client.get(path)
    client.set_cookie(COOKIE, "a-key-of-somebody")
    known = client.get(path)

    assert known.data == anonymous.data
    assert "Set-Cookie" not in known.headers
    assert known.headers["Cache-Control"] == "public, max-age=300"
    assert known.headers["Vary"] == "Accept-Language, Accept-Encoding"


# --- what it shows ------------------------------------------------------------------------


def stars_of(client: FlaskClient, path: str) -> list[str]:
    """Return what can be chosen on a page."""
    return [star["value"] for star in Tags(client.get(path).text).all("button", name="session")]


@pytest.mark.parametrize(
    "query", ["", "?kind=panel", "?q=infrastructure&kind=!poster", "?day=2025-06-26"]
)
def test_frame_has_the_sessions_of_the_agenda(client: FlaskClient, query: str) -> None:
    of_agenda = stars_of(client, EVENT + query)

    assert stars_of(client, FRAMES[0] + query) == of_agenda
    assert bool(of_agenda) == (query != "?day=2025-06-26")


def test_frame_speaks_the_language_and_has_the_zone_that_are_asked_for(client: FlaskClient) -> None:
    text = client.get(f"{FRAMES[0]}?lang=de&tz=Asia/Kolkata").text

    assert '<html lang="de"' in text
    assert "Mittwoch, 25. Juni 2025" in text
    assert '<time datetime="2025-06-25T21:00+05:30">21:00</time>' in text  # 08:30 in California


def test_frame_opens_new_tabs_and_its_stars_lead_to_the_agenda(client: FlaskClient) -> None:
    tags = Tags(client.get(f"{FRAMES[0]}?kind=panel&lang=de").text)
    search, form = tags.all("form")
    [back] = tags.all("input", name="back")

    assert tags.all("base") == [{"target": "_blank"}]
    assert {link["href"][:1] for link in tags.all("a", target="_self")} == {"#"}
    assert [script["src"].partition("?")[0] for script in tags.all("script")] == ["/static/now.js"]
    assert (search["method"], search["target"]) == ("get", "_self")
    assert (form["method"], urlsplit(form["action"]).path) == ("post", "/my/add")
    assert urlsplit(back["value"]).path == EVENT
    assert parse_qs(urlsplit(back["value"]).query) == {"kind": ["panel"], "lang": ["de"]}


def test_value_that_cannot_be_is_an_error_that_other_sites_can_read(client: FlaskClient) -> None:
    answer = client.get(f"{FRAMES[0]}?alarm=soon")

    assert answer.status_code == 400
    assert "<h1>This link has something we don&#39;t know.</h1>" in answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_buttons_subscribe_to_the_part_that_is_asked_for(client: FlaskClient) -> None:
    tags = Tags(client.get(f"{FRAMES[1]}?kind=panel&alarm=10").text)
    feed = f"{BASE_URL}/events/ai-data-2025.ics?alarm=10&kind=panel"
    [apple, google, outlook, microsoft365] = [
        link["href"] for link in tags.all("a") if link.get("class") == "button"
    ]

    assert [field["value"] for field in tags.all("input")] == [feed]
    assert apple == feed.replace("https", "webcal", 1)
    assert parse_qs(urlsplit(google).query)["cid"] == [feed]
    for link, host in ((outlook, "outlook.live.com"), (microsoft365, "outlook.office.com")):
        assert urlsplit(link).netloc == host
        assert parse_qs(urlsplit(link).query)["url"] == [feed]


def test_session_has_its_times_and_a_star_for_each(conf: FlaskClient) -> None:
    page = conf.get("/events/conf/embed/sessions/twice/")
    stars = Tags(page.text).all("button", name="session")
    starts = [time["datetime"] for time in Tags(page.text).all("time")][::2]

    assert starts == ["2027-05-04T10:00-04:00", "2027-05-04T12:00-04:00"]
    assert len({star["value"] for star in stars}) == 2
    assert all(star["value"].startswith("twice/") for star in stars)
    assert "EDT, New York" in page.text
    assert page.text.count("Google</a>") == 2


@pytest.mark.parametrize(
    ("session", "status", "words", "stars"),
    [
        ("talk", 200, "A &lt;Talk&gt;", ["talk"]),
        ("off", 200, "Cancelled", []),
        ("later", 200, "Time to be announced.", ["later"]),
        ("gone", 410, "This is no longer here.", []),
        ("never", 404, "There is nothing at this address.", []),
    ],
)
def test_session_tells_what_became_of_it(
    conf: FlaskClient, session: str, status: int, words: str, stars: list[str]
) -> None:
    page = conf.get(f"/events/conf/embed/sessions/{session}/")

    assert page.status_code == status
    assert words in page.text
    assert stars_of(conf, f"/events/conf/embed/sessions/{session}/") == stars


# --- the script ---------------------------------------------------------------------------


def compressed(client: FlaskClient, path: str, **headers: str) -> TestResponse:
    """Return a script as browsers get it."""
    return client.get(path, headers={"Accept-Encoding": "gzip", **headers})


def loaded(client: FlaskClient, path: str) -> dict[str, str]:
    """Return a script and all modules that it needs, by their addresses."""
    found, waiting = {}, [path]
    while waiting:
        path = waiting.pop()
        found[path] = client.get(path).text
        others = re.findall(r'^import .+ from "(.+)";$', found[path], re.MULTILINE)
        others += re.findall(r'\bimport\(.+ : "(.+)"\)', found[path])
        waiting += {urljoin(path, each) for each in others} - found.keys() - set(waiting)
    return found


def test_script_is_small_with_all_that_it_loads(client: FlaskClient) -> None:
    scripts = loaded(client, "/embed.js")
    sheets = [
        link["href"] for link in Tags(client.get(FRAMES[0]).text).all("link", rel="stylesheet")
    ]
    octets = {path: len(compressed(client, path).data) for path in [*scripts, *sheets]}

    assert len(scripts) == 5
    assert len(sheets) == 2
    assert sum(octets.values()) < LARGEST_SCRIPT


def test_script_is_soon_replaced_by_a_newer_one(client: FlaskClient) -> None:
    answer = compressed(client, "/embed.js")
    again = compressed(client, "/embed.js", **{"If-None-Match": answer.headers["ETag"]})
    paths = [path for path in loaded(client, "/embed.js") if "static" in path]

    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "static/elements.js" in answer.text
    assert (again.status_code, again.data) == (304, b"")
    assert "/static/elements.js" in paths
    for path in paths:
        module = compressed(client, path)
        # The first one's address never changes, either; it names those of its own release.
        is_first = path == "/static/elements.js"
        cache = "no-cache" if is_first else "public, max-age=31536000, immutable"
        assert (module.mimetype, module.headers["Cache-Control"]) == ("text/javascript", cache)
        assert module.headers["Access-Control-Allow-Origin"] == "*"


def test_script_knows_every_filter_and_needs_nothing_else(client: FlaskClient) -> None:
    scripts = loaded(client, "/embed.js")
    names = {
        name: re.findall(r'"(\w+)"', listed)
        for name, listed in re.findall(
            r"^const (\w+) = \[(.+)\];$", scripts["/static/elements.js"], re.MULTILINE
        )
    }
    text = "".join(scripts.values())

    assert names["FILTERS"] == list(selection.FILTERS)
    assert names["OPTIONS"] == list(selection.OPTIONS)
    assert len(re.findall(r"\bimport\b(?!\.meta)", text)) == len(scripts) - 1
    assert "document.cookie" not in text
    assert set(re.findall(r"credentials: (\S+?)[ ,}]", text)) == {'"omit"'}
    assert text.count("fetch(") == text.count("credentials:")


# --- oEmbed -------------------------------------------------------------------------------

RICH = {"html", "width", "height"}  # what the type must have besides (oembed.com, 2.3.4.4)


def described(client: FlaskClient, url: str, **parameters: str) -> dict[str, str]:
    """Return what oEmbed says of an address, the same in JSON and in XML."""
    query = "".join(f"&{name}={value}" for name, value in parameters.items())
    as_json = client.get(f"/oembed?url={quote(url, safe='')}{query}")
    as_xml = client.get(f"/oembed?url={quote(url, safe='')}{query}&format=xml")
    root = ElementTree.fromstring(as_xml.data)  # noqa: S314 -- what calsvc itself wrote

    assert (as_json.mimetype, as_xml.mimetype) == ("application/json", "text/xml")
    found = {name: str(value) for name, value in as_json.json.items()}
    assert (root.tag, {each.tag: each.text for each in root}) == ("oembed", found)
    assert found["version"] == "1.0"
    return found


def frame_of(answer: Mapping[str, str]) -> dict[str, str]:
    """Return the frame that an answer is."""
    tags = Tags(answer["html"])
    assert [tag for tag, _ in tags.found] == ["iframe"]
    return tags.all("iframe")[0]


@pytest.mark.parametrize(
    ("path", "title", "frame"),
    [
        (EVENT, "AI & Data @Scale 2025", FRAMES[0]),
        (f"{EVENT}?lang=de&kind=panel", "AI & Data @Scale 2025", f"{FRAMES[0]}?kind=panel&lang=de"),
        (EVENT.rstrip("/"), "AI & Data @Scale 2025", FRAMES[0]),
        (f"{EVENT}days/", "AI & Data @Scale 2025", FRAMES[0]),
        (
            f"{EVENT}days/2025-06-25/?kind=panel",
            "AI & Data @Scale 2025",
            f"{FRAMES[0]}?day=2025-06-25&kind=panel",
        ),
        (f"{EVENT}subscribe/", "AI & Data @Scale 2025", FRAMES[1]),
        (
            f"{EVENT}sessions/genai-startups/",
            "Live Panel: GenAI Startups – AI & Data @Scale 2025",
            FRAMES[2],
        ),
        (
            f"{EVENT}sessions/genai-startups/?tz=Asia/Kolkata&from=a-letter",
            "Live Panel: GenAI Startups – AI & Data @Scale 2025",
            f"{FRAMES[2]}?tz=Asia/Kolkata",
        ),
        (FRAMES[0], "AI & Data @Scale 2025", FRAMES[0]),
    ],
)
def test_oembed_of_a_page_is_its_frame(
    client: FlaskClient, path: str, title: str, frame: str
) -> None:
    answer = described(client, BASE_URL + path)
    shown = frame_of(answer)

    assert (answer["type"], answer["title"]) == ("rich", title)
    assert answer.keys() >= RICH
    assert (shown["src"], shown["title"]) == (BASE_URL + frame, title)
    assert (shown["width"], shown["height"]) == (answer["width"], answer["height"])
    assert client.get(frame).status_code == 200


def test_oembed_keeps_to_the_room_there_is(client: FlaskClient) -> None:
    answer = described(client, BASE_URL + EVENT, maxwidth="320", maxheight="9999")
    free = described(client, BASE_URL + EVENT)

    assert (answer["width"], answer["height"]) == ("320", free["height"])
    assert int(free["width"]) > 320


def test_oembed_of_the_site_is_a_link(client: FlaskClient) -> None:
    assert described(client, f"{BASE_URL}/")["type"] == "link"


def test_oembed_knows_a_site_below_a_path(ai_data: Schedule) -> None:
    home = "https://example.org/calendar"
    client = create_app(Live([ai_data], home)).test_client()
    shown = frame_of(described(client, home + EVENT))

    assert shown["src"] == home + FRAMES[0]
    assert client.get(f"/oembed?url=https://example.org{EVENT}").status_code == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("url=https://example.org/events/ai-data-2025/", 404),
        ("url=https://calendar.example.org.example.net/events/ai-data-2025/", 404),
        (f"url={BASE_URL}/events/unknown/", 404),
        (f"url={BASE_URL}{EVENT}sessions/unknown/", 404),
        (f"url={BASE_URL}/my/", 404),
        (f"url={BASE_URL}/my/add", 404),
        (f"url={BASE_URL}/nothing", 404),
        ("url=http://[", 404),
        ("url=", 404),
        (f"url={BASE_URL}{EVENT}?alarm=soon", 400),
        (f"url={BASE_URL}{EVENT}&format=yaml", 501),
    ],
)
def test_oembed_refuses_what_it_cannot_show(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/oembed?{query}").status_code == status


@pytest.mark.parametrize("path", [f"{EVENT}?kind=panel", f"{EVENT}sessions/genai-startups/"])
def test_page_tells_programs_of_its_oembed(client: FlaskClient, path: str) -> None:
    tags = Tags(client.get(path).text)

    for form, kind in (("json", "application/json+oembed"), ("xml", "text/xml+oembed")):
        [link] = tags.all("link", rel="alternate", type=kind)
        asked = parse_qs(urlsplit(link["href"]).query)

        assert link["href"].startswith(f"{BASE_URL}/oembed?")
        assert asked == {"url": [BASE_URL + path], "format": [form]}
        assert client.get(link["href"].removeprefix(BASE_URL)).mimetype in kind.split("+")


# --- the page that shows it all -----------------------------------------------------------


def test_help_shows_live_what_its_code_says(client: FlaskClient) -> None:
    text = client.get(HELP).text
    codes = Tags(text)
    written = re.findall(r"<code id=\"(\w+)\">(.*?)</code>", text, re.DOTALL)
    elements = ("calsvc-agenda", "calsvc-subscribe", "calsvc-session")

    assert [name for name, _ in written] == [
        *("script", "agenda", "subscribe", "session", "frame", "links", "looks", "policy")
    ]
    for element in elements:
        [live] = codes.all(element)  # what is code is no tag
        assert live["event"] == "ai-data-2025"
        assert client.get(f"{EVENT}sessions/{live.get('session', 'metamate')}/").status_code == 200
    assert [script["src"] for script in codes.all("script")][-1] == "/embed.js"
    assert BASE_URL in dict(written)["policy"]


def test_help_shows_an_event_without_sessions(client: FlaskClient) -> None:
    tags = Tags(client.get("/events/product-2025/embed/help").text)

    assert tags.all("calsvc-agenda") == [{"event": "product-2025"}]
    assert tags.all("calsvc-session") == []


def test_help_is_found_from_the_agenda(client: FlaskClient) -> None:
    links = Tags(client.get(f"{EVENT}?lang=de").text).all("a")

    assert f"{HELP}?lang=de" in [link.get("href") for link in links]
