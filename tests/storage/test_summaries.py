"""A summary of each event's newest version is stored with it, and made for databases of before."""

import json

import sqlalchemy as sa
from conftest import NOW, event_of
from desk import Desk
from drafts import FIRST, OTHER, SECOND, filled, give

from calsvc.releases import publish_event, withdraw
from calsvc.schedule.versions import Draft, Summary
from calsvc.storage.redactions import redact
from calsvc.storage.schedules import Storage
from calsvc.storage.versions import row_of, versions

AGENDA = """
    name: Conf
    timezone: Europe/Berlin
    date: 2027-06-15
    description: By Ada Example
    sessions:
      - {id: one, title: One, when: 09:00-10:00, people: [Ada Example]}
"""


def told(storage: Storage, *event_ids: str) -> dict[str, tuple[int, str, bool]]:
    """Return what the stored summaries tell: version, name, and whether it is withdrawn."""
    return {
        name: (each.schedule.version, each.schedule.event.name, each.is_withdrawn)
        for name, each in storage.summaries(event_ids).items()
    }


def as_before(storage: Storage) -> None:
    """Make a database one of before there were summaries."""
    with storage.database.transaction(write=True) as connection:
        for table in ("summaries", "backups"):
            connection.execute(sa.text(f"DROP TABLE {table}"))
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0007'"))


def test_summary_is_of_the_newest_version(storage: Storage) -> None:
    filled(storage)

    found = storage.summaries(["conf", "other", "nothing"])

    assert {name: each.is_withdrawn for name, each in found.items()} == {
        "conf": False,
        "other": True,
    }
    for name, schedule, number in (("conf", SECOND, 2), ("other", OTHER, 1)):
        summary = found[name].schedule
        assert summary.entries == schedule.banners
        assert summary.event == schedule.event.model_copy(
            update={"sessions": (), "tracks": (), "rooms": ()}
        )
        assert (summary.version, summary.published) == (number, schedule.published)
        assert summary.revised == schedule.revised


def test_database_of_before_gets_summaries(storage: Storage) -> None:
    filled(storage)
    expected = storage.summaries(["conf", "other"])
    as_before(storage)

    storage.migrate()

    assert storage.summaries(["conf", "other"]) == expected
    assert len(expected) == 2


def test_summary_that_does_not_tell_how_many_sessions_there_are_is_stored_anew(
    storage: Storage,
) -> None:
    publish_event(storage, event_of(AGENDA), "")
    before = storage.summaries(["conf"])
    assert before["conf"].numbers == (1, 0)
    with storage.database.transaction(write=True) as connection:
        text = connection.execute(sa.text("SELECT summary FROM summaries")).scalar_one()
        short = json.dumps({name: it for name, it in json.loads(text).items() if name != "numbers"})
        connection.execute(sa.text("UPDATE summaries SET summary = :it"), {"it": short})
    assert storage.summaries(["conf"])["conf"].numbers is None

    storage.migrate()

    assert storage.summaries(["conf"]) == before


def test_event_of_before_that_cannot_be_read_has_no_summary(storage: Storage) -> None:
    filled(storage)
    as_before(storage)
    with storage.database.transaction(write=True) as connection:
        connection.execute(sa.text("UPDATE versions SET schedule = '{}' WHERE event_id = 'conf'"))

    storage.migrate()

    assert told(storage, "conf", "other").keys() == {"other"}


def test_what_an_older_calsvc_publishes_gets_its_summary_at_the_next_start(
    storage: Storage,
) -> None:
    storage.append("conf", give(Draft(FIRST, "conf.yaml on a")))
    row = row_of("conf", 2, Draft(SECOND.model_copy(update={"version": 2}), "by an older one"))
    with storage.database.transaction(write=True) as connection:
        connection.execute(sa.insert(versions), row)
    before = told(storage, "conf")

    storage.migrate()

    assert before == {"conf": (1, "Conf", False)}
    assert told(storage, "conf") == {"conf": (2, "Conf", False)}


def test_summaries_go_on_under_another_id(desk: Desk) -> None:
    publish_event(desk.storage, event_of(AGENDA, "old"), "")

    renamed = AGENDA.replace("name: Conf", "name: Conf\n    formerly: old")
    publish_event(desk.storage, event_of(renamed, "new"), "")

    old, new = (desk.storage.summaries([each])[each].schedule for each in ("old", "new"))
    assert (old.version, old.successor) == (2, "new")
    assert (new.version, new.continues) == (1, ("old",))
    withdraw(desk.storage, "new")
    assert told(desk.storage, "new") == {"new": (2, "Conf", True)}


def test_text_that_is_taken_out_is_in_no_summary(storage: Storage) -> None:
    publish_event(storage, event_of(AGENDA), "")
    clear = AGENDA.replace("Ada Example", "nobody")
    publish_event(storage, event_of(clear.replace("By nobody", "By Ada Example")), "")
    publish_event(storage, event_of(clear), "")

    redact(storage, "conf", "Ada Example", "here", NOW)

    found = storage.summaries(["conf"])["conf"]
    newest = storage.newest("conf")
    assert newest and found == Summary.of(newest[1], is_withdrawn=False)
    assert found.schedule.version == 4
    assert "Ada" not in found.model_dump_json()
