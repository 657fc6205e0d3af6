"""Use case: check that every recorded take is whole, byte for byte."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderer.adapters.disk.store import Store, digest
from renderer.app.project.lockfile import LockFile
from renderer.app.workspace import Workspace
from renderer.lock.model import Take
from renderer.lock.takes import Named, Takes


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedTake:
    """One take as it lies in the store: `whole`, `missing` or `damaged`."""

    address: str
    take: Take
    state: str

    @property
    def named(self) -> Named:
        """The take by its name."""
        return Named(address=self.address, take=self.take)


def verify(workspace: Workspace) -> tuple[VerifiedTake, ...]:
    """Check every take of a provider's lockfile against its size and SHA-256.

    Less lost ones that others were bought in place of: nobody waits for them.
    """
    store = workspace.store
    lock = LockFile.of(workspace.root, workspace.provider).read()
    replaced = Takes(lock).replaced
    checked = (
        VerifiedTake(address=address, take=take, state=_state(store, take))
        for address, take in lock.takes()
    )
    return tuple(one for one in checked if one.state == "whole" or one.take.sha256 not in replaced)


def put_aside(workspace: Workspace, checked: Sequence[VerifiedTake]) -> None:
    """Move damaged files out of the way, so that whole ones can take their place."""
    for sha256 in dict.fromkeys(one.take.sha256 for one in checked if one.state == "damaged"):
        workspace.store.put_aside(sha256)


def _state(store: Store, take: Take) -> str:
    path = store.path(take.sha256)
    if not path.is_file():
        return "missing"
    whole = store.has(take.sha256, take.size) and digest(path) == take.sha256
    return "whole" if whole else "damaged"


def not_whole(checked: tuple[VerifiedTake, ...]) -> Iterator[VerifiedTake]:
    """Yield the takes that cannot be used."""
    return (one for one in checked if one.state != "whole")
