"""The rules, in tables by what they look at.

None of these modules imports another.

===============  =======================================================================
``octets``       what a file is at all, and its octets
``lines``        how lines end and are folded
``spelling``     how properties are written: names and parameters
``structure``    where calendars and components begin and end
``contents``     what calendars hold, and what may be where in them
``calendar``     what a calendar says of itself: version, method, source
``naming``       the name, the color and the zone that it gives itself
``refreshing``   how often a calendar is fetched, and how much
``zones``        which zones there are, and their names
``observances``  how a VTIMEZONE is written
``onsets``       when clocks change by a VTIMEZONE
``shifts``       what VTIMEZONEs say, beside the tz database
``identities``   uids of entries
``revisions``    stamps of entries
``times``        how times are written
``clocks``       which moments local times are
``lengths``      when entries end
``recurrences``  entries that repeat
``overrides``    what a series leaves out, adds or changes
``texts``        the words of entries
``escapes``      how texts are written
``details``      whether entries are on, take up time, and are for all
``people``       attendees and organizers
``alarms``       reminders
``places``       where entries are
``links``        addresses and files of entries
``answers``      what a server answers
``caching``      how a server tells whether a calendar has changed
``askers``       what a server answers to those who ask in other ways
``addresses``    the address of a calendar, and where it leads to
``stamps``       how entries mark that they have changed
``changing``     which entries come and go, and under which uids
``surroundings`` what moves around the entries
===============  =======================================================================
"""

from typing import Any

from calsvc.doctor.changes import Change
from calsvc.doctor.documents import Document
from calsvc.doctor.findings import Rule
from calsvc.doctor.rules import (
    addresses,
    alarms,
    answers,
    askers,
    caching,
    calendar,
    changing,
    clocks,
    contents,
    details,
    escapes,
    identities,
    lengths,
    lines,
    links,
    naming,
    observances,
    octets,
    onsets,
    overrides,
    people,
    places,
    recurrences,
    refreshing,
    revisions,
    shifts,
    spelling,
    stamps,
    structure,
    surroundings,
    texts,
    times,
    zones,
)
from calsvc.doctor.visits import Visit

FILES: tuple[Rule[Document], ...] = (
    *octets.RULES,
    *lines.RULES,
    *spelling.RULES,
    *structure.RULES,
    *contents.RULES,
    *calendar.RULES,
    *naming.RULES,
    *refreshing.RULES,
    *zones.RULES,
    *observances.RULES,
    *onsets.RULES,
    *shifts.RULES,
    *identities.RULES,
    *revisions.RULES,
    *times.RULES,
    *clocks.RULES,
    *lengths.RULES,
    *recurrences.RULES,
    *overrides.RULES,
    *texts.RULES,
    *escapes.RULES,
    *details.RULES,
    *people.RULES,
    *alarms.RULES,
    *places.RULES,
    *links.RULES,
)
"""About a calendar file."""
ANSWERS: tuple[Rule[Visit], ...] = (
    *answers.RULES,
    *caching.RULES,
    *askers.RULES,
    *addresses.RULES,
)
"""About how a server answers."""
ADDRESSES: tuple[Rule[Visit], ...] = addresses.SPELLING
"""Those of them that need no answer."""
CHANGES: tuple[Rule[Change], ...] = (*stamps.RULES, *changing.RULES, *surroundings.RULES)
"""About what moves between two states of a calendar."""
ALL: tuple[Rule[Any], ...] = (*FILES, *ANSWERS, *CHANGES)
"""Each of them, whatever it looks at."""
