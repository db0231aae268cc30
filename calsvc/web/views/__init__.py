"""The blueprints, each with the addresses of one subject; none imports another.

=============  =========================================================================
``feeds``      what calendar programs and feed readers fetch
``pages``      the site, its agendas and sessions
``subscribe``  how to subscribe, program by program
``my``         My calendar
``embed``      what other sites show of this one
``doctor``     what is wrong with a calendar, anybody's
``offline``    what keeps pages for when there is no network
``api``        JSON
``health``     health checks, for programs
=============  =========================================================================
"""
