"""The quick way to read a scene.

Without this room everything works: `spec/builder.py` and `spec/validate.py` are the truth.
"""
