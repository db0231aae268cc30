"""The site that people and calendar programs see.

A module imports only modules above it in this list.

==================  ====================================================================
``markdown``        descriptions as HTML and as plain words
``locale``          the language of a page, and names of kinds and roles in it
``dates``           dates, times and time zones for the reader of a page
``models``          what the API takes and gives
``grid``            days, rows and lanes of an agenda
``clients``         calendar programs, and the systems that they run on
``filters``         the filters that a page offers, and those that its address has
``stars``           a reader's own choice, on a page that was rendered for everybody
``templating``      what templates can say
``caching``         how Flask sends what ``answers`` decides; pages that are remembered
``limits``          how often one caller may do something
``site``            the site that requests read, of the application that answers
``auth``            who asks: keys, cookies, origins
``personal``        personal calendars, as the API and My calendar share them
``chosen``          a person's choice by day, with what overlaps
``contexts``        what the templates of an agenda and of a session are given
``error_handlers``  how errors answer
``views/``          the blueprints
``app``             the Flask application
==================  ====================================================================
"""
