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
``answers``      what a server answers
``caching``      how a server tells whether a calendar has changed
``askers``       what a server answers to those who ask in other ways
``addresses``    the address of a calendar, and where it leads to
``changing``     what moves between two states of a calendar
===============  =======================================================================
"""

from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import (
    addresses,
    answers,
    askers,
    caching,
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
ANSWERS: tuple[Rule[Visit], ...] = (
    *answers.RULES,
    *caching.RULES,
    *askers.RULES,
    *addresses.RULES,
)
"""About how a server answers."""
CHANGES: tuple[Rule[Change], ...] = changing.RULES
"""About what moves between two states of a calendar."""
