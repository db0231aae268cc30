"""The steps that bring a database to the schema that ``storage`` needs.

Steps only add: an older copy of calsvc that is still running keeps working.
"""
