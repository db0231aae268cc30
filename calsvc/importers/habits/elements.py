"""XML, if a source is that: its elements alone, since it resolves no entity and fetches nothing."""

from lxml import etree

from calsvc.agenda.quoting import said
from calsvc.errors import SourceError
from calsvc.importers.fetch.sources import Source


def root_of(source: Source) -> etree._Element | None:
    """Return the root of the XML document that the octets are; None if they are none.

    Raises ``SourceError`` for XML that is broken, or that declares entities.
    """
    head = source.octets[:2000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head.startswith(b"<") or head.startswith((b"<!doctype html", b"<html")):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(source.octets, parser)
    except etree.XMLSyntaxError as error:
        if not head.startswith(b"<?xml"):
            return None  # a page in HTML, or a text that begins with a tag
        what = f"is broken XML: {said(error)}"
        raise SourceError(source.name, what, "fetch or export it again") from error
    except ValueError:
        return None
    if root.getroottree().docinfo.internalDTD is not None and b"<!entity" in head:
        what = "declares entities of its own"
        raise SourceError(source.name, what, "export it without <!ENTITY>")
    return root
