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
``clocks``       clock times as people write them: ``9–9:45 am``, ``1030a``, ``~noon``
``halves``       which half of the day they are in: 1:00 after 12:00 is 13:00
``table``        each format with its reader, recognised by content
===============  =======================================================================
"""
