"""What was worked out before.

Without this room everything works: `app/project/expand.py` is the truth.
"""
