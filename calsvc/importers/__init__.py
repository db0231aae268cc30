"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ the mapping of an event file ──▶ YAML
                       sources    readers   drawing

A reader is lenient and guesses nothing silently; ``agenda/eventfile`` checks what is made of
its draft as it checks any event file.

A module imports only modules above it in this list.

===============  =======================================================================
``sources``      the octets that are imported, as text, JSON or XML
``drafts``       ``Draft``: what a reader found
``markup``       HTML → Markdown, or a plain line; other texts stay
``instants``     days, times and durations as programs write them
``trees``        what stands where in JSON of any shape
``remarks``      what a reader tells beside the sessions, counted
``frab_times``   when an event of a frab schedule is
``frab``         a frab schedule as a draft
``frab_xml``     frab, pretalx, Pentabarf and wafer, in XML
``frab_json``    the same in JSON, and c3voc's version 2
``sessionize``   Sessionize's API: All, GridSmart, Sessions
``pretalx``      pretalx's API and widget
``hoverboard``   the site of Google developer groups
``open_event``   Open Event: a folder of JSON files, or JSON:API
``indico``       Indico's export of an event or a timetable
``table``        each format with its reader, recognised by content
===============  =======================================================================
"""
