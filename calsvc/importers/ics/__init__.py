"""Calendars, as files (RFC 5545) and as JSON (RFC 7265).

A module imports only modules above it in this list.

================  ======================================================================
``moments``       the times and lengths of calendars
``components``    what calendars are made of
``contentlines``  calendar files → components
``jcal``          calendars as JSON → components
``recurrence``    the rules by which something repeats
``tzids``         which zone a calendar means
``entries``       an entry of a calendar as a session
``leftovers``     what entries say that no event file can hold
``ownfeeds``      what calsvc wrote into an entry, read back
``whereabouts``   rooms, and the venue that they share
``occasions``     when entries are
``repeats``       entries that repeat → one for each time
``uids``          which entries are the same, and their uids
``calendars``     a calendar → a draft
================  ======================================================================
"""
