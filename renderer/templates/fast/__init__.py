"""Plain templates.

Without this room everything works: `parse.py` and `statements.py` are the truth.
"""
