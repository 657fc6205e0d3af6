"""Use case: apply a plan, record every take, and export the files."""
