"""A plan as a value: what would be done to each task, why, and for how much."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from renderer.catalog.money import FREE, Cost, total
from renderer.expand.delivery import Sent
from renderer.json_types import Json


class Action(StrEnum):
    """What a plan does to a task."""

    CREATE = "create"
    CHANGE = "change"
    MORE = "more"
    PROMOTE = "promote"
    CHOOSE = "choose"
    MOVE = "move"
    REMOVE = "remove"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One field that differs: old and new value as the lockfile shows them, and through what."""

    field: str
    old: Json = None
    new: Json = None
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUse:
    """The draft that a final is made from, or would be if it had not expired.

    `name` is the draft's, `address#number`. `again` is what such a draft cost; `expires` is in UTC,
    None if unknown.
    """

    id: str
    name: str
    take: int
    sha256: str
    seed: int | None
    picked: bool
    expires: datetime | None
    expired: bool
    again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One task's part in a plan; `takes` are to be made, `cost` is for all of them in USD.

    `have` takes exist. `waits` names the shots that have to be made before, `needs` their tasks.
    `moved_from` is the address the takes are recorded under; `same_as` another task with the very
    same picture, whose takes this one shares. `drafts` are those that finals are made from, one a
    take; `options` the takes of which a person has to choose one; `unchosen`: another was chosen.
    `fetches` names the takes that frames are cut out of and that are not on this machine.
    `delivery` is how its videos are sent and checked. `placeholders` are the positions of frames
    that are given by address and not fetched: another picture is shown in their place.
    """

    address: str
    action: Action
    fingerprint: str = ""
    reasons: tuple[Reason, ...] = ()
    takes: int = 0
    have: int = 0
    cost: Cost = FREE
    moved_from: str = ""
    same_as: str = ""
    waits: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    drafts: tuple[DraftUse, ...] = ()
    options: tuple[str, ...] = ()
    unchosen: bool = False
    fetches: tuple[str, ...] = ()
    delivery: Mapping[str, Sent] = field(default_factory=dict)
    placeholders: tuple[str, ...] = ()

    @property
    def draft(self) -> DraftUse | None:
        """The first of its drafts."""
        return next(iter(self.drafts), None)

    @property
    def twin(self) -> str:
        """The task that makes what this one lacks; empty if it makes that itself, or lacks none."""
        shares = not self.takes and (not self.have or self.action is Action.PROMOTE)
        return self.same_as if shares else ""

    @property
    def expired(self) -> tuple[DraftUse, ...]:
        """The drafts whose finals would be new generations, where any are to be made."""
        return tuple(one for one in self.drafts if one.expired) if self.takes else ()

    @property
    def scene(self) -> str:
        """The scene's id, which is the first part of the address."""
        return self.address.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a provider would do, step by step, in the order of the specs.

    `cost` counts for the provider of the plan; `list_price` is what Runware would ask. `absent`
    names the takes that are made and not on this machine: that is not a change.
    """

    provider: str
    steps: tuple[Step, ...]
    list_price: Cost = FREE
    absent: tuple[str, ...] = ()

    @property
    def cost(self) -> Cost:
        """The price of all steps."""
        return total(step.cost for step in self.steps if step.takes)

    @property
    def takes(self) -> int:
        """How many takes would be made."""
        return sum(step.takes for step in self.steps)

    @property
    def lacking(self) -> tuple[Step, ...]:
        """The steps that make takes, or share what another one makes."""
        return tuple(step for step in self.steps if step.takes or (step.same_as and step.twin))

    @property
    def pictures(self) -> int:
        """How many pictures takes would be made of: tasks that look the same share one."""
        return len({step.fingerprint for step in self.lacking})

    @property
    def choices(self) -> tuple[Step, ...]:
        """The steps that wait for a person to choose."""
        return tuple(step for step in self.steps if step.action is Action.CHOOSE)

    @property
    def changes(self) -> tuple[Step, ...]:
        """The steps that do something."""
        return tuple(step for step in self.steps if step.action is not Action.KEEP)

    def counts(self) -> Mapping[Action, int]:
        """How many steps there are of each action."""
        counted = Counter(step.action for step in self.steps)
        return {action: counted[action] for action in Action}
