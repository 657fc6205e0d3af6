"""Two ways of saying the same thing: the nearest layer that says either displaces the other whole.

`width` with `height` says what `aspect` with `resolution` says; `frames` says what
`inputs.frameImages` says; `draft` says what the model's own setting says.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from renderer.errors import Place, Problem
from renderer.expand.layers import Layer, Layers, axis_layer
from renderer.expand.values import ABSENT, find, without
from renderer.spec.values import Project, Scene, Shot

Path = tuple[str, ...]
Spec = Project | Scene | Shot
Said = tuple[Path | None, Path | None]
_KEEP_ONE = "keep one of them"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of two ways: words of ours, and paths below `settings`."""

    words: Path = ()
    settings: tuple[Path, ...] = ()

    def said(self, spec: Spec, *, nulls: bool) -> Path | None:
        """Return where a layer says it, as a path from the layer; None if it does not."""
        for word in self.words:
            if getattr(spec, word, None) is not None or (nulls and word in spec.unset):
                return (word,)
        for path in self.settings:
            value = find(spec.settings, path)
            if value is not ABSENT and (nulls or value is not None):
                return ("settings", *path)
        return None

    def axes(self, names: Collection[str]) -> list[str]:
        """Return the axes among these names that say it."""
        return [name for name in names if name in self._names] if names else []

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset({*self.words, *map(".".join, self.settings)})

    def taken_from(self, spec: Spec) -> Spec:
        """Return a layer that does not say it."""
        settings = spec.settings
        for path in self.settings:
            settings = without(settings, path)
        there: dict[str, Any] = {word: None for word in self.words if hasattr(spec, word)}
        unset = tuple(word for word in spec.unset if word not in self.words)
        return replace(spec, settings=settings, unset=unset, **there)


@dataclass(frozen=True, kw_only=True)
class Family:
    """Two ways of saying the same; with `nulls`, null in either unsets both."""

    ways: tuple[Way, Way]
    nulls: bool = False

    def in_layer(self, spec: Spec) -> Said:
        """Return where a layer says it in the one way and in the other; a value goes before null."""
        one, other = (way.said(spec, nulls=False) for way in self.ways)
        if self.nulls and not one and not other:
            one = self.ways[0].said(spec, nulls=True)
            other = None if one else self.ways[1].said(spec, nulls=True)
        return one, other


_SIZE = Family(
    ways=(
        Way(words=("aspect",), settings=(("resolution",),)),
        Way(settings=(("width",), ("height",))),
    )
)
_IMAGES = Family(
    ways=(Way(words=("frames",)), Way(settings=(("inputs", "frameImages"),))), nulls=True
)


@dataclass(frozen=True)
class Families:
    """All families: that a layer says nothing of any is found at one look."""

    all: tuple[Family, ...]

    @cached_property
    def _words(self) -> Path:
        return tuple(word for family in self.all for way in family.ways for word in way.words)

    @cached_property
    def _heads(self) -> frozenset[str]:
        return frozenset(
            path[0] for family in self.all for way in family.ways for path in way.settings
        )

    def silent(self, spec: Spec) -> bool:
        """Return whether a layer says nothing of any."""
        if spec.unset or not self._heads.isdisjoint(spec.settings):
            return False
        return all(getattr(spec, word, None) is None for word in self._words)


def families(drafts: Sequence[Path]) -> Families:
    """Return all families; `drafts` are the settings by which video models make drafts."""
    draft = Family(ways=(Way(words=("draft",)), Way(settings=tuple(drafts))), nulls=True)
    return Families(all=(_SIZE, _IMAGES, draft))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Layers in which nothing is said in two ways, and what could not be settled."""

    layers: Layers
    problems: tuple[Problem, ...] = ()


def settle(layers: Layers, axes: Collection[str], known: Families) -> Settled:
    """Let the nearest say: the cell with its `axes`, then the shot, the scene, the project."""
    if not axes and known.silent(layers.shot.spec) and layers.shared.get("disputed") is False:
        return Settled(layers=layers)  # most shots, quickly
    above = layers.above(
        "families", lambda layer: [family.in_layer(layer.spec) for family in known.all]
    )
    layers.shared["disputed"] = _disputed(above)
    own = [family.in_layer(layers.shot.spec) for family in known.all]
    problems: list[Problem] = []
    settled = layers
    for at, family in enumerate(known.all):
        said = [*(row[at] for row in above), own[at]]
        cell = tuple(way.axes(axes) for way in family.ways)
        if _in_both_ways(said, cell):
            clash = _Clash(layers, family, said, cell)
            problems += clash.problems()
            loser = family.ways[1 - clash.winner()]
            settled = Layers(stack=tuple(_less(layer, loser) for layer in settled.stack))
    return Settled(layers=settled, problems=tuple(problems))


def _disputed(above: Sequence[Sequence[Said]]) -> bool:
    """Return whether the layers above the shot say a family in both ways."""
    return any(_in_both_ways(said, ([], [])) for said in zip(*above, strict=True))


def _in_both_ways(said: Sequence[Said], cell: tuple[list[str], ...]) -> bool:
    one, other = bool(cell[0]), bool(cell[1])
    for path, twin in said:
        one, other = one or path is not None, other or twin is not None
    return one and other


def _less(layer: Layer, loser: Way) -> Layer:
    return replace(layer, spec=loser.taken_from(layer.spec))


@dataclass(frozen=True, slots=True)
class _Clash:
    """A family that is said in both ways: by layers (`said`), and by axes of the cell."""

    layers: Layers
    family: Family
    said: Sequence[tuple[Path | None, Path | None]]
    cell: tuple[list[str], ...]

    def winner(self) -> int:
        """Return which way the nearest says."""
        rows = [tuple(map(bool, self.cell)), *(tuple(map(bool, one)) for one in self.said[::-1])]
        return next(row.index(True) for row in rows if any(row))

    def problems(self) -> Iterator[Problem]:
        """Yield what no order of layers can settle: both ways in one layer, or beside an axis."""
        if all(self.cell):
            yield self._axes_twice()
        elif any(self.cell):
            yield from self._beside_axis(0 if self.cell[0] else 1)
        for layer, (one, other) in zip(self.layers.stack, self.said, strict=True):
            if one and other:
                words = f"both `{_name(one)}` ({layer.place(*one)}) and `{_name(other)}`"
                yield _twice(layer.place(*other), words, _KEEP_ONE)

    def _axes_twice(self) -> Problem:
        rows = [(*self._axis(names[0]), names) for names in self.cell]
        (far, _, farther), (near, place, nearer) = sorted(rows, key=lambda row: row[0])
        words = f"both the axis `{farther[0]}` and the axis `{nearer[0]}`"
        return _twice(place, words, _KEEP_ONE if far == near else _unset(farther))

    def _beside_axis(self, at: int) -> Iterator[Problem]:
        """Yield the layers that say it otherwise and are not farther than the axis itself."""
        axes, other = self.cell[at], self.family.ways[1 - at]
        level, place = self._axis(axes[0])
        for number, layer in enumerate(self.layers.stack[level:], start=level):
            path = other.said(layer.spec, nulls=False)
            if path:
                words = f"both the axis `{axes[0]}` ({place}) and `{_name(path)}`"
                todo = _KEEP_ONE if number == level else _unset(axes)
                yield _twice(layer.place(*path), words, todo)

    def _axis(self, axis: str) -> tuple[int, Place]:
        found = axis_layer(self.layers, axis)
        level, path = found or (len(self.layers.stack) - 1, ())
        return level, self.layers.stack[level].place(*path, key=True)


def _twice(place: Place, words: str, todo: str) -> Problem:
    return Problem(what=f"{words} are given, and both set the same thing", todo=todo, place=place)


def _unset(axes: Sequence[str]) -> str:
    pairs = ", ".join(f"{axis}: null" for axis in axes)
    return f"write `matrix: {{{pairs}}}` to go without the axis here, or remove this"


def _name(path: Path) -> str:
    return ".".join(path[1:] if path[0] == "settings" else path)
