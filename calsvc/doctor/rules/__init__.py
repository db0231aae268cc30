"""The rules, in tables by what they look at.

None of these modules imports another.

===============  =======================================================================
``octets``       the octets and lines of a file
``calendar``     a calendar as a whole
``zones``        VTIMEZONEs
``identities``   uids and stamps of entries
``times``        when entries are
``recurrences``  entries that repeat
``texts``        the words of entries
``details``      what else entries have
``answers``      how a server answers
``changing``     what moves between two states of a calendar
===============  =======================================================================
"""

from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import (
    answers,
    calendar,
    changing,
    details,
    identities,
    octets,
    recurrences,
    texts,
    times,
    zones,
)
from calsvc.doctor.visits import Visit

FILES: tuple[Rule[Document], ...] = (
    *octets.RULES,
    *calendar.RULES,
    *zones.RULES,
    *identities.RULES,
    *times.RULES,
    *recurrences.RULES,
    *texts.RULES,
    *details.RULES,
)
"""About a calendar file."""
ANSWERS: tuple[Rule[Visit], ...] = answers.RULES
"""About how a server answers."""
CHANGES: tuple[Rule[Change], ...] = changing.RULES
"""About what moves between two states of a calendar."""
