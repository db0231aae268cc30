"""calsvc turns the agendas of events into calendars that stay right by themselves.

::

     event file ──▶ Event ──▶ Schedule ──▶ blocks + zones ──▶ Feed ──▶ HTTP, command line
                    agenda/   schedule/    ical/, exporters/  ▲
                              kept forever                    │ selection: filters | itinerary

Left to right, never back.  A module imports only modules above it in this list, and the
same holds for the list at the head of each package; import-linter holds both.  Everything
above ``storage`` is pure, but for reading files: clock, randomness and connections are
arguments.

=================  ============================================================
``errors``         the one tree of errors, each with the parts that a caller needs
``config``         every setting, with default and help
``timezones``      strict local time → instant (pytz), exact compact VTIMEZONE
``translations/``  the languages, and a catalog of messages for each
``addresses``      every address of the contract
``answers``        a whole answer, and how HTTP sends it: conditions, compression
``agenda/``        what an organizer writes: the event file → ``Event``
``schedule/``      what is published of it, and what of that somebody chose
``ical/``          how calendars are written
``exporters/``     each format in which an event is published
``storage/``       SQLite or PostgreSQL: the only SQL
``releases``       a new version of an event, from its file, in storage
``watcher``        a folder whose changes are published
``links``          addresses by which each calendar program takes a feed
``live``           what requests read: the newest schedules, their blocks rendered once
``web/``           the site: pages, feeds, API
``server``         gunicorn around the app
``cli/``           the command line: each command a few lines over the functions above
=================  ============================================================

The words: an *event* is the conference; a *session* is something on its agenda;
a *slot* is one time and place of a session; a *part* is a session that belongs to
another one; a *schedule* is a published, numbered, never-changed snapshot of an
event; a *version* is the record of its publishing; an *entry* is one slot in a
schedule, with its uid and revision; a *block* is the bytes of one entry's VEVENT;
a *selection* is which entries a calendar holds, and a *display* how it shows them;
a *feed* is a whole answer.
"""

__version__ = "0.1.0"
