"""Work that tasks share.

Without this room everything works: `catalog/check.py` and `fingerprint.py` are the truth.
"""
