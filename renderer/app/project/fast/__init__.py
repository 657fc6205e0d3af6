"""What was computed before.

Without this room everything works: `app/project/expand.py` and `app/planning/plan.py` are the truth.
"""
