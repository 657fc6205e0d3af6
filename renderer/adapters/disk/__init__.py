"""Files of the project and of this machine: read below a root, written whole, stored by content."""
