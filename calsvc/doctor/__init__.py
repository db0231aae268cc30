"""What is wrong with a calendar feed, anybody's, and what it does in each calendar program.

::

     file, address ──▶ Document, Visit, Change ──▶ rules ──▶ findings ──▶ report

A module imports only modules above it in this list.

================  ======================================================================
``clients``       the calendar programs that suffer from a fault, and how
``vocabulary``    the names that the standards have, and those of calendar programs
``documents``     a calendar file as its lines and components, each with its place
``values``        times and lengths as the standard writes them
``series``        what the rule of an entry that repeats can mean
``offsets``       what VTIMEZONEs make of local times, and the tz database
``judgements``    how the VTIMEZONEs of a file differ from the tz database
``examples``      examples of rules, each put into a sound calendar
``findings``      what a rule is, and what it finds
``robots``        what a /robots.txt lets a robot fetch
``visits``        what a server says to those who fetch a calendar
``visiting``      an address → a visit
``accounts``      visits written down, as examples have them
``changes``       two states of one calendar
``rules/``        the rules, in tables
``examination``   all rules, over what there is to look at
``report``        findings as text, as JSON and as SARIF
``sources``       where to read more, with addresses
``reach``         which entries a finding is about
``picture``       what each program would show
``patients``      calendars under examination, for as long as it takes
``consultation``  an examination in a process of its own, for strangers
``consulting``    that process
================  ======================================================================
"""
