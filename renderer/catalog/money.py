"""Money: what a take costs, as a range of US dollars with five decimals."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TypedDict

CENTS = Decimal("0.00001")
_ZERO = Decimal("0.00000")


class Money(TypedDict):
    """An amount as a range of decimal strings; low is high where it is known exactly."""

    low: str
    high: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A price in USD; `low` equals `high` when it is known exactly."""

    low: Decimal
    high: Decimal

    @property
    def exact(self) -> bool:
        """Whether the price is one number and no range."""
        return self.low == self.high

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(low=self.low + other.low, high=self.high + other.high)

    def __mul__(self, times: int) -> "Cost":
        if times == 1:  # most takes of a plan are one
            return self
        return Cost(low=self.low * times, high=self.high * times)

    def __str__(self) -> str:
        return f"{self.low:f}" if self.exact else f"{self.low:f} to {self.high:f}"

    def as_json(self) -> Money:
        """Return the price as decimal strings, as plans write it."""
        return {"low": f"{self.low:f}", "high": f"{self.high:f}", "currency": "USD"}


FREE = Cost(low=_ZERO, high=_ZERO)


def exactly(amount: Decimal, currency: str = "USD") -> Money:
    """Return an amount that is known exactly as JSON data."""
    return {"low": f"{amount:f}", "high": f"{amount:f}", "currency": currency}


def exactly_or_none(amount: Decimal | None, currency: str = "USD") -> Money | None:
    """Return an amount as JSON data, None if unknown."""
    return None if amount is None else exactly(amount, currency)


def total(costs: Iterable[Cost]) -> Cost:
    """Add up prices; none at all is 0."""
    low = high = _ZERO  # no price between: plans add up tens of thousands
    for cost in costs:
        low += cost.low
        high += cost.high
    return Cost(low=low, high=high)


def rounded(amount: Decimal) -> Decimal:
    """Return an amount in USD with five decimals, half up, as bills have it."""
    return amount.quantize(CENTS, rounding=ROUND_HALF_UP)
