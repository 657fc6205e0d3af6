"""A small paid project: an engine on loopback, and the command line in this process."""

from tests.harness.paying import call, engine, paid

__all__ = ["call", "engine", "paid"]
