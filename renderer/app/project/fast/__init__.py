"""What was worked out before.

Without this room everything works: `app/project/load.py` is the truth.
"""
