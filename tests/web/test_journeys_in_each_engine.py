"""What people do with a site, in Chromium, Firefox and WebKit.

What does not depend on the engine is asked of Chromium alone, in ``test_journeys.py`` and the
modules beside it; docs/browsers.md tells what differs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
from browser import View
from hosts import AGENDA, EVENT, SESSIONS, Sites, fill, listening_sites, ready_app
from overheard import Ears
from servers import free_port, listening
from test_journeys import expected, sessions_of
from visits import OpenVisit, Place, Visit, at, by, in_each_engine
from waiting import eventually

PHONE = View(width=390)
KOLKATA = View(timezone="Asia/Kolkata")
PAGE = f"/events/{EVENT}/"
ONE, TWO, THREE = SESSIONS
CONF = """
name: Garden Days
timezone: Europe/Berlin
dates: {from: 2027-06-15, to: 2027-06-16}
sessions:
  - {id: opening, title: Opening, kind: opening, when: 2027-06-15 09:00-09:30, room: Hall}
  - {id: roses, title: Roses, when: 2027-06-15 10:00-11:00, room: Hall, track: Flowers}
  - {id: ponds, title: Ponds, when: 2027-06-15 10:00-10:30, room: Shed, track: Water}
  - {id: wells, title: Wells, when: 2027-06-16 09:00-10:00, room: Shed, track: Water}
  - {id: tulips, title: Tulips, when: 2027-06-16 09:30-10:00, room: Hall, track: Flowers}
"""

pytestmark = in_each_engine


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, ears: Ears) -> Iterator[Sites]:
    """The site of events, and a host."""
    with listening_sites(tmp_path_factory.mktemp("site"), ears, {"conf": CONF}) as both:
        yield both


def star(session: str, state: str = "") -> Place:
    """Return the button that chooses a session, if it is in a state."""
    return at(f"button[name=session][value={session}]{state}")


def choose(visit: Visit, *sessions: str) -> None:
    """Press the stars of sessions, and see them pressed and saved."""
    for session in sessions:
        visit.press(star(session))
    for session in sessions:
        visit.see(star(session, "[aria-pressed=true]:not([aria-busy], [data-unsaved])"))


def feed_address(visit: Visit) -> str:
    """Return the address that My calendar gives to calendar programs."""
    visit.press(at("header a[href='/my/']"))
    visit.press(at("#address > summary"))
    return visit.value(at("input[readonly][value$='.ics']"))


def titles(visit: Visit) -> list[str]:
    """Return the titles of the sessions that are seen, in their order."""
    found: list[str] = visit.tell(
        "() => [...document.querySelectorAll('article h3')]"
        ".filter((it) => it.checkVisibility()).map((it) => it.textContent.trim())"
    )
    return found


# --- finding ------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_day_is_a_tap_away(sites: Sites, open_visit: OpenVisit) -> None:
    conf = f"{sites.events}/events/conf/"
    with open_visit(conf, PHONE) as visit:
        visit.press(at(".days a[href*='2027-06-16']"))
        visit.arrive(f"{conf}days/2027-06-16/")
        visit.see(at("h2", "Wednesday, June 16, 2027"))
        second = titles(visit)
        visit.press(at(".days a[data-whole]"))
        visit.arrive(f"{conf}days/")

        assert second == ["Wells", "Tulips"]
        assert sorted(titles(visit)) == ["Opening", "Ponds", "Roses", "Tulips", "Wells"]


CARDS = """() => Object.fromEntries(["roses", "ponds"].map((id) => {
  const card = document.getElementById(`s-${id}`), cell = card.parentElement;
  const {left, top, height} = card.getBoundingClientRect();
  return [id, {left, top, height, rest: cell.getBoundingClientRect().height - height}];
}))"""
ROOMS = "() => [...document.querySelectorAll('thead th')].map((it) => it.innerText)"


@pytest.mark.slow
def test_day_is_a_table_of_rooms_where_there_is_room(sites: Sites, open_visit: OpenVisit) -> None:
    day = f"{sites.events}/events/conf/days/2027-06-15/"
    table = by("region", "Plan by room")
    with open_visit(day) as visit:
        visit.see(table)
        rooms, cards = visit.tell(ROOMS), visit.tell(CARDS)
        visit.press(at(".days a", "List"))
        visit.miss(table)
    with open_visit(day, PHONE) as visit:
        visit.see(star("roses"))
        visit.miss(at("thead th"))
        on_phone = titles(visit)

    roses, ponds = cards["roses"], cards["ponds"]
    assert rooms == ["Hall", "Shed"]
    assert (roses["top"], roses["left"] < ponds["left"]) == (ponds["top"], True)
    assert roses["height"] > 1.9 * ponds["height"]  # it is twice as long
    assert max(roses["rest"], ponds["rest"]) < 2  # pixels: cards fill their cells
    assert on_phone == ["Opening", "Roses", "Ponds"]


@pytest.mark.slow
def test_search_and_filter_are_told_and_taken_back(sites: Sites, open_visit: OpenVisit) -> None:
    chip = at(".found .chip")
    with open_visit(sites.events + PAGE, PHONE) as visit:
        visit.write(by("searchbox", "Search"), "startups")
        visit.press(by("button", "Search"))
        visit.arrive(f"{sites.events}{PAGE}?q=startups")
        searched = (titles(visit), visit.read(chip).startswith("Search: startups"))
        visit.press(chip)
        visit.arrive(sites.events + PAGE)
        visit.miss(chip)
        visit.press(at("summary", "Filters"))
        visit.press(by("checkbox", "Panel"))
        visit.press(by("button", "Show"))
        visit.arrive(f"{sites.events}{PAGE}?kind=panel")
        visit.see(at(".found .chip", "Panel"))
        filtered = titles(visit)
        visit.press(chip)
        visit.arrive(sites.events + PAGE)

        assert searched == ([SESSIONS[TWO]], True)
        assert filtered == [SESSIONS[TWO], "Live Panel: Infrastructure in an Agentic World"]
        assert len(titles(visit)) > len(filtered)


@pytest.mark.slow
def test_way_back_from_a_session_leads_to_it_in_the_agenda_as_it_was(
    sites: Sites, open_visit: OpenVisit
) -> None:
    agenda = f"{sites.events}{PAGE}?kind=!break"
    with open_visit(agenda, PHONE) as visit:
        visit.press(by("link", SESSIONS[TWO]))
        visit.arrive(f"{sites.events}{PAGE}sessions/{TWO}/")
        visit.press(at("header a[data-back]"))
        visit.arrive(f"{agenda}#s-{TWO}")
        visit.see(at(f"#s-{TWO}:target"))
        top, height = visit.tell(
            "() => [document.querySelector(':target').getBoundingClientRect().top, innerHeight]"
        )

    assert 0 <= top < height


@pytest.mark.slow
def test_own_zone_is_one_click_away(sites: Sites, open_visit: OpenVisit) -> None:
    with open_visit(sites.events + PAGE, KOLKATA) as visit:
        visit.press(at(".zones .own"))
        visit.see(at(".zones [aria-current]", "Kolkata"))

        assert "4:55" in visit.read(at(f"#s-{THREE}"))


@pytest.mark.slow
def test_it_is_dark_where_the_reader_wants_that(sites: Sites, open_visit: OpenVisit) -> None:
    with open_visit(sites.events + PAGE, View("dark")) as visit:
        assert visit.tell("() => getComputedStyle(document.body).backgroundColor") == DARK


DARK = "rgb(21, 21, 24)"  # as the stylesheet has it


# --- choosing -----------------------------------------------------------------------------


def test_choice_is_in_the_calendar_program(sites: Sites, open_visit: OpenVisit) -> None:
    with open_visit(sites.events + PAGE, PHONE) as visit:
        choose(visit, ONE, TWO, THREE)
        visit.reload()
        for session in SESSIONS:
            visit.see(star(session, "[aria-pressed=true]"))
        header = visit.read(at("header a[href='/my/']"))
        address = feed_address(visit)

        assert header == "My calendar (3)"
        assert titles(visit) == [*SESSIONS.values()]
        assert sessions_of(address) == expected(*SESSIONS)


@pytest.mark.slow
def test_agenda_shows_only_ones_own_sessions(sites: Sites, open_visit: OpenVisit) -> None:
    switch = by("button", "Only my sessions")
    with open_visit(sites.events + PAGE, PHONE) as visit:
        every = titles(visit)
        choose(visit, ONE, THREE)
        visit.press(switch)
        own = titles(visit)
        visit.press(switch)

        assert own == [SESSIONS[ONE], SESSIONS[THREE]]
        assert titles(visit) == every


@pytest.mark.slow
def test_friend_takes_what_is_ticked(sites: Sites, open_visit: OpenVisit) -> None:
    with open_visit(sites.events + PAGE) as visit, open_visit(f"{sites.events}/my/") as theirs:
        choose(visit, ONE, TWO, THREE)
        address = feed_address(visit)
        visit.press(by("button", "Share my sessions"))
        theirs.go(visit.value(at("input[readonly][value*='/my/shared/']")))
        theirs.press(by("checkbox", SESSIONS[TWO]))
        theirs.press(by("button", "Add selected"))
        theirs.arrive(f"{sites.events}/my/?done=taken#done")

        assert sessions_of(feed_address(theirs)) == expected(ONE, THREE)
        assert sessions_of(address) == expected(*SESSIONS)


class AtTimesAway(NamedTuple):
    """A site of its own, which can be away and come back."""

    url: str
    leave: Callable[[], None]
    come_back: Callable[[], object]


@contextmanager
def at_times_away(folder: Path, ears: Ears) -> Iterator[AtTimesAway]:
    """Serve a site while the block runs, but for when it is away."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with ready_app(folder, url) as app, ExitStack() as served:
        ears.listen(app, url)
        site = AtTimesAway(url, served.close, lambda: served.enter_context(listening(app, port)))
        site.come_back()
        yield site


@pytest.mark.slow
def test_star_pressed_while_the_site_is_away_is_saved_once_it_is_back(
    tmp_path: Path, ears: Ears, open_visit: OpenVisit
) -> None:
    with at_times_away(tmp_path, ears) as site, open_visit(site.url + PAGE, is_alone=True) as visit:
        visit.see(star(ONE))
        site.leave()
        visit.press(star(ONE))
        visit.see(star(ONE, "[aria-pressed=true][data-unsaved]"))
        visit.see(at("[role=status]", "Not saved"))
        is_there = visit.address == site.url + PAGE
        site.come_back()
        visit.see(star(ONE, "[aria-pressed=true]:not([data-unsaved])"))
        visit.see(at("header a[href='/my/']", "(1)"))

        assert is_there
        assert sessions_of(feed_address(visit)) == expected(ONE)


IS_KEPT = """async () => {
  const [name] = (await caches.keys()).filter((each) => each.startsWith("calsvc:pages:"));
  return !!name && !!await (await caches.open(name)).match(location.pathname, {ignoreVary: true});
}"""


@pytest.mark.slow
def test_agenda_is_searched_and_starred_while_the_site_is_away(
    tmp_path: Path, ears: Ears, open_visit: OpenVisit
) -> None:
    phone = PHONE._replace(keeps=True)
    with (
        at_times_away(tmp_path, ears) as site,
        open_visit(site.url + PAGE, phone, is_alone=True) as visit,
    ):
        visit.see(star(TWO))
        eventually(lambda: bool(visit.tell(IS_KEPT)))
        site.leave()
        visit.reload()
        visit.see(at(".copy", "As of"))
        visit.write(by("searchbox", "Search"), "startups")
        visit.press(by("button", "Search"))
        visit.see(at(".found", "1 found in this copy"))
        found = titles(visit)
        visit.press(star(TWO))
        visit.see(star(TWO, "[aria-pressed=true][data-unsaved]"))
        visit.reload()
        visit.see(star(TWO, "[aria-pressed=true]"))
        site.come_back()
        visit.see(star(TWO, "[aria-pressed=true]:not([data-unsaved])"))
        visit.see(at("header a[href='/my/']", "(1)"))

        assert found == [SESSIONS[TWO]]
        assert sessions_of(feed_address(visit)) == expected(TWO)


# --- subscribing --------------------------------------------------------------------------


@pytest.mark.slow
def test_address_is_copied_and_shown_as_a_code(sites: Sites, open_visit: OpenVisit) -> None:
    with open_visit(sites.events + PAGE) as visit:
        visit.press(by("link", "Subscribe"))
        visit.see(at("figure svg"))
        width, height = visit.tell(
            "() => (({width, height}) => [width, height])"
            "(document.querySelector('figure svg').getBoundingClientRect())"
        )
        visit.press(by("button", "Copy"))
        visit.see(by("button", "Copied"))
        visit.go(sites.events + PAGE)
        visit.paste(by("searchbox", "Search"))

        assert width == height >= 128
        assert visit.value(by("searchbox", "Search")) == f"{sites.events}/events/{EVENT}.ics"


@pytest.mark.slow
def test_star_on_another_site_is_kept_and_in_a_feed(sites: Sites, open_visit: OpenVisit) -> None:
    sites.pages["page"] = f"en:{AGENDA}"
    with open_visit(f"{sites.host}/page", PHONE, others=[sites.events]) as visit:
        choose(visit, ONE, TWO)
        visit.press(at("[data-calendar] summary"))
        visit.see(at("[data-calendar] input"))
        feed = visit.value(at("[data-calendar] input"))
        fill(feed, ONE, TWO)
        visit.reload()
        for session in (ONE, TWO):
            visit.see(star(session, "[aria-pressed=true]"))
        visit.press(star(TWO))
        visit.see(star(TWO, "[aria-pressed=false]"))
        fill(feed, ONE)
