"""What is published of an event, how it changed, and what a calendar selects from it.

A module imports only modules above it in this list.

===============  =======================================================================
``entries``      ``Schedule``, ``Entry``, ``Content``: what is published
``numbers``      how many sessions and posters there are
``matching``     which showing of a session before is the same as one that it has now
``identity``     which uid each slot has, so that calendars know it again
``moves``        when and where an entry was before it moved
``publishing``   ``publish(event, previous, now)`` → ``Schedule``
``phrases``      differences between two states of an entry, in any language
``differences``  differences between two schedules; when and where entries were before
``versions``     the record of each publication
``losses``       what a new version would lose of the one before, perhaps by accident
``copies``       which copy of an event file is an edit, and which an old copy
``renaming``     which version an event goes on from whose file gets another name
``returns``      what is published again as it was, above a floor of numbers
``redaction``    a text, such as a name, taken out of what is stored
``absences``     texts that were taken out, known by their digests alone
``display``      how a calendar shows entries: reminders, busy time, cancellations
``words``        the words of many texts, for searches in them
``selection``    filters: which entries a feed holds; their canonical form
``query``        the query string of an address → ``Selection``
``renditions``   stamps for changes from outside the schedule
``itineraries``  ``Itinerary`` and its keys; adding, removing, overlaps
===============  =======================================================================
"""
