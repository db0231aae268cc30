"""What requests read, and how it is kept new.

A module imports only modules above it in this list.

==============  ========================================================================
``watermarks``  the newest versions that workers of one server have served
``bulletin``    what the first process of a server tells its workers
``memory``      finished bodies that a process remembers, within a number of octets
``event``       one event: its newest schedule, its blocks rendered once, its feeds
``events``      the events of the site
``recorder``    what this copy writes of each event, so that stamps move when bytes do
``follower``    what is new in storage → memory
==============  ========================================================================
"""
