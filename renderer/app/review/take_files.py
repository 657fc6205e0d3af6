"""Where the files of takes lie, and what they are: for scripts, which want to open them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from renderer.adapters.disk.store import Store
from renderer.app.rendering.exported_files import ExportedFiles
from renderer.app.workspace import Workspace
from renderer.expand.task import Task
from renderer.lock.model import Lock, Take
from renderer.lock.takes import Named
from renderer.render.outcome import Probed


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFile:
    """One take's file: its path from the project's folder, and its measures, where known."""

    path: str | None = None
    media: Probed | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeFiles:
    """Finds the files of takes: in `renders/`, where people look, else in the store."""

    root: Path
    store: Store
    places: Mapping[tuple[str, int], str]  # of address and number

    @classmethod
    def of(cls, workspace: Workspace, tasks: Sequence[Task], lock: Lock) -> "TakeFiles":
        """Return what finds the takes of a lockfile."""
        places = ExportedFiles.of(workspace).places(tasks, lock)
        return cls(root=workspace.root, store=workspace.store, places=places)

    @classmethod
    def in_store(cls, workspace: Workspace) -> "TakeFiles":
        """Return what finds takes in the store alone."""
        return cls(root=workspace.root, store=workspace.store, places={})

    def file(self, named: Named) -> TakeFile:
        """Return a take's file; without a path and measures if it is not on this machine."""
        take = named.take
        place = self.places.get((named.address, take.number))
        kept = self.store.path(take.sha256) if self.store.has(take.sha256, take.size) else None
        source = self.root / place if place else kept
        if source is None:
            return TakeFile()
        path = place or source.relative_to(self.root).as_posix()
        return TakeFile(path=path, media=_media(source, take))


def _media(path: Path, take: Take) -> Probed | None:
    from renderer.adapters.media.container_check import NotMediaError
    from renderer.adapters.media.probe import probe

    try:
        return probe(path, take.format)
    except NotMediaError:
        return None
