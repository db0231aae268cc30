"""The day from which on the site tells what changed."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import event_of
from drafts import give
from people import AGENDA, CONF, MySite, my_site_of

from calsvc.schedule.differences import changes
from calsvc.schedule.publishing import publish
from calsvc.schedule.versions import Draft

# The event is in Berlin: this is the 2nd of March there.
FIRST = datetime(2027, 3, 1, 23, 30, tzinfo=UTC)
SECOND = datetime(2027, 3, 5, 12, 0, tzinfo=UTC)


def history(folder: Path, since: str | None) -> MySite:
    """Return a site with a session that moved on each of two days, after its first version."""
    key = f"    changes_since: {since}" if since else ""
    site = my_site_of(folder, CONF)
    for moment, time in ((FIRST, "16:10-17:10"), (SECOND, "16:20-17:20")):
        event = event_of(key + AGENDA.replace("16:00-17:00", time))
        previous = site.storage.newest("conf")
        assert previous
        newer = publish(event, previous[1], moment)
        draft = Draft(newer, "", changes=changes(previous[1], newer))
        site.storage.append("conf", give(draft))
    site.follow()
    return site


@pytest.mark.parametrize(
    ("since", "told"),
    [
        (None, [3, 2, 1]),
        ("2025-01-01", [3, 2, 1]),
        ("2027-03-01", [3, 2]),
        ("2027-03-02", [3, 2]),
        ("2027-03-03", [3]),
        ("2027-03-05", [3]),
        ("2027-03-06", []),
    ],
)
def test_versions_of_before_are_not_told(
    tmp_path: Path, since: str | None, told: list[int]
) -> None:
    site = history(tmp_path, since)
    client = site.browser()

    page = client.get("/events/conf/changes/").text
    atom = client.get("/events/conf.atom")

    assert [int(part.partition('"')[0]) for part in page.split('<h2 id="version-')[1:]] == told
    assert atom.text.count("<entry>") == len(told)
    assert "<updated>2027-03-05T12:00:00+00:00</updated>" in atom.text
    assert ("Nothing has changed yet." in page) == (not told)
    assert [each.number for each in site.storage.history("conf")] == [3, 2, 1]


@pytest.mark.parametrize(
    ("since", "former"), [(None, "16:10"), ("2027-03-05", "16:10"), ("2027-03-06", None)]
)
def test_marks_of_what_moved_begin_there(
    tmp_path: Path, since: str | None, former: str | None
) -> None:
    page = history(tmp_path, since).browser().get("/events/conf/").text

    assert (former is not None) == ("16:10" in page)


def test_feed_is_the_same(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("all", "none")]
    for path in paths:
        path.mkdir()
    everything, nothing = (
        history(path, since).browser().get("/events/conf.ics")
        for path, since in zip(paths, (None, "2027-03-06"), strict=True)
    )

    assert everything.data == nothing.data


def test_withdrawn_event_is_withdrawn_whatever_is_told(tmp_path: Path) -> None:
    site = history(tmp_path, "2035-01-01")
    newest = site.storage.newest("conf")
    assert newest
    site.storage.append("conf", give(Draft(newest[1], "", is_withdrawn=True)))
    site.follow()

    assert site.browser().get("/events/conf.ics").status_code == 410
