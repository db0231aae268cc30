"""Doors that anybody can throw anything at, and what is thrown at them.

``python -m tests.fuzzing DOOR --inputs 100000 --seed 7`` throws many inputs at one door, and
``test_doors.py`` a few at each.  Input ``n`` of a seed is always the same one.

A door is a module of this package with a function ``door``: a context manager that yields a
``Door`` (``throwing``).  Its name on the command line has hyphens for underscores.

==============  ========================================================================
``throwing``    what a door is, and the loop that throws
``mutations``   how an input is made of seeds and of what does harm elsewhere
``octets``      files that were damaged, of those in ``seeds/``
``wording``     what a message to people must be
``rendered``    the documents of a schedule, held against the rules of each format
``sites``       the site behind the web's doors, and what every answer must be
``addresses``   paths and query strings
``headers``     headers of a request
``bodies``      bodies of forms and of the API, also half-sent and unreadable ones
``keys``        keys in paths, cookies, headers and forms
``event_file``  event files that hold anything
``importers``   foreign agendas of any format
``doctor``      calendars that the doctor examines
``feeds``       any text in every field of an event, read in its feed
``pages``       the same, seen on its pages
==============  ========================================================================
"""
