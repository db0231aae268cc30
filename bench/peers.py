"""The same agenda as other libraries write it, anew for each request, as all known peers do.

Each function takes short cuts that calsvc does not: its DTSTAMP is the current time, so bytes
differ from second to second, and there are no revisions, cancellations or languages.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import icalendar
from flask import Flask, Response
from granian import Granian
from granian.constants import Interfaces

from calsvc.schedule.entries import Entry, Schedule


def by_icalendar(entries: list[Entry]) -> bytes:
    """Write entries with icalendar."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//example//plain//EN")
    calendar.add("version", "2.0")
    for entry in entries:
        if slot := entry.content.slot:
            component = icalendar.Event()
            component.add("uid", str(entry.uid))
            component.add("dtstamp", datetime.now(UTC))
            component.add("dtstart", slot.local_start)
            component.add("dtend", slot.local_end)
            component.add("summary", entry.content.title)
            component.add("location", entry.content.room or "")
            component.add("description", entry.content.description or "")
            calendar.add_component(component)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def by_ical(entries: list[Entry]) -> bytes:
    """Write entries with ical."""
    calendar_module, event_module = import_module("ical.calendar"), import_module("ical.event")
    stream = import_module("ical.calendar_stream").IcsCalendarStream
    calendar = calendar_module.Calendar()
    for entry in entries:
        if slot := entry.content.slot:
            calendar.events.append(
                event_module.Event(
                    uid=str(entry.uid),
                    start=slot.start,
                    end=slot.end,
                    summary=entry.content.title,
                    location=entry.content.room or "",
                    description=entry.content.description or "",
                )
            )
    return bytes(stream.calendar_to_ics(calendar), "utf-8")


def by_ics(entries: list[Entry]) -> bytes:
    """Write entries with ics."""
    ics = import_module("ics")
    calendar = ics.Calendar()
    for entry in entries:
        if slot := entry.content.slot:
            calendar.events.add(
                ics.Event(
                    name=entry.content.title,
                    begin=slot.start,
                    end=slot.end,
                    uid=str(entry.uid),
                    location=entry.content.room or "",
                    description=entry.content.description or "",
                )
            )
    return bytes(calendar.serialize(), "utf-8")


def by_vobject(entries: list[Entry]) -> bytes:
    """Write entries with vobject."""
    calendar = import_module("vobject").iCalendar()
    for entry in entries:
        if slot := entry.content.slot:
            component = calendar.add("vevent")
            component.add("uid").value = str(entry.uid)
            component.add("dtstart").value = slot.start
            component.add("dtend").value = slot.end
            component.add("summary").value = entry.content.title
            component.add("location").value = entry.content.room or ""
            component.add("description").value = entry.content.description or ""
    return bytes(calendar.serialize(), "utf-8")


WRITERS: dict[str, Callable[[list[Entry]], bytes]] = {
    "icalendar": by_icalendar,
    "ical": by_ical,
    "ics": by_ics,
    "vobject": by_vobject,
}


def is_installed(name: str) -> bool:
    """Tell whether a library is there."""
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def plain_app(schedule: Schedule) -> Flask:
    """Return a site with one view, which writes the agenda with icalendar for each request."""
    app = Flask(__name__)
    entries = list(schedule.entries)

    @app.get("/agenda.ics")
    def agenda() -> Response:
        return Response(by_icalendar(entries), content_type="text/calendar; charset=utf-8")

    return app


def main(port: str, workers: str, schedule: str) -> None:
    """Serve the schedule in a file by ``plain_app``, as calsvc itself is served."""
    app = plain_app(Schedule.model_validate_json(Path(schedule).read_bytes()))
    server = Granian(
        "bench.peers",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=int(workers),
        log_enabled=False,
    )
    server.serve(target_loader=lambda *_: app, wrap_loader=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
