"""What is wrong with a calendar feed, anybody's, and what it does in each calendar program.

::

     file, address ──▶ Document, Visit, Change ──▶ rules ──▶ findings ──▶ report

A module imports only modules above it in this list.

================  =======================================================================
``clients``       the calendar programs that suffer from a fault, and how
``documents``     a calendar file as its lines and components, each with its place
``examples``      examples of rules, each put into a sound calendar
``findings``      what a rule is, and what it finds
``visits``        what a server says to those who fetch a calendar
``changes``       two states of one calendar
``rules/``        the rules, in tables
``examination``   all rules, over what there is to look at
``report``        findings as text, as JSON and as SARIF
``sources``       where to read more, with addresses
``reach``         which entries a finding is about
``picture``       what each program would show
``consultation``  all of that in a process of its own, for strangers
================  =======================================================================
"""
