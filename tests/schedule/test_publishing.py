"""A walk through the edits that organizers make: what each asks of uids and stamps."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from conftest import BASE_URL, NOW, event_of
from subscriber import Kept, read

from calsvc.addresses import Addresses
from calsvc.agenda.days import Dates
from calsvc.agenda.model import Event, Person, Session
from calsvc.agenda.slots import Slot
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

ALL = Selection(parts=True)
Edit = Callable[[Event], Event]


class Walk:
    """An event that is edited and published step by step, an hour apart."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self.now = NOW
        self.feed = self._feed()
        self.before = self.feed

    def _feed(self) -> dict[str, Kept]:
        return read(event_feed(Blocks(self.schedule, Addresses(BASE_URL)), ALL).body)

    def step(self, edit: Edit) -> None:
        """Edit the event, publish it, and read its feed."""
        self.now += timedelta(hours=1)
        self.schedule = publish(edit(self.schedule.event), self.schedule, self.now)
        self.before, self.feed = self.feed, self._feed()

    def uid(self, session_id: str, place: int = 0) -> str:
        """Return the uid of a session's slot, by its place in time."""
        return str(self.schedule.of_session(session_id)[place].uid)

    def changed(self) -> set[str]:
        """Return the uids whose bytes are not as before; check the stamps of each."""
        changed = {
            uid for uid in self.feed if self.feed[uid].octets != self.before.get(uid, NONE).octets
        }
        for uid in changed & self.before.keys():
            assert self.feed[uid].sequence == self.before[uid].sequence + 1
            assert self.feed[uid].stamp == f"{self.now:%Y%m%dT%H%M%SZ}"
            assert self.feed[uid]["CREATED"] == self.before[uid]["CREATED"]
        return changed


NONE = Kept(b"", -1, "", {})


def on(session_id: str, **fields: object) -> Edit:
    """Return the edit that changes some fields of one session."""

    def edit(event: Event) -> Event:
        return event.model_copy(
            update={
                "sessions": tuple(
                    session.model_copy(update=fields) if session.id == session_id else session
                    for session in event.sessions
                )
            }
        )

    return edit


def without(session_id: str) -> Edit:
    """Return the edit that removes one session."""

    def edit(event: Event) -> Event:
        left = tuple(session for session in event.sessions if session.id != session_id)
        return event.model_copy(update={"sessions": left})

    return edit


def pacific(hour: int, minute: int, minutes: int = 20, **fields: str) -> Slot:
    """Return a slot on 25 June 2025 in California, which is seven hours behind UTC then."""
    start = datetime(2025, 6, 25, hour + 7, minute, tzinfo=UTC)
    end = start + timedelta(minutes=minutes)
    return Slot(start=start, end=end, timezone="America/Los_Angeles", **fields)


def session_of(walk: Walk, session_id: str) -> Session:
    """Return a session of the event as it is now."""
    session = walk.schedule.event.session(session_id)
    assert session
    return session


@pytest.fixture
def walk(ai_data: Schedule) -> Walk:
    """The real agenda, published once."""
    return Walk(ai_data)


def test_first_feed_starts_at_sequence_0(walk: Walk) -> None:
    stamps = {(entry.sequence, entry.stamp) for entry in walk.feed.values()}

    assert stamps == {(0, "20250301T120000Z")}
    assert len(walk.feed) == 105


def test_rename_changes_that_entry_alone(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", title="Evals for Agents"))

    assert walk.changed() == {uid}
    assert walk.feed[uid]["SUMMARY"] == "Evals for Agents"
    assert walk.feed.keys() == walk.before.keys()


def test_move_keeps_the_uid(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", when=(pacific(14, 0),)))

    assert walk.changed() == {uid}
    assert walk.feed[uid]["DTSTART"] == "20250625T140000"


def test_two_sessions_that_swap_times_keep_their_uids(walk: Walk) -> None:
    evals, rag = session_of(walk, "agentic-evals"), session_of(walk, "beyond-rag")
    uids = {walk.uid("agentic-evals"), walk.uid("beyond-rag")}

    walk.step(
        lambda event: on("beyond-rag", when=evals.when)(on("agentic-evals", when=rag.when)(event))
    )

    assert walk.changed() == uids
    assert walk.feed[walk.uid("agentic-evals")]["DTSTART"] == "20250625T105500"
    assert walk.feed[walk.uid("beyond-rag")]["DTSTART"] == "20250625T111500"


def test_slots_in_another_order_change_nothing(walk: Walk) -> None:
    walk.step(on("faiss", when=(pacific(12, 20), pacific(14, 40), pacific(16, 30))))
    before = walk.schedule

    walk.step(on("faiss", when=(pacific(16, 30), pacific(14, 40), pacific(12, 20))))

    assert walk.changed() == set()
    assert walk.schedule.revised == before.revised


def test_slot_before_the_first_gets_a_uid_of_its_own(walk: Walk) -> None:
    walk.step(on("faiss", when=(pacific(12, 20), pacific(14, 40))))
    kept = [walk.uid("faiss", place) for place in range(2)]

    walk.step(on("faiss", when=(pacific(9, 0), pacific(12, 20), pacific(14, 40))))

    new = walk.uid("faiss", 0)
    assert [walk.uid("faiss", place) for place in (1, 2)] == kept
    assert walk.changed() - {new} == set()
    assert new not in walk.before
    assert walk.feed[new].sequence == 0


def test_slot_that_the_author_named_is_known_by_its_name(walk: Walk) -> None:
    walk.step(on("faiss", when=(pacific(12, 20, id="noon"), pacific(14, 40, id="late"))))
    noon, late = walk.uid("faiss", 0), walk.uid("faiss", 1)

    walk.step(on("faiss", when=(pacific(12, 20, id="late"), pacific(14, 40, id="noon"))))

    assert walk.changed() == {noon, late}
    assert walk.feed[noon]["DTSTART"] == "20250625T144000"
    assert walk.feed[late]["DTSTART"] == "20250625T122000"


def test_slot_that_is_given_a_name_changes_nothing(walk: Walk) -> None:
    walk.step(on("faiss", when=(pacific(12, 20), pacific(14, 40))))

    walk.step(on("faiss", when=(pacific(12, 20, id="noon"), pacific(14, 40, id="late"))))

    assert walk.changed() == set()


def test_room_moves_the_stamps(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", room="Hall B"))

    assert walk.changed() == {uid}
    assert walk.feed[uid]["LOCATION"].startswith("Hall B\\, Santa Clara Convention Center")


def test_text_alone_moves_the_stamps(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", description="How to tell whether an agent is any good."))

    assert walk.changed() == {uid}
    assert walk.feed[uid]["DTSTART"] == walk.before[uid]["DTSTART"]


def test_another_person_moves_the_stamps(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", people=(Person(name="Ada Example", role="speaker"),)))

    assert walk.changed() == {uid}
    assert walk.feed[uid]["DESCRIPTION"].startswith("Speaker: Ada Example\\n")


def test_removed_session_is_announced_as_cancelled(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(without("agentic-evals"))

    assert walk.changed() == {uid}
    kept = walk.feed[uid]
    assert (kept["STATUS"], kept["SUMMARY"]) == ("CANCELLED", "Cancelled: Agentic Evals")
    assert (kept["TRANSP"], kept["DTSTART"]) == ("TRANSPARENT", "20250625T111500")


def test_session_that_says_cancelled_is_like_one_removed(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")

    walk.step(on("agentic-evals", status="cancelled"))
    removed = publish(without("agentic-evals")(walk.schedule.event), walk.schedule, walk.now)

    assert walk.changed() == {uid}
    assert walk.feed[uid]["STATUS"] == "CANCELLED"
    assert removed.entries == walk.schedule.entries


def test_restored_session_comes_back_under_its_uid(walk: Walk) -> None:
    session = session_of(walk, "agentic-evals")
    uid = walk.uid("agentic-evals")
    walk.step(without("agentic-evals"))

    walk.step(lambda event: event.model_copy(update={"sessions": (*event.sessions, session)}))

    assert walk.changed() == {uid}
    assert (walk.feed[uid].sequence, walk.feed[uid]["STATUS"]) == (2, "CONFIRMED")


def test_postponed_session_says_so_and_comes_back_under_its_uid(walk: Walk) -> None:
    uid, banner = walk.uid("agentic-evals"), str(walk.schedule.entries[0].uid)

    walk.step(on("agentic-evals", when=()))
    postponed = walk.feed[uid]
    changed = walk.changed()
    walk.step(on("agentic-evals", when=(pacific(15, 0),)))

    assert changed == {uid, banner}
    assert (postponed["STATUS"], postponed["SUMMARY"]) == ("CANCELLED", "Postponed: Agentic Evals")
    assert postponed["DTSTART"] == "20250625T111500"
    assert walk.changed() == {uid, banner}
    assert walk.feed[uid]["DTSTART"] == "20250625T150000"
    assert walk.feed[uid].sequence == 2


def test_parts_move_with_their_whole(walk: Walk) -> None:
    lunch = walk.uid("lunch-posters")
    posters = {
        str(entry.uid)
        for entry in walk.schedule.entries
        if str(lunch) in {str(uid) for uid in entry.content.parents}
    }

    walk.step(on("lunch-posters", when=(pacific(12, 30, 50),)))

    assert len(posters) == 28
    assert walk.changed() == {lunch, *posters}
    assert {walk.feed[uid]["DTSTART"] for uid in posters} == {"20250625T123000"}


def test_event_in_another_zone_moves_every_timed_entry(walk: Walk) -> None:
    def to_denver(event: Event) -> Event:
        moved = [
            session.model_copy(
                update={
                    "when": tuple(
                        slot.model_copy(
                            update={
                                "start": slot.start - timedelta(hours=1),
                                "end": slot.end - timedelta(hours=1),
                                "timezone": "America/Denver",
                            }
                        )
                        for slot in session.when
                    )
                }
            )
            for session in event.sessions
        ]
        return event.model_copy(update={"timezone": "America/Denver", "sessions": tuple(moved)})

    banner = str(walk.schedule.entries[0].uid)

    walk.step(to_denver)

    assert walk.changed() == walk.feed.keys() - {banner}
    assert walk.feed.keys() == walk.before.keys()
    assert walk.feed[walk.uid("agentic-evals")]["DTSTART"] == "20250625T111500"


def test_cancelled_event_cancels_every_entry(walk: Walk) -> None:
    walk.step(lambda event: event.model_copy(update={"status": "cancelled"}))

    assert walk.changed() == walk.feed.keys()
    assert {entry["STATUS"] for entry in walk.feed.values()} == {"CANCELLED"}


def test_cancelled_entries_leave_feeds_30_days_after_the_event(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")
    walk.step(without("agentic-evals"))

    walk.now = datetime(2025, 7, 25, 12, tzinfo=UTC)
    walk.step(lambda event: event)
    at_30_days = walk.feed.keys()
    walk.now = datetime(2025, 7, 26, 12, tzinfo=UTC)
    walk.step(lambda event: event)

    assert uid in at_30_days
    assert walk.feed.keys() == at_30_days - {uid}
    assert walk.changed() == set()


def as_a_calendar(event: Event) -> Event:
    """Return an event as a calendar of entries that come and go, as repaired ones are."""
    return event.model_copy(update={"banner": False})


def test_session_that_is_over_when_it_leaves_is_announced_as_cancelled(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")
    walk.now = datetime(2025, 6, 25, 21, tzinfo=UTC)  # 14:00 there, and it is at 11:15

    walk.step(without("agentic-evals"))

    assert walk.feed[uid]["STATUS"] == "CANCELLED"


def test_what_is_over_leaves_a_calendar_without_a_word(walk: Walk) -> None:
    """It took place; many calendars have only what is still to come."""
    uid = walk.uid("agentic-evals")
    walk.step(as_a_calendar)
    walk.now = datetime(2025, 6, 25, 21, tzinfo=UTC)  # 14:00 there, and it is at 11:15

    walk.step(without("agentic-evals"))

    assert walk.feed.keys() == walk.before.keys() - {uid}
    assert walk.changed() == set()


def test_slot_of_a_calendar_with_another_uid_is_another_once_the_first_is_over(walk: Walk) -> None:
    """Some calendars have only the next meeting, under a uid of its own."""
    walk.step(as_a_calendar)
    old = walk.uid("agentic-evals")
    later = pacific(16, 0, uid="next@source.example")
    walk.now = datetime(2025, 6, 25, 12, tzinfo=UTC)  # 5:00 there, and it is at 11:15
    walk.step(on("agentic-evals", when=(later,)))
    assert walk.uid("agentic-evals") == old

    walk.now = datetime(2025, 6, 26, 12, tzinfo=UTC)
    next_day = Slot(
        start=later.start + timedelta(days=7),
        end=later.end + timedelta(days=7),
        timezone=later.timezone,
        uid="next@source.example",
    )
    walk.step(on("agentic-evals", when=(next_day,)))

    assert walk.feed.keys() - walk.before.keys() == {"next@source.example"}
    assert walk.before.keys() - walk.feed.keys() == {old}


def test_session_that_is_postponed_once_it_is_over_says_so(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")
    walk.now = datetime(2025, 6, 25, 21, tzinfo=UTC)

    walk.step(on("agentic-evals", when=()))

    assert walk.feed[uid]["SUMMARY"] == "Postponed: Agentic Evals"


def test_cancelled_entry_of_a_calendar_leaves_30_days_after_its_own_time(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")
    year = Dates(first=date(2025, 6, 25), last=date(2026, 6, 25))
    walk.step(lambda event: as_a_calendar(event.model_copy(update={"date": None, "dates": year})))
    walk.step(without("agentic-evals"))
    walk.now = datetime(2025, 7, 25, 12, tzinfo=UTC)
    walk.step(lambda event: event)
    at_30_days = walk.feed.keys()
    walk.now = datetime(2025, 7, 26, 12, tzinfo=UTC)
    walk.step(lambda event: event)

    assert uid in at_30_days
    assert walk.feed.keys() == at_30_days - {uid}


def test_same_event_is_the_same_schedule(walk: Walk) -> None:
    again = publish(walk.schedule.event, walk.schedule, NOW + timedelta(days=1))

    assert again is walk.schedule


def test_sessions_in_another_order_keep_every_byte(walk: Walk) -> None:
    before = event_feed(Blocks(walk.schedule, Addresses(BASE_URL)), Selection()).body
    talks = [each for each in walk.schedule.event.sessions if each.kind != "poster"]
    posters = [each for each in walk.schedule.event.sessions if each.kind == "poster"]

    walk.step(lambda event: event.model_copy(update={"sessions": (*reversed(talks), *posters)}))

    assert event_feed(Blocks(walk.schedule, Addresses(BASE_URL)), Selection()).body == before


def test_clock_that_goes_back_does_not_take_stamps_back(walk: Walk) -> None:
    uid = walk.uid("agentic-evals")
    walk.now = NOW - timedelta(days=300)

    walk.step(on("agentic-evals", title="Evals"))

    assert walk.feed[uid].stamp == "20250301T120001Z"
    assert walk.feed[uid].sequence == 1


def test_uid_of_a_renamed_slot_is_not_given_to_another() -> None:
    text = """
        name: Conf
        timezone: UTC
        date: 2025-06-25
        sessions:
          - id: talk
            title: Talk
            when: {slots}
    """
    first = publish(event_of(text.format(slots="[{start: 09:00, end: 10:00, id: a}]")), None, NOW)
    second = publish(event_of(text.format(slots="[{start: 09:00, end: 10:00, id: b}]")), first, NOW)
    third = publish(
        event_of(
            text.format(
                slots="[{start: 09:00, end: 10:00, id: b}, {start: 11:00, end: 12:00, id: a}]"
            )
        ),
        second,
        NOW,
    )

    uids = [entry.uid for entry in third.of_session("talk")]

    assert uids[0] == first.of_session("talk")[0].uid
    assert len(set(uids)) == 2
