"""A project as it is after a paid render, without the render: lockfile and records, no media."""

import hashlib
import shutil
from pathlib import Path

from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.resources import model_texts
from renderer.app.planning.plan import plan
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from renderer.lock.model import Lock, Take
from renderer.plan.apply import recorded

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = ("renderer.yaml", "specs", "templates", "assets")


def copy_example(target: Path) -> Path:
    """Copy the example project of this repository."""
    for name in EXAMPLE:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
    return target


def pretend_made(root: Path) -> Lock:
    """Record one take of every task in renderer.lock, and keep the requests, as a render does."""
    catalog = Catalog.of(load_model(text, name) for name, text in model_texts().items())
    planned = plan(Workspace.at(root, "runware", lambda: catalog))
    lock = Lock(lineage="pretended")
    for task in planned.everything:
        lock = recorded(lock, task, take_of(task))
    planned.reasons.store.prepare()
    for _, take in lock.takes():  # media of the right size, which is all that a plan looks at
        media = planned.reasons.store.path(take.sha256)
        media.parent.mkdir(parents=True, exist_ok=True)
        with media.open("wb") as file:
            file.truncate(take.size)
    planned.reasons.read(planned.everything)
    planned.reasons.keep(planned.everything)
    lock_file = LockFile.of(root, "runware")
    lock_file.read()
    lock_file.write(lock, Disk())
    return lock


def take_of(task: Task) -> Take:
    """Return a take as a paid render of this task would record it."""
    name = hashlib.sha256(task.address.encode()).hexdigest()
    return Take(
        number=1,
        fingerprint=task.fingerprint,
        sha256=name,
        size=1_000_000,
        format="mp4",
        seed=task.seed,
        cost=task.cost.high,
        estimate=task.cost.high,
        task_uuid=f"{name[:8]}-{name[8:12]}-4{name[13:16]}-8{name[17:20]}-{name[20:32]}",
        video_uuid=f"{name[32:40]}-{name[40:44]}-4{name[45:48]}-8{name[49:52]}-{name[52:64]}",
    )
