"""The server: granian's worker processes around the application.

::

     granian ──▶ Gateway ──▶ finished feeds ──▶ granian      one thread, which never waits
                    │                             ▲
                    └──▶ lane: threads ───────────┘          for what takes time: personal feeds,
                                                             and by WSGI all else

granian reads requests and sends answers, in threads of Rust.  One thread of Python, by asyncio,
answers what is finished in memory; a request for anything else goes to the threads of its lane
once it is whole.  So no client that is silent or slow, and no storage that hangs, keeps others
waiting.

A module imports only modules above it in this list.

=============  =======================================================================
``calls``      a whole request, and what the application answers to it (WSGI)
``lanes``      threads for what takes time: pages, what is read, changes, health
``gateway``    how each request is answered (RSGI, granian's own interface)
``processes``  granian, its workers, and a clean stop on SIGTERM
=============  =======================================================================
"""
