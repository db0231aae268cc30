"""What an organizer writes: the event file, its keys and values, and the errors in it.

A module imports only modules above it in this list.

=============  =========================================================================
``fields``     the types of an agenda's texts, links, ids and colours
``slots``      ``Slot``, and the ways to write ``when``
``outline``    session ids, which sessions are parts of which, and errors in both
``model``      ``Event``, ``Session``, ``Person``, ``Place``: the rules of an agenda
``review``     probable mistakes in an agenda, which may be intended
``formerly``   what event files were called before, and what is wrong between several
``yamlfile``   a YAML 1.2 file as plain values, with the position of each
``eventfile``  the event file → ``Event``; every error with file, line, column
=============  =========================================================================
"""
