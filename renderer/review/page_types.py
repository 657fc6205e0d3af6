"""The data of the review page: what its scripts read, as types."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from renderer.catalog.money import Money
from renderer.json_types import Json

CutData = TypedDict(
    "CutData", {"take": str, "sha256": str, "fingerprint": str, "in": str, "out": str}
)


class PickData(TypedDict):
    """The takes of a pick with their cuts, and why they were chosen."""

    why: str
    parts: Sequence[CutData]


class VerdictData(TypedDict):
    """The state of a shot's pick; `pick` is null where there is none. `shot` is its slot."""

    shot: str
    state: str
    against: Sequence[str]
    default: str
    was: str
    pick: PickData | None


class LookData(TypedDict):
    """What is known of a take's file, and the files that show it."""

    flags: Sequence[str]
    width: int
    height: int
    fps: float
    frames: int
    duration: float
    loudness: str | None
    audio: bool
    video: str
    poster: str
    strip: str
    tiles: int
    note: str


class TakeData(LookData):
    """One take; `parts` are its positions in the pick, `version` its place in the shot's stack.

    `kind` is what it is, `label` the same in words for people; `current`: it may be picked.
    """

    name: str
    number: int
    sha256: str
    fingerprint: str
    version: int
    kind: str
    label: str
    current: bool
    parts: Sequence[int]
    draft: bool
    seed: str | None
    cost: str | None
    estimate: str | None
    size: int
    format: str


class TaskData(TypedDict):
    """One task; `diff` is of its prompt, `settings` are name, value, and another value before."""

    address: str
    fingerprint: str
    cell: Sequence[Sequence[str]]
    draft: bool
    prompt: Json
    since: str
    diff: Sequence[Sequence[str]] | None
    settings: Sequence[Sequence[str | None]]
    price: Money
    wanted: int
    action: str
    reasons: Sequence[Sequence[str]]
    trouble: str
    takes: Sequence[TakeData]


class FilmData(TypedDict):
    """One deliverable: its name as `--deliverable` takes it, and its axes with their values."""

    name: str
    axes: Mapping[str, str]


class ShotData(VerdictData):
    """One shot in one deliverable; `film` has the axes of the films that it is for."""

    film: Mapping[str, str]
    scene: str
    id: str
    title: str
    notes: str
    changed: bool
    failed: bool
    draft: bool
    tasks: Sequence[TaskData]


class SceneData(TypedDict):
    """One scene."""

    id: str
    title: str
    notes: str
    shots: Sequence[ShotData]


class PageData(TypedDict):
    """A page; `strays` are picks of shots that are no more."""

    version: int
    title: str
    provider: str
    live: bool
    requireWhy: bool
    spent: str
    cost: Money
    notHere: int
    films: Sequence[FilmData]
    scenes: Sequence[SceneData]
    strays: Sequence[VerdictData]
