"""A task that is not settled, as JSON data."""

from typing import TypedDict

from renderer.adapters.journal.queries import OpenTask
from renderer.catalog.money import Money, exactly


class RiskMoney(TypedDict):
    """The most that a task may cost."""

    risk: Money


class RiskData(TypedDict):
    """A task that is not settled; `risk` is in dollars, `taskUUID` is `task_uuid` by its old name."""

    task_uuid: str
    taskUUID: str
    address: str
    state: str
    risk: str
    money: RiskMoney


def risk_data(task: OpenTask) -> RiskData:
    """Return what a task that is not settled may cost."""
    return {
        "task_uuid": task.task_uuid,
        "taskUUID": task.task_uuid,
        "address": task.address,
        "state": task.state,
        "risk": f"{task.risk:f}",
        "money": {"risk": exactly(task.risk)},
    }
