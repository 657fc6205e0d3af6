"""The workspace: one project as a command works on it, made in one place and passed."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from renderer import paths
from renderer.adapters.disk.cache import Cache
from renderer.adapters.disk.disk import Disk
from renderer.adapters.disk.project import ProjectFiles
from renderer.adapters.disk.store import Store
from renderer.errors import InputError, MachineError
from renderer.providers import DEFAULT, PROVIDERS, Provider

if TYPE_CHECKING:  # an empty plan that was empty before needs no video model
    from renderer.adapters.clock import Clock
    from renderer.adapters.git.revision import GitFiles
    from renderer.adapters.git.run import Git
    from renderer.adapters.media.image_bytes import ImageBytes
    from renderer.adapters.media.previews import Previews
    from renderer.catalog.catalog import Catalog


def shipped_models() -> "Catalog":
    """Return the video models that ship with the program."""
    from renderer.adapters.disk.resources import model_texts
    from renderer.catalog.catalog import Catalog
    from renderer.catalog.load import load_model

    return Catalog.of(load_model(text, name) for name, text in model_texts().items())


def _nowhere() -> str:
    return ""


def system_clock() -> "Clock":
    """Return the machine's clocks."""
    from renderer.adapters.clock import SystemClock

    return SystemClock()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)  # quicker to load
class Workspace:
    """Root, files, video models, provider, store, cache and clock of one project.

    `models`, `clocks` and `endpoints` are called when they are first needed: a plan of unchanged
    scenes needs none of them.
    """

    files: ProjectFiles
    disk: Disk
    store: Store
    cache: Cache
    models: "Callable[[], Catalog]"
    clocks: "Callable[[], Clock]" = system_clock
    provider: str = DEFAULT.name
    endpoints: Callable[[], str] = _nowhere

    @classmethod
    def at(
        cls,
        root: Path,
        provider: str = DEFAULT.name,
        models: "Callable[[], Catalog]" = shipped_models,
        endpoints: Callable[[], str] = _nowhere,
        *,
        held: bool = False,
    ) -> "Workspace":
        """Return a project's workspace; a `held` cache is written only once it is released."""
        disk, state = Disk(), root / paths.STATE
        return cls(
            files=ProjectFiles(root=root),
            disk=disk,
            store=Store(state, disk),
            cache=Cache(state, held=held),
            models=cache(models),
            endpoints=endpoints,
            provider=provider,
        )

    def of(self, provider: str) -> "Workspace":
        """Return the same workspace for another provider."""
        return replace(self, provider=provider)

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.files.root

    @property
    def catalog(self) -> "Catalog":
        """The video models that the project may name."""
        return self.models()

    @property
    def clock(self) -> "Clock":
        """What tells the time, and waits."""
        return self.clocks()

    @property
    def endpoint(self) -> str:
        """Where paid requests go, as the journal names it; empty for what is not journaled."""
        return self.endpoints() if self.row.journaled else ""

    @property
    def row(self) -> Provider:
        """How the provider is paid, recorded and asked."""
        return PROVIDERS[self.provider]

    @property
    def state(self) -> Path:
        """The folder that the program keeps for itself."""
        return self.store.root

    @property
    def journal(self) -> Path:
        """Where the journal of this clone is, or will be."""
        return self.state / paths.JOURNAL

    @property
    def mutex_file(self) -> Path:
        """What a command holds that changes the project."""
        return self.state / paths.MUTEX

    @property
    def busy(self) -> str | None:
        """Who changes the project now, or None."""
        from renderer.adapters.disk.mutex import owner

        return owner(self.mutex_file)

    def git(self) -> "Git":
        """Return the project's repository; nothing is looked at yet."""
        from renderer.adapters.git.run import Git

        return Git(folder=self.root)

    def at_revision(self, revision: str) -> "GitFiles":
        """Return the project's files as they were; raise InputError for an unknown revision."""
        from renderer.adapters.git.revision import GitFiles

        return GitFiles.at(self.root, revision)

    def images(self) -> "ImageBytes":
        """Return what reads the images of requests: files of the project, frames of takes."""
        from renderer.adapters.media.image_bytes import ImageBytes

        return ImageBytes(files=self.files, store=self.store)

    def previews(self) -> "Previews":
        """Return what makes posters and strips of takes, and keeps them."""
        from renderer.adapters.media.previews import Previews

        return Previews(self.state / paths.PREVIEWS, self.disk)

    def join_journal(self, lineages: Sequence[str]) -> None:
        """Let the journal know which lineages were joined to the first: it serves each of them."""
        from renderer.adapters.journal.journal import Journal

        Journal(self.journal, lineages[0], joined=lineages[1:]).close()

    def mutex(self, purpose: str, timeout: float | None = None) -> AbstractContextManager[None]:
        """Hold the project for writing; raise BusyError after `timeout` seconds of waiting.

        `timeout` is None for commands that have no `--lock-timeout`.
        """
        from renderer.adapters.disk.mutex import AGAIN, held

        todo = AGAIN if timeout is None else "wait for it, or use --lock-timeout SECONDS"
        return held(self._made() / paths.MUTEX, purpose, timeout=timeout or 0.0, todo=todo)

    def picking(self, timeout: float) -> AbstractContextManager[None]:
        """Be the only one to change the picks; a render may go on meanwhile."""
        from renderer.adapters.disk.mutex import held

        return held(self._made() / paths.PICKS_MUTEX, "pick", timeout=timeout)

    def reviewing(self, timeout: float) -> AbstractContextManager[None]:
        """Be the only one to change verdicts and notes."""
        from renderer.adapters.disk.mutex import held

        return held(self._made() / paths.REVIEWS_MUTEX, "notes", timeout=timeout)

    def _made(self) -> Path:
        if self.state.is_symlink() and not self.state.is_dir():
            raise InputError(
                f"{paths.STATE} is a link to a folder that does not exist", "create that folder"
            )
        try:
            self.state.mkdir(exist_ok=True)
        except OSError as error:
            what = f"{paths.STATE} cannot be made a folder: {error.strerror}"
            raise MachineError(what, "move what is in its place, or fix its permissions") from None
        return self.state
