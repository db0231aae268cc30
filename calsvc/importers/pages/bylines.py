"""Who is in a session: ``Speaker Ada Example,Engines``, ``Authors: …``, names in a title.

A list of people is taken for one only where it reads like names: a role stands before it, or
every part is two to four words with capitals and none of the words that titles have.
"""

import re
from typing import NamedTuple

from calsvc.importers.drafts import DraftPerson

ROLES = (
    "keynote speaker|invited speaker|guest speaker|co-?speaker|speaker|moderator|panell?ist|author"
    "|presenter|host|chair|session chair|facilitator|instructor|lead|leader|organi[sz]er|trainer"
    "|tutor|lecturer|discussant|interviewer|mc|referent(?:in|en|innen)?|sprecher(?:in|innen)?"
    "|moderation|moderator(?:in|innen)|vortragende[r]?|autor(?:in|en|innen)?|leitung"
    "|intervenante?|orat(?:eur|rice)|conférenci(?:er|ère)|animat(?:eur|rice)|ponente|autora"
    "|orador[a]?|presented by|given by|led by|hosted by|moderated by|mit|with|by|von|par|por"
)
WITH_COLON = re.compile(rf"\W*(?P<role>{ROLES})(?P<many>s|es|\(s\))?\s*[:：]\s*(?P<who>\S.*)", re.I)
WITHOUT = re.compile(rf"(?P<role>{ROLES})(?P<many>s)?\s+(?P<who>\S.*)", re.I)
NO_ROLES = frozenset("presented given led hosted moderated mit with by von par por".split())
"""Words that begin a list of people and say no role, but for what is done."""
BY_DEED = {"moderated by": "moderator", "hosted by": "host", "led by": "lead"}
PARTICLES = frozenset(
    "de del della der den van von vom zu zur la le di da dos das du bin ibn al el ten ter"
    " y e".split()
)
NOT_NAMES = frozenset(
    "the a an and or of in on at to for with from your our my no not is are how what why when "
    "session sessions talk talks track part day break lunch dinner breakfast coffee tea keynote "
    "panel workshop workshops tutorial tutorials opening closing welcome introduction registration "
    "remarks room hall floor level building auditorium lobby foyer zoom online virtual remote "
    "hybrid provided optional only update updates review discussion demo demos poster posters "
    "lightning q&a qa questions answers awards award ceremony reception party social networking "
    "video slides slide recording live stream tba tbd tbc new open group groups time end start "
    "university institute conference meeting summit street center centre hotel house language "
    "mittagessen mittagspause pause begrüßung raum vortrag workshop abschluss eröffnung "
    "inc ltd llc gmbh corp company foundation college labs "
    "community security software data web cloud engineering systems science learning".split()
)
"""Words that titles, rooms and remarks have, and lists of people do not."""
BETWEEN = re.compile(r"\s*(?:;|\s&\s|\s\+\s|,?\s+(?:and|und|et|y)\s+|\s/\s)\s*", re.IGNORECASE)
COMPANY = re.compile(r"\b(?:inc|ltd|llc|corp|co|gmbh|s\.a|b\.v)\.$", re.IGNORECASE)
LONGEST = 400  # characters of a list of people, without a role before it
MOST = 60  # people


class Byline(NamedTuple):
    """A line that says who is in a session."""

    role: str
    """As the line has it, in the singular."""
    who: str
    is_one: bool | None = None
    """One person, with an organization behind a comma; None if that is not said."""

    def people(self, known: frozenset[str] = frozenset()) -> list[DraftPerson]:
        """Return the people, with the organizations that stand behind them.

        ``known`` are the organizations that the page names elsewhere.
        """
        role = BY_DEED.get(self.role.lower(), self.role)
        kept = None if not role or role.lower().partition(" ")[0] in NO_ROLES else role
        found: list[DraftPerson] = []
        groups = [self.who] if self.is_one else BETWEEN.split(self.who.strip(" ."))
        for group in groups[:MOST]:
            parts = _parts(group)
            is_one = self.is_one is not False and len(parts) > 1
            if is_one and (self.is_one or not _is_person(parts[1], known)):
                found.append(_person(parts[0], ", ".join(parts[1:]), kept))
            else:
                found += [_person(part, None, kept) for part in parts]
        return with_last_organization([each for each in found if each.name][:MOST], known)

    @property
    def organization(self) -> str | None:
        """Return what surely is an organization: in ``Ada Example,Engines``, of one person."""
        parts = _parts(self.who)
        return parts[1] if self.is_one is not False and len(parts) == 2 else None


def read(text: str) -> Byline | None:
    """Return what a line of people says; None for any other line."""
    if len(text) > 4000:
        return None
    match = WITH_COLON.fullmatch(text)
    is_said = bool(match)
    if not match:
        match = WITHOUT.fullmatch(text)
        if not match or len(text) > LONGEST or not _begins_with_name(match["who"]):
            return None
    role, who = match["role"], match["who"]
    if role.lower().partition(" ")[0] in NO_ROLES and not are_names(who):
        return None
    is_one = False if match["many"] else None if is_said or BETWEEN.search(who) else True
    return Byline(role, who, is_one)


def listed(text: str) -> list[DraftPerson]:
    """Return the people in a text that reads like names, without roles."""
    return Byline("", text).people()


def with_organization(text: str) -> DraftPerson | None:
    """Return the person in ``Ada Example, Engines``; None for any other text."""
    parts = _parts(text)
    is_sentence = text.endswith((".", ":", "?", "!")) and not COMPANY.search(text)
    if len(parts) != 2 or len(text) > 80 or is_sentence:
        return None
    is_person = is_name(parts[0]) and parts[1][0].isupper() and len(parts[1].split()) < 6
    return _person(parts[0], parts[1], None) if is_person else None


def are_names(text: str) -> bool:
    """Tell whether a text reads like a list of names, and nothing else."""
    if not text or len(text) > LONGEST:
        return False
    parts = [part for group in BETWEEN.split(text) for part in _parts(group)]
    return bool(parts) and all(is_name(re.sub(r"\s*\(.*\)$", "", part)) for part in parts)


def is_name(text: str) -> bool:
    """Tell whether a text reads like the name of one person."""
    parts = text.split()
    if not 2 <= len(parts) <= 5 or re.search(r"[\d:!?@#=<>\[\]\"“”]", text):
        return False
    if any(part.lower().strip(".,'’") in NOT_NAMES for part in parts):
        return False
    named = [part for part in parts if part.lower() not in PARTICLES]
    return (
        len(named) >= 2
        and all(part[0].isupper() for part in named)
        and len(named[-1].strip(".")) > 1
        and not text.isupper()
    )


def _parts(who: str) -> list[str]:
    """Return what commas divide, but for those in brackets."""
    parts = re.split(r"\s*,\s*(?![^(]*\))", who[:4000])
    return [part.strip(" .,;") for part in parts if part.strip(" .,;")]


def _begins_with_name(who: str) -> bool:
    first = re.split(r"[,(]", who)[0].strip()
    return is_name(first) or (
        bool(re.fullmatch(r"\w+", first)) and first[0].isupper() and "," in who
    )


def _is_person(part: str, organizations: frozenset[str]) -> bool:
    return part not in organizations and is_name(part) and len(part.split()) < 4


def _person(name: str, organization: str | None, role: str | None) -> DraftPerson:
    inside = re.fullmatch(r"(.+?)\s*\(([^()]*)\)", name)
    if inside:
        name = inside[1]
        is_short = re.fullmatch(r"[A-Za-z]{2,4}s?", inside[2]) and organization
        organization = organization or (None if is_short else inside[2].strip() or None)
    return DraftPerson(name.strip(" -–—"), organization or None, role)


def with_last_organization(
    found: list[DraftPerson], organizations: frozenset[str]
) -> list[DraftPerson]:
    """Return people with the organization of all, which stands last: ``A B, C D, Engines``.

    ``organizations`` are those that the page names elsewhere.
    """
    if len(found) < 2 or any(person.organization in organizations for person in found):
        return found
    *others, last = found
    if last.name in organizations or (
        " " not in last.name and all(" " in o.name for o in others[:1])
    ):
        of_all = last.name
    else:
        of_all = next((each for each in organizations if last.name.endswith(f" {each}")), "")
        if not of_all:
            return found
        others.append(DraftPerson(last.name.removesuffix(f" {of_all}"), None, last.role))
    return [DraftPerson(person.name, of_all, person.role) for person in others]
