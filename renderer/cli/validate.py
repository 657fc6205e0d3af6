"""`renderer validate`: all problems of the specs."""

import click

from renderer.cli.output import problem_data, write_json
from renderer.cli.wiring import Session
from renderer.errors import InputError
from renderer.safe import visible


@click.command("validate")
@click.argument("specs", nargs=-1, metavar="[SPEC…]")
@click.option("--format", "form", type=click.Choice(["text", "json", "github"]), default="text")
@click.pass_obj
def command(session: Session, specs: tuple[str, ...], form: str) -> int:
    """Show all problems of the specs, or of the SPECs named; exit 2 if there is any."""
    from renderer.app.validate import annotation, validate

    report = validate(session.files, session.catalog, specs)
    if form == "json":
        write_json(
            {
                "version": 1,
                "tasks": report.tasks,
                "problems": [problem_data(one) for one in report.problems],
            }
        )
    elif form == "github":
        for problem in report.problems:
            click.echo(annotation(problem))
    elif report.problems:
        for problem in report.problems:
            click.echo(visible(str(problem)))
        click.echo(f"{len(report.problems)} problems" if len(report.problems) > 1 else "1 problem")
    else:
        click.echo(f"OK: {report.scenes} scenes, {report.tasks} tasks")
    return InputError.exit_code if report.problems else 0
