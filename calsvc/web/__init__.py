"""The site that people and calendar programs see.

The pages are in ``templates``; in ``static`` are the stylesheets and the scripts: of pages, of
copies without network (offline.js, the service worker, and copies.js), and of other sites
(embed.js, elements.js, calendar.js, looks.js).

A module imports only modules above it in this list.

==================  ====================================================================
``markdown``        descriptions as HTML and as plain text
``locale``          the language of a page, and its names for kinds and roles
``dates``           dates and times for the reader of a page
``zones``           the time zone of a page, and what people call it
``models``          the requests and responses of the API
``grid``            the days of an agenda
``plan``            a day as a table of rooms and times
``present``         what is on now and next
``neighbours``      what stands around a session
``agents``          which family of programs asks
``resources``       what an address is of, and in which form
``figures``         what the processes of one server count
``clients``         calendar programs, and the systems on which they run
``filters``         the filters that a page offers, and those in its address
``stars``           a reader's own choice, on a page that was rendered for everybody
``templating``      the filters and functions of templates
``caching``         how Flask sends what ``answers`` decides; remembered pages
``sent``            answers as WSGI has them, in front of Flask
``face``            the site's own name, logo and links
``bounds``          how much of a request is let in, in front of Flask
``policies``        the headers by which browsers guard pages
``limits``          how often one client may do something
``census``          how many personal calendars there are
``site``            what the views of one application share
``auth``            who sent a request: keys, cookies, origins
``operators``       who may read what operators should know
``finished``        finished feeds, sent again in front of Flask
``personal_feeds``  personal feeds, in front of Flask too
``metrics``         the figures as Prometheus reads them
``personal``        personal calendars, for both the API and My calendar
``chosen``          a person's choice by day, with its overlaps
``coming``          which events are still to come
``mine``            the pages of My calendar
``contexts``        the variables of the templates of agendas and sessions
``near_misses``     addresses that lead nowhere, and which ones they may mean
``redirects``       from other addresses of pages to their present ones
``error_handlers``  the answers for errors
``busy``            the answers where there is no time for another
``troubles``        why a calendar was not examined
``diagnoses``       what is wrong with a calendar, as the doctor's page tells it
``views/``          the blueprints
``app``             the Flask application
==================  ====================================================================
"""
