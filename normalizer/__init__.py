"""The writing desk: an original becomes a standard fault record. Functions of their arguments, run in guarded children.

`readers.read` gives the text and parts, `fields.find` the fields, `record.record` the record, `linking` ties it to an
earlier one; `guard.Guard` runs all of it out of harm's way.
"""
