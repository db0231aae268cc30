"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ the mapping of an event file ──▶ YAML
                       sources    readers   drawing

A reader is lenient and guesses nothing silently; ``agenda/eventfile`` checks what is made of
its draft as it checks any event file.

A module imports only modules above it in this list.

================  ======================================================================
``sources``       the octets that are imported, as text, JSON or XML
``networks``      which addresses are open to all
``pasted``        addresses of pages → those of the files on them
``archives``      files, folders and archives → sources
``targets``       addresses that are fetched, in parts
``fetching``      an address or a path → a source
``drafts``        ``Draft``: what a reader found
``moments``       the times and lengths of calendars
``components``    what calendars are made of
``contentlines``  calendar files → components
``jcal``          calendars as JSON → components
``recurrence``    the rules by which something repeats
``tzids``         which zone a calendar means
``entries``       an entry of a calendar as a session
``ownfeeds``      what calsvc wrote into an entry, read back
``whereabouts``   rooms, and the venue that they share
``occasions``     when entries are
``repeats``       entries that repeat → one for each time
``calendars``     a calendar → a draft
``table``         each format with its reader, recognised by content
================  ======================================================================
"""
