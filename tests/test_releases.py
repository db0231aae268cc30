"""Publishing, taking back, and what is no new version."""

from collections.abc import Callable

import pytest
import subscriber
from desk import NEWER, REAL, TALKS, Desk, agenda, assert_rises, sentences
from subscriber import Kept

from calsvc.errors import UnknownNameError, WithdrawnEventError
from calsvc.exporters.table import EXPORTERS
from calsvc.releases import publish_files, withdraw
from calsvc.schedule.identity import banner_uid
from calsvc.storage.schedules import Storage
from calsvc.watcher import Watcher


def test_publish_refuses_to_cancel_every_session(small_desk: Desk) -> None:
    small_desk.publish(TALKS)
    path = small_desk.write(agenda(0) + "  []\n")

    results = [small_desk.run("publish", str(path), *more) for more in ((), ("--dry-run",))]

    words = (
        "has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf\n"
    )
    assert [(each.exit_code, each.stdout, each.stderr) for each in results] == [
        (1, "", f"{path}: {words}"),
        (1, "", f"{path}: {words}"),
    ]
    assert small_desk.storage.numbers() == {"conf": 1}


# --- what changes nothing -----------------------------------------------------------------

REORDERED = """
# The same, with remarks
sessions:
  - {title: Opening, when: 09:00-09:30, room: A, id: opening}
  - title: First Talk   # the first
    when: [10:00-10:30]
    room: A
    id: first
  - {id: second, title: Second Talk, when: {start: 11:00, duration: 30}, room: "A"}
  - {id: closing, title: Closing, when: 2027-06-15 12:00-12:30, room: A}
venue: {name: Old Hall}
date: 2027-06-15
timezone: Europe/Berlin
name: "Conf"
"""


def test_publish_of_other_words_for_the_same_is_no_version(desk: Desk) -> None:
    desk.publish(TALKS)
    feed = desk.feed()

    outcome = publish_files(desk.storage, [desk.write(REORDERED)])

    assert (outcome.published, outcome.unchanged, outcome.problems) == ([], ["conf"], [])
    assert desk.feed() == feed


def test_publish_of_sessions_in_another_order_keeps_the_feed(desk: Desk) -> None:
    desk.publish(TALKS)
    feed = desk.feed()
    head, *sessions = TALKS.splitlines(keepends=True)[:6], *TALKS.splitlines(keepends=True)[6:]

    schedule = desk.publish("".join([*head, *reversed(sessions)]))

    assert schedule.version == 2
    assert desk.storage.history("conf")[0].changes == ()
    assert desk.feed() == feed


def test_feeds_after_a_restart_are_the_same_bytes(
    desk: Desk, open_storage: Callable[[str], Storage]
) -> None:
    desk.write(REAL, "ai-data-2025")
    Watcher(desk.storage, desk.folder).look()
    client = desk.client()

    desk.storage.close()
    again = Desk(open_storage(desk.url), desk.folder, desk.url)
    Watcher(again.storage, again.folder).look()

    formats = [f"ai-data-2025.{suffix}" for suffix in EXPORTERS]
    for address in (*formats, "ai-data-2025.ics?parts=yes"):
        before, after = (each.get(f"/events/{address}") for each in (client, again.client()))
        assert after.data == before.data
        assert after.headers["ETag"] == before.headers["ETag"]
        assert after.headers["Last-Modified"] == before.headers["Last-Modified"]


# --- taking back --------------------------------------------------------------------------


def _entries(*feeds: bytes) -> tuple[list[Kept], list[dict[str, Kept]]]:
    """Return the event's own entry in each feed, and all others."""
    read = [subscriber.read(feed) for feed in feeds]
    uid = str(banner_uid("conf"))
    return [each[uid] for each in read], [
        {name: entry for name, entry in each.items() if name != uid} for each in read
    ]


def test_withdraw_answers_gone_until_it_is_published_again(desk: Desk) -> None:
    first = desk.publish(TALKS)
    feed = desk.feed()

    result = desk.run("publish", "--withdraw", "conf", "--message", "Not this year")
    client = desk.client()
    ends = ("/", *(f".{suffix}" for suffix in EXPORTERS))
    gone = [client.get(f"/events/conf{end}").status_code for end in ends]
    listed = "conf" in client.get("/").text
    again = desk.publish(TALKS)
    feed_again = desk.feed()
    third = desk.publish(NEWER)

    assert (result.exit_code, result.output) == (
        0,
        "conf version 2 (Not this year)\n  Withdrawn\n",
    )
    assert (gone, listed) == ([410] * len(ends), False)
    assert [sentences(version.changes) for version in desk.storage.history("conf")] == [
        ("Better Talk: renamed, was First Talk",),
        ("Published again",),
        ("Withdrawn",),
        ("First published, with 4 sessions",),
    ]
    (was, back), others = _entries(feed, feed_again)
    assert others[0] == others[1]
    assert (was["STATUS"], back["STATUS"]) == ("CONFIRMED", "CONFIRMED")
    assert back.sequence == was.sequence + 2  # taken back, and published again
    assert (again.version, third.version) == (3, 4)
    assert again.revised > first.revised
    assert_rises(again, third)


def test_withdraw_of_what_is_not_there_says_so(small_desk: Desk) -> None:
    small_desk.publish(TALKS)

    with pytest.raises(UnknownNameError) as raised:
        withdraw(small_desk.storage, "konf")
    withdraw(small_desk.storage, "conf")
    with pytest.raises(WithdrawnEventError):
        withdraw(small_desk.storage, "conf")

    assert str(raised.value) == (
        "There is no event 'konf'. Did you mean conf? The events are: conf."
    )
    assert small_desk.storage.numbers() == {"conf": 2}


def test_rollback_is_a_new_version_that_rises(desk: Desk) -> None:
    first = desk.publish(TALKS)
    second = desk.publish(NEWER.replace("11:00-11:30, room: A", "14:00-14:30, room: B"))

    result = desk.run("rollback", "conf", "1", "--message", "Sorry")
    third = desk.schedule()

    assert (result.exit_code, result.output) == (
        0,
        "conf version 3 (Sorry)\n"
        "  First Talk: renamed, was Better Talk\n"
        "  Second Talk: moved 14:00 → 11:00, room B → A\n",
    )
    assert third.event == first.event
    assert [entry.content for entry in third.entries] == [entry.content for entry in first.entries]
    assert_rises(first, second)
    assert_rises(second, third)


def test_rollback_to_what_is_published_is_no_version(small_desk: Desk) -> None:
    small_desk.publish(TALKS)

    result = small_desk.run("rollback", "conf", "1")

    assert (result.exit_code, result.output) == (0, "conf: nothing changed\n")
    assert small_desk.storage.numbers() == {"conf": 1}


def test_rollback_to_no_sessions_says_what_it_would_do(small_desk: Desk) -> None:
    small_desk.publish(agenda(0) + "  []\n")
    small_desk.publish(TALKS)

    result = small_desk.run("rollback", "conf", "1")

    assert (result.exit_code, result.stderr) == (
        1,
        "version 1 has none of the 4 sessions that conf had;"
        " to take the event back, run calsvc publish --withdraw conf\n",
    )
    assert small_desk.storage.numbers() == {"conf": 2}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("conf", "7"), "There is no version '7'. The versions are: 1, 2.\n"),
        (("konf", "1"), "There is no event 'konf'. Did you mean conf? The events are: conf.\n"),
    ],
)
def test_rollback_to_what_never_was_says_so(
    small_desk: Desk, words: tuple[str, str], told: str
) -> None:
    small_desk.publish(TALKS)
    small_desk.publish(NEWER)

    result = small_desk.run("rollback", *words)

    assert (result.exit_code, result.stderr) == (1, told)
