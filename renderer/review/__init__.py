"""The review page: a plan and its takes to files, as text."""
