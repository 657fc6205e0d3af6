"""Use cases for git: merging, checking and showing lockfiles."""
