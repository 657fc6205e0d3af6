"""The picked takes, for plans: finals are made from picked drafts, and shots depend on picks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.own_yaml import text_of
from renderer.paths import PICKS
from renderer.plan.frame_links import Cut

if TYPE_CHECKING:  # most projects that are planned have no picks yet
    from renderer.film.picks import Part, Pick


def picked_takes(files: ProjectFiles) -> frozenset[str]:
    """Return the bytes of all picked takes; raise InputError if picks.yaml is not sound."""
    found = _picks(files).values()
    return frozenset(part.sha256 for pick in found for part in pick.parts)


def picked_cuts(files: ProjectFiles) -> dict[str, tuple[Cut, ...]]:
    """Return by their slots the parts of picks, as they are cut."""
    return {shot: tuple(map(_cut, pick.parts)) for shot, pick in _picks(files).items()}


def _picks(files: ProjectFiles) -> "Mapping[str, Pick]":
    text = text_of(files, PICKS)
    if text is None:
        return {}
    from renderer.film.read import decode

    return decode(text, PICKS).by_slot


def _cut(part: "Part") -> Cut:
    return Cut(
        sha256=part.sha256,
        first="first" if part.start is None else str(part.start),
        last="last" if part.end is None else f"before {part.end}",
        address=part.address,
        fingerprint=part.fingerprint,
    )
