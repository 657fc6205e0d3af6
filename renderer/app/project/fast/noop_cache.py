"""Cache of no-op plans, keyed by input digest; the truth is `app/planning/plan.py`."""

import hashlib

from renderer import limits, paths
from renderer.adapters.disk.cache import moment, program, signature, unchanged
from renderer.app.project.snapshot import Snapshot, snapshot
from renderer.app.workspace import Workspace
from renderer.errors import InputError


class NoopCache:
    """Remembers for each provider from which bytes a plan came out empty."""

    def __init__(self, workspace: Workspace) -> None:
        self._files = workspace.files
        self._cache = workspace.cache
        self._name = f"quiet-{workspace.provider}"
        self._lock = workspace.row.lockfile
        self._start = moment()
        self._key = ""
        self._media = workspace.store.stamp()
        self.texts: Snapshot | None = None

    def tasks(self) -> tuple[int, int] | None:
        """Return how many tasks there are, all of them made, and how many of their takes are not here.

        None if that is not known.
        """
        texts = self.texts = snapshot(self._files)
        if texts.problems:
            return None
        try:
            self._key = self._of(texts)
        except InputError:
            return None  # a plan reports it, if it reads that file at all
        kept = self._cache.get(self._name, self._key)
        if not isinstance(kept, dict) or not unchanged(self._files.root, kept.get("images")):
            return None
        tasks, missing = kept.get("tasks"), kept.get("absent")
        if kept.get("media") != self._media:
            return None
        return (tasks, missing) if isinstance(tasks, int) and isinstance(missing, int) else None

    def remember(self, tasks: int, absent: int, images: set[str]) -> None:
        """Keep that the bytes seen by `tasks()`, with these input files, gave an empty plan."""
        root = self._files.root
        signed = {image: signature(root / image, self._start) for image in sorted(images)}
        if self._key and None not in signed.values():
            seen = {"tasks": tasks, "absent": absent, "media": self._media, "images": signed}
            self._cache.put(self._name, self._key, seen)

    def _of(self, texts: Snapshot) -> str:
        found = hashlib.sha256(f"{program()} {texts.digest} ".encode())
        # What another shot may depend on: the pick of a shot, and what was rejected of it.
        for name in (paths.PICKS, paths.REVIEWS, self._lock):
            if self._files.exists(name):
                content = self._files.read(name, limit=limits.LOCK)
                found.update(f"{name} {len(content)} ".encode() + content)
        return found.hexdigest()
