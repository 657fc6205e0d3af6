"""Use case: a project and its lockfile to a plan with its reasons."""
