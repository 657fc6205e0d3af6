"""Use case: requests of other tools to scenes."""
