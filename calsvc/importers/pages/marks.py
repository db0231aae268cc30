"""What the tags, classes and attributes of a web page say of a piece of text.

schema.org's properties, hCalendar's classes and the usual names of themes are known, in one
table.
"""

import re
from datetime import datetime

from lxml import etree

from calsvc.importers.pages import bylines

SORTS = {
    "title": "title headline summary",
    "people": "speaker speakers presenter presenters author authors performer performers",
    "room": "room location venue hall place",
    "time": "time start dtstart startdate starttime hour hours when",
    "end": "end dtend enddate endtime",
    "duration": "duration length",
    "track": "track",
    "kind": "type category format",
    "description": "description abstract desc",
    "filler": "filler icon",
}
"""The last word of a class or property → what it marks."""
_SORTS = {word: sort for sort, words in SORTS.items() for word in words.split()}
SESSIONS = frozenset("vevent event session talk slot entry card item presentation".split())
"""Last words of classes of what may be one session."""
LONGEST = 300  # characters of what is marked as one field
MOST_SPANNED = 500


def sort(element: etree._Element, tag: str) -> str | None:
    """Return what an element is marked as; None without a mark, or for more than one field."""
    if tag in {"table", "tbody", "tr", "thead", "body", "html", "main", "ul", "ol"}:
        return None
    names = f"{element.get('itemprop') or ''} {element.get('class') or ''}"[:500]
    for name in names.split():
        if name == "value-title":
            return None  # hCalendar's way to say a moment, in its title
        *parts, last = re.split(r"[-_]+|(?<=[a-z])(?=[A-Z])", name)
        parts, last = [part.lower() for part in parts], last.lower()
        found = _SORTS.get(last)
        if any(_SORTS.get(part) == "people" for part in parts):
            found = "people" if last == "name" else None  # a speaker's title is no session's
        if found and (found == "description" or _is_short(element)):
            return found
    if tag in {"em", "i", "span", "small"} and _is_byline(element):
        return "people"
    if tag == "time":
        is_length = re.match(r"P(?:\d|T)", element.get("datetime") or "")
        return "duration" if is_length else "time"
    return None


def _is_byline(element: etree._Element) -> bool:
    """Tell whether names stand right behind what is bold: ``<b>Of Bags</b> <i>Ada Example</i>``."""
    before = element.getprevious()
    if before is None or before.tag not in {"b", "strong"} or (element.tail or "").strip():
        return False
    is_near = not (before.tail or "").strip(" \t\r\n-–—,|(")
    return is_near and bylines.are_names("".join(element.itertext()).strip(" \t\r\n-–—,|()"))


def is_session(element: etree._Element) -> bool:
    """Tell whether the class of an element says that it is one session."""
    names = (element.get("class") or "")[:500].lower().split()
    return any(re.split(r"[-_]+", name)[-1] in SESSIONS for name in names)


def _is_short(element: etree._Element) -> bool:
    count = 0
    for text in element.itertext():
        count += len(text.strip())
        if count > LONGEST:
            return False
    return True


def span(element: etree._Element, name: str) -> int:
    """Return how many rows or columns a cell spans."""
    value = (element.get(name) or "1").strip()
    return max(1, min(MOST_SPANNED, int(value))) if re.fullmatch(r"\d{1,4}", value) else 1


def instant(element: etree._Element) -> datetime | None:
    """Return the moment that an element has in an attribute, with its day; None without."""
    inside = element.xpath(".//*[contains(@class, 'value-title')]/@title")
    texts = [element.get(name) or "" for name in ("datetime", "content", "title")]
    texts += map(str, inside) if isinstance(inside, list) else []
    return next((found for text in texts if (found := moment(text))), None)


def moment(text: str) -> datetime | None:
    """Return a date with a time, in ISO 8601; None for anything else."""
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", text.strip()):
        return None
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1990 <= found.year < 2100 else None


def shown(element: etree._Element, tag: str) -> str | None:
    """Return the time of day that a ``<time>`` says in its attribute, in place of its text."""
    value = (element.get("datetime") or "").strip() if tag == "time" else ""
    return value if re.fullmatch(r"[012]\d:[0-5]\d", value) else None
