"""The layers of defaults above a shot, and where each value came from."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from renderer.errors import Place
from renderer.expand.matrix import Cell, Cross
from renderer.expand.values import Json, get, merge
from renderer.spec.reader import Document
from renderer.spec.values import (
    Frames,
    FrameSource,
    Matrix,
    Project,
    PromptFile,
    Scene,
    Shot,
    ShotFrame,
)

Path = Sequence[str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One place where defaults are written: renderer.yaml, a scene or a shot."""

    label: str
    document: Document
    base: tuple[str | int, ...]
    spec: Project | Scene | Shot

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Return where `path` below this layer stands in its file."""
        return self.document.place((*self.base, *path), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The layers of one shot, the farthest first; the nearest wins."""

    stack: tuple[Layer, ...]

    @property
    def shot(self) -> Layer:
        """The nearest layer."""
        return self.stack[-1]

    def mapping(self, name: str) -> dict[str, Json]:
        """Merge `settings`, `vars` or `keyframes` of all layers."""
        merged: dict[str, Json] = {}
        for layer in self.stack:
            merged = merge(merged, getattr(layer.spec, name, None) or {})
        return merged

    def word(self, name: str) -> Any:
        """Return the nearest value of one of our own words, or None."""
        return next((value for _, value in self._nearest(name)), None)

    @property
    def scene(self) -> str:
        """The id of the shot's scene."""
        return str(getattr(self.stack[-2].spec, "scene", ""))

    def keyframes(self) -> dict[str, str | ShotFrame]:
        """Return the keyframes of the project and of the scene, by name."""
        return self.mapping("keyframes")

    def keyframe(self, name: str) -> str | ShotFrame | None:
        """Return a keyframe by its name, or None."""
        return self.keyframes().get(name)

    def frames(self) -> dict[str, FrameSource]:
        """Return first and last frame as the nearest layer gives them; an absent one is left out."""
        merged: dict[str, FrameSource] = {}
        for layer in self.stack:
            given = getattr(layer.spec, "frames", None)
            pairs = {"first": given.first, "last": given.last} if given else {}
            merged.update({at: image for at, image in pairs.items() if image is not None})
        return {at: merged[at] for at in ("first", "last") if at in merged}

    def cross(self) -> Cross:
        """Lay the matrices of all layers over each other."""
        crossed = Cross()
        for layer in self.stack:
            if layer.spec.matrix is not None:
                crossed = crossed.over(as_cross(layer.spec.matrix))
        return crossed

    def origin(self, name: str, *path: str | int) -> tuple[Layer, tuple[str | int, ...]] | None:
        """Return the layer that gives `name` (a word, or settings/vars/frames/matrix + path)."""
        for layer, value in self._nearest(name):
            inner = asdict(value) if isinstance(value, Frames | Matrix | PromptFile) else value
            if not path or get(inner, path) is not None:
                return layer, (name, *path)
        return None

    def place(self, name: str, *path: str | int) -> Place | None:
        """Return where the value in force is written, or None if it is written nowhere."""
        found = self.origin(name, *path)
        return found[0].place(*found[1]) if found else None

    def _nearest(self, name: str) -> Iterator[tuple[Layer, Any]]:
        for layer in reversed(self.stack):
            value = getattr(layer.spec, name, None)
            if value is not None:
                yield layer, value


def as_cross(matrix: Matrix) -> Cross:
    """Turn the matrix that a person wrote into axes, include and exclude."""
    return Cross(axes=matrix.axes, include=matrix.include, exclude=matrix.exclude)


def axis_place(layers: Layers, axis: str) -> Place:
    """Return where an axis is written: in the nearest matrix that has it."""
    for layer in reversed(layers.stack):
        matrix = layer.spec.matrix
        if matrix is not None and axis in matrix.axes:
            return layer.place("matrix", axis, key=True)
    return layers.shot.place()


def cell_place(layers: Layers, cell: Cell) -> Place:
    """Return where a cell is written: its `include` (the last one alike), else its first axis."""
    for layer in reversed(layers.stack):
        rules = layer.spec.matrix.include if layer.spec.matrix else ()
        alike = [at for at, rule in enumerate(rules) if rule is cell]
        if alike:
            return layer.place("matrix", "include", alike[-1])
    return axis_place(layers, next(iter(cell), ""))
