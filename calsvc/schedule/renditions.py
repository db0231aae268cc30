"""Stamps for changes from outside the schedule: an entry's bytes may change without its agenda.

The base address, the tz database and calsvc's own writing are parts of what people see.  Where
one of them changes the bytes of an entry, its SEQUENCE, DTSTAMP and LAST-MODIFIED must move,
or clients that compare them (Evolution, ICSx5, KDE) keep the old entry; and where any byte of a
feed changes, so must HTTP's Last-Modified.  A *rendition* records, for one event, what was
written last; the rules here are pure.

Stamps go by the bytes of each entry, which people would be told of.  Last-Modified goes by what
bytes are made of, which takes no time to compare: a version of the schedule, and the renderer.
So it moves with a new release of calsvc also where that writes the same; ETags do not.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from pydantic import AwareDatetime

from calsvc.agenda.fields import Value
from calsvc.schedule.entries import Entry, Schedule

SECOND = timedelta(seconds=1)
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
CLOCK_WAS_AHEAD = timedelta(minutes=1)
"""A time this far in the future was stored while the clock was wrong."""


class Renderer(NamedTuple):
    """A running copy of calsvc, by what it writes."""

    fingerprint: str
    """Equal for copies that write the same bytes."""
    started: datetime
    """UTC instant.  Of copies that write different bytes, the one that started last decides."""


class Stamp(Value):
    """What calendar programs were told last of one entry."""

    digest: str
    """Tells what was written, apart from its stamps."""
    own: int
    """The entry's own sequence number then."""
    sequence: int
    revised: AwareDatetime

    @property
    def order(self) -> tuple[int, int, datetime]:
        """Return what orders the stamps of one entry in time."""
        return self.own, self.sequence, self.revised


class Rendition(Value):
    """What was written last of one event."""

    version: int
    renderer: str
    """The fingerprint of the copy that decides."""
    adopted: AwareDatetime
    """When that copy started."""
    digest: str
    """Tells what the event's feeds were made of, or the bytes of the site's own."""
    modified: AwareDatetime
    """When these bytes changed last, by the clock of then: HTTP's Last-Modified."""
    stamps: Mapping[str, Stamp]
    """By uid; what has left the schedule is kept, should it come back."""

    def is_of(self, version: int, renderer: Renderer) -> bool:
        """Return whether this is what the renderer writes of that version."""
        return (self.version, self.renderer) == (version, renderer.fingerprint)

    def yields_to(self, renderer: Renderer) -> bool:
        """Return whether the renderer may decide what is written from now on."""
        return self.renderer == renderer.fingerprint or renderer.started >= self.adopted


def stamped(schedule: Schedule, rendition: Rendition | None) -> Schedule:
    """Return a schedule with the stamps of its rendition; the schedule itself if they agree."""
    if rendition is None:
        return schedule
    entries = tuple(_stamped(entry, rendition.stamps.get(entry.uid)) for entry in schedule.entries)
    if all(map(_is_same, entries, schedule.entries)):
        return schedule
    revised = max(schedule.revised, *(entry.revised for entry in entries))
    return schedule.model_copy(update={"entries": entries, "revised": revised})


def _is_same(one: Entry, other: Entry) -> bool:
    return one is other


def _stamped(entry: Entry, stamp: Stamp | None) -> Entry:
    if stamp is None:
        return entry
    # A copy that does not decide may be ahead of the record, never behind it.
    sequence = stamp.sequence + max(0, entry.sequence - stamp.own)
    revised = stamp.revised if entry.sequence <= stamp.own else _after(stamp, entry.revised)
    if (entry.sequence, entry.revised) == (sequence, revised):
        return entry
    return entry.model_copy(update={"sequence": sequence, "revised": revised})


def dated(schedule: Schedule, rendition: Rendition) -> datetime:
    """Return when the bytes of a schedule's feeds changed last.

    Of a version that is not recorded yet, that is later than what was told before.
    """
    if rendition.version >= schedule.version:
        return rendition.modified
    return max(rendition.modified, _changed(schedule, rendition)) + SECOND


def gone_on(own: Rendition | None, former: Iterable[Rendition]) -> Rendition | None:
    """Return what was written last of an event, under its present id or a former one.

    ``own`` is the rendition of its present id, None if there is none yet; ``former`` are those
    of its former ids.  The later stamp of each entry counts.
    """
    known = [*filter(None, [own]), *former]
    if not known or known == [own]:
        return own
    stamps: dict[str, Stamp] = {}
    for each in known:
        for uid, stamp in each.stamps.items():
            if uid not in stamps or stamps[uid].order < stamp.order:
                stamps[uid] = stamp
    last = own or max(known, key=lambda each: each.modified).model_copy(update={"version": 0})
    modified = max(each.modified for each in known)
    return last.model_copy(update={"stamps": stamps, "modified": modified})


def renewed(
    past: Rendition | None,
    schedule: Schedule,
    digests: Mapping[str, str],
    renderer: Renderer,
    now: datetime,
    *,
    is_new: bool,
) -> Rendition:
    """Return the rendition that follows, where the renderer may decide.

    ``digests`` tell what is written of each entry, apart from its stamps.  ``is_new`` is False
    for an event that an older calsvc served, which kept no renditions: nothing is known of what
    it wrote.
    """
    stamps = dict(past.stamps) if past else {}
    for entry in schedule.entries:
        stamps[entry.uid] = _next(stamps.get(entry.uid), entry, digests[entry.uid], now)
    digest = f"{schedule.version} {renderer.fingerprint}"
    return Rendition(
        version=schedule.version,
        renderer=renderer.fingerprint,
        adopted=max(renderer.started, past.adopted) if past else renderer.started,
        digest=digest,
        modified=_modified(past, digest, _changed(schedule, past), now, is_new=is_new),
        stamps=stamps,
    )


def unrecorded(past: Rendition | None, renderer: Renderer) -> Rendition:
    """Return what is told while the rendition that follows cannot be stored.

    Stamps for other bytes of the same agenda wait for that, or they would go back where it never
    is; a date that is a little late only costs an answer.  All workers of a copy tell the same.
    """
    if past is None:
        past = Rendition(
            version=0,
            renderer=renderer.fingerprint,
            adopted=renderer.started,
            digest="",
            modified=LONG_AGO,
            stamps={},
        )
    if past.renderer == renderer.fingerprint:
        return past
    modified = max(past.modified, renderer.started.replace(microsecond=0)) + SECOND
    return past.model_copy(update={"modified": modified})


def behind(told: Rendition, schedule: Schedule, digests: Mapping[str, str]) -> Rendition:
    """Return what a copy tells that does not decide, where ``told`` is by the one that does.

    What it writes otherwise is a moment behind: of two copies, clients that compare stamps or
    dates shall end with what the deciding one writes.  So is the date of all that it writes.  Of
    a version that the deciding one has not read yet, nobody knows what it will write.
    """
    stamps = dict(told.stamps)
    for entry in schedule.entries:
        stamp = told.stamps.get(entry.uid)
        if stamp is None or (stamp.own, stamp.digest) == (entry.sequence, digests[entry.uid]):
            continue
        shown = _stamped(entry, stamp)
        stamps[entry.uid] = Stamp(
            digest=digests[entry.uid],
            own=entry.sequence,
            sequence=max(shown.sequence - 1, entry.sequence),
            revised=shown.revised - SECOND,
        )
    modified = dated(schedule, told) - SECOND
    update = {"version": schedule.version, "stamps": stamps, "modified": modified}
    return told.model_copy(update=update)


def renewed_site(
    past: Rendition | None, digest: str, renderer: Renderer, now: datetime, *, is_new: bool
) -> Rendition:
    """Return the rendition that follows of a site itself, which has no schedule."""
    return Rendition(
        version=0,
        renderer=renderer.fingerprint,
        adopted=max(renderer.started, past.adopted) if past else renderer.started,
        digest=digest,
        modified=_modified(past, digest, LONG_AGO, now, is_new=is_new),
        stamps={},
    )


def _next(past: Stamp | None, entry: Entry, digest: str, now: datetime) -> Stamp:
    if past is None:
        return Stamp(
            digest=digest, own=entry.sequence, sequence=entry.sequence, revised=entry.revised
        )
    if entry.sequence != past.own:  # its agenda changed
        sequence = past.sequence + max(1, entry.sequence - past.own)
        revised = _after(past, entry.revised)
    elif digest != past.digest:
        sequence, revised = past.sequence + 1, _after(past, now)
    else:
        sequence, revised = past.sequence, past.revised
    return Stamp(digest=digest, own=entry.sequence, sequence=sequence, revised=revised)


def _after(past: Stamp, moment: datetime) -> datetime:
    return max(moment, past.revised + SECOND)


def _changed(schedule: Schedule, past: Rendition | None) -> datetime:
    """Return when a schedule changed last, if that was after what was written last.

    Not all of what feeds show is what people see as a change, and moves a date of its own.
    """
    if past and past.version >= schedule.version:
        return LONG_AGO
    return max(schedule.published, schedule.revised)


def _modified(
    past: Rendition | None, digest: str, changed: datetime, now: datetime, *, is_new: bool
) -> datetime:
    """Return when the bytes changed last, by the clock of today: never earlier than before.

    Where the agenda's change is why, that is a second later: an older calsvc, which may run
    beside this one and writes other bytes, tells the very time of it.
    """
    if past is None:
        return min(changed, now) + SECOND if is_new else now
    if digest == past.digest and past.modified <= now + CLOCK_WAS_AHEAD:
        return past.modified
    if past.modified > now:  # twice within a second, or once by a wrong clock
        return past.modified + SECOND if past.modified <= now + CLOCK_WAS_AHEAD else now
    # By the agenda's change, where that is why: so that all copies tell the same.
    if past.modified <= changed <= now:
        return changed + SECOND
    return max(now, past.modified + SECOND)
