"""The site as files: the public pages and feeds of every event, for any web server.

A module imports only modules above it in this list.

=============  =========================================================================
``inventory``  which addresses of a site are files, and the file of each
``headers``    what servers of files should say of them
``folder``     a folder that is changed as a whole, and only where something changed
``building``   the site as the application answers, written into a folder
=============  =========================================================================

Files have the addresses and the bytes of the served site, so a site can move from one to the
other, and no subscription notices.
"""
