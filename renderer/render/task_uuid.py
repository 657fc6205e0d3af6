"""The taskUUID: derived, never drawn, so that a lost journal asks for the same task."""

import hashlib
import json
import uuid

_RULE = "renderer/1"  # frozen for ever: another rule makes every running task unaddressable


def task_uuid(*, lineage: str, fingerprint: str, take: int, attempt: int) -> str:
    """Return the v4-shaped id of one attempt to make the takes from `take` on."""
    words = json.dumps([_RULE, lineage, fingerprint, take, attempt], separators=(",", ":"))
    digest = hashlib.sha256(words.encode()).digest()
    return str(uuid.UUID(bytes=digest[:16], version=4))
