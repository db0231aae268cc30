"""Any series of edits: what calendars know of a session stays true."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from conftest import BASE_URL, NOW
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from subscriber import Kept, Subscriber, read

from calsvc.addresses import Addresses
from calsvc.agenda.kinds import Kind
from calsvc.agenda.model import Event, Person, Session
from calsvc.agenda.slots import Slot, whole_days
from calsvc.ical.blocks import Blocks
from calsvc.ical.feeds import event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.publishing import publish
from calsvc.schedule.selection import Selection

ALL = Selection(parts=True)
MIDNIGHT = datetime(2025, 6, 25, tzinfo=UTC)
IDS = ("opening", "talk", "panel", "lunch", "poster", "workshop")

sessions = st.sampled_from(IDS)
texts = st.sampled_from(["Alpha", "Beta", "Gamma, delta", "C:\\New", "Ünïcode"])
rooms = st.sampled_from([None, "Hall A", "Hall B"])


@st.composite
def slots(draw: st.DrawFn) -> Slot:
    start = MIDNIGHT + timedelta(minutes=30 * draw(st.integers(0, 40)))
    end = start + timedelta(minutes=draw(st.sampled_from([20, 60])))
    name = draw(st.sampled_from([None, None, None, "a", "b"]))
    times = {"start": start, "end": end}
    if draw(st.integers(0, 5)) == 0:
        first, last = sorted(draw(st.integers(25, 26)) for _ in range(2))
        times = whole_days(date(2025, 6, first), date(2025, 6, last))
    return Slot(**times, timezone="Europe/Berlin", room=draw(rooms), id=name)


slot_lists = st.lists(
    slots(), max_size=3, unique_by=(lambda slot: slot.start, lambda slot: slot.id or slot.start)
)


class Edits(RuleBasedStateMachine):
    """An organizer edits and publishes; a calendar program is subscribed all the while."""

    @initialize(when=slot_lists)
    def begin(self, when: list[Slot]) -> None:
        event = Event(
            id="conf",
            name="Conf",
            timezone="Europe/Berlin",
            dates={"from": "2025-06-24", "to": "2025-06-27"},
            sessions=[
                Session(id=each, title=each.title(), when=when if each != "poster" else ())
                for each in IDS
            ],
        )
        self.now = NOW
        self.schedule: Schedule | None = None
        self.feed: dict[str, Kept] = {}
        self.known: dict[str, str | None] = {}
        self.subscriber = Subscriber()
        self.event = event
        self.removed: dict[str, Session] = {}
        self._change("poster", part_of=("lunch",), kind=Kind.POSTER)

    def _change(self, session_id: str, **fields: object) -> None:
        changed = tuple(
            each.model_copy(update=fields) if each.id == session_id else each
            for each in self.event.sessions
        )
        self.event = self.event.model_copy(update={"sessions": changed})

    def _when(self, session_id: str) -> tuple[Slot, ...]:
        session = self.event.session(session_id)
        return session.when if session else ()

    @rule(session=sessions, title=texts)
    def rename(self, session: str, title: str) -> None:
        self._change(session, title=title)

    @rule(session=sessions, when=slot_lists)
    def reschedule(self, session: str, when: list[Slot]) -> None:
        self._change(session, when=tuple(when))

    @rule(session=sessions)
    def postpone(self, session: str) -> None:
        self._change(session, when=())

    @rule(session=sessions, slot=slots())
    def add_a_slot_before_the_first(self, session: str, slot: Slot) -> None:
        kept = tuple(each for each in self._when(session) if slot.start < each.start)
        self._change(session, when=(slot.model_copy(update={"id": None}), *kept))

    @rule(session=sessions)
    def turn_slots_round(self, session: str) -> None:
        self._change(session, when=self._when(session)[::-1])

    @rule(one=sessions, other=sessions)
    def swap_times(self, one: str, other: str) -> None:
        first, second = self._when(one), self._when(other)
        self._change(one, when=second)
        self._change(other, when=first)

    @rule(session=sessions, room=rooms)
    def move_to_a_room(self, session: str, room: str | None) -> None:
        self._change(session, room=room)

    @rule(session=sessions, text=texts)
    def describe(self, session: str, text: str) -> None:
        self._change(session, description=text)

    @rule(session=sessions, name=texts)
    def change_the_person(self, session: str, name: str) -> None:
        self._change(session, people=(Person(name=name, role="speaker"),))

    @rule(session=sessions, status=st.sampled_from(["confirmed", "tentative", "cancelled"]))
    def say_its_status(self, session: str, status: str) -> None:
        self._change(session, status=status)

    @rule(session=st.sampled_from([each for each in IDS if each != "lunch"]))
    def remove(self, session: str) -> None:
        found = self.event.session(session)
        if found:
            self.removed[session] = found
            left = tuple(each for each in self.event.sessions if each.id != session)
            self.event = self.event.model_copy(update={"sessions": left})

    @rule()
    def restore(self) -> None:
        back = (*self.event.sessions, *self.removed.values())
        self.event = self.event.model_copy(update={"sessions": back})
        self.removed.clear()

    @rule(hours=st.sampled_from([-1, 1]), zone=st.sampled_from(["Asia/Kolkata", "Europe/Berlin"]))
    def move_to_a_zone(self, hours: int, zone: str) -> None:
        shift = timedelta(hours=hours)
        for session in self.event.sessions:
            moved = tuple(
                slot.model_copy(
                    update={"start": slot.start + shift, "end": slot.end + shift, "timezone": zone}
                )
                for slot in session.when
            )
            self._change(session.id, when=moved)
        self.event = self.event.model_copy(update={"timezone": zone})

    @rule()
    def reorder_the_file(self) -> None:
        turned = self.event.sessions[::-1]
        self.event = self.event.model_copy(update={"sessions": turned})

    @rule(seconds=st.integers(-5000, 5000))
    def let_time_pass(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def publish_it(self) -> None:
        before, feed = self.schedule, self.feed
        self.schedule = publish(self.event, before, self.now)
        again = publish(self.event, self.schedule, self.now + timedelta(days=1))
        body = event_feed(Blocks(self.schedule, Addresses(BASE_URL)), ALL).body
        self.feed = read(body)
        self.subscriber.fetch(body)

        assert again is self.schedule
        for entry in self.schedule.entries:
            assert self.known.setdefault(entry.uid, entry.session) == entry.session
        if before:
            self._stamps_never_fall(before)
            assert feed.keys() - self.feed.keys() == set()
        for uid in feed.keys() & self.feed.keys():
            old, new = feed[uid], self.feed[uid]
            if old.octets == new.octets:
                continue
            assert (new.sequence, new.stamp > old.stamp) == (old.sequence + 1, True)
            assert new["CREATED"] == old["CREATED"]

    def _stamps_never_fall(self, before: Schedule) -> None:
        assert self.schedule
        past = {entry.uid: entry for entry in before.entries}
        assert past.keys() <= {entry.uid for entry in self.schedule.entries}
        for entry in self.schedule.entries:
            if old := past.get(entry.uid):
                assert entry.sequence >= old.sequence
                assert entry.revised >= old.revised
        # The name of a slot is seen by nobody: it may change alone.
        is_seen = {(each.uid, each.sequence) for each in self.schedule.entries} != {
            (each.uid, each.sequence) for each in before.entries
        }
        assert self.schedule.revised >= before.revised
        assert (self.schedule.revised > before.revised) == is_seen
        self._same_start_is_the_same_slot(before)

    def _same_start_is_the_same_slot(self, before: Schedule) -> None:
        """Hold the uid of each unnamed slot that is still on at its time."""
        assert self.schedule
        after = {
            (entry.session, entry.content.slot.start): entry
            for entry in self.schedule.entries
            if entry.content.slot and not entry.is_cancelled
        }
        named = {
            session.id for session in self.event.sessions if any(slot.id for slot in session.when)
        }
        for entry in before.entries:
            if not entry.content.slot or entry.is_cancelled or not entry.key.startswith("#"):
                continue
            same = after.get((entry.session, entry.content.slot.start))
            if same and entry.session not in named:
                assert same.uid == entry.uid

    @invariant()
    def subscriber_has_the_agenda(self) -> None:
        if self.schedule is None or self.schedule.event != self.event:
            return
        days = {
            (entry["SUMMARY"], entry["DTSTART"], entry["DTEND"])
            for entry in self.subscriber.kept.values()
            if entry["STATUS"] != "CANCELLED" and "T" not in entry["DTSTART"]
        }
        banner = escaped(self.event.name), "20250624", "20250628"
        assert self.subscriber.agenda() | days - {banner} == expected_agenda(self.event)


def expected_agenda(event: Event) -> set[tuple[str, str, str]]:
    """Return what is on by the event itself; its zones have no summer time to think of."""
    hours = {"Asia/Kolkata": 5.5, "Europe/Berlin": 2}  # in June
    agenda = set()
    for session in event.sessions:
        wholes = [each for each in event.sessions if each.id in session.part_of]
        statuses = {session.status}
        when = session.when
        if not when and wholes:
            when = tuple(slot for whole in wholes for slot in whole.when)
            statuses |= {whole.status for whole in wholes}
        if "cancelled" in statuses:
            continue
        for slot in when:
            if slot.days:
                first, last = slot.days
                end = f"{last + timedelta(days=1):%Y%m%d}"
                agenda.add((escaped(session.title), f"{first:%Y%m%d}", end))
                continue
            start, end = (
                f"{moment + timedelta(hours=hours[slot.timezone]):%Y%m%dT%H%M%S}"
                for moment in (slot.start, slot.end)
            )
            agenda.add((escaped(session.title), start, end))
    return agenda


def escaped(text: str) -> str:
    """Return a title as RFC 5545 writes it."""
    return text.replace("\\", "\\\\").replace(",", "\\,")


Edits.TestCase.settings = settings(max_examples=60, stateful_step_count=40)
test_any_series_of_edits: Callable[..., object] = Edits.TestCase
