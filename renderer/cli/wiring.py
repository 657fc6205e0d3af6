"""The composition root: the one place that reads the environment and names concrete classes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from renderer.errors import InputError
from renderer.providers import DEFAULT, LOCAL, RUNWARE
from renderer.sanitize import visible

if TYPE_CHECKING:  # `renderer --help` loads none of these
    from renderer.adapters.disk.cache import Cache
    from renderer.adapters.disk.project import ProjectFiles
    from renderer.adapters.disk.store import Store
    from renderer.adapters.net.client import Client, Secret
    from renderer.adapters.net.network import Network
    from renderer.app.project.fast.noop_cache import NoopCache
    from renderer.app.rendering.provider_sessions import ProviderSession, RunwareProvider
    from renderer.catalog.catalog import Catalog

API = "https://api.runware.ai/v1"


@dataclass(kw_only=True)
class Session:
    """One call of the program: where it was called, how, and in which environment."""

    start: str | None
    verbose: int
    environment: Mapping[str, str]

    @cached_property
    def root(self) -> Path:
        """The project's folder."""
        from renderer.adapters.disk.project import find_root
        from renderer.adapters.disk.state_folder import refuse_tracked

        start = Path(self.start or ".")
        if not start.is_dir():
            raise InputError(f"there is no folder {self.start}", "check the path after -C")
        root = find_root(start)
        if root is None:
            raise InputError(
                f"there is no project in {start.resolve()} or above (no renderer.yaml, no specs/)",
                "change to a project, name one with -C DIR, or start one with `renderer init`",
            )
        refuse_tracked(root)
        if self.environment.get("RENDERER_STORE", ""):
            from renderer.adapters.disk.linked_store import place_objects

            place_objects(root, self.environment["RENDERER_STORE"])
        return root

    @cached_property
    def files(self) -> "ProjectFiles":
        """The project's files."""
        from renderer.adapters.disk.project import ProjectFiles

        return ProjectFiles(root=self.root)

    @cached_property
    def catalog(self) -> "Catalog":
        """The video models that ship with the program."""
        from renderer.adapters.disk.resources import model_texts
        from renderer.catalog.catalog import Catalog
        from renderer.catalog.load import load_model

        return Catalog.of(load_model(text, name) for name, text in model_texts().items())

    def provider(self, named: str | None) -> str:
        """Return the provider in force: the option, else renderer.yaml, else `local`."""
        from renderer.app.project.settings import provider_named

        return named or provider_named(self.files) or DEFAULT.name

    def provider_session(self, provider: str) -> "ProviderSession":
        """Return where a provider's takes are made; a paid one needs its key."""
        return ADAPTERS[provider](self)

    def local(self) -> "ProviderSession":
        """Return where animatics are made."""
        from renderer.app.rendering.provider_sessions import LocalProvider

        self.say("provider: local, the embedded engine in this process")
        return LocalProvider(files=self.files, catalog=self.catalog, store=self._store())

    def paid(self) -> "RunwareProvider":
        """Return where paid takes are made; needs the key."""
        from renderer.app.rendering.provider_sessions import RunwareProvider

        return RunwareProvider(
            files=self.files,
            catalog=self.catalog,
            store=self._store(),
            address=self.address(),
            key=self.key(),
            own_engine=bool(self.environment.get("RUNWARE_BASE_URL", "")),
            trace=self.trace,
            network=self.network(),
        )

    def network(self) -> "Network":
        """Return how the environment says that others are reached."""
        from renderer.adapters.net.network import Network

        return Network.of(self.environment)

    def key(self) -> "Secret":
        """Return the key for Runware: from the environment, else from the system's keyring."""
        from renderer.adapters.net.api_key import find_key

        return find_key(self.environment)

    def client(self) -> "Client":
        """Return a client of the API that needs no project."""
        from renderer.adapters.clock import SystemClock
        from renderer.adapters.net.transports import api

        address, network = self.address(), self.network()
        return api(address, self.key(), SystemClock(), trace=self.trace, network=network)

    def address(self) -> str:
        """Return the API's address, checked to be one that a key may go to."""
        from renderer.adapters.net.client import checked_address
        from renderer.sanitize import host_of

        address = checked_address(self.environment.get("RUNWARE_BASE_URL", "") or API)
        self.say(f"provider: runware at {address.partition(':')[0]}://{host_of(address)}")
        for line in self.network().said(address):
            self.say(visible(line))
        return address

    @property
    def endpoint(self) -> str:
        """Where paid requests would go, as the journal names it; nothing is checked."""
        from renderer.adapters.net.endpoint import endpoint_of

        return endpoint_of(self.environment.get("RUNWARE_BASE_URL", "") or API)

    def say(self, words: str) -> None:
        """Say something on stderr with -v."""
        if self.verbose:
            click.echo(words, err=True)

    @property
    def trace(self) -> Callable[[str], None] | None:
        """What reports each request (-vv), or None."""
        return partial(click.echo, err=True) if self.verbose > 1 else None

    def _store(self) -> "Store":
        from renderer.adapters.disk.disk import Disk
        from renderer.adapters.disk.store import Store
        from renderer.app.planning.plan import STATE

        return Store(self.root / STATE, Disk())

    def held_cache(self) -> "Cache":
        """Return what earlier plans computed, to be written when something is done."""
        from renderer.adapters.disk.cache import Cache
        from renderer.app.planning.plan import STATE

        return Cache(self.root / STATE, held=True)

    def quiet(self, provider: str) -> "NoopCache":
        """Return what remembers empty plans."""
        from renderer.adapters.disk.cache import Cache
        from renderer.app.project.fast.noop_cache import NoopCache

        return NoopCache(self.files, Cache(self.root / ".renderer"), provider)

    @contextmanager
    def mutex(self, purpose: str, timeout: float | None = None) -> Iterator[None]:
        """Hold the project for writing; a second renderer waits, or reports who has it.

        `timeout` is None for commands that have no `--lock-timeout`.
        """
        from renderer.adapters.disk.mutex import AGAIN, held
        from renderer.app.planning.plan import STATE

        folder = self.root / STATE
        if folder.is_symlink() and not folder.is_dir():
            raise InputError(
                f"{STATE} is a link to a folder that does not exist", "create that folder"
            )
        folder.mkdir(exist_ok=True)
        todo = AGAIN if timeout is None else "wait for it, or use --lock-timeout SECONDS"
        with held(folder / "mutex", purpose, timeout=timeout or 0.0, todo=todo):
            yield


# Where the takes of each row of the table of providers are made.
ADAPTERS: dict[str, Callable[[Session], "ProviderSession"]] = {
    LOCAL.name: Session.local,
    RUNWARE.name: Session.paid,
}
