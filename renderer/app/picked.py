"""The picked take of each address, for plans that make finals from drafts."""

from renderer.adapters.project import ProjectFiles

_FILE = "picks.yaml"
_LIMIT = 1 << 20


def picked_takes(files: ProjectFiles) -> dict[str, int]:
    """Return address to take number; raise InputError if picks.yaml is not sound."""
    if not files.exists(_FILE):
        return {}
    from renderer.film.read import decode

    picks = decode(files.read(_FILE, limit=_LIMIT).decode("utf-8", "replace"), _FILE)
    return {part.address: part.number for pick in picks.by_shot.values() for part in pick.parts}
