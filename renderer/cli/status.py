"""`renderer status`: what is made, running or unknown."""

from collections.abc import Iterator
from typing import Any

import click

from renderer.app.inspect.status import Status, status
from renderer.cli.options import provider_option
from renderer.cli.output import write_json
from renderer.cli.wiring import Session
from renderer.plan.model import Action
from renderer.plan.output.text import choice_words, takes_words
from renderer.sanitize import counted, not_here, visible

_STATES = {
    "intent": "perhaps sent",
    "acked": "running",
    "result": "made, not fetched",
    "unknown": "unknown",
}


@click.command("status")
@provider_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, provider: str | None, form: str) -> None:
    """Show where the project stands, from the lockfile and the journal; nothing is sent."""
    found = status(session.files, session.catalog, session.provider(provider))
    if form == "json":
        write_json(_data(found))
        return
    takes = sum(1 for _ in found.planned.lock.takes())
    total = len(found.planned.everything)
    verb = "is" if total == 1 else "are"
    recorded = f"{counted(takes, 'take')} recorded"
    click.echo(f"{found.made} of {counted(total, 'task')} {verb} made ({recorded}).")
    if found.planned.missing:
        click.echo(not_here(len(found.planned.missing)))
    if found.spent:
        click.echo(f"Spent on them: ${found.spent:f}")
    for line in _wanted(found):
        click.echo(visible(line))
    for task in found.open:
        elsewhere = task.endpoint not in {"", session.endpoint}
        place = f"at {task.endpoint}  " if elsewhere else ""
        risk = f"${task.risk:f}  {place}task {task.task_uuid}  {task.message}"
        click.echo(visible(f"  {_STATES[task.state]:<17} {task.address}  {risk}").rstrip())
    if found.open:
        click.echo(f"At risk: up to ${found.at_risk:f}, running or unknown.")
        click.echo("`renderer render` collects what runs; an unknown task needs --resubmit ID.")
    if found.busy:
        click.echo(visible(f"A render is under way: {found.busy}"))


def _wanted(found: Status) -> Iterator[str]:
    for step in found.planned.plan.steps:
        words = takes_words(step.takes) + " wanted"
        if step.action is Action.CHOOSE:
            words = choice_words(step)
        if step.takes or step.action is Action.CHOOSE:
            yield f"  {step.action.value:<8} {step.address}  {words}"


def _data(found: Status) -> dict[str, Any]:
    return {
        "version": 1,
        "provider": found.planned.plan.provider,
        "made": found.made,
        "tasks": len(found.planned.everything),
        "not_here": [one.name for one in found.planned.missing],
        "spent": f"{found.spent:f}",
        "wanted": [
            {"address": step.address, "action": step.action.value, "takes": step.takes}
            for step in found.planned.plan.steps
            if step.takes or step.action is Action.CHOOSE
        ],
        "open": [
            {
                "taskUUID": task.task_uuid,
                "address": task.address,
                "state": task.state,
                "message": task.message,
                "risk": f"{task.risk:f}",
                "endpoint": task.endpoint,
                "engine": task.engine,
            }
            for task in found.open
        ],
        "atRisk": f"{found.at_risk:f}",
        "busy": found.busy,
    }
