"""The site that people and calendar programs see.

A module imports only modules above it in this list, which ``tests/test_house.py`` holds.

==============  =================================================================
``caching``     compressed, with an ETag, remembered
``prose``       descriptions as HTML and as plain words
``words``       languages, dates, times and zones for people
``answers``     what the API takes and gives
``agenda``      days, rows and lanes of an agenda
``filters``     what an agenda can be asked for, and what it is
``stars``       a reader's own choice, on a page that was rendered for everybody
``templating``  what templates can say
``desk``        personal calendars: who asks, and what may be done
``choice``      a person's choice by day
``errors``      how errors answer
``feeds``       calendars
``subscribe``   how to subscribe, program by program
``pages``       the site, its agendas and sessions
``my``          My calendar
``embed``       what other sites show of this one
``api``         JSON
``app``         the Flask application
==============  =================================================================
"""
