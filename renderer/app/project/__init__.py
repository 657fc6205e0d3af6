"""A project on disk: its texts, its tasks, its lockfile, and what is remembered of them."""
