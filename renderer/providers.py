"""Who makes videos, one row each: whatever differs between providers is a column of this table."""

from dataclasses import dataclass

from renderer import paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A provider by its name, and how its takes are paid for, recorded and asked for.

    `lockfile` records its takes, in the project's folder; a new one is of `lineage`, or of one by
    chance. It is `committed`, or stays on this machine. What is `journaled` outlives a run, so
    that the next one collects it. `watched`: `renderer watch` renders with it at every save. What
    `fetches_frames` by address shows them; else a placeholder stands for each.
    """

    name: str
    paid: bool
    lockfile: str = paths.LOCKFILE
    lineage: str = ""
    committed: bool = True
    journaled: bool = True
    drafts_expire: bool = True
    watched: bool = False
    fetches_frames: bool = True


LOCAL = Provider(
    name="local",
    paid=False,
    lockfile=paths.LOCAL_LOCKFILE,
    lineage="local",
    committed=False,
    journaled=False,
    drafts_expire=False,
    watched=True,
    fetches_frames=False,
)
RUNWARE = Provider(name="runware", paid=True)
DEFAULT = LOCAL  # nobody pays by accident
PROVIDERS = {one.name: one for one in (LOCAL, RUNWARE)}


def option(name: str) -> str:
    """Return the option that names a provider, for advice; none for the one that is the default."""
    return "" if name == DEFAULT.name else f" --provider {name}"
