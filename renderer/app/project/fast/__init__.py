"""What was computed before.

Without this room everything works: `app/project/expand.py` is the truth.
"""
