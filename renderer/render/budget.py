"""The budget of a run: what it may cost at worst, as a pure value."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from renderer.errors import Problem, RefusedError
from renderer.render.order import Order
from renderer.render.stage import Stage
from renderer.render.task_state import TaskState
from renderer.runware.codes import Kind

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """`limit` in USD (None: no limit) and what is spent or may be spent at worst so far."""

    limit: Decimal | None = None
    committed: Decimal = _ZERO

    @property
    def left(self) -> Decimal | None:
        """What may still be spent; None without a limit."""
        return None if self.limit is None else self.limit - self.committed

    def fits(self, amount: Decimal | None) -> bool:
        """Whether the amount may be spent on top; an unknown one never may under a limit."""
        return self.left is None or (amount is not None and amount <= self.left)

    def spend(self, amount: Decimal | None) -> "Budget":
        """Return the budget after committing to an amount."""
        return replace(self, committed=self.committed + (amount or _ZERO))

    def settle(self, estimate: Decimal | None, cost: Decimal | None) -> "Budget":
        """Return the budget after a reported cost; a missing or zero one is the estimate."""
        return self.spend(charged(cost, estimate) - (estimate or _ZERO))

    def check(self, orders: Iterable[Order]) -> None:
        """Raise RefusedError unless all the orders at their highest price fit."""
        orders = tuple(orders)
        problems = [_unpriced(order) for order in orders if order.estimate is None]
        worst = sum((worst_of(order) or _ZERO for order in orders), _ZERO)
        if self.limit is None:
            return
        if problems:
            raise RefusedError(problems)
        if not self.fits(worst):
            raise RefusedError(
                f"this may cost up to ${worst + self.committed:f}, "
                f"of which ${self.committed:f} is spent or running; the limit is ${self.limit:f}",
                "raise --max-cost, or render fewer shots with --only",
            )


def worst_of(order: Order) -> Decimal | None:
    """Return the most that an order may cost; None when its price is not known."""
    return None if order.estimate is None else order.estimate.high * order.count


def cost_of_post(task: TaskState) -> Decimal | None:
    """Return the most that a POST may add; one that was perhaps taken is counted already."""
    return _ZERO if task.doubt else worst_of(task.order)


def dearer(order: Order, agreed: Order) -> bool:
    """Whether an order would buy more takes than was agreed, or the same for more."""
    if order.count > agreed.count:
        return True
    one, other = worst_of(order), worst_of(replace(agreed, count=order.count))
    return one is None or other is None or one > other


def charged(cost: Decimal | None, estimate: Decimal | None) -> Decimal:
    """Return what to count for a take: its reported cost, else the highest estimate."""
    return cost if cost is not None and cost > 0 else estimate or _ZERO


def _unpriced(order: Order) -> Problem:
    return Problem(
        what=f"{order.address}: its price is not known, so no limit can be enforced",
        todo="leave --max-cost out to render it without a limit, or leave the shot out",
    )


# A verdict of these kinds comes before anything is made: surely not billed.
_FREE = {Kind.REQUEST, Kind.KEY, Kind.MONEY, Kind.RATE, Kind.DUPLICATE, Kind.SAFETY}


def at_risk(life: TaskState) -> Decimal:
    """Return the most that one attempt costs, as far as is known now, in USD."""
    high = life.order.estimate.high if life.order.estimate else _ZERO
    made = sum((charged(result.cost, high) for result in life.results), _ZERO)
    if life.stage is Stage.UNSENT or _surely_free(life):
        return made
    return made + high * (life.order.count - len(life.results))


def _surely_free(life: TaskState) -> bool:
    over = life.stage in {Stage.FAILED, Stage.ENDED}
    return over and (not life.acked or life.error is None or life.error.kind in _FREE)
