"""The unguessable word in the receiver's address: made once, kept where only its owner reads."""

import re
import secrets
from pathlib import Path

from renderer.adapters.disk.disk import Disk, answered
from renderer.errors import MachineError

_SOUND = re.compile(r"[A-Za-z0-9_-]{43}")  # 256 bits


def token(path: Path, disk: Disk) -> str:
    """Return the token of a project; raise MachineError if what is kept is none, or is open."""
    if path.is_symlink():
        raise MachineError(f"{path.name} is a link, and links are not followed", "remove it")
    if not path.exists():
        disk.folder(path.parent)
        disk.write(path, secrets.token_urlsafe(32).encode(), mode=0o600)
    with answered(path):
        if path.stat().st_mode & 0o077:
            raise MachineError(
                f"{path.name} is readable by other users, so it is not secret",
                "delete it: the next start creates a new one; then update webhookURL",
            )
        found = path.read_bytes()[:200].decode("ascii", "replace").strip()
    if not _SOUND.fullmatch(found):
        raise MachineError(f"{path.name} holds no token", "delete it: the next start creates one")
    return found
