"""Schedules and personal calendars in SQLite or PostgreSQL: the only SQL.

A module imports only modules above it in this list.

===============  =======================================================================
``migrations/``  the steps that bring a database to its present shape
``database``     connections and transactions
``copies``       what each folder's file of an event said last
``schedules``    versions of schedules, appended and never altered
``calendars``    personal calendars, found by the hashes of their keys
===============  =======================================================================
"""
