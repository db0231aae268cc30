"""An agenda page → a draft, whatever it is written in.

What is on the page beside the agenda is looked at for the day, the year and the time zone.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta, timezone

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftPerson, Wishes
from calsvc.importers.habits import clocks
from calsvc.importers.pages import beginnings, bylines, listings, pieces, timelines, titles
from calsvc.importers.pages import days as written
from calsvc.importers.pages.days import Day
from calsvc.importers.pages.passages import Line, Page, Words
from calsvc.importers.pages.timelines import Found, Timeline
from calsvc.zone_names import is_offset

ZONE_LINE = re.compile(
    r"\b(?i:times?|time ?zone|zeiten|zeitzone|uhrzeiten|horaires?|horas?|schedule|agenda)\b.{0,80}?"
    r"(?<![\w/])(?P<zone>(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian"
    r"|Pacific|US|Canada|Etc)/[A-Z][A-Za-z_/+\-\d]+|(?i:pacific|mountain|central|eastern)"
    r"(?i: standard| daylight)?(?i: time)|(?:UTC|GMT)[+\-−]\d{1,2}(?::?\d\d)?|"
    + "|".join(clocks.ZONES)
    + r")(?![A-Za-z\d/])"
)
VENUE_LINE = re.compile(r"\W*(?:location|venue|ort|lieu|lugar)\W*:\W*(?P<place>[^:]{3,150})", re.I)
VENUE_LABEL = re.compile(r"\W*(?:location|venue|ort|lieu|lugar|where)\W*", re.IGNORECASE)
NO_NAME = re.compile(
    r"(?:(?:the|our|full|tentative|preliminary|draft|final|event|conference|workshop|detailed)\s+)*"
    r"(?:schedule|agenda|program(?:me)?|programm|zeitplan|ablauf|timetable|sessions|home|index"
    r"|what|when|overview|table of contents|contents)\W*",
    re.IGNORECASE,
)
"""Titles of pages that do not name the event."""
SCHEDULE_OF = re.compile(
    r"\s*[-–—|:·]?\s*\b(?:full |event )?(?:schedule|agenda|program(?:me)?|information)\s*$", re.I
)
SENTENCE = re.compile(
    r"\w{3}[.:!]$|^(?:all times|please|note)\b|\b(?:the|an?|of|for|about|our|this|your|here)$", re.I
)
"""What ends, or begins, like no name: ``All times are …``, ``A few notes about the``."""
ASK = "give the first day by --date, such as --date 2027-06-15"
POSTERS = re.compile(r"\bposter\b|\bposters\b", re.IGNORECASE)


def read(page: Page, wishes: Wishes, source: str) -> Draft:
    """Return the agenda that a page has.

    Raises ``SourceError`` where there is none, or where its days cannot be known.
    """
    timeline = Timeline()
    listings.read(page.passages, timeline, page.address)
    if not timeline.sessions:
        what = "has no times, and nothing else that looks like an agenda"
        raise SourceError(source, what, "import the page that lists the sessions, as text or HTML")
    lines = [each for each in page.passages if isinstance(each, Line)]
    _put_people(timeline)
    _date(timeline, page, lines, wishes, source)
    draft = Draft(name=_name(page, lines), url=page.address, sessions=timeline.sessions)
    draft.timezone = _zone(timeline, lines)
    draft.venue, draft.address = _place(lines)
    for found in timeline.found:
        if found.session:
            found.session.description = "\n\n".join(found.note) or None
            found.session.guessed = list(dict.fromkeys(found.session.guessed))
    _put_posters(timeline)
    _leave_out_doubles(draft, timeline)
    draft.guessed = list(dict.fromkeys(timeline.guessed))
    draft.left_out = timeline.left_out
    return draft


def _leave_out_doubles(draft: Draft, timeline: Timeline) -> None:
    """Leave out what a page has twice, as those for large and small screens do."""
    seen: dict[tuple[object, ...], int] = {}
    kept = []
    for found in timeline.found:
        each = found.session
        if not each:
            continue
        people = tuple(person.name for person in each.people)
        key = (each.title, each.start, each.end, each.room, each.track, people)
        if each.start and seen.setdefault(key, found.run) != found.run:
            continue
        kept.append(each)
    if count := len(draft.sessions) - len(kept):
        sessions = f"{count} sessions that stand" if count > 1 else "one session that stands"
        timeline.left_out.append(f"{sessions} on the page once more")
    draft.sessions = kept


# --- days ---------------------------------------------------------------------------------


def _date(timeline: Timeline, page: Page, lines: list[Line], wishes: Wishes, source: str) -> None:
    """Give the sessions their times."""
    if not any(each.hours for each in timeline.found):
        return
    near = _years(page, lines, source)
    unknown = timelines.dated(timeline, wishes.date, near)
    if unknown and not wishes.date and (first := _first_day(page, lines, near)):
        timeline.guessed.append(f"the first day is taken to be {first}, which the page names")
        unknown = timelines.dated(timeline, first, near)
    timed = [each for each in timeline.found if each.session and each.hours]
    lost = [each for each in timed if each.session and not each.start and _has_start(each)]
    if lost and len(lost) == len([each for each in timed if _has_start(each)]):
        raise SourceError(source, _unknown(unknown), ASK)
    for each in lost:
        if each.session:
            each.session.guessed.append("its day cannot be known: it has no time here")


def _has_start(found: Found) -> bool:
    return found.hours is not None and found.hours.start is not None


def _unknown(unknown: list[Day]) -> str:
    day = next((each for each in unknown if each.month), None)
    if day and day.month and day.day:
        return f"does not say in which year {date(2000, day.month, day.day):%-d %B} is"
    return "does not say on which days its sessions are"


def _years(page: Page, lines: list[Line], source: str) -> list[int]:
    """Return the years that a page names, the likeliest first: of dates, titles, its name."""
    text = [line.text for line in lines[:400]]
    of_dates = [day.year for each in text for day in written.dates(each) if day.year]
    heads = [page.title or "", *text[:3], *(line.text for line in lines if line.level)]
    of_heads = [year for each in heads for year in written.years(each)]
    counted = [year for year, _ in Counter(of_dates).most_common()]
    return list(dict.fromkeys([*counted, *of_heads, *page.years, *written.years(source)]))


def _first_day(page: Page, lines: list[Line], near: list[int]) -> date | None:
    """Return the day that a page names as its own: the first date, best one with a year."""
    texts = [page.title or "", *(line.text for line in lines[:400])]
    texts = [text for text in texts if not beginnings.DEADLINE.search(text)]
    found = [day for text in texts for day in written.dates(text)]
    for day in [*(each for each in found if each.year), *found]:
        resolved, _ = written.resolved([day], None, near)
        if resolved[0]:
            return resolved[0]
    return None


# --- what else the page says --------------------------------------------------------------


def _name(page: Page, lines: list[Line]) -> str | None:
    """Return what the event is called, by the page's title or its first heading."""
    heads = [line.text for line in lines if line.level == 1][:1]
    heads += [line.text for line in lines[:1] if not line.depth and len(line.text) < 80]
    heads += [line.text for line in lines if line.level][:1]
    for text in (page.title or "", *heads):
        for part in re.split(r"\s+[-–—|·»:]\s+", text):
            name = SCHEDULE_OF.sub("", part).strip(" *_#")
            is_other = written.heading(name) or clocks.leading(name) or SENTENCE.search(name)
            if re.search(r"\w", name) and not NO_NAME.fullmatch(name) and not is_other:
                return name
    return None


def _place(lines: list[Line]) -> tuple[str | None, str | None]:
    """Return where the event is, and the address below it, by the first line that says so."""
    for at, line in enumerate(lines[:60]):
        after = lines[at + 1] if at + 1 < len(lines) else Line(Words())
        if match := VENUE_LINE.fullmatch(line.text):
            is_address = re.fullmatch(r"(?=.*\d)[^:]{5,150},[^:]{2,80}", after.text)
            return match["place"].strip(), after.text if is_address else None
        if VENUE_LABEL.fullmatch(line.text):
            is_below = after.depth > line.depth or line.level
            return after.text if is_below and 0 < len(after.text) <= 150 else None, None
    return None, None


def _zone(timeline: Timeline, lines: list[Line]) -> str | None:
    """Return the zone that a page names; offsets are given to the times themselves."""
    hours = [each for each in timeline.found if each.hours and each.session and each.start]
    zones = Counter(each.hours.zone for each in hours if each.hours and each.hours.zone)
    said = zones.most_common(1)[0][0] if zones else None
    if said is None:
        found = next((m for line in lines[:400] if (m := ZONE_LINE.search(line.text[:300]))), None)
        said = found["zone"] if found else None
    if said is None or not is_offset(said):
        return said
    digits = re.findall(r"\d+", said)
    minutes = int(digits[0][:2]) * 60 + int(digits[1] if len(digits) > 1 else digits[0][2:] or 0)
    sign = -1 if re.search(r"[-−]", said) else 1
    if minutes >= 24 * 60:
        return None
    offset = timezone(timedelta(minutes=sign * minutes))
    for each in hours:
        session = each.session
        if session and session.start and not session.timezone:
            session.start = session.start.replace(tzinfo=offset)
            session.end = session.end.replace(tzinfo=offset) if session.end else None
    return None


# --- people and posters -------------------------------------------------------------------


def _put_people(timeline: Timeline) -> None:
    """Take names from beside titles, where several titles of the page have names there."""
    sessions = timeline.sessions
    _put_titles_below_people(timeline)
    for place in titles.BEHIND:
        found = [
            (session, parts)
            for session in sessions
            if not session.people and (parts := titles.behind(session.title, place))
        ]
        if len(found) < 2 or len(found) * 5 < len(sessions):
            continue
        if len({who for _, (_, who) in found}) * 2 <= len(found):
            continue  # the same words behind many titles are rooms, or what kind of session it is
        for session, (title, who) in found:
            session.title, session.people = title, bylines.listed(who)
        where = {"dash": "behind a dash", "brackets": "in brackets", "front": "before a colon"}
        timeline.guessed.append(
            f"in {len(found)} titles, the names {where[place]} are taken for people"
        )
    known = frozenset(
        person.organization
        for session in sessions
        for person in session.people
        if person.organization and len(person.organization) > 2
    )
    for session in sessions:
        session.people = _with_organizations(session.people, known)


def _put_titles_below_people(timeline: Timeline) -> None:
    """Take the line below for the title, on a page that has names where titles are."""
    noted = [each for each in timeline.found if each.session and each.note and each.hours]
    named = [
        each
        for each in noted
        if each.session
        and bylines.are_names(each.session.title)
        and not each.session.people
        and len(each.note[0]) <= titles.LONGEST
    ]
    if len(named) < 2 or len(named) * 5 < len(noted) * 3:
        return
    for each in named:
        assert each.session
        pieces.add_people(each.session, bylines.listed(each.session.title))
        first = each.note.pop(0)
        link = re.fullmatch(r"\[(.+)\]\((\S+)\)", first)
        each.session.title = link[1] if link else first
        each.session.url = each.session.url or (link[2] if link else None)
    timeline.guessed.append(
        f"in {len(named)} sessions, the names are taken for people, and the line below for"
        " the title"
    )


def _with_organizations(people: list[DraftPerson], known: frozenset[str]) -> list[DraftPerson]:
    """Return people with the organization that stands behind the last of them, if one does."""
    if len(people) < 2 or any(person.organization for person in people):
        return people
    return bylines.with_last_organization(people, known)


def _put_posters(timeline: Timeline) -> None:
    """Let posters be parts of the poster sessions of the page."""
    wholes = [
        each.session
        for each in timeline.found
        if each.session and each.hours and POSTERS.search(each.session.title)
    ]
    posters = [
        each.session
        for each in timeline.found
        if each.session and not each.hours and each.is_poster
    ]
    if not wholes or not posters:
        return
    for whole in wholes:
        names = [each for each in wholes if each.title == whole.title]
        time = f" {whole.start:%H:%M}" if len(names) > 1 and whole.start else ""
        whole.key = whole.key or f"{whole.title}{time}"
    keys: Iterable[str] = dict.fromkeys(whole.key for whole in wholes if whole.key)
    for poster in posters:
        poster.kind = poster.kind or "Poster"
        poster.part_of = list(keys)
