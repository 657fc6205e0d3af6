"""The picked takes, for plans: finals are made from picked drafts, and shots go on from picks."""

from collections.abc import Sequence

from renderer import limits
from renderer.adapters.project import ProjectFiles
from renderer.expand.task import Task
from renderer.film.former_names import readdressed
from renderer.film.picks import Part, Picks
from renderer.plan.continuity import Chosen, Ends

_FILE = "picks.yaml"


def picked_takes(files: ProjectFiles, tasks: Sequence[Task]) -> dict[str, int]:
    """Return address to take number; raise InputError if picks.yaml is not sound."""
    found = readdressed(_picks(files), tasks).by_shot.values()
    return {part.address: part.number for pick in found for part in pick.parts}


def picked_ends(files: ProjectFiles) -> dict[str, Ends]:
    """Return shot to first and last frame of its pick, as it was cut."""
    return {
        shot: Ends(first=_first(pick.parts[0]), last=_last(pick.parts[-1]))
        for shot, pick in _picks(files).by_shot.items()
    }


def _picks(files: ProjectFiles) -> Picks:
    if not files.exists(_FILE):
        return Picks()
    from renderer.film.read import decode

    return decode(files.read(_FILE, limit=limits.YAML).decode("utf-8", "replace"), _FILE)


def _first(part: Part) -> Chosen:
    return _chosen(part, "first" if part.start is None else str(part.start))


def _last(part: Part) -> Chosen:
    return _chosen(part, "last" if part.end is None else f"before {part.end}")


def _chosen(part: Part, moment: str) -> Chosen:
    return Chosen(sha256=part.sha256, moment=moment)
