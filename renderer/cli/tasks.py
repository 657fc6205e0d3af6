"""`renderer tasks`: the expanded matrix."""

import click

from renderer.cli.options import only_option
from renderer.cli.output import write_json, write_lines
from renderer.cli.wiring import Session
from renderer.plan.output.text import Span, dollars
from renderer.sanitize import visible


@click.command("tasks")
@only_option
@click.option("--format", "form", type=click.Choice(["text", "json", "requests"]), default="text")
@click.pass_obj
def command(session: Session, only: tuple[str, ...], form: str) -> None:
    """Show every task: `requests` prints the exact wire objects, less taskUUID."""
    from renderer.app.inspect import tasks as use

    found = session.project.tasks(only)
    if form == "requests":
        write_json(use.requests(session.workspace().files, found))
    elif form == "json":
        write_json(use.all_as_data(found))
    else:
        widest = max((len(task.address) for task in found), default=0)
        write_lines(
            (
                Span(text=f"{visible(task.address):<{widest}}  "),
                Span(text=f"{_size(task.request):<10} {task.request.get('duration', ''):>4} s  "),
                Span(text=f"{task.wanted} × {dollars(task.cost)}"),
            )
            for task in found
        )


def _size(request: object) -> str:
    get = request.get if isinstance(request, dict) else lambda _: None
    if get("width"):
        return f"{get('width')}×{get('height')}"
    return str(get("resolution") or "")
