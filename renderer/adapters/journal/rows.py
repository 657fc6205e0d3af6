"""Rows of the journal to values, and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from renderer.render.allowance import CLAIMS, Claimed
from renderer.render.budget import at_risk
from renderer.render.order import FinishedTake, order_of, order_text
from renderer.render.task_state import ResultState, Stage, TaskState
from renderer.runware.messages import TaskError

UNIT = Decimal("0.00001")  # USD; amounts are kept as whole numbers of it, rounded up
FINGERPRINT = 3  # its column in tasks


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRow:
    """A task as the journal has it: its life, what lies in the store, when it was sent.

    `state` is intent, acked, result, recorded, failed, unsent or unknown; `intent` names what was
    asked for when it was first sent; `risk` is what it may cost at most, in USD.
    """

    life: TaskState
    state: str
    sent: float
    intent: str = ""
    risk: Decimal = Decimal(0)
    stored: tuple[tuple[str, FinishedTake], ...] = ()  # by result key; not in the lockfile yet
    recorded: tuple[str, ...] = ()  # result keys

    @property
    def claimed(self) -> Claimed | None:
        """What of it the provider has or may have; None for a task that was surely not sent."""
        claim = CLAIMS.get(self.state)
        if claim is None:
            return None
        results = self.state == "result"
        count = len(self.life.results) if results else self.life.order.count
        return Claimed(
            uuid=self.life.uuid,
            fingerprint=self.life.order.fingerprint,
            takes=max(0, count - len(self.recorded)),
            claim=claim,
        )


def _state(life: TaskState, *, posting: bool) -> str:
    words = {
        Stage.ENDED: "result" if life.results else "failed",
        Stage.FAILED: "failed",
        Stage.UNSENT: "unsent",
        Stage.UNKNOWN: "unknown",
    }
    if life.stage is Stage.SEND and not (posting or life.taken):
        return "unsent"  # its POST was turned away before it left, or at the door
    return words.get(life.stage, "acked" if life.acked else "intent")


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
    state = _state(life, posting=posting)
    risk = int((at_risk(life) / UNIT).to_integral_value(ROUND_CEILING))
    task = (
        *(life.uuid, intent, order.address, order.fingerprint, order.index, life.attempt),
        *(state, life.acked, life.doubt, order_text(order), 0 if state == "unsent" else risk),
        *(error.code if error else "", error.message if error else "", now),
        *(life.counted, life.engine),
    )
    return task, [_result_row(life.uuid, n, result) for n, result in enumerate(life.results)]


def _result_row(uuid: str, place: int, result: ResultState) -> tuple[object, ...]:
    seed = None if result.seed is None else str(result.seed)
    cost = None if result.cost is None else str(result.cost)
    draft, unsafe = result.draft_id, result.unsafe
    return (uuid, result.key, place, "result", result.url, seed, cost, draft, unsafe)


def life_of(row: Sequence[object]) -> tuple[TaskState, str, float]:
    """Return what a row of COLUMNS says: the life, its state, when it was sent."""
    uuid, _, _, _, _, attempt, state, acked, doubt, spec, _, code, message, sent, *rest = row
    counted, engine, _ = rest
    stages = {"unsent": Stage.LOOKUP, "acked": Stage.RESUMED, "result": Stage.ENDED}
    life = TaskState(
        order=order_of(str(spec)),
        uuid=str(uuid),
        attempt=int(str(attempt)),
        stage=stages.get(str(state), Stage.DOUBT),
        doubt=bool(doubt) or state in {"intent", "unknown"},
        acked=bool(acked),
        counted=bool(counted),
        engine=bool(engine),
        error=TaskError(code=str(code), message=str(message)) if code else None,
    )
    return life, str(state), float(str(sent))


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
