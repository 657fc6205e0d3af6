"""The files that a plan and its page are made of, and what changes when one of them does."""

from collections.abc import Iterable
from dataclasses import dataclass

from renderer import paths
from renderer.adapters.disk.cache import signature
from renderer.adapters.disk.project import ProjectFiles
from renderer.errors import InputError
from renderer.expand.frame_links import SOURCE
from renderer.expand.task import Task
from renderer.providers import PROVIDERS

_FOLDERS = (
    (paths.SPECS, paths.SPEC_ENDINGS),
    (paths.TEMPLATES, paths.TEMPLATE_ENDINGS),
    (paths.ASSETS, ("",)),
)
_NO_FILE = ("data:", SOURCE)
LOCKS = frozenset(row.lockfile for row in PROVIDERS.values())


@dataclass(slots=True)
class WatchedFiles:
    """A project's input files; `images` are those outside of `assets/` that tasks name."""

    files: ProjectFiles
    images: frozenset[str] = frozenset()

    def name(self, tasks: Iterable[Task]) -> None:
        """Look at the images of these tasks too, wherever they lie."""
        paths = {path for task in tasks for path in task.files.values()}
        self.images = frozenset(path for path in paths if not path.startswith(_NO_FILE))

    def look(self) -> dict[str, object]:
        """Return each file by its name, with what differs after a change; nothing is read."""
        seen: dict[str, object] = {}
        for folder, endings in _FOLDERS:
            try:
                seen |= dict.fromkeys(self.files.names(folder, endings))
            except InputError as error:  # a plan reports it
                seen[folder] = str(error)
        names = {paths.PROJECT_FILE, paths.PICKS, *LOCKS, *self.images, *seen}
        return {name: signature(self.files.root / name) or seen.get(name) for name in names}
