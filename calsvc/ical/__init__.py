"""How calendars are written (RFC 5545, 7986).

A module imports only modules above it in this list.

===============  =======================================================================
``contentline``  the values of properties, escaped
``spoken``       days and times in words
``vevent``       the table of an entry's properties in a calendar; entry → block
``blocks``       the blocks of one schedule, each rendered once; the zones they need
``feeds``        selection + blocks + zones → ``Feed``
``digests``      what tells that the bytes of a calendar changed
===============  =======================================================================
"""
