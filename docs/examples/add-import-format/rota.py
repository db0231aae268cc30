"""The rota of a small meeting: lines such as ``09:00 45 Welcome (Hall A)``."""

import re
from datetime import datetime, timedelta

from calsvc.errors import SourceError
from calsvc.importers.drafts import Draft, DraftSession, Wishes
from calsvc.importers.fetch.sources import Source
from calsvc.importers.habits import instants
from calsvc.importers.habits.remarks import Remarks

FIRST_LINE = "ROTA 1"
LINE = re.compile(r"(?P<start>\S+) (?P<minutes>\d{1,4}) (?P<title>.+?)(?: \((?P<room>.+)\))?")


def recognises(source: Source) -> bool:
    """Tell whether a source is surely a rota, by its first line."""
    return source.octets.startswith(FIRST_LINE.encode())


def read(source: Source, wishes: Wishes) -> Draft:
    """Return the sessions of a rota.  Raises ``SourceError`` for what is none."""
    first, *lines = source.text.splitlines()
    if first != FIRST_LINE:
        raise SourceError(source.name, "is no rota", f"let its first line be {FIRST_LINE}")
    if wishes.date is None:
        raise SourceError(source.name, "does not say on which day it is", "give --date")
    midnight = datetime.combine(wishes.date, datetime.min.time())
    draft, remarks = Draft(), Remarks()
    for line in lines:
        found = LINE.fullmatch(line.strip())
        clock = instants.clock(found["start"]) if found else None
        if found is None or clock is None:
            remarks.add("lines that cannot be read", repr(line))
            continue
        start = midnight + clock
        end = start + timedelta(minutes=int(found["minutes"]))
        draft.sessions.append(
            DraftSession(found["title"], start=start, end=end, room=found["room"])
        )
    draft.left_out = remarks.lines()
    return draft
