"""Tasks of scenes that did not change, recalled; the truth is `app/project/expand.py`, which computes them."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal
from functools import lru_cache
from itertools import repeat
from operator import attrgetter
from pathlib import Path
from typing import Self, TypedDict

from renderer.adapters.disk.cache import Cache, CachedParts, moment, program, signature, unchanged
from renderer.app.workspace import Workspace
from renderer.catalog.money import Cost
from renderer.errors import InputError, Place, Problem
from renderer.expand.delivery import Sent
from renderer.expand.result import Expansion
from renderer.expand.task import Link, Task
from renderer.json_types import Json, JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedScene:
    """One scene as it was computed before; `images` are the project files that it names."""

    scene: str
    tasks: tuple[Task, ...]
    images: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, scene: str, made: Expansion, images: Sequence[str]) -> "CachedScene":
        """Return what is kept of a scene that has no problem."""
        return cls(scene=scene, tasks=made.tasks, images=tuple(images), warnings=made.warnings)


class _Column(TypedDict, total=False):
    """One field of all tasks of a scene: `same` for each, or `each` its own."""

    same: object
    each: list[object]


class _KeptTasks(TypedDict):
    count: int
    columns: Mapping[str, _Column]


class _KeptScene(TypedDict):
    scene: str
    tasks: _KeptTasks
    images: Mapping[str, list[int] | None]
    warnings: list[tuple[str, str, str, int, int]]


@dataclass(slots=True)
class TaskCache:
    """Keeps and finds the tasks of scenes; `shared` is the digest of what all depend on."""

    cache: Cache
    root: Path
    shared: str = ""
    began: int = 0
    parts: CachedParts | None = None

    @classmethod
    def of(cls, workspace: Workspace) -> "Self":
        """Return what is known of the scenes of a workspace from earlier plans."""
        return cls(cache=workspace.cache, root=workspace.root)

    def start(self, texts: str) -> None:
        """Take note of what every scene depends on: the shared texts, and the program."""
        self.began = moment()
        self.shared = hashlib.sha256(f"{texts} {program()}".encode()).hexdigest()
        self.parts = self.cache.parts("scenes")

    def scene(
        self, name: str, content: bytes, work_out: Callable[[], Sequence[Task]]
    ) -> CachedScene | None:
        """Return a scene's tasks if nothing that they are made of has changed.

        Their requests are not kept: `work_out` makes the scene's tasks if one is looked at.
        """
        kept: _KeptScene | None = None
        if self.parts:
            kept = self.parts.get(_slot(name), self._key(name, content))
        if kept is None or not unchanged(self.root, kept["images"]):
            return None
        try:
            rest = _Rest(work_out)
            tasks = _tasks(kept["tasks"], rest)
            return CachedScene(
                scene=kept["scene"],
                tasks=tasks,
                images=tuple(kept["images"]),
                warnings=tuple(_warning(row) for row in kept["warnings"]),
            )
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return None

    def keep(self, name: str, content: bytes, made: CachedScene) -> None:
        """Take a scene that has no problem, to be kept by `finish`."""
        signed = {image: signature(self.root / image, self.began) for image in made.images}
        if self.parts and None not in signed.values():
            value: _KeptScene = {
                "scene": made.scene,
                "tasks": _written(made.tasks),
                "images": signed,
                "warnings": [_warning_row(one) for one in made.warnings],
            }
            self.parts.put(_slot(name), self._key(name, content), value)

    def finish(self, names: Iterable[str]) -> None:
        """Keep the scenes of these files, and no others."""
        if self.parts:
            self.parts.save(map(_slot, names))

    def _key(self, name: str, content: bytes) -> str:
        return hashlib.sha256(f"{self.shared} {name} ".encode() + content).hexdigest()


def _slot(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:24]


class _Rest:
    """The requests and fields of a scene, computed when the first of them is looked at."""

    def __init__(self, work_out: Callable[[], Sequence[Task]]) -> None:
        self._work_out = work_out
        self._tasks: dict[str, Task] | None = None

    def task(self, address: str) -> Task:
        """Return a task whole; raise InputError if its scene has changed meanwhile."""
        if self._tasks is None:
            self._tasks = {task.address: task for task in self._work_out()}
        if address not in self._tasks:
            raise InputError(f"{address} changed while it was read", "run it again")
        return self._tasks[address]


class _Later(JsonObject):
    """The request, or the fields, of a recalled task."""

    __slots__ = ("_address", "_part", "_rest")

    def __init__(self, rest: _Rest, address: str, part: str) -> None:
        self._rest, self._address, self._part = rest, address, part

    @property
    def _whole(self) -> JsonObject:
        found: JsonObject = getattr(self._rest.task(self._address), self._part)
        return found

    def __getitem__(self, key: str) -> Json:
        return self._whole[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def _warning_row(one: Problem) -> tuple[str, str, str, int, int]:
    place = one.place or Place(file="")
    return one.what, one.todo, place.file, place.line, place.column


def _warning(row: tuple[str, str, str, int, int]) -> Problem:
    what, todo, file, line, column = row
    place = Place(file=file, line=line, column=column) if file else None
    return Problem(what=what, todo=todo, place=place, severity="warning")


def _written(tasks: Sequence[Task]) -> _KeptTasks:
    columns = {name: [write(task) for task in tasks] for name, (write, _) in _COLUMNS.items()}
    kept = {name: _column(found) for name, found in columns.items()}
    return {"count": len(tasks), "columns": kept}


def _column(values: list[object]) -> _Column:
    if not values:  # of a scene that has no shot to make
        return {"each": values}
    same = values.count(values[0]) == len(values) and len({*map(_written_as, values)}) == 1
    return {"same": values[0]} if same else {"each": values}


def _written_as(value: object) -> object:
    """Tell equal values apart that are not the same: 1, 1.0 and true, also within another."""
    return repr(value) if value and isinstance(value, dict | list) else type(value)


def _tasks(kept: _KeptTasks, rest: "_Rest") -> tuple[Task, ...]:
    count, known = kept["count"], kept["columns"]
    columns = [_values(known[name], read, count) for name, (_, read) in _COLUMNS.items()]
    return tuple(_task(rest, values) for values in zip(*columns, strict=True))


def _values(column: _Column, read: Callable[..., object] | None, count: int) -> Iterable[object]:
    if "same" in column:
        return repeat(read(column["same"]) if read else column["same"], count)
    return map(read, column["each"]) if read else column["each"]


def _task(rest: "_Rest", values: tuple[object, ...]) -> Task:
    """Make a task field by field: its own way, for two dozen keywords, takes twice as long."""
    task = object.__new__(Task)
    address = str(values[0])
    scene = address.partition("/")[0]
    own = (scene, _Later(rest, address, "request"), _Later(rest, address, "fields"))
    for put, value in zip(_PUT, (*values, *own, *_UNSET), strict=True):
        put(task, value)
    return task


def _link(at: str, shot: str, frame: str, pinned: bool) -> Link:  # noqa: FBT001 - a row's values
    return Link(at=at, shot=shot, frame=frame, pinned=pinned)


def _sent(name: str, shown: Json, digest: str, words: list[str]) -> tuple[str, Sent]:
    return name, Sent(shown=shown, digest=digest, words=tuple(words))


@lru_cache(maxsize=1024)
def _cost(low: str, high: str) -> Cost:
    return Cost(low=Decimal(low), high=Decimal(high))


# What is kept of each task: how a column of it is written, and read. All tasks of a scene together,
# and once what is the same for all of them: half of what there would be to read.
_COLUMNS: dict[str, tuple[Callable[[Task], object], Callable[..., object] | None]] = {
    "address": (attrgetter("address"), None),
    "shot": (attrgetter("shot"), None),
    "title": (attrgetter("title"), None),
    "cell": (lambda task: dict(task.cell), None),
    "model": (attrgetter("model"), None),
    "files": (lambda task: dict(task.files), None),
    "wanted": (attrgetter("wanted"), None),
    "fingerprint": (attrgetter("fingerprint"), None),
    "seed": (attrgetter("seed"), None),
    "seedless": (attrgetter("seedless"), None),
    "cost": (lambda task: [str(task.cost.low), str(task.cost.high)], lambda two: _cost(*two)),
    "former": (lambda task: list(task.former), tuple),
    "links": (
        lambda task: [[link.at, link.shot, link.frame, link.pinned] for link in task.links],
        lambda rows: tuple(_link(*row) for row in rows),
    ),
    "delivery": (
        lambda task: [
            [name, one.shown, one.digest, one.words] for name, one in task.delivery.items()
        ],
        lambda rows: dict(_sent(*row) for row in rows),
    ),
    "seconds": (attrgetter("seconds"), None),
    "by_address": (lambda task: list(task.by_address), tuple),
    "deliver": (lambda task: list(task.deliver), tuple),
}
_OWN = ("scene", "request", "fields")
# What a scene alone does not know: frames of other shots. Nobody changes what is in them.
_UNSET_FIELDS: dict[str, object] = {
    one.name: {} if one.default is MISSING else one.default
    for one in fields(Task)
    if one.name not in {*_COLUMNS, *_OWN}
}
_UNSET = tuple(_UNSET_FIELDS.values())
_PUT = tuple(getattr(Task, name).__set__ for name in (*_COLUMNS, *_OWN, *_UNSET_FIELDS))
