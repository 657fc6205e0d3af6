"""What the cells of a shot that have the same axes share: their layers, settled once."""

from collections.abc import Mapping
from dataclasses import dataclass

from renderer.expand.alternatives import Settled
from renderer.expand.layers import Layers
from renderer.expand.link_graph import frames_of
from renderer.expand.task import Link
from renderer.expand.values import has_null
from renderer.json_types import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class CellLayers:
    """What all cells of the same axes have in common, after the layers are settled."""

    layers: Layers
    settings: Mapping[str, Json]
    aspect: str | None
    draft: bool | None
    frames: Mapping[str, str]
    links: tuple[Link, ...]
    axes: tuple[str, ...]
    disputed: bool

    @property
    def plain(self) -> bool:
        """Whether nothing is nearer than the shot's own settings: the request shows them all."""
        nearer = self.frames or self.draft is not None or self.axes
        return not nearer and not has_null(self.layers.shot.spec.settings)

    @classmethod
    def of(cls, settled: Settled, axes: tuple[str, ...]) -> "CellLayers":
        """Return what cells with these axes share."""
        layers = settled.layers
        frames, links = frames_of(layers)
        return cls(
            layers=layers,
            settings=layers.mapping("settings"),
            aspect=layers.word("aspect"),
            draft=layers.word("draft"),
            frames=frames,
            links=links,
            axes=axes,
            disputed=bool(settled.problems),
        )
