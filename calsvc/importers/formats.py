"""The formats that can be imported, as the command line and messages name them.

``reading`` has the reader of each.  This module imports none of them, nor the parsers that they
bring along: most commands and servers read no foreign agenda.
"""

FORMATS = {
    "ics": "iCalendar (.ics)",
    "jcal": "jCal, calendars as JSON",
    "frab-xml": "frab, Pentabarf (schedule.xml)",
    "frab-json": "frab, c3voc (schedule.json)",
    "sessionize": "Sessionize (API)",
    "pretalx": "pretalx (API)",
    "hoverboard": "Hoverboard (GDG)",
    "open-event": "Open Event, eventyay",
    "indico": "Indico (export)",
    "spreadsheet": "XLSX, ODS, XLS",
    "csv": "CSV, TSV",
    "data": "YAML, JSON, TOML or XML of a site",
    "html": "agenda page (HTML)",
    "markdown": "agenda page (Markdown)",
    "text": "agenda as text",
}
"""What people know each format as, by the name that ``--from`` has for it."""
