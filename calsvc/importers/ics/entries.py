"""One entry of a calendar, a VEVENT, as a session of a draft.

Its words are read here: title, people, categories, links.  When and where it is concerns
others too, and is read in ``calendars``.
"""

import re
from collections.abc import Iterator

from calsvc.importers.drafts import DraftPerson, DraftSession
from calsvc.importers.habits import markup
from calsvc.importers.habits.literals import literal
from calsvc.importers.ics.components import Component, Property

KINDS = re.compile(
    r"(?:(?:short|long|regular|lightning|invited|contributed) )?(?:talk|session|lecture|paper)s?"
    r"|keynotes?|plenar(?:y|ies)|panels?(?: discussion)?|workshops?|tutorials?|demos?|posters?"
    r"|poster[ -]?sessions?|lightning(?: talks?)?|opening|closing|q-and-a|q&a|registration"
    r"|(?:coffee )?breaks?|meals?|lunch|dinner|breakfast|socials?(?: event)?|networking|other"
    r"|vortr(?:ag|äge)|podium|pause|meeting|birds of a feather|bofs?|hackathon|performance|film",
    re.IGNORECASE,
)
"""Categories that say what a session is, and not what it is about."""
ROLES = re.compile(
    r"(?P<role>speakers?|presenters?|presented by|moderators?|moderation|panell?ists?|authors?"
    r"|hosts?|hosted by|chairs?|instructors?|facilitators?|sprecher(?:in|innen)?|vortragende"
    r"|referent(?:in|en|innen)?|autor(?:in|en|innen)?|gastgeber(?:in)?|podium|von|by)"
    r"(?:\(s\)|\(en\))?\s*:\s*(?P<names>\S.*)",
    re.IGNORECASE,
)
"""A line of a description that names people."""
_SEVERAL = re.compile(r"s$|\(s\)$|by$|von$|en$|vortragende$|podium$", re.IGNORECASE)
"""Words behind which commas stand between names; behind others, before an organization."""
_NAMES = re.compile(r"\s*[,;]\s*|\s+(?:and|und|&)\s+")
STREAMS = ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL")
_NO_PEOPLE = frozenset({"ROOM", "RESOURCE", "GROUP"})
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_GEO_URI = re.compile(r"geo:([^,;?]*,[^,;?]*)", re.IGNORECASE)
"""RFC 5870; a height and parameters may follow."""
_WORD = re.compile(r"[^\W_]+")
MOST_NAMES = 50
LONGEST_TITLE = 100  # characters of a first line that can be one


def session(entry: Component, *, names_people: bool = True) -> DraftSession:
    """Return what an entry says of itself, without its time and place.

    ``names_people`` says whether the first lines of its description may: ``Speaker: Ada``.
    """
    found = DraftSession(title=title(entry))
    status = entry.text("STATUS").upper()
    found.is_cancelled, found.is_tentative = status == "CANCELLED", status == "TENTATIVE"
    found.people = [*_attendees(entry)]
    first = _described(found, entry, names_people=names_people)
    found.kind, found.track, found.tags = _categories(entry)
    found.url = link(entry.text("URL"))
    found.links = [
        (leads, each.parameters.get("X-FILENAME", each.parameters.get("LABEL", "")))
        for each in entry.all("ATTACH")
        if (leads := link(each.value))
    ]
    streams = _streams(entry)
    found.stream = next(iter(streams), None)
    found.links += [each for each in streams.items() if each[0] != found.stream]
    if not found.title:
        found.title = first if len(first) <= LONGEST_TITLE else ""
        found.guessed.append(f"it has no title{': its first line is taken' if found.title else ''}")
    return found


def title(entry: Component) -> str:
    """Return the title of an entry on one line; empty if it has none."""
    return markup.plain(entry.text("SUMMARY")) or ""


def location(entry: Component) -> str:
    """Return the place of an entry on one line; empty if it has none."""
    return markup.plain(entry.text("LOCATION")) or ""


def geo(entry: Component) -> tuple[float, float] | None:
    """Return the latitude and longitude of an entry, None if it has none that can be."""
    apple = _GEO_URI.match(entry.text("X-APPLE-STRUCTURED-LOCATION"))
    uri = apple[1] if apple else ""
    return _coordinates(entry.text("GEO")) or _coordinates(uri)


def _coordinates(text: str) -> tuple[float, float] | None:
    first, _, second = text.replace(",", ";").partition(";")
    try:
        latitude, longitude = float(first), float(second)
    except ValueError:
        return None
    is_there = abs(latitude) <= 90 and abs(longitude) <= 180
    return (latitude, longitude) if is_there and (latitude or longitude) else None


def address(text: str) -> str | None:
    """Return a text that is a web address, as it is outside of HTML; None for any other."""
    text = text.strip().replace("&amp;", "&")
    return text if _ADDRESS.fullmatch(text) else None


def link(uri: str) -> str | None:
    """Return the web address that a property's URI is meant to be; None if it is none.

    Blanks in it are encoded, as browsers do; several addresses are none.
    """
    return address("%20".join(uri.split())) if uri.count("://") == 1 else address(uri)


def _streams(entry: Component) -> dict[str, str]:
    """Return where an entry can be watched or joined, and how that is called."""
    found: dict[str, str] = {}
    for each in (one for name in STREAMS for one in entry.all(name)):
        if leads := link(each.value):
            found.setdefault(leads, each.parameters.get("LABEL", ""))
    return found


def categories(entry: Component) -> list[str]:
    """Return the categories of an entry, each on one line."""
    named = [text for each in entry.all("CATEGORIES") for text in each.texts]
    return list(dict.fromkeys(filter(None, map(markup.plain, named))))


def _categories(entry: Component) -> tuple[str | None, str | None, list[str]]:
    """Return the kind, the track and the tags that an entry's categories are.

    What is before the kind is the track, as calsvc writes them; without a kind, a single
    category is one.
    """
    named = categories(entry)
    place = next((at for at, each in enumerate(named) if KINDS.fullmatch(each)), None)
    if place is None:
        return (None, named[0], []) if len(named) == 1 else (None, None, named)
    before, after = named[:place], named[place + 1 :]
    if len(before) == 1:
        return named[place], before[0], after
    if not before and len(after) == 1:
        return named[place], after[0], []
    return named[place], None, before + after


# --- people -------------------------------------------------------------------------------


def person(each: Property) -> str:
    """Return the name of an attendee or organizer; empty for who has just an address."""
    name = each.parameters.get("CN", "").strip().strip("\"'").strip()
    is_someone = each.parameters.get("CUTYPE", "").upper() not in _NO_PEOPLE
    return name if is_someone and "@" not in name else ""


def _attendees(entry: Component) -> Iterator[DraftPerson]:
    for each in entry.all("ATTENDEE"):
        if name := person(each):
            is_chair = each.parameters.get("ROLE", "").upper() == "CHAIR"
            yield DraftPerson(name, role="Chair" if is_chair else None)


def _described(found: DraftSession, entry: Component, *, names_people: bool) -> str:
    """Take the description and the people that its first lines name; return the line behind."""
    text, is_markdown = _words(entry)
    left = (_without_people(found, text) if names_people else text).strip()
    found.description = (left if is_markdown else literal(left)) or None
    return left.partition("\n")[0]


def _without_people(found: DraftSession, text: str) -> str:
    """Take the people that the first lines of a text name; return the lines behind them."""
    lines = text.split("\n")
    known = {each.name.casefold() for each in found.people}
    for place, line in enumerate(lines):
        if written := ROLES.fullmatch(line.strip()):
            people = named_people(written["role"], written["names"])
            found.people += [each for each in people if each.name.casefold() not in known]
        elif line.strip():
            return "\n".join(lines[place:])
    return ""


def named_people(role: str, names: str) -> Iterator[DraftPerson]:
    """Yield the people that a line ``Speaker: Ada Example, Analytical Engines`` names."""
    if _SEVERAL.search(role):
        for name in _NAMES.split(names)[:MOST_NAMES]:
            if name:
                yield DraftPerson(name, role=_role(role))
        return
    name, _, organization = names.partition(",")
    yield DraftPerson(name.strip(), organization.strip() or None, _role(role))


def _role(word: str) -> str | None:
    return None if word.casefold() in {"von", "by", "presented by"} else word.capitalize()


def _words(entry: Component) -> tuple[str, bool]:
    """Return an entry's description, and whether it is Markdown, made of HTML."""
    text, is_markdown = markup.words(entry.text("DESCRIPTION"))
    rich = entry.first("X-ALT-DESC") or entry.first("STYLED-DESCRIPTION")
    if rich and "html" in rich.parameters.get("FMTTYPE", "text/html").lower():
        styled, has_tags = markup.words(rich.text)
        if has_tags and {*_WORD.findall(text)} <= {*_WORD.findall(styled)}:
            return styled, True
    return text, is_markdown
