"""What changed in an event, as an Atom feed: one entry per version (RFC 4287)."""

from uuid import uuid5
from xml.etree import ElementTree

from calsvc.addresses import Addresses
from calsvc.answers import Body, Feed, Format
from calsvc.exporters.context import Context
from calsvc.schedule.entries import Schedule
from calsvc.schedule.identity import NAMESPACE, banner_uid
from calsvc.schedule.selection import Selection
from calsvc.schedule.versions import Version

ATOM = Format("atom", "application/atom+xml; charset=utf-8", is_compressed=True)
XMLNS = "http://www.w3.org/2005/Atom"


def atom_feed(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    """Return the feed of all changes of an event, the newest first, whatever the selection.

    Its ids contain no address, so they stay the same when the site moves.
    """
    event, addresses = schedule.event, context.addresses
    updated = max([schedule.published, *(version.updated for version in context.history)])
    root = ElementTree.Element("feed", xmlns=XMLNS)
    _add(root, "id", f"urn:uuid:{banner_uid(schedule.first_id)}")
    _add(root, "title", f"Changes of {event.name}")
    _add(root, "updated", updated.isoformat())
    _link(root, "self", addresses.feed(event.id, ATOM.suffix))
    _link(root, "alternate", addresses.changes(event.id))
    author = _add(root, "author")
    _add(author, "name", event.organizer.name if event.organizer else event.name)
    for version in context.history:
        _version(root, version, event.id, addresses)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Feed(Body(body), ATOM, updated, f"{event.id}.atom")


def _version(
    root: ElementTree.Element, version: Version, event_id: str, addresses: Addresses
) -> None:
    entry = _add(root, "entry")
    name = uuid5(NAMESPACE, f"{version.event_id}//version/{version.number}")
    _add(entry, "id", f"urn:uuid:{name}")
    _add(entry, "title", version.message or _title(version))
    _add(entry, "updated", version.updated.isoformat())
    _link(entry, "alternate", addresses.changes(event_id, version.place(event_id)))
    words = "\n".join(change.told() for change in version.changes) or "Nothing that people see."
    _add(entry, "content", words).set("type", "text")


def _title(version: Version) -> str:
    match version.changes:
        case ():
            return f"Version {version.number}"
        case (change,):
            return change.told()
    return f"Version {version.number}: {len(version.changes)} changes"


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = text
    return child


def _link(parent: ElementTree.Element, relation: str, address: str) -> None:
    ElementTree.SubElement(parent, "link", rel=relation, href=address)
