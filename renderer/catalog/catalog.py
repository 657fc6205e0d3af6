"""The catalog: every video model that is known, found by its AIR or an alias."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from renderer.catalog.load import load_model
from renderer.catalog.settings_schema import FILLED_BY_THE_TOOL
from renderer.catalog.video_model import DraftRule, ImageLimits, VideoModel, at
from renderer.errors import InputError

__all__ = ["Catalog", "DraftRule", "ImageLimits", "VideoModel", "at", "load_model"]


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """The video models that are known, by AIR and by every alias."""

    models: Mapping[str, VideoModel]

    @classmethod
    def of(cls, models: Iterable[VideoModel]) -> "Catalog":
        """Build a catalog; raise InputError if two entries share a name."""
        names: dict[str, VideoModel] = {}
        for model in models:
            for name in (model.air, *model.aliases):
                if names.setdefault(name, model) is not model:
                    raise InputError(
                        f"the catalog has the video model '{name}' twice",
                        "remove one of the two files",
                    )
        return cls(models=names)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names that `settings:` may have at its top, for at least one of the models."""
        names = {name for model in self.all() for name in model.schema["properties"]}
        return frozenset(names - FILLED_BY_THE_TOOL)

    def fps(self, air: str) -> int:
        """Return how many frames a second a video model makes."""
        return self.get(air).fps

    def get(self, air: str) -> VideoModel:
        """Return the model of an AIR; raise InputError with a suggestion if there is none."""
        if (model := self.models.get(air)) is not None:
            return model
        what, todo = self.unknown(air)
        raise InputError(what, todo)

    def unknown(self, air: str) -> tuple[str, str]:
        """Return what to say of an AIR that is not here: what is wrong, what to do."""
        near = get_close_matches(air[:200], list(self.models), n=1, cutoff=0.5)
        todo = f"did you mean '{near[0]}'?" if near else self.known
        return f"unknown video model '{air[:80]}'", todo

    @property
    def known(self) -> str:
        """What to say where a model has to be named."""
        return f"the catalog has {', '.join(sorted(self.models))}"

    def all(self) -> tuple[VideoModel, ...]:
        """Return each model once, in the order of loading."""
        return tuple(dict.fromkeys(self.models.values()))
