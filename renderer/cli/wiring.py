"""The composition root: the one place that reads the environment and names concrete classes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from renderer.errors import InputError

if TYPE_CHECKING:  # `renderer --help` loads none of these
    from renderer.adapters.project import ProjectFiles
    from renderer.app.quiet import Quiet
    from renderer.app.studio import Studio
    from renderer.catalog.model import Catalog

PROVIDERS = ("local", "runware")
RUNWARE = "https://api.runware.ai/v1"


@dataclass(kw_only=True)
class Session:
    """One call of the program: where it was called, how, and in which environment."""

    start: str | None
    verbose: int
    environment: Mapping[str, str]

    @cached_property
    def root(self) -> Path:
        """The project's folder."""
        from renderer.adapters.project import find_root

        start = Path(self.start or ".")
        if not start.is_dir():
            raise InputError(f"there is no folder {self.start}", "check the path after -C")
        root = find_root(start)
        if root is None:
            raise InputError(
                f"there is no project in {start.resolve()} or above (no renderer.yaml, no specs/)",
                "go to a project, name one with -C DIR, or start one with `renderer init`",
            )
        return root

    @cached_property
    def files(self) -> "ProjectFiles":
        """The project's files."""
        from renderer.adapters.project import ProjectFiles

        return ProjectFiles(root=self.root)

    @cached_property
    def catalog(self) -> "Catalog":
        """The video models that ship with the program."""
        from renderer.adapters.resources import model_texts
        from renderer.catalog.load import load_model
        from renderer.catalog.model import Catalog

        return Catalog.of(load_model(text, name) for name, text in model_texts().items())

    def provider(self, named: str | None) -> str:
        """Return the provider in force: the option, else renderer.yaml, else `local`."""
        from renderer.app.named import provider_named

        return named or provider_named(self.files) or "local"

    def studio(self, provider: str) -> "Studio":
        """Return where a provider's takes are made; a paid one needs its key."""
        from renderer.adapters.client import Secret
        from renderer.adapters.durable import Disk
        from renderer.adapters.store import Store
        from renderer.app.plan import STATE
        from renderer.app.studio import Local, Paid

        store = Store(self.root / STATE, Disk())
        if provider == "local":
            return Local(files=self.files, catalog=self.catalog, store=store)
        key = self.environment.get("RUNWARE_API_KEY", "")
        if not key:
            raise InputError(
                "there is no key for Runware",
                "set RUNWARE_API_KEY, or render with --provider local for nothing",
            )
        address = self.environment.get("RUNWARE_BASE_URL", "")
        return Paid(
            files=self.files,
            catalog=self.catalog,
            store=store,
            address=address or RUNWARE,
            key=Secret(key),
            own_engine=bool(address),
        )

    def quiet(self, provider: str) -> "Quiet":
        """Return what remembers empty plans."""
        from renderer.adapters.memo import Memo
        from renderer.app.quiet import Quiet

        return Quiet(self.files, Memo(self.root / ".renderer"), provider)

    @contextmanager
    def mutex(self, purpose: str) -> Iterator[None]:
        """Hold the project for writing; a second renderer is told who has it."""
        from renderer.adapters.mutex import held
        from renderer.app.plan import STATE

        folder = self.root / STATE
        folder.mkdir(exist_ok=True)
        with held(folder / "mutex", purpose):
            yield
