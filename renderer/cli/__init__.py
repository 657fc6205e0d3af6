"""Commands: arguments to use case to output."""
