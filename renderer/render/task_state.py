"""The state of a task, and the only place that moves it.

Rule 1: nothing outside this file moves a stage, and no event is renamed on its way here.
Rule 2: a POST leaves only from SEND, and SEND is entered only when the provider was asked
first, or certainly took nothing, or when the same body under the same id is refused twice.
Rule 3: what an acknowledged task yields is waited for; it is never sent again.
Rule 4: a task that was perhaps taken is sent again only in a run that wants it (`sendable`).
Rule 5: the first stage that ends it wins; later events change nothing.
"""

import dataclasses
from dataclasses import dataclass

from renderer.render.order import Order
from renderer.render.results import ResultState, not_among, of_its_own
from renderer.render.stage import OVER, TABLE, TAKEN, Event, Stage
from renderer.runware.messages import TaskError

_ACKNOWLEDGES = frozenset({Stage.WAIT, Stage.RECALL, Stage.ENDED})
_AS_ITSELF = frozenset({Stage.RECORDED, Stage.FAILED, Stage.UNSENT, Stage.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskState:
    """One attempt at an order. `doubt`: perhaps taken; `acked`: certainly taken.

    `counted`: the provider was asked for `order.count` results under this id, by us. Where another
    run or another clone may have asked, `listed` is the count in the provider's archive.
    `engine`: whoever answered is an embedded engine, which is not the paid provider.
    """

    order: Order
    uuid: str
    attempt: int = 0
    stage: Stage = Stage.LOOKUP
    doubt: bool = False
    acked: bool = False
    counted: bool = False
    listed: int | None = None
    recalled: bool = False  # the archive was asked for the count
    engine: bool = False
    results: tuple[ResultState, ...] = ()
    error: TaskError | None = None

    @property
    def over(self) -> bool:
        """Whether a run has nothing more to learn of it."""
        return self.stage in OVER

    @property
    def taken(self) -> bool:
        """Whether the provider has it, surely or perhaps."""
        return self.acked or self.doubt

    @property
    def count(self) -> int | None:
        """How many results it has; None where only the provider knows."""
        return self.order.count if self.counted else self.listed

    @property
    def full(self) -> bool:
        """Whether every result that was asked for is here; as far as is known, or wanted."""
        count = self.order.count if self.count is None else self.count
        return len(self.results) >= count

    @property
    def missing(self) -> int:
        """How many results of the order are not here."""
        return max(0, self.order.count - len(self.results))

    def move(self, event: Event, *, sendable: bool = False) -> "TaskState":
        """Return the task after an event; `sendable`: this run may send it, once more if need be."""
        if self.over:
            return self
        doubt = self.doubt or (event is Event.NO_RESPONSE and self.stage is Stage.SEND)
        stage = self._next(event, doubt=doubt, sendable=sendable)
        acked = self.acked or stage in _ACKNOWLEDGES
        recalled = self.recalled or stage is Stage.RECALL
        return dataclasses.replace(self, stage=stage, doubt=doubt, acked=acked, recalled=recalled)

    def _next(self, event: Event, *, doubt: bool, sendable: bool) -> Stage:
        stage = TABLE[self.stage].get(event, self.stage)
        if event is Event.SOME and stage is Stage.WAIT and self.count is None:
            return Stage.WAIT if self.recalled else Stage.RECALL
        if stage is Stage.SEND and self.stage is not Stage.SEND and (self.acked or not sendable):
            # The money rule: what was taken is not sent, and the rest only if this run may.
            return Stage.UNKNOWN if self.taken else Stage.UNSENT
        if stage is Stage.UNSENT and (doubt or self.acked):
            return Stage.WAIT if self.acked else Stage.DOUBT
        return Stage.ENDED if stage is Stage.FAILED and self.results else stage

    def learn(
        self,
        results: tuple[ResultState, ...],
        error: TaskError | None = None,
        *,
        counted: bool = False,
        listed: int | None = None,
        engine: bool = False,
    ) -> "TaskState":
        """Return the task with what an answer says: results once seen are never lost."""
        merged = list(self.results)
        for result in not_among(self.results, dict.fromkeys(results)):
            merged.append(of_its_own(result, merged))
        return dataclasses.replace(
            self,
            results=tuple(merged),
            error=error or self.error,
            counted=self.counted or counted,
            listed=listed or self.listed,
            engine=self.engine or engine,
        )

    def kept(self, *, posting: bool = False) -> Stage:
        """Return the stage as the journal keeps it; `posting`: it is sent right after that."""
        if self.stage is Stage.ENDED:
            return Stage.ENDED if self.results else Stage.FAILED
        if self.stage in _AS_ITSELF:
            return self.stage
        if self.stage is Stage.SEND and not (posting or self.taken):
            return Stage.UNSENT  # its POST was turned away before it left, or at the door
        return Stage.RESUMED if self.acked else Stage.DOUBT

    def taken_up(self) -> "TaskState":
        """Return an open task as a run takes it up that finds it so in the journal."""
        stage = Stage.DOUBT if self.stage is Stage.UNKNOWN else self.stage
        acked = self.acked or stage in TAKEN
        doubt = self.doubt or stage is Stage.DOUBT
        return dataclasses.replace(self, stage=stage, acked=acked, doubt=doubt)
