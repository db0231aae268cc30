"""calsvc turns the agendas of events into calendars that stay right by themselves.

::

     event file ──▶ Event ──▶ Schedule ──▶ blocks + zones ──▶ Feed ──▶ HTTP, command line
                    model     published,                      ▲
                              kept forever                    │ selection: filters | itinerary

Left to right, never back.  A module imports only modules above it in this list, which
``tests/test_house.py`` holds; everything above ``database`` is pure, but for reading
files: clock, randomness and connections are arguments.

===============  ==============================================================
``errors``       the one tree of errors, each with the parts that a caller needs
``config``       every setting, with default and help
``timezones``    strict local time → instant (pytz), exact compact VTIMEZONE
``values``       the texts, links, ids and colours that an agenda is made of
``slots``        ``Slot``, and the ways to write ``when``
``model``        ``Event``, ``Session``, ``Person``, ``Place``: the rules of an agenda
``review``       what is probably a mistake in an agenda, but may be meant
``document``     a YAML 1.2 file as plain values, with the place of each
``eventfile``    the event file → ``Event``; every error with file, line, column
``schedule``     ``Schedule``, ``Entry``, ``Content``: what is published
``identity``     which uid each slot has, so that calendars know it again
``publishing``   ``publish(event, previous, now)`` → ``Schedule``
``facts``        what differs between an entry before and after, in words
``changes``      what differs between two schedules, in parts for any language
``selection``    filters from a query string, their canonical form
``contentline``  the values of properties, escaped
``itineraries``  ``Itinerary``, its keys, adding and removing, overlaps
``vevent``       the table of what an entry says in a calendar; entry → block
``feeds``        selection + blocks + zones → ``Feed``
``migrations/``  the steps that bring a database to its present shape
``database``     SQLite or PostgreSQL: connections and transactions
``storage``      versions of schedules, appended and never altered
``calendars``    personal calendars, found by the hashes of their keys
``publisher``    event files → storage
``watcher``      a folder whose changes are published
``links``        addresses by which each calendar program takes a feed
``live``         what requests read: the newest schedules, their blocks rendered once
``jsonld``       an event or a session as search engines read it
``atom``         what changed in an event, as an Atom feed
``web/``         the site: pages, feeds, API
``server``       gunicorn around the app
``cli/``         the command line: each command a few lines over the functions above
===============  ==============================================================

The words: an *event* is the conference; a *session* is something on its agenda;
a *slot* is one time and place of a session; a *part* is a session that belongs to
another one; a *schedule* is a published, numbered, never-changed snapshot of an
event; an *entry* is one slot in a schedule, with its uid and revision; a *block*
is the bytes of one entry's VEVENT; a *feed* is a whole answer.
"""

__version__ = "0.1.0"
