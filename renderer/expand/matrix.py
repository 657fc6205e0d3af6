"""The matrix of a shot: axes crossed into cells, with include and exclude as in GitHub Actions."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from renderer.json_types import Scalar
from renderer.spec.scalars import reading
from renderer.spec.values import Matrix

Cell = Mapping[str, Scalar]
LIMIT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cross:
    """Axes with their values, and the cells that are added or left out."""

    axes: Mapping[str, Sequence[Scalar]] = field(default_factory=dict)
    include: Sequence[Cell] = ()
    exclude: Sequence[Cell] = ()

    def under(self, above: Matrix) -> "Cross":
        """Lay a nearer matrix over this one: axes are replaced one by one, lists as a whole."""
        below = self.less(above.unset) if above.unset else self
        return Cross(
            axes={**below.axes, **above.axes},
            include=below.include if above.include is None else above.include,
            exclude=below.exclude if above.exclude is None else above.exclude,
        )

    def less(self, names: Sequence[str]) -> "Cross":
        """Leave axes out, and what include and exclude say of them."""
        kept = [{axis: cell[axis] for axis in cell if axis not in names} for cell in self.include]
        return Cross(
            axes={axis: values for axis, values in self.axes.items() if axis not in names},
            include=[cell for cell in kept if cell],
            exclude=[rule for rule in self.exclude if not any(name in rule for name in names)],
        )

    def count(self) -> int:
        """Return the most cells that this can give, without making one."""
        product = math.prod(len(values) for values in self.axes.values()) if self.axes else 0
        return product + len(self.include)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expanded:
    """One cell: what names it in the address, and all the values it sets."""

    name: Cell
    values: Cell


def cells(cross: Cross) -> tuple[Expanded, ...]:
    """Return the cells in the order written; a shot without a matrix has one empty cell."""
    if not cross.axes and not cross.include:
        return (Expanded(name={}, values={}),)
    names = [
        cell
        for cell in _product(cross.axes)
        if not any(_matches(rule, cell) for rule in cross.exclude)
    ]
    values = [dict(cell) for cell in names]
    alone = [extra for extra in cross.include if not _extend(extra, names, values)]
    made = [Expanded(name=name, values=full) for name, full in zip(names, values, strict=True)]
    return tuple(made + [Expanded(name=extra, values=extra) for extra in alone])


def idle_excludes(cross: Cross) -> tuple[int, ...]:
    """Return the positions of excludes that match no cell: a slip of the pen."""
    if not cross.exclude:
        return ()
    crossed = list(_product(cross.axes))
    return tuple(
        at
        for at, rule in enumerate(cross.exclude)
        if not any(_matches(rule, cell) for cell in crossed)
    )


def twin(axes: Mapping[str, Sequence[Scalar]], rule: Cell) -> tuple[str, Scalar] | None:
    """Return the axis, with its value, that a rule means and does not name: "7" where it says 7."""
    for axis, value in rule.items():
        values = axes.get(axis, ())
        if not any(_same(one, value) for one in values):
            alike = [one for one in values if reading(one) == reading(value)]
            if alike:
                return axis, alike[0]
    return None


def _product(axes: Mapping[str, Sequence[Scalar]]) -> list[dict[str, Scalar]]:
    if not axes:
        return []
    return [dict(zip(axes, combo, strict=True)) for combo in itertools.product(*axes.values())]


def _matches(rule: Cell, cell: Cell) -> bool:
    return all(axis in cell and _same(cell[axis], value) for axis, value in rule.items())


def _extend(extra: Cell, names: list[dict[str, Scalar]], values: list[dict[str, Scalar]]) -> bool:
    hits = [
        at
        for at, cell in enumerate(names)
        if all(_same(cell[axis], extra[axis]) for axis in cell if axis in extra)
    ]
    for at in hits:
        values[at].update(extra)
    return bool(hits)


def _same(one: Scalar, other: Scalar) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)
