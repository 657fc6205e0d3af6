"""Random names and keys, where they have to be unique."""

import secrets
import uuid


def new_lineage() -> str:
    """Return a fresh name for a project, to be kept in its lockfile for ever."""
    return str(uuid.uuid4())


def new_key() -> str:
    """Return an unguessable key; letters and digits, safe in a shell."""
    return secrets.token_hex(16)
