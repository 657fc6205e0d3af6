"""Use cases that read and report: validate, tasks, show, status, verify, cost, account."""
