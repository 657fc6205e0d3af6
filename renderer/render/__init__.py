"""The life of a take as one table: state and event to state and commands."""
