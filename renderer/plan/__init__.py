"""Tasks and lockfile to a plan: what to do, why, for how much."""
