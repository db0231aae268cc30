"""Real agendas at several times, imported one after the other, and edited by hand between."""

import re
import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import SHARED
from tiers import slow

from calsvc.agenda import eventfile
from calsvc.agenda.model import Session
from calsvc.importers.drafts import Wishes
from calsvc.importers.fetch.fetching import opened
from calsvc.importers.updating.updating import Import, prepared, write
from calsvc.schedule.differences import changes
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish

pytestmark = pytest.mark.usefixtures("reading_here")

SERIES = SHARED / "schedules" / "series"
DROIDCON = "droidcon-berlin-2021", Wishes(timezone="Europe/Berlin", name="droidcon")
PYCONUK = "pyconuk-2015-ics", Wishes(timezone="Europe/London", name="PyCon UK")
BEFORE = datetime(2015, 9, 1, tzinfo=UTC)
COMMENT = "  # the room is still open\n"


def imported(path: Path, source: Path, wishes: Wishes) -> Import:
    done = prepared(path, opened(source), wishes)
    write(done)
    return done


def edited(path: Path) -> list[str]:
    """Edit an event file as a person does; return the ids of the sessions that were edited.

    The first one gets a comment and a description, the second one is called off, and the
    third one gets another title.
    """
    text = path.read_text()
    ids = re.findall(r"^  - id: (\S+)$", text, re.MULTILINE)
    names = [ids[10], ids[20], ids[30]]
    blocks = {name: f"  - id: {name}\n" for name in names}
    text = text.replace(blocks[names[0]], COMMENT + blocks[names[0]])
    head, _, rest = text.partition(blocks[names[0]])
    item, *_ = re.split(r"(?m)^  - id: ", rest)
    plain = re.sub(r"(?m)^    description:.*\n(?:(?:      .*)?\n)*", "", item)
    text = f"{head}{blocks[names[0]]}{plain}    description: Ours.\n{rest[len(item) :]}"
    text = text.replace(blocks[names[1]], f"{blocks[names[1]]}    status: cancelled\n")
    head, _, rest = text.partition(blocks[names[2]])
    text = head + blocks[names[2]] + re.sub(r"title: .*", "title: Our Title", rest, count=1)
    path.write_text(text)
    eventfile.read(path)
    return names


@pytest.mark.parametrize(("folder", "wishes"), [DROIDCON, slow(*PYCONUK)])
def test_hand_made_parts_and_ids_stay_through_a_series(
    tmp_path: Path, folder: str, wishes: Wishes
) -> None:
    sources = sorted((SERIES / folder).iterdir())
    path = tmp_path / "conf.yaml"
    imported(path, sources[0], wishes)
    described, called_off, renamed = edited(path)
    schedule = publish(eventfile.read(path), None, BEFORE)
    for hours, source in enumerate(sources[1:], 1):
        before = {each.id: each for each in eventfile.read(path).sessions}
        done = imported(path, source, Wishes())

        assert done.merge
        sessions = {each.id: each for each in eventfile.read(path).sessions}
        assert sessions[described].description == "Ours."
        assert f"{COMMENT}  - id: {described}\n" in path.read_text()
        assert sessions[called_off].status == "cancelled"
        assert sessions[renamed].title == "Our Title"
        then, now = owners(before.values()), owners(sessions.values())
        assert [title for title in then.keys() & now.keys() if then[title] != now[title]] == []

        previous, schedule = (
            schedule,
            publish(eventfile.read(path), schedule, BEFORE + timedelta(hours=hours)),
        )
        told = {str(change.session) for change in changes(previous, schedule) if change.session}
        assert told <= really_changed(previous, schedule)
        again = imported(path, source, Wishes())
        assert not again.merge


def owners(sessions: Iterable[Session]) -> dict[str, str]:
    """Return the ids of the sessions whose titles no other one has."""
    sessions = [*sessions]
    times = Counter(each.title for each in sessions)
    return {each.title: each.id for each in sessions if times[each.title] == 1}


def really_changed(before: Schedule, after: Schedule) -> set[str]:
    """Return the sessions whose entries say something else now."""

    def said(schedule: Schedule) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entry in schedule.entries:
            content = entry.content.model_copy(update={"former_slot": None, "former_room": None})
            found.setdefault(str(entry.session), set()).add(content.model_dump_json())
        return found

    then, now = said(before), said(after)
    return {name for name in {*then, *now} if then.get(name) != now.get(name)}


def test_ids_of_a_series_with_ids_are_those_of_the_source(tmp_path: Path) -> None:
    """As INDEX.md counts them: 118 stay, 8 go, 5 come."""
    folder, wishes = DROIDCON
    first, second = sorted((SERIES / folder).iterdir())
    path = tmp_path / "conf.yaml"
    before = imported(path, first, wishes)
    ids = {each.id for each in before.event.sessions}

    done = imported(path, second, Wishes())

    now = {each.id for each in done.event.sessions}
    assert (len(ids & now), len(ids - now), len(now - ids)) == (118, 8, 5)


def test_titles_of_a_series_without_ids_keep_theirs(tmp_path: Path) -> None:
    """As INDEX.md counts them: all its uids are new at each step, and nearly all titles stay."""
    folder, wishes = PYCONUK
    path = tmp_path / "conf.yaml"
    kept = []
    for source in sorted((SERIES / folder).iterdir()):
        before = {each.id for each in eventfile.read(path).sessions} if path.exists() else None
        done = imported(path, source, wishes)
        if before is not None:
            kept.append(len(before & {each.id for each in done.event.sessions}))

    assert all(count >= least for count, least in zip(kept, (156, 155, 159), strict=True))


def test_copy_of_a_folder_goes_on_from_what_is_remembered(tmp_path: Path) -> None:
    """What is remembered lies beside the event file, and is copied with it."""
    folder, wishes = DROIDCON
    first, second = sorted((SERIES / folder).iterdir())
    (tmp_path / "a").mkdir()
    imported(tmp_path / "a" / "conf.yaml", first, wishes)
    shutil.copytree(tmp_path / "a", tmp_path / "b")

    done = [imported(tmp_path / name / "conf.yaml", second, Wishes()) for name in "ab"]

    assert done[0].text == done[1].text
