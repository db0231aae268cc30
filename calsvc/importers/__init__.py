"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ Drawing ──────▶ Merge ──▶ event file
                       sources    readers   the mapping of   what changes in
                                            an event file    a file that is there

A reader is lenient, and guesses nothing in silence; ``agenda/eventfile`` checks what is made
of its draft as it checks any event file.

A module imports only modules above it in this list.

=================  =====================================================================
``sources``        the octets that are imported, as text, JSON or XML
``networks``       which addresses are open to all
``pasted``         addresses of pages → those of the files on them
``archives``       files, folders and archives → sources
``targets``        addresses that are fetched, in parts
``fetching``       an address or a path → a source
``drafts``         ``Draft``: what a reader found
``clocks``         clock times as people write them: ``9–9:45 am``, ``1030a``, ``~noon``
``halves``         which half of the day they are in: 1:00 after 12:00 is 13:00
``markup``         HTML → Markdown, or a plain line; other texts stay
``instants``       days, times and durations as programs write them
``trees``          what stands where in JSON of any shape
``remarks``        what a reader tells beside the sessions, counted
``frab_times``     when an event of a frab schedule is
``own_frab``       what calsvc wrote into a frab schedule, read back
``frab``           a frab schedule as a draft
``frab_xml``       frab, pretalx, Pentabarf and wafer, in XML
``frab_json``      the same in JSON, and c3voc's version 2
``sessionize``     Sessionize's API: All, GridSmart, Sessions
``pretalx``        pretalx's API and widget
``hoverboard``     the site of Google developer groups
``open_event``     Open Event: a folder of JSON files, or JSON:API
``indico``         Indico's export of an event or a timetable
``own_table``      what calsvc wrote into a table, read back
``moments``        the times and lengths of calendars
``components``     what calendars are made of
``contentlines``   calendar files → components
``jcal``           calendars as JSON → components
``recurrence``     the rules by which something repeats
``tzids``          which zone a calendar means
``entries``        an entry of a calendar as a session
``ownfeeds``       what calsvc wrote into an entry, read back
``whereabouts``    rooms, and the venue that they share
``occasions``      when entries are
``repeats``        entries that repeat → one for each time
``calendars``      a calendar → a draft
``days``           day headings: ``Tuesday, May 1``, ``Day 2``, ``12.02.2025``
``passages``       a page as a stream of lines and tables, with links
``timelines``      days and sessions in the order of a page, which get their times together
``bylines``        who is in a session: ``Speaker Ada Example,Engines``
``titles``         a title, apart from the links, people and rooms beside it
``pieces``         some lines of a page that are one session
``tableheads``     what the columns of a table on a page are
``pagetables``     tables of an agenda page
``listings``       lines of an agenda page
``pages``          an agenda page, whatever it is written in → ``Draft``
``plaintext``      pages as text
``marks``          what tags, classes and attributes of HTML say
``microdata``      schema.org events in a page
``webpages``       pages in HTML
``markdown``       pages in Markdown
``dates``          days as cells of tables have them: ``16.10.``, ``9/18/15``, ``Day 2``
``cells``          what one cell holds: a text, a moment, a length of time, people
``headings``       what columns are called, in four languages
``columns``        which column holds which field, by its name and contents
``timing``         when the rows of a table are, by all of their times together
``rows``           the rows of a table → sessions
``sections``       a sheet of cells → tables: where each header is
``grids``          a sheet → rows of a list, or of a grid of times against rooms
``delimited``      CSV, TSV and their like
``workbooks``      a spreadsheet → sheets of cells, in a process of its own
``spreadsheets``   XLSX, ODS, XLS and XLSB
``references``     what the ids in data files stand for
``nests``          days in rooms in tracks → rows
``records``        YAML, JSON, TOML, JavaScript and XML of site generators
``table``          each format with its reader, recognised by content
``apart``          reading in a process of its own, within limits
``texts``          foreign texts, addresses and languages as event files accept them
``kinds``          what kind of session the words of a source mean
``persons``        the people of a draft → those of an event file
``ends``           when a session ends of which only the start is known
``zones``          in which zone an agenda is
``showings``       the times of a draft → ``when``
``drawing``        a draft → the mapping of an event file
``sheets``         that mapping as YAML that a person likes to read
``snapshots``      what a source said at the last import
``recognizing``    which session of a source is which of an event file
``merging``        a later state of a source → what changes in an event file
``keylines``       the lines that hold a key, and what comes in their place
``itemlines``      the lines that hold the sessions, likewise
``revising``       those changes in the file's text, of which all else stays as it is
``updating``       an import from its source to its files
``guard``          why a change of a source is not to be believed
``held``           what waits for a person to take or drop it
``following``      sources that are looked at again and again
=================  =====================================================================
"""
