"""What the engine would have billed: a line a result, taken back if it fails."""

from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One result that was accepted; `cost` in USD."""

    task_uuid: str
    index: int
    prompt: str
    seed: int
    cost: Decimal
    refunded: bool = False


class Billing:
    """All lines in the order of acceptance; read by tests, spent by the balance."""

    def __init__(self) -> None:
        self.lines: list[Payment] = []

    def charge(self, paid: Payment) -> None:
        """Add a line."""
        self.lines.append(paid)

    def refund(self, task_uuid: str, index: int) -> None:
        """Take back the latest line of a result."""
        for place in range(len(self.lines) - 1, -1, -1):
            line = self.lines[place]
            if (line.task_uuid, line.index, line.refunded) == (task_uuid, index, False):
                self.lines[place] = replace(line, refunded=True)
                return

    @property
    def charged(self) -> tuple[Payment, ...]:
        """The lines that are not reversed."""
        return tuple(line for line in self.lines if not line.refunded)

    @property
    def spent(self) -> Decimal:
        """The sum of the lines that are not reversed, in USD."""
        return sum((line.cost for line in self.charged), Decimal(0))
