"""Tasks of scenes that did not change, recalled instead of worked out again."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from renderer.adapters.disk.cache import Cache, CachedParts, moment, program, signature, unchanged
from renderer.catalog.money import Cost
from renderer.errors import InputError, Place, Problem
from renderer.expand.delivery import Sent
from renderer.expand.result import Expansion
from renderer.expand.task import Link, Task

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedScene:
    """One scene as it was worked out before; `images` are the project files that it names."""

    scene: str
    tasks: tuple[Task, ...]
    images: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()

    @classmethod
    def of(cls, scene: str, made: Expansion, images: Sequence[str]) -> "CachedScene":
        """Return what is kept of a scene that has no problem."""
        return cls(scene=scene, tasks=made.tasks, images=tuple(images), warnings=made.warnings)


@dataclass(slots=True)
class TaskCache:
    """Keeps and finds the tasks of scenes; `shared` is the digest of what all depend on."""

    memo: Cache
    root: Path
    shared: str = ""
    began: int = 0
    parts: CachedParts | None = None

    def start(self, texts: str) -> None:
        """Take note of what every scene depends on: the shared texts, and the program."""
        self.began = moment()
        self.shared = hashlib.sha256(f"{texts} {program()}".encode()).hexdigest()
        self.parts = self.memo.parts("scenes")

    def scene(
        self, name: str, content: bytes, work_out: Callable[[], Sequence[Task]]
    ) -> CachedScene | None:
        """Return a scene's tasks if nothing that they are made of has changed.

        Their requests are not kept: `work_out` makes the scene's tasks if one is looked at.
        """
        kept = self.parts and self.parts.get(_slot(name), self._key(name, content))
        if not isinstance(kept, dict) or not unchanged(self.root, kept.get("images")):
            return None
        try:
            rest = _Rest(work_out)
            tasks = tuple(_task(row, rest) for row in kept["tasks"])
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
            value = {
                "scene": made.scene,
                "tasks": [_row(task) for task in made.tasks],
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
    """The requests and fields of a scene, worked out when the first of them is looked at."""

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


class _Later(Mapping[str, Json]):
    """The request, or the fields, of a recalled task."""

    __slots__ = ("_address", "_part", "_rest")

    def __init__(self, rest: _Rest, address: str, part: str) -> None:
        self._rest, self._address, self._part = rest, address, part

    @property
    def _whole(self) -> Mapping[str, Json]:
        found: Mapping[str, Json] = getattr(self._rest.task(self._address), self._part)
        return found

    def __getitem__(self, key: str) -> Json:
        return self._whole[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)


def _warning_row(one: Problem) -> list[Json]:
    place = one.place or Place(file="")
    return [one.what, one.todo, place.file, place.line, place.column]


def _warning(row: list[Json]) -> Problem:
    what, todo, file, line, column = row
    place = Place(file=file, line=line, column=column) if file else None
    return Problem(what=what, todo=todo, place=place, severity="warning")


def _row(task: Task) -> list[Json]:
    return [
        task.address,
        task.shot,
        task.title,
        dict(task.cell),
        task.model,
        dict(task.files),
        task.wanted,
        task.fingerprint,
        task.seed,
        task.seedless,
        str(task.cost.low),
        str(task.cost.high),
        list(task.former),
        [[link.at, link.shot, link.frame, link.pinned] for link in task.links],
        [[name, one.shown, one.digest, one.words] for name, one in task.delivery.items()],
        task.seconds,
        task.by_address,
    ]


def _task(row: list[Json], rest: _Rest) -> Task:
    address, shot, title, cell, model, files, wanted, mark, seed, seedless, *more = row
    low, high, former, links, delivery, seconds, by_address = more
    return Task(
        address=address,
        scene=address.partition("/")[0],
        shot=shot,
        title=title,
        cell=cell,
        model=model,
        request=_Later(rest, address, "request"),
        files=files,
        wanted=wanted,
        fingerprint=mark,
        fields=_Later(rest, address, "fields"),
        cost=_cost(low, high),
        former=tuple(former),
        seed=seed,
        seedless=seedless,
        links=tuple(_link(*one) for one in links) if links else (),
        delivery=dict(_sent(*one) for one in delivery) if delivery else {},
        seconds=seconds,
        by_address=tuple(by_address),
    )


def _link(at: str, shot: str, frame: str, pinned: bool) -> Link:  # noqa: FBT001 - a row's values
    return Link(at=at, shot=shot, frame=frame, pinned=pinned)


def _sent(name: str, shown: Json, digest: str, words: list[str]) -> tuple[str, Sent]:
    return name, Sent(shown=shown, digest=digest, words=tuple(words))


@lru_cache(maxsize=1024)
def _cost(low: str, high: str) -> Cost:
    return Cost(low=Decimal(low), high=Decimal(high))
