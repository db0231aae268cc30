"""What an organizer writes: the event file, its keys and values, and what is wrong with it.

A module imports only modules above it in this list.

=============  =========================================================================
``fields``     the texts, links, ids and colours that an agenda is made of
``slots``      ``Slot``, and the ways to write ``when``
``outline``   ids, what is a part of what, and what is wrong with that
``model``      ``Event``, ``Session``, ``Person``, ``Place``: the rules of an agenda
``review``     what is probably a mistake in an agenda, but may be meant
``yamlfile``   a YAML 1.2 file as plain values, with the place of each
``eventfile``  the event file → ``Event``; every error with file, line, column
``folder``     the event files of a folder, and what in it is not read
=============  =========================================================================
"""
