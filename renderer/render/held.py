"""Orders that wait for tasks of earlier runs, which may answer them: what of them is started."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from renderer.render.order import Order


def released(orders: Iterable[Order], covered: int, allowed: int) -> Iterator[Order]:
    """Yield what of the orders of a picture is started, once `covered` takes were had, or perhaps.

    No more is started than was allowed before the run: what an earlier run bought and did not
    get was not in what was agreed to now.
    """
    for rest in uncovered(orders, covered):
        count = min(rest.count, allowed)
        allowed -= count
        if count:
            yield replace(rest, count=count)


def uncovered(orders: Iterable[Order], covered: int) -> Iterator[Order]:
    """Yield what of the orders of a picture is more than `covered` takes."""
    for order in orders:
        rest = order.rest(covered)
        covered = max(0, covered - order.count)
        if rest:
            yield rest
