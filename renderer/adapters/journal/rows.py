"""Rows of the journal to values, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from renderer.adapters.journal.schema import UNIT
from renderer.render.allowance import Claimed
from renderer.render.budget import at_risk
from renderer.render.order import FinishedTake, order_of, order_text
from renderer.render.results import ResultState
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState
from renderer.runware.messages import TaskError

FINGERPRINT = 3  # its column in tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """An open task as the journal has it: what lies in the store, when it was sent.

    `life` is as a run takes it up, `kept` the stage in the journal; `intent` names what was asked
    for when it was first sent; `risk` is what it may cost at most, in USD.
    """

    life: TaskState
    kept: Stage
    sent: float
    intent: str = ""
    risk: Decimal = Decimal(0)
    stored: tuple[tuple[str, FinishedTake], ...] = ()  # by result key; not in the lockfile yet
    recorded: tuple[str, ...] = ()  # result keys

    @property
    def claimed(self) -> Claimed:
        """What of it the provider has or may have."""
        ended = self.kept is Stage.ENDED
        count = len(self.life.results) if ended else self.life.order.count
        return Claimed(
            uuid=self.life.uuid,
            fingerprint=self.life.order.fingerprint,
            takes=max(0, count - len(self.recorded)),
            stage=self.kept,
        )


COLUMNS = (
    "uuid, intent, address, fingerprint, take, attempt, state, acked, doubt, spec, risk, code,"
    " message, sent, counted, engine, endpoint"
)
MARKS = ",".join("?" * len(COLUMNS.split(",")))


def task_row(
    life: TaskState, intent: str, now: float, *, posting: bool
) -> tuple[tuple[object, ...], list[tuple[object, ...]]]:
    """Return the row of a task less its endpoint, and those of its results."""
    order, error = life.order, life.error
    kept = life.kept(posting=posting)
    risk = int((at_risk(life) / UNIT).to_integral_value(ROUND_CEILING))
    task = (
        *(life.uuid, intent, order.address, order.fingerprint, order.index, life.attempt),
        *(kept.value, life.acked, life.doubt, order_text(order)),
        0 if kept is Stage.UNSENT else risk,
        *(error.code if error else "", error.message if error else "", now),
        *(life.counted, life.engine),
    )
    return task, [_result_row(life.uuid, n, result) for n, result in enumerate(life.results)]


def _result_row(uuid: str, place: int, result: ResultState) -> tuple[object, ...]:
    seed = None if result.seed is None else str(result.seed)
    cost = None if result.cost is None else str(result.cost)
    draft, unsafe = result.draft_id, result.unsafe
    return (uuid, result.key, place, "result", result.url, seed, cost, draft, unsafe)


def kept_task(row: Sequence[object]) -> tuple[TaskState, float]:
    """Return what a row of COLUMNS says: the task where the journal keeps it, when it was sent."""
    uuid, _, _, _, _, attempt, stage, acked, doubt, spec, _, code, message, sent, *rest = row
    counted, engine, _ = rest
    task = TaskState(
        order=order_of(str(spec)),
        uuid=str(uuid),
        attempt=int(str(attempt)),
        stage=Stage(str(stage)),
        doubt=bool(doubt),
        acked=bool(acked),
        counted=bool(counted),
        engine=bool(engine),
        error=TaskError(code=str(code), message=str(message)) if code else None,
    )
    return task, float(str(sent))


def result_of(row: Sequence[object]) -> ResultState:
    """Return the result of a row: key, state, url, seed, cost, draft, unsafe, take."""
    key, _, url, seed, cost, draft, unsafe, _ = row
    return ResultState(
        key=str(key),
        url=str(url),
        seed=None if seed is None else int(str(seed)),
        cost=None if cost is None else Decimal(str(cost)),
        draft_id=str(draft),
        unsafe=bool(unsafe),
    )
