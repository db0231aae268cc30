"""What is imported: a file, a folder, an archive or an address → a source.

A module imports only modules above it in this list.

=============  ==========================================================================
``sources``    the octets that are imported, as text or JSON
``networks``   which addresses are open to all
``pasted``     addresses of pages → those of the files on them
``archives``   files, folders and archives → sources
``targets``    addresses that are fetched, in parts
``exchanges``  one request to an address, and its answer
``fetching``   an address or a path → a source
=============  ==========================================================================
"""
