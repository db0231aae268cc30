"""The site as files: the bytes and the addresses of the served site, and nothing that needs it."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from click.testing import CliRunner, Result
from conftest import BASE_URL, PROJECT
from flask.testing import FlaskClient
from lxml import html
from readers import READERS, unfolded

from calsvc.cli import main
from calsvc.ical.digests import renderer
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.schedule.selection import FILTERS_IN_PATHS
from calsvc.storage.schedules import Storage
from calsvc.web.app import create_app

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-16}
    rooms: [Hall, Attic]
    sessions:
      - {id: one, title: One, when: 2027-06-15 09:00-10:00, room: Hall, track: Big Data}
      - {id: two, title: Two, when: 2027-06-16 10:00-11:00, room: Attic, track: Café}
      - {id: three, title: Three}
"""


class Site:
    """A folder of event files, and the site that is built of it."""

    def __init__(self, folder: Path, base_url: str = BASE_URL) -> None:
        self.folder = folder
        self.out = folder / "site"
        self.database = f"sqlite:///{folder}/calsvc.db"
        self.base_url = base_url

    def write(self, text: str = AGENDA, event_id: str = "conf") -> None:
        """Write an event file."""
        (self.folder / "events").mkdir(exist_ok=True)
        (self.folder / "events" / f"{event_id}.yaml").write_text(text, "utf-8")

    def build(self, events: Path | None = None) -> Result:
        """Publish what changed, and build the site."""
        words = ["build", str(self.out), str(events or self.folder / "events")]
        words += ["--database", self.database, "--base-url", self.base_url]
        return CliRunner().invoke(main, words)

    def built(self) -> "Site":
        """Build the site, which is all right."""
        result = self.build()
        assert result.exit_code == 0, result.output
        return self

    def files(self) -> dict[str, bytes]:
        """Return all that was built, by its name; not what a build keeps for the next one."""
        paths = [each for each in self.out.rglob("*") if each.is_file()]
        names = [path.relative_to(self.out).as_posix() for path in paths]
        return {
            name: path.read_bytes()
            for name, path in zip(names, paths, strict=True)
            if name != ".calsvc-files"
        }

    def times(self) -> dict[str, int]:
        """Return when each file was written, in nanoseconds."""
        return {name: (self.out / name).stat().st_mtime_ns for name in self.files()}

    def served(self) -> FlaskClient:
        """Return a client of the site as it is served of the same database."""
        storage = Storage(self.database)
        live = Live((), self.base_url)
        copy = renderer(self.base_url, datetime.now(UTC))
        Follower(live, storage, renderer=copy).step()
        return create_app(live).test_client()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder with one event file."""
    site = Site(tmp_path)
    site.write()
    return site


@pytest.fixture(scope="module")
def real_site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of ``events/``."""
    site = Site(tmp_path_factory.mktemp("real"))
    result = site.build(PROJECT / "events")
    assert result.exit_code == 0, result.output
    return site


# --- the same as what is served -----------------------------------------------------------


def test_files_that_programs_read_are_what_the_served_site_answers(real_site: Site) -> None:
    served, files = real_site.served(), real_site.files()
    read = {name for name in files if re.search(r"\.(ics|jcal|json|xml|csv|atom|txt)$", name)}
    read |= {name for name in files if name.startswith("api/")}

    for name in sorted(read):
        answer = served.get(f"/{name}")
        assert (answer.status_code, answer.data) == (200, files[name]), name
        if answer.last_modified:
            modified = (real_site.out / name).stat().st_mtime
            # A change of this very second is dated by it, and by the next one once that is over.
            assert answer.last_modified.timestamp() - modified in {0, 1}, name

    assert {f"events/ai-data-2025.{suffix}" for suffix in ("ics", "jcal", "json", "atom")} <= read
    assert {"events.ics", "api/events/ai-data-2025", "robots.txt"} <= read
    assert len([name for name in read if "/sessions/" in name]) == 20 + 28 + 12


def test_each_value_of_a_filter_in_common_use_has_a_file(real_site: Site) -> None:
    served, files = real_site.served(), real_site.files()
    parts = re.compile(r"events/([^/]+)/([^/]+)/([^/]+)\.ics")
    found = [match for name in files if (match := parts.fullmatch(name))]
    found = [match for match in found if match[2] != "sessions"]

    for match in found:
        event_id, name, value = match.groups()
        answer = served.get(f"/events/{event_id}.ics", query_string={name: value})
        assert answer.data == files[match[0]], match[0]

    assert {match[2] for match in found} == {*FILTERS_IN_PATHS} - {"track", "room"}  # it has none
    assert {match[3] for match in found if match[2] == "kind"} >= {"panel", "poster", "talk"}


@pytest.mark.parametrize("reader", ["vobject", "ical", "ical.js"])
def test_parts_are_read_alike_by_foreign_parsers(real_site: Site, reader: str) -> None:
    octets = real_site.files()["events/ai-data-2025/kind/panel.ics"]

    titles = {entry.summary for entry in READERS[reader](octets)}

    assert titles == {
        "AI & Data @Scale 2025",
        "Live Panel: GenAI Startups",
        "Live Panel: Infrastructure in an Agentic World",
    }


def test_served_parts_take_filters_and_options_besides(site: Site) -> None:
    client = site.built().served()

    both = client.get("/events/conf/track/big-data.ics?track=cafe&banner=no").data
    unknown = client.get("/events/conf/track/big-data.ics?trak=cafe")

    assert (both.count(b"SUMMARY:One"), both.count(b"SUMMARY:Two")) == (1, 1)
    assert b"SUMMARY:Conf" not in both
    assert unknown.status_code == 400
    assert client.get("/events/conf/level/easy.ics").status_code == 404  # not in common use


# --- pages that need no server ------------------------------------------------------------


def file_at(site: Site, address: str) -> Path:
    """Return the file that a server of files has at an address of the site."""
    path = unquote(urlsplit(address).path.removeprefix(urlsplit(site.base_url).path))
    found = site.out / path.removeprefix("/")
    return found / "index.html" if found.is_dir() else found


@pytest.mark.parametrize("below", ["", "/of/ours"])
def test_every_link_of_every_page_leads_to_a_file(tmp_path: Path, below: str) -> None:
    site = Site(tmp_path, f"{BASE_URL}{below}")
    result = site.build(PROJECT / "events")
    assert result.exit_code == 0, result.output
    pages = {name: octets for name, octets in site.files().items() if name.endswith(".html")}

    for name, octets in pages.items():
        own = f"{site.base_url}/{name.removesuffix('index.html')}"
        for element, attribute, link, _ in html.document_fromstring(octets).iterlinks():
            address = urljoin(own, link)
            if not address.startswith(f"{BASE_URL}/"):
                continue
            assert file_at(site, address).is_file(), (name, link)
            assert re.fullmatch(r"(v=\w+)?", urlsplit(address).query), (name, link)
            assert attribute != "action", name
            del element

    assert len(pages) > 150


def test_pages_offer_nothing_that_takes_a_server(real_site: Site) -> None:
    for name, octets in real_site.files().items():
        if name.endswith(".html"):
            page = html.document_fromstring(octets)
            assert page.cssselect("form, .star, .mine, [data-only-mine]") == [], name
            assert not page.cssselect("script[src*='stars.js'], script[src*='agenda.js']"), name


def test_page_of_subscribing_leads_to_the_parts(real_site: Site) -> None:
    page = html.document_fromstring(real_site.files()["events/ai-data-2025/subscribe/index.html"])

    links = {a.text: a.get("href") for a in page.cssselect("main details li a")}

    assert links["Panel"] == f"{BASE_URL}/events/ai-data-2025/kind/panel.ics"


def test_pages_are_in_the_language_of_their_event(site: Site) -> None:
    site.write(AGENDA.replace("name: Conf", "name: Tagung\n    language: de"), "tagung")

    files = site.built().files()

    assert b'<html lang="de"' in files["events/tagung/index.html"]
    assert b'<html lang="en"' in files["events/conf/index.html"]
    assert b'<html lang="en"' in files["index.html"]


@pytest.mark.slow
def test_agenda_is_the_same_before_during_and_between_its_sessions(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.built().files()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime(2027, 6, 15, 7, 30, tzinfo=UTC)

    for module in ("pages", "embed"):
        monkeypatch.setattr(f"calsvc.web.views.{module}.datetime", Clock)

    after = site.built().files()
    assert {name for name in before if before[name] != after.get(name)} <= {"index.html"}


@pytest.mark.slow
def test_long_agenda_has_a_day_in_each_file(site: Site) -> None:
    talks = "".join(
        f"\n      - {{id: t{number}, title: Talk {number}, when: 2027-06-{day} 12:00-12:30}}"
        for number, day in enumerate([15, 16] * 80)
    )
    site.write(AGENDA.rstrip() + talks)

    files = site.built().files()

    def articles(name: str) -> int:
        return len(re.findall(rb'id="s-t\d+"', files[name]))

    first = "events/conf/index.html"
    assert [articles(name) for name in (first, "events/conf/days/index.html")] == [80, 160]
    assert articles("events/conf/days/2027-06-16/index.html") == 80
    assert b'href="/events/conf/days/2027-06-16/"' in files[first]


# --- one build after the other ------------------------------------------------------------


@pytest.mark.slow
def test_second_build_touches_nothing(real_site: Site) -> None:
    before = real_site.times()

    result = real_site.build(PROJECT / "events")

    assert result.stdout.endswith(" of 4 events: 0 changed, 0 removed\n")
    assert real_site.times() == before


def test_change_writes_the_files_that_show_it_and_no_others(site: Site) -> None:
    site.write(AGENDA.replace("Conf", "Other"), "other")
    before, times = site.built().files(), site.times()
    site.write(AGENDA.replace("title: One", "title: First"))

    after = site.built().files()

    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in after if site.times()[name] != times[name]} == changed
    assert {"events/conf.ics", "events/conf/index.html", "events/conf/room/hall.ics"} <= changed
    assert {name for name in changed if "other" in name} == set()
    assert "events/conf/sessions/two/index.html" not in changed
    assert "events/conf/sessions/two.ics" not in changed
    assert b"SUMMARY:First" in after["events/conf.ics"]


def test_file_of_a_changed_feed_is_dated_by_its_change(site: Site) -> None:
    before = site.built().times()
    os.utime(site.out / "events/conf/sessions/two.ics", ns=(0, 0))
    site.write(AGENDA.replace("title: One", "title: First"))

    after = site.built().times()

    assert after["events/conf.ics"] > before["events/conf.ics"]
    # Its date is no later than now: that of a change of this second may be a second less.
    assert abs(after["events/conf/sessions/one.ics"] - after["events/conf.ics"]) <= 10**9
    assert after["events/conf/sessions/two.ics"] == 0
    assert {after[name] % 10**9 for name in after if after[name] != before[name]} == {0}


@pytest.mark.slow
def test_what_is_withdrawn_is_removed_and_files_of_others_stay(site: Site) -> None:
    site.write(AGENDA.replace("Conf", "Other"), "other")
    site.built()
    own = site.out / "events" / "CNAME"
    own.write_text("calendar.example.org\n")
    (site.folder / "events" / "other.yaml").unlink()
    words = ["publish", "--withdraw", "other", "--database", site.database]
    assert CliRunner().invoke(main, words).exit_code == 0

    files = site.built().files()

    assert {name for name in files if "other" in name} == set()
    assert not (site.out / "events" / "other").exists()
    assert own.read_text() == "calendar.example.org\n"
    assert "events/conf.ics" in files


@pytest.mark.slow
def test_list_of_files_that_somebody_changed_removes_nothing_elsewhere(site: Site) -> None:
    site.built()
    precious = site.folder / "precious.txt"
    precious.write_text("mine")
    with (site.out / ".calsvc-files").open("a") as file:
        file.write(f"../precious.txt\n{precious}\n\n")

    site.built()

    assert precious.read_text() == "mine"


def test_subscription_to_a_part_outlives_its_track(site: Site) -> None:
    site.built()
    site.write(AGENDA.replace("track: Big Data", "track: Small Data"))

    for _ in range(2):
        files = site.built().files()

    gone = files["events/conf/track/big-data.ics"]
    assert gone == site.served().get("/events/conf.ics?track=big-data").data
    assert gone.count(b"BEGIN:VEVENT") >= 1
    assert b"SUMMARY:One" in files["events/conf/track/small-data.ics"]


def test_person_who_left_the_agenda_has_no_file(site: Site) -> None:
    site.write(AGENDA.replace("title: Three", 'title: Three, people: ["Ada Example"]'))
    before = site.built().files()
    site.write(AGENDA)

    files = site.built().files()

    assert "events/conf/speaker/ada-example.ics" in before
    assert {name for name in files if "ada-example" in name} == set()


def test_part_of_a_former_address_outlives_its_track(site: Site) -> None:
    site.built()
    (site.folder / "events" / "conf.yaml").unlink()
    site.write(f"{AGENDA}\n    formerly: conf\n", "conference")
    site.built()
    changed = AGENDA.replace("track: Big Data", "track: Small Data")
    site.write(f"{changed}\n    formerly: conf\n", "conference")

    files = site.built().files()

    assert "events/conf/track/big-data.ics" in files
    assert files["events/conf/track/small-data.ics"].count(b"SUMMARY:One") == 1


def test_value_that_can_name_no_file_has_none(site: Site) -> None:
    site.write(AGENDA.replace("Attic", "-/-"))

    files = site.built().files()

    assert {name for name in files if "/room/" in name} == {"events/conf/room/hall.ics"}
    assert b"/room/-" not in files["events/conf/subscribe/index.html"]


@pytest.mark.parametrize(
    ("query", "source"),
    [
        ("", "/events/conf.ics"),
        ("?room=hall", "/events/conf/room/hall.ics"),
        ("?room=%21hall", "/events/conf.ics?room=!hall"),
        ("?room=hall&room=attic", "/events/conf.ics?room=attic&room=hall"),
        ("?room=hall&alarm=10", "/events/conf.ics?alarm=10&room=hall"),
        ("?level=easy", "/events/conf.ics?level=easy"),
    ],
)
def test_feed_names_an_address_of_its_own_that_files_have_too(
    site: Site, query: str, source: str
) -> None:
    client = site.built().served()

    body = client.get(f"/events/conf.ics{query}").data
    named = unfolded(body)

    assert f"SOURCE;VALUE=URI:{BASE_URL}{source}" in named
    assert client.get(source).data == body


def test_former_addresses_have_files(site: Site) -> None:
    site.built()
    (site.folder / "events" / "conf.yaml").unlink()
    site.write(f"{AGENDA}\n    formerly: conf\n", "conference")

    files = site.built().files()

    assert files["events/conf.ics"] == files["events/conference.ics"]
    assert files["events/conf/room/hall.ics"] == files["events/conference/room/hall.ics"]
    assert files["events/conf/sessions/one.ics"] == files["events/conference/sessions/one.ics"]
    page = html.document_fromstring(files["events/conf/sessions/one/index.html"])
    assert page.cssselect("a")[0].get("href") == "/events/conference/sessions/one/"
    (refresh,) = page.cssselect("meta[http-equiv=refresh]")
    assert refresh.get("content") == "0; url=/events/conference/sessions/one/"


def test_session_that_left_has_a_page_that_says_so(site: Site) -> None:
    site.built()
    site.write("\n".join(line for line in AGENDA.splitlines() if "id: two" not in line))

    files = site.built().files()

    assert b"no longer" in files["events/conf/sessions/two/index.html"]
    assert b"STATUS:CANCELLED" in files["events/conf/sessions/two.ics"]
    assert "events/conf/embed/sessions/two/index.html" not in files


# --- what cannot be built -----------------------------------------------------------------


def test_build_without_an_address_says_what_to_give(site: Site) -> None:
    words = ["build", str(site.out), str(site.folder / "events"), "--database", site.database]

    result = CliRunner().invoke(main, words)

    assert result.exit_code == 2
    assert "--base-url" in result.stderr
    assert not site.out.exists()


def test_build_of_nothing_says_so_and_changes_nothing(site: Site) -> None:
    words = ["build", str(site.out), "--database", site.database, "--base-url", BASE_URL]

    result = CliRunner().invoke(main, words)

    assert result.exit_code == 1
    assert result.stderr.startswith("Nothing is published")
    assert not site.out.exists()


def test_event_file_that_is_wrong_changes_nothing(site: Site) -> None:
    before = site.built().files()
    site.write(AGENDA.replace("09:00", "9 o'clockish"))

    result = site.build()

    assert result.exit_code == 1
    assert "conf.yaml:7" in result.stderr
    assert site.files() == before


@pytest.mark.slow
@pytest.mark.parametrize("at", ["events/conf/sessions", "events/conf.ics"])
def test_build_that_fails_leaves_no_rest_and_is_mended_by_the_next(site: Site, at: str) -> None:
    stray = site.out / at
    if at.endswith(".ics"):
        (stray / "inside").mkdir(parents=True)
    else:
        stray.parent.mkdir(parents=True)
        stray.write_text("stray")

    result = site.build()

    assert result.exit_code == 1
    assert f"{at}" in result.stderr and "cannot be written" in result.stderr
    assert list(site.out.glob(".calsvc-build-*")) == []
    stray.rename(site.folder / "stray")
    assert "events/conf/sessions/one.ics" in site.built().files()


@pytest.mark.slow
def test_answer_that_is_an_error_stops_the_build(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = site.built().files()
    site.write(AGENDA.replace("title: One", "title: First"))

    def broken(*words: object) -> object:
        raise OSError("no memory left")

    monkeypatch.setattr("calsvc.live.event.session_feed", broken)
    result = site.build()

    assert result.exit_code == 1
    assert "/events/conf/sessions/one.ics: this cannot be built" in result.stderr
    assert site.files() == before
