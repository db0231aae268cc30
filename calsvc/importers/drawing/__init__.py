"""A draft → the mapping of an event file.

A module imports only modules above it in this list.

============  ==========================================================================
``texts``     foreign texts, addresses and languages as event files accept them
``kinds``     what kind of session the words of a source mean
``persons``   the people of a draft → those of an event file
``ends``      when a session ends of which only the start is known
``zones``     in which zone an agenda is
``showings``  the times of a draft → ``when``
``drawing``   a draft → the mapping of an event file
============  ==========================================================================
"""
