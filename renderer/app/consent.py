"""What a run would newly spend, and whether that was agreed to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from renderer.adapters.journal_view import OpenTask
from renderer.catalog.money import Cost, total
from renderer.errors import RefusedError
from renderer.plan.text import dollars, takes_words
from renderer.render.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """What is to be bought: how many takes at which price; `running` is what is bought already."""

    takes: int
    cost: Cost
    running: Decimal = Decimal(0)

    def words(self) -> str:
        """Say it in a few words."""
        more = f"; ${self.running:f} more is running already" if self.running else ""
        return f"{dollars(self.cost)} for {takes_words(self.takes)}{more}"


def spending(orders: Sequence[Order], open_: Sequence[OpenTask]) -> Spending:
    """Return what orders would buy on top of what the provider has been asked for already.

    A task that was perhaps never sent is bought anew; one that was surely taken is collected.
    """
    taken = [task for task in open_ if task.taken]
    covered: dict[str, int] = {}
    for task in taken:
        covered[task.fingerprint] = covered.get(task.fingerprint, 0) + task.takes
    rests = []
    for order in orders:
        have = min(covered.get(order.fingerprint, 0), order.count)
        covered[order.fingerprint] = covered.get(order.fingerprint, 0) - have
        rests.append((order, order.count - have))
    return Spending(
        takes=sum(count for _, count in rests),
        cost=total(_price(order) * count for order, count in rests if count),
        running=sum((task.risk for task in taken), Decimal(0)),
    )


def check(wanted: Spending, limit: Decimal | None, *, terminal: bool, yes: bool) -> bool:
    """Return whether a person still has to be asked; raise RefusedError if nobody can agree."""
    if not wanted.takes:
        return False
    if not terminal and not (yes and limit is not None):
        raise RefusedError(
            f"this would spend {wanted.words()}, and there is nobody to ask",
            "say --yes --max-cost USD",
        )
    if limit is not None and wanted.cost.high > limit:
        raise RefusedError(
            f"this may cost {wanted.words()}, and the limit is ${limit:f}",
            "raise --max-cost, or render less with --only",
        )
    return not yes


def _price(order: Order) -> Cost:
    if order.estimate is None:
        raise RefusedError(
            f"{order.address}: its price is not known, so nothing can be promised about it",
            "add its price to the model's file in the catalog, or leave the shot out",
        )
    return order.estimate
