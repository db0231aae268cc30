"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ the mapping of an event file ──▶ YAML
                       sources    readers   drawing

A reader is lenient and guesses nothing silently; ``agenda/eventfile`` checks what is made of
its draft as it checks any event file.

A module imports only modules above it in this list.

================  ======================================================================
``sources``       the octets that are imported, as text, JSON or XML
``drafts``        ``Draft``: what a reader found
``clocks``        clock times as people write them: ``9–9:45 am``, ``1030a``, ``~noon``
``halves``        which half of the day they are in: 1:00 after 12:00 is 13:00
``markup``        HTML → Markdown, or a plain line; other texts stay
``instants``      days, times and durations as programs write them
``trees``         what stands where in JSON of any shape
``remarks``       what a reader tells beside the sessions, counted
``frab_times``    when an event of a frab schedule is
``frab``          a frab schedule as a draft
``frab_xml``      frab, pretalx, Pentabarf and wafer, in XML
``frab_json``     the same in JSON, and c3voc's version 2
``sessionize``    Sessionize's API: All, GridSmart, Sessions
``pretalx``       pretalx's API and widget
``hoverboard``    the site of Google developer groups
``open_event``    Open Event: a folder of JSON files, or JSON:API
``indico``        Indico's export of an event or a timetable
``dates``         days as cells of tables have them: ``16.10.``, ``9/18/15``, ``Day 2``
``cells``         what one cell holds: a text, a moment, a length of time, people
``headings``      what columns are called, in four languages
``columns``       which column holds which field, by its name and contents
``timing``        when the rows of a table are, by all of their times together
``rows``          the rows of a table → sessions
``sections``      a sheet of cells → tables: where each header is
``grids``         a sheet → rows of a list, or of a grid of times against rooms
``delimited``     CSV, TSV and their like
``workbooks``     a spreadsheet → sheets of cells, in a process of its own
``spreadsheets``  XLSX, ODS, XLS and XLSB
``references``    what the ids in data files stand for
``nests``         days in rooms in tracks → rows
``records``       YAML, JSON, TOML, JavaScript and XML of site generators
``table``         each format with its reader, recognised by content
================  ======================================================================
"""
