"""How people and programs write times, texts and lists, whatever the format.

A module imports only modules above it in this list.

============  ==========================================================================
``clocks``    clock times as people write them: ``9–9:45 am``, ``1030a``, ``~noon``
``daynames``  what months and weekdays are called
``halves``    which half of the day they are in: 1:00 after 12:00 is 13:00
``literals``  plain text → Markdown that says the same
``markup``    HTML → Markdown, or a plain line; other texts stay
``instants``  days, times and durations as programs write them
``trees``     what stands where in JSON of any shape
``elements``  XML, if a source is that
``remarks``   what a reader tells beside the sessions, counted
============  ==========================================================================
"""
