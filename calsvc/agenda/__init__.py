"""What an organizer writes: the event file, its keys and values, and the errors in it.

A module imports only modules above it in this list.

=================  =======================================================================
``quoting``        values as messages have them
``fields``         the texts, links and ids that an agenda is made of
``colors``         the colours that CSS has a name for
``plaintext``      descriptions, written in Markdown, as plain text
``titles``         titles that say that something is cancelled
``places``         ``Place`` and ``Room``
``people``         ``Person``, and the ways to write one
``organizations``  names that read like those of organizations
``kinds``          the kinds of sessions, and what people are in each
``days``           when a day ends, and what belongs to it
``names``          which spellings are one name, and how addresses have it
``slots``          ``Slot``: one time and place of a session
``when``           the ways to write ``when``
``mentions``       what an event names beside its sessions
``outline``        session ids, which sessions are parts of which, and errors in both
``model``          ``Event`` and ``Session``: the rules of an agenda
``follow``         the source that an event file follows or repairs
``keys``           the keys of event files, and which of them an unknown one stands for
``review``         probable mistakes in an agenda, which may be intended
``folder``         the event files of a folder, and what in it is not read
``formerly``       what event files were called before, and what is wrong between several
``yamlfile``       a YAML 1.2 file as plain values, with the position of each
``writing``        what is doubtful in how an event file is written
``spelling``       one spelling for each room and each track
``eventfile``      the event file → ``Event``; every error with file, line, column
=================  =======================================================================
"""
