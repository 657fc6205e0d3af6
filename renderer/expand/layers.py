"""The layers of defaults above a shot, and where each value came from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from renderer.errors import Place
from renderer.expand.item import Item
from renderer.expand.matrix import Cell, Cross
from renderer.expand.values import ABSENT, find, has_null, merge, without_nulls
from renderer.json_types import Json
from renderer.spec.reader import Document
from renderer.spec.values import (
    Frames,
    FrameSource,
    Project,
    PromptFile,
    Scene,
    SharedFrame,
    Shot,
    ShotFrame,
)

Path = Sequence[str | int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One place where defaults are written: renderer.yaml, a scene or a shot.

    `item` is the row that a shot was made of.
    """

    label: str
    document: Document
    base: tuple[str | int, ...]
    spec: Project | Scene | Shot
    item: Item | None = None

    def place(self, *path: str | int, key: bool = False) -> Place:
        """Return where `path` below this layer is in its file."""
        return self.document.place((*self.base, *path), key=key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layers:
    """The layers of one shot, the farthest first; the nearest wins.

    `shared` keeps what the layers above the shot say together, for the other shots of the scene.
    """

    stack: tuple[Layer, ...]
    shared: dict[Any, Any] = field(default_factory=dict)  # not JSON: layers, crosses, problems

    @property
    def shot(self) -> Layer:
        """The nearest layer."""
        return self.stack[-1]

    def mapping(self, name: str) -> dict[str, Json]:
        """Merge `settings` or `vars` of all layers; null unsets at every depth."""
        if name not in self.shared:
            self.shared[name] = _merged(self.stack[:-1], name, {})
        return _merged(self.stack[-1:], name, self.shared[name])

    def above(self, name: str, look: Callable[[Layer], Any]) -> list[Any]:
        """Return what is seen in each layer above the shot; looked at once for all its shots."""
        if name not in self.shared:
            self.shared[name] = [look(layer) for layer in self.stack[:-1]]
        found: list[Any] = self.shared[name]
        return found

    def word(self, name: str) -> Any:
        """Return the nearest value of one of our own words, or None."""
        own = getattr(self.shot.spec, name, None)
        if own is not None or name in self.shot.spec.unset:
            return own
        key = ("word", name)
        if key not in self.shared:
            above = Layers(stack=self.stack[:-1])
            self.shared[key] = next((value for _, value in above._nearest(name)), None)
        return self.shared[key]

    @property
    def scene(self) -> str:
        """The id of the shot's scene."""
        return str(getattr(self.stack[-2].spec, "scene", ""))

    def keyframes(self) -> dict[str, str | ShotFrame]:
        """Return the keyframes of the project and of the scene, by name."""
        if "keyframes" not in self.shared:
            self.shared["keyframes"] = _merged(self.stack[:-1], "keyframes", {})
        return _merged(self.stack[-1:], "keyframes", self.shared["keyframes"])

    def keyframe(self, name: str) -> str | ShotFrame | None:
        """Return a keyframe by its name, or None."""
        return self.keyframes().get(name)

    def frames(self) -> dict[str, FrameSource]:
        """Return first and last frame as the nearest layer gives them; an absent one is left out."""
        if "frames" not in self.shared:
            self.shared["frames"] = _framed(self.stack[:-1], {})
        merged = _framed(self.stack[-1:], self.shared["frames"])
        if not merged:
            return {}
        pairs = ((at, merged.get(at)) for at in ("first", "last"))
        return {at: image for at, image in pairs if image is not None}

    def cross(self) -> Cross:
        """Lay the matrices of all layers over each other."""
        if "cross" not in self.shared:
            self.shared["cross"] = _crossed(self.stack[:-1], Cross())
        return _crossed(self.stack[-1:], self.shared["cross"])

    def origin(self, name: str, *path: str | int) -> tuple[Layer, tuple[str | int, ...]] | None:
        """Return the layer that gives `name` (a word, or settings/vars/frames/matrix + path)."""
        for layer, value in self._nearest(name):
            found = find(_parts(value), path)
            if found is not ABSENT:
                return None if found is None else (layer, (name, *path))
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
            if name in layer.spec.unset:
                return


def _framed(
    stack: Sequence[Layer], merged: dict[str, FrameSource | None]
) -> dict[str, FrameSource | None]:
    for layer in stack:
        if "frames" in layer.spec.unset:
            merged = {}
        given = getattr(layer.spec, "frames", None)
        if given is not None:
            merged = merged | _positions(given)
    return merged


def _crossed(stack: Sequence[Layer], crossed: Cross) -> Cross:
    for layer in stack:
        if "matrix" in layer.spec.unset:
            crossed = Cross()
        if layer.spec.matrix is not None:
            crossed = crossed.under(layer.spec.matrix)
    return crossed


def _merged(stack: Sequence[Layer], name: str, merged: dict[str, Any]) -> dict[str, Any]:
    for layer in stack:
        own = getattr(layer.spec, name, None)
        if name in layer.spec.unset:
            merged = {}
        if own:
            merged = merge(merged, own)
            merged = without_nulls(merged) if has_null(own) else merged
    return merged


def _positions(frames: Frames) -> dict[str, FrameSource | None]:
    """Return what a layer says of the first and the last frame; None unsets one."""
    pairs = {"first": frames.first, "last": frames.last}
    said = {at: image for at, image in pairs.items() if image is not None}
    return {**said, **dict.fromkeys(frames.unset)}


def _parts(value: object) -> object:
    """Return what a path can lead into."""
    if isinstance(value, Frames):
        return {at: _parts(image) for at, image in _positions(value).items()}
    return asdict(value) if isinstance(value, PromptFile | ShotFrame | SharedFrame) else value


def axis_layer(layers: Layers, axis: str) -> tuple[int, tuple[str | int, ...]] | None:
    """Return the position of the layer whose matrix gives an axis, and where in that layer."""
    for at in reversed(range(len(layers.stack))):
        matrix = layers.stack[at].spec.matrix
        if matrix is not None and axis in matrix.axes:
            return at, ("matrix", axis)
    for at in reversed(range(len(layers.stack))):
        matrix = layers.stack[at].spec.matrix
        for number, cell in enumerate((matrix and matrix.include) or ()):
            if axis in cell:
                return at, ("matrix", "include", number, axis)
    return None


def axis_place(layers: Layers, axis: str) -> Place:
    """Return where an axis is written: in the nearest matrix that has it."""
    found = axis_layer(layers, axis)
    return layers.stack[found[0]].place(*found[1], key=True) if found else layers.shot.place()


def axis_value_place(layers: Layers, axis: str, value: Json) -> Place:
    """Return where one value of an axis is written, in the axis or in an include."""
    for layer in reversed(layers.stack):
        matrix = layer.spec.matrix
        if matrix is None:
            continue
        for at, one in enumerate(matrix.axes.get(axis, ())):
            if repr(one) == repr(value):  # 1 is not true
                row = matrix.rows.get(axis)
                return row(at) if row else layer.place("matrix", axis, at)
        for at, cell in enumerate(matrix.include or ()):
            if axis in cell and repr(cell[axis]) == repr(value):
                return layer.place("matrix", "include", at, axis)
    return axis_place(layers, axis)


def cell_place(layers: Layers, cell: Cell) -> Place:
    """Return where a cell is written: its `include` (the last one alike), else its first axis."""
    for layer in reversed(layers.stack):
        rules = (layer.spec.matrix.include or ()) if layer.spec.matrix else ()
        alike = [at for at, rule in enumerate(rules) if rule is cell]
        if alike:
            return layer.place("matrix", "include", alike[-1])
    return axis_place(layers, next(iter(cell), ""))
