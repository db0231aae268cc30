"""Schedules and personal calendars in SQLite or PostgreSQL: the only SQL.

A module imports only modules above it in this list.

===============  =======================================================================
``migrations/``  the steps that bring a database to its present schema
``gate``         who may ask storage, and when
``patience``     how long storage is waited for
``retries``      what is tried again because another one wrote at the same time
``urls``         where a database is
``readers``      a connection of one thread, for the look-up of one value
``database``     connections and transactions
``versions``     versions as rows of a table
``clocktimes``   clock times for versions that were stored with instants alone
``copies``       what each folder's file of an event said last
``notices``      what publishers tell operators
``restored``     when backups were taken and brought back, and above which numbers all goes on
``snapshots``    SQLite files as a whole: copied, examined, put in place
``summaries``    the newest versions without their sessions
``stored``       an event as it stands in storage, in few octets
``absences``     texts that were taken out of events, as digests
``schedules``    versions of schedules, appended one after the other
``redactions``   a text, such as a name, taken out of all versions of an event
``renditions``   what was written last of each event
``calendars``    personal calendars, found by the hashes of their keys
``restoring``    a backup in the place of a database
===============  =======================================================================
"""
