"""A project as a value: everything that the command line does, for scripts and notebooks."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from renderer.api.environment import Environment
from renderer.app.workspace import Workspace
from renderer.errors import InputError
from renderer.providers import DEFAULT, PROVIDERS

if TYPE_CHECKING:  # each method loads what it needs
    from decimal import Decimal

    from renderer.api.plan import Plan
    from renderer.api.rendering import Progress, Rendered
    from renderer.api.takes import Takes
    from renderer.app.inspect.cost import Costs
    from renderer.app.inspect.status import Status
    from renderer.app.inspect.validate import ValidationReport
    from renderer.app.inspect.verify import VerifiedTake
    from renderer.expand.task import Task
    from renderer.film.pick_status import ShotStatus
    from renderer.film.picks import Pick

_STORE = "RENDERER_STORE"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)  # quicker to load
class Project:
    """One project; `provider` is the one in force, or None for what renderer.yaml says.

    Methods raise errors of `renderer.errors`, all problems at once; nothing is printed.
    """

    root: Path
    provider: str | None = None
    environment: Environment = field(default_factory=Environment)

    @classmethod
    def open(
        cls,
        path: str | Path = ".",
        *,
        provider: str | None = None,
        environment: Environment | Mapping[str, str] | None = None,
    ) -> Self:
        """Find the project at or above a folder; raise InputError if there is none.

        `environment` holds RUNWARE_API_KEY and the like; default: that of this process.
        """
        known = os.environ if environment is None else environment
        held = known if isinstance(known, Environment) else Environment(variables=known)
        root = _root(Path(path))
        if named := held.variables.get(_STORE, ""):
            from renderer.adapters.disk.linked_store import place_objects

            place_objects(root, named)
        return cls(root=root, provider=_known(provider), environment=held)

    def __repr__(self) -> str:
        provider = f", provider={self.provider!r}" if self.provider else ""
        return f"Project.open({str(self.root)!r}{provider})"

    def workspace(self, provider: str | None = None, *, held: bool = False) -> Workspace:
        """Return what one use case works on; a `held` cache is written once it is released."""
        return Workspace.at(
            self.root, self._in_force(provider), endpoints=self.environment.endpoint, held=held
        )

    def _in_force(self, provider: str | None) -> str:
        """Return a provider's name: as asked for, else as renderer.yaml says now, else `local`."""
        from renderer.app.project.settings import provider_named

        named = _known(provider) or self.provider
        return named or provider_named(self._here.files) or DEFAULT.name

    @cached_property
    def _here(self) -> Workspace:
        return Workspace.at(self.root)

    def validate(self, specs: str | Sequence[str] = ()) -> "ValidationReport":
        """Return every problem of the specs, or of those named; problems are values here."""
        from renderer.app.inspect.validate import validate

        return validate(self.workspace(), _names(specs))

    def tasks(self, only: str | Sequence[str] = ()) -> "tuple[Task, ...]":
        """Return the expanded matrix; raise InputError with all problems if there are any."""
        from renderer.app.inspect.tasks import tasks

        return tasks(self.workspace(), _names(only))

    def plan(
        self,
        *,
        provider: str | None = None,
        only: str | Sequence[str] = (),
        deliverable: str = "",
        all_finals: bool = False,
    ) -> "Plan":
        """Compare the specs with the lockfile: nothing is sent, written or paid."""
        from renderer.api.plan import Plan
        from renderer.app.planning.plan import Wishes, plan

        wishes = Wishes(only=_names(only), deliverable=deliverable, all_finals=all_finals)
        return Plan(planned=plan(self.workspace(provider), wishes))

    def render(
        self,
        plan: "Plan | None" = None,
        *,
        max_cost: "Decimal | float | str | None" = None,
        progress: "Progress | None" = None,
        provider: str | None = None,
        only: str | Sequence[str] = (),
    ) -> "Rendered":
        """Apply a plan exactly, or the plan of now; finished takes are recorded one by one.

        Raise RefusedError if it would spend more than `max_cost` USD, anything without one, or if
        the plan is out of date. `progress` is called with each step of each take.
        """
        from renderer.api.rendering import render

        if plan is not None and (provider is not None or only):
            raise InputError(
                "a plan has its own provider and selection", "name them in plan(), or pass no plan"
            )
        plan = plan or self.plan(provider=provider, only=only)
        workspace = self.workspace(plan.provider, held=True)
        opened = self.environment.provider_session
        return render(plan.planned, workspace, opened, max_cost, progress)

    def takes(
        self, shot: str = "*", *, provider: str | None = None, check: bool = True
    ) -> "Takes":
        """Return the takes of a shot, an address, a scene or a pattern, with their files.

        Without `check` nobody looks whether they are black, frozen or silent.
        """
        from renderer.api.takes import shown_takes
        from renderer.app.review.takes import takes

        return shown_takes(*takes(self.workspace(provider), shot, look=check))

    def picks(
        self, *, provider: str | None = None, check: bool = True
    ) -> "tuple[ShotStatus, ...]":
        """Return the state of every shot: picked, lapsed, to review, or not made."""
        from renderer.app.review.picks import where_all_stand

        return where_all_stand(self.workspace(provider), look=check)

    def pick(self, *takes: str, why: str = "", provider: str | None = None) -> "Pick":
        """Choose a take (`ADDRESS#N`, with in and out: `harbour/quay#2:0.5-3`) for its shot."""
        from renderer.app.review.picks import pick

        if not takes:
            raise InputError("no take is named", "name one, such as harbour/quay#2")
        return pick(self.workspace(provider), takes, why)

    def unpick(self, shot: str, *, provider: str | None = None) -> "Pick":
        """Take a shot's pick back, and return it; raise InputError if there is none."""
        from renderer.app.review.picks import undo

        return undo(self.workspace(provider), shot)

    def status(self, *, provider: str | None = None) -> "Status":
        """Return what is made, wanted, running or unknown; nothing is asked of the provider."""
        from renderer.app.inspect.status import status

        return status(self.workspace(provider))

    def verify(self, *, provider: str | None = None) -> "tuple[VerifiedTake, ...]":
        """Check every recorded take against its size and SHA-256."""
        from renderer.app.inspect.verify import verify

        return verify(self.workspace(provider))

    def cost(self, by: str = "scene") -> "Costs":
        """Return what the recorded takes cost, by `scene`, `shot`, `model` or `month`."""
        from renderer.app.inspect.cost import By, costs

        if by not in [*By]:
            raise InputError(f"costs are not counted by {by!r}", f"known: {', '.join(By)}")
        return costs(self.workspace(), By(by))


def _root(start: Path) -> Path:
    from renderer.adapters.disk.project import find_root
    from renderer.adapters.disk.state_folder import refuse_tracked

    if not start.is_dir():
        raise InputError(f"there is no folder {start}", "check the path")
    root = find_root(start)
    if root is None:
        raise InputError(
            f"there is no project in {start.resolve()} or above (no renderer.yaml, no specs/)",
            "change to a project, name one (-C DIR), or start one with `renderer init`",
        )
    refuse_tracked(root)
    return root


def _names(given: str | Sequence[str]) -> tuple[str, ...]:
    """Return names; a single text is one name, not its letters."""
    return (given,) if isinstance(given, str) else tuple(given)


def _known(provider: str | None) -> str | None:
    if provider is not None and provider not in PROVIDERS:
        raise InputError(
            f"there is no provider {provider!r}", f"supported: {', '.join(PROVIDERS)}"
        )
    return provider
