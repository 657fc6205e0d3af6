"""Tasks of scenes that did not change, recalled instead of worked out again."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from renderer.adapters.memo import Memo, moment, program, signature, unchanged
from renderer.app.delivery import is_delivered
from renderer.catalog.money import Cost
from renderer.errors import MachineError
from renderer.expand.task import Task

Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """One scene as it was worked out before; `images` are the project files that it names."""

    scene: str
    tasks: tuple[Task, ...]
    images: tuple[str, ...]


@dataclass(slots=True)
class Recall:
    """Keeps and finds the tasks of scenes; `shared` is the digest of what all depend on."""

    memo: Memo
    root: Path
    shared: str = ""
    began: int = 0

    def start(self, texts: str) -> None:
        """Take note of what every scene depends on: the shared texts, and the program."""
        self.began = moment()
        self.shared = hashlib.sha256(f"{texts} {program()}".encode()).hexdigest()

    def scene(self, name: str, content: bytes) -> Recalled | None:
        """Return a scene's tasks if nothing that they are made of has changed."""
        kept = self.memo.get(_slot(name), self._key(name, content))
        if not isinstance(kept, dict) or not unchanged(self.root, kept.get("images")):
            return None
        try:
            rest = _Rest(self.memo, _slot(name), self._key(name, content), len(kept["tasks"]))
            tasks = tuple(_task(row, rest, at) for at, row in enumerate(kept["tasks"]))
            return Recalled(scene=kept["scene"], tasks=tasks, images=tuple(kept["images"]))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return None

    def keep(
        self, name: str, content: bytes, scene: str, tasks: Sequence[Task], images: Sequence[str]
    ) -> None:
        """Keep a scene that has no problem, and no address that may hold credentials."""
        if any(map(is_delivered, tasks)):
            return
        signed = {image: signature(self.root / image, self.began) for image in images}
        if None not in signed.values():
            key = self._key(name, content)
            rest = [[dict(task.request), dict(task.fields)] for task in tasks]
            self.memo.put(_slot(name) + "-rest", key, rest)
            value = {"scene": scene, "tasks": [_row(task) for task in tasks], "images": signed}
            self.memo.put(_slot(name), key, value)

    def _key(self, name: str, content: bytes) -> str:
        return hashlib.sha256(f"{self.shared} {name} ".encode() + content).hexdigest()


def _slot(name: str) -> str:
    return "scene-" + hashlib.sha256(name.encode()).hexdigest()[:24]


class _Rest:
    """The requests and fields of a scene, read when the first of them is looked at."""

    def __init__(self, memo: Memo, slot: str, key: str, count: int) -> None:
        self._source = (memo, slot + "-rest", key)
        self._count = count
        self._rows: list[list[dict[str, Json]]] | None = None

    def row(self, at: int) -> list[dict[str, Json]]:
        """Return request and fields of a task; raise LostMemoError if they are gone."""
        if self._rows is None:
            memo, slot, key = self._source
            rows = memo.get(slot, key)
            if not isinstance(rows, list) or len(rows) != self._count:
                raise LostMemoError("the memo was deleted while it was read", "run it again")
            self._rows = rows
        return self._rows[at]


class LostMemoError(MachineError):
    """Someone deleted the memo between two reads of it."""


class _Later(Mapping[str, Json]):
    """A mapping of a recalled task that is read when it is looked at."""

    __slots__ = ("_at", "_part", "_rest")

    def __init__(self, rest: _Rest, at: int, part: int) -> None:
        self._rest, self._at, self._part = rest, at, part

    def __getitem__(self, key: str) -> Json:
        return self._rest.row(self._at)[self._part][key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rest.row(self._at)[self._part])

    def __len__(self) -> int:
        return len(self._rest.row(self._at)[self._part])


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
        str(task.cost.low),
        str(task.cost.high),
        list(task.former),
    ]


def _task(row: list[Json], rest: _Rest, at: int) -> Task:
    address, shot, title, cell, model, files, wanted, mark, low, high, former = row
    return Task(
        address=address,
        scene=address.partition("/")[0],
        shot=shot,
        title=title,
        cell=cell,
        model=model,
        request=_Later(rest, at, 0),
        files=files,
        wanted=wanted,
        fingerprint=mark,
        fields=_Later(rest, at, 1),
        cost=_cost(low, high),
        former=tuple(former),
    )


@lru_cache(maxsize=1024)
def _cost(low: str, high: str) -> Cost:
    return Cost(low=Decimal(low), high=Decimal(high))
