"""What workers count: who asked for what, in few words, on pages that outlive a worker."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Event

import pytest
from waiting import PATIENCE

from calsvc.web.agents import FAMILIES, KNOWN, LONGEST, family_of
from calsvc.web.figures import BOUNDS, STATUSES, Figures
from calsvc.web.resources import FORMS, KINDS, PAIRS, resource_of

FORK = multiprocessing.get_context("fork")
KEY = "k" * 32


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "google"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "crawler"),
        ("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.1; Pro)", "outlook"),
        ("Microsoft.Exchange/15.20 (Windows NT 10.0; Win64; x64)", "outlook"),
        ("iOS/17.5.1 (21F90) dataaccessd/1.0", "apple"),
        ("macOS/14.5 (23F79) CalendarAgent/988.4.1", "apple"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Thunderbird/115.3", "thunderbird"),
        ("Nextcloud Webcal Service", "nextcloud"),
        ("Evolution/3.46.4", "gnome"),
        ("ICSx5/2.2.4 (ical4j/4.0 okhttp/4.12.0 Android/14)", "icsx5"),
        ("Mozilla/5.0 (X11; Linux x86_64) KIO/5.115 kioworker/5.115", "kde"),
        ("HomeAssistant/2026.1 httpx/0.28", "home_assistant"),
        ("curl/8.5.0", "script"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", "browser"),
        ("", "other"),
        ("x" * LONGEST + "Google-Calendar-Importer", "other"),
    ],
)
def test_program_is_counted_with_its_family(agent: str, name: str) -> None:
    assert FAMILIES[family_of(agent)].name == name


@pytest.mark.parametrize(
    ("path", "query", "kind", "form"),
    [
        ("/events/conf.ics", "", "event", "ics"),
        ("/events/conf.ics", "alarm=10", "event", "ics"),
        ("/events/conf.ics", "utm_source=x&track=data", "filter", "ics"),
        ("/events/conf.jcal", "q=a", "filter", "jcal"),
        ("/events/conf/kind/panel.ics", "", "filter", "ics"),
        ("/events/conf/", "lang=de", "event", "page"),
        ("/events/conf/days/2027-06-15/", "kind=!break", "filter", "page"),
        ("/events/conf/embed/", "", "event", "page"),
        ("/events/conf.exe", "", "event", "other"),
        ("/events/conf/sessions/talk.ics", "", "session", "ics"),
        ("/events/conf/sessions/talk/", "", "session", "page"),
        ("/events/conf/embed/sessions/talk/", "", "session", "page"),
        (f"/my/{KEY}/conf.ics", "", "personal", "ics"),
        (f"/my/shared/{KEY}/", "", "personal", "page"),
        ("/my/", "", "personal", "page"),
        ("/api/calendars/me", "", "personal", "api"),
        ("/api/events/conf", "", "event", "api"),
        ("/api/openapi.json", "", "site", "api"),
        ("/", "", "site", "page"),
        ("/offline/", "", "site", "page"),
        ("/events.ics", "series=scale", "site", "ics"),
        ("/static/site.css", "", "other", "other"),
        ("/readyz", "", "other", "other"),
        ("/nothing/at/all", "", "other", "other"),
        ("", "", "other", "other"),
    ],
)
def test_address_is_counted_as_what_it_gives(path: str, query: str, kind: str, form: str) -> None:
    assert PAIRS[resource_of(path, query)] == (kind, form)


def test_words_of_labels_are_few_however_many_ask() -> None:
    figures = Figures()
    figures.claim()

    for number in range(2 * KNOWN):
        figures.answered(f"agent {number}", f"/events/e{number}.x{number}", f"q={KEY}{number}", 200)
        figures.answered(f"curl/{number}", f"/my/{KEY}{number}/x.ics", "", 200 + number % 400)

    clients, kinds, forms, statuses = map(set, zip(*figures.answers, strict=True))
    assert sum(figures.answers.values()) == 4 * KNOWN
    assert clients <= {each.name for each in FAMILIES}
    assert (kinds <= {*KINDS}, forms <= {*FORMS}, statuses) == (True, True, {*STATUSES})


@pytest.mark.parametrize(
    ("code", "status"),
    [(200, "2xx"), (204, "2xx"), (304, "304"), (308, "3xx"), (404, "4xx"), (503, "5xx")],
)
def test_answers_that_changed_nothing_are_told_from_others(code: int, status: str) -> None:
    figures = Figures()
    figures.claim()

    figures.answered("", "/events/conf.ics", "", code)

    assert figures.answers == {("other", "event", "ics", status): 1}


def test_times_of_storage_are_in_the_buckets_that_hold_them() -> None:
    figures = Figures()
    figures.claim()

    for seconds in (0.0, BOUNDS[0], BOUNDS[0] * 1.01, 3.0):
        figures.stored("lookup", seconds)
    figures.stored("write", 0.5)

    lookups = figures.times["lookup"]
    assert lookups.buckets == [2, 1, *[0] * (len(BOUNDS) - 2), 1]
    assert lookups.seconds == pytest.approx(3.0 + BOUNDS[0] * 2.01)
    assert sum(figures.times["write"].buckets) == 1
    assert sum(figures.times["read"].buckets) == 0


# --- in several processes -----------------------------------------------------------------


def count(figures: Figures, number: int, done: Event, end: Event) -> None:
    """Count so many answers, as a worker that lives until it may end."""
    figures.claim()
    for _ in range(number):
        figures.answered("curl/8", "/events/conf.ics", "", 200)
    figures.beat({"feeds": number})
    done.set()
    end.wait(PATIENCE)


@pytest.fixture
def worker() -> Callable[[Figures, int], tuple[multiprocessing.process.BaseProcess, Event]]:
    """Start a worker that counts; return once it has."""

    def start(figures: Figures, number: int) -> tuple[multiprocessing.process.BaseProcess, Event]:
        done, end = FORK.Event(), FORK.Event()
        process = FORK.Process(target=count, args=(figures, number, done, end), daemon=True)
        process.start()
        assert done.wait(PATIENCE)
        return process, end

    return start


Worker = Callable[[Figures, int], tuple[multiprocessing.process.BaseProcess, Event]]
ASKED = ("script", "event", "ics", "2xx")


def test_workers_are_added_up_and_one_that_replaces_a_dead_one_goes_on(worker: Worker) -> None:
    figures = Figures(2)
    one, _ = worker(figures, 30)
    other, end = worker(figures, 4)
    assert one.pid

    before = figures.answers[ASKED], figures.workers, figures.starts, figures.octets["feeds"]
    os.kill(one.pid, signal.SIGKILL)
    one.join()
    _, end_of_replacement = worker(figures, 500)
    after = figures.answers[ASKED], figures.workers, figures.starts, figures.octets["feeds"]
    end.set()
    end_of_replacement.set()

    assert before == (34, 2, 2, 34)
    assert after == (534, 2, 3, 504)
    other.join()


@pytest.mark.slow
def test_worker_more_than_there_are_pages_counts_where_nobody_reads(worker: Worker) -> None:
    figures = Figures(1)
    ends = [worker(figures, 1)[1] for _ in range(figures.pages)]
    before = figures.answers[ASKED]

    _, end = worker(figures, 100)
    found = figures.answers[ASKED], figures.workers
    for each in (*ends, end):
        each.set()

    assert found == (before, figures.pages)


def test_process_that_was_not_forked_tells_of_sources_by_the_file() -> None:
    figures = Figures(3)
    other = Figures(file=os.dup(figures.file))
    before = figures.sources

    other.follow({"well": 4, "waiting": 1})

    assert before == {}
    assert figures.sources == {"well": 4, "failing": 0, "waiting": 1}


def test_process_that_gives_no_sign_of_life_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    figures = Figures()
    figures.claim()
    figures.beat({"feeds": 7})
    figures.follow({"well": 1})
    alive = figures.workers, figures.octets["feeds"], figures.sources["well"]

    monkeypatch.setattr("calsvc.web.figures.ALIVE", 0)

    assert alive == (1, 7, 1)
    assert (figures.workers, figures.octets["feeds"], figures.sources) == (0, 0, {})
