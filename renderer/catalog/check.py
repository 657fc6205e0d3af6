"""A request against its video model: every fault at once, in plain English."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from renderer.catalog.fast.fits import Test, compiled
from renderer.catalog.rules import RULES
from renderer.catalog.schema_messages import Fault, explain
from renderer.catalog.video_model import VideoModel
from renderer.fast_paths import FAST
from renderer.json_types import Json

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

__all__ = ["Fault", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Explainer:
    """The slow judge of one model, built at the first request that does not fit."""

    model: VideoModel
    validator: "Draft202012Validator"

    def faults(self, request: Mapping[str, Json]) -> Iterable[Fault]:
        for error in self.validator.iter_errors(request):
            yield from explain(self.model, error)


def check(model: VideoModel, request: Mapping[str, Json]) -> tuple[Fault, ...]:
    """Return what is wrong with a request, made of JSON types; nothing is an empty tuple.

    `taskType` and `taskUUID` may be there or not. A frame image may be a `sha256:` reference.
    """
    faults: list[Fault] = []
    if not FAST.on or not _fits(model)(request):
        faults.extend(_explainer(model).faults(request))
    reported = {fault.path for fault in faults if fault.path}
    for rule in RULES:
        faults.extend(fault for fault in rule(model, request) if fault.path not in reported)
    # jsonschema names each missing setting once for each that is missing.
    unique = dict.fromkeys(faults)
    return tuple(sorted(unique, key=lambda fault: tuple(map(str, fault.path))))


@lru_cache(maxsize=64)
def _fits(model: VideoModel) -> Test:
    return compiled(model.schema)


@lru_cache(maxsize=64)
def _explainer(model: VideoModel) -> _Explainer:
    # Late: jsonschema takes 0.15 s to import, and most runs have no fault to explain.
    from jsonschema import Draft202012Validator  # noqa: PLC0415
    from referencing import Registry  # noqa: PLC0415

    validator = Draft202012Validator(model.schema, registry=Registry())
    return _Explainer(model=model, validator=validator)
