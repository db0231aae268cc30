"""calsvc turns the agendas of events into calendars that stay right by themselves.

::

     event file ──▶ Event ──▶ Schedule ──▶ blocks + zones ──▶ Feed ──▶ HTTP, command line
                    model     published                        ▲
                                                               │ selection: filters

Left to right, never back.  A module imports only modules above it in this list,
which ``tests/test_house.py`` holds; everything above ``live`` is pure: clock,
randomness and files are arguments.

===============  ==============================================================
``errors``       the one tree of errors, each with the parts that a caller needs
``config``       every setting, with default and help
``timezones``    strict local time → instant (pytz), exact compact VTIMEZONE
``values``       the texts, links, ids and colours that an agenda is made of
``slots``        ``Slot``, and the ways to write ``when``
``model``        ``Event``, ``Session``, ``Person``, ``Place``: the rules of an agenda
``eventfile``    the YAML event file → ``Event``; every error with file, line, column
``schedule``     ``publish(event, previous, now)`` → ``Schedule``
``selection``    filters from a query string, their canonical form
``vevent``       the table of what an entry says in a calendar; entry → block
``feeds``        selection + blocks + zones → ``Feed``
``live``         what requests read: the newest schedules, their blocks rendered once
``web/``         ``app`` (factory), ``feeds``, ``pages``
``server``       gunicorn around the app
``cli``          the command line: each command a few lines over the functions above
===============  ==============================================================

The words: an *event* is the conference; a *session* is something on its agenda;
a *slot* is one time and place of a session; a *part* is a session that belongs to
another one; a *schedule* is a published, numbered, never-changed snapshot of an
event; an *entry* is one slot in a schedule, with its uid and revision; a *block*
is the bytes of one entry's VEVENT; a *feed* is a whole answer.
"""

__version__ = "0.1.0"
