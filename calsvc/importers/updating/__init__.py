"""That mapping → a new event file, or what changes in one that is there.

A module imports only modules above it in this list.

===============  =======================================================================
``sheets``       that mapping as YAML that a person likes to read
``snapshots``    what a source said at the last import
``recognizing``  which session of a source is which of an event file
``merging``      a later state of a source → what changes in an event file
``keylines``     the lines that hold a key, and what comes in their place
``itemlines``    the lines that hold the sessions, likewise
``revising``     those changes in the file's text, of which all else stays as it is
``updating``     an import from its source to its files
===============  =======================================================================
"""
