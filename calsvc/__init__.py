"""calsvc turns the agendas of events into calendars that stay right by themselves.

::

     foreign agenda
       │  importers/: once, or again and again
       ▼
     event file ──▶ Event ──▶ Schedule ──▶ blocks + zones ──▶ Feed ──▶ HTTP, command line
                    agenda/   schedule/    ical/, exporters/  ▲
                              kept forever                    │ selection: filters | itinerary

Data flows from left to right, never back: what is imported goes into an event file, and from
there on as what people write does.  A module imports only modules above it in this list, and
the same holds for the list at the head of each package, but for the blueprints in
``web/views/``: none of them imports another.  import-linter enforces all of that.
Of what is above ``storage``, only ``importers/`` and ``doctor/`` act: they fetch addresses, and
start processes that read for them; ``importers/`` writes event files, too.  All else there is
pure, except that it reads files and settings and draws new edit keys: clock and connections are
arguments.

=================  ============================================================
``errors``         the one tree of errors, each with the fields that its callers need
``config``         every setting, with its default and help
``zone_names/``    which zone a city, an abbreviation or a misspelt name means
``timezones``      strict local time → UTC instant (pytz); exact, compact VTIMEZONEs
``translations/``  the languages, and the message catalog of each
``addresses``      the addresses that calendars, feeds and other sites hold
``answers``        ``Feed``, ``Format``, ``Cache``; complete HTTP answers: 304, 412, compression
``agenda/``        what an organizer writes: the event file → ``Event``
``schedule/``      what is published of an agenda, and what a calendar selects from it
``importers/``     foreign agendas → event files, once or again and again
``doctor/``        what is wrong with a calendar feed, anybody's, and for whom
``ical/``          how calendars are written
``exporters/``     the formats in which an event is published
``storage/``       SQLite or PostgreSQL: the only SQL
``releases``       publishing for good: an event file → a new version in storage
``watcher``        publishing whatever changes in a folder of event files
``links``          addresses that open a feed or an entry in each calendar program
``live/``          what requests read: the newest schedules, and how they are kept new
``web/``           the site: pages, feeds, API
``staticsite/``    the site as files, for any web server
``server/``        granian around the app: what is answered at once, and what in threads
``cli/``           the command line: each command a few lines over the functions above
=================  ============================================================

Terms: an *event* is the conference; a *session* is something on its agenda; a *slot*
is one time and place of a session; a *part* is a session that belongs to another one,
its *whole*; a *schedule* is a published, numbered, immutable snapshot of an event; a
*version* is the record of its publication; an *entry* is one slot in a schedule, with
its uid and revision; a *block* is the bytes of one entry's VEVENT; a *selection* says
which entries a calendar holds, and a *display* how it shows them; a *feed* is a
complete document in one format.
"""

__version__ = "1.0.0"
