"""The folder for people: `renders/SCENE/SHOT.take1.mp4`, copies of the files in the store."""

import json
import shutil
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renderer import limits
from renderer.adapters.disk.disk import Disk, answered
from renderer.adapters.disk.state_folder import read_own
from renderer.adapters.disk.store import Store, digest
from renderer.app.workspace import Workspace
from renderer.expand.address import file_names
from renderer.expand.task import Task
from renderer.lock.model import Entry, Lock, Take
from renderer.lock.takes import Named
from renderer.paths import RENDERS, RENDERS_LIST
from renderer.strict_json import NotStrictError, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFiles:
    """Keeps `renders/` as the lockfile says; removes only what it put there itself."""

    root: Path
    store: Store
    disk: Disk

    @classmethod
    def of(cls, workspace: Workspace) -> "ExportedFiles":
        """Return the files for people of a workspace."""
        return cls(root=workspace.root, store=workspace.store, disk=workspace.disk)

    def lay_out(
        self, tasks: Sequence[Task], lock: Lock, kept: Callable[[], Container[str]] = frozenset
    ) -> int:
        """Put the current takes in place; return how many files were written or removed.

        Files of the takes in `kept` (SHA-256) stay: what would lie in their place lies beside it.
        """
        placed = self._placed()
        wanted = dict(shelved(tasks, lock))
        others = _others(placed, wanted, kept)
        wanted = {_beside(name) if name in others else name: wanted[name] for name in wanted}
        # What is stale goes first: on some disks it is the new file in other capitals.
        gone = placed.keys() - wanted.keys() - others.keys()
        stale = [name for name in sorted(gone) if self._remove(name)]
        written = [name for name, take in wanted.items() if self._put(name, take, placed)]
        there = {*written, *(name for name in wanted if placed.get(name) == wanted[name].sha256)}
        listed = {**others, **{name: wanted[name].sha256 for name in there}}
        if listed != placed:
            text = json.dumps(dict(sorted(listed.items())), indent=1)
            self.disk.write(self.store.root / RENDERS_LIST, text.encode())
        return len(written) + len(stale)

    def _put(self, name: str, take: Take, placed: Mapping[str, str]) -> bool:
        target = self.root / name
        if placed.get(name) == take.sha256 and _size(target) == take.size:
            return False
        if not self.store.has(take.sha256, take.size):
            return False
        self.disk.folder(target.parent)
        beside = target.with_name(f".{target.name}.tmp")
        with answered(target):
            shutil.copyfile(self.store.path(take.sha256), beside)
        if digest(beside) != take.sha256:
            self.disk.remove(beside)
            return False
        self.disk.replace(beside, target, sync=False)
        return True

    def missing(self, tasks: Sequence[Task], lock: Lock) -> int:
        """Return how many of the current takes are missing."""
        placed = self._placed()
        return sum(not self._lies(name, take, placed) for name, take in shelved(tasks, lock))

    def places(self, tasks: Sequence[Task], lock: Lock) -> dict[tuple[str, int], str]:
        """Return the path of each take that lies in place, by its address and number.

        Also of those whose picture the tasks do not name yet: a frame of it was made meanwhile.
        """
        placed, found = self._placed(), {}
        for name, one in _named(tasks, lock, lambda entry, _: entry.takes):
            lying = (path for path in (name, _beside(name)) if self._is(path, one.take, placed))
            if path := next(lying, None):
                found[one.address, one.take.number] = path
        return found

    def _lies(self, name: str, take: Take, placed: Mapping[str, str]) -> bool:
        return any(self._is(one, take, placed) for one in (name, _beside(name)))

    def _is(self, path: str, take: Take, placed: Mapping[str, str]) -> bool:
        return placed.get(path) == take.sha256 and _size(self.root / path) == take.size

    def _remove(self, name: str) -> bool:
        target = self.root / name
        parts = Path(name).parts
        if ".." in parts or parts[0] != RENDERS or not target.is_file():
            return False
        # The list may have come with a checkout, and so may a link that leads out of it.
        if any((self.root / Path(*parts[:end])).is_symlink() for end in range(1, len(parts) + 1)):
            return False
        self.disk.remove(target)
        return True

    def _placed(self) -> dict[str, str]:
        try:
            content = read_own(self.store.root / RENDERS_LIST, limits.RENDERS) or b""
            kept = read(content, most=limits.RENDERS, pieces=limits.RENDERS_PIECES)
        except NotStrictError:
            return {}
        pairs = kept.items() if isinstance(kept, dict) else ()
        return {name: sha256 for name, sha256 in pairs if name and isinstance(sha256, str)}


def _others(
    placed: Mapping[str, str], wanted: Mapping[str, Take], kept: Callable[[], Container[str]]
) -> Mapping[str, str]:
    """Return the files in place that are not to be touched."""
    now = {name: take.sha256 for name, take in wanted.items()}
    changed = {name: sha256 for name, sha256 in placed.items() if now.get(name) != sha256}
    stay = kept() if changed else ()
    return {name: sha256 for name, sha256 in changed.items() if sha256 in stay}


def _beside(name: str) -> str:
    """Return the name for an animatic whose own name a paid take has."""
    path, take = name.rsplit(".take", 1)
    return f"{path}.animatic.take{take}"


def shelved(tasks: Sequence[Task], lock: Lock) -> Iterator[tuple[str, Take]]:
    """Yield the path for people of every take of the pictures that the specs want now."""
    return ((path, one.take) for path, one in _named(tasks, lock))


def _current(entry: Entry, task: Task) -> tuple[Take, ...]:
    return entry.of(task.fingerprint)


def _named(
    tasks: Sequence[Task],
    lock: Lock,
    which: Callable[[Entry, Task], Sequence[Take]] = _current,
) -> Iterator[tuple[str, Named]]:
    """Yield takes with the path that people find them under."""
    names = file_names(task.address for task in tasks)
    for task in tasks:
        entry = lock.entries.get(task.address)
        for take in which(entry, task) if entry else ():
            name = f"{names[task.address]}.take{take.number}.{take.format}"
            named = Named(address=task.address, take=take)
            yield f"{RENDERS}/{task.scene}/{name}", named


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1
