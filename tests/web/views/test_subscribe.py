"""The page that says how to subscribe: for any selection, any system, and without a script."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode
from xml.etree.ElementTree import Element, TreeBuilder

import pytest
from conftest import BASE_URL, client_of, schedule_of
from flask.testing import FlaskClient
from linkreaders import query_of, read_qr

from calsvc.web.clients import CLIENTS

AI_DATA = "/events/ai-data-2025/subscribe/"
VOID = {"br", "hr", "img", "input", "link", "meta"}

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
PIXEL = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1"
)
UBUNTU = "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


class Tree(HTMLParser):
    """A page as a tree of elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._builder = TreeBuilder()
        self.feed(html)
        self.root = self._builder.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attributes})
        if tag in VOID:
            self._builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)


def page(client: FlaskClient, query: str = "", agent: str = "") -> Element:
    """Return the page of ai-data-2025 as a browser of that name gets it."""
    response = client.get(f"{AI_DATA}?{query}" if query else AI_DATA, headers={"User-Agent": agent})
    assert response.status_code == 200
    return Tree(response.text).root


def found(root: Element, path: str) -> Element:
    """Return the only element at a path."""
    (element,) = root.findall(f".//{path}")
    return element


def words(element: Element) -> str:
    """Return the text of an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def feed(root: Element) -> str:
    """Return the address to copy."""
    field = found(root, "input[@id='feed']")
    assert "readonly" in field.attrib
    return field.attrib["value"]


def links(element: Element) -> list[str]:
    """Return where the links of an element lead."""
    return [link.attrib["href"] for link in element.iter("a")]


# --- the feed -----------------------------------------------------------------------------


def test_page_gives_the_address_of_the_feed(client: FlaskClient) -> None:
    address = f"{BASE_URL}/events/ai-data-2025.ics"

    root = page(client)

    assert feed(root) == address
    assert found(root, "link[@type='text/calendar']").attrib["href"] == address
    assert links(found(root, "section[@aria-labelledby='file']")) == [address]


def test_page_shows_the_feed_to_phones(client: FlaskClient) -> None:
    (code,) = re.findall(r'<svg [^>]*class="qr">.*?</svg>', client.get(f"{AI_DATA}?alarm=10").text)

    assert read_qr(code) == "webcal://calendar.example.org/events/ai-data-2025.ics?alarm=10"


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("kind=Panel&kind=!break&v=3", "kind=!break&kind=panel"),
        ("track=Data+Platforms&utm_source=mail&alarm=10", "alarm=10&track=data-platforms"),
        ("tz=Asia/Kolkata&lang=de&q=Données", "q=donnees"),
        ("alarm=&cancelled=&busy=yes", "busy=yes"),
        ("banner=no&parts=yes&cancelled=mark", "banner=no&cancelled=mark&parts=yes"),
    ],
)
def test_page_gives_the_canonical_feed_of_any_selection(
    client: FlaskClient, query: str, canonical: str
) -> None:
    root = page(client, query)

    address = f"{BASE_URL}/events/ai-data-2025.ics?{canonical}"
    assert feed(root) == address
    assert client.get(address.removeprefix(BASE_URL)).mimetype == "text/calendar"
    assert found(root, "link[@type='text/calendar']").attrib["href"] == address


@pytest.mark.parametrize("query", ["alarm=soon", "cancelled=no"])
def test_page_refuses_what_the_feed_refuses(client: FlaskClient, query: str) -> None:
    response = client.get(f"{AI_DATA}?{query}")

    assert response.status_code == client.get(f"/events/ai-data-2025.ics?{query}").status_code
    assert response.status_code == 400


def test_page_of_an_unknown_event_is_not_there(client: FlaskClient) -> None:
    assert client.get("/events/nothing/subscribe/").status_code == 404


def test_page_leads_to_the_same_agenda_and_to_my_calendar(client: FlaskClient) -> None:
    root = page(client, "kind=panel&alarm=10&lang=de&tz=Asia/Kolkata")

    here = [link.partition("#")[0] for link in links(root) if link.startswith("/")]
    queries = {
        path: dict(parse_qsl(query)) for path, _, query in (link.partition("?") for link in here)
    }
    kept = {"lang": "de", "tz": "Asia/Kolkata"}
    assert queries["/events/ai-data-2025/"] == {"kind": "panel", "alarm": "10", **kept}
    assert queries["/my/"] == kept
    assert [client.get(link).status_code for link in here] == [200] * len(here)


def test_page_shows_what_it_leaves_out_and_leads_to_the_rest(client: FlaskClient) -> None:
    root = page(client, "kind=panel&room=!nowhere&alarm=10")

    chips = [each for each in root.iter("a") if each.get("class") == "chip"]
    rest = [parse_qsl(each.attrib["href"].partition("?")[2]) for each in chips]
    assert [words(each) for each in chips] == [
        "Kind: Panel × (remove)",
        "not Room: nowhere × (remove)",
    ]
    assert rest == [[("alarm", "10"), ("room", "!nowhere")], [("alarm", "10"), ("kind", "panel")]]


def test_page_tells_when_nothing_matches(client: FlaskClient) -> None:
    some, none = (words(page(client, query)) for query in ("kind=panel", "kind=keynote&q=zebra"))

    assert "Nothing on the agenda matches this now." in none
    assert "Nothing on the agenda matches this now." not in some


def test_page_of_a_long_address_recommends_my_calendar(client: FlaskClient) -> None:
    base = len(f"{BASE_URL}/events/ai-data-2025.ics?q=")

    fits, long = (page(client, f"q={'x' * (length - base)}") for length in (200, 201))

    assert [len(feed(fits)), len(feed(long))] == [200, 201]
    assert "This address is so long" not in words(fits)
    (notice,) = (each for each in long.iter("p") if "This address is so long" in words(each))
    assert links(notice) == ["/my/"]
    # Its QR code would be too fine for phones.
    codes = [len(root.findall(".//svg[@class='qr']")) for root in (fits, long)]
    assert codes == [1, 0]


def test_page_of_the_longest_selection_is_there(client: FlaskClient) -> None:
    query = urlencode([("session", f"{'x' * 70}-{number}") for number in range(100)])

    assert len(feed(page(client, query))) > 7000  # more than a QR code can hold


# --- the options --------------------------------------------------------------------------


def sent(form: Element, **changed: str | None) -> str:
    """Return the query string that a form sends, with other values in some fields."""
    fields = []
    for element in form.iter():
        kind = element.get("type")
        if element.tag == "input" and (kind == "hidden" or "checked" in element.attrib):
            fields.append((element.attrib["name"], element.attrib["value"]))
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((each for each in options if "selected" in each.attrib), options[0])
            fields.append((element.attrib["name"], chosen.attrib["value"]))
    offered = {element.get("name") for element in form.iter()}
    assert changed.keys() <= offered
    kept = [(name, value) for name, value in fields if name not in changed]
    return urlencode([*kept, *((name, value) for name, value in changed.items() if value)])


SELECTIONS = (
    "",
    "kind=panel&kind=!break&q=two+words",
    "alarm=90&busy=yes",
    "alarm=0",
    "cancelled=drop&parts=yes&banner=no&day=2025-06-25",
)


@pytest.mark.parametrize("query", SELECTIONS)
def test_form_keeps_what_it_does_not_change(client: FlaskClient, query: str) -> None:
    root = page(client, f"{query}&lang=de&tz=Asia/Kolkata")
    form = found(root, "form")
    assert form.attrib["method"] == "get" and "action" not in form.attrib

    again = sent(form)

    assert feed(page(client, again)) == feed(root)
    assert {("lang", "de"), ("tz", "Asia/Kolkata")} <= set(parse_qsl(again))


@pytest.mark.parametrize(
    ("changed", "canonical"),
    [
        ({"alarm": "15"}, "alarm=15&kind=panel"),
        ({"busy": "yes"}, "busy=yes&kind=panel"),
        ({"cancelled": "mark"}, "cancelled=mark&kind=panel"),
        ({"parts": "yes", "banner": "no"}, "banner=no&kind=panel&parts=yes"),
    ],
)
def test_form_changes_the_options(
    client: FlaskClient, changed: dict[str, str | None], canonical: str
) -> None:
    form = found(page(client, "kind=panel"), "form")

    root = page(client, sent(form, **changed))

    assert feed(root) == f"{BASE_URL}/events/ai-data-2025.ics?{canonical}"
    nothing: dict[str, str | None] = dict.fromkeys(changed)
    without = page(client, sent(found(root, "form"), **nothing))
    assert feed(without) == f"{BASE_URL}/events/ai-data-2025.ics?kind=panel"


def test_form_offers_times_in_words(client: FlaskClient) -> None:
    select = found(page(client, "alarm=90"), "select[@name='alarm']")

    offered = {each.attrib["value"]: words(each) for each in select.iter("option")}

    assert offered == {
        "": "not at all",
        "5": "5 minutes before",
        "10": "10 minutes before",
        "15": "15 minutes before",
        "30": "30 minutes before",
        "60": "1 hour before",
        "90": "90 minutes before",
        "1440": "1 day before",
    }


# --- the programs -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "heading", "first"),
    [
        (IPHONE, "On your iPhone or iPad", ["apple", "google"]),
        (PIXEL, "On your Android phone", ["google", "icsx5"]),
        (
            WINDOWS,
            "On your Windows computer",
            ["google", "outlook", "microsoft365", "outlook_classic"],
        ),
        (MAC, "On your Mac", ["apple", "google", "outlook_mac"]),
        (UBUNTU, "On your computer", ["google", "thunderbird", "gnome", "kde"]),
        ("", None, []),
        ("curl/8.5.0", None, []),
    ],
)
def test_page_begins_with_the_programs_of_ones_own_system(
    client: FlaskClient, agent: str, heading: str | None, first: list[str]
) -> None:
    root = page(client, agent=agent)

    sections = list(root.iter("details"))
    programs = [each for each in sections if "id" in each.attrib]
    assert [each.attrib["id"] for each in programs[: len(first)]] == first
    assert [each.attrib["id"] for each in programs if "open" in each.attrib] == first[:1]
    assert sorted(each.attrib["id"] for each in programs) == sorted(each.id for each in CLIENTS)
    assert next(words(each) for each in root.iter("h2")) == (heading or "The calendar's address")
    own = root.findall(".//h2[@id='own']")
    assert [words(each) for each in own] == [heading] * bool(heading)


def test_page_is_kept_by_ones_own_browser_alone(client: FlaskClient) -> None:
    response = client.get(AI_DATA, headers={"User-Agent": MAC})

    assert {"User-Agent", "Accept-Language"} <= set(response.vary.as_set(preserve_casing=True))
    assert response.cache_control.private
    assert not response.cache_control.public


BUTTONS = {
    "apple": "webcal://calendar.example.org/events/ai-data-2025.ics?alarm=10",
    "icsx5": "webcals://calendar.example.org/events/ai-data-2025.ics?alarm=10",
    "google": "https://calendar.google.com/calendar/r",
    "outlook": "https://outlook.live.com/calendar/0/addfromweb/",
    "microsoft365": "https://outlook.office.com/calendar/0/addfromweb/",
}


def test_buttons_hold_the_feed_as_each_program_takes_it(client: FlaskClient) -> None:
    root = page(client, "alarm=10")

    buttons = {
        each.attrib["id"]: link.attrib["href"]
        for each in root.iter("details")
        for link in each.iter("a")
        if "button" in link.get("class", "").split() and each.get("id")
    }

    assert {
        program: link.split("?url=")[0].split("?cid=")[0] for program, link in buttons.items()
    } == (BUTTONS)
    address = feed(root)
    assert query_of(buttons["google"]) == {"cid": address}
    for program in ("outlook", "microsoft365"):  # https: webcal gives an empty calendar there
        assert query_of(buttons[program]) == {"url": address, "name": "AI & Data @Scale 2025"}


def test_every_program_has_steps(client: FlaskClient) -> None:
    for section in page(client).iter("details"):
        if name := section.get("id"):
            steps = [words(step) for each in section.iter("ol") for step in each.iter("li")]
            assert len(steps) >= 2, name
            # What has no button takes the address, or another program's steps.
            pasted = "#address" in links(section)
            assert pasted or name == "outlook_mac"


def test_programs_that_cannot_subscribe_say_where_to(client: FlaskClient) -> None:
    root = page(client, agent=PIXEL)

    mac, phone = (found(root, f"details[@id='{each}']") for each in ("outlook_mac", "google"))
    ids = {element.get("id") for element in root.iter()}
    assert links(mac) == ["#outlook", "#microsoft365"]
    assert "can't" not in words(phone) and "A computer can:" in words(phone)
    assert {link[1:] for link in links(root) if link.startswith("#")} <= ids


SPEED = {
    "google": (12, 24),
    "outlook": (3, 24),
    "microsoft365": (3, 24),
    "outlook_mac": (3, 24),
    "proton": (4, 16),
}
WITHIN_AN_HOUR = {"outlook_classic", "thunderbird", "gnome", "nextcloud", "fastmail"}
IT_DEPENDS = {
    "apple": "How soon changes show up is a setting",
    "home_assistant": "Changes show up within 24 hours.",
    "icsx5": "at first it is once a day",
    "kde": "at first it is off",
    "yahoo": "Yahoo does not say how soon changes show up.",
}


def test_every_program_says_how_slow_it_is(client: FlaskClient) -> None:
    said = {each.get("id"): words(each) for each in page(client).iter("details") if each.get("id")}

    for program, text in said.items():
        hours = [tuple(map(int, each)) for each in re.findall(r"after (\d+) to (\d+) hours", text)]
        assert hours == ([SPEED[program]] if program in SPEED else []), program
        assert ("within an hour." in text) == (program in {*WITHIN_AN_HOUR, "apple"}), program
    assert {
        name: IT_DEPENDS[name] for name, text in said.items() if name in IT_DEPENDS
    } == IT_DEPENDS
    assert all(IT_DEPENDS[name] in said[name] for name in IT_DEPENDS)


# --- honest by size and device ------------------------------------------------------------


def of_sessions(number: int, description: str = "") -> FlaskClient:
    """Return a site with an event of so many sessions, on two days and in three rooms."""
    lines = [
        f"  - {{id: s{each}, title: Talk {each}, room: Room {each % 3},"
        f" when: 2027-05-0{1 + each % 2} 09:{each % 60:02}-10:{each % 60:02},"
        f' description: "{description}"}}'
        for each in range(number)
    ]
    head = "name: Big\ntimezone: Europe/Berlin\ndates: {from: 2027-05-01, to: 2027-05-02}\n"
    return client_of(schedule_of(head + "sessions:\n" + "\n".join(lines)))


@pytest.mark.parametrize(("number", "is_asked"), [(100, False), (101, True)])
def test_page_of_many_sessions_asks_for_a_part_first(number: int, is_asked: bool) -> None:
    root = Tree(of_sessions(number).get("/events/conf/subscribe/").text).root

    ids = [each.get("id") for each in root.iter() if each.get("id")]
    assert ("parts" in ids) == is_asked
    if is_asked:
        offered = {
            select.attrib["name"]: sorted(words(each) for each in select.iter("option"))
            for select in root.iter("select")
            if select.get("id", "").startswith("part-")
        }
        assert offered == {
            "room": ["Choose …", "Room 0", "Room 1", "Room 2"],
            "day": ["Choose …", "Sat, May 1", "Sun, May 2"],
        }
        assert ids.index("parts") < ids.index("everything") < ids.index("feed")
        assert "open" not in found(root, "details[@id='everything']").attrib


def test_page_of_a_part_that_was_asked_for_is_that_of_its_feed() -> None:
    answer = of_sessions(101).get("/events/conf/subscribe/?room=room-1")

    root = Tree(answer.text).root
    assert feed(root) == f"{BASE_URL}/events/conf.ics?room=room-1"
    assert root.findall(".//h2[@id='parts']") == []


def test_google_is_not_offered_what_it_cuts_off() -> None:
    client = of_sessions(300, "word " * 700)
    octets = len(client.get("/events/conf.ics").data)

    whole, part = (
        Tree(client.get(f"/events/conf/subscribe/{query}", headers={"User-Agent": WINDOWS}).text)
        for query in ("", "?room=room-1&day=2027-05-01")
    )

    assert octets > 1_000_000
    google, outlook = (
        found(whole.root, f"details[@id='{each}']") for each in ("google", "outlook")
    )
    assert f"this calendar has {octets / 1_000_000:.1f} MB" in words(google)
    assert "#parts" in links(google)
    strong = [each for each in google.iter("a") if "strong" in each.get("class", "")]
    assert strong == []
    assert [each for each in outlook.iter("a") if "strong" in each.get("class", "")] != []
    assert "1 MB" not in words(found(part.root, "details[@id='google']"))


def test_phone_shows_no_code_of_its_own_screen_and_no_steps_of_others(client: FlaskClient) -> None:
    iphone, mac, android = (page(client, agent=each) for each in (IPHONE, MAC, PIXEL))

    codes = [len(root.findall(".//svg[@class='qr']")) for root in (iphone, mac, android)]
    assert codes == [0, 1, 0]
    apple = [words(found(root, "details[@id='apple']")) for root in (iphone, mac, android)]
    assert ["New Calendar Subscription" in each for each in apple] == [False, True, True]
    assert ["Tap the button above." in each for each in apple] == [True, False, True]
    google = [links(found(root, "details[@id='google']")) for root in (iphone, mac, android)]
    assert [any("cid=" in link for link in each) for each in google] == [False, True, False]
    assert [any(link.startswith("mailto:") for link in each) for each in google] == [
        *(True, False, True)
    ]


# --- without a script, and for other readers ----------------------------------------------


def test_copy_button_waits_for_the_script(client: FlaskClient) -> None:
    buttons = [each for each in page(client).iter("button") if "data-copy" in each.attrib]

    assert len(buttons) > 10  # one in each step that needs the address
    for button in buttons:
        assert "hidden" in button.attrib
        assert (button.get("type"), button.get("data-copy")) == ("button", "feed")


def test_page_escapes_what_an_agenda_says() -> None:
    client = client_of(
        schedule_of("""
            name: "<b>A&B</b>"
            timezone: Europe/Berlin
            date: 2027-05-01
            sessions: []
        """)
    )

    response = client.get("/events/conf/subscribe/")

    assert words(found(Tree(response.text).root, "h1")) == "Subscribe to <b>A&B</b>"
    assert "<b>" not in response.text


def test_page_is_german_for_germans(client: FlaskClient) -> None:
    root = page(client, "lang=de", agent=IPHONE)

    assert root.attrib["lang"] == "de"
    assert words(found(root, "h1")) == "AI & Data @Scale 2025 abonnieren"
    assert words(found(root, "h2[@id='own']")) == "Auf iPhone oder iPad"


SAME = {
    *("Fastmail", "Home Assistant", "ICSx5", "KOrganizer", "Microsoft 365", "Nextcloud"),
    *("Outlook.com", "Proton Calendar", "Thunderbird"),
}


@pytest.mark.parametrize("query", ["alarm=10", f"q={'x' * 200}"])
def test_page_says_all_of_it_in_german(client: FlaskClient, query: str) -> None:
    main = (found(page(client, f"{query}&lang={each}"), "main") for each in ("en", "de"))

    english, german = (
        {words(each) for each in root.iter() if not len(each) and words(each)} for root in main
    )

    assert len(english) > 50
    assert english & german == SAME | ({"×"} if "q=" in query else set())
