"""Which entries are the same, and the uid and the key of each that is not."""

import re
from collections import defaultdict

from calsvc.agenda.slots import UID_LENGTH, UID_PATTERN
from calsvc.importers.drafts import Draft
from calsvc.importers.ics.occasions import Occasion

_UID = re.compile(UID_PATTERN)


def known_apart(found: list[Occasion], draft: Draft, *, entry_for_entry: bool) -> list[Occasion]:
    """Give each session its key and uid, and return them without those that stand there twice.

    The first showing of what repeats keeps the uid; where entries are kept one for one, each
    other one has its own, made of the uid and of when it begins by the rule, and what says
    something else than the others is a session by itself.  The first of different sessions of
    one uid, which some programs write, keeps it too; as a key it tells nothing of them.
    """
    titles: dict[str, set[str]] = defaultdict(set)
    for each in found:
        titles[each.uid].add(each.session.title if not each.is_changed else "")
    owners: dict[str, Occasion] = {}
    seen: set[object] = set()
    usual = _usual(found)
    kept, repeated, odd, other = [], 0, 0, 0
    for each in found:
        session, uid = each.session, each.uid
        same = (uid, session.title, session.start, session.end, each.location, each.day)
        if uid and same in seen:
            continue
        seen.add(same)
        kept.append(each)
        owner = owners.setdefault(each.own_uid, each) if uid else None
        if owner is None:
            continue
        if owner is each and (each.is_first or each.original):
            own = each.own_uid
            session.uid = own if _UID.fullmatch(own) and len(own) <= UID_LENGTH else None
            odd += session.uid is None
        else:
            repeated += not each.is_changed and owner.session.title != session.title
        if len(titles[uid]) == 1:
            is_usual = _said(each) == usual.get(uid)
            other += not (is_usual or entry_for_entry or session.is_cancelled)
            is_apart = entry_for_entry and not is_usual
            session.key = session.key or (f"{uid} {_apart(each)}" if is_apart else uid)
    if twice := len(found) - len(kept):
        draft.left_out.append(f"entries that stand there twice: {twice}")
    if other:
        told = "what single times of a series say otherwise than the others, but for when and where"
        draft.left_out.append(f"{told}: {other}")
    if repeated:
        draft.guessed.append(f"entries with the uid of another, which get a new one: {repeated}")
    if odd:
        draft.guessed.append(f"uids that programs read differently, which are new here: {odd}")
    return kept


def _usual(found: list[Occasion]) -> dict[str, object]:
    """Return what the showings of each uid say: the whole, else the entry that begins first.

    Showings alone, without the whole, have nothing that is usual.
    """
    usual: dict[str, tuple[tuple[bool, str], object]] = {}
    for each in found:
        if each.component.all("RECURRENCE-ID"):
            continue
        rank = (not each.repeats, each.component.text("DTSTART"))
        if each.uid not in usual or rank < usual[each.uid][0]:
            usual[each.uid] = rank, _said(each)
    return {uid: said for uid, (_, said) in usual.items()}


def _said(each: Occasion) -> object:
    """Return what an entry says beside its title, its time and its place."""
    said = each.session
    return [
        *(said.description, said.kind, said.track, said.tags, said.url, said.links, said.stream),
        *(said.people, said.language, said.level, said.is_cancelled, said.is_tentative),
    ]


def _apart(each: Occasion) -> str:
    """Return what tells a showing from others of its uid, whatever it says."""
    if each.original:
        return each.original.isoformat()
    return each.component.text("RECURRENCE-ID") or each.component.text("DTSTART")
