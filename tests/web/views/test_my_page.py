"""The page of My calendar: the choice by day, what is wrong with it, and the ways to programs."""

import re
from pathlib import Path
from urllib.parse import urljoin

from conftest import BASE_URL, schedule_of
from linkreaders import read_qr
from pages import Page
from people import AGENDA, CONF, HOSTILE_NAME, Browser, MySite, my_site_of, shared_by, uid_of
from readers import faults

BERLIN = "Tuesday, June 15, 2032 CEST, Berlin"


def test_page_shows_the_choice_by_day(person: Browser) -> None:
    person.choose("later", "talk", "opening")
    person.choose("keynote", event="other")

    page = person.page()

    start = page.headings.index(BERLIN)
    assert page.headings[start : page.headings.index("Options")] == [
        *(BERLIN, "Opening", "Talk"),
        *("Monday, January 10, 2033 PST, Los Angeles", "Keynote"),
        *("Time to be announced", "Later"),
    ]
    assert "4 sessions Next: Opening, Tue, Jun 15, 9:00 AM · Hall A" in page.words
    assert "Talk 9:20 AM – 10:00 AM · Hall B Conf" in page.words
    assert "Keynote 9:00 AM – 10:00 AM Other" in page.words


def test_events_of_one_zone_share_a_day(tmp_path: Path) -> None:
    evening = "      - {id: party, title: Party, when: 20:00-22:00}"
    agenda = AGENDA[: AGENDA.index("sessions:")] + "sessions:\n" + evening
    person = my_site_of(tmp_path, CONF, schedule_of(agenda, "evening")).browser()
    person.choose("party", event="evening")
    person.choose("talk")

    headings = person.page().headings
    start = headings.index(BERLIN)
    assert headings[start : start + 3] == [BERLIN, "Talk", "Party"]


def test_page_shows_times_in_the_zone_that_is_asked_for(person: Browser) -> None:
    person.choose("talk")
    person.choose("keynote", event="other")

    page = person.page("/my/?tz=Asia/Tokyo&lang=en-GB")

    start = page.headings.index("Tuesday, 15 June 2032 JST, Tokyo")
    assert page.headings[start + 1 : start + 4] == [
        "Talk",
        # Until six in the morning it is still the evening before.
        *("Monday, 10 January 2033 JST, Tokyo", "Keynote"),
    ]
    assert "Talk 16:20 – 17:00 · Hall B" in page.words
    assert "Keynote Tue 11 Jan, 02:00 – 03:00" in page.words
    assert "/events/conf/sessions/talk/?lang=en-GB&tz=Asia/Tokyo" in page.links


def test_zone_that_is_none_is_refused(person: Browser) -> None:
    person.choose("talk")

    response = person.get("/my/?tz=Asia/Nowhere")

    assert response.status_code == 400
    assert "Asia/Nowhere" in Page(response).words


def test_page_tells_what_overlaps(person: Browser) -> None:
    person.choose("opening", "talk", "closing")

    page = person.page()

    assert re.findall(r"Overlaps with ([^.]*)\.", page.words) == ["Talk, 10 minutes"]  # once
    anchors = [link for link in page.links if link.startswith("#e-")]
    assert anchors == [f"#e-{uid_of('opening')}", f"#e-{uid_of('talk')}"]  # what is next, first


def test_page_tells_which_way_is_short(tmp_path: Path) -> None:
    agenda = """
    name: Conf
    timezone: Europe/Berlin
    date: 2032-06-15
    sessions:
      - {id: a, title: A, when: 09:00-09:55, room: One}
      - {id: b, title: B, when: 10:00-11:00, room: Two}
      - {id: c, title: C, when: 11:00-12:00, room: Three}
      - {id: d, title: D, when: 12:00-13:00, room: Three}
    """
    person = my_site_of(tmp_path, schedule_of(agenda), changeover=10).browser()
    person.choose("a", "b", "c", "d")

    words = person.page().words

    assert re.findall(r"(?:Only|Back to back)[^.]*\.", words) == [
        "Only 5 minutes to get from here to B.",
        "Back to back with C: no time to walk over.",
    ]


def test_page_tells_what_moved(my_site: MySite, person: Browser) -> None:
    person.choose("talk", "closing")

    my_site.publish(AGENDA.replace("09:20-10:00, room: Hall B", "11:30-12:00, room: Hall C"))
    page = person.page()

    assert "Moved, was 9:20 AM New room, was Hall B" in page.words
    assert page.words.count("Moved") == 1


def test_page_in_german(person: Browser) -> None:
    form = person.page("/events/conf/?lang=de").form("/my/add?lang=de", session="talk")
    person.send(form)
    person.choose("opening", "later")

    response = person.get("/my/?lang=de")

    page = Page(response)
    assert '<html lang="de">' in response.text
    day = "Dienstag, 15. Juni 2032 MESZ, Berlin"
    assert page.headings[0] == "Mein Kalender"
    assert page.headings[page.headings.index(day) :][1:3] == ["Opening", "Talk"]
    assert "Überschneidung mit Talk, 10 Minuten." in page.words
    assert b"\r\nX-WR-CALNAME:Mein Kalender\r\n" in person.feed()


def test_page_leads_to_every_program(person: Browser) -> None:
    person.choose("talk")

    links = person.page().links

    feed = f"{BASE_URL}{person.address}"
    assert feed.replace("https://", "webcal://") in links
    assert f"{feed}?download=1" in links
    hosts = ("https://calendar.google.com/", "https://outlook.live.com/", "https://outlook.office.")
    assert all(any(link.startswith(host) for link in links) for host in hosts)


def test_qr_codes_hold_the_addresses(person: Browser) -> None:
    person.choose("talk")

    codes = re.findall(r"<svg [^>]*class=\"qr\".*?</svg>", person.get("/my/").text, re.DOTALL)

    feed = f"{BASE_URL}{person.address}".replace("https:", "webcal:")
    assert [read_qr(each) for each in codes] == [feed, f"{BASE_URL}/my/#{person.key}"]


def test_page_has_the_steps_for_every_program(person: Browser) -> None:
    person.choose("talk")

    response = person.get("/my/")

    anchors = {link[1:] for link in Page(response).links if re.match("#[^e]", link)}
    ids = set(re.findall(r' id="([^"]+)"', response.text))
    assert {"main", "address", "outlook", "microsoft365"} == anchors
    assert anchors <= ids


def test_address_of_the_page_is_relative_to_the_site(person: Browser) -> None:
    response = person.get("/my")

    assert response.status_code == 308
    assert urljoin(BASE_URL, response.headers["Location"]) == f"{BASE_URL}/my/"


def test_hostile_names_are_text_on_every_page(tmp_path: Path) -> None:
    quoted = HOSTILE_NAME.replace("'", "''")
    agenda = f"""
    name: '{quoted}'
    timezone: UTC
    date: 2032-06-15
    sessions:
      - {{id: a, title: 'A {quoted}', when: 09:00-10:00, room: '{quoted}'}}
      - {{id: b, title: 'B {quoted}', when: 09:30-10:00}}
    """
    my_site = my_site_of(tmp_path, schedule_of(agenda))
    person = my_site.browser()
    welcome = person.page()
    person.choose("a", "b")
    person.send(person.page().form("/my/options"), name=HOSTILE_NAME[:100])
    shared = shared_by(person)

    pages = [person.page("/events/conf/"), person.page(), my_site.browser().page(shared)]
    error = person.post("/my/options", [("name", "x"), ("cancelled", HOSTILE_NAME)])

    assert HOSTILE_NAME in welcome.words
    for page in pages:
        assert f"A {HOSTILE_NAME}" in page.words
    assert HOSTILE_NAME[:100] in pages[1].words and HOSTILE_NAME[:100] in pages[2].words
    assert f"Overlaps with B {HOSTILE_NAME}, 30 minutes." in pages[1].words
    assert dict(pages[1].form("/my/options").fields)["name"] == HOSTILE_NAME[:100]
    assert error.status_code == 400
    Page(error)
    assert faults(person.feed()) == []


def test_past_sessions_are_folded_and_what_is_next_is_first(tmp_path: Path) -> None:
    past = schedule_of(
        """
        name: Past
        timezone: Europe/Berlin
        date: 2020-06-15
        sessions: [{id: old, title: Old, when: 09:00-10:00}]
        """,
        "past",
    )
    person = my_site_of(tmp_path, CONF, past).browser()
    person.choose("old", event="past")
    person.choose("talk")

    text = person.get("/my/").text

    folded = text.index('<details class="past"><summary>Over: 1 session</summary>')
    assert text.index(">Talk</a></h3>") < folded < text.index(">Old</a></h3>")
    assert "<strong>Next:</strong>" in text


def test_overlap_names_what_else_is_on_then(tmp_path: Path) -> None:
    agenda = """
    name: Conf
    timezone: Europe/Berlin
    date: 2032-06-15
    sessions:
      - {id: a, title: A, when: 09:00-10:00, room: One}
      - {id: b, title: B, when: 09:30-10:30, room: Two}
      - {id: c, title: C, when: 09:45-11:00, room: Three}
      - {id: d, title: D, when: 10:00-11:00, room: Four}
      - {id: e, title: E, when: 09:00-10:30, room: Five, kind: meal}
      - {id: f, title: F, when: 08:00-18:00, room: Six}
      - {id: g, title: G, when: 09:00-10:30, status: cancelled}
    """
    person = my_site_of(tmp_path, schedule_of(agenda)).browser()
    person.choose("a", "b")

    words = person.page().words

    assert "Overlaps with B, 30 minutes. 1 other session is on then C Three" in words


def test_page_says_what_was_done(person: Browser) -> None:
    person.choose("talk")
    steps = {
        ("/my/options", None): "Your options are saved.",
        ("/my/rotate", None): (
            "Your calendar has a new address: subscribe with it. The old one has stopped."
        ),
        ("/my/share", ("share", "yes")): "Sharing is on. Send your friends the link.",
        ("/my/share", ("share", "no")): "Sharing is off: the link to your sessions has stopped.",
        ("/my/delete", None): "Your calendar is deleted.",
    }

    said = {}
    for action, sent in steps:
        answer = person.send(person.page().form(action, **dict([sent] if sent else [])))
        there, _, anchor = answer.headers["Location"].partition("#")
        assert anchor == "done"
        said[action, sent] = re.findall(
            r'<p class="notice" id="done" role="status" tabindex="-1">([^<]+)</p>',
            person.get(there).text,
        )

    assert said == {step: [words] for step, words in steps.items()}
    assert 'role="status" tabindex' not in person.get("/my/?done=nonsense").text


def test_script_of_stars_learns_how_many_sessions_there_are(person: Browser) -> None:
    headers = {"Origin": BASE_URL, "Accept": "application/json"}

    answers = [
        person.client.post(
            f"/my/{action}", data={"event": "conf", "session": each}, headers=headers
        )
        for action, each in (("add", "talk"), ("add", "closing"), ("remove", "talk"))
    ]

    assert [(each.status_code, each.json) for each in answers] == [
        (200, {"sessions": 1}),
        (200, {"sessions": 2}),
        (200, {"sessions": 1}),
    ]
    assert all(each.headers["Cache-Control"] == "no-store" for each in answers)
    assert '<span data-chosen="1">(1)</span>' in person.get("/events/conf/").text
    assert '<span data-chosen="1">(1)</span>' in person.get("/my/").text
