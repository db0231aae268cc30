"""What is published of an event, how it differs from before, and what somebody chose of it.

A module imports only modules above it in this list.

===============  =======================================================================
``entries``      ``Schedule``, ``Entry``, ``Content``: what is published
``identity``     which uid each slot has, so that calendars know it again
``publishing``   ``publish(event, previous, now)`` → ``Schedule``
``phrases``      what differs between an entry before and after, for any language
``differences``  what differs between two schedules; when and where entries were before
``versions``     the record of each act of publishing
``losses``       what a new version would lose of the one before, perhaps by accident
``copies``       which copy of an event file is an edit, and which an old copy
``display``      how a calendar shows entries: reminders, busy time, cancellations
``selection``    filters: which entries a feed holds; their canonical form
``query``        the query string of an address → ``Selection``
``itineraries``  ``Itinerary``, its keys, adding and removing, overlaps
===============  =======================================================================
"""
