"""What one cell of a matrix sets: request settings, our own words, and prompt variables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from renderer.expand.matrix import Cell
from renderer.expand.values import put
from renderer.json_types import Json, Scalar

WORDS = frozenset({"aspect", "draft"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """A cell sorted by what its axes are."""

    settings: Mapping[str, Scalar] = field(default_factory=dict)
    words: Mapping[str, Scalar] = field(default_factory=dict)
    variables: Mapping[str, Scalar] = field(default_factory=dict)

    @property
    def unsettled(self) -> bool:
        """Whether a setting or a word of ours is null, which only a variable may be."""
        return None in self.settings.values() or None in self.words.values()

    def axis_of(self, path: Sequence[str | int]) -> str:
        """Return the axis that gives the value of a request's field, empty if none does."""
        steps = {axis: tuple(axis.split(".")) for axis in self.settings}
        return next((axis for axis, own in steps.items() if own == tuple(path)[: len(own)]), "")


_NOTHING = Parts()


def parts(cell: Cell, names: frozenset[str]) -> Parts:
    """Sort axes: a name of the API (or below one, dotted) is a setting; the rest are variables."""
    if not cell:
        return _NOTHING
    settings = {axis: value for axis, value in cell.items() if axis.split(".")[0] in names}
    words = {axis: value for axis, value in cell.items() if axis in WORDS}
    known = settings.keys() | words.keys()
    variables = {axis: value for axis, value in cell.items() if axis not in known}
    return Parts(settings=settings, words=words, variables=variables)


def applied(settings: Mapping[str, Json], axes: Mapping[str, Scalar]) -> dict[str, Json]:
    """Lay a cell's settings over those of the shot."""
    merged = dict(settings)
    for axis, value in axes.items():
        merged = put(merged, axis.split("."), value)
    return merged
