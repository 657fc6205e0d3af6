"""Work that tasks share.

Without this room everything works: `expand/seen.py` is the truth.
"""
