"""Links to calendar programs, read as the programs would; and QR codes, read by a reader."""

import html
import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from conftest import BASE_URL, NOW, event_of, schedule_of
from hypothesis import given, settings
from hypothesis import strategies as st
from linkreaders import query_of, read_qr
from readers import Moment, read_vobject
from texts import event_with, lines, meant, plain_abstracts

from calsvc.addresses import Addresses
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.links import add_links, qr_code, subscribe_links
from calsvc.schedule.entries import Entry, Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

HOME = f"{BASE_URL}/events/conf/"
SITE = "conf", Addresses(BASE_URL)
SHORT = 2000  # characters: every link is shorter
PROGRAMS = ("google", "outlook", "microsoft365", "yahoo")


class Form(NamedTuple):
    """What a program puts into the fields of a new entry."""

    title: str
    location: str
    description: str
    start: Moment
    end: Moment
    """Exclusive where the entry is of days."""


def opened(program: str, link: str) -> Form:
    """Return what a program shows when a link opens it."""
    assert len(link) < SHORT
    said = query_of(link)
    match program:
        case "google":
            times = said["dates"].split("/")
            return Form(said["text"], said.get("location", ""), said["details"], *instants(times))
        case "yahoo":
            times = [said["st"], said["et"]] if "et" in said else [said["st"]]
            return Form(said["title"], said.get("in_loc", ""), said["desc"], *instants(times))
    times = [re.sub(r"[-:]", "", said[name]) for name in ("startdt", "enddt")]
    assert (said.get("allday") == "true") == (len(times[0]) == len("20250625"))
    body = html.unescape(said["body"].replace("<br>", "\n"))
    return Form(said["subject"], said.get("location", ""), body, *instants(times))


def instants(times: list[str]) -> tuple[Moment, Moment]:
    """Return the start and the end of an entry; one that is alone is a day."""
    read = [_instant(each) for each in times]
    return (read[0], read[1]) if len(read) == 2 else (read[0], read[0] + timedelta(days=1))


def _instant(text: str) -> Moment:
    if len(text) == len("20250625"):
        return date.fromisoformat(text)
    return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def is_shown(short: str, whole: str) -> bool:
    """Tell whether a text is another one, or its start with an ellipsis."""
    return short == whole or (short[-1] == "…" and whole.startswith(short[:-1]))


def entry_of(text: str, session_id: str | None = None) -> Entry:
    """Return the only entry of a session, or the banner, of an event file's text."""
    entries = [each for each in schedule_of(text).entries if each.session == session_id]
    (entry,) = entries
    return entry


# --- a feed -------------------------------------------------------------------------------


def test_subscribe_links_are_what_each_program_takes() -> None:
    feed = f"{BASE_URL}/events/conf.ics?kind=!break&kind=talk"
    encoded = (
        "https%3A%2F%2Fcalendar.example.org%2Fevents%2Fconf.ics%3Fkind%3D%21break%26kind%3Dtalk"
    )

    links = subscribe_links(feed, "AI & Data + more")

    assert links == {
        "apple": "webcal://calendar.example.org/events/conf.ics?kind=!break&kind=talk",
        "google": f"https://calendar.google.com/calendar/r?cid={encoded}",
        "google_by_hand": "https://calendar.google.com/calendar/r/settings/addbyurl",
        "outlook": "https://outlook.live.com/calendar/0/addfromweb/"
        f"?url={encoded}&name=AI%20%26%20Data%20%2B%20more",
        "microsoft365": "https://outlook.office.com/calendar/0/addfromweb/"
        f"?url={encoded}&name=AI%20%26%20Data%20%2B%20more",
        "copy": feed,
    }


@given(lines)
def test_subscribe_links_carry_the_name(name: str) -> None:
    links = subscribe_links(f"{BASE_URL}/events/conf.ics", name)

    for program in ("outlook", "microsoft365"):
        assert len(links[program]) < SHORT
        assert is_shown(query_of(links[program])["name"], name)


# --- one entry ----------------------------------------------------------------------------

PANEL = """
    name: AI & Data
    timezone: America/Los_Angeles
    date: 2025-06-25
    venue: {name: Hall, address: "Street 1, 12345 City"}
    sessions:
      - {id: panel, title: "A+B: <1 & 50%", when: 13:20-13:50, room: A, description: "One\\n\\ntwo"}
"""
TIME = (
    "Wednesday%2025%20June%202025%2C%2013%3A20%E2%80%9313%3A50%20PDT%20%28America%2FLos_Angeles%29"
)
PAGE = "https%3A%2F%2Fcalendar.example.org%2Fevents%2Fconf%2Fsessions%2Fpanel%2F"
WHERE = "A%2C%20Hall%2C%20Street%201%2C%2012345%20City"
TITLE = "A%2BB%3A%20%3C1%20%26%2050%25"
OUTLOOK = (
    "/calendar/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
    "&startdt=2025-06-25T20%3A20%3A00Z&enddt=2025-06-25T20%3A50%3A00Z"
    f"&subject={TITLE}&location={WHERE}&body="
    f"One%3Cbr%3E%3Cbr%3Etwo%3Cbr%3E%3Cbr%3E{TIME}%3Cbr%3E%3Cbr%3E{PAGE}"
)


def test_add_links_are_what_each_program_takes() -> None:
    described = f"One%0A%0Atwo%0A%0A{TIME}%0A%0A{PAGE}"

    links = add_links(entry_of(PANEL, "panel"), *SITE)

    assert links == {
        "google": "https://calendar.google.com/calendar/render?action=TEMPLATE"
        "&dates=20250625T202000Z%2F20250625T205000Z&ctz=America%2FLos_Angeles"
        f"&text={TITLE}&location={WHERE}&details={described}",
        "outlook": f"https://outlook.live.com{OUTLOOK}",
        "microsoft365": f"https://outlook.office.com{OUTLOOK}",
        "yahoo": "https://calendar.yahoo.com/?v=60&st=20250625T202000Z&et=20250625T205000Z"
        f"&title={TITLE}&in_loc={WHERE}&desc={described}",
        "file": f"{HOME}sessions/panel.ics",
    }


def test_add_links_of_real_entries_say_what_their_feeds_say(real_schedules: list[Schedule]) -> None:
    compared = 0
    for schedule in real_schedules:
        blocks = Blocks(schedule, Addresses(BASE_URL))
        sessions = tuple(each.id for each in schedule.event.sessions)
        everything = Selection(wanted={"session": sessions} if sessions else {})
        said_of = {said.uid: said for said in read_vobject(event_feed(blocks, everything).body)}
        for entry in schedule.entries:
            links, said = (
                add_links(entry, blocks.schedule.event.id, blocks.addresses),
                said_of[str(entry.uid)],
            )
            for program in PROGRAMS:
                form = opened(program, links[program])
                assert form._replace(description="") == Form(
                    said.summary, said.location, "", said.start, said.end
                )
                whole = form.description == said.description
                assert whole or len(links[program]) > SHORT - 100
                compared += whole

    assert compared > 200  # four links of each of some sixty entries, few of them shortened


@settings(max_examples=40)
@given(st.lists(lines, min_size=1, max_size=4), st.lists(plain_abstracts, min_size=1, max_size=3))
def test_add_links_carry_any_text(texts: list[str], written: list[str]) -> None:
    event = event_with(texts, written)
    schedule = publish(event, None, NOW)
    moments = datetime(2025, 6, 25, 7, tzinfo=UTC), datetime(2025, 6, 25, 8, tzinfo=UTC)
    days = date(2025, 6, 25), date(2025, 6, 26)

    for entry, (title, description, location, _) in zip(
        schedule.entries, meant(event), strict=True
    ):
        for program in PROGRAMS:
            form = opened(program, add_links(entry, *SITE)[program])
            words, _, url = form.description.rpartition("\n\n")
            all_words, _, all_url = description.rpartition("\n\n")

            assert is_shown(form.title, title)
            assert is_shown(form.location, location)
            assert is_shown(words, all_words)
            assert url == all_url
            assert (form.start, form.end) == (days if entry.is_banner else moments)


LONG = {
    "words": "Ünïcode, everywhere and always ",
    "Arabic": "مرحبا بالعالم ",
    "emoji": "👩\u200d👩\u200d👧",
    "Japanese": "日本語",
    "markup": "<&>",
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("piece", LONG.values(), ids=LONG)
def test_add_links_of_long_texts_are_used_to_the_full(program: str, piece: str) -> None:
    line, abstract = (piece * 500)[:490].strip(), (piece * 4000)[:4000].strip()
    entry = publish(event_with([line], [abstract]), None, NOW).entries[1]
    written = f"Speaker: {line}, {line}\n\n{abstract}"

    link = add_links(entry, *SITE)[program]

    form = opened(program, link)
    words, _, url = form.description.rpartition("\n\n")
    assert url == f"{HOME}sessions/s0/"
    assert len(link) > SHORT - 100
    for text, whole in ((form.title, line), (words, written)):
        assert text[-1] == "…" and whole.startswith(text[:-1])
        if " " in piece:
            assert whole[len(text) - 1].isspace()
        else:
            assert len(text) > 30  # and not the empty start before the first space


def test_add_links_have_the_page_here_where_the_own_link_is_too_long() -> None:
    long, short = ("https://example.org/" + "%C3%A9" * number for number in (150, 10))

    for program in PROGRAMS:
        talks = [PANEL.replace("room: A", f"room: A, url: '{url}'") for url in (long, short)]
        links = [add_links(entry_of(talk, "panel"), *SITE)[program] for talk in talks]
        last = [opened(program, link).description.split("\n")[-1] for link in links]

        assert last == [f"{HOME}sessions/panel/", short]


@pytest.mark.parametrize(
    ("zone", "ctz"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("Asia/Kolkata", "Asia/Kolkata"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", None),
        ("CET", None),
        ("Etc/GMT+8", None),
        ("EST5EDT", None),
    ],
)
def test_google_gets_zones_that_it_knows(zone: str, ctz: str | None) -> None:
    entry = entry_of(PANEL.replace("America/Los_Angeles", zone), "panel")

    said = query_of(add_links(entry, *SITE)["google"])

    assert said.get("ctz") == ctz
    assert said["dates"].count("Z") == 2  # the instants need no zone


DAYS = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2025-12-31, to: 2026-01-02}
    sessions:
      - {id: keynote, title: Keynote}
"""


def test_add_links_of_days_end_after_the_last_one() -> None:
    entry = entry_of(DAYS)

    said = {program: query_of(add_links(entry, *SITE)[program]) for program in PROGRAMS}

    assert said["google"]["dates"] == "20251231/20260103"
    assert "ctz" not in said["google"]
    for program in ("outlook", "microsoft365"):
        times = [said[program][name] for name in ("startdt", "enddt", "allday")]
        assert times == ["2025-12-31", "2026-01-03", "true"]
    # Yahoo has no all-day entries of several days: from midnight to midnight, wherever one is.
    assert (said["yahoo"]["st"], said["yahoo"]["et"]) == ("20251231T000000", "20260103T000000")


def test_add_links_of_one_day_are_of_that_day() -> None:
    entry = entry_of(DAYS.replace("to: 2026-01-02", "to: 2025-12-31"))

    said = {program: query_of(add_links(entry, *SITE)[program]) for program in PROGRAMS}

    assert said["google"]["dates"] == "20251231/20260101"
    assert [said["outlook"][name] for name in ("startdt", "enddt")] == ["2025-12-31", "2026-01-01"]
    assert (said["yahoo"]["dur"], said["yahoo"]["st"]) == ("allday", "20251231")
    assert "et" not in said["yahoo"]


def test_add_links_of_what_has_no_place_name_none() -> None:
    links = add_links(entry_of(DAYS), *SITE)

    names = {name for program in PROGRAMS for name in query_of(links[program])}
    assert {"location", "in_loc"} & names == set()


def test_add_links_tell_of_cancelled_sessions() -> None:
    entry = entry_of(PANEL.replace("room: A", "room: A, status: cancelled"), "panel")

    links = add_links(entry, *SITE)

    for program in PROGRAMS:
        form = opened(program, links[program])
        assert form.title == "Cancelled: A+B: <1 & 50%"
        assert form.description.startswith("This session is cancelled.\n\nOne")


def test_file_of_an_entry_is_its_download() -> None:
    conf = event_of(PANEL)
    banner, panel = publish(conf, None, NOW).entries

    assert add_links(banner, *SITE)["file"] == f"{BASE_URL}/events/conf.ics"
    assert add_links(panel, *SITE)["file"] == f"{BASE_URL}/events/conf/sessions/panel.ics"


# --- QR codes -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "webcal://calendar.example.org/events/ai-data-2025.ics",
        "webcal://127.0.0.1:8000/events/conf.ics?kind=!break&speaker=h%C3%A9l%C3%A8ne&alarm=10",
        "webcal://calendar.example.org/my/" + "k" * 300 + "/my-calendar.ics",
    ],
)
def test_qr_code_is_read_as_the_address(address: str) -> None:
    assert read_qr(qr_code(address, "Calendar")) == address


def test_qr_code_stands_in_a_page_with_its_label() -> None:
    svg = qr_code("webcal://example.org/conf.ics", '"AI & Data" <2025>')

    root = ElementTree.fromstring(svg)  # noqa: S314 -- it is our own
    assert root.tag == "svg"
    assert (root.attrib["role"], root.attrib["aria-label"]) == ("img", '"AI & Data" <2025>')
    assert [each for each in root.iter() if "style" in each.attrib] == []
