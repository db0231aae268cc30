"""Sources that event files follow: what changes there is published, what is doubtful waits."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from origins import Agenda, Answer, Given, Origin, agenda_of, listening_origin
from rights import read_only

from calsvc.agenda import eventfile
from calsvc.errors import Problem, StorageError
from calsvc.importers.following import following
from calsvc.importers.following.following import Following
from calsvc.importers.following.held import drop, held, held_path
from calsvc.importers.updating.updating import planned, write
from calsvc.releases import publish_files
from calsvc.storage.schedules import Storage

pytestmark = pytest.mark.usefixtures("reading_here")

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVERY = timedelta(minutes=5)
TEN = agenda_of(10)


class Site:
    """A folder with an event file that follows a source, and what is published of it."""

    def __init__(self, folder: Path, url: str, storage: Storage, *, seed: int = 1) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.storage = folder, storage
        self.path = folder / "conf.yaml"
        self.now = NOW
        self.seen = (0, 0)
        self.path.write_text(
            "name: Conf\n"
            "timezone: Europe/Berlin\n"
            "dates: {from: 2027-06-15, to: 2027-06-16}\n"
            f"follow: {{url: {url}, every: 5m, private: true}}  # theirs\n"
        )
        self.seed = seed
        self.start()

    def start(self) -> None:
        """Start the process that follows, as if for the first time."""
        self.following = Following(self.folder, chance=random.Random(self.seed))  # noqa: S311

    def pass_time(self, length: timedelta, step: timedelta = MINUTE) -> None:
        """Let time go by, and publish what changes."""
        end = self.now + length
        while self.now < end:
            self.now = min(self.now + step, end)
            self.look()

    def look(self) -> None:
        """Look at what is due, and publish what changed, as the watcher does."""
        self.following.look(self.now)
        status = self.path.stat()
        if (status.st_ino, status.st_mtime_ns) != self.seen:
            assert publish_files(self.storage, [self.path]).problems == []
            self.seen = status.st_ino, status.st_mtime_ns

    def published(self) -> set[tuple[str, datetime, str | None]]:
        """Return titles, starts and rooms of what is published and not cancelled."""
        newest = self.storage.newest("conf")
        assert newest
        return {
            (entry.content.title, entry.content.slot.start, entry.content.room)
            for entry in newest[1].entries
            if entry.content.slot and not entry.is_cancelled
        }

    @property
    def version(self) -> int:
        """Return the number of the newest version."""
        return self.storage.numbers()["conf"]

    @property
    def told(self) -> list[str]:
        """Return what operators are told."""
        return [problem.what for problem in self.following.problems]


@pytest.fixture
def storage(sqlite_url: str, open_storage: Callable[[str], Storage]) -> Storage:
    """A storage where the kind of database does not matter."""
    return open_storage(sqlite_url)


@pytest.fixture
def site(tmp_path: Path, origin: Origin, storage: Storage) -> Site:
    """A site that follows a source of ten sessions, which is published."""
    origin.give(TEN)
    site = Site(tmp_path / "events", origin.url, storage)
    site.look()
    assert site.published() == TEN.expected()
    return site


# --- what can be believed -----------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        TEN.changed(3, title="Renamed"),
        TEN.changed(3, room="Hall C"),
        TEN.changed(3, start=datetime(2027, 6, 16, 18)),
        TEN.changed(3, person="Bo Example"),
        replace(TEN, sessions=TEN.sessions[:3] + TEN.sessions[4:]),
        replace(TEN, sessions=TEN.sessions[:8]),
        replace(TEN, sessions=(*TEN.sessions, Given("x", "New", datetime(2027, 6, 17, 9)))),
        replace(TEN, sessions=TEN.sessions[::-1]),
    ],
)
def test_change_is_published_within_the_interval_and_a_minute(
    site: Site, origin: Origin, change: Agenda
) -> None:
    site.pass_time(EVERY * 3)
    before = site.version
    origin.give(change)

    site.pass_time(EVERY + MINUTE)

    assert site.published() == change.expected()
    assert site.version - before == (change.sessions != TEN.sessions[::-1])
    assert site.told == []


def test_source_that_stays_is_asked_whether_it_changed_and_nothing_is_written(
    site: Site, origin: Origin
) -> None:
    stamp = site.path.stat().st_mtime_ns
    asked = origin.requests

    site.pass_time(timedelta(hours=1))

    assert 12 <= origin.requests - asked <= 24
    assert origin.known == origin.requests - asked
    assert site.path.stat().st_mtime_ns == stamp
    assert site.version == 1


def test_looks_are_at_random_within_the_interval(tmp_path: Path, storage: Storage) -> None:
    """Many sites that follow one source do not ask at once."""
    with listening_origin() as source:
        source.give(TEN)
        firsts = []
        for seed in range(8):
            site = Site(tmp_path / f"events-{seed}", source.url, storage, seed=seed)
            site.following.look(NOW)
            asked, minutes = source.requests, 0
            while source.requests == asked:
                minutes += 1
                site.following.look(NOW + timedelta(seconds=10 * minutes))
            firsts.append(minutes * 10)

    assert all(EVERY.seconds / 2 <= each <= EVERY.seconds + 10 for each in firsts)
    assert len(set(firsts)) > 3


# --- what cannot be believed --------------------------------------------------------------

HTML = b"<!doctype html><html><body><h1>We are back soon</h1><p>Maintenance.</p></body></html>"
OTHER_IDS = replace(TEN, sessions=tuple(replace(each, key=f"n{each.key}") for each in TEN.sessions))
SWAPPED = TEN.changed(0, key="key-1").changed(1, key="key-0")
LATER = replace(
    TEN,
    sessions=tuple(
        replace(each, start=each.start + timedelta(hours=2)) if place < 4 else each
        for place, each in enumerate(TEN.sessions)
    ),
)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Answer(b"oops", 500), "answers 500"),
        (Answer(b"", 503), "answers 503"),
        (Answer(b"", 404), "answers 404"),
        (Answer(HTML, 200, "text/html"), ""),
        (Answer(b"", 200), ""),
        (Answer(b"[]", 200), ""),
        (Answer(b"{}", 200), ""),
        (Answer(TEN.octets()[:700], 200), "is broken JSON"),
        (Answer(replace(TEN, sessions=()).octets(), 200), "has no sessions"),
        (Answer(TEN.octets(), 302, headers={"Location": "/schedule.json"}), "leads on"),
    ],
)
def test_what_is_no_agenda_changes_nothing_and_is_told(
    site: Site, origin: Origin, answer: Answer, told: str
) -> None:
    text = site.path.read_text()
    origin.answer = answer

    site.pass_time(EVERY + MINUTE)

    assert site.path.read_text() == text
    assert site.version == 1
    (problem,) = site.following.problems
    assert told in problem.what and problem.what.startswith("cannot follow")
    assert problem.advice.endswith("; the agenda stays as it is")
    assert str(problem.path) == str(site.path)

    origin.give(TEN)
    site.pass_time(EVERY + MINUTE)

    assert (site.told, site.version) == ([], 1)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (replace(TEN, sessions=TEN.sessions[:5]), "5 of 10 coming sessions are gone"),
        (replace(TEN, sessions=TEN.sessions[3:]), "3 of 10 coming sessions are gone"),
        (LATER, "4 of 10 coming sessions have another time"),
        (replace(TEN, zone="America/New_York"), "its zone is America/New_York, and was Europe"),
        (OTHER_IDS, "only 0 of its 10 ids of sessions are as before"),
        (SWAPPED, "2 of its ids are of other sessions now"),
        (
            replace(TEN, sessions=tuple(replace(each, title="???") for each in TEN.sessions)),
            "10 of 10 coming sessions have another title",
        ),
        (
            replace(
                TEN,
                sessions=TEN.sessions
                + tuple(replace(each, key=f"{each.key}-2", person="") for each in TEN.sessions),
            ),
            "10 sessions are there twice",
        ),
    ],
)
def test_what_is_doubtful_waits_and_heals_when_the_source_goes_back(
    site: Site, origin: Origin, state: Agenda, reason: str
) -> None:
    text = site.path.read_text()
    origin.give(state)

    site.pass_time(EVERY + MINUTE)

    waiting = held(site.path)
    assert waiting and any(reason in each for each in waiting.reasons)
    assert bool(waiting.changes) == (state is not OTHER_IDS)
    (told,) = site.told
    assert told.startswith("waits for you, because of its source") and reason in told
    assert (site.path.read_text(), site.version) == (text, 1)

    origin.give(TEN)
    site.pass_time(EVERY + MINUTE)

    assert (site.told, site.version, held_path(site.path).exists()) == ([], 1, False)


def test_what_waits_is_taken(site: Site, origin: Origin) -> None:
    origin.give(LATER)
    site.pass_time(EVERY + MINUTE)
    state = held(site.path)
    assert state

    write(planned(site.path, state.drawn, state.source, state.format))
    site.pass_time(timedelta(minutes=1))

    assert site.published() == LATER.expected()
    site.start()
    site.pass_time(EVERY * 3)
    assert (site.told, site.version) == ([], 2)


def test_what_is_dropped_stays_away_until_the_source_changes_once_more(
    site: Site, origin: Origin
) -> None:
    origin.give(LATER)
    site.pass_time(EVERY + MINUTE)
    state = held(site.path)
    assert state

    drop(site.path, state)
    site.pass_time(EVERY * 3)
    site.start()
    site.pass_time(EVERY * 3)

    assert (site.told, site.version) == ([], 1)

    # even when most sessions are over by then, and no doubt is left
    site.now = datetime(2027, 6, 30, tzinfo=UTC)
    site.start()
    site.pass_time(EVERY * 3)

    assert (site.told, site.version) == ([], 1)

    site.now = NOW
    site.start()
    origin.give(LATER.changed(9, title="Renamed"))
    site.pass_time(EVERY + MINUTE)

    assert len(site.told) == 1
    origin.give(TEN.changed(9, title="Renamed"))
    site.pass_time(EVERY + MINUTE)

    assert (site.told, site.published()) == ([], TEN.changed(9, title="Renamed").expected())


def test_ids_that_never_last_are_doubted_once(site: Site, origin: Origin) -> None:
    """Some systems make other uids at each export."""
    origin.give(OTHER_IDS)
    site.pass_time(EVERY + MINUTE)
    state = held(site.path)
    assert state
    write(planned(site.path, state.drawn, state.source, state.format))
    site.pass_time(EVERY + MINUTE)

    for number in range(3):
        sessions = tuple(replace(each, key=f"{number}-{each.key}") for each in TEN.sessions)
        state = replace(TEN, sessions=sessions).changed(0, title=f"Title {number}")
        origin.give(state)
        site.pass_time(EVERY + MINUTE)

        assert site.told == []
        assert site.published() == state.expected()
    assert eventfile.read(site.path).sessions[0].id == "talk-0"


def test_what_is_over_may_leave(site: Site, origin: Origin) -> None:
    site.now = datetime(2027, 6, 15, 20, tzinfo=UTC)  # the first day is over
    second_day = replace(TEN, sessions=TEN.sessions[1::2])
    origin.give(second_day)

    site.pass_time(EVERY + MINUTE)

    assert site.told == []
    assert site.published() == second_day.expected()


# --- errors, and how long they last -------------------------------------------------------


def test_source_that_fails_is_asked_less_often_and_then_as_before(
    site: Site, origin: Origin
) -> None:
    origin.answer = Answer(status=500)
    asked = []
    for _ in range(24):
        before = origin.requests
        site.pass_time(timedelta(hours=1))
        asked.append(origin.requests - before)

    assert asked[0] > asked[3] >= 1
    assert all(1 <= each <= 2 for each in asked[4:])

    origin.give(TEN.changed(0, title="Renamed"))
    site.pass_time(timedelta(hours=1) + MINUTE)
    assert site.published() == TEN.changed(0, title="Renamed").expected()
    before = origin.requests
    site.pass_time(timedelta(hours=1))
    assert 12 <= origin.requests - before <= 24


def test_source_that_asks_to_wait_is_left_alone(site: Site, origin: Origin) -> None:
    origin.answer = Answer(status=503, headers={"Retry-After": "7200"})
    site.pass_time(EVERY + MINUTE)
    asked = origin.requests

    site.pass_time(timedelta(minutes=113))
    assert origin.requests == asked
    site.pass_time(timedelta(minutes=10))
    assert origin.requests > asked


def test_fault_of_one_source_stops_no_other(
    site: Site, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = site.folder / "other.yaml"
    other.write_text(site.path.read_text().replace("/schedule.json", "/schedule.json?other"))
    origin.give(TEN.changed(0, title="Renamed"))
    whole = following.doubts

    def faulty(done: object, *rest: object) -> list[str]:
        if "other" in str(done):
            raise ZeroDivisionError("a fault")
        return whole(done, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "doubts", faulty)
    site.pass_time(EVERY + MINUTE)

    assert site.published() == TEN.changed(0, title="Renamed").expected()
    (problem,) = site.following.problems
    assert problem.path == str(other)
    assert "ZeroDivisionError" in problem.what


# --- the process, the file and the folder -------------------------------------------------


def test_what_waits_still_waits_after_a_restart(site: Site, origin: Origin) -> None:
    origin.give(LATER)
    site.pass_time(EVERY + MINUTE)
    state = held(site.path)

    site.start()
    site.pass_time(EVERY * 2)

    assert held(site.path) == state
    assert len(site.told) == 1
    assert site.version == 1


def test_hand_made_changes_stay(site: Site, origin: Origin) -> None:
    text = site.path.read_text()
    assert "  - id: talk-2\n" in text
    text = text.replace(
        "  - id: talk-2\n", "  # our own words\n  - id: talk-2\n    description: Mine.\n"
    )
    site.path.write_text(text + "  - {id: dinner, title: Dinner, when: 2027-06-15 19:00-22:00}\n")
    change = TEN.changed(2, room="Hall C").changed(3, title="Renamed")
    origin.give(change)

    site.pass_time(EVERY + MINUTE)

    dinner = "Dinner", datetime(2027, 6, 15, 17, tzinfo=UTC), None
    assert site.published() == change.expected() | {dinner}
    assert "  # our own words\n  - id: talk-2\n    description: Mine.\n" in site.path.read_text()


def test_broken_event_file_stays_and_goes_on_once_it_is_mended(site: Site, origin: Origin) -> None:
    good = site.path.read_text()
    broken = good.replace("dates:", "dats:")
    site.path.write_text(broken)
    origin.give(TEN.changed(0, title="Renamed"))

    for _ in range(7):
        site.now += MINUTE
        site.following.look(site.now)
    assert site.path.read_text() == broken
    (told,) = site.told
    assert told.startswith("cannot follow its source: ")

    site.path.write_text(good)
    site.pass_time(EVERY + MINUTE)
    assert site.published() == TEN.changed(0, title="Renamed").expected()


def test_follow_key_is_added_changed_and_removed(
    site: Site, origin: Origin, tmp_path: Path
) -> None:
    line = next(line for line in site.path.read_text().splitlines() if "follow" in line)
    with listening_origin() as other:
        other.give(TEN.changed(0, title="Elsewhere"))
        site.path.write_text(site.path.read_text().replace(origin.url, other.url))
        site.look()
        assert site.published() == TEN.changed(0, title="Elsewhere").expected()

    site.path.write_text(
        "".join(each + "\n" for each in site.path.read_text().splitlines() if "follow" not in each)
    )
    asked = origin.requests
    site.pass_time(EVERY * 2)
    assert (origin.requests, site.told) == (asked, [])

    site.path.write_text(site.path.read_text() + line + "\n")
    site.look()
    assert site.published() == TEN.expected()


def test_private_address_is_followed_only_if_the_file_says_so(site: Site, origin: Origin) -> None:
    site.path.write_text(site.path.read_text().replace(", private: true", ""))
    asked = origin.requests

    site.pass_time(EVERY)

    assert origin.requests == asked
    assert "private network" in site.told[0]


def test_folder_that_cannot_be_written_is_told_of_until_it_can(site: Site, origin: Origin) -> None:
    origin.give(TEN.changed(0, title="Renamed"))
    before = site.path.read_bytes()

    site.now += EVERY
    with read_only(site.folder):
        site.following.look(site.now)

    assert site.path.read_bytes() == before
    (told,) = site.told
    assert "cannot be written" in told
    site.pass_time(EVERY + MINUTE)
    assert (site.told, site.published()) == ([], TEN.changed(0, title="Renamed").expected())


@pytest.mark.slow
def test_two_machines_that_follow_one_source_do_not_fight(
    tmp_path: Path, origin: Origin, storage: Storage
) -> None:
    origin.give(TEN)
    sites = [
        Site(tmp_path / name, origin.url, storage, seed=seed) for seed, name in enumerate("ab")
    ]
    states = [TEN.changed(n, title=f"State {n}").changed(n - 1, room="Hall C") for n in range(1, 9)]
    versions = []
    for state in [TEN, *states]:
        origin.give(state)
        for _ in range(7):
            for site in sites:
                site.now += MINUTE
                site.following.look(site.now)
                publish_files(storage, [site.path], watched_since=NOW)
        assert sites[0].published() == state.expected()
        versions.append(sites[0].version)

    assert versions == [*range(1, 10)]


# --- a source that goes through 200 states ------------------------------------------------


def real_changes(agenda: Agenda, chance: random.Random, number: int) -> Agenda:
    """Return an agenda as organizers change it from one day to the next."""
    place = chance.randrange(len(agenda.sessions))
    each = agenda.sessions[place]
    kind = chance.choice(["title", "room", "time", "person", "new", "gone", "order"])
    if kind == "title":
        return agenda.changed(place, title=f"Title {number}")
    if kind == "room":
        return agenda.changed(place, room=f"Room {number}")
    if kind == "time":
        return agenda.changed(place, start=each.start + timedelta(minutes=5))
    if kind == "person":
        return agenda.changed(place, person=f"Person {number}")
    if kind == "gone" and len(agenda.sessions) > 25:
        return replace(agenda, sessions=agenda.sessions[:place] + agenda.sessions[place + 1 :])
    if kind == "order":
        sessions = [*agenda.sessions]
        chance.shuffle(sessions)
        return replace(agenda, sessions=tuple(sessions)).changed(0, title=f"First {number}")
    new = Given(f"new-{number}", f"New {number}", datetime(2027, 6, 15, 9), f"New {number}")
    return replace(agenda, sessions=(*agenda.sessions, new))


def doubtful(agenda: Agenda, chance: random.Random) -> Agenda:
    """Return an agenda as no organizer changes it."""
    sessions, number = agenda.sessions, len(agenda.sessions)
    kind = chance.choice(["half", "third", "ids", "swapped", "zone", "moved"])
    if kind == "half":
        return replace(agenda, sessions=sessions[: number // 2])
    if kind == "third":
        return replace(agenda, sessions=sessions[number // 3 :])
    if kind == "ids":
        return replace(agenda, sessions=tuple(replace(s, key=f"x{s.key}") for s in sessions))
    if kind == "swapped":
        keys = [each.key for each in sessions]
        keys = keys[5:] + keys[:5]
        swapped = (replace(each, key=key) for each, key in zip(sessions, keys, strict=True))
        return replace(agenda, sessions=tuple(swapped))
    if kind == "zone":
        return replace(agenda, zone="America/New_York")
    moved = (replace(each, start=each.start + timedelta(hours=1)) for each in sessions)
    return replace(agenda, sessions=tuple(moved))


BROKEN = [
    Answer(b"oops", 500),
    Answer(b"", 503, headers={"Retry-After": "60"}),
    Answer(b"", 404),
    Answer(HTML, 200, "text/html"),
    Answer(b"", 200),
    Answer(b"[]", 200),
    Answer(b'{"schedule": {"conference": {"days": []}}}', 200),
]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_source_of_two_hundred_states_is_published_rightly(
    tmp_path: Path, origin: Origin, storage: Storage, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311
    agenda = agenda_of(30)
    origin.give(agenda)
    site = Site(tmp_path / "events", origin.url, storage, seed=seed)
    site.look()
    counts = {"real": 0, "same": 0, "broken": 0, "held": 0}
    for number in range(200):
        kind = chance.choice(["real", "real", "same", "broken", "held"])
        counts[kind] += 1
        text, version = site.path.read_text(), site.version
        if kind == "real":
            agenda = real_changes(agenda, chance, number)
            origin.give(agenda)
        elif kind == "same":
            origin.give(agenda)
        elif kind == "broken":
            whole = Answer(agenda.octets()[: chance.randrange(20, 2000)])
            origin.answer = chance.choice([*BROKEN, whole])
        else:
            origin.give(doubtful(agenda, chance))
        site.pass_time(EVERY + MINUTE, step=MINUTE)

        assert site.published() == agenda.expected(), (number, kind)
        if kind in {"broken", "held"}:
            assert (site.path.read_text(), site.version) == (text, version)
            (told,) = [each for each in site.told if kind == "held" or "cannot follow" in each]
            assert told.startswith("waits for you" if kind == "held" else "cannot follow")
            if kind == "held":
                state = held(site.path)
                assert state and state.reasons
        else:
            assert site.told == []
    assert min(counts.values()) > 20


# --- the loop -----------------------------------------------------------------------------


def test_loop_tells_each_problem_once_in_the_log_and_again_to_storage(
    site: Site, origin: Origin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "TICK", 0.0)
    monkeypatch.setattr(following, "REPEAT", -1.0)
    origin.answer = Answer(status=500)
    site.start()
    told: list[list[str]] = []

    def tell(problems: list[Problem]) -> None:
        told.append([problem.what for problem in problems])
        if len(told) == 1:
            raise StorageError("away for a moment")

    site.following.run(lambda: len(told) == 4, tell)

    assert told == [[f"cannot follow {origin.url}: answers 500 (Internal Server Error)"]] * 4
    logged = [record.getMessage() for record in caplog.records if "500" in record.getMessage()]
    assert len(logged) == 1


def test_loop_goes_on_after_a_fault_of_its_own(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(following, "TICK", 0.0)
    looks: list[datetime] = []

    def look(now: datetime) -> None:
        looks.append(now)
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(site.following, "look", look)
    site.following.run(lambda: len(looks) == 3, lambda problems: None)

    assert len(looks) == 3
    assert "cannot be followed" in caplog.text


def test_loop_counts_sources_by_how_they_are(
    site: Site, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "TICK", 0.0)
    counted: list[dict[str, int]] = []

    def count(after: Agenda | Answer) -> None:
        if isinstance(after, Answer):
            origin.answer = after
        else:
            origin.give(after)
        site.start()
        looks = len(counted)
        site.following.run(
            lambda: len(counted) > looks,
            lambda problems: None,
            lambda states: counted.append({**states}),
        )

    for each in (TEN, doubtful(TEN, random.Random(1)), Answer(status=500)):  # noqa: S311
        count(each)

    assert counted == [{"well": 1}, {"waiting": 1}, {"failing": 1}]
