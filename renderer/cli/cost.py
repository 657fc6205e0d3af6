"""`renderer cost`: what the takes cost, and what is still at risk."""

import csv
import io
from collections.abc import Iterator
from typing import TypedDict

import click

from renderer.app.inspect.cost import By, CostRow, Costs
from renderer.catalog.money import Money, exactly
from renderer.cli.output import write_json
from renderer.cli.risk_data import RiskData, risk_data
from renderer.cli.wiring import Session
from renderer.sanitize import visible

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a table program would run a cell that starts so
_HEAD = ("takes", "estimate_usd", "reported_usd", "counted_usd", "unreported")


class RowMoney(TypedDict):
    """What was expected, what was reported, and that with the estimate where nothing was."""

    estimate: Money
    reported: Money
    counted: Money


class RowData(TypedDict):
    """The takes of one scene, shot, model or month; the bare amounts are in dollars."""

    name: str
    takes: int
    unreported: int
    estimate: str
    reported: str
    counted: str
    money: RowMoney


class FailedData(TypedDict):
    """Tasks that failed and were perhaps billed; the risk is in dollars."""

    tasks: int
    risk: str


class CostMoney(TypedDict):
    """What open tasks may cost, and what failed ones may have cost."""

    at_risk: Money
    failed: Money


class CostData(TypedDict):
    """What the takes cost, by what was asked for."""

    version: int
    by: By
    currency: str
    rows: list[RowData]
    total: RowData
    open: list[RiskData]
    atRisk: str
    money: CostMoney
    failed: FailedData


@click.command("cost")
@click.option("--by", type=click.Choice([one.value for one in By]), default="scene")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text")
@click.pass_obj
def command(session: Session, by: str, form: str) -> None:
    """Show what the takes in renderer.lock cost, by scene, shot, model or month.

    A take whose cost was never reported is counted at its estimate and flagged. Months come
    from this machine's journal: the lockfile holds no time.
    """
    found = session.project.cost(by)
    if form == "json":
        write_json(_data(found))
    elif form == "csv":
        click.echo(_csv(found), nl=False)
    else:
        for line in _lines(found):
            click.echo(line)


def _lines(found: Costs) -> Iterator[str]:
    rows = (*found.rows, found.total)
    widest = max(len(visible(row.name)) for row in rows)
    yield f"{found.by.value:<{widest}}  takes    estimate      actual"
    for row in rows:
        flag = f"  {row.unreported} without a reported cost" if row.unreported else ""
        name = f"{visible(row.name):<{widest}}"
        yield f"{name}  {row.takes:>5}  {row.estimate:>10.5f}  {row.counted:>10.5f}{flag}"
    yield "USD. Where no cost was reported, the estimate is counted."
    if found.open:
        number = len(found.open)
        tasks = "task is" if number == 1 else "tasks are"
        yield f"Open: {number} {tasks} not settled, up to ${found.at_risk:f} at risk:"
    for task in found.open:
        words = f"{task.address}  ${task.risk:f}  task {task.task_uuid}"
        yield visible(f"  {task.state.label:<17} {words}")
    if found.accounts.failed:
        risk = found.accounts.failed_risk
        yield f"Failed, and perhaps billed: {found.accounts.failed}, up to ${risk:f}."


def _csv(found: Costs) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([found.by.value, *_HEAD])
    for row in found.rows:
        money = (f"{row.estimate:f}", f"{row.reported:f}", f"{row.counted:f}")
        writer.writerow([cell(row.name), row.takes, *money, row.unreported])
    return text.getvalue()


def cell(text: str) -> str:
    """Return text that no table program takes for a formula."""
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown.startswith(_FORMULA) else shown


def _data(found: Costs) -> CostData:
    return {
        "version": 1,
        "by": found.by,
        "currency": "USD",
        "rows": [_row(row) for row in found.rows],
        "total": _row(found.total),
        "open": [risk_data(task) for task in found.open],
        "atRisk": f"{found.at_risk:f}",
        "money": {
            "at_risk": exactly(found.at_risk),
            "failed": exactly(found.accounts.failed_risk),
        },
        "failed": {
            "tasks": found.accounts.failed,
            "risk": f"{found.accounts.failed_risk:f}",
        },
    }


def _row(row: CostRow) -> RowData:
    return {
        "name": row.name,
        "takes": row.takes,
        "unreported": row.unreported,
        "estimate": f"{row.estimate:f}",
        "reported": f"{row.reported:f}",
        "counted": f"{row.counted:f}",
        "money": {
            "estimate": exactly(row.estimate),
            "reported": exactly(row.reported),
            "counted": exactly(row.counted),
        },
    }
