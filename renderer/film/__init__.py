"""From takes to a film: which take was chosen for each shot, and why."""
