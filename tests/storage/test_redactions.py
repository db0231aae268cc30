"""A name is taken out of storage, and of all that the site says."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
from conftest import BASE_URL
from desk import TALKS, Desk, sentences
from subscriber import read

from calsvc.errors import StandingTextError, UnknownNameError
from calsvc.exporters.table import EXPORTERS
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_files, withdraw
from calsvc.schedule.versions import digest
from calsvc.storage.redactions import allow, redact
from calsvc.storage.versions import versions
from calsvc.watcher import Watcher
from calsvc.web.app import create_app

NAME = "Zoë Exämple"
NAMED = TALKS.replace("title: First Talk", f"title: First Talk, people: [{NAME}, Bob Two]").replace(
    "title: Closing", f"title: Closing with {NAME}"
)
REPLACED = NAMED.replace(f"[{NAME}, Bob Two]", "[Bob Two]")
WITHOUT = "".join(line for line in REPLACED.splitlines(keepends=True) if "closing" not in line)
ATOM = "{http://www.w3.org/2005/Atom}"
NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
TOLD = "Something was taken out of earlier versions"


def named_once(desk: Desk) -> None:
    """Publish three versions: two have the name, and in the last its entry stands cancelled."""
    for text in (NAMED, REPLACED, WITHOUT):
        path = desk.write(text)
        publish_files(desk.storage, [path], f"By {NAME}" if text == NAMED else "")


def stored(desk: Desk) -> str:
    """Return all that the database holds of versions."""
    with desk.storage.database.transaction() as connection:
        return str(connection.execute(sa.select(versions)).all())


def test_name_is_nowhere_in_storage_or_on_the_site(desk: Desk) -> None:
    named_once(desk)
    before = desk.schedule()
    assert NAME in stored(desk)

    outcome = redact(desk.storage, "conf", NAME, "here", NOW)

    assert (outcome.event_id, outcome.versions) == ("conf", 3)
    assert NAME not in stored(desk)
    history = desk.storage.history("conf")
    assert [version.number for version in history] == [4, 3, 2, 1]
    assert sentences(history[0].changes) == (TOLD,)
    assert sentences(history[2].changes) == ("First Talk: without …",)
    assert history[3].message == "By …"
    for version in history:
        _, schedule = desk.storage.version("conf", version.number)
        assert version.digest == digest(schedule.event)
    client = desk.client()
    formats = [f"/events/conf.{suffix}" for suffix in EXPORTERS]
    for path in ("/events/conf/changes/", "/events/conf/", *formats):
        assert NAME not in client.get(path).text
    assert TOLD in client.get("/events/conf.atom").text
    german = client.get("/events/conf/changes/?lang=de").text
    assert "Aus früheren Versionen wurde etwas entfernt" in german
    past = {entry.uid: entry for entry in before.entries}
    for entry in desk.schedule().entries:
        rises = "closing" == entry.session
        assert entry.sequence == past[entry.uid].sequence + rises


def test_it_is_found_once_and_then_no_more(desk: Desk) -> None:
    named_once(desk)
    first = redact(desk.storage, "conf", NAME, "here", NOW)

    second = redact(desk.storage, "conf", NAME, "here", NOW)

    assert first.record
    assert first.places > 5
    assert (second.versions, second.places, second.record) == (0, 0, None)
    assert desk.storage.numbers() == {"conf": 4}


def test_dry_run_tells_the_same_and_changes_nothing(desk: Desk) -> None:
    named_once(desk)
    before = stored(desk)

    dry = redact(desk.storage, "conf", NAME, "here", NOW, dry_run=True)

    assert stored(desk) == before
    done = redact(desk.storage, "conf", NAME, "here", NOW)
    assert dry == done._replace(record=None)


def test_agenda_that_has_it_is_refused(desk: Desk) -> None:
    desk.publish(NAMED)
    before = stored(desk)

    with pytest.raises(StandingTextError) as raised:
        redact(desk.storage, "conf", NAME, "here", NOW)

    assert str(raised.value) == (
        "conf version 1: session first: the agenda itself has this text;"
        " take it out of conf.yaml and publish that first"
    )
    assert stored(desk) == before


def test_withdrawn_event_stays_withdrawn(desk: Desk) -> None:
    desk.publish(NAMED)
    withdraw(desk.storage, "conf")

    redact(desk.storage, "conf", NAME, "here", NOW)

    assert NAME not in stored(desk)
    assert desk.storage.history("conf")[0].is_withdrawn
    assert desk.client().get("/events/conf.ics").status_code == 410


def test_other_events_keep_it(desk: Desk) -> None:
    named_once(desk)
    desk.publish(NAMED, "other")

    redact(desk.storage, "conf", NAME, "here", NOW)

    assert NAME in desk.schedule("other").model_dump_json()
    assert desk.storage.numbers()["other"] == 1


@pytest.mark.parametrize("event_id", ["conf", "conf-2027"])
def test_versions_under_a_former_id_lose_it_too(desk: Desk, event_id: str) -> None:
    named_once(desk)
    (desk.folder / "conf.yaml").unlink()
    desk.publish(f"formerly: conf{WITHOUT}", "conf-2027")

    outcome = redact(desk.storage, event_id, NAME, "here", NOW)

    assert outcome.event_id == "conf-2027"
    assert NAME not in stored(desk)
    assert desk.storage.numbers() == {"conf": 4, "conf-2027": 2}


def test_unknown_event_names_the_known_ones(desk: Desk) -> None:
    desk.publish(TALKS)

    with pytest.raises(UnknownNameError, match="Did you mean conf"):
        redact(desk.storage, "cnf", NAME, "here", NOW)


def test_running_server_follows(desk: Desk) -> None:
    named_once(desk)
    live = Live((), BASE_URL)
    follower = Follower(live, desk.storage)
    follower.step()
    client = create_app(live).test_client()
    before = read(client.get("/events/conf.ics").data)
    assert NAME in client.get("/events/conf/changes/").text

    redact(desk.storage, "conf", NAME, "here", NOW)
    follower.step()

    assert NAME not in client.get("/events/conf/changes/").text
    after = read(client.get("/events/conf.ics").data)
    assert after.keys() == before.keys()
    (closing,) = (uid for uid, entry in after.items() if "Closing" in entry["SUMMARY"])
    assert NAME in before[closing]["SUMMARY"]
    assert "Closing with …" in after[closing]["SUMMARY"]
    assert after[closing].sequence == before[closing].sequence + 1
    assert after[closing].stamp > before[closing].stamp


def test_publisher_who_is_faster_loses_nothing(desk: Desk) -> None:
    named_once(desk)
    newer = WITHOUT.replace("Opening", "Welcome")
    waiting = [lambda: desk.publish(newer)]
    storage = desk.storage
    history = storage.database.transaction

    def transaction(*, write: bool = False, **limits: float):  # type: ignore[no-untyped-def]
        if write and waiting:
            waiting.pop()()
        return history(write=write, **limits)

    storage.database.transaction = transaction  # type: ignore[method-assign]
    outcome = redact(storage, "conf", NAME, "here", NOW)

    assert outcome.record
    assert outcome.record.number == 5
    assert NAME not in stored(desk)
    assert "Welcome" in desk.schedule().model_dump_json()


def test_file_published_again_changes_nothing(desk: Desk) -> None:
    named_once(desk)
    redact(desk.storage, "conf", NAME, "here", NOW)

    outcome = publish_files(desk.storage, [desk.write(WITHOUT)])

    assert (outcome.published, outcome.unchanged) == ([], ["conf"])


def test_old_file_in_a_new_folder_is_refused(copies: tuple[Desk, Desk]) -> None:
    ours, theirs = copies
    ours.publish(NAMED)
    ours.publish(WITHOUT)
    redact(ours.storage, "conf", NAME, "here", NOW)
    path = theirs.write(NAMED.replace("First Talk", "Another Talk"))  # as it never was

    (watched,) = Watcher(theirs.storage, theirs.folder).look().problems
    (published,) = publish_files(theirs.storage, [path]).problems

    assert watched.what == published.what
    assert published.what == (
        "session first: has a text that was taken out of all versions of conf"
    )
    assert published.level == "error"
    assert ours.storage.numbers() == {"conf": 3}
    assert NAME not in stored(ours)


def test_file_of_the_next_name_is_refused_too(desk: Desk) -> None:
    named_once(desk)
    redact(desk.storage, "conf", NAME, "here", NOW)
    (desk.folder / "conf.yaml").unlink()

    path = desk.write(f"formerly: conf{NAMED}", "conf-2027")
    first = publish_files(desk.storage, [path])
    publish_files(desk.storage, [desk.write(f"formerly: conf{WITHOUT}", "conf-2027")])
    again = publish_files(desk.storage, [desk.write(NAMED, "conf-2027")])

    assert [len(each.problems) for each in (first, again)] == [1, 1]
    # The command that is named knows the event as it is published.
    assert "run calsvc redact conf TEXT --allow" in str(first.problems[0])
    assert "run calsvc redact conf-2027 TEXT --allow" in str(again.problems[0])
    assert NAME not in stored(desk)


def test_text_that_is_allowed_again_is_published(desk: Desk) -> None:
    named_once(desk)
    redact(desk.storage, "conf", NAME, "here", NOW)

    other = allow(desk.storage, "conf", "Bob Two")
    refused = publish_files(desk.storage, [desk.write(NAMED)])
    found = allow(desk.storage, "conf", NAME.upper())
    outcome = publish_files(desk.storage, [desk.write(NAMED)])

    assert (other, found) == (("conf", 0), ("conf", 1))
    assert len(refused.problems) == 1
    assert [each.number for each in outcome.published] == [5]


def test_feed_readers_fetch_what_was_cleared_anew(desk: Desk) -> None:
    def updated() -> dict[str, str]:
        root = ElementTree.fromstring(desk.client().get("/events/conf.atom").data)  # noqa: S314
        return {
            each.findtext(f"{ATOM}id", ""): each.findtext(f"{ATOM}updated", "")
            for each in root.iter(f"{ATOM}entry")
        }

    desk.publish(TALKS)
    named_once(desk)
    desk.publish(WITHOUT.replace("First Talk", "Best Talk"))
    before = updated()
    history = desk.storage.history("conf")

    record = redact(desk.storage, "conf", NAME, "here", NOW).record

    after = updated()
    assert record
    assert len(before) == 5
    moved = {each for each in before if after[each] != before[each]}
    cleared = {each.number for each in desk.storage.history("conf") if each.altered}
    assert (len(moved), cleared) == (4, {2, 3, 4, 5})  # in the fifth, an entry stands cancelled
    assert {after[each] for each in moved} == {record.published.isoformat()}
    assert [each.published for each in desk.storage.history("conf")[1:]] == [
        each.published for each in history
    ]


def test_old_file_of_another_folder_does_not_bring_a_name_back(copies: tuple[Desk, Desk]) -> None:
    ours, theirs = copies
    theirs.publish(NAMED)
    ours.publish(WITHOUT)
    redact(ours.storage, "conf", NAME, "here", NOW)

    (problem,) = Watcher(theirs.storage, theirs.folder).look().problems

    assert problem.what == "was published before, and something else is published now"
    assert NAME not in stored(ours)
