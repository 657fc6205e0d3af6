"""Use case: one task in full, with the layer that each of its values came from."""

from dataclasses import dataclass, replace

from renderer.adapters.project import ProjectFiles
from renderer.app.delivery import seen
from renderer.app.gather import gather
from renderer.app.locks import LockFile
from renderer.app.select import one_task
from renderer.catalog.model import Catalog
from renderer.expand.origins import Origin, layers_of, origins
from renderer.expand.task import Task
from renderer.expand.tasks import expand
from renderer.lock.model import Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A task with the origin of each value and the takes of its picture."""

    task: Task
    origins: tuple[Origin, ...]
    takes: tuple[Take, ...]


def show(files: ProjectFiles, catalog: Catalog, provider: str, address: str) -> Shown:
    """Return one task; raise InputError if the specs have problems or no such task."""
    gathered = gather(files, catalog)
    board = gathered.board()
    made = expand(board)
    tasks = type(made)(tasks=made.tasks, problems=(*gathered.problems, *made.problems)).sound()
    task = one_task(tasks, address)
    entry = LockFile.of(files.root, provider).read().entries.get(task.address)
    found = origins(board, layers_of(board, task), task)
    return Shown(
        task=task,
        origins=tuple(replace(one, value=seen(one.field, one.value)) for one in found),
        takes=entry.of(task.fingerprint) if entry else (),
    )
