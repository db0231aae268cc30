"""Agenda pages: HTML, Markdown and plain text.

A module imports only modules above it in this list.

===============  ========================================================================
``days``         day headings: ``Tuesday, May 1``, ``Day 2``, ``12.02.2025``
``passages``     a page as a stream of lines and tables, with links
``timelines``    days and sessions in the order of a page, which get their times together
``bylines``      who is in a session: ``Speaker Ada Example,Engines``
``titles``       a title, apart from the links, people and rooms beside it
``pieces``       some lines of a page that are one session
``tableheads``   what the columns of a table on a page are
``fieldrows``    rows of a table whose cells are the fields of one session
``pagetables``   tables of an agenda page
``beginnings``   where sessions begin: times in one order, however a page has them
``listings``     lines of an agenda page
``pages``        an agenda page, whatever it is written in → ``Draft``
``plaintext``    pages as text
``frontmatter``  the fields that site generators keep above a page
``marks``        what tags, classes and attributes of HTML say
``microdata``    schema.org events in a page
``webpages``     pages in HTML
``markdown``     pages in Markdown
===============  ========================================================================
"""
