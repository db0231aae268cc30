"""How entries mark that they have changed: DTSTAMP, LAST-MODIFIED and SEQUENCE."""

from collections.abc import Callable, Iterator

from calsvc.doctor.changes import Change, Pair, number, stamp
from calsvc.doctor.clients import Client, Effect, Shows
from calsvc.doctor.examples import VEVENT, Example, Frame, with_vevent
from calsvc.doctor.findings import Found, Rule, Severity, within
from calsvc.translations import N_

WEIGHTY = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS")
"""What changes an entry for those who go there, so that SEQUENCE counts it."""


def _went_back(pair: Pair, name: str) -> bool:
    if name == "SEQUENCE":
        was, now = number(pair.was(name)), number(pair.now(name))
        return was is not None and now is not None and now < was
    former, later = stamp(pair.before, name), stamp(pair.after, name)
    return former is not None and later is not None and later < former


def _has_back(pair: Pair) -> bool:
    return any(_went_back(pair, name) for name in pair.moved)


def _moves_alone(pair: Pair) -> str:
    """Return which stamps have moved though nothing else has."""
    moved = [*pair.moved, *(["CREATED"] if pair.differs_in("CREATED") else [])]
    return ", ".join(moved) if moved and pair.is_same and not _has_back(pair) else ""


def _is_unmarked(pair: Pair) -> str:
    """Return what has changed, if no stamp has."""
    return "" if pair.moved or pair.is_same else ", ".join(pair.changed)


def _is_kept(pair: Pair) -> str:
    """Return the LAST-MODIFIED that did not move, while others did."""
    if pair.is_same or not pair.moved or "LAST-MODIFIED" in pair.moved:
        return ""
    return pair.now("LAST-MODIFIED")


def _is_half_marked(pair: Pair) -> str:
    """Return which stamps did not move, while others did."""
    if pair.is_same or not pair.moved or _is_kept(pair):
        return ""
    wanted = ["DTSTAMP", *(["SEQUENCE"] if pair.differs_in(*WEIGHTY) else [])]
    return ", ".join(name for name in wanted if name not in pair.moved)


def _back(name: str) -> Callable[[Pair], str]:
    def said(pair: Pair) -> str:
        return f"{pair.was(name)} → {pair.now(name)}" if _went_back(pair, name) else ""

    return said


def _pairs(said: Callable[[Pair], str]) -> Callable[[Change], Iterator[Found]]:
    """Return what finds the entries of which something is to be said."""

    def find(change: Change) -> Iterator[Found]:
        if change.before.octets != change.after.octets:
            for pair in change.pairs:
                if value := said(pair):
                    yield within(pair.after, value)

    return find


_STAMPS = "DTSTAMP:20270302T120000Z\nLAST-MODIFIED:20270302T120000Z\nSEQUENCE:2"
_LATER = "DTSTART:20270615T080000Z\nDTEND:20270615T084500Z"
_MOVED = with_vevent(f"{_STAMPS}\n{_LATER}")


def _then(lines: str, holds: str = _MOVED) -> Example:
    """Return an example: an entry, and what it becomes, with other lines."""
    fails = with_vevent(lines)
    return Example(Frame.CHANGE, fails=f"{VEVENT}---\n{fails}", holds=f"{VEVENT}---\n{holds}")


RULES: tuple[Rule[Change], ...] = (
    Rule(
        "stamps-move-alone",
        Severity.WARNING,
        N_("Nothing has changed but the stamps: {value}."),
        N_("Every program takes the entry for changed, each time that it looks."),
        (
            Effect(Client.NEXTCLOUD, N_("stores every entry again, each time"), Shows.ODD),
            Effect(Client.EVOLUTION, N_("stores every entry again, each time"), Shows.ODD),
        ),
        "RFC 5545, 3.8.7.2; nextcloud/server#58193",
        N_("Let the stamps say when the entry last changed, and not when it was fetched."),
        _pairs(_moves_alone),
        _then(_STAMPS, VEVENT),
    ),
    Rule(
        "change-unmarked",
        Severity.ERROR,
        N_("The entry has changed ({value}), and none of its stamps has."),
        N_("Programs compare the stamps, and keep what they have."),
        (
            Effect(Client.EVOLUTION, N_("keeps the former entry"), Shows.STALE),
            Effect(Client.ICSX5, N_("keeps the former entry"), Shows.STALE),
            Effect(Client.GOOGLE, N_("may keep the former entry"), Shows.STALE),
        ),
        "RFC 5545, 3.8.7.3 and 3.8.7.4; GatherPress/gatherpress#2058, aaronpk/Meetable#176",
        N_("Move DTSTAMP, LAST-MODIFIED and SEQUENCE on with every change."),
        _pairs(_is_unmarked),
        _then(_LATER),
    ),
    Rule(
        "change-with-old-last-modified",
        Severity.ERROR,
        N_("The entry has changed, and its LAST-MODIFIED is still {value}."),
        N_("A program that trusts it does not look any further."),
        (Effect(Client.ICSX5, N_("keeps the former entry"), Shows.STALE),),
        "RFC 5545, 3.8.7.3; GatherPress/gatherpress#2058",
        N_("Move LAST-MODIFIED on with every change."),
        _pairs(_is_kept),
        _then(f"DTSTAMP:20270302T120000Z\nSEQUENCE:2\n{_LATER}"),
    ),
    Rule(
        "change-half-marked",
        Severity.WARNING,
        N_("The entry has changed; these of its stamps have not: {value}."),
        N_("Each program looks at another stamp."),
        (),
        "RFC 5545, 3.8.7.2 and 3.8.7.4; GatherPress/gatherpress#2058",
        N_("Move DTSTAMP, LAST-MODIFIED and SEQUENCE on together."),
        _pairs(_is_half_marked),
        _then(f"DTSTAMP:20270302T120000Z\nLAST-MODIFIED:20270302T120000Z\n{_LATER}"),
    ),
    Rule(
        "sequence-went-down",
        Severity.ERROR,
        N_("SEQUENCE went down: {value}."),
        N_("A lower number is an older state of the entry, which is not taken."),
        (
            Effect(Client.OUTLOOK_WEB, N_("keeps the former entry"), Shows.STALE),
            Effect(Client.GOOGLE, N_("keeps the former entry"), Shows.STALE),
        ),
        "RFC 5545, 3.8.7.4; adamgibbons/ics#128",
        N_("Count SEQUENCE up with each change, and never down."),
        _pairs(_back("SEQUENCE")),
        _then(f"{_STAMPS.replace('SEQUENCE:2', 'SEQUENCE:0')}\n{_LATER}"),
    ),
    Rule(
        "last-modified-went-back",
        Severity.ERROR,
        N_("LAST-MODIFIED went back: {value}."),
        N_("An earlier stamp is an older state of the entry, which is not taken."),
        (Effect(Client.ICSX5, N_("keeps the former entry"), Shows.STALE),),
        "RFC 5545, 3.8.7.3",
        N_("Write when the entry last changed, by one clock."),
        _pairs(_back("LAST-MODIFIED")),
        _then(f"{_STAMPS.replace('MODIFIED:20270302', 'MODIFIED:20270228')}\n{_LATER}"),
    ),
    Rule(
        "dtstamp-went-back",
        Severity.WARNING,
        N_("DTSTAMP went back: {value}."),
        N_("Of two states of an entry with one SEQUENCE, the later DTSTAMP is the newer."),
        (),
        "RFC 5545, 3.8.7.2; RFC 5546, 2.1.5",
        N_("Write when the entry last changed, by one clock."),
        _pairs(_back("DTSTAMP")),
        _then(f"{_STAMPS.replace('DTSTAMP:20270302', 'DTSTAMP:20270228')}\n{_LATER}"),
    ),
)
