"""The steps that bring a database to the shape that ``storage`` asks for.

Steps only add: an older copy of calsvc that is still running goes on working.
"""
