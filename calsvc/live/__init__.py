"""What requests read, and how it is kept new.

A module imports only modules above it in this list.

==============  ========================================================================
``watermarks``  the newest versions that workers of one server have served
``bulletin``    what a server tells operators of itself, by its first process too
``memory``      finished bodies that a process remembers, within a number of octets
``announced``   one event without its sessions: what a site tells of it among others
``event``       one event: its newest schedule, its blocks rendered once, its feeds
``served``      one version of an event, announced at all times, and whole when asked for
``events``      the events of the site
``recorder``    what this copy writes of each event, so that stamps move when bytes do
``reader``      from what is stored to what is served
``follower``    what is new in storage → memory
==============  ========================================================================
"""
