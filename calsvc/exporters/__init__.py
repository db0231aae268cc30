"""The formats in which an event is published.

A module imports only modules above it in this list.

===============  =======================================================================
``context``      what an exporter needs besides a schedule and a selection
``atom``         what changed in an event, as an Atom feed
``jsonld``       an event or a session as search engines read it, inside pages
``jcal``         the calendar of an event as JSON
``frab``         what the two frab formats have in common: days, rooms and talks
``frabjson``     ``schedule.json``
``frabxml``      ``schedule.xml``
``spreadsheet``  a table for spreadsheets: CSV
``table``        the table of exporters, by the suffix of the address
===============  =======================================================================

The table has no ``jsonld``, which stands in pages and has no address of its own.
"""
