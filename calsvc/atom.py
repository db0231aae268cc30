"""What changed in an event, as an Atom feed: one entry a version (RFC 4287)."""

from uuid import uuid5
from xml.etree import ElementTree

from calsvc.feeds import Feed
from calsvc.identity import NAMESPACE, banner_uid
from calsvc.live import LiveEvent
from calsvc.storage import Version

ATOM = "http://www.w3.org/2005/Atom"


def atom_feed(live_event: LiveEvent, base_url: str) -> Feed:
    """Return the feed of an event's changes, the newest first.

    Its ids hold no address, so they stay when the site moves.
    """
    event = live_event.schedule.event
    home = f"{base_url}/events/{event.id}/"
    published = [version.published for version in live_event.history]
    updated = max(published, default=live_event.schedule.published)
    root = ElementTree.Element("feed", xmlns=ATOM)
    _add(root, "id", f"urn:uuid:{banner_uid(event)}")
    _add(root, "title", f"Changes of {event.name}")
    _add(root, "updated", updated.isoformat())
    _link(root, "self", f"{base_url}/events/{event.id}.atom")
    _link(root, "alternate", f"{home}changes/")
    author = _add(root, "author")
    _add(author, "name", event.organizer.name if event.organizer else event.name)
    for version in live_event.history:
        _version(root, version, f"{home}changes/#version-{version.number}")
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return Feed(body, updated, f"{event.id}.atom")


def _version(root: ElementTree.Element, version: Version, address: str) -> None:
    entry = _add(root, "entry")
    name = uuid5(NAMESPACE, f"{version.event_id}//version/{version.number}")
    _add(entry, "id", f"urn:uuid:{name}")
    _add(entry, "title", version.message or _title(version))
    _add(entry, "updated", version.published.isoformat())
    _link(entry, "alternate", address)
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
