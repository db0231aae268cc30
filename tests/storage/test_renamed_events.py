"""An event whose file gets another name goes on: same uids, rising stamps, one event."""

import pytest
from conftest import BASE_URL
from desk import TALKS, Desk, assert_rises, sentences
from subscriber import read

from calsvc.agenda.folder import event_files
from calsvc.errors import RenamingError
from calsvc.live.events import Live
from calsvc.live.follower import Follower
from calsvc.releases import publish_files, roll_back, vanished, withdraw
from calsvc.schedule.entries import Schedule
from calsvc.schedule.renditions import Renderer

BETTER = TALKS.replace("First Talk", "Better Talk")


def formerly(*event_ids: str, text: str = TALKS) -> str:
    """Return an event file that names what it was called before."""
    return f"formerly: [{', '.join(event_ids)}]\n{text.lstrip()}"


def rename(desk: Desk, old: str, new: str, *also: str, text: str = TALKS) -> Schedule:
    """Give the file of an event another name, and publish it."""
    (desk.folder / f"{old}.yaml").unlink()
    return desk.publish(formerly(old, *also, text=text), new)


def uids(schedule: Schedule) -> dict[str, str]:
    """Return the uid of each entry, by its session and slot; the banner's by two empty texts."""
    return {f"{entry.session or ''}/{entry.key}": str(entry.uid) for entry in schedule.entries}


def told(desk: Desk, event_id: str, number: int) -> tuple[str, ...]:
    """Return what a version tells."""
    return sentences(desk.storage.version(event_id, number)[0].changes)


class TestRenamed:
    """What holds on every database."""

    def test_first_version_goes_on_from_the_former_id(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        before = desk.publish(BETTER, "pycon")

        after = rename(desk, "pycon", "pycon-2027", text=BETTER)

        assert (after.event.id, after.version) == ("pycon-2027", 1)
        assert uids(after) == uids(before)
        stamps = {entry.uid: (entry.sequence, entry.created) for entry in before.entries}
        assert {entry.uid: (entry.sequence, entry.created) for entry in after.entries} == stamps
        assert told(desk, "pycon-2027", 1) == ("Renamed, was pycon",)
        assert told(desk, "pycon", 3) == ("Renamed, now pycon-2027",)

    def test_what_changes_at_once_is_told_and_rises(self, desk: Desk) -> None:
        before = desk.publish(TALKS, "pycon")

        after = rename(desk, "pycon", "pycon-2027", text=BETTER.replace("id: second", "id: other"))

        assert told(desk, "pycon-2027", 1) == (
            "Renamed, was pycon",
            "Better Talk: renamed, was First Talk",
            "Second Talk: added, 2027-06-15 11:00–11:30, A",
            "Second Talk: cancelled",
        )
        assert len(after.entries) == len(before.entries) + 1
        assert_rises(before, after.model_copy(update={"version": 2}))

    def test_second_version_goes_on_from_the_first(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        first = rename(desk, "pycon", "pycon-2027")

        second = desk.publish(formerly("pycon", text=BETTER), "pycon-2027")

        assert second.version == 2
        assert told(desk, "pycon-2027", 2) == ("Better Talk: renamed, was First Talk",)
        assert uids(second) == uids(first)
        assert desk.storage.numbers() == {"pycon": 2, "pycon-2027": 2}

    @pytest.mark.parametrize("also", [(), ("a",)], ids=["the one before", "both"])
    def test_chain_goes_on(self, desk: Desk, also: tuple[str, ...]) -> None:
        first = desk.publish(TALKS, "a")
        rename(desk, "a", "b", text=BETTER)

        last = rename(desk, "b", "c", *also, text=BETTER)

        assert uids(last) == uids(first)
        assert {entry.sequence for entry in last.of_session("first")} == {1}
        assert (last.version, last.continues) == (1, ("b", "a"))
        assert told(desk, "c", 1) == ("Renamed, was b",)
        assert {desk.feed(each) for each in ("a", "b", "c")} == {desk.feed("c")}

    def test_back_to_the_former_id(self, desk: Desk) -> None:
        first = desk.publish(TALKS, "pycon")
        renamed = rename(desk, "pycon", "pycon-2027", text=BETTER)

        back = rename(desk, "pycon-2027", "pycon", text=BETTER)

        assert (back.event.id, back.version) == ("pycon", 3)
        assert uids(back) == uids(first)
        assert back.revised >= renamed.revised
        assert {entry.sequence for entry in back.of_session("first")} == {1}
        assert desk.feed("pycon-2027") == desk.feed("pycon")
        assert b"Better Talk" in desk.feed("pycon")
        again = rename(desk, "pycon", "pycon-2027", text=TALKS)
        assert (again.version, uids(again)) == (3, uids(first))
        assert desk.feed("pycon-2027") == desk.feed("pycon")

    def test_feed_that_nothing_matches_keeps_its_uid(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        nothing = "/events/pycon.ics?track=none&banner=no"
        before = read(desk.client().get(nothing).data)

        rename(desk, "pycon", "pycon-2027")

        assert read(desk.client().get(nothing).data).keys() == before.keys()
        new_address = nothing.replace("pycon", "pycon-2027")
        assert read(desk.client().get(new_address).data).keys() == before.keys()

    def test_former_id_that_was_never_published_is_an_address_all_the_same(
        self, desk: Desk
    ) -> None:
        desk.publish(formerly("pycon"), "pycon-2027")

        assert told(desk, "pycon-2027", 1) == ("First published, with 4 sessions",)
        assert desk.feed("pycon") == desk.feed("pycon-2027")

    def test_former_id_told_late_takes_the_old_address_along(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        (desk.folder / "pycon.yaml").unlink()
        before = desk.publish(TALKS, "pycon-2027")

        after = desk.publish(formerly("pycon"), "pycon-2027")

        assert uids(after) == uids(before)
        assert desk.feed("pycon") == desk.feed("pycon-2027")
        assert [each["id"] for each in desk.client().get("/api/events").json["events"]] == [
            "pycon-2027"
        ]

    def test_key_taken_out_again_takes_no_address_away(self, desk: Desk) -> None:
        first = desk.publish(TALKS, "pycon")
        rename(desk, "pycon", "pycon-2027")

        after = desk.publish(BETTER, "pycon-2027")

        assert uids(after) == uids(first)
        assert desk.feed("pycon") == desk.feed("pycon-2027")

    def test_withdrawn_event_returns_under_its_new_id(self, desk: Desk) -> None:
        before = desk.publish(TALKS, "pycon")
        withdraw(desk.storage, "pycon")

        after = rename(desk, "pycon", "pycon-2027")

        assert told(desk, "pycon-2027", 1) == ("Renamed, was pycon", "Published again")
        assert uids(after) == uids(before)
        assert desk.client().get("/events/pycon.ics").status_code == 200

    def test_withdrawal_is_of_all_its_addresses(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        rename(desk, "pycon", "pycon-2027")

        withdraw(desk.storage, "pycon-2027")

        client = desk.client()
        for event_id in ("pycon", "pycon-2027"):
            assert client.get(f"/events/{event_id}.ics").status_code == 410
        (banner,) = read(client.get("/events.ics").data).values()
        assert banner["STATUS"] == "CANCELLED"

    def test_file_that_is_gone_is_not_told_of(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        (desk.folder / "pycon.yaml").unlink()
        assert vanished(desk.storage, desk.folder, [])

        desk.publish(formerly("pycon"), "pycon-2027")

        files = event_files(desk.folder)
        assert vanished(desk.storage, desk.folder, files) == []


class TestRefused:
    """What cannot be meant is told, and changes nothing."""

    def test_former_id_that_still_has_a_file(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        path = desk.write(formerly("pycon"), "pycon-2027")

        outcome = publish_files(desk.storage, [path])

        (problem,) = outcome.problems
        assert problem.what == "formerly names pycon, which still has a file of its own"
        assert "delete pycon.yaml" in problem.advice
        assert desk.storage.numbers() == {"pycon": 1}

    def test_copy_of_the_old_file_that_comes_back_stops_nothing(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        rename(desk, "pycon", "pycon-2027")
        old = desk.write(TALKS, "pycon")
        new = desk.write(formerly("pycon", text=BETTER), "pycon-2027")

        outcome = publish_files(desk.storage, [old, new])

        assert [version.event_id for version in outcome.published] == ["pycon-2027"]
        assert [problem.path for problem in outcome.problems] == [str(old)]
        assert "pycon is called pycon-2027 now" in outcome.problems[0].what
        assert b"Better Talk" in desk.feed("pycon")

    def test_former_id_that_another_event_goes_on_from(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        rename(desk, "pycon", "pycon-2027")
        path = desk.write(formerly("pycon"), "pycon-2028")

        outcome = publish_files(desk.storage, [path])

        (problem,) = outcome.problems
        assert problem.what == "formerly names pycon, which is called pycon-2027 now"
        assert "pycon-2028" not in desk.storage.numbers()

    def test_another_agenda_is_not_taken_for_the_event(self, desk: Desk) -> None:
        desk.publish(TALKS, "pycon")
        (desk.folder / "pycon.yaml").unlink()
        other = formerly("pycon", text=TALKS.replace("id: ", "id: new-"))

        outcome = publish_files(desk.storage, [desk.write(other, "pycon-2027")])

        (problem,) = outcome.problems
        assert problem.what == "has none of the 4 sessions that pycon had"
        assert problem.advice == "if it is another event than pycon, take that out of formerly"

    @pytest.mark.parametrize("act", [withdraw, lambda storage, name: roll_back(storage, name, 1)])
    def test_acts_on_the_former_id_name_the_present_one(self, desk: Desk, act: object) -> None:
        desk.publish(TALKS, "pycon")
        rename(desk, "pycon", "pycon-2027")

        with pytest.raises(RenamingError, match="pycon is called pycon-2027 now"):
            act(desk.storage, "pycon")  # type: ignore[operator]

        assert desk.storage.numbers() == {"pycon": 2, "pycon-2027": 1}


def served(desk: Desk, renderer: Renderer) -> Live:
    """Return what a copy of calsvc serves that starts now."""
    live = Live((), BASE_URL)
    follower = Follower(live, desk.storage, renderer=renderer)
    follower.step()
    follower.complete()
    return live


def test_stamps_that_moved_without_the_agenda_never_go_back(desk: Desk) -> None:
    before = desk.publish(TALKS, "pycon")
    first, second = (
        Renderer(name, before.published.replace(year=year))
        for name, year in (("one", 2020), ("two", 2021))
    )
    served(desk, first)
    # As after an update of calsvc that writes entries otherwise.
    stored = desk.storage.database
    with stored.transaction(write=True) as connection:
        connection.exec_driver_sql(
            'UPDATE renditions SET rendition = replace(rendition, \'"digest":"\', \'"digest":"x\')'
        )
    moved = served(desk, second).event("pycon").schedule
    assert {entry.sequence for entry in moved.entries} == {1}
    modified = served(desk, second).event("pycon").modified

    rename(desk, "pycon", "pycon-2027")
    after = served(desk, second).event("pycon")

    past = {entry.uid: entry for entry in moved.entries}
    assert after.event.id == "pycon-2027"
    for entry in after.schedule.entries:
        assert entry.sequence >= past[entry.uid].sequence
        assert entry.revised >= past[entry.uid].revised
    assert after.modified >= modified
    back = rename(desk, "pycon-2027", "pycon")
    last = served(desk, second).event("pycon-2027")
    assert last.event.id == back.event.id == "pycon"
    for entry in last.schedule.entries:
        assert entry.sequence >= past[entry.uid].sequence
