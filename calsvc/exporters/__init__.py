"""Each format in which an event is published.

A module imports only modules above it in this list.

===========  ===========================================================================
``context``  what an exporter needs besides the schedule and the selection
``atom``     what changed in an event, as an Atom feed
``jsonld``   an event or a session as search engines read it, inside pages
``table``    the table of formats, by the suffix of the address
===========  ===========================================================================
"""
