"""Sources that are looked at again and again.

A module imports only modules above it in this list.

=============  =========================================================================
``guard``      why a change of a source is not to be believed
``held``       what waits for a person to take or drop it
``repairs``    a calendar → a right one, which goes on from what was made of it last
``following``  sources that are looked at again and again
=============  =========================================================================
"""
