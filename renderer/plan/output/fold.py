"""One edit that reaches many tasks is one entry: what is folded, and how their addresses are."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from renderer.plan.model import Reason
from renderer.plan.output.values import value_words
from renderer.plan.output.word_diff import changes

SEVERAL = "several scenes"
HIDDEN = "sha256:"  # what the lockfile holds in place of long words
NAMES = 24  # names of an entry; `--all` and JSON have them all
T = TypeVar("T")
Values = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold(Generic[T]):
    """Tasks that differ in the same way, in the order of the specs."""

    members: tuple[T, ...]
    addresses: tuple[str, ...]

    @property
    def scene(self) -> str:
        """The scene of all of them; `several scenes` if there are several."""
        if len(self.addresses) == 1:  # most folds, in a plan of thousands
            return self.addresses[0].partition("/")[0]
        scenes = {address.partition("/")[0] for address in self.addresses}
        return next(iter(scenes)) if len(scenes) == 1 else SEVERAL


def folded(
    items: Iterable[T], address: Callable[[T], str], key: Callable[[T], Hashable | None]
) -> dict[str, list[Fold[T]]]:
    """Return the folds of each scene; items of one key are one fold, of None each its own."""
    groups: dict[Hashable, list[T]] = {}
    for item in items:
        found = key(item)
        groups.setdefault((None, address(item)) if found is None else found, []).append(item)
    scenes: dict[str, list[Fold[T]]] = {SEVERAL: []}
    for members in groups.values():
        fold = Fold(members=tuple(members), addresses=tuple(map(address, members)))
        scenes.setdefault(fold.scene, []).append(fold)
    return {scene: folds for scene, folds in scenes.items() if folds}


def signature(reasons: Sequence[Reason]) -> Hashable:
    """Return what makes two lists of reasons the same edit, whatever the words around it."""
    return tuple((one.field, one.cause, _edit(one)) for one in reasons)


def _edit(reason: Reason) -> Hashable:
    if not isinstance(reason.old, str) or not isinstance(reason.new, str):
        return value_words(reason.old), value_words(reason.new)
    if reason.old.startswith(HIDDEN):
        return HIDDEN
    return changes(reason.old, reason.new)


def names(addresses: Sequence[str], *, scene: str = "", most: int = NAMES) -> list[str]:
    """Return addresses with the cells of a shot folded; without their scene if it is given."""
    if len(addresses) == 1:
        return [addresses[0].removeprefix(f"{scene}/") if scene else addresses[0]]
    shots: dict[str, list[str]] = {}
    for address in addresses:
        shot, _, cell = address.partition("@")
        shots.setdefault(shot.removeprefix(f"{scene}/") if scene else shot, []).append(cell)
    found = [name for shot, cells in shots.items() for name in _shot_names(shot, cells)]
    rest = len(found) - most
    return [*found[:most], f"and {rest} more"] if rest > 1 else found


def _shot_names(shot: str, cells: Sequence[str]) -> Iterator[str]:
    for values in _merged([_values(cell) for cell in cells]):
        axes = ",".join(f"{axis}={_set(found)}" for axis, found in values)
        yield f"{shot}@{axes}" if axes else shot


def _values(cell: str) -> Values:
    pairs = [axis.partition("=") for axis in cell.split(",")] if cell else []
    return tuple((axis, (value,)) for axis, _, value in pairs)


def _merged(cells: list[Values]) -> list[Values]:
    """Join cells that agree in all axes but one, axis by axis from the last."""
    for at in range(max(map(len, cells), default=0) - 1, -1, -1):
        joined: dict[Hashable, Values] = {}
        for values in cells:
            if at >= len(values):
                joined[values] = values
                continue
            axis, found = values[at]
            rest = (*values[:at], axis, *values[at + 1 :])
            other = joined.get(rest)
            known = other[at][1] if other else ()
            joined[rest] = (*values[:at], (axis, (*known, *found)), *values[at + 1 :])
        cells = list(joined.values())
    return cells


def _set(values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else "{" + ",".join(values) + "}"
