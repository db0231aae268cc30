"""Tables: spreadsheets, CSV, and the data files of site generators.

A module imports only modules above it in this list.

================  ======================================================================
``own_table``     what calsvc wrote into a table, read back
``dates``         days as cells of tables have them: ``16.10.``, ``9/18/15``, ``Day 2``
``cells``         what one cell holds: a text, a moment, a length of time, people
``headings``      what columns are called, in four languages
``commas``        what commas between names of people stand between
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
================  ======================================================================
"""
