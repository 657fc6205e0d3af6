"""All that tasks are made of: what was read from a project, as values."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from renderer.catalog.catalog import Catalog
from renderer.catalog.pictures import ImageFacts
from renderer.expand.alternatives import Families, Settled, families, settle
from renderer.expand.fast.shared_request import Skeletons
from renderer.expand.item import Item
from renderer.expand.layers import Layer, Layers
from renderer.expand.seen import Judge
from renderer.fast_paths import FAST
from renderer.spec.reader import Document
from renderer.spec.values import Project, Scene
from renderer.templates.render import Templates, Use


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One scene, all its shots listed, with the document it was read from.

    `entries` say where in the document each shot is written, if that is not its own position;
    `items` are the rows of the shots that were made of one, by position.
    """

    document: Document
    scene: Scene
    entries: Sequence[int] = ()
    items: Mapping[int, Item] = field(default_factory=dict)

    def written(self, at: int) -> int:
        """Return the position in the document of the shot at a position of the scene."""
        return self.entries[at] if self.entries else at

    @cached_property
    def ids(self) -> Mapping[str, int]:
        """The position of each shot by its id."""
        return {shot.id: at for at, shot in enumerate(self.scene.shots)}


@dataclass(frozen=True, kw_only=True)
class Storyboard:
    """A project as values; `digests` holds the SHA-256 of each input file by its path.

    `images` holds what is known of those files as images.
    """

    catalog: Catalog
    templates: Templates
    sheets: Sequence[Sheet]
    project: Project | None = None
    project_document: Document | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    images: Mapping[str, ImageFacts] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The top-level names of all request parameters of all video models."""
        return self.catalog.parameters

    @cached_property
    def _shared(self) -> dict[str, tuple[tuple[Layer, ...], dict[Any, Any]]]:
        return {}

    @cached_property
    def families(self) -> Families:
        """What can be said in two ways."""
        return families(sorted({one.draft.path for one in self.catalog.all() if one.draft}))

    def settled(self, layers: Layers, axes: Collection[str] = ()) -> Settled:
        """Return layers in which the nearest, beginning with a cell of these axes, has its way."""
        return settle(layers, axes, self.families)

    @cached_property
    def judge(self) -> Judge:
        """The judge of this storyboard's requests."""
        return Skeletons() if FAST.on else Judge()

    @cached_property
    def used(self) -> dict[str, tuple[Use, ...]]:
        """What was found out about prompts, by template name or inline text."""
        return {}

    def layers(self, sheet: Sheet, at: int) -> Layers:
        """Return the layers above the shot at this position of a scene."""
        key = sheet.document.name, at
        if key not in self._layers:  # counted first, then expanded
            above, shared = self._above(sheet)
            shot = Layer(
                label="shot",
                document=sheet.document,
                base=("shots", sheet.written(at)),
                spec=sheet.scene.shots[at],
                item=sheet.items.get(at),
            )
            self._layers[key] = Layers(stack=(*above, shot), shared=shared)
        return self._layers[key]

    @cached_property
    def _layers(self) -> dict[tuple[str, int], Layers]:
        return {}

    def _above(self, sheet: Sheet) -> tuple[tuple[Layer, ...], dict[Any, Any]]:
        """Return what all shots of a scene share: the layers above them, and what these say."""
        if sheet.document.name not in self._shared:
            scene = Layer(label="scene", document=sheet.document, base=(), spec=sheet.scene)
            stack: tuple[Layer, ...] = (scene,)
            if self.project is not None and self.project_document is not None:
                document = self.project_document
                project = Layer(label="project", document=document, base=(), spec=self.project)
                stack = (project, scene)
            self._shared[sheet.document.name] = (stack, {})
        return self._shared[sheet.document.name]
