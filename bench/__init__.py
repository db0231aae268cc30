"""How fast calsvc is, beside a web server with static files and beside what others do.

``python -m bench`` runs everything side by side on one machine in one run.  What is compared
takes turns, round by round, so a busy machine slows all of it alike, and the ratios stay.
None of that checks that calsvc is right; README.md beside this file has the tables.

``python -m bench.faults``, ``python -m bench.soak`` and ``python -m bench.machines`` do check: each
answer while something fails, under load with workers that are killed, and of a site on many
machines.

===============  ==============================================================
``agendas``      the events that are served, small and large
``peers``        the same agenda as other libraries write it, anew for each request
``loader``       many requests over few connections, where there is no wrk
``load``         requests for some seconds, and how they were answered
``processes``    servers in processes of their own: their CPU time and memory
``sites``        calsvc and its rivals as servers, and what is stored for them
``stored``       very many personal calendars, stored in bulk
``rounds``       contenders that take turns, and medians of their rounds
``requests``     what is asked of whom: feeds, personal calendars, pages
``making``       what it takes to make a feed, in one process
``costs``        how that grows with sessions, events and filters
``growth``       servers with more sessions, and with more events
``tables``       what came out, as Markdown
``chart``        the same as a picture
``subscribers``  people and programs that check every answer for being right
``faults``       what they get while something fails
``programs``     calendar programs as they poll
``editions``     what is published in turn, and whether an answer is of it
``soak``         a site under all that happens to one
``cluster``      three PostgreSQL servers under Patroni
``crowd``        all who use a site of several copies, and check its answers
``machines``     that site, while one machine after the other is in trouble
===============  ==============================================================
"""
