"""frab and Pentabarf schedules in XML, as frab, pretalx, wafer and many others write them.

The tree of elements becomes the tree of objects that ``frab`` reads.  Elements are known
by their names alone, wherever they stand: some programs leave out days or rooms, and some
put all in a namespace.
"""

from typing import Any

from lxml import etree

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import trees
from calsvc.importers.habits.elements import root_of
from calsvc.importers.tools import frab, own_frab
from calsvc.importers.tools.frab import Shown

EVENTS = frozenset({"event", "entry"})
"""An entry is EuroPython's name for an event, with other names within, too."""
RENAMED = {"category": "type", "audience": "level", "topics": "tags", "speakers": "persons"}
DEEPEST = 12  # elements above an event


def recognises(source: Source) -> bool:
    """Tell whether it is XML whose root is a schedule, with days, events or a conference."""
    root = root_of(source)
    return root is not None and _name(root) == "schedule" and _is_schedule(root)


def _is_schedule(root: etree._Element) -> bool:
    return any(_name(each) in EVENTS or _name(each) == "conference" for each in root.iter())


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the draft of a schedule in XML.

    Raises ``SourceError`` for what is none.
    """
    root = root_of(source)
    if root is None or not _is_schedule(root):
        what = "is no frab schedule in XML: it has no <conference> and no <event>"
        raise SourceError(source.name, what, "give a schedule.xml, or name its format by --from")
    conference: dict[str, Any] = {}
    for element in root.iter():
        if _name(element) == "conference":
            conference = _fields(element)
            break
    for name in ("tracks", "rooms"):
        if lists := [child for child in root if _name(child) == name]:
            conference.setdefault(name, [_fields(each) for each in lists[0]])
    for element in root:
        if _name(element) == "generator":
            conference["generator"] = _fields(element)
    if own_frab.is_own(conference):
        named = (each for each in root.iter() if _name(each) == "room" and each.get("guid"))
        conference["rooms"] = [dict(each.attrib) for each in named]
    days: dict[etree._Element, dict[str, Any]] = {}
    shown = [_shown(each, days) for each in root.iter() if _name(each) in EVENTS]
    return frab.read(conference, shown, wishes)


def _shown(element: etree._Element, days: dict[etree._Element, dict[str, Any]]) -> Shown:
    """Return an event with what its day and room say, among the elements around it."""
    shown = Shown(_event(element))
    for depth, around in enumerate(element.iterancestors()):
        if depth > DEEPEST:
            break
        if _name(around) == "room" and shown.room is None:
            shown.room = trees.line(around.get("name"))
        elif _name(around) == "day":
            shown.day = days.setdefault(around, dict(around.attrib))
            break
    return shown


def _event(element: etree._Element) -> dict[str, Any]:
    event = _fields(element)
    for child in element:
        name = RENAMED.get(_name(child), _name(child))
        if name in {"persons", "links", "attachments"}:
            event[name] = [_fields(each) for each in child if _name(each)]
        elif name == "tags":
            event["tags"] = [_text(each) for each in child if _name(each)]
        elif name in RENAMED.values() and (text := _text(child)):
            event.setdefault(name, text)
    return event


def _fields(element: etree._Element) -> dict[str, Any]:
    """Return attributes and the texts of the elements within, by name; the first one counts.

    The element's own text is its ``name``, and its ``title`` where it is a link.
    """
    fields: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        name = _name(child)
        if name in {"tracks", "rooms"}:
            fields.setdefault(name, [_fields(each) for each in child if _name(each)])
        elif name and (text := _text(child)):
            fields.setdefault(name, text)
    if own := (element.text or "").strip():
        fields.setdefault("title" if "href" in fields else "name", own)
    return fields


def _text(element: etree._Element) -> str:
    """Return the text of an element: of XHTML, too, its markup is kept."""
    if not len(element):
        return (element.text or "").strip()
    parts = [element.text or ""]
    parts += [etree.tostring(child, encoding="unicode") for child in element]
    return "".join(parts).strip()


def _name(element: etree._Element) -> str:
    """Return the local name of an element; empty for comments and the like."""
    return _local(element.tag) if isinstance(element.tag, str) else ""


def _local(name: Any) -> str:
    return str(name).rpartition("}")[2]
