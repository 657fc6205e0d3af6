"""A task: one cell of a shot's matrix, as one request with its name, fingerprint and price."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from renderer.catalog.money import Cost
from renderer.expand.delivery import Sent
from renderer.json_types import Json, Scalar

# Axes of which every value is wanted, where they are axes; `deliver:` names others.
DELIVERED = ("aspect", "locale")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """The `first` or the `last` frame (`at`) comes from another shot, `scene/shot`.

    `frame` is which of its frames: `last`, `first`, or a moment. `pinned`: once used, it stays.
    """

    at: str
    shot: str
    frame: str
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """The frame that a link led to: of the take with these bytes, which moment of it.

    `shot` and `frame` are those of the link. `source` are the bytes that it is cut out of.
    """

    shot: str
    frame: str
    take: str
    moment: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One `videoInference` request less its taskUUID; `cost` is for one take, in USD.

    Own images are in `request` as `sha256:` references; `files` says the project path, or the
    data URI, that each stands for. `former` are fingerprints of the same picture by older rules.
    `seed` is the first of the `wanted` seeds that results take, if one is asked for; `seedless` then
    is the fingerprint of the same picture without.
    `links` are frames of other shots; once these are known, they are in `stills` by position;
    `waits` names the shots that have to be made before, `needs` the tasks of theirs; `base` is the
    fingerprint without frames, and `words` name these in the fingerprint.
    `delivery` is how its videos are sent and checked, which is not part of the picture.
    `seconds` is how long a take may be, 0 if unknown. `by_address` are the positions of
    the frames that are addresses. `deliver` are the axes that films are named by, whether the
    task has them or not.
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
    seed: int | None = None
    seedless: str = ""
    links: tuple[Link, ...] = ()
    stills: Mapping[str, Still] = field(default_factory=dict)
    waits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    base: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    delivery: Mapping[str, Sent] = field(default_factory=dict)
    seconds: float = 0
    by_address: tuple[str, ...] = ()
    deliver: tuple[str, ...] = DELIVERED
