"""The lockfile as values: which takes exist for which task."""
