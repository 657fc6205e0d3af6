"""The sound of an animatic: synthesised, mixed, and brought to one loudness."""
