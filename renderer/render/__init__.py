"""The life of a paid take as values and tables: identity, meaning, pace and money; no I/O."""
