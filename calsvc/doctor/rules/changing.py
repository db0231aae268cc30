"""Which entries come and go between two states of a calendar, and under which uids."""

import re
from collections.abc import Iterator

from calsvc.doctor.changes import Change, Content, Pair, likeness
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.documents import Component
from calsvc.doctor.examples import OTHER_VEVENT, VEVENT, ZONE, Example, Frame, with_vevent
from calsvc.doctor.findings import Found, Rule, Severity, within
from calsvc.translations import N_

FEW = 5  # entries of which all may vanish without much ado
WORD = re.compile(r"\w{3,}")


def _has_new_uids(change: Change) -> bool:
    """Tell whether most entries have another uid."""
    return len(change.renewed) * 2 > len(change.former)


def _new_uids(change: Change) -> Iterator[Found]:
    if _has_new_uids(change):
        yield Found(value=f"{len(change.renewed)}/{len(change.former)}")


def _new_uid(change: Change) -> Iterator[Found]:
    if not _has_new_uids(change):
        for pair in change.renewed:
            yield within(pair.after, f"{pair.before.text('UID')} → {pair.after.text('UID')}")


def _numbered(change: Change) -> list[Pair]:
    """Return the entries whose uid was that of another one, which has another uid now."""
    retitled = [pair for pair in change.pairs if pair.differs_in("SUMMARY")]
    moved: dict[Content, Component] = {}
    for key, each in change.later.items() if retitled else ():
        former = change.former.get(key)
        if former is None or likeness(former) != likeness(each):
            moved[likeness(each)] = each
    return [
        pair for pair in retitled if moved.get(likeness(pair.before), pair.after) is not pair.after
    ]


def _has_common_word(pair: Pair) -> bool:
    before, after = (
        {*WORD.findall(each.text("SUMMARY").casefold()[:1000])}
        for each in (pair.before, pair.after)
    )
    return not before or not after or bool(before & after)


def _by_place(change: Change) -> Iterator[Found]:
    for pair in _numbered(change):
        yield within(pair.after, pair.after.text("UID"))


def _reused(change: Change) -> Iterator[Found]:
    numbered = {id(pair.after) for pair in _numbered(change)}
    for pair in change.pairs:
        is_other = pair.differs_in("DTSTART") and not _has_common_word(pair)
        texts = [each.text("DESCRIPTION") for each in (pair.before, pair.after)]
        if is_other and texts[0] != texts[1] and id(pair.after) not in numbered:
            yield within(pair.after, pair.after.text("UID"))


def _is_emptied(change: Change) -> bool:
    return bool(change.before.entries) and not change.after.entries


def _is_shrunk(change: Change) -> bool:
    """Tell whether most of what is to come is not there any more."""
    if _is_emptied(change) or len(change.vanished) < FEW:
        return False
    before, after = (
        sum(change.is_ahead(each) for each in entries.values())
        for entries in (change.former, change.later)
    )
    return after * 2 < before


def _emptied(change: Change) -> Iterator[Found]:
    if _is_emptied(change):
        yield Found(value=str(len(change.before.entries)))


def _shrunk(change: Change) -> Iterator[Found]:
    if _is_shrunk(change):
        yield Found(value=str(len(change.vanished)))


def _vanished(change: Change) -> Iterator[Found]:
    if not _is_emptied(change) and not _is_shrunk(change):
        yield from (Found(value=each.title) for each in change.vanished)


_MORE = "".join(
    VEVENT.replace("2e01", f"2e{number}").replace("T07", f"T{number}") for number in range(10, 17)
)
_NEW_UID = "UID:5d1d1c9e-7a43-5f57-8a1f-3c1f7f1f5a11"
_STAMPS = "DTSTAMP:20270302T120000Z\nLAST-MODIFIED:20270302T120000Z\nSEQUENCE:2"
_CANCELLED = with_vevent(f"{_STAMPS}\nSTATUS:CANCELLED")
_SWAPPED = (
    (VEVENT.replace("2e01", "2e02") + OTHER_VEVENT.replace("2e02", "2e01"))
    .replace("20270301T12", "20270302T12")
    .replace("SEQUENCE:1", "SEQUENCE:2")
)
_DANCE = (
    f"{_STAMPS}\nSUMMARY:Evening dance\nDESCRIPTION:Bring shoes.\n"
    "DTSTART:20270616T170000Z\nDTEND:20270616T190000Z"
)
_BOTH = f"{VEVENT}{OTHER_VEVENT}"


def _states(before: str, fails: str, holds: str) -> Example:
    """Return an example: what is there first, and what becomes of it."""
    return Example(Frame.CHANGE, fails=f"{before}---\n{fails}", holds=f"{before}---\n{holds}")


RULES: tuple[Rule[Change], ...] = (
    Rule(
        "uids-renewed",
        Severity.ERROR,
        N_("The same entries have other uids: {value}."),
        N_("Each of them is a new entry for every program, and the former one is gone."),
        (
            Effect(Client.APPLE, N_("lets the entries flicker"), Shows.TWICE),
            Effect(Client.GOOGLE, N_("may show the entries twice"), Shows.TWICE),
        ),
        "RFC 5545, 3.8.4.7; ellite/Wallos#966, sendou-ink/sendou.ink#2888,"
        " H2-invent/jitsi-admin#517",
        N_("Give each entry a uid once, and keep it; make none anew for each file."),
        _new_uids,
        _states(_BOTH, f"{_BOTH.replace('2e0', '3f0')}", _BOTH),
    ),
    Rule(
        "uid-renewed",
        Severity.WARNING,
        N_("An entry of the same title and time has another uid: {value}."),
        N_("It is a new entry for every program, and the former one is gone."),
        (),
        "RFC 5545, 3.8.4.7; sendou-ink/sendou.ink#2888",
        N_("Keep the uid of an entry, whatever else changes."),
        _new_uid,
        _states(_BOTH, f"{with_vevent(_NEW_UID)}{OTHER_VEVENT}", _BOTH),
    ),
    Rule(
        "uids-by-place",
        Severity.ERROR,
        N_("The uid {value} was that of another entry, which has another one now."),
        N_("Uids that count entries, or sort them, move when an entry comes or goes."),
        (Effect(Client.GOOGLE, N_("takes it for the former entry"), Shows.TIME),),
        "RFC 5545, 3.8.4.7; msramalho/SigTools#52",
        N_("Make the uid of something that stays with the entry, and never use it again."),
        _by_place,
        _states(_BOTH, _SWAPPED, _BOTH),
    ),
    Rule(
        "uid-reused",
        Severity.WARNING,
        N_("The uid {value} seems to be that of another entry now."),
        N_("Title, time and description are all others; programs take it for the former entry."),
        (),
        "RFC 5545, 3.8.4.7; msramalho/SigTools#52",
        N_("Give a new entry a new uid, and cancel the former one."),
        _reused,
        _states(VEVENT, with_vevent(_DANCE), _CANCELLED),
    ),
    Rule(
        "entry-vanished",
        Severity.WARNING,
        N_("{value} is not there any more, and was to come yet."),
        N_("Nobody is told that it is off; it is as if it had never been."),
        (),
        "RFC 5545, 3.8.1.11; hackgvl/hackgreenville-com#498, w3c/calendar#90",
        N_("Write STATUS:CANCELLED with the next SEQUENCE, until the entry is over."),
        _vanished,
        _states(_BOTH, OTHER_VEVENT, f"{_CANCELLED}{OTHER_VEVENT}"),
    ),
    Rule(
        "calendar-shrunk",
        Severity.ERROR,
        N_("Most of what was to come is gone: {value} entries."),
        N_("That is rarely meant; all programs take them away at once."),
        (),
        "RFC 5545, 3.8.1.11; ietf-tools/datatracker#11394",
        N_("See whether all was read that the calendar is made of, and cancel what is off."),
        _shrunk,
        _states(f"{VEVENT}{_MORE}", VEVENT, f"{VEVENT}{_MORE}"),
    ),
    Rule(
        "calendar-emptied",
        Severity.ERROR,
        N_("All entries are gone; before, their number was {value}."),
        N_("Some programs then show nothing, and others keep all that they had."),
        (
            Effect(Client.THUNDERBIRD, N_("shows nothing"), Shows.NOTHING),
            Effect(Client.EVOLUTION, N_("keeps all former entries"), Shows.STALE),
        ),
        "RFC 5545, 3.6",
        N_("On an error, serve the last good state; when all is over, leave the entries there."),
        _emptied,
        _states(VEVENT, ZONE, _CANCELLED),
    ),
)
