"""The quick way to read a scene.

Without this room everything works: `spec/reader.py` and `spec/model.py` are the truth.
"""
