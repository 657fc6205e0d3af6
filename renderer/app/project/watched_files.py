"""The files that a plan and its page are made of, and what changes when one of them does."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from renderer import limits, paths
from renderer.adapters.disk.cache import signature
from renderer.adapters.disk.project import ProjectFiles
from renderer.app.project.data_names import data_names
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
    _data: dict[str, tuple[object, tuple[str, ...]]] = field(default_factory=dict)

    def name(self, tasks: Iterable[Task]) -> None:
        """Look at the images of these tasks too, wherever they lie."""
        paths = {path for task in tasks for path in task.files.values()}
        self.images = frozenset(path for path in paths if not path.startswith(_NO_FILE))

    def look(self) -> dict[str, object]:
        """Return each file by its name, with what differs after a change.

        Nothing is read but specs that changed: which data files do they name?
        """
        seen: dict[str, object] = {}
        for folder, endings in _FOLDERS:
            try:
                seen |= dict.fromkeys(self.files.names(folder, endings))
            except InputError as error:  # a plan reports it
                seen[folder] = str(error)
        names = {paths.PROJECT_FILE, paths.PICKS, paths.REVIEWS, *LOCKS, *self.images, *seen}
        found = {name: self._signature(name) or seen.get(name) for name in names}
        specs = [name for name in found if _is_spec(name)]
        data = {path for name in specs for path in self._named(name, found[name])}
        return found | {path: self._signature(path) for path in data - found.keys()}

    def _signature(self, name: str) -> object:
        return signature(self.files.root / name)

    def _named(self, spec: str, now: object) -> tuple[str, ...]:
        """Return the data files that a spec names, as far as it can be read."""
        if spec not in self._data or self._data[spec][0] != now:
            self._data[spec] = (now, self._read(spec))
        return self._data[spec][1]

    def _read(self, spec: str) -> tuple[str, ...]:
        try:
            return data_names(self.files.read(spec, limit=limits.YAML))
        except InputError:  # a plan reports it
            return ()


def _is_spec(name: str) -> bool:
    below = name.startswith(f"{paths.SPECS}/") and name.endswith(paths.SPEC_ENDINGS)
    return below or name == paths.PROJECT_FILE
