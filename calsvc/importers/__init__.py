"""Foreign agendas → event files that people can read, and go on editing.

::

     file, address ──▶ Source ──▶ Draft ──▶ Drawing ──────▶ Merge ──▶ event file
                       sources    readers   the mapping of   what changes in
                                            an event file    a file that is there

A reader is lenient, and guesses nothing in silence; ``agenda/eventfile`` checks what is made
of its draft as it checks any event file.

A module imports only modules above it in this list.

============  ==========================================================================
``drafts``    ``Draft``: what a reader found
``formats``   each format with its reader, recognised by content
``apart``     reading in a process of its own, within limits
============  ==========================================================================
"""
