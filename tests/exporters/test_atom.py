"""What changed in an event, as an Atom feed."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

from conftest import BASE_URL
from desk import TALKS, Desk, three_versions

ATOM = "{http://www.w3.org/2005/Atom}"


def test_atom_feed_has_an_entry_for_each_version(desk: Desk) -> None:
    three_versions(desk)

    response = desk.client().get("/events/conf.atom")
    root = ElementTree.fromstring(response.data)  # noqa: S314 -- it is our own
    entries = root.findall(f"{ATOM}entry")

    assert response.content_type == "application/atom+xml; charset=utf-8"
    assert root.findtext(f"{ATOM}title") == "Changes of Conf"
    assert [
        (entry.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}content")) for entry in entries
    ] == [
        (
            "Opening: moved 09:00–09:30 → 09:10–09:30, room B → A",
            "Opening: moved 09:00–09:30 → 09:10–09:30, room B → A",
        ),
        ("Rooms & <more>", "Opening: room A → B\nBetter Talk: renamed, was First Talk"),
        ("First published, with 4 sessions", "First published, with 4 sessions"),
    ]


def test_atom_feed_is_what_the_standard_asks_for(desk: Desk) -> None:
    """RFC 4287: 4.1.1, 4.1.2 for the elements, 4.2.6 for ids, 3.3 for times."""
    three_versions(desk)

    root = ElementTree.fromstring(desk.client().get("/events/conf.atom").data)  # noqa: S314
    entries = root.findall(f"{ATOM}entry")
    ids = [each.findtext(f"{ATOM}id") for each in (root, *entries)]
    stamps = [each.findtext(f"{ATOM}updated") or "" for each in (root, *entries)]
    times = [datetime.fromisoformat(stamp) for stamp in stamps]

    for each in (root, *entries):
        counts = [len(each.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated")]
        assert counts == [1, 1, 1]
        assert all(each.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert [author.findtext(f"{ATOM}name") for author in root.findall(f"{ATOM}author")] == ["Conf"]
    assert {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")} == {
        "self": f"{BASE_URL}/events/conf.atom",
        "alternate": f"{BASE_URL}/events/conf/changes/",
    }
    assert [link.get("href") for link in root.findall(f"{ATOM}entry/{ATOM}link")] == [
        f"{BASE_URL}/events/conf/changes/#version-{number}" for number in (3, 2, 1)
    ]
    assert len(set(ids)) == 4
    assert all(time.utcoffset() == timedelta(0) for time in times)
    assert [stamp[10] for stamp in stamps] == ["T"] * 4
    assert times[0] == times[1] >= times[2] >= times[3]


def test_atom_feed_keeps_the_ids_of_its_entries(desk: Desk) -> None:
    three_versions(desk)

    def ids() -> list[str | None]:
        root = ElementTree.fromstring(desk.client().get("/events/conf.atom").data)  # noqa: S314
        return [each.text for each in root.iter(f"{ATOM}id")]

    before = ids()
    desk.publish(TALKS.replace("name: Conf", "name: Conference"))
    after = ids()

    assert [after[0], *after[2:]] == before
    assert len(set(after)) == len(after) == 5
