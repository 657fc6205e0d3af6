"""`renderer plan --phase NAME`: what a phase of planning made, for those who look inside."""

from collections.abc import Sequence

import click

from renderer.app.inspect.tasks import all_as_data
from renderer.app.planning.phases import Phases
from renderer.cli.output import width, write_json, write_lines
from renderer.expand.task import Task
from renderer.plan.model import Plan
from renderer.plan.output.plan_json import as_data
from renderer.plan.output.text import lines
from renderer.sanitize import counted, visible


def show(phases: Phases, name: str, form: str, *, everything: bool) -> None:
    """Print the tasks or the plan that a phase made; Markdown is for comments, and refused."""
    if form == "markdown":
        raise click.UsageError(
            "--phase and --format markdown cannot be combined: use json or text"
        )
    made: Plan | Sequence[Task] = getattr(phases, name)
    if form == "json":
        write_json(as_data(made) if isinstance(made, Plan) else all_as_data(made))
    elif isinstance(made, Plan):
        write_lines(lines(made, width=width(), everything=everything))
    else:
        for task in made:
            click.echo(visible(_line(task)))
        click.echo(counted(len(made), "task"))


def _line(task: Task) -> str:
    frames = "".join(f"  {link.at} from {link.shot}" for link in task.links)
    return f"{task.fingerprint[:19]}  {task.address}{frames}"
