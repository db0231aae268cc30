"""Each format in which an event is published, with the function that makes it.

The web has an address for each row of ``EXPORTERS``, and ``calsvc export`` writes each, so
a new format takes only a row here.
"""

from collections.abc import Callable, Collection
from typing import NamedTuple

from calsvc.answers import Feed, Format
from calsvc.exporters.atom import ATOM, atom_feed
from calsvc.exporters.context import Context
from calsvc.exporters.frabjson import FRAB_JSON, frab_json
from calsvc.exporters.frabxml import FRAB_XML, frab_xml
from calsvc.exporters.jcal import JCAL, jcal_feed
from calsvc.exporters.spreadsheet import CSV, csv_table
from calsvc.ical.feeds import ICALENDAR, event_feed
from calsvc.schedule.entries import Schedule
from calsvc.schedule.selection import FILTERS, OPTIONS, Selection

Export = Callable[[Schedule, Selection, Context], Feed]


class Exporter(NamedTuple):
    """One format of an event."""

    format: Format
    export: Export
    filters: Collection[str] = FILTERS
    options: Collection[str] = OPTIONS
    is_history: bool = False
    """Whether it tells of published versions, and nothing without them."""
    offered: str = ""
    """What the link to it on the event's page says; empty where other links lead to it."""


def _icalendar(schedule: Schedule, selection: Selection, context: Context) -> Feed:
    return event_feed(context.blocks, selection)


EXPORTERS: dict[str, Exporter] = {
    exporter.format.suffix: exporter
    for exporter in (
        Exporter(ICALENDAR, _icalendar),
        Exporter(ATOM, atom_feed, filters=(), options=(), is_history=True),  # always all changes
        Exporter(CSV, csv_table, offered="CSV"),
        Exporter(FRAB_XML, frab_xml, offered="schedule.xml"),
        Exporter(FRAB_JSON, frab_json, offered="schedule.json"),
        Exporter(JCAL, jcal_feed, offered="jCal"),
    )
}
"""By the suffix of the event's address."""
