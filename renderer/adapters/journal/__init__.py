"""The journal of paid requests, in SQLite: written before each request, read by plans and reports."""
