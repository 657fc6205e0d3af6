"""What a run may buy: wanted, less what was asked for before; the same for consent, cap and run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renderer.catalog.money import Cost, total
from renderer.render.order import Order
from renderer.render.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An open task of an earlier run, as the journal keeps it; `takes` are not recorded yet."""

    uuid: str
    fingerprint: str
    takes: int
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How many takes of each picture may be bought, and which tasks may be sent once more.

    `resend` counts against `buys`: the re-POST of a task that is still wanted may cost.
    """

    buys: Mapping[str, int] = field(default_factory=dict)
    resend: frozenset[str] = frozenset()

    def cost(self, orders: Iterable[Order]) -> Cost | None:
        """Return the price of all that may be bought; None if one is not known."""
        left, prices = dict(self.buys), list[Cost]()
        for order in orders:
            count = min(order.count, left.get(order.fingerprint, 0))
            left[order.fingerprint] = left.get(order.fingerprint, 0) - count
            if count and order.estimate is None:
                return None
            if count and order.estimate is not None:
                prices.append(order.estimate * count)
        return total(prices)

    @property
    def takes(self) -> int:
        """How many takes may be bought in all."""
        return sum(self.buys.values())


def allowance(orders: Iterable[Order], claims: Iterable[Claimed]) -> Allowance:
    """Return what orders may buy on top of what the provider was asked for already.

    What was taken, or may have been, is not bought again. What is in doubt may be
    sent again, under its own id, if it is wanted and no larger than what is wanted; if not, it is
    only asked about, and its takes count as perhaps had.
    """
    left = Counter[str]()
    for order in orders:
        left[order.fingerprint] += order.count
    claims = tuple(claims)
    for one in claims:
        if one.stage is not Stage.DOUBT:
            left[one.fingerprint] -= one.takes
    room, resend, had = Counter(left), list[Claimed](), Counter[str]()
    for one in claims:
        if one.stage is not Stage.DOUBT:
            continue
        if 0 < one.takes <= room[one.fingerprint]:
            room[one.fingerprint] -= one.takes
            resend.append(one)
        else:
            had[one.fingerprint] += one.takes
    again = sum_by_picture(resend)
    fresh = {picture: max(0, n - had[picture]) for picture, n in room.items()}
    buys = {picture: n + again.get(picture, 0) for picture, n in fresh.items()}
    return Allowance(
        buys={picture: n for picture, n in buys.items() if n},
        resend=frozenset(one.uuid for one in resend),
    )


def fresh_orders(
    orders: Iterable[Order], claims: Iterable[Claimed], allowed: Allowance
) -> Iterator[Order]:
    """Yield what is bought anew.

    A task that may be sent again is counted once: as what this intent has at risk already, or,
    if it was sent for another one, as what it may cost here.
    """
    again = sum_by_picture(one for one in claims if one.uuid in allowed.resend)
    left = {name: count - again.get(name, 0) for name, count in allowed.buys.items()}
    for order in orders:
        count = min(order.count, max(0, left.get(order.fingerprint, 0)))
        left[order.fingerprint] = left.get(order.fingerprint, 0) - count
        if count:
            yield replace(order, count=count)


def waits_for_consent(kept: Stage, *, collect: bool, wanted: bool) -> bool:
    """Whether a task stays in doubt, as a run that only collects agrees to nothing."""
    return collect and wanted and kept is Stage.DOUBT


def sum_by_picture(claims: Iterable[Claimed]) -> Mapping[str, int]:
    """Return how many takes of each picture some tasks are for."""
    takes = Counter[str]()
    for one in claims:
        takes[one.fingerprint] += one.takes
    return takes


def risk_elsewhere(
    intent: str, entries: Iterable[tuple[str, str, Decimal]], wanted: frozenset[str]
) -> Decimal:
    """Return what open tasks of other intents may cost, of the pictures that are wanted here.

    `entries` are (intent, fingerprint, risk in USD): the money that `spent` does not count.
    """
    return sum(
        (risk for name, picture, risk in entries if name != intent and picture in wanted),
        Decimal(0),
    )
