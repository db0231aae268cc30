"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ Drawing ──────▶ Merge ──▶ event file
                       sources    readers   the mapping of   what changes in
                                            an event file    a file that is there

A reader is lenient, and guesses nothing in silence; ``agenda/eventfile`` checks what is made
of its draft as it checks any event file.

A module imports only modules above it in this list, and the same holds for the list at the head
of each package.

==============  ========================================================================
``fetch/``      a file, a folder, an archive or an address → ``Source``
``drafts``      ``Draft``: what a reader found
``formats``     what each format is called
``habits/``     how people and programs write times and texts
``tools/``      readers of what conference tools export
``ics/``        readers of calendars
``tables/``     readers of spreadsheets, CSV and data files
``pages/``      readers of agenda pages
``confined``    a module in a process of its own, within limits of time and memory
``apart``       reading in such a process
``reading``     that process: each format with its reader, recognised by content
``drawing/``    a draft → the mapping of an event file
``updating/``   a new event file, or what changes in one that is there
``following/``  sources that are looked at again and again
==============  ========================================================================
"""
