"""Tasks of scenes that did not change, recalled instead of worked out again."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from renderer.adapters.memo import Memo, program, signature, unchanged
from renderer.catalog.money import Cost
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

    def start(self, texts: str) -> None:
        """Take note of what every scene depends on: the shared texts, and the program."""
        self.shared = hashlib.sha256(f"{texts} {program()}".encode()).hexdigest()

    def scene(self, name: str, content: bytes) -> Recalled | None:
        """Return a scene's tasks if nothing that they are made of has changed."""
        kept = self.memo.get(_slot(name), self._key(name, content))
        if not isinstance(kept, dict) or not unchanged(self.root, kept.get("images")):
            return None
        try:
            tasks = tuple(_task(row) for row in kept["tasks"])
            return Recalled(scene=kept["scene"], tasks=tasks, images=tuple(kept["images"]))
        except (KeyError, TypeError, ValueError, ArithmeticError):
            return None

    def keep(
        self, name: str, content: bytes, scene: str, tasks: Sequence[Task], images: Sequence[str]
    ) -> None:
        """Keep a scene that has no problem."""
        signed = {image: signature(self.root / image) for image in images}
        if None not in signed.values():
            value = {"scene": scene, "tasks": [_row(task) for task in tasks], "images": signed}
            self.memo.put(_slot(name), self._key(name, content), value)

    def _key(self, name: str, content: bytes) -> str:
        return hashlib.sha256(f"{self.shared} {name} ".encode() + content).hexdigest()


def _slot(name: str) -> str:
    return "scene-" + hashlib.sha256(name.encode()).hexdigest()[:24]


def _row(task: Task) -> list[Json]:
    return [
        task.address,
        task.scene,
        task.shot,
        task.title,
        dict(task.cell),
        task.model,
        dict(task.request),
        dict(task.files),
        task.wanted,
        task.fingerprint,
        dict(task.fields),
        str(task.cost.low),
        str(task.cost.high),
    ]


def _task(row: list[Json]) -> Task:
    address, scene, shot, title, cell, model, request, files, wanted, mark, fields, low, high = row
    return Task(
        address=address,
        scene=scene,
        shot=shot,
        title=title,
        cell=cell,
        model=model,
        request=request,
        files=files,
        wanted=wanted,
        fingerprint=mark,
        fields=fields,
        cost=Cost(low=Decimal(low), high=Decimal(high)),
    )
