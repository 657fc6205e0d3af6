"""YAML text to scenes: parsed with positions, checked, all problems at once."""
