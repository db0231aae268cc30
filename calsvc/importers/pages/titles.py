"""The title of a session, apart from what people put beside it: links, people, rooms, tracks."""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin

from calsvc.importers.drafts import DraftPerson
from calsvc.importers.pages import bylines
from calsvc.importers.pages.passages import Run, Words, words

MATERIAL = re.compile(
    r"[\[(]?(?:[\w.&+-]+ ){0,4}(?:videos?|slides?|slide deck|recordings?|pdf|pptx?|paper|preprint"
    r"|folien|materials?|notes|code|repo|github|abstract|bio|details?|more|read more|more info"
    r"|link|website|zoom|live ?stream|stream|youtube|watch|download|ical|notebook|handout)[\])]?",
    re.IGNORECASE,
)
"""Words of links that are about a session, and not its title."""
SEPARATOR = re.compile(r"[\s\-–—|,;:/·•]*")
ROOM = re.compile(
    r"(?P<before>.*?)[\s\-–—|,;(]*\b(?:room|raum|location|venue|where|place|ort|salle|sala|lieu)\s*"
    r":\s*(?P<room>[^()]+?)\)?\s*",
    re.IGNORECASE,
)
LED = re.compile(
    r"(?P<before>.+?)(?:(?:\s*[.,;(–—]|\s+-)\s*(?P<line>(?:co-?)?(?:leads?|speakers?|moderators?"
    r"|hosts?|chairs?|presenters?|facilitators?|panell?ists?|instructors?|with|by)\b:?\s.+)"
    r"|\s+(?P<beside>(?:by|led by|presented by|given by|(?:co-?)?(?:leads?|speakers?|moderators?"
    r"|hosts?|chairs?|presenters?|facilitators?|panell?ists?|instructors?):)\s.+))",
    re.IGNORECASE,
)
"""Who is in a session, at the end of its title; ``with`` alone can be a part of that."""
EMPTY = re.compile(r"\(\s*[,|/]?\s*\)|\[\s*\]")
"""What is left where links to slides stood."""
NAMED = re.compile(r"(?:title|titel|titre|título)\s*:\s*(?=\S)", re.IGNORECASE)
TRACK = re.compile(
    r"(?:track|stream|strand|theme|schiene|parcours)\b.*|.+\b(?:track|stream|strand)", re.IGNORECASE
)
LONGEST = 400  # characters of a title that has people or rooms beside it
BEHIND = {
    "dash": re.compile(r"(?P<title>.+?)\s+[-–—|]\s+(?P<who>[^()]*(?:\([^()]*\))?)"),
    "brackets": re.compile(r"(?P<title>.+?)\s*\((?P<who>[^()]+)\)"),
    "front": re.compile(r"(?P<who>[^:]{4,60}):\s+(?P<title>.+)"),
}
"""Where names can stand beside a title: ``Title - Ada Example``, ``Title (Ada Example)``."""


@dataclass
class Title:
    """A title, and what stood beside it."""

    text: str
    url: str | None = None
    room: str | None = None
    people: list[DraftPerson] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


def read(line: Words, address: str | None = None) -> Title:
    """Return the title that a line has; ``address`` is that of the page, for its links."""
    kept, links = _without_materials(line)
    people: list[DraftPerson] = []
    urls = [(run.url, run.text) for run in kept.runs if run.url]
    if len(urls) > 1 and (found := _linked_people(kept)):
        kept, people = found
        urls = [(run.url, run.text) for run in kept.runs if run.url]
    text = NAMED.sub("", kept.text.strip(" -–—|,;*_").lstrip(": "), count=1)
    text = " ".join(EMPTY.sub("", text).split())
    title = Title(text or line.text, people=people)
    is_short = len(title.text) <= LONGEST
    if is_short and (match := ROOM.fullmatch(title.text)):
        title.room = match["room"].strip()
        title.text = match["before"].strip() or title.text
    match = LED.fullmatch(title.text) if is_short else None
    if match and (line_of := bylines.read(match["line"] or match["beside"])):
        title.text = match["before"].rstrip(" -–—|,;(")
        title.people += line_of.people()
    whole = [url for url, label in urls if label and len(label) * 2 > len(kept.text)]
    title.url = absolute(whole[0], address) if whole else None
    others = [(url, label) for url, label in urls if url not in whole[:1]]
    title.links = [
        (there, label.strip(" []()"))
        for url, label in (*others, *links)
        if url and (there := absolute(url, address))
    ]
    return title


def absolute(url: str, address: str | None) -> str | None:
    """Return the whole address of a link; None where that cannot be known, or is no page."""
    try:
        url = urljoin(address or "", url.strip())
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) else None


def behind(text: str, place: str) -> tuple[str, str] | None:
    """Return a title without the names that stand at a place beside it, and those."""
    if len(text) > LONGEST or not (match := BEHIND[place].fullmatch(text)):
        return None
    if place == "dash" and (last := re.search(r".*\s[-–—|]\s+", text)):
        title, who = re.sub(r"\s+[-–—|]\s+$", "", last[0]), text[last.end() :]
    else:
        title, who = match["title"], match["who"]
    return (title.strip(), who.strip()) if title.strip() and bylines.are_names(who) else None


def track_and_room(text: str) -> tuple[str | None, str | None]:
    """Return the track and the room that the head of a column names."""
    text = text.strip(" *_:")[:LONGEST]
    if match := ROOM.fullmatch(text):
        return match["before"].strip(" -–—|,;(") or None, match["room"].strip()
    return (text, None) if TRACK.fullmatch(text) else (None, text or None)


def _without_materials(line: Words) -> tuple[Words, list[tuple[str, str]]]:
    """Return a line without its links to slides and the like, and those."""
    links = [(run.url, run.text.strip()) for run in line.runs if run.url and _is_material(run)]
    if not links or len(links) == len(line.runs):
        return line, []
    kept: list[Run] = []
    is_after = False
    for run in line.runs:
        if run.url and _is_material(run):
            is_after = True
            continue
        if is_after and not run.url:
            between = SEPARATOR.match(run.text)
            rest = run.text[between.end() :] if between else run.text
            if not rest.strip():
                continue
            comma = ", " if between and "," in between[0] else " "
            run = Run(comma + rest)
        elif is_after and run.url and kept:
            kept[-1] = kept[-1]._replace(text=re.sub(r"[\s\-–—|,]+$", "", kept[-1].text))
            run = Run(", " + run.text, run.url)
        kept.append(run)
        is_after = False
    pieces = [
        each._replace(text=re.sub(r"\s+[-–—|]\s*$", "", each.text)) if _ends(line, each) else each
        for each in kept
    ]
    return words(pieces), links


def _ends(line: Words, run: Run) -> bool:
    """Tell whether a material stands right behind a run."""
    place = line.runs.index(run) if run in line.runs else -1
    return 0 <= place < len(line.runs) - 1 and _is_material(line.runs[place + 1])


def _is_material(run: Run) -> bool:
    return bool(run.url) and MATERIAL.fullmatch(run.text.strip()) is not None


def _linked_people(line: Words) -> tuple[Words, list[DraftPerson]] | None:
    """Return a line without the links to people that stand last, and those people."""
    if not line.runs[0].url:
        return None
    for place in range(1, len(line.runs) - 1):
        between, run = line.runs[place], line.runs[place + 1]
        is_last = "".join(each.text for each in line.runs[place + 2 :]).strip(" -–—|,;") == ""
        if re.fullmatch(r"\s*[-–—|,]\s*", between.text) and run.url and is_last:
            if bylines.are_names(run.text.strip()):
                return words(line.runs[:place]), bylines.listed(run.text)
    return None
