"""The formats in which an event is published.

A module imports only modules above it in this list.

===========  ===========================================================================
``context``  what an exporter needs besides a schedule and a selection
``atom``     what changed in an event, as an Atom feed
``jsonld``   an event or a session as search engines read it, inside pages
``table``    the table of exporters, by the suffix of the address
===========  ===========================================================================

The table has no ``jsonld``, which stands in pages and has no address of its own.
"""
