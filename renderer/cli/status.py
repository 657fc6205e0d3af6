"""`renderer status`: what is made, running or unknown."""

from collections.abc import Iterator
from typing import TypedDict

import click

from renderer.adapters.journal.queries import OpenTask
from renderer.app.inspect.status import Status
from renderer.catalog.money import Money, exactly
from renderer.cli.options import provider_option
from renderer.cli.output import write_json
from renderer.cli.risk_data import RiskData, risk_data
from renderer.cli.wiring import Session
from renderer.plan.model import Action
from renderer.plan.output.text import choice_words, takes_words
from renderer.providers import option
from renderer.sanitize import counted, not_here, visible


class OpenData(RiskData):
    """A task that is not settled, as the journal has it; `risk` is the most that it may cost."""

    message: str
    endpoint: str
    engine: bool


class WantedData(TypedDict):
    """A task that lacks takes: `takes` are to be made; none for a choice, or by a twin of it."""

    address: str
    action: Action
    takes: int


class StatusMoney(TypedDict):
    """What the recorded takes cost, and what the open tasks may cost."""

    spent: Money
    at_risk: Money


class StatusData(TypedDict):
    """The state of the project; `busy` names who renders now."""

    version: int
    provider: str
    made: int
    tasks: int
    takes: int
    not_here: list[str]
    spent: str
    wanted: list[WantedData]
    open: list[OpenData]
    atRisk: str
    money: StatusMoney
    busy: str | None


@click.command("status")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str) -> None:
    """Show the state of the project, from the lockfile and the journal; nothing is sent."""
    found = session.project.status(provider=provider)
    if form == "json":
        write_json(_data(found))
        return
    for line in _lines(found, session.environment.endpoint()):
        click.echo(visible(line))


def _lines(found: Status, endpoint: str) -> Iterator[str]:
    takes = sum(1 for _ in found.planned.lock.takes())
    total = len(found.planned.everything)
    verb = "is" if total == 1 else "are"
    recorded = f"{counted(takes, 'take')} recorded"
    yield f"{found.made} of {counted(total, 'task')} {verb} made ({recorded})."
    if found.planned.missing:
        yield not_here(len(found.planned.missing), option(found.planned.plan.provider))
    if found.spent:
        yield f"Spent on them: ${found.spent:f}"
    yield from _wanted(found)
    for task in found.open:
        place = f"at {task.endpoint}  " if task.endpoint not in {"", endpoint} else ""
        risk = f"${task.risk:f}  {place}task {task.task_uuid}  {task.message}"
        yield f"  {task.state.label:<17} {task.address}  {risk}".rstrip()
    if found.open:
        yield f"At risk: up to ${found.at_risk:f}, running or unknown."
        flag = option(found.planned.plan.provider)
        yield f"`renderer render{flag}` collects what runs; an unknown task needs --resubmit ID."
    if found.busy:
        yield f"A render is running: {found.busy}"


def _wanted(found: Status) -> Iterator[str]:
    for step in found.wanted:
        words = takes_words(step.takes) + " wanted"
        if step.action is Action.CHOOSE:
            words = choice_words(step)
        elif not step.takes:
            words = f"the same picture as {step.same_as}"
        yield f"  {step.action.value:<8} {step.address}  {words}"


def _data(found: Status) -> StatusData:
    return {
        "version": 1,
        "provider": found.planned.plan.provider,
        "made": found.made,
        "tasks": len(found.planned.everything),
        "takes": sum(1 for _ in found.planned.lock.takes()),
        "not_here": [one.name for one in found.planned.missing],
        "spent": f"{found.spent:f}",
        "wanted": [
            {"address": step.address, "action": step.action, "takes": step.takes}
            for step in found.wanted
        ],
        "open": [_open(task) for task in found.open],
        "atRisk": f"{found.at_risk:f}",
        "money": {"spent": exactly(found.spent), "at_risk": exactly(found.at_risk)},
        "busy": found.busy,
    }


def _open(task: OpenTask) -> OpenData:
    return {
        **risk_data(task),
        "message": task.message,
        "endpoint": task.endpoint,
        "engine": task.engine,
    }
