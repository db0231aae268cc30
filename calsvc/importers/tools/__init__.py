"""What conference tools export.

A module imports only modules above it in this list.

==============  ========================================================================
``frab_times``  when an event of a frab schedule is
``own_frab``    what calsvc wrote into a frab schedule, read back
``frab``        a frab schedule as a draft
``frab_xml``    frab, pretalx, Pentabarf and wafer, in XML
``frab_json``   the same in JSON, and c3voc's version 2
``sessionize``  Sessionize's API: All, GridSmart, Sessions
``pretalx``     pretalx's API and widget
``hoverboard``  the site of Google developer groups
``open_event``  Open Event: a folder of JSON files, or JSON:API
``indico``      Indico's export of an event or a timetable
==============  ========================================================================
"""
