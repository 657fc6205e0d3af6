"""A task: one cell of a shot's matrix, as one request with its name, fingerprint and price."""

from collections.abc import Mapping
from dataclasses import dataclass

from renderer.catalog.money import Cost
from renderer.expand.values import Json, Scalar


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One `videoInference` request less its taskUUID; `cost` is for one take, in USD.

    Own images stand in `request` as `sha256:` references; `files` says the project path, or the
    data URI, that each stands for. `former` are fingerprints of the same picture by older rules.
    """

    address: str
    scene: str
    shot: str
    title: str
    cell: Mapping[str, Scalar]
    model: str
    request: Mapping[str, Json]
    files: Mapping[str, str]
    wanted: int
    fingerprint: str
    fields: Mapping[str, Json]
    cost: Cost
    former: tuple[str, ...] = ()
