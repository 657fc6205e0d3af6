"""A real git repository in a folder, cut off from the configuration of the person who tests."""

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.resources import model_texts
from renderer.app.project.expand import expansion
from renderer.catalog.catalog import Catalog
from renderer.catalog.load import load_model
from renderer.expand.task import Task
from renderer.lock.codec import decode, encode
from renderer.lock.model import Lock, Take
from renderer.plan.apply import recorded, settled
from renderer.plan.decide import decide
from renderer.providers import Provider

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}


@dataclass(frozen=True, kw_only=True)
class Repo:
    """Calls git in `root`; `project` is the project's folder in it."""

    root: Path
    project: Path

    @classmethod
    def start(cls, root: Path, project: Path | None = None) -> "Repo":
        root.mkdir(parents=True, exist_ok=True)
        repo = cls(root=root, project=project or root)
        repo.git("init", "-q", "-b", "main")
        return repo

    def git(self, *arguments: str, wanted: int | None = 0, path: str = "") -> str:
        environment = {"PATH": path or os.environ["PATH"], "HOME": str(self.root), **ALONE}
        ran = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert wanted is None or ran.returncode == wanted, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def commit(self, message: str = "work") -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def branch(self, name: str, start: str = "main") -> None:
        self.git("checkout", "-q", "-b", name, start)

    @property
    def lock_path(self) -> Path:
        return self.project / "renderer.lock"

    def lock(self) -> Lock:
        if not self.lock_path.exists():
            return Lock(lineage="5d219290-7a7d-4859-ae06-0404ac3c6296")
        return decode(self.lock_path.read_text(), "renderer.lock")

    def tasks(self) -> tuple[Task, ...]:
        return expansion(ProjectFiles(root=self.project), CATALOG).sound()

    def render(self, name: str = "made") -> list[str]:
        """Record what a paid render would, without one; return the addresses of new takes."""
        tasks, lock = self.tasks(), self.lock()
        plan = decide(tasks, lock, Provider(name="runware", paid=True))
        lock = settled(lock, plan, tasks)
        todo = [(task, one) for task in tasks for one in plan.steps if one.address == task.address]
        made: list[str] = []
        for task, step in todo:
            for _ in range(step.takes):
                made.append(task.address)
                lock = recorded(lock, task, _take(task, f"{name}-{task.address}-{len(made)}"))
        self.lock_path.write_text(encode(lock))
        return made


def _take(task: Task, video: str) -> Take:
    return Take(
        number=1,
        fingerprint=task.fingerprint,
        sha256=video.encode().hex().ljust(64, "0")[-64:],
        size=1_000_000,
        format="mp4",
        seed=7,
        cost=Decimal("0.09743"),
        estimate=Decimal("0.09743"),
        task_uuid=f"task-{abs(hash(video))}",
        video_uuid="".join(one if one.isalnum() else "-" for one in video),
    )


def scene(shots: Iterable[str], name: str = "harbour") -> str:
    """Write a scene whose shots have their own names as prompts."""
    head = (
        f"version: 1\nscene: {name}\naspect: '16:9'\nsettings:\n"
        "  model: bytedance:seedance@1.5-pro\n  resolution: 480p\n  duration: 4\nshots:\n"
    )
    return head + "".join(
        f"  - id: {shot}\n    prompt: |\n      The {shot} of the harbour.\n\n" for shot in shots
    )
