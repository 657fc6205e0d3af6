"""Quick answers. Without this room everything works: jsonschema is the truth."""
