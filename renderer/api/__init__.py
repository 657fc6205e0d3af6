"""The Python API: a project as a value. The command line and notebooks use the same."""
