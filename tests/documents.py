"""Documents of an event in each format, each at an address with a query string."""

import csv
import io
import json
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from conftest import BASE_URL

from calsvc.addresses import Addresses
from calsvc.answers import Feed
from calsvc.exporters.context import Context
from calsvc.exporters.table import EXPORTERS
from calsvc.ical.blocks import Blocks
from calsvc.schedule.entries import Schedule
from calsvc.schedule.query import selection_of

SHORT = """
    name: Conf
    timezone: Europe/Berlin
    dates: {from: 2027-06-15, to: 2027-06-17}
    venue: {name: House, address: Street 1}
    color: teal
    image: https://conf.example/logo.png
    tracks: [{name: Data, color: red}, Web]
    rooms: [Hall B, Hall A]
    sessions:
      - id: early
        title: Early
        when: 2027-06-15 05:30-06:30
      - id: opening
        title: "Opening <b> & =1+1"
        kind: opening
        when: 2027-06-15 09:00-09:30
        room: Hall A
        track: Data
        language: de
        level: Everybody
        tags: [start, party]
        url: https://conf.example/opening
        stream: https://live.example/a
        people:
          - {name: Ada Example, organization: Engines, role: host, url: "https://ada.example/"}
          - Bob Example
        description: "# Welcome\\n\\n- to *all*\\n- =2+2"
        links: [{url: "https://conf.example/paper", title: Paper}, "https://conf.example/more"]
      - {id: panel, title: Panel, kind: panel, when: 2027-06-15 09:00-09:30, room: Hall B}
      - {id: party, title: Party, kind: social, when: 2027-06-15 23:00-01:30+1}
      - {id: night, title: Night, when: "2027-06-15 24:30-25:00"}
      - {id: gone, title: Gone, status: cancelled, when: 2027-06-17 09:00-10:00}
      - {id: maybe, title: Maybe, status: tentative, when: 2027-06-17 11:00-12:00}
      - id: posters
        title: Posters
        kind: poster-session
        when: [2027-06-17 12:00-13:00, {start: 2027-06-17 15:00, duration: 60, room: Hall B}]
        room: Hall A
      - {id: poster, title: Poster, kind: poster, part_of: posters, people: [Cy, Dee]}
      - {id: far, title: Far, when: {start: "2027-06-17 21:00", duration: 45, timezone: Asia/Tokyo}}
      - {id: waiting, title: Waiting, track: Web}
"""
"""An agenda with something for each rule; it has no talks on its second day."""


def document(schedule: Schedule, suffix: str, query: str = "") -> Feed:
    """Return an event in the format of a suffix, at an address with this query string."""
    addresses = Addresses(BASE_URL)
    context = Context(addresses, Blocks(schedule, addresses))
    return EXPORTERS[suffix].export(schedule, selection_of(parse_qsl(query)), context)


def json_of(schedule: Schedule, suffix: str, query: str = "") -> Any:
    """Return an event as JSON, read: ``schedule.json`` or jCal."""
    return json.loads(document(schedule, suffix, query).body)


def xml_of(schedule: Schedule, query: str = "") -> ElementTree.Element:
    """Return an event as ``schedule.xml``, read."""
    return ElementTree.fromstring(document(schedule, "xml", query).body)  # noqa: S314


def rows_of(schedule: Schedule, query: str = "") -> list[dict[str, str]]:
    """Return an event as CSV, read: a row each, by its columns."""
    text = document(schedule, "csv", query).body.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def talks_of(found: Any) -> list[dict[str, Any]]:
    """Return the talks of a ``schedule.json``, in its order."""
    days = found["schedule"]["conference"]["days"]
    return [talk for day in days for talks in day["rooms"].values() for talk in talks]
